"""A learner's own function in place of the network's activation, its loss, or its whole forward pass.

What the function returns is checked before it is shown; what is wrong with it is said in words.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...activations import Activation
from ...checks import Array, in_short
from ...exercises import Exercise
from ...network import Network
from ...style import capital, number

Function = Callable[..., Any]
TRIED = np.linspace(-12, 12, 241)  # where a learner's activation is compared with nnlib's


class OwnFunctionFailed(Exception):
    """What the learner's function did instead of returning what was wanted."""


def not_shown(trouble: str) -> str:
    """What the page says where this is why nnlib's rule is shown and not the learner's."""
    return f"{capital(trouble)}. What you see is nnlib's own."


class Own:
    """The learner's functions; those that are None are nnlib's.

    Parameters
    ----------
    forward : forward(X, W1, b1, W2, b2, …) → ŷ (rows, n_out), for scaled inputs X (rows, n_in).
    activation : activation(z) → a, for an array of sums of any shape; used in every hidden layer, and in the
        output where there is no hidden layer.
    loss : loss(y_hat, y) → one number, for two tables (rows, n_out).
    """

    forward_name = "forward"

    def __init__(
        self,
        forward: Function | None = None,
        activation: Function | None = None,
        loss: Function | None = None,
    ) -> None:
        given: list[Any] = [forward, activation, loss]
        # exercises that the learner has not passed yet
        self.awaited = [each.name for each in given if isinstance(each, Exercise) and each.yours is None]
        self.forward = _passed(self.forward_name, forward)
        self.activation, self.loss = _passed("activation", activation), _passed("loss", loss)
        if self.forward and self.activation:
            raise ValueError("give my_forward or my_activation, not both: your forward has its own.")

    @property
    def changes_predictions(self) -> bool:
        return bool(self.forward or self.activation)

    def predict(self, net: Network, X: Array) -> tuple[Array, list[tuple[Array, Array]]]:
        """ŷ (rows, n_out) by the learner's function, and each layer's z and a where they depend on it."""
        if self.forward:
            parts = [part.copy() for layer in net.layers for part in (layer.W, layer.b)]
            return called(self.forward, (X.copy(), *parts), (len(X), net.n_out), "ŷ"), []
        steps, a = [], X
        for k, layer in enumerate(net.layers):
            z = a @ layer.W + layer.b
            a = self.activate(z) if k in self.layers(net) else layer.activation(z)
            steps.append((z, a))
        return a, steps

    def layers(self, net: Network) -> range:
        """The layers that have the learner's activation."""
        return range(max(1, len(net.layers) - 1)) if self.activation else range(0)

    def activate(self, z: Array) -> Array:
        """The learner's activation of a table of sums."""
        assert self.activation
        return called(self.activation, (z.copy(),), z.shape, "a")

    def loss_of(self, y_hat: Array, y: Array) -> float:
        """The learner's loss."""
        assert self.loss
        return float(called(self.loss, (y_hat.copy(), y.copy()), (), "the loss"))

    @property
    def names(self) -> list[str]:
        """What the learner calls these functions."""
        given = (self.forward, self.activation, self.loss)
        return [_name(function) for function in given if function]


class Outcome(NamedTuple):
    """What is shown, what nnlib's rule gives, and what is wrong with the learner's function, or ""."""

    shown: Array
    right: Array
    trouble: str

    @property
    def agrees(self) -> NDArray[np.bool_]:
        """Where what is shown is nnlib's result, rounding errors aside."""
        return np.isclose(self.shown, self.right, rtol=1e-9, atol=1e-9)


