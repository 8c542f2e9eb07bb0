"""One example's way through the network and back, step by step, with every number written out."""

import math
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import anywidget
import numpy as np
import traitlets

from ...checks import Array
from ...losses import BinaryCrossEntropy, Loss, get_loss
from ...network import Network
from ...scaling import Scaler
from . import equations
from .bundle import Bundled
from .equations import Parts, Plain, equation, printed
from .module import module

FULL = 5  # rows or columns of a matrix up to which all of them are shown


class Matrix(NamedTuple):
    """A table of texts, the cells that a step works on lit; `sign` stands before it, "" begins a new row."""

    sign: str
    name: str
    cells: list[list[str]]
    lit: list[list[bool]]
    rows: list[str]
    columns: list[str]


def matrix(
    sign: str,
    name: str,
    values: Array,
    *,
    plain: bool = False,
    column: int | None = None,
    rows: Sequence[str] = (),
    columns: Sequence[str] = (),
) -> Matrix:
    """The table of these values, with this column lit, or all of it; `plain` numbers are those of the data.

    Of many columns only the lit one is shown, of many rows the first two and the last, with dots between.
    """
    down, across = _shown(values.shape[0], None), _shown(values.shape[1], column)
    kind = Plain if plain else float
    return Matrix(
        sign,
        name,
        [["…" if i < 0 or j < 0 else printed(kind(values[i, j])).text for j in across] for i in down],
        [[i >= 0 and j >= 0 and column in (None, j) for j in across] for i in down],
        ["…" if i < 0 else rows[i] for i in down] if rows else [],
        ["…" if j < 0 else columns[j] for j in across] if columns else [],
    )


def _shown(n: int, lit: int | None) -> list[int]:
    """Which of n rows or columns are shown, with -1 for dots."""
    if n <= FULL:
        return list(range(n))
    if lit is None:
        return [0, 1, -1, n - 1]
    return [*([-1] if lit else []), lit, *([-1] if lit < n - 1 else [])]


@dataclass(frozen=True)
class Stage:
    """One step of a walk, with its arithmetic."""

    title: str
    neuron: int  # counted over all layers without the inputs; -1 for none
    wires: tuple[int, ...]  # the entries of theta that take part
    lines: tuple[str, ...]
    matrices: tuple[Matrix, ...]


