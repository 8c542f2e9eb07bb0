"""Is backpropagation right? Nudge each weight a little up and a little down, and look at the loss.

The nudged slope is (L(θ + h) - L(θ - h)) / 2h, one parameter after the other (central differences).
It is slow and it needs no chain rule, which is what makes it a good judge.
"""

import numpy as np

from .checks import Array, as_finite, positive
from .losses import Loss
from .network import Network, as_network


def numerical_gradient(
    net: Network, X: object, y: object, loss: str | Loss = "mse", h: float = 1e-5
) -> Array:
    """The slope of the loss for every parameter, (P,), by nudging each by ±h; `net.theta` stays as it was.

    Raises
    ------
    ShapeError, ValueError, FloatingPointError : as `net.loss_and_grad`; h that is not above 0, too small to
        move a parameter, or too large to calculate with.
    """
    h = positive(h, "h")
    as_network(net).loss(X, y, loss)  # says what does not fit before anything moves
    checked = net.check(X, y, loss)
    with np.errstate(all="ignore"):
        slopes = np.array([slope_by_nudging(net, k, *checked, h) for k in range(net.theta.size)])
    return as_finite(slopes, "a nudged slope")


def slope_by_nudging(net: Network, k: int, X: Array, y: Array, loss: Loss, h: float) -> float:
    """The slope for parameter k alone, (L(θ + h) - L(θ - h)) / 2h, for what `net.check` has seen."""
    theta, value = net.theta, net.theta[k]
    if value + h == value or value - h == value:
        raise ValueError(
            f"h is {h:g}, too small to move a parameter of {value:g}: h added to it is rounded away. "
            f"Try h={1e-5 * max(1.0, abs(value)):g}."
        )
    try:
        losses = []
        for nudged in (value + h, value - h):
            theta[k] = nudged
            net.forward_pass(X)
            losses.append(loss.value_at(net.layers[-1], y))
    finally:
        theta[k] = value
    return (losses[0] - losses[1]) / (2 * h)


def gradient_error(net: Network, X: object, y: object, loss: str | Loss = "mse") -> float:
    """|a - n| / (|a| + |n|) for the slopes a of backpropagation and n of nudging: about 1e-10 when right.

    0 where both are 0.
    """
    as_network(net).loss_and_grad(X, y, loss)
    a, n = net.grad, numerical_gradient(net, X, y, loss)
    largest = max(np.abs(a).max(), np.abs(n).max())
    if not largest:
        return 0.0
    power = np.frexp(largest)[1]  # squares could be too large, or too small; a power of 2 rounds nothing
    a, n = np.ldexp(a, -power), np.ldexp(n, -power)
    return float(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))
