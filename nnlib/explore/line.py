"""The line explorer: a straight line through rows, its loss as a bowl, and the point (w, b) that walks on it.

A line is a network with one input and one linear neuron: the film, the settings and the rest are those of the
network explorer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ..checks import Array, ShapeError, as_number, as_numbers, as_shape, as_texts, count, whole
from ..layers import Dense
from ..network import Network
from ..optimizers import SGD
from ..style import short
from ..training import History
from .base import one_at_a_time
from .line_board import LineBoard
from .network import SETTABLE
from .parts.bowl import Valley
from .parts.film import losses_along
from .parts.gradients import axis_limit
from .parts.model import Model
from .parts.own import Function, Own, called
from .parts.settings import Settings

REMEMBERED = 60  # places of a trail
STAY = (
    "activation",
    "hidden",
    "layers",
    "scale_X",
    "scale_y",
)  # settings that would make it no line in real units
GROWS = 1.001  # times its lowest: a loss at the end that shows a rate too large


class Line(Network):
    """y = w·x + b as a network: one input, one linear neuron; its two numbers are called w and b."""

    def __init__(self, w: float, b: float, names: Sequence[str]) -> None:
        x, y = as_texts(names, "names", least=2)[:2]
        super().__init__([Dense(1, 1, "linear")], input_names=[x], output_names=[y])
        self.theta = [w, b]

    def labels(self) -> list[str]:
        """The names of its two numbers."""
        return ["w", "b"]


class OwnLine(Own):
    """The learner's functions of a line, which are given rows of numbers (n,) instead of tables."""

    forward_name = "predict"

    def predict(self, net: Network, X: Array) -> tuple[Array, list[tuple[Array, Array]]]:
        """ŷ (rows, 1) by the learner's predict(x, w, b)."""
        if not self.forward:
            return super().predict(net, X)
        w, b = net.theta.tolist()
        return called(self.forward, (X[:, 0].copy(), w, b), (len(X),), "ŷ")[:, None], []

    def loss_of(self, y_hat: Array, y: Array) -> float:
        """The learner's loss."""
        return super().loss_of(y_hat[:, 0], y[:, 0])