class Walk:
    """The steps of one example: scaling, every neuron forwards, the loss, every neuron backwards.

    Parameters
    ----------
    net : the `Network`; the walk computes with a copy.
    x_scaler, y_scaler : fitted scalers between real units and the network's numbers; None for none.
    units : the unit of each input and output, as in ("hours", "hours", "points").
    rows : the number of rows that the training takes the mean over.

    Attributes
    ----------
    titles : a title for every step, as in "forward: h1".
    """

    def __init__(
        self,
        net: Network,
        loss: str | Loss = "mse",
        *,
        x_scaler: Scaler | None = None,
        y_scaler: Scaler | None = None,
        units: Sequence[str] = (),
        rows: int = 1,
    ) -> None:
        self._net, self._loss, self._rows = deepcopy(net), get_loss(loss), rows
        self._x_scaler, self._y_scaler = x_scaler, y_scaler
        self._names, self._labels = net.neuron_names(), net.labels()
        self._units = list(units) or [""] * (net.n_in + net.n_out)
        forward = [(k, j) for k, layer in enumerate(net.layers) for j in range(layer.n_out)]
        backward = sorted(forward, key=lambda neuron: -neuron[0])
        named = {(k, j): self._names[k + 1][j] for k, j in forward}
        self._steps: list[tuple[str, Callable[[str], Stage]]] = [
            *([("scaling", self._scaling)] if x_scaler else []),
            *((f"forward: {named[at]}", partial(self._forward, *at)) for at in forward),
            ("loss", self._result),
            *((f"backward: {named[at]}", partial(self._backward, *at)) for at in backward),
        ]
        self.titles = [title for title, _ in self._steps]
        sizes = [layer.W.size + layer.b.size for layer in net.layers]
        self._starts = [sum(sizes[:k]) for k in range(len(sizes))]  # of each layer in theta

    def stage(self, step: int, theta: object, x: Sequence[float], y: Sequence[float]) -> Stage:
        """One step, counted from 0, for these weights and biases and one row x, y in real units."""
        net, (title, make) = self._net, self._steps[step]
        net.theta = theta
        self._x, self._y = np.array([x], dtype=float), np.array([y], dtype=float)
        inputs = self._x if self._x_scaler is None else self._x_scaler.transform(self._x)
        self._target = self._y if self._y_scaler is None else self._y_scaler.transform(self._y)
        with np.errstate(all="ignore"):
            self._value = net.loss_and_grad_pass(inputs, self._target, self._loss)
        if not (math.isfinite(self._value) and np.isfinite(net.grad).all()):
            return Stage(title, -1, (), ("The weights are too large to calculate with.",), ())
        return make(title)

    # What the numbers of a layer are called

    def _input(self, k: int) -> str:
        return f"a{k}" if k else "x" if self._x_scaler is None else "x scaled"

    def _inputs(self, k: int) -> list[float]:
        values: list[float] = self._net.layers[k].a_prev[0].tolist()
        return [Plain(x) for x in values] if self._is_data(k) else values

    def _is_data(self, k: int) -> bool:
        """Whether layer k is given the numbers of the data as they are."""
        return k == 0 and self._x_scaler is None

    def _outputs(self) -> list[tuple[str, float, float]]:
        """The name, the prediction and the target of each output."""
        targets = self._target[0].tolist()
        if self._y_scaler is None:
            targets = [Plain(y) for y in targets]
        return list(zip(self._names[-1], self._net.layers[-1].a[0].tolist(), targets, strict=True))

    def _at(self, k: int, j: int) -> tuple[int, list[int]]:
        """The number of neuron j of layer k, and which entries of theta are its weights and its bias."""
        layer = self._net.layers[k]
        first = self._starts[k] + j
        own = [first + i * layer.n_out for i in range(layer.n_in + 1)]  # the biases follow the last row of W
        return sum(before.n_out for before in self._net.layers[:k]) + j, own

    # One method for each kind of step

    def _scaling(self, title: str) -> Stage:
        names, (center, scale) = self._names[0], _fitted(self._x_scaler)
        scaled = self._net.layers[0].a_prev
        lines = [
            equations.scaled(f"{name} scaled", *numbers)
            for name, *numbers in zip(names, self._x[0], center, scale, scaled[0], strict=True)
        ]
        shift = "x − mean" if center.any() else "x"
        tables = (
            matrix("", shift, self._x - center, plain=True, columns=names),
            matrix("÷", "scale", scale[None], plain=True, columns=names),
            matrix("=", "x scaled", scaled, columns=names),
        )
        return Stage(title, -1, (), tuple(lines), tables)

    def _forward(self, k: int, j: int, title: str) -> Stage:
        layer, (before, names) = self._net.layers[k], self._names[k : k + 2]
        weights, bias, z = layer.W[:, j].tolist(), float(layer.b[j]), float(layer.z[0, j])
        neuron, own = self._at(k, j)
        output, outputs = ("ŷ = a", "ŷ") if k + 1 == len(self._net.layers) else ("a", f"a{k + 1}")
        lines = (
            equations.products("z", list(zip(self._inputs(k), weights, strict=True)), z, bias),
            equations.activation(output, layer.activation, z, float(layer.a[0, j])),
        )
        tables = (
            matrix("", self._input(k), layer.a_prev, plain=self._is_data(k), columns=before),
            matrix("·", f"W{k + 1}", layer.W, column=j, rows=before, columns=names),
            matrix("+", f"b{k + 1}", layer.b[None], column=j, columns=names),
            matrix("=", f"z{k + 1}", layer.z, column=j, columns=names),
            matrix("→", f"{outputs} = {layer.activation}(z{k + 1})", layer.a, column=j, columns=names),
        )
        return Stage(title, neuron, tuple(own), lines, tables)

    def _result(self, title: str) -> Stage:
        last, outputs, lines = self._net.layers[-1], self._outputs(), []
        if self._y_scaler is not None:
            (center, scale), units = _fitted(self._y_scaler), self._units[self._net.n_in :]
            for j, (name, y_hat, y) in enumerate(outputs):
                unit = f" in {units[j]}" if units[j] else ""
                lines.append(equations.unscaled(f"predicted {name}{unit}", y_hat, center[j], scale[j]))
                lines.append(equations.scaled(f"true {name} scaled", self._y[0, j], center[j], scale[j], y))
        lines += self._loss_lines(outputs)
        names = self._names[-1]
        tables = (
            matrix("", "ŷ", last.a, columns=names),
            matrix("−", "y", self._target, plain=self._y_scaler is None, columns=names),
            matrix("=", "ŷ − y", last.a - self._target, columns=names),
        )
        return Stage(title, -1, (), tuple(lines), tables)

    def _loss_lines(self, outputs: list[tuple[str, float, float]]) -> list[str]:
        """The loss of this example: with several outputs the mean of theirs."""
        style: dict[str, Any] = {"figures": 3}
        if type(self._loss) is BinaryCrossEntropy:
            style["noise"] = 1e-8  # what its formula for a saturated sigmoid leaves out
        lines: list[str] = []
        added: Parts = []
        for (name, y_hat, y), z in zip(outputs, self._net.layers[-1].z[0].tolist(), strict=True):
            term = equations.loss_term(self._loss, z, y_hat, y)
            if term is None:
                return [f"L = {printed(self._value, **style).text}"]
            parts, compute = term
            if type(self._loss) is BinaryCrossEntropy and abs(z) > equations.SATURATED:
                near, rule = ("1", "−ln(1 − ŷ) is z") if z > 0 else ("0", "−ln(ŷ) is −z")
                lines.append(f"ŷ is so near to {near} that {rule}.")
            if len(outputs) == 1:
                return [*lines, equation("L", parts, compute, self._value, **style)]
            value = compute(*(part for part in parts if not isinstance(part, str)))
            lines.append(equation(f"loss of {name}", parts, compute, value, **style))
            added += [" + ", value]
        n = len(outputs)
        parts = ["(", *added[1:], f") ÷ {n}"]
        return [*lines, equation("L", parts, lambda *values: sum(values) / n, self._value, **style)]

    def _backward(self, k: int, j: int, title: str) -> Stage:
        layer, (before, names) = self._net.layers[k], self._names[k : k + 2]
        neuron, wires = self._at(k, j)
        delta = float(layer.delta[0, j])
        lines, tables, outgoing = (self._last if k + 1 == len(self._net.layers) else self._hidden)(k, j)
        for x, wire in zip(self._inputs(k), wires, strict=False):
            lines.append(equations.parameter(self._labels[wire], delta, x))
        lines.append(equations.parameter(self._labels[wires[-1]], delta))
        if self._rows > 1:
            lines.append(f"Training uses the mean of these slopes over all {self._rows} rows.")
        tables += [
            matrix("", f"{self._input(k)}ᵀ", layer.a_prev.T, plain=self._is_data(k), rows=before),
            matrix("·", f"delta{k + 1}", layer.delta, column=j, columns=names),
            matrix("=", f"slopes of W{k + 1}", layer.dW, column=j, rows=before, columns=names),
        ]
        return Stage(title, neuron, (*wires, *outgoing), tuple(lines), tuple(tables))

    # Down to delta: the lines, the tables, and the entries of theta that the slope comes through

    def _last(self, k: int, j: int) -> tuple[list[str], list[Matrix], list[int]]:
        layer, names, (_, y_hat, y) = self._net.layers[k], self._names[-1], self._outputs()[j]
        n = layer.n_out
        if type(self._loss) is BinaryCrossEntropy:
            tables = [
                matrix("", "ŷ − y", layer.a - self._target, column=j, columns=names),
                matrix(f"÷ {n} =" if n > 1 else "=", f"delta{k + 1}", layer.delta, column=j, columns=names),
            ]
            return equations.log_loss_delta(y_hat, y, float(layer.delta[0, j]), n), tables, []
        rates = self._loss.gradient_pass(layer.a, self._target)
        rate = float(rates[0, j])
        lines, tables = self._through(k, j, rate)
        first = equations.rate(self._loss, y_hat, y, rate, n)
        return [first, *lines], [matrix("", "dL/dŷ", rates, column=j, columns=names), *tables], []

    def _hidden(self, k: int, j: int) -> tuple[list[str], list[Matrix], list[int]]:
        after, (names, following) = self._net.layers[k + 1], self._names[k + 1 : k + 3]
        rate, deltas = float(after.delta[0] @ after.W[j]), after.delta[0].tolist()
        lines, tables = self._through(k, j, rate)
        first = equations.products("dL/da", list(zip(deltas, after.W[j].tolist(), strict=True)), rate)
        before = [
            matrix("", f"delta{k + 2}", after.delta, columns=following),
            matrix("·", f"W{k + 2}ᵀ", after.W.T, column=j, rows=following, columns=names),
        ]
        start = self._starts[k + 1] + j * after.n_out
        return [first, *lines], [*before, *tables], list(range(start, start + after.n_out))

    def _through(self, k: int, j: int, rate: float) -> tuple[list[str], list[Matrix]]:
        """From dL/da, which is `rate`, through the activation to delta = dL/dz."""
        layer, names = self._net.layers[k], self._names[k + 1]
        slopes = np.empty_like(layer.z)
        layer.activation.slope_into(layer.z, layer.a, slopes)
        z, a, slope, delta = (float(row[0, j]) for row in (layer.z, layer.a, slopes, layer.delta))
        lines = [
            equations.slope(layer.activation, z, a, slope),
            equations.delta(layer.activation, rate, slope, delta),
        ]
        tables = [
            matrix("×", "da/dz", slopes, column=j, columns=names),
            matrix("=", f"delta{k + 1}", layer.delta, column=j, columns=names),
        ]
        return lines, tables


def _fitted(scaler: Scaler | None) -> tuple[Array, Array]:
    """The center and the scale of each column."""
    assert scaler is not None
    assert scaler.center is not None
    assert scaler.scale is not None
    return scaler.center, scaler.scale


class Arithmetic(Bundled, anywidget.AnyWidget):
    """One step of a walk: its arithmetic, the same as matrices, and buttons for the steps before and after.

    step : counted from 0; set from Python and from the page.
    large : letters for the back row.
    """

    _esm = module("arithmetic")
    title = traitlets.Unicode().tag(sync=True)
    lines = traitlets.List(traitlets.Unicode()).tag(sync=True)
    matrices: Any = traitlets.List().tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    count = traitlets.Int(1).tag(sync=True)
    large = traitlets.Bool(False).tag(sync=True)

    def show(self, stage: Stage, step: int, count: int) -> None:
        """Show this stage as step number `step` of `count`, in one message to the page."""
        with self.hold_sync():
            self.title, self.lines, self.step, self.count = stage.title, list(stage.lines), step, count
            self.matrices = [table._asdict() for table in stage.matrices]