class OwnRule:
    """One function of the learner, shown in place of nnlib's rule of the same name wherever it can be.

    Parameters
    ----------
    name : of the rule, as in "dot".
    given : the learner's function, its `Exercise` (used once it has passed), or None for nnlib's rule.
    rule : nnlib's rule.

    Raises
    ------
    ValueError : something else than a function was given.
    """

    def __init__(self, name: str, given: Function | None, rule: Function) -> None:
        self.name, self.rule, self.own = name, rule, _passed(name, given)
        awaited = isinstance(given, Exercise) and self.own is None
        self.awaited = f"Drawn by nnlib's {name}, until yours passes its check above." if awaited else ""

    def __call__(self, *arguments: Array) -> Outcome:
        """The result for these arguments; they are copied, so that no function can change them."""
        right = np.asarray(self.rule(*arguments), dtype=float)
        if self.own is None:
            return Outcome(right, right, "")
        try:
            copies = tuple(argument.copy() for argument in arguments)
            return Outcome(called(self.own, copies, right.shape, "the result"), right, "")
        except OwnFunctionFailed as failure:
            return Outcome(right, right, not_shown(str(failure)))

    def compared(self, outcome: Outcome, where: str = "") -> str:
        """Whether the results are nnlib's; "" where no function of the learner's is shown."""
        if self.own is None or outcome.trouble:
            return self.awaited
        if outcome.agrees.all():
            return f"Your {self.name} agrees with nnlib's."
        theirs, ours = np.atleast_1d(outcome.shown), np.atleast_1d(outcome.right)
        k = int(np.abs(theirs - ours).argmax())
        place = f" {where} {k + 1}" if where else ""
        return (
            f"Your {self.name} differs from nnlib's:{place and f' for{place}'} it gives "
            f"{number(theirs[k])}, nnlib {number(ours[k])}."
        )


def _passed(name: str, given: Function | None) -> Function | None:
    """The learner's function; that of an exercise once it has passed its check."""
    function = given.yours if isinstance(given, Exercise) else given
    if function is not None and not callable(function):
        raise ValueError(
            f"my_{name} must be a function of yours, without brackets; got {in_short(function)}."
        )
    return function


def _name(function: Function) -> str:
    return getattr(function, "__name__", type(function).__name__)


def called(function: Function, arguments: tuple[Any, ...], shape: tuple[int, ...], what: str) -> Array:
    """What the function returns, as an array of that shape; OwnFunctionFailed for anything else."""
    name = _name(function)
    wanted = f"an array of shape {shape}" if shape else "one number"
    try:
        with np.errstate(all="ignore"):
            result = function(*arguments)
    except Exception as error:
        raise OwnFunctionFailed(f"your {name} stopped with {type(error).__name__}: {error}") from error
    if result is None:
        raise OwnFunctionFailed(f"your {name} returned nothing: end it with return {what}")
    try:
        values = np.asarray(result)
        if values.dtype == bool or not np.issubdtype(values.dtype, np.number) or np.iscomplexobj(values):
            raise TypeError
        values = values.astype(float)
    except (TypeError, ValueError):
        hint = ": try .astype(float)" if str(getattr(result, "dtype", "")) == "bool" else ""
        raise OwnFunctionFailed(
            f"your {name} returned {_short(result)}, but {what} is wanted as {wanted}{hint}"
        ) from None
    if values.shape != shape:
        hint = ""
        if values.size == np.prod(shape):
            hint = f": try .reshape({', '.join(map(str, (-1, *shape[1:])))})" if shape else ": try .item()"
        raise OwnFunctionFailed(f"your {name} returned an array of shape {values.shape}, not {wanted}{hint}")
    if not np.isfinite(values).all():
        bad = values[~np.isfinite(values)].flat[0]
        raise OwnFunctionFailed(f"your {name} returned {bad}, which is no finite number")
    return values


def _short(value: object) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}"
    text = " ".join(repr(value).split())
    return f"{type(value).__name__} {text if len(text) <= 40 else text[:37] + '...'}"


class OwnActivation(OwnRule):
    """The learner's f(z), which is called with one number at a time; nnlib's activation where it fails.

    given : the function, its `Exercise` (used once it has passed), or None for nnlib's activation.
    """

    def __init__(self, given: Function | None, activation: Activation) -> None:
        super().__init__(activation.name, given, activation)
        if self.own is not None:
            self.own = on_each(self.own)

    def verdict(self) -> str:
        """Whether the learner's function is nnlib's; "" for none, or for one that fails."""
        shown, right, trouble = self(TRIED)
        if trouble or self.own is None:
            return self.awaited
        k = int(np.abs(shown - right).argmax())
        if abs(shown[k] - right[k]) < 1e-9:
            return f"Your {self.name} agrees with nnlib's."
        return (
            f"Your {self.name} differs from nnlib's (in grey): for z = {number(TRIED[k])} it gives "
            f"{number(shown[k])}, nnlib {number(right[k])}."
        )


def on_each(function: Function) -> Function:
    """The function, called with each number of an array; None where it returned nothing."""

    @wraps(function)
    def each(z: Array) -> Any:
        values = [function(value) for value in z.ravel().tolist()]
        if any(value is None for value in values):
            return None
        return np.reshape(np.array(values), z.shape) if np.size(values) == z.size else values[0]

    return each
