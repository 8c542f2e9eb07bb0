"""What is to be predicted: rows in real units, how they are scaled, and what everything is called."""

import re
from collections.abc import Sequence

import numpy as np

from ...checks import Array, as_table, as_text, in_short, of_kind
from ...network import Network
from ...scaling import MaxScaler, Scaler, StandardScaler
from ...style import given, number

SCALINGS = ("none", "maximum", "standard")


class Problem:
    """Rows in real units beside the same rows in the network's numbers.

    Parameters
    ----------
    net : a network for these rows; its names are taken over.
    X (rows, n_in), y (rows, n_out) : the data in real units.
    x_scaler, y_scaler : fitted scalers between real units and the network's numbers; None for none.
    units : the unit of each input and output, or none at all.
    row_name : what a row is, as in "student".

    Raises
    ------
    ShapeError, ValueError : anything that does not fit the network.
    """

    def __init__(
        self,
        net: Network,
        X: object,
        y: object,
        x_scaler: Scaler | None = None,
        y_scaler: Scaler | None = None,
        units: Sequence[str] = (),
        row_name: str = "row",
    ) -> None:
        self.net, self.row_name = net, as_text(row_name, "row_name")
        self.X, self.y = as_table(X, "X", net.n_in).copy(), as_table(y, "y", net.n_out).copy()
        for name, scaler in (("x_scaler", x_scaler), ("y_scaler", y_scaler)):
            if scaler is not None:
                of_kind(scaler, Scaler, name, " Fit one first, as in MaxScaler().fit(X).")
        self.x_scaler, self.y_scaler = x_scaler, y_scaler
        self.names = [*net.input_names, *net.output_names]
        wanted = net.n_in + net.n_out
        if not isinstance(units, Sequence) or isinstance(units, str) or len(units) not in (0, wanted):
            raise ValueError(
                f"units must be a list of {wanted}, one for each input and output; got {in_short(units)}."
            )
        self.units = [str(unit) for unit in units] or [""] * wanted
        self.inputs, self.targets = self.scaled(self.X), _scaled(self.y, y_scaler)

    def scaled(self, X: Array) -> Array:
        """Inputs in real units as the network's numbers."""
        return np.ascontiguousarray(_scaled(X, self.x_scaler))

    def real(self, y_hat: Array) -> Array:
        """Predictions of the network in real units."""
        return y_hat.copy() if self.y_scaler is None else self.y_scaler.inverse_transform(y_hat)

    def rescaled(self, net: Network, **scalings: str) -> "Problem":
        """The same rows with scalers of these kinds, as in x_scaler="standard"; what is not named stays."""
        table = {"x_scaler": self.X, "y_scaler": self.y}
        kept = {"x_scaler": self.x_scaler, "y_scaler": self.y_scaler}
        new = {name: _scaler(name[0], kind, table[name], kept[name]) for name, kind in scalings.items()}
        return Problem(net, self.X, self.y, **(kept | new), units=self.units, row_name=self.row_name)

    def span(self) -> tuple[float, float]:
        """The lowest and highest prediction that the pictures make room for, in the output's unit."""
        if self.net.layers[-1].activation.name == "sigmoid":
            ends = self.real(np.repeat([[0.0], [1.0]], self.net.n_out, axis=1))[:, 0]
            return float(min(ends[0], self.y[:, 0].min())), float(max(ends[1], self.y[:, 0].max()))
        low, high = min(0.0, float(self.y[:, 0].min())), float(self.y[:, 0].max())
        return low, high + 0.2 * (high - low or 1.0)

    # In words

    @property
    def output(self) -> str:
        """The name of the first output."""
        return self.names[self.net.n_in]

    @property
    def unit(self) -> str:
        """The unit of the first output."""
        return self.units[self.net.n_in]

    def titles(self) -> list[str]:
        """Every input and output with its unit: "sleep in hours"."""
        pairs = zip(self.names, self.units, strict=True)
        return [f"{name} in {unit}" if unit else name for name, unit in pairs]

    def row(self, k: int) -> str:
        """A row and its inputs: "student 2 of 3 (sleep 5 hours, study 1 hours)"."""
        inputs = zip(self.names, self.X[k], self.units, strict=False)
        listed = ", ".join(f"{name} {with_unit(value, unit)}" for name, value, unit in inputs)
        return f"{self.row_name} {k + 1} of {len(self.X)} ({listed})"

    def node_texts(self, k: int, z: Array, a: Array, row: Array) -> list[str]:
        """The texts of the diagram for row k, one for each of `Layout.slots`."""
        n_in, scaled = self.net.n_in, self.x_scaler is not None
        texts: list[str] = []
        for value, x, unit in zip(self.X[k], self.inputs[k], self.units, strict=False):
            texts += [with_unit(value, unit), f"→ {number(x)}" if scaled else ""]
        for sum_, out in zip(z, a, strict=True):
            texts += [f"z {number(sum_)}", number(out)]
        for predicted, true, unit in zip(row, self.y[k], self.units[n_in:], strict=True):
            texts += [f"→ {number(predicted, 1)}", unit, f"true {given(true)}"]
        return texts


def with_unit(value: float, unit: str, digits: int | None = None) -> str:
    """A number with its unit, as it came or with so many digits: "3 hours"."""
    text = given(value) if digits is None else number(value, digits)
    return f"{text} {unit}".rstrip()


def scaling_of(scaler: Scaler | None) -> str:
    """Which of SCALINGS a scaler is."""
    return "none" if scaler is None else "standard" if isinstance(scaler, StandardScaler) else "maximum"


def _scaled(table: Array, scaler: Scaler | None) -> Array:
    return table if scaler is None else scaler.transform(table)


def _scaler(name: str, kind: str, table: Array, kept: Scaler | None) -> Scaler | None:
    if kind == scaling_of(kept):
        return kept
    if kind == "none":
        return None
    try:
        return (MaxScaler() if kind == "maximum" else StandardScaler()).fit(table)
    except ValueError as error:  # it calls every table X
        raise ValueError(re.sub(r"\bX\b", "X" if name == "x" else name, str(error))) from None
