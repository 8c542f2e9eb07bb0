"""What a network with one hidden layer makes of a house: dollars by neuron, sweeps and small changes."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ...checks import Array, as_table
from ...network import Network
from ...style import given

MOST_NEURONS = 10  # hidden neurons that have room
NEAR = 1.0  # standard deviations in each input within which another house of the data must lie
POINTS = 241  # of a sweep


class Feature(NamedTuple):
    """An input of a house: how far its slider goes, what it is rounded to, and what is a small step."""

    name: str
    unit: str
    low: int
    high: int
    grid: float
    step: float
    key: int  # an arrow key moves it by 10 ** key

    @property
    def label(self) -> str:
        """The name with the unit: "area (square feet)"."""
        return f"{self.name} ({self.unit})" if self.unit else self.name

    def said(self, value: float) -> str:
        """The value with its name and unit: "area 1800 square feet"."""
        return f"{self.name} {given(value)} {self.unit}".rstrip()


FEATURES = (
    Feature("area", "square feet", 300, 8300, 10, 100, 2),
    Feature("bedrooms", "", 1, 11, 1, 1, 0),
    Feature("distance", "miles", 0, 50, 0.1, 1, -1),
    Feature("age", "years", 0, 160, 1, 10, 0),
)
NAMES = [feature.name for feature in FEATURES]


def contributions(x: Array, W1: Array, b1: Array, w2: Array) -> Array:
    """What each hidden ReLU neuron adds to the price in dollars: max(0, x W1 + b1) · w2, (neurons,)."""
    added: Array = np.maximum(0.0, x @ W1 + b1) * w2
    return added


class Pricing:
    """The prices of a network, and where they come from.

    Parameters
    ----------
    net : a `Network` 4-n-1 in real units, with n ReLU neurons and a linear output in dollars.
    X (rows, 4) : the houses of the data.
    truth : truth(X) → (rows, 1), the true prices in dollars, or None where nobody knows them.

    Raises
    ------
    ShapeError, ValueError : a network or houses that do not fit.
    """

    def __init__(self, net: object, X: object, truth: Callable[[Array], Array] | None) -> None:
        net = _readable(net)
        hidden, output = net.layers
        self.W, self.b, self.w = hidden.W.copy(), hidden.b.copy(), output.W[:, 0].copy()
        self.base, self.truth = float(output.b[0]), truth
        self.neurons = net.neuron_names()[1]
        self.X = as_table(X, "X", len(FEATURES), "a house").copy()
        self.low, self.high, self.spread = self.X.min(axis=0), self.X.max(axis=0), self.X.std(axis=0)

    def parts(self, X: Array) -> Array:
        """What each neuron adds to the price of each house X (…, 4): (…, neurons)."""
        return contributions(X, self.W, self.b, self.w)

    def prices(self, X: Array, on: Array) -> Array:
        """The price of each house X (…, 4) with these neurons on (neurons,): (…)."""
        prices: Array = self.base + self.parts(X) @ on
        return prices

    def ends(self, parts: Array) -> Array:
        """The price after the base and after each neuron, in whole dollars: what is shown adds up."""
        ends: Array = np.rint(np.cumsum([self.base, *parts]))
        return ends

    def beyond(self, x: Array) -> str:
        """Why the price of this house is a guess, or ""."""
        for feature, value, low, high in zip(FEATURES, x, self.low, self.high, strict=True):
            if not low <= value <= high:
                return (
                    f"This price is a guess: no house in the data has {feature.said(value)}; "
                    f"they go from {given(low)} to {given(high)}."
                )
        if (np.abs(self.X - x) / self.spread).max(axis=1).min() > NEAR:
            return "This price is a guess: no house in the data is like this one in all four inputs."
        return ""

    def swept(self, x: Array, on: Array, name: str) -> dict[str, Any]:
        """The price along one input, and where a neuron that is on wakes or falls silent."""
        n = NAMES.index(name)
        feature = FEATURES[n]
        axis = np.linspace(feature.low, feature.high, POINTS)
        houses = np.tile(x, (POINTS, 1))
        houses[:, n] = axis
        rest = x @ self.W + self.b - x[n] * self.W[n]
        bends = [
            (-rest[k] / self.W[n, k], name)
            for k, name in enumerate(self.neurons)
            if on[k] and self.W[n, k] and feature.low < -rest[k] / self.W[n, k] < feature.high
        ]
        true = None if self.truth is None else self.truth(np.vstack([houses, x]))[:, 0]
        return {
            "axis": axis,
            "curve": self.prices(houses, on),
            "all on": None if on.all() else self.prices(houses, np.ones(len(on))),
            "truth": None if true is None else true[:-1],
            "true": None if true is None else float(true[-1]),
            "here": (x[n], float(self.prices(x, on))),
            "bends": sorted(bends),
            "data": (self.low[n], self.high[n]),
            "label": feature.label,
        }

    def changed(self, x: Array, on: Array) -> Array:
        """What a small step of each input, up and down, adds: (inputs, 2) dollars; NaN beyond a slider."""
        step = np.diag([feature.step for feature in FEATURES])
        houses = x + np.stack([step, -step], axis=1)
        low, high = np.array([(feature.low, feature.high) for feature in FEATURES]).T
        known = ((low <= houses) & (houses <= high)).all(axis=-1)
        return np.where(known, self.prices(houses, on) - self.prices(x, on), np.nan)


def _readable(net: object) -> Network:
    """The network, if what it does to a house can be told neuron by neuron; ValueError otherwise."""
    if not isinstance(net, Network):
        raise ValueError(f"HouseExplorer needs a Network first; got a {type(net).__name__}.")
    kinds = [layer.activation.name for layer in net.layers]
    if net.n_in != len(FEATURES) or net.n_out != 1 or kinds != ["relu", "linear"]:
        raise ValueError(
            f"the house explorer shows networks with 4 inputs ({', '.join(NAMES)}), one hidden layer of "
            f"ReLU neurons and a linear output in dollars; got {net!r}."
        )
    if net.layers[0].n_out > MOST_NEURONS:
        raise ValueError(f"at most {MOST_NEURONS} hidden neurons can be shown; got {net.layers[0].n_out}.")
    return net
