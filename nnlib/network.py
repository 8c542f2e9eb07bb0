"""A network: dense layers in a row, with all their weights and biases in one vector.

The vector is called theta (θ). A slider moves one of its entries, an optimizer moves all of them at
once, and a film of the training is one copy of it per frame.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from .checks import Array, ShapeError, as_pair, as_shape, as_table, count, in_short, of_kind, random_numbers
from .layers import Dense
from .losses import Loss, get_loss


class Step(NamedTuple):
    """What one layer did in a forward pass: z = a_prev @ W + b, a = f(z); copies, free to keep."""

    a_prev: Array  # (rows, n_in)
    W: Array  # (n_in, n_out)
    b: Array  # (n_out,)
    z: Array  # (rows, n_out)
    a: Array  # (rows, n_out)


class Network:
    """Layers in a row (Keras and PyTorch: Sequential), started at random weights where none were set.

    Parameters
    ----------
    layers : `Dense` layers; each one's n_in is the n_out of the one before.
    seed : the same seed draws the same first weights; None draws others each time.
    input_names, output_names : a name per input and per output; "x1", "x2" … and "y" where left out.

    Attributes
    ----------
    theta (P,) : every weight and bias: W1 row by row, b1, W2, b2 …
    grad (P,) : the slope of the loss for each, filled by `loss_and_grad`.

    Raises
    ------
    ShapeError : no layers, layers that do not meet, or names that are too few or too many.
    ValueError : a layer that another network uses already.

    Example
    -------
    >>> net = Network([Dense(2, 3, "sigmoid"), Dense(3, 1, "sigmoid")], input_names=["sleep", "study"])
    >>> net
    Network 2-3-1 (sigmoid, sigmoid), 13 parameters
    """

    def __init__(
        self,
        layers: Iterable[Dense],
        *,
        seed: int | None = 0,
        input_names: Sequence[str] | None = None,
        output_names: Sequence[str] | None = None,
    ) -> None:
        try:
            self.layers = list(layers)
        except TypeError:  # one thing, not in a list
            self.layers = [layers]  # type: ignore[list-item]
        self._check_layers()
        rng = random_numbers(seed)
        n_in, n_out = self.layers[0].n_in, self.layers[-1].n_out
        self.input_names = _names(input_names, n_in, "x", "input")
        self.output_names = _names(output_names, n_out, "y", "output")
        sizes = [layer.W.size + layer.b.size for layer in self.layers]
        self._theta, self._grad = np.zeros(sum(sizes)), np.zeros(sum(sizes))
        start = 0
        for layer, size in zip(self.layers, sizes, strict=True):
            given, part = layer.given(), slice(start, start + size)
            layer.use(self._theta[part], self._grad[part])
            layer.initialize(rng)
            for name, values in given.items():  # set before the network was made
                getattr(layer, name)[...] = values
            layer.in_network = True
            start += size

    def _check_layers(self) -> None:
        if not self.layers:
            raise ShapeError("a network needs at least one layer, as in Network([Dense(2, 1)]).")
        for k, layer in enumerate(self.layers):
            if not isinstance(layer, Dense):
                raise ValueError(
                    f"layer {k + 1} is {in_short(layer)}; write it as Dense(inputs, neurons, activation)."
                )
            if layer.in_network or layer in self.layers[:k]:
                raise ValueError(
                    f"layer {k + 1} is part of a network already; make a new Dense for this one."
                )
        for k, (one, two) in enumerate(pairwise(self.layers)):
            if one.n_out != two.n_in:
                raise ShapeError(
                    f"layer {k + 1} has {count(one.n_out, 'neuron')}, but layer {k + 2} expects "
                    f"{count(two.n_in, 'input')}: make the two numbers equal."
                )

    @property
    def theta(self) -> Array:
        return self._theta

    @theta.setter
    def theta(self, values: object) -> None:
        self._theta[...] = as_shape(values, self._theta.shape, "theta", "a number for each weight and bias")

    @property
    def grad(self) -> Array:
        return self._grad

    @property
    def n_in(self) -> int:
        return self.layers[0].n_in

    @property
    def n_out(self) -> int:
        return self.layers[-1].n_out

    def neuron_names(self) -> list[list[str]]:
        """The names of the inputs, of each hidden layer's neurons ("h1", "h2" …), and of the outputs."""
        hidden = [layer.n_out for layer in self.layers[:-1]]
        names = [
            [f"h{i + 1}" if len(hidden) == 1 else f"h{k + 1}.{i + 1}" for i in range(n)]
            for k, n in enumerate(hidden)
        ]
        return [self.input_names, *names, self.output_names]

    def labels(self) -> list[str]:
        """A name for every entry of theta: "W1[sleep, h1]", …, "b1[h1]", …"""
        names = self.neuron_names()
        found: list[str] = []
        for k, (before, after) in enumerate(pairwise(names), start=1):
            found += [f"W{k}[{i}, {j}]" for i in before for j in after]
            found += [f"b{k}[{j}]" for j in after]
        return found

    def forward(self, X: object) -> Array:
        """ŷ for a table of inputs (rows, n_in), as a fresh array (rows, n_out).

        What happened on the way stays in each layer's a_prev, z and a.

        Raises
        ------
        ShapeError, ValueError : X is no table of finite numbers with n_in columns.
        FloatingPointError : weights so large that ŷ is infinite or undefined.
        """
        inputs = np.ascontiguousarray(as_table(X, "X", self.n_in))
        with np.errstate(all="ignore"):
            y_hat = self.forward_pass(inputs).copy()
        self._check_finite(y_hat, "prediction")
        return y_hat

    def predict(self, X: object) -> Array:
        """ŷ, the same as `forward`: Keras's and scikit-learn's name for it."""
        return self.forward(X)

    def trace(self, X: object) -> list[Step]:
        """Every layer's a_prev, W, b, z and a for a table of inputs, as copies: for walk-throughs."""
        self.forward(X)
        return [Step(*(part.copy() for part in (n.a_prev, n.W, n.b, n.z, n.a))) for n in self.layers]

    def loss(self, X: object, y: object, loss: str | Loss = "mse") -> float:
        """The loss of the predictions for X (rows, n_in) against y (rows, n_out)."""
        inputs, targets, loss = self.check(X, y, loss)
        with np.errstate(all="ignore"):
            self.forward_pass(inputs)
            value = loss.value_at(self.layers[-1], targets)
        self._check_finite(value, "loss")
        return value

    def loss_and_grad(self, X: object, y: object, loss: str | Loss = "mse") -> float:
        """One forward and one backward pass: returns the loss and fills `grad` with its slopes.

        Raises
        ------
        ShapeError, ValueError : X, y or the loss do not fit this network.
        FloatingPointError : weights so large that the loss or a slope is infinite or undefined.
        """
        inputs, targets, loss = self.check(X, y, loss)
        with np.errstate(all="ignore"):
            value = self.loss_and_grad_pass(inputs, targets, loss)
        self._check_finite(value, "loss")
        self._check_finite(self._grad, "gradient")
        return value

    def check(
        self, X: object, y: object, loss: str | Loss, names: tuple[str, str] = ("X", "y")
    ) -> tuple[Array, Array, Loss]:
        """X, y and the loss, made ready for the two passes below, or a clear error."""
        inputs, targets = as_pair(X, y, self.n_in, self.n_out, names)
        chosen = get_loss(loss)
        chosen.check(targets, self.layers[-1].activation)
        return inputs, targets, chosen

    def _check_finite(self, result: Array | float, what: str) -> None:
        if not np.isfinite(result).all():
            raise FloatingPointError(
                f"the network's {what} is infinite or undefined: its largest weight or bias is "
                f"{np.abs(self._theta).max():g}. Set theta to smaller numbers or make a new network, "
                "and scale the inputs."
            )

    # The same two passes without checks, for loops that have checked their input once.

    def forward_pass(self, a: Array) -> Array:
        """ŷ for inputs that `check` or `as_table` has seen."""
        for layer in self.layers:
            a = layer.forward_pass(a)
        return a

    def loss_and_grad_pass(self, X: Array, y: Array, loss: Loss) -> float:
        """Loss and gradient for inputs that `check` has seen."""
        layers = self.layers
        self.forward_pass(X)
        value = loss.value_and_delta(layers[-1], y)
        for k in range(len(layers) - 1, 0, -1):
            layers[k].backward_pass(layers[k - 1])
        layers[0].backward_pass()
        return value

    def __reduce__(self) -> tuple[Any, ...]:
        # As in layers.py: a copy is made anew, so that its layers look into its own theta.
        layers = [type(layer)(layer.n_in, layer.n_out, layer.activation) for layer in self.layers]
        new = partial(Network, input_names=self.input_names, output_names=self.output_names)
        return new, (layers,), (None, {"theta": self.theta})

    def __repr__(self) -> str:
        shape = "-".join(str(n) for n in [self.n_in, *(layer.n_out for layer in self.layers)])
        kinds = ", ".join(layer.activation.name for layer in self.layers)
        return f"Network {shape} ({kinds}), {count(self.theta.size, 'parameter')}"


def as_network(net: object) -> Network:
    """`net` itself; ValueError for anything that is no `Network`."""
    return of_kind(net, Network, "net", " Make one, as in net = Network([Dense(2, 1)]).")


def _names(names: Sequence[str] | None, n: int, letter: str, kind: str) -> list[str]:
    if names is None:
        return [letter] if n == 1 and letter == "y" else [f"{letter}{i + 1}" for i in range(n)]
    try:
        given = [names] if isinstance(names, str) else [str(name) for name in names]
    except (TypeError, ValueError, RecursionError):  # no list, or of something that no text can be made of
        raise ValueError(f"{kind}_names must be a list of names; got {in_short(names)}.") from None
    if len(given) != n:
        raise ShapeError(
            f"{kind}_names has {count(len(given), 'name')}, but the network has {count(n, kind)}."
        )
    if len(set(given)) != n:
        raise ValueError(f"{kind}_names must differ from one another; got {given}.")
    return given
