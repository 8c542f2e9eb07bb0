"""Optimizers: given every parameter's slope, they take the step.

Backpropagation finds the slopes and an optimizer uses them: two different jobs.
"""

import math
from abc import ABC, abstractmethod

import numpy as np

from .checks import Array, ShapeError, choose, fraction, positive

_TOO_SLOW = " Try 0.1 first: at 0 nothing would move, and below 0 the loss would rise."


class Optimizer(ABC):
    """Moves a parameter vector one step against its gradient."""

    def __init__(self, learning_rate: float) -> None:
        self.learning_rate = learning_rate
        self.reset()

    def check_settings(self) -> None:
        """Raise ValueError for a setting that cannot be used."""
        self.learning_rate = positive(self.learning_rate, "learning_rate", _TOO_SLOW)

    def reset(self) -> None:
        """Check the settings and forget what earlier steps left behind; `train` does this first."""
        self.check_settings()
        self._theta: Array | None = None
        self._grad: Array | None = None
        self._shape: tuple[int, ...] | None = None

    def step(self, theta: Array, grad: Array) -> None:
        """Change theta (P,) in place, given grad (P,).

        The numbers are not looked at: a slope that is infinite or undefined makes such a weight of theta.

        Raises
        ------
        ValueError : one of them is no array of floats, or theta cannot be changed.
        ShapeError : the two differ in shape.
        """
        if theta is not self._theta or grad is not self._grad:  # in a training run: the first step
            self._check(theta, grad)
        self._step(theta, grad)

    def _check(self, theta: Array, grad: Array) -> None:
        for values, name in ((theta, "theta"), (grad, "grad")):
            if not isinstance(values, np.ndarray) or values.dtype != np.float64:
                raise ValueError(f"{name} must be an array of floats: use np.array({name}, dtype=float).")
        if theta.shape != grad.shape:
            raise ShapeError(
                f"theta has shape {theta.shape} and grad has shape {grad.shape}; make them equal."
            )
        if not theta.flags.writeable:
            raise ValueError("theta is read-only, and a step changes it: use theta.copy().")
        if theta.shape != self._shape:
            self._start(theta)
        self._theta, self._grad, self._shape = theta, grad, theta.shape

    @abstractmethod
    def _start(self, theta: Array) -> None:
        """Make the vectors that the steps need."""

    @abstractmethod
    def _step(self, theta: Array, grad: Array) -> None:
        """Change theta in place."""


class SGD(Optimizer):
    """Gradient descent, θ ← θ - η g, or with momentum β: v ← β v - η g, θ ← θ + v (as in Keras).

    Parameters
    ----------
    learning_rate : η, above 0.
    momentum : β, from 0 up to but not including 1.
    """

    def __init__(self, learning_rate: float = 0.1, momentum: float = 0.0) -> None:
        self.momentum = momentum
        super().__init__(learning_rate)

    def check_settings(self) -> None:
        super().check_settings()
        self.momentum = fraction(self.momentum, "momentum")

    def _start(self, theta: Array) -> None:
        self._move, self._v = np.zeros_like(theta), np.zeros_like(theta)

    def _step(self, theta: Array, grad: Array) -> None:
        np.multiply(grad, self.learning_rate, out=self._move)
        if self.momentum:
            self._v *= self.momentum
            self._v -= self._move
            theta += self._v
        else:
            theta -= self._move

    def __repr__(self) -> str:
        return f"SGD(learning_rate={self.learning_rate:g}, momentum={self.momentum:g})"


class Adam(Optimizer):
    """A step of its own size for every parameter, from running means of the gradient and its square.

    m ← β₁ m + (1 - β₁) g and v ← β₂ v + (1 - β₂) g²; both start at 0, so after t steps they are divided
    by 1 - β₁ᵗ and 1 - β₂ᵗ; then θ ← θ - η m / (√v + ε). Source: Kingma & Ba (2015), algorithm 1.

    Parameters
    ----------
    learning_rate : η, above 0.
    beta_1, beta_2 : how slowly the two means forget, from 0 up to but not including 1.
    epsilon : ε, above 0, keeps the division finite.
    """

    def __init__(
        self,
        learning_rate: float = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
    ) -> None:
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        super().__init__(learning_rate)

    def check_settings(self) -> None:
        super().check_settings()
        self.beta_1, self.beta_2 = fraction(self.beta_1, "beta_1"), fraction(self.beta_2, "beta_2")
        self.epsilon = positive(self.epsilon, "epsilon")

    def _start(self, theta: Array) -> None:
        self._t = 0
        self._m, self._v, self._move, self._root = (np.zeros_like(theta) for _ in range(4))
        self._keep_m, self._keep_v = np.array(self.beta_1), np.array(self.beta_2)  # as in activations.py
        self._new_m, self._new_v = 1.0 - self._keep_m, 1.0 - self._keep_v

    def _step(self, theta: Array, grad: Array) -> None:
        self._t += 1
        m, v, move, root = self._m, self._v, self._move, self._root
        m *= self._keep_m
        np.multiply(grad, self._new_m, out=move)
        m += move
        v *= self._keep_v
        np.multiply(grad, grad, out=root)
        root *= self._new_v
        v += root
        # θ ← θ - η m̂ / (√v̂ + ε), with both corrections gathered into two numbers
        correction = math.sqrt(1.0 - self.beta_2**self._t)
        np.sqrt(v, out=root)
        root += self.epsilon * correction
        np.multiply(m, self.learning_rate * correction / (1.0 - self.beta_1**self._t), out=move)
        move /= root
        theta -= move

    def __repr__(self) -> str:
        return f"Adam(learning_rate={self.learning_rate:g})"


OPTIMIZERS: dict[str, type[SGD] | type[Adam]] = {"sgd": SGD, "adam": Adam}


def get_optimizer(optimizer: str | Optimizer) -> Optimizer:
    """ "sgd" or "adam" with its default settings, or the optimizer itself; ValueError for another name."""
    if isinstance(optimizer, Optimizer):
        return optimizer
    return choose(optimizer, OPTIMIZERS, "optimizer")()
