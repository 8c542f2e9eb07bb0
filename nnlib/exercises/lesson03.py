"""The exercises of lesson 03: relu, sigmoid, a neuron, the bias that wakes it; its table is in jobs.py."""

from typing import Any

import numpy as np

from ..activations import relu as bend
from ..activations import sigmoid as squeeze
from ..checks import Array
from .engine import exercise
from .jobs import which_activation

__all__ = ["neuron", "relu", "sigmoid", "waking_bias", "which_activation"]
Random = np.random.Generator


@exercise(
    given=lambda rng: (float(rng.choice([-1, 1, 0]) * rng.uniform(0.1, 6)),),
    hints=[
        "Two cases: z is above 0, or it is not. What comes out in each?",
        "Python's max takes the larger of two numbers. Which two?",
        "return max(z, 0)",
    ],
    done="negative sums become 0, all others pass. Run the next cell: the figure draws your function.",
)
def relu(z: float) -> Any:
    return max(z, 0)


@relu.mistake("Turned round: your function lets the negative sums pass, and the positive ones become 0.")
def _(z: float) -> Any:
    return min(z, 0)


@relu.mistake("This is the size of z. A negative sum must become 0, not positive.")
def _(z: float) -> Any:
    return abs(z)


@relu.mistake("This is a step: above 0 the sum itself is wanted, not 1.")
def _(z: float) -> Any:
    return 1 if z > 0 else 0


@relu.mistake("z passes as it is: that is the linear activation. Where z is negative, 0 is wanted.")
def _(z: float) -> Any:
    return z


@relu.mistake("The sign is turned: above 0, z itself is wanted, not −z.")
def _(z: float) -> Any:
    return max(-z, 0)


@relu.mistake("Negative sums become 1. Compare with 0, not with 1.")
def _(z: float) -> Any:
    return max(z, 1)


def _near_and_far(rng: Random) -> tuple[float]:
    """A sum near 0, or one so far out that e to the power of its size is too large to calculate."""
    return (float(rng.choice([800.0, -800.0, *rng.uniform(-4, 4, 4)])),)


@exercise(
    given=_near_and_far,
    hints=[
        "The formula is 1 ÷ (1 + e^−z); e to the power of −z is written np.exp(-z).",
        "For z = −800 this asks for e to the power of 800, which is too large. For a negative z take another "
        "form of the same number: e^z ÷ (1 + e^z).",
        "if z < 0: return np.exp(z) / (1 + np.exp(z)), and below that: return 1 / (1 + np.exp(-z))",
    ],
    done="every sum becomes a number from 0 to 1, even −800. Run the next cell: the figure draws yours.",
)
def sigmoid(z: float) -> Any:
    if z < 0:
        return np.exp(z) / (1 + np.exp(z))
    return 1 / (1 + np.exp(-z))


@sigmoid.mistake("The sign in the exponent is lost: e^−z, with a minus before z.")
def _(z: float) -> Any:
    return squeeze(-z)


@sigmoid.mistake("Python divides first: 1 / 1 + … needs brackets, 1 / (1 + np.exp(-z)).")
def _(z: float) -> Any:
    return 1 + np.exp(np.minimum(-z, 700))


@sigmoid.mistake("The 1 + below the line is missing: what you return is e^z, which has no upper end.")
def _(z: float) -> Any:
    return np.exp(np.minimum(z, 700))


@sigmoid.mistake("This is the tanh, from −1 to 1. The sigmoid goes from 0 to 1.")
def _(z: float) -> Any:
    return np.tanh(z)


@sigmoid.mistake("This is the step, 0 or 1. The sigmoid has every number between them too.")
def _(z: float) -> Any:
    return 1 if z > 0 else 0


@sigmoid.mistake("For negative z the sign is missing: there e^z ÷ (1 + e^z), not e^−z ÷ (1 + e^−z).")
def _(z: float) -> Any:
    return squeeze(abs(z))


@exercise(
    given=lambda rng: (*rng.uniform(-2, 2, (2, rng.choice([3, 1, 2]))), float(rng.uniform(-1, 1.5))),
    hints=[
        "First the sum z: each input times its weight, added up, plus the bias.",
        "np.dot(x, w) multiplies the pairs and adds them up. Then comes + b.",
        "The relu of z is max(z, 0).",
    ],
    done="sum, bias, activation: you have written a neuron.",
)
def neuron(x: Array, w: Array, b: float) -> Any:
    z = np.dot(x, w) + b
    return max(z, 0)


@neuron.mistake("The bias is missing: z = x · w + b.")
def _(x: Array, w: Array, b: float) -> Any:
    return bend(np.dot(x, w))


@neuron.mistake("The bias is multiplied. It is added to the sum: z = x · w + b.")
def _(x: Array, w: Array, b: float) -> Any:
    return bend(np.dot(x, w) * b)


@neuron.mistake("The bias is subtracted: it is added, z = x · w + b.")
def _(x: Array, w: Array, b: float) -> Any:
    return bend(np.dot(x, w) - b)


@neuron.mistake("This is z. The activation is still missing: the neuron gives on the relu of z.")
def _(x: Array, w: Array, b: float) -> Any:
    return np.dot(x, w) + b


@neuron.mistake("The bias comes after the relu: add it to the sum first.")
def _(x: Array, w: Array, b: float) -> Any:
    return bend(np.dot(x, w)) + b


@neuron.mistake("Each product goes through the relu by itself. Add the products and the bias first.")
def _(x: Array, w: Array, b: float) -> Any:
    return np.sum(bend(x * w)) + b


@neuron.mistake("The weights do nothing yet: multiply each input by its weight before you add.")
def _(x: Array, w: Array, b: float) -> Any:
    return bend(np.sum(x) + b)


@neuron.mistake("The bias is added once for every input: add it to the sum, outside its brackets.")
def _(x: Array, w: Array, b: float) -> Any:
    return bend(np.sum(x * w + b))


@neuron.mistake("This neuron has a sigmoid. Here a relu is wanted.")
def _(x: Array, w: Array, b: float) -> Any:
    return squeeze(np.dot(x, w) + b)


@exercise(
    given=lambda rng: (float(rng.uniform(0.2, 3)), float(rng.integers(5, 120))),
    hints=[
        "A relu wakes where its sum z is 0. At the start, z = w * start + b.",
        "Set w * start + b to 0. What must b be?",
        "return -w * start",
    ],
    done="the bias holds the neuron back until w times the input outgrows it.",
)
def waking_bias(w: float, start: float) -> Any:
    return -w * start


@waking_bias.mistake("The sign is turned round: with this bias, z is twice w · start there, and not 0.")
def _(w: float, start: float) -> Any:
    return w * start


@waking_bias.mistake("That holds for w = 1 alone. With another weight, w · start has to be made up for.")
def _(w: float, start: float) -> Any:
    return -start


@waking_bias.mistake("You divide by w. The sum at the start is w times it, so multiply.")
def _(w: float, start: float) -> Any:
    return -start / w


@waking_bias.mistake("This bias is for a start at 100. Use the name start, so that it holds for any.")
def _(w: float, start: float) -> Any:
    return -100 * w
