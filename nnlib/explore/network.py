"""The network explorer: every weight and bias in hand, everything that depends on them in view, and the film.

The state is theta (the weights and biases), the example that is walked through, the selected parameter,
and the epoch of the film. Moving by hand changes theta; moving along the film takes theta from it.
"""

import math
from collections.abc import Sequence
from copy import deepcopy
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import Array, TrainingDiverged, as_shape, as_table, choose, did_you_mean, whole
from ..layout import Layout, given, number, short
from ..losses import Loss, get_loss
from ..network import Network
from ..optimizers import Optimizer, get_optimizer
from ..scaling import Scaler
from ..training import History, fit
from .base import Explorer, one_at_a_time
from .diagram import Diagram
from .film import Film, losses_along, record_every
from .panels import Curve, LossCurve, Predictions, Surface
from .parameters import Parameters

VIEWS = ("diagram", "surface", "loss", "film", "sliders")
LISTED = 5  # rows at most whose predictions are put into words one by one


class NetworkExplorer(Explorer):
    """Move every weight and bias of `net` by hand, train it, and scrub through the training like a film.

    Parameters
    ----------
    net : the `Network`; it moves along, so that code below sees the weights that the sliders show. After code
        has changed them, `explorer.set()` shows them.
    X (rows, n_in), y (rows, n_out) : the data in real units.
    x_scaler, y_scaler : fitted scalers between real units and the network's numbers; None for none.
    units : the unit of each input and output, as in ("hours", "hours", "points").
    row_name : what a row is, as in "student".
    loss, optimizer, epochs : what the train button does.
    show : which of "diagram", "surface", "loss", "film", "sliders" are there.

    Raises
    ------
    ShapeError, ValueError : data, scalers or settings that do not fit the network.
    """

    def __init__(
        self,
        net: Network,
        X: object,
        y: object,
        *,
        x_scaler: Scaler | None = None,
        y_scaler: Scaler | None = None,
        units: Sequence[str] = (),
        row_name: str = "row",
        loss: str | Loss = "mse",
        optimizer: str | Optimizer = "sgd",
        epochs: int = 3000,
        show: Sequence[str] = VIEWS,
    ) -> None:
        self.net = net
        if not isinstance(net, Network):
            raise ValueError(f"NetworkExplorer needs a Network first; got a {type(net).__name__}.")
        self.X, self.y = as_table(X, "X", net.n_in).copy(), as_table(y, "y", net.n_out).copy()
        self.x_scaler, self.y_scaler = x_scaler, y_scaler
        self.units, self.row_name = self._checked_units(units), str(row_name)
        self.optimizer, self.epochs = get_optimizer(optimizer), whole(epochs, "epochs")
        chosen = [show] if isinstance(show, str) else show
        self.views = [choose(name, dict(zip(VIEWS, VIEWS, strict=True)), "view") for name in chosen]
        self._twin = deepcopy(net)  # computes, so that net is moved only by what is shown
        self._inputs, self._targets, self.loss = self._twin.check(
            self._scaled(self.X, x_scaler), self._scaled(self.y, y_scaler), get_loss(loss)
        )
        self._seed = 0
        first_loss = self._loss(net.theta)
        self._make_panels(first_loss)
        state = {
            "theta": tuple(net.theta.tolist()),
            "example": 0,
            "selected": 0,
            "epoch": 0,
            "best": None,  # the lowest loss that a hand has found, before any training
        }
        super().__init__(state, self._arranged())
        self.hidden = [self.diagram, self.prediction, self.loss_curve, *self.film.controls]
        self.hidden += [self.train_button, self.parameters.button, *self.parameters.sliders]
        self._connect()
        self.show(self.state)

    def _checked_units(self, units: Sequence[str]) -> list[str]:
        wanted = self.net.n_in + self.net.n_out
        if not isinstance(units, Sequence) or isinstance(units, str) or len(units) not in (0, wanted):
            raise ValueError(
                f"units must be a list of {wanted}, one for each input and output; got {units!r}."
            )
        return [str(unit) for unit in units] or [""] * wanted

    # The panels

    def _make_panels(self, first_loss: float) -> None:
        net, size = self.net, {"width": 300, "height": 212}
        names = [
            f"{name} in {unit}" if unit else name
            for name, unit in zip([*net.input_names, *net.output_names], self.units, strict=True)
        ]
        self.prediction: Curve | Surface | Predictions
        if net.n_in == 1:
            self.prediction = Curve(self.X, self.y, names[:2], self._span(), **size)
        elif net.n_in == 2:
            self.prediction = Surface(self.X, self.y, names[:3], self._span(), **size)
        else:
            self.prediction = Predictions(self.y, names[net.n_in], self._span(), **size)
        grid = self.prediction.grid
        self._grid = None if grid is None else np.ascontiguousarray(self._scaled(grid, self.x_scaler))
        self.loss_curve = LossCurve(self.epochs, first_loss, width=300, height=138)
        self.parameters = Parameters(net.labels(), net.theta.tolist())
        self.diagram = Diagram(Layout(net), limit=self.parameters.limit)
        self.film = Film()
        rows = [(f"{self.row_name} {k + 1}", k) for k in range(len(self.X))]
        self.example = ipywidgets.Dropdown(options=rows, description="show", layout={"width": "185px"})
        self.example.style.description_width = "45px"
        self.train_button = _button(
            "Train", "graduation-cap", "82px", f"{self.epochs} epochs of {self.optimizer!r}"
        )
        self.train_button.button_style = "primary"
        self.reset_button = _button("Reset", "undo", "82px", "Back to the first weights")
        self.new_button = _button("New start", "random", "120px", "Other random first weights")

    def _arranged(self) -> list[ipywidgets.Widget]:
        """The panels in rows; those that `show` leaves out are not there."""
        self._film_row = ipywidgets.HBox()
        self._show_film_controls()
        pictures = [
            w for view, w in (("surface", self.prediction), ("loss", self.loss_curve)) if view in self.views
        ]
        diagram = [self.diagram] if "diagram" in self.views else []
        panels = ipywidgets.HBox([*diagram, ipywidgets.VBox(pictures)])
        every = [self.parameters.button] if "sliders" in self.views else []
        hand = ipywidgets.HBox([self.parameters.chosen, self.example, *every])
        for row, style in ((self._film_row, "nn-row"), (panels, "nn-panels"), (hand, "nn-row")):
            row.add_class(style)
        return [self._film_row, panels, hand, self.parameters.drawer]

    def _show_film_controls(self) -> None:
        """Only once there is a film are there controls to play it."""
        train = [self.train_button] if "film" in self.views else []
        film = self.film.controls if self.film.epochs else []
        self._film_row.children = [*train, *film, self.reset_button, self.new_button]

    def _connect(self) -> None:
        self.bind(self.example, "example")
        self.bind(self.diagram, "selected", "selected")
        self.diagram.observe(self.answer(lambda _: self._moved_in_diagram()), "moves")
        self.parameters.connect(self.answer, self._moved, lambda: self.show(self.state))
        self.film.connect(self.answer, lambda epoch: self.set(epoch=epoch))
        self.train_button.on_click(self.answer(lambda _: self._train_and_play()))
        self.reset_button.on_click(self.answer(lambda _: self.reset()))
        self.new_button.on_click(self.answer(lambda _: self.new_start()))

    # From the state to what is shown

    def _scaled(self, table: Array, scaler: Scaler | None) -> Array:
        return table if scaler is None else scaler.transform(table)

    def _real(self, y_hat: Array) -> Array:
        return y_hat.copy() if self.y_scaler is None else self.y_scaler.inverse_transform(y_hat)

    def _loss(self, theta: object) -> float:
        self._twin.theta = theta
        return self._twin.loss(self._inputs, self._targets, self.loss)

    def _span(self) -> tuple[float, float]:
        """The lowest and highest prediction that the pictures make room for, in the output's unit."""
        if self.net.layers[-1].activation.name == "sigmoid":
            low, high = self._real(np.repeat([[0.0], [1.0]], self.net.n_out, axis=1))[:, 0]
            return float(low), float(high)
        low, high = min(0.0, float(self.y[:, 0].min())), float(self.y[:, 0].max())
        return low, high + 0.2 * (high - low or 1.0)

    @one_at_a_time
    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Sums, outputs, predictions, loss and the surface that follow from the state."""
        twin, k = self._twin, state["example"]
        numbers = {**state, "loss": self._loss(state["theta"])}
        numbers["z"] = np.concatenate([layer.z[k] for layer in twin.layers])
        numbers["a"] = np.concatenate([layer.a[k] for layer in twin.layers])
        predictions = self._real(twin.layers[-1].a)
        numbers["row"], numbers["predictions"] = predictions[k], predictions[:, 0]
        numbers["off"] = float(np.abs(predictions[:, 0] - self.y[:, 0]).mean())
        numbers["source"] = self._source(state)
        if self._grid is not None:
            numbers["surface"] = self._real(twin.forward(self._grid))[:, 0]
        return numbers

    def notice(self, numbers: dict[str, Any]) -> str:
        """How the training ended, as long as its film is shown."""
        return self.film.trouble if numbers["source"].startswith("Epoch") else ""

    def _source(self, state: dict[str, Any]) -> str:
        film = self.film
        if film.epochs and state["theta"] == film.frames[film.nearest(state["epoch"])]:
            return f"Epoch {state['epoch']} of {film.epochs[-1]}."
        return "First weights." if state["theta"] == self.first["theta"] else "Set by hand."

    def words(self, numbers: dict[str, Any]) -> str:
        """The example's prediction, everybody's, the loss, and where these weights come from."""
        k, name = numbers["example"], self.net.output_names[0]
        inputs = zip(self.net.input_names, self.X[k], self.units, strict=False)
        row = ", ".join(f"{name} {_with_unit(value, unit)}" for name, value, unit in inputs)
        unit = self.units[self.net.n_in]
        return (
            f"{self.row_name[:1].upper()}{self.row_name[1:]} {k + 1} of {len(self.X)} ({row}): predicted "
            f"{number(numbers['row'][0], 1)}, true {name} {_with_unit(self.y[k, 0], unit)}. "
            f"All predictions are off by {_with_unit(numbers['off'], unit, 1)} on average.\n"
            f"{numbers['source']} Loss {short(numbers['loss'])}{self._best(numbers)}. "
            f"Selected: {self.parameters.labels[numbers['selected']]} = "
            f"{number(numbers['theta'][numbers['selected']])}."
        )

    def _best(self, numbers: dict[str, Any]) -> str:
        return "" if numbers["best"] is None else f"; best by hand {short(numbers['best'])}"

    def draw(self, numbers: dict[str, Any]) -> None:
        """Move the network, the diagram, the pictures and the sliders to these numbers."""
        theta, selected = list(numbers["theta"]), numbers["selected"]
        self.parameters.widen(max(map(abs, theta)))
        with self.diagram.hold_sync():
            self.diagram.limit = self.parameters.limit
            self.diagram.theta, self.diagram.selected = theta, selected
            self.diagram.texts, self.diagram.fills = self._texts(numbers), _shades(numbers["a"])
        if "surface" in self.views:
            self.prediction.show(numbers, f"Predicted {self.net.output_names[0]}: {self._listed(numbers)}.")
        if "loss" in self.views:
            self.loss_curve.show(numbers, f"Loss {short(numbers['loss'])} at epoch {numbers['epoch']}.")

    def _set_controls(self) -> None:
        """The network and everything that can be moved stand at the state, also after a move that failed."""
        super()._set_controls()
        theta, selected = list(self.state["theta"]), self.state["selected"]
        self.net.theta = self.diagram.theta = theta
        self.parameters.show(theta, selected)
        self.film.show(self.state["epoch"])

    def _listed(self, numbers: dict[str, Any]) -> str:
        if len(self.X) > LISTED:
            return f"{len(self.X)} rows, off by {number(numbers['off'], 1)} on average"
        pairs = zip(numbers["predictions"], self.y[:, 0], strict=True)
        return ", ".join(f"{number(predicted, 1)} (true {given(true)})" for predicted, true in pairs)

    def _texts(self, numbers: dict[str, Any]) -> list[str]:
        """The texts of the diagram, one for each of the layout's slots."""
        k, n_in = numbers["example"], self.net.n_in
        texts: list[str] = []
        for value, scaled, unit in zip(self.X[k], self._inputs[k], self.units, strict=False):
            texts += [_with_unit(value, unit), "" if self.x_scaler is None else f"→ {number(scaled)}"]
        for z, a in zip(numbers["z"], numbers["a"], strict=True):
            texts += [f"z {number(z)}", number(a)]
        for predicted, true, unit in zip(numbers["row"], self.y[k], self.units[n_in:], strict=True):
            texts += [f"→ {number(predicted, 1)}", unit, f"true {given(true)}"]
        return texts

    @one_at_a_time
    def picture(self) -> Image.Image | None:
        """Diagram, prediction and loss side by side, for readers without a kernel."""
        numbers = self.numbers(self.state)
        left = plots.diagram(self._twin, self._texts(numbers), _shades(numbers["a"]), numbers["selected"])
        right = [
            w.image()
            for view, w in (("surface", self.prediction), ("loss", self.loss_curve))
            if view in self.views
        ]
        columns = [left.image()] if "diagram" in self.views else [], right
        return plots.beside(*columns) if any(columns) else None

    # Moves

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; a parameter goes by its label, and an epoch brings its frame."""
        labels = self.parameters.labels
        for name in changes.keys() - labels - {"theta", "example", "selected", "epoch"}:
            raise ValueError(
                f"this explorer has no {name!r}; set theta, example, selected, epoch or a parameter by its "
                f"name, as in set(**{{{labels[0]!r}: 0.5}}). The parameters are {', '.join(labels)}."
                + did_you_mean(name, labels)
            )
        if "epoch" in changes and changes.keys() & {"theta", *labels}:
            raise ValueError("an epoch brings its own weights and biases; set either the epoch or them.")
        # the network may have been changed in code since: what it holds now is what the hand goes on from
        unchanged = tuple(self.net.theta.tolist()) == state["theta"]
        theta = as_shape(changes.get("theta", self.net.theta), (len(labels),), "theta").tolist()
        for label in changes.keys() & set(labels):
            theta[labels.index(label)] = float(as_shape(changes[label], (), label))
        rest = {name: value for name, value in changes.items() if name != "theta" and name not in labels}
        state = super().follow(state, rest)
        if isinstance(state["selected"], str):
            if state["selected"] not in labels:
                raise ValueError(f"{state['selected']!r} is no parameter; choose one of {', '.join(labels)}.")
            state["selected"] = labels.index(state["selected"])
        state["selected"] = _index(state["selected"], len(labels), "selected")
        state["example"] = _index(state["example"], len(self.X), "example")
        if "epoch" in rest:
            frame = self.film.nearest(state["epoch"])
            return {**state, "epoch": self.film.epochs[frame], "theta": self.film.frames[frame]}
        if tuple(theta) != state["theta"]:
            best = state["best"]
            if unchanged and not self.film.epochs:  # trained weights do not count
                best = min(self._loss(theta), math.inf if best is None else best)
            return {**state, "theta": tuple(theta), "best": best}
        return state

    def _moved(self, k: int, value: float) -> None:
        self._by_hand(**{self.parameters.labels[k]: value}, selected=k)

    def _moved_in_diagram(self) -> None:
        moves = self.diagram.fresh_moves()
        if moves:
            named = {self.parameters.labels[k]: value for k, value in moves.items()}
            self._by_hand(**named, selected=[*moves][-1])

    def _by_hand(self, **changes: Any) -> None:
        self.film.stop()
        self.set(**changes)

    @one_at_a_time
    def train(self) -> None:
        """Train from where the sliders stand, keep the film, and go to its end."""
        self.watch(*self._trained())

    def _trained(self) -> tuple[History, str]:
        """The film of a training from where the sliders stand, and what to say where it did not end well."""
        pupil = deepcopy(self.net)
        settings: dict[str, Any] = {"epochs": self.epochs, "optimizer": self.optimizer, "loss": self.loss}
        try:
            return fit(pupil, self._inputs, self._targets, record=record_every(self.epochs), **settings), ""
        except TrainingDiverged as error:
            if error.history is None:
                raise
            return error.history, f"{error} The film shows the epochs before."

    @one_at_a_time
    def watch(self, history: History, trouble: str = "", *, frame: int = -1) -> None:
        """Take the film of a training that `fit(..., record=...)` made, and go to one of its frames.

        trouble : what to say beside the film, where the training did not end well.
        frame : 0 for the first frame, -1 for the last.
        """
        if not isinstance(history, History):
            raise ValueError(f"watch needs the History that fit returns; got a {type(history).__name__}.")
        if len(history.epochs) == 0 or history.theta.shape[1] != self.net.theta.size:
            raise ValueError(
                f"this film has {history.theta.shape[0]} frames of {history.theta.shape[1]} numbers; fit "
                f"a network with {self.net.theta.size} parameters and keep its film with record=1."
            )
        losses = losses_along(history, self._loss)
        if not np.isfinite(losses[0]):
            raise ValueError("the loss is infinite or undefined from this film's first frame on.")
        with self.quiet():
            self.film.load(history, losses, trouble)
            self.parameters.narrow()
        self.loss_curve.follow(self.film.epochs, losses[: len(self.film.epochs)])
        self._show_film_controls()
        self.set(epoch=self.film.epochs[frame])

    def _train_and_play(self) -> None:
        self.watch(*self._trained(), frame=0)
        self.film.start()

    @one_at_a_time
    def reset(self) -> None:
        """Back to the first weights, without a film; the best loss that a hand found is kept."""
        with self.quiet():
            self.film.unload()
            self.parameters.narrow()
        self.loss_curve.forget(self.epochs, self._loss(self.first["theta"]))
        self._show_film_controls()
        self.show({**self.first, "best": self.state["best"]})

    @one_at_a_time
    def new_start(self) -> None:
        """Draw other random first weights."""
        theta = self.first["theta"]
        while theta == self.first["theta"]:  # the net's own seed draws the same ones again
            self._seed += 1
            rng = np.random.default_rng(self._seed)
            for layer in self._twin.layers:
                layer.initialize(rng)
            theta = tuple(self._twin.theta.tolist())
        self.first = {**self.first, "theta": theta}
        self.reset()


def _button(text: str, icon: str, width: str, tooltip: str) -> ipywidgets.Button:
    return ipywidgets.Button(description=text, icon=icon, tooltip=tooltip, layout={"width": width})


def _with_unit(value: float, unit: str, digits: int | None = None) -> str:
    text = given(value) if digits is None else number(value, digits)
    return f"{text} {unit}".rstrip()


def _shades(a: Array) -> list[float]:
    shades: list[float] = np.clip(a, 0.0, 1.0).tolist()
    return shades


def _index(value: object, n: int, name: str) -> int:
    index = whole(value, name, least=0)
    if index >= n:
        raise ValueError(f"{name} goes from 0 to {n - 1}; got {index}.")
    return index
