"""A dense layer: every input reaches every neuron.

Forward: z = a_prev @ W + b, then a = f(z). Backward: from delta = dL/dz, the slopes of the loss for
the layer's own numbers, dW = a_prevᵀ @ delta and db = the column sums of delta, and for what the layer
was given, dL/da_prev = delta @ Wᵀ.

W has shape (n_in, n_out), as in Keras and scikit-learn; PyTorch stores its transpose.
"""

from typing import Any, NamedTuple

import numpy as np

from .activations import Activation, get_activation
from .checks import Array, as_finite, as_shape, as_table, in_short, whole


class _Room(NamedTuple):
    """The arrays that a pass over so many rows writes into."""

    z: Array
    a: Array
    delta: Array
    da_prev: Array
    b_rows: Array
    ones: Array


def layer_size(n_in: object, n_out: object) -> tuple[int, int]:
    """The two sizes of a layer as whole numbers; ValueError for anything else."""
    return whole(n_in, "n_in (the inputs of a layer)"), whole(n_out, "n_out (the neurons of a layer)")


class Dense:
    """A dense (fully connected) layer: z = a_prev @ W + b, then a = f(z).

    Parameters
    ----------
    n_in, n_out : number of inputs and of neurons.
    activation : "linear", "step", "sigmoid", "tanh", "relu", or an `Activation`.

    Attributes
    ----------
    W (n_in, n_out), b (n_out,) : weights and biases; windows onto `net.theta` once in a network.
    dW, db : slopes of the loss for them; windows onto `net.grad`.
    a_prev (rows, n_in); z, a (rows, n_out) : left behind by the last forward pass, to be read before the
        next one overwrites them; 0 rows before the first.
    delta (rows, n_out) : dL/dz, left behind by the last backward pass.

    Raises
    ------
    ValueError : a size that is no whole number of 1 or more, more weights than `most`, or an unknown
        activation.
    """

    most = 100_000_000  # weights: 1.6 GB with their slopes
    max_rooms = 4  # row counts whose arrays are kept: full batch, last batch, validation, one to spare

    def __init__(self, n_in: int, n_out: int, activation: str | Activation = "linear") -> None:
        self.n_in, self.n_out = layer_size(n_in, n_out)
        if self.n_in * self.n_out > self.most:
            raise ValueError(
                f"a layer of {in_short(n_in)} inputs and {in_short(n_out)} neurons is too large: "
                f"it can have {self.most:,} weights at most."
            )
        self._activation = get_activation(activation)
        self.in_network = False
        self._set: set[str] = set()
        self._rooms: dict[int, _Room] = {}
        self._make_room(0)
        self.a_prev = np.zeros((0, self.n_in))
        size = self.n_in * self.n_out + self.n_out
        self.use(np.zeros(size), np.zeros(size))

    def use(self, theta: Array, grad: Array) -> None:
        """Let W, b, dW, db be windows onto these two vectors of length n_in · n_out + n_out."""
        n = self.n_in * self.n_out
        self._W, self._b = theta[:n].reshape(self.n_in, self.n_out), theta[n:]
        self._dW, self._db = grad[:n].reshape(self.n_in, self.n_out), grad[n:]
        self._b_row, self._db_row = self._b.reshape(1, -1), self._db.reshape(1, -1)

    def given(self) -> dict[str, Array]:
        """Copies of W and b, each only if set (to zeros too), changed in place, or drawn by a network."""
        parts = {"W": self._W, "b": self._b}
        return {
            name: part.copy()
            for name, part in parts.items()
            if self.in_network or name in self._set or part.any()
        }

    def initialize(self, rng: "np.random.Generator") -> None:
        """Draw W evenly from ±√(6 / (n_in + n_out)), or ±√(6 / n_in) for a rectifier, and set b to 0.

        Sources: Glorot & Bengio (2010) and He et al. (2015); GlorotUniform and HeUniform in Keras.
        """
        fan = self.n_in if self.activation.name == "relu" else self.n_in + self.n_out
        limit = np.sqrt(6.0 / fan)
        self._W[...] = rng.uniform(-limit, limit, self._W.shape)
        self._b[...] = 0.0

    @property
    def activation(self) -> Activation:
        return self._activation

    @activation.setter
    def activation(self, activation: str | Activation) -> None:
        self._activation = get_activation(activation)

    @property
    def W(self) -> Array:
        return self._W

    @W.setter
    def W(self, values: object) -> None:
        self._W[...] = as_shape(
            values, self._W.shape, "W", "a row for each input and a column for each neuron"
        )
        self._set.add("W")

    @property
    def b(self) -> Array:
        return self._b

    @b.setter
    def b(self, values: object) -> None:
        self._b[...] = as_shape(values, self._b.shape, "b", "a number for each neuron")
        self._set.add("b")

    @property
    def dW(self) -> Array:
        return self._dW

    @property
    def db(self) -> Array:
        return self._db

    def forward(self, a_prev: object) -> Array:
        """a = f(a_prev @ W + b) for a table (rows, n_in), as a fresh array (rows, n_out)."""
        table = as_table(a_prev, "a_prev", self.n_in, "the layer")
        with np.errstate(all="ignore"):
            a = self.forward_pass(np.ascontiguousarray(table)).copy()
        return as_finite(a, "what the layer puts out")

    # The two passes of the training loop, without checks or new arrays.

    def forward_pass(self, a_prev: Array) -> Array:
        """a = f(a_prev @ W + b), shape (rows, n_out): the layer's own array, overwritten by the next pass."""
        if a_prev.shape[0] != self._rows:
            self._make_room(a_prev.shape[0])
        z = self.z
        a_prev.dot(self._W, z)
        self._ones.dot(self._b_row, self._b_rows)  # b once a row: quicker than letting += stretch it
        z += self._b_rows
        self._activation.into(z, self.a)
        self.a_prev = a_prev
        return self.a

    def backward_pass(self, previous: "Dense | None" = None) -> None:
        """From delta = dL/dz: fill dW and db, and the delta of the layer before, if there is one."""
        self.a_prev.T.dot(self.delta, self._dW)
        self._ones.T.dot(self.delta, self._db_row)
        if previous is not None:
            self.delta.dot(self._W.T, self._da_prev)
            previous._activation.slope_into(previous.z, previous.a, previous.delta)
            previous.delta *= self._da_prev

    def _make_room(self, rows: int) -> None:
        room = self._rooms.pop(rows, None)
        if room is None:
            z, a, delta, b_rows = (np.zeros((rows, self.n_out)) for _ in range(4))
            room = _Room(z, a, delta, np.empty((rows, self.n_in)), b_rows, np.ones((rows, 1)))
        self._rooms[rows] = room  # last in, so that the first is the one unused for longest
        if len(self._rooms) > self.max_rooms:
            del self._rooms[next(iter(self._rooms))]
        self._rows = rows
        self.z, self.a, self.delta, self._da_prev, self._b_rows, self._ones = room

    def __reduce__(self) -> tuple[Any, ...]:
        # A copy is made anew and then given W and b: copied one by one, the windows would come apart.
        return type(self), (self.n_in, self.n_out, self.activation), (None, self.given())

    def __repr__(self) -> str:
        return f"Dense({self.n_in}, {self.n_out}, {self.activation.name!r})"
