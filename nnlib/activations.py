"""Activation functions: f turns a neuron's sum z into its output a, and f' says how fast a follows z.

Each activation keeps its rule and the rule's slope side by side::

    >>> sigmoid(0.0), sigmoid.slope(0.0)
    (0.5, 0.25)

The layers call the same two rules as ``into(z, a)`` and ``slope_into(z, a, slope)``, which write into
arrays that exist already: a training run then makes no new arrays.
"""

from abc import ABC, abstractmethod
from typing import Any

import numpy as np

from .checks import Array, as_numbers, choose

# As arrays, because NumPy turns a Python number into an array at every call, which takes longer than
# the multiplication of a small network's few numbers.
HALF, ONE = np.array(0.5), np.array(1.0)


class Activation(ABC):
    """An activation function f and its slope f'; a function of z alone, neuron by neuron."""

    name: str

    @abstractmethod
    def into(self, z: Array, a: Array) -> None:
        """Write f(z) into `a`."""

    @abstractmethod
    def slope_into(self, z: Array, a: Array, slope: Array) -> None:
        """Write f'(z) into `slope`; `a` is f(z), which most slopes are quickest made from."""

    def __call__(self, z: object) -> Any:
        """a = f(z), for a number or an array of any shape."""
        sums = as_numbers(z, "z")
        a = np.empty_like(sums)
        self.into(sums, a)
        return a if a.ndim else a.item()

    def slope(self, z: object) -> Any:
        """f'(z), the change of a for a small change of z, for a number or an array of any shape."""
        sums = as_numbers(z, "z")
        a, slope = np.empty_like(sums), np.empty_like(sums)
        self.into(sums, a)
        self.slope_into(sums, a, slope)
        return slope if slope.ndim else slope.item()

    def __repr__(self) -> str:
        return self.name


class Linear(Activation):
    """No bend at all: a = z, slope 1. The output of a network that predicts any number."""

    name = "linear"

    def into(self, z: Array, a: Array) -> None:
        a[...] = z

    def slope_into(self, z: Array, a: Array, slope: Array) -> None:
        slope.fill(1.0)


class Step(Activation):
    """All or nothing: a = 1 where z > 0, else 0. Its slope is 0 everywhere, so training cannot move it."""

    name = "step"

    def into(self, z: Array, a: Array) -> None:
        np.heaviside(z, 0.0, out=a)

    def slope_into(self, z: Array, a: Array, slope: Array) -> None:
        slope.fill(0.0)


class Sigmoid(Activation):
    """An S from 0 to 1: a = 1 / (1 + e^-z), slope a (1 - a), at most 0.25.

    Computed as (1 + tanh(z / 2)) / 2: the same function, and unlike e^-z it never overflows. It equals a
    to about 1e-16, absolutely: an a smaller than that comes out as 0.
    """

    name = "sigmoid"

    def into(self, z: Array, a: Array) -> None:
        np.multiply(z, HALF, out=a)
        np.tanh(a, out=a)
        a *= HALF
        a += HALF

    def slope_into(self, z: Array, a: Array, slope: Array) -> None:
        np.subtract(ONE, a, out=slope)
        slope *= a


class Tanh(Activation):
    """An S from -1 to 1: a = tanh(z), slope 1 - a²."""

    name = "tanh"

    def into(self, z: Array, a: Array) -> None:
        np.tanh(z, out=a)

    def slope_into(self, z: Array, a: Array, slope: Array) -> None:
        np.multiply(a, a, out=slope)
        np.subtract(ONE, slope, out=slope)


class ReLU(Activation):
    """The rectifier: a = max(z, 0), slope 1 where z > 0, else 0."""

    name = "relu"

    def into(self, z: Array, a: Array) -> None:
        np.maximum(z, 0.0, out=a)

    def slope_into(self, z: Array, a: Array, slope: Array) -> None:
        np.sign(a, out=slope)  # a is 0 or above, so its sign is 0 or 1


linear, step, sigmoid, tanh, relu = Linear(), Step(), Sigmoid(), Tanh(), ReLU()

ACTIVATIONS: dict[str, Activation] = {f.name: f for f in (linear, step, sigmoid, tanh, relu)}


def get_activation(activation: str | Activation) -> Activation:
    """The activation of that name ("sigmoid"), or the activation itself; ValueError for an unknown name."""
    if isinstance(activation, Activation):
        return activation
    return choose(activation, ACTIVATIONS, "activation")
