"""Losses: one number for how bad the predictions are, and the slope of that number for each prediction.

A loss is a mean over all rows and outputs. The mean squared error is the mean, without the factor ½
that some texts put in front, as in Keras and PyTorch.
"""

from abc import ABC, abstractmethod

import numpy as np

from .activations import Activation, Sigmoid
from .checks import Array, ShapeError, as_finite, as_table, choose
from .layers import Dense


class Loss(ABC):
    """A loss L(ŷ, y) and its slopes dL/dŷ. `y_hat` and `y` have shape (rows, outputs).

    `value` and `gradient` check what they are given; the rules behind them are `value_pass` and
    `gradient_pass`, for tables that were checked before. A network calls `value_at` and `value_and_delta`,
    which are made of these two, unless a loss has a rule that is quicker or more exact.
    """

    name: str

    @abstractmethod
    def value_pass(self, y_hat: Array, y: Array) -> float:
        """L, a mean over all entries."""

    @abstractmethod
    def gradient_pass(self, y_hat: Array, y: Array) -> Array:
        """dL/dŷ, one slope an entry."""

    def value_at(self, last: Dense, y: Array) -> float:
        """L for what the last layer put out in its last forward pass."""
        return self.value_pass(last.a, y)

    def value_and_delta(self, last: Dense, y: Array) -> float:
        """L as `value_at`; fills the last layer's delta = dL/dz = dL/dŷ · f'(z)."""
        last.activation.slope_into(last.z, last.a, last.delta)
        last.delta *= self.gradient_pass(last.a, y)
        return self.value_at(last, y)

    def check(self, y: Array, output: Activation) -> None:  # noqa: B027  # most losses can use all
        """Raise ValueError where this loss cannot use such targets or such an output activation."""

    def value(self, y_hat: object, y: object) -> float:
        """L(ŷ, y) for two tables of the same shape (rows, outputs)."""
        pair = self._pair(y_hat, y)
        with np.errstate(all="ignore"):
            value = self.value_pass(*pair)
        return as_finite(value, "the loss")

    def gradient(self, y_hat: object, y: object) -> Array:
        """dL/dŷ for two tables of the same shape (rows, outputs), which is its own shape too."""
        pair = self._pair(y_hat, y)
        with np.errstate(all="ignore"):
            slopes = self.gradient_pass(*pair)
        return as_finite(slopes, "the loss's slope")

    __call__ = value

    def _pair(self, y_hat: object, y: object) -> tuple[Array, Array]:
        predictions, targets = as_table(y_hat, "y_hat"), as_table(y, "y")
        if predictions.shape != targets.shape:
            raise ShapeError(
                f"y_hat has shape {predictions.shape} and y has shape {targets.shape}; make them equal."
            )
        return predictions, targets

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class MeanSquaredError(Loss):
    """L = mean((ŷ - y)²), slope 2 (ŷ - y) / n with n the number of entries."""

    name = "mse"

    def value_pass(self, y_hat: Array, y: Array) -> float:
        difference = (y_hat - y).ravel()
        return float(difference.dot(difference)) / difference.size

    def gradient_pass(self, y_hat: Array, y: Array) -> Array:
        return (y_hat - y) * (2.0 / y.size)

    def value_and_delta(self, last: Dense, y: Array) -> float:
        if type(self) is not MeanSquaredError:  # a subclass may have other rules
            return super().value_and_delta(last, y)
        difference = last.a - y  # once for both: this line runs in every step of every lesson
        last.activation.slope_into(last.z, last.a, last.delta)
        last.delta *= difference
        last.delta *= 2.0 / y.size
        flat = difference.ravel()
        return float(flat.dot(flat)) / y.size


class MeanAbsoluteError(Loss):
    """L = mean(|ŷ - y|), slope ±1 / n (0 where ŷ = y) with n the number of entries."""

    name = "mae"

    def value_pass(self, y_hat: Array, y: Array) -> float:
        return float(np.abs(y_hat - y).mean())

    def gradient_pass(self, y_hat: Array, y: Array) -> Array:
        slope: Array = np.sign(y_hat - y) / y.size
        return slope


