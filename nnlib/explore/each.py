"""A learner's activation, written for one number, drawn in place of nnlib's."""

from functools import wraps
from typing import Any

import numpy as np

from ..activations import Activation
from ..checks import Array
from ..layout import number
from .own import Function, OwnRule

TRIED = np.linspace(-12, 12, 241)  # where the learner's function is compared with nnlib's


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