class LineExplorer(LineBoard):
    """Lay a line through rows by its two sliders w and b, then let gradient descent move them.

    Parameters
    ----------
    x (n,), y (n,) : the rows, an input and what is to be predicted.
    names, units : of x and of y, as in ("area", "price") and ("thousand square feet", "thousand dollars").
    w, b : where the sliders stand first.
    rate, epochs : the learning rate, and how many steps *Train* takes.
    threshold : a loss that is low enough for training to stop; 0 for none.
    moves : how many moves by hand count in a contest against gradient descent; 0 for no contest.
    show : which of "line", "slice", "bowl", "loss" and "film" are there; with "w" or "b" among them, only
        this one is in the learner's hand.
    row_name, states, stops, question : as for `NetworkExplorer`.
    my_predict, my_loss : functions of the learner, my_predict(x, w, b) → ŷ (n,) and my_loss(y_hat, y) → one
        number, that are drawn instead of nnlib's.

    Raises
    ------
    ShapeError, ValueError : what does not fit, in words.
    """

    own_kind = OwnLine
    settable = (*SETTABLE, "threshold")

    def __init__(
        self,
        x: object,
        y: object,
        *,
        names: Sequence[str] = ("x", "y"),
        units: Sequence[str] = (),
        w: float = 0.0,
        b: float = 0.0,
        rate: float = 0.1,
        epochs: int = 200,
        threshold: float = 0.0,
        moves: int = 0,
        show: Sequence[str] = ("line", "slice", "bowl", "film"),
        row_name: str = "row",
        states: Mapping[str, Mapping[str, Any]] | None = None,
        stops: Mapping[int, str] | None = None,
        question: str = "",
        my_predict: Function | None = None,
        my_loss: Function | None = None,
    ) -> None:
        self.x = _row(x, "x")
        self.y = as_shape(y, (len(self.x),), "y").copy()
        self.valley = Valley(self.x, self.y)
        self.first_reach = axis_limit(2 * float(np.abs(self.valley.best).max()) or 1.0, 0.0)
        self.most_moves = whole(moves, "moves", least=0)
        self._grip: tuple[int, int] | None = None  # the slider that a hand holds, and since which grip
        self._goes_on = False  # a change that belongs to the move before
        self._by_rule = False  # a change that no hand makes
        self.more_state = {"threshold": _threshold(threshold), "moves": 0, "trail": (), "stepped": ()}
        given: dict[str, Any] = {"units": units, "row_name": row_name, "epochs": epochs}
        given |= {"states": states, "stops": stops, "question": question, "optimizer": SGD(rate)}
        given |= {"show": show, "my_forward": my_predict, "my_loss": my_loss}
        super().__init__(Line(w, b, names), self.x[:, None], self.y[:, None], **given)

    # Moves

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes, with the trail of the moves and their number."""
        if "threshold" in changes:
            changes = {**changes, "threshold": _threshold(changes["threshold"])}
        after = super().follow(state, changes)
        if after["theta"] == state["theta"] or "epoch" in changes:
            return after
        trail = state["trail"] if state["trail"][-1:] == (state["theta"],) else (state["theta"],)
        trail = trail[:-1] if self._goes_on and len(trail) > 1 else trail
        after["trail"] = (*trail, after["theta"])[-REMEMBERED:]
        after["moves"] = state["moves"] + (not self._goes_on and not self._by_rule)
        after["stepped"] = after["theta"] if self._by_rule else ()
        if self._by_rule or (self.most_moves and after["moves"] > self.most_moves):
            after["best"] = state["best"]
        return after

    def _source(self, numbers: dict[str, Any]) -> str:
        stepped = numbers["theta"] == numbers["stepped"]
        return "After a step of gradient descent." if stepped else super()._source(numbers)

    def _moved(self, k: int, value: float) -> None:
        """A slider moved; as long as a hand stays on it, that is one move."""
        grip = (k, self.page.held)
        self._goes_on = grip == self._grip
        try:
            super()._moved(k, value)
        finally:
            self._grip, self._goes_on = grip, False

    @one_at_a_time
    def one_step(self) -> None:
        """One step of gradient descent from where the sliders stand."""
        theta = self.valley.descent(self.net.theta, self.settings.learning_rate, 1)[-1]
        self._by_rule = True
        try:
            self._by_hand(theta=theta)
        finally:
            self._by_rule = False

    @one_at_a_time
    def reset(self) -> None:
        """Back to the first line, without a film, without moves; settings are kept."""
        self._grip = None
        self.state = {
            **self.state,
            **{name: self.first[name] for name in ("trail", "moves", "stepped", "best")},
        }
        super().reset()

    # Training

    def _switch(self, settings: Settings) -> None:
        """Settings wait for the next training; a film that is there is made again with them."""
        for name in STAY:
            if getattr(settings, name) != getattr(self.settings, name):
                raise ValueError(f"a line has no {name} to set: it stays one neuron with one input.")
        if self.film.epochs:
            super()._switch(settings)
        else:
            self.show({**self.state, **asdict(settings)})

    def _trained(self, model: Model, settings: Settings, theta: Array) -> tuple[History, str]:
        optimizer = settings.as_optimizer(self.optimizer)
        history, trouble = self.trainer.train(model, settings, optimizer, theta, self.state["threshold"])
        losses = [loss for loss in losses_along(history, model.loss_at) if np.isfinite(loss)]
        lost = self.trainer.diverged
        if lost or losses[-1] > GROWS * min(losses):
            after = len(history.loss) + 1 if lost else history.epochs[len(losses) - 1]
            trouble = (
                f"The loss grows: a learning rate of {settings.learning_rate:g} is too large here. Each step "
                f"jumps across the valley and lands higher on its other side. After {count(after, 'epoch')} "
                f"the loss is {'too large to hold' if lost else short(losses[-1])}. Try a smaller rate."
            )
        return history, trouble


def _threshold(value: object) -> float:
    threshold = as_number(value, "threshold")
    if threshold < 0:
        raise ValueError(f"threshold is a loss, 0 or more (0 for none); got {threshold:g}.")
    return threshold


def _row(values: object, name: str) -> Array:
    """One number for each row, (n,)."""
    numbers = as_numbers(values, name)
    if numbers.ndim != 1 or len(numbers) < 2:
        raise ShapeError(
            f"{name} must be a list of numbers, one for each row, at least 2; got shape {numbers.shape}. "
            "Of a table take one column, as in X[:, 0]."
        )
    return numbers.copy()
