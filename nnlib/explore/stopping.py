"""Early stopping: the learner chooses where to stop a training, and only then sees the test error."""

from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import Array, as_pair, as_text
from ..network import Network, as_network
from ..scaling import Scaler
from ..style import dollars, given
from ..training import History
from .base import Explorer, button, one_at_a_time
from .parts.film import Film, as_film
from .parts.problem import Problem
from .parts.stopping_picture import ErrorCurves, PredictedTrue

AGAIN = (
    "A test set answers once: you have seen it, so a second choice would be fitted to it. "
    "Reset hides it again, for somebody who has not seen it."
)
HIDDEN = "The test error stays hidden until you stop."


class StoppingExplorer(Explorer):
    """Scrub through a training that overfits, choose the epoch to stop at, and see the test error once.

    All errors are mean absolute errors in real units: mean |ŷ − y| over the rows of a set.

    Parameters
    ----------
    net : the trained `Network`; it moves along, so that code below sees the weights of the shown epoch.
    history : what `fit(net, ..., record=...)` returned, with its film.
    train, validation, test : (X, y) of each set in real units, X (rows, n_in) and y (rows, 1).
    x_scaler, y_scaler : fitted scalers between real units and the network's numbers; None for none.
    unit : of the output; "dollars" are written as $118,200.
    row_name : what a row is, as in "house".

    Raises
    ------
    ShapeError, ValueError : a history without a film of this network, or sets that do not fit it.
    """

    def __init__(
        self,
        net: Network,
        history: History,
        train: tuple[object, object],
        validation: tuple[object, object],
        test: tuple[object, object],
        x_scaler: Scaler | None = None,
        y_scaler: Scaler | None = None,
        unit: str = "",
        row_name: str = "row",
    ) -> None:
        self.net, self.unit = as_network(net), as_text(unit, "unit")
        self.row_name = as_text(row_name, "row_name")
        if net.n_out != 1:
            raise ValueError(f"StoppingExplorer shows one output; this network has {net.n_out}.")
        history = as_film(history, net.theta.size, "StoppingExplorer")
        sets = {
            name: Problem(net, *_rows(pair, name, net), x_scaler, y_scaler)
            for name, pair in (("training", train), ("validation", validation), ("test", test))
        }
        self._measure(history, sets)
        self.text = dollars if self.unit == "dollars" else given
        in_unit = "" if self.unit in ("dollars", "") else f" in {self.unit}"
        name, y = net.output_names[0], {name: sets[name].y[:, 0] for name in self.predictions}
        title = f"mean absolute error{in_unit}"
        self.curves = ErrorCurves(self.film.epochs, self.errors, title, self.text, width=432, height=270)
        self.rows = PredictedTrue(y, name, in_unit, f"{self.row_name}s", self.text, width=376, height=270)
        self.stop_button = button(
            "Stop here", "hand-paper-o", "112px", "Choose this epoch, and see the test error"
        )
        self.stop_button.button_style = "primary"
        self.reset_button = button("Reset", "undo", "82px", "Back to the first epoch, without a choice")
        panels = ipywidgets.HBox([self.curves, self.rows]).add_class("nn-panels")
        controls = [*self.film.controls, self.stop_button, self.reset_button]
        super().__init__(
            {"epoch": self.film.epochs[0], "chosen": None, "again": False},  # again: at a second choice
            [panels, ipywidgets.HBox(controls).add_class("nn-row")],
        )
        self.film.connect(self.answer, lambda epoch: self.set(epoch=epoch), lambda _: None)
        self.on_press(self.stop_button, self.stop)
        self.on_press(self.reset_button, self.reset)
        self.page.observe(self.answer(lambda _: self.film.stop()), "held")
        self.show(self.state)

    def _measure(self, history: History, sets: dict[str, Problem]) -> None:
        """For every frame the error of each set, and the predictions for the rows that are drawn."""
        with np.errstate(over="ignore"):  # the film ends before the first error that is infinite
            tables = {name: _predictions(self.net, history, problem) for name, problem in sets.items()}
            errors = {name: np.abs(tables[name] - sets[name].y[:, 0]).mean(axis=1) for name in sets}
            total = sum(errors.values(), np.zeros(len(history.epochs)))
        if not np.isfinite(total[0]):
            raise ValueError("the error is infinite or undefined from this film's first frame on.")
        self.film = Film()
        self.film.scrub.layout.width = "250px"
        self.film.load(history, total.tolist())
        n = len(self.film.epochs)
        self.errors = {name: along[:n] for name, along in errors.items()}
        self.predictions = {name: tables[name] for name in ("training", "validation")}

    # Moves

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state at the frame nearest to the epoch; the choice is made by `stop` alone."""
        for name in changes:
            if name != "epoch":
                raise ValueError(f"this explorer has no {name!r} to set; set epoch, and choose by stop().")
        frame = self.film.nearest(changes.get("epoch", state["epoch"]))
        return {**state, "epoch": self.film.epochs[frame], "again": False}

    @one_at_a_time
    def stop(self) -> None:
        """Choose the shown epoch: the test error is seen from now on, and a second choice is refused."""
        self.film.stop()
        if self.state["chosen"] is None:
            self.show({**self.state, "chosen": self.state["epoch"]})
        else:
            self.show({**self.state, "again": True})

    @one_at_a_time
    def reset(self) -> None:
        """Back to the first epoch, with the test error hidden."""
        self.film.stop()
        super().reset()

    # From the state to what is shown

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """The errors that may be seen at this epoch, and the predictions of the rows that are drawn."""
        frame = self.film.nearest(state["epoch"])
        return {
            **state,
            "theta": self.film.frames[frame],
            "errors": self._errors_at(frame, hidden=state["chosen"] is None),
            "predictions": {name: table[frame] for name, table in self.predictions.items()},
            "trouble": AGAIN if state["again"] else "",
        }

    def _errors_at(self, frame: int, hidden: bool) -> dict[str, float]:
        return {
            name: float(errors[frame])
            for name, errors in self.errors.items()
            if not (hidden and name == "test")
        }

    def draw(self, numbers: dict[str, Any]) -> None:
        """Move the network, the curves and the dots to this epoch."""
        self.net.theta = numbers["theta"]
        errors = self._listed(numbers["errors"])
        self.curves.show(numbers, self.words(numbers))
        drawn = ", ".join(f"{len(table)} {name}" for name, table in numbers["predictions"].items())
        self.rows.show(
            numbers,
            f"Predicted against true {self.net.output_names[0]} after epoch {numbers['epoch']} for "
            f"{drawn} {self.row_name}s: {errors}.",
        )

    def _set_controls(self) -> None:
        super()._set_controls()
        self.film.show(self.state["epoch"])

    def words(self, numbers: dict[str, Any]) -> str:
        """The errors at this epoch; after the choice also what it came to, and what it could have come to."""
        last = self.film.epochs[-1]
        now = f"Epoch {numbers['epoch']} of {last}: {self._listed(numbers['errors'])}."
        if numbers["chosen"] is None:
            return f"{now}\n{HIDDEN}"
        chosen, test = (
            self._errors_at(self.film.nearest(numbers["chosen"]), hidden=False),
            self.errors["test"],
        )
        least = int(test.argmin())
        on_test = self._written(chosen.pop("test"))
        return (
            f"{now}\n"
            f"You stopped after epoch {numbers['chosen']}: {self._listed(chosen)}.\n"
            f"On the test {self.row_name}s, which nobody had looked at: {on_test}; "
            f"at the end of the training, epoch {last}: {self._written(test[-1])}.\n"
            "The least test error of this film, which nobody can know beforehand: "
            f"{self._written(test[least])} at epoch {self.film.epochs[least]}."
        )

    def _listed(self, errors: dict[str, float]) -> str:
        return ", ".join(f"{name} error {self._written(error)}" for name, error in errors.items())

    def _written(self, error: float) -> str:
        return self.text(error) if self.unit == "dollars" else f"{self.text(error)} {self.unit}".rstrip()

    def picture(self) -> Image.Image:
        return plots.beside([self.curves.image()], [self.rows.image()])


def _rows(pair: object, name: str, net: Network) -> tuple[Array, Array]:
    """The table of inputs and the table of outputs of a set of rows."""
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise ValueError(f"the {name} rows must be a pair of tables (X, y); got a {type(pair).__name__}.")
    X, y = pair
    return as_pair(X, y, net.n_in, net.n_out, (f"the {name} X", f"the {name} y"))


def _predictions(net: Network, history: History, problem: Problem) -> Array:
    """What the network predicted at each frame, in real units: (frames, rows); infinite where it is none."""
    before = net.theta.copy()

    def at(theta: Array) -> Array:
        try:
            net.theta = theta
            return problem.real(net.forward(problem.inputs))[:, 0]
        except (FloatingPointError, ValueError):  # too large, or no number any more
            return np.full(len(problem.y), np.inf)

    try:
        return np.array([at(theta) for theta in history.theta])
    finally:
        net.theta = before