class BinaryCrossEntropy(Loss):
    """L = -mean(y log ŷ + (1 - y) log(1 - ŷ)), slope (ŷ - y) / (ŷ (1 - ŷ) n); also called log loss.

    ŷ is a probability from a sigmoid, kept 1e-15 away from 0 and 1 so that no logarithm is infinite.
    A network has z too, and needs no such edge: -log ŷ = log(1 + e^-z) and -log(1 - ŷ) = log(1 + e^z).
    The slope's denominator cancels with the sigmoid's own slope: dL/dz = (ŷ - y) / n. Both stay right
    where the sigmoid is saturated.
    """

    name = "bce"
    edge = 1e-15

    def value_pass(self, y_hat: Array, y: Array) -> float:
        p = np.clip(y_hat, self.edge, 1.0 - self.edge)
        return float(-(y * np.log(p) + (1.0 - y) * np.log1p(-p)).mean())

    def gradient_pass(self, y_hat: Array, y: Array) -> Array:
        p = np.clip(y_hat, self.edge, 1.0 - self.edge)
        return (p - y) / (p * (1.0 - p) * y.size)

    def value_at(self, last: Dense, y: Array) -> float:
        if not self._knows_z(last):
            return super().value_at(last, y)
        return float((y * np.logaddexp(0.0, -last.z) + (1.0 - y) * np.logaddexp(0.0, last.z)).mean())

    def value_and_delta(self, last: Dense, y: Array) -> float:
        if not self._knows_z(last):
            return super().value_and_delta(last, y)
        if_1, if_0 = np.logaddexp(0.0, -last.z), np.logaddexp(0.0, last.z)  # -log ŷ and -log(1 - ŷ)
        # ŷ - y = (1 - y) ŷ - y (1 - ŷ), whose two parts are exact even where ŷ is rounded to 0 or 1
        np.subtract((1.0 - y) * np.exp(-if_1), y * np.exp(-if_0), out=last.delta)
        last.delta /= y.size
        return float((y * if_1 + (1.0 - y) * if_0).mean())

    def _knows_z(self, last: Dense) -> bool:
        # a subclass, of the loss or of the sigmoid, may have other rules
        return type(self) is BinaryCrossEntropy and type(last.activation) is Sigmoid

    def check(self, y: Array, output: Activation) -> None:
        if not isinstance(output, Sigmoid):
            raise ValueError(
                f"binary cross-entropy needs a probability, but the last layer's activation is {output}: "
                'give it "sigmoid", or use loss="mse".'
            )
        _from_0_to_1(y, "targets", "y")

    def _pair(self, y_hat: object, y: object) -> tuple[Array, Array]:
        predictions, targets = super()._pair(y_hat, y)
        _from_0_to_1(predictions, "predictions", "y_hat")
        _from_0_to_1(targets, "targets", "y")
        return predictions, targets


def _from_0_to_1(table: Array, what: str, name: str) -> None:
    if table.min() < 0.0 or table.max() > 1.0:
        raise ValueError(
            f"binary cross-entropy needs {what} from 0 to 1; "
            f"{name} goes from {table.min():g} to {table.max():g}. "
            'Use loss="mse" for numbers such as scores and prices.'
        )


mse, mae, bce = MeanSquaredError(), MeanAbsoluteError(), BinaryCrossEntropy()

LOSSES: dict[str, Loss] = {
    "mse": mse,
    "mae": mae,
    "bce": bce,
    "mean_squared_error": mse,  # Keras's long names
    "mean_absolute_error": mae,
    "binary_crossentropy": bce,
}


def get_loss(loss: str | Loss) -> Loss:
    """The loss of that name ("mse"), or the loss itself; ValueError for an unknown name."""
    return loss if isinstance(loss, Loss) else choose(loss, LOSSES, "loss")
