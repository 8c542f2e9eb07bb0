"""Scaling: columns in different units are brought to comparable sizes, and back.

A scaler learns its numbers from the training rows only, and is never fitted a second time on others:
otherwise the same scaled number would mean two different things.
"""

from copy import deepcopy
from typing import Self

import numpy as np

from .checks import Array, ShapeError, as_finite, as_numbers, as_table, count, of_kind
from .network import Network, as_network


class Scaler:
    """Scaled = (value - center) / scale, column by column; `fit` finds center and scale.

    Raises
    ------
    ValueError : used before `fit`, fitted again on other rows, or a column that cannot be scaled.
    ShapeError : another number of columns than in `fit`.
    """

    center: Array | None = None  # (columns,) in the column's unit
    scale: Array | None = None

    def _learn(self, X: Array) -> tuple[Array, Array]:
        raise NotImplementedError

    def fit(self, X: object) -> Self:
        """Learn center and scale from the training rows X (rows, columns)."""
        table = as_table(X, "X")
        center, scale = self._learn(table)
        if self.center is not None and not (
            np.array_equal(center, self.center) and np.array_equal(scale, self.scale)  # type: ignore[arg-type]
        ):
            raise ValueError(
                f"this {type(self).__name__} is fitted already, and these rows would change what it does. "
                f"Use transform for further rows, or a new {type(self).__name__}() for other training rows."
            )
        self.center, self.scale = center, scale
        return self

    def _fitted(self, X: object) -> tuple[Array, Array, Array]:
        if self.center is None or self.scale is None:
            raise ValueError(
                f"this {type(self).__name__} has seen no rows yet: call fit with the training rows first."
            )
        return as_table(X, "X", len(self.center), "the scaler"), self.center, self.scale

    def transform(self, X: object) -> Array:
        """From real units to scaled numbers: a fresh array of X's shape (rows, columns)."""
        table, center, scale = self._fitted(X)
        with np.errstate(all="ignore"):
            scaled: Array = (table - center) / scale
        return as_finite(scaled, "a scaled number")

    def inverse_transform(self, X: object) -> Array:
        """From scaled numbers back to real units: a fresh array of X's shape (rows, columns)."""
        table, center, scale = self._fitted(X)
        with np.errstate(all="ignore"):
            real: Array = table * scale + center
        return as_finite(real, "a number in real units")

    def __repr__(self) -> str:
        seen = "not fitted" if self.center is None else f"fitted on {count(len(self.center), 'column')}"
        return f"{type(self).__name__}({seen})"


class MaxScaler(Scaler):
    """Divide by the maximum: values of the training rows, 0 or more, land between 0 and 1.

    Parameters
    ----------
    maximum : one number for all columns or one for each, where the largest possible value is known
        (100 points in a test); None takes each column's largest value in the training rows.
    """

    def __init__(self, maximum: object = None) -> None:
        self.maximum = None if maximum is None else np.atleast_1d(as_numbers(maximum, "maximum"))
        if self.maximum is not None and not (
            self.maximum.ndim == 1 and self.maximum.size and (self.maximum > 0).all()
        ):
            raise ValueError(f"maximum must be above 0, one number or one for each column; got {maximum!r}.")

    def _learn(self, X: Array) -> tuple[Array, Array]:
        if X.min() < 0:
            row, column = np.argwhere(X < 0)[0]
            raise ValueError(
                f"X[{row}, {column}] is {X[row, column]:g}, "
                "but dividing by the maximum needs values of 0 or more. "
                "Use StandardScaler for columns with negative values."
            )
        if self.maximum is not None:
            if self.maximum.size not in (1, X.shape[1]):
                raise ShapeError(
                    f"maximum has {count(self.maximum.size, 'number')}, "
                    f"but X has {count(X.shape[1], 'column')}: give one for each column, or one for all."
                )
            known = np.broadcast_to(self.maximum, (X.shape[1],)).copy()
            if (X > known).any():
                row, column = np.argwhere(X > known)[0]
                raise ValueError(
                    f"X[{row}, {column}] is {X[row, column]:g}, above the maximum {known[column]:g}. "
                    "Give the largest value that is possible, or none: MaxScaler() takes the largest in X."
                )
            return np.zeros(X.shape[1]), known
        largest = X.max(axis=0)
        if largest.min() == 0:
            raise ValueError(f"column {int(largest.argmin())} of X is 0 in every row; leave it out.")
        return np.zeros(X.shape[1]), largest


class StandardScaler(Scaler):
    """Standardisation: minus the mean, divided by the standard deviation.

    The standard deviation is the root of the mean squared deviation from the mean (divided by n).
    """

    def _learn(self, X: Array) -> tuple[Array, Array]:
        same = (X == X[0]).all(axis=0)  # rounding can make the deviation of equal values differ from 0
        if same.any():
            column = int(same.argmax())
            raise ValueError(
                f"column {column} of X is {X[0, column]:g} in every row, "
                "so there is nothing to scale it by; leave it out."
            )
        with np.errstate(all="ignore"):
            mean, deviation = X.mean(axis=0), X.std(axis=0)
        lost = ~(np.isfinite(deviation) & (deviation > 0))
        if lost.any():
            raise ValueError(
                f"the values in column {int(lost.argmax())} of X are too large, or too close together, "
                "to calculate with; use another unit."
            )
        return mean, deviation


def in_real_units(net: Network, x_scaler: Scaler, y_scaler: Scaler) -> Network:
    """A network that needs no scalers: real units go in and come out, and its predictions are those of `net`.

    W1 / scale and b1 − center / scale · W1 take the inputs' scaling into the first layer; in the same way the
    last layer, which must be linear, takes in that of y.

    Raises
    ------
    ValueError : a scaler that is none or not fitted, or an output that is not linear.
    ShapeError : a scaler for another number of columns.
    FloatingPointError : weights that would leave the range of numbers.
    """
    as_network(net)
    if net.layers[-1].activation.name != "linear":
        raise ValueError(
            f"the output's activation is {net.layers[-1].activation.name}, and only that of a linear output "
            'can take in the scaling of y; train with Dense(..., "linear") as the last layer.'
        )
    _, x_center, x_scale = of_kind(x_scaler, Scaler, "x_scaler")._fitted(np.zeros((1, net.n_in)))
    _, y_center, y_scale = of_kind(y_scaler, Scaler, "y_scaler")._fitted(np.zeros((1, net.n_out)))
    real = deepcopy(net)
    first, last = real.layers[0], real.layers[-1]
    with np.errstate(all="ignore"):
        first.b[...] -= x_center / x_scale @ first.W
        first.W[...] /= x_scale[:, None]
        last.W[...] *= y_scale
        last.b[...] = last.b * y_scale + y_center
    as_finite(real.theta, "a weight in real units")
    return real
