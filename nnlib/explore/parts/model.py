"""The numbers of the network explorer: from weights and biases to everything that its panels show.

Nothing here knows of widgets; the same state gives the same numbers.
"""

from copy import deepcopy
from typing import Any

import numpy as np

from ...checks import Array
from ...gradcheck import slope_by_nudging
from ...layers import Dense
from ...losses import Loss, get_loss
from ...network import Network
from ...style import number, short
from .neuron_picture import FLAT, sums_around
from .own import Own, OwnFunctionFailed, not_shown
from .problem import Problem

NUDGED = 40  # parameters at most that are all nudged in every frame; of more, only the selected one
COARSE = 4  # a learner's function may be slow: of the grid it gets every fourth row and column
NUDGE = 1e-5


class Model:
    """A network on a problem: its own copy of the network is moved, and read.

    grid : the points in real units at which the prediction is shown, or None; for a surface, `field` says how
        many rows and columns they make.
    """

    def __init__(
        self,
        net: Network,
        problem: Problem,
        loss: str | Loss,
        grid: Array | None = None,
        field: tuple[int, int] | None = None,
        own: Own | None = None,
    ) -> None:
        self.net, self.problem, self.own = deepcopy(net), problem, own or Own()
        self.inputs, self.targets, self.loss = self.net.check(problem.inputs, problem.targets, get_loss(loss))
        self._grid = None if grid is None else problem.scaled(grid)
        self._field = field

    def loss_at(self, theta: object) -> float:
        """The loss of these weights and biases, by nnlib's rules."""
        self.net.theta = theta
        return self.net.loss(self.inputs, self.targets, self.loss)

    def shown_loss(self, theta: object) -> float:
        """The loss of these weights and biases as it is shown: by the learner's functions where they work."""
        loss = self.loss_at(theta)
        if not self.own.names:
            return loss
        try:
            return self._own_loss(self.own.predict(self.net, self.inputs)[0])
        except OwnFunctionFailed:
            return loss

    def numbers(self, state: dict[str, Any], slopes: bool = False) -> dict[str, Any]:
        """Sums, outputs, predictions, loss and surface; with `slopes` the gradient too, both ways."""
        net, problem, k = self.net, self.problem, state["example"]
        numbers = {**state, "loss": self.loss_at(state["theta"]), "trouble": "", "difference": ""}
        numbers["marks"] = [mark for layer in net.layers for mark in _marks(layer)]
        numbers["z"] = np.concatenate([layer.z[k] for layer in net.layers])
        numbers["a"] = np.concatenate([layer.a[k] for layer in net.layers])
        y_hat = net.layers[-1].a.copy()
        numbers["predictions"] = problem.real(y_hat)
        if state["neuron"] >= 0:
            numbers["zoom"] = self._zoom(state["neuron"], k)
        if slopes:
            numbers["slopes"], numbers["nudged"] = self._slopes(state["selected"])
        if self._grid is not None:
            numbers["surface"] = problem.real(net.forward(self._grid))[:, 0]
        if self.own.names:
            numbers.update(self._by_own(numbers, y_hat))
        predictions = numbers["predictions"]
        numbers["row"], numbers["predictions"] = predictions[k], predictions[:, 0]
        numbers["off"] = float(np.abs(numbers["predictions"] - problem.y[:, 0]).mean())
        return numbers

    def _slopes(self, selected: int) -> tuple[Array, Array]:
        """The gradient by backpropagation, and by nudging (NaN where nobody asked)."""
        net = self.net
        net.loss_and_grad(self.inputs, self.targets, self.loss)
        slopes, nudged = net.grad.copy(), np.full(net.theta.size, np.nan)
        with np.errstate(all="ignore"):
            for i in range(net.theta.size) if net.theta.size <= NUDGED else [selected]:
                h = NUDGE * max(1.0, abs(net.theta[i]))
                nudged[i] = slope_by_nudging(net, i, self.inputs, self.targets, self.loss, h)
        return slopes, nudged

    def _zoom(self, neuron: int, k: int) -> dict[str, Any]:
        """What the zoom on one neuron shows: its sums and outputs in all rows, and its slope in row k."""
        layer, i = self.place(neuron)
        dense, grid = self.net.layers[layer], sums_around(self.net.layers[layer].z[:, i])
        return {
            "name": self.net.neuron_names()[layer + 1][i],
            "activation": dense.activation.name,
            "z": dense.z[:, i].copy(),
            "a": dense.a[:, i].copy(),
            "slope": dense.activation.slope(dense.z[k, i]),
            "grid": grid,
            "curve": dense.activation(grid),
            "reference": None,
        }

    def place(self, neuron: int) -> tuple[int, int]:
        """The layer of a neuron, counted over all layers, and its number there."""
        for k, layer in enumerate(self.net.layers):
            if neuron < layer.n_out:
                return k, neuron
            neuron -= layer.n_out
        raise ValueError(f"this network has no neuron {neuron}.")

    def _by_own(self, numbers: dict[str, Any], y_hat: Array) -> dict[str, Any]:
        """What the learner's functions change in these numbers; or how they failed, and then nothing else."""
        try:
            return self._changed_by_own(numbers, y_hat)
        except OwnFunctionFailed as failure:
            return {"trouble": not_shown(str(failure))}

    def _changed_by_own(self, numbers: dict[str, Any], y_hat: Array) -> dict[str, Any]:
        own, problem, k = self.own, self.problem, numbers["example"]
        changed: dict[str, Any] = {"reference_loss": numbers["loss"]}
        if own.changes_predictions:
            y_hat, steps = own.predict(self.net, self.inputs)
            changed["predictions"] = problem.real(y_hat)
            changed["reference_rows"] = numbers["predictions"][:, 0]
            if steps:
                changed["z"] = np.concatenate([z[k] for z, _ in steps])
                changed["a"] = np.concatenate([a[k] for _, a in steps])
                if "zoom" in numbers:
                    changed["zoom"] = self._own_zoom(numbers["zoom"], numbers["neuron"], k, steps)
            if self._grid is not None:
                changed["surface"], changed["reference"] = self._own_surface(), numbers["surface"]
        changed["loss"] = self._own_loss(y_hat)
        changed["difference"] = self._difference({**numbers, **changed}, numbers["predictions"])
        return changed

    def _own_loss(self, y_hat: Array) -> float:
        return (self.own.loss_of if self.own.loss else self.loss.value)(y_hat, self.targets)

    def _own_zoom(
        self, zoom: dict[str, Any], neuron: int, k: int, steps: list[tuple[Array, Array]]
    ) -> dict[str, Any]:
        """The zoom with the learner's activation, and nnlib's behind it."""
        layer, i = self.place(neuron)
        z, a = (part[:, i] for part in steps[layer])
        rule, grid = self.net.layers[layer].activation, sums_around(z)
        if layer not in self.own.layers(self.net):
            return {**zoom, "z": z, "a": a, "slope": rule.slope(z[k]), "grid": grid, "curve": rule(grid)}
        activation = self.own.activate
        above, below = activation(np.array([[z[k] + NUDGE]])), activation(np.array([[z[k] - NUDGE]]))
        return {
            **zoom,
            "activation": getattr(self.own.activation, "__name__", "your function"),
            "z": z,
            "a": a,
            "slope": (above - below).item() / (2 * NUDGE),
            "grid": grid,
            "curve": activation(grid[:, None])[:, 0],
            "reference": rule(grid),
        }

    def _own_surface(self) -> Array:
        """The learner's prediction over the grid; for a surface over a coarser one, in blocks."""
        assert self._grid is not None
        if self._field is None:
            return self.problem.real(self.own.predict(self.net, self._grid)[0])[:, 0]
        table = self._grid.reshape(*self._field, -1)[COARSE // 2 :: COARSE, COARSE // 2 :: COARSE]
        coarse = self.problem.real(self.own.predict(self.net, table.reshape(-1, table.shape[-1]))[0])[:, 0]
        blocks = coarse.reshape(table.shape[:2])
        return blocks.repeat(COARSE, axis=0).repeat(COARSE, axis=1).ravel()

    def _difference(self, numbers: dict[str, Any], reference: Array) -> str:
        """Where the learner's functions and nnlib's differ most, in words."""
        problem, names = self.problem, " and ".join(self.own.names)
        agrees, differs, gives = (
            ("agree", "differ", "they give") if len(self.own.names) > 1 else ("agrees", "differs", "it gives")
        )
        shown, rule = numbers["predictions"][:, 0], reference[:, 0]
        gaps, (low, high) = np.abs(shown - rule), problem.span()
        k = int(gaps.argmax())
        if gaps[k] > 1e-9 * (high - low):
            return (
                f"Your {names} {differs} from nnlib's: for {problem.row_name} {k + 1} {gives} "
                f"{number(shown[k])}, nnlib {number(rule[k])}; "
                f"the gap is {f'{short(gaps[k])} {problem.unit}'.rstrip()}."
            )
        one, other = numbers["loss"], numbers["reference_loss"]
        if abs(one - other) > 1e-9 * max(abs(one), abs(other)):
            return f"Your {names} {differs} from nnlib's: {gives} {short(one)}, nnlib {short(other)}."
        return f"Your {names} {agrees} with nnlib's."


def _marks(layer: Dense) -> list[str]:
    """For each neuron of a layer: "dead" or "saturated" in every row, or ""."""
    kind = layer.activation.name
    if kind == "relu":
        return ["" if highest > 0 else "dead" for highest in layer.z.max(axis=0)]
    if kind == "sigmoid":
        steepness = (4 * layer.a * (1 - layer.a)).max(axis=0)
    elif kind == "tanh":
        steepness = (1 - layer.a**2).max(axis=0)
    else:
        return [""] * layer.n_out
    return ["saturated" if flat else "" for flat in steepness < FLAT]
