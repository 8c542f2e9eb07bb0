"""The exercises of lesson 04: each with its solution, its typical mistakes, and its hints."""

from typing import Any

import numpy as np

from ..activations import sigmoid
from ..checks import Array
from .engine import exercise


@exercise(
    given=lambda rng: (rng.uniform(40, 100, (3, 1)).round(),),
    hints=[
        "Scores go up to 100. What must 100 become, so that all lie between 0 and 1?",
        "return scores / 100 makes a new array. What does scores /= 100 do to the one that it was given?",
    ],
    done="the scores lie between 0 and 1, and the table that came in is as it was.",
)
def to_shares(scores: Array) -> Any:
    return scores / 100


@to_shares.mistake(
    "You divide by the largest score. Of another class it would be another number; 100 is the limit."
)
def _(scores: Array) -> Any:
    return scores / scores.max()


@to_shares.mistake("93 is the best score of one class; 100 is the most that any test gives.")
def _(scores: Array) -> Any:
    return scores / 93


@to_shares.mistake("You multiply. 75 points are to become 0.75: divide.")
def _(scores: Array) -> Any:
    return scores * 100


@to_shares.mistake("These are tenths: divide by 100, the highest score that there can be.")
def _(scores: Array) -> Any:
    return scores / 10


@exercise(
    given=lambda rng: (*rng.uniform(-2, 2, (2, rng.choice([3, 2]))), rng.uniform(-1, 1)),
    hints=[
        "First the sum z: each input times its weight, added up, plus the bias.",
        "np.dot(x, w) multiplies the pairs and adds them up. Then comes + b.",
        "The sigmoid of z is 1 / (1 + np.exp(-z)).",
    ],
    done="you have written a neuron. The network is four of them.",
)
def neuron(x: Array, w: Array, b: float) -> Any:
    z = np.dot(x, w) + b
    return 1 / (1 + np.exp(-z))


@neuron.mistake("This neuron has a relu, as that of lesson 03. Here a sigmoid is wanted.")
def _(x: Array, w: Array, b: float) -> Any:
    return np.maximum(np.dot(x, w) + b, 0)


@neuron.mistake("The bias is missing: z = x · w + b.")
def _(x: Array, w: Array, b: float) -> Any:
    return sigmoid(np.dot(x, w))


@neuron.mistake("The bias is subtracted: it is added, z = x · w + b.")
def _(x: Array, w: Array, b: float) -> Any:
    return sigmoid(np.dot(x, w) - b)


@neuron.mistake("This is z. The neuron's output is the sigmoid of it.")
def _(x: Array, w: Array, b: float) -> Any:
    return np.dot(x, w) + b


@neuron.mistake("The sign in the exponent is lost: 1 / (1 + e^−z), with a minus before z.")
def _(x: Array, w: Array, b: float) -> Any:
    return 1 / (1 + np.exp(np.dot(x, w) + b))


@neuron.mistake("The bias comes after the sigmoid: add it to the sum first.")
def _(x: Array, w: Array, b: float) -> Any:
    return sigmoid(np.dot(x, w)) + b


@neuron.mistake("The weights do nothing yet: multiply each input by its weight before you add.")
def _(x: Array, w: Array, b: float) -> Any:
    return sigmoid(np.sum(x) + b)


@neuron.mistake("The bias is added once for every input: add it to the sum, outside its brackets.")
def _(x: Array, w: Array, b: float) -> Any:
    return sigmoid(np.sum(x * w + b))


@neuron.mistake("Python divides first: 1 / 1 + … needs brackets, 1 / (1 + np.exp(-z)).")
def _(x: Array, w: Array, b: float) -> Any:
    return 1 / 1 + np.exp(-(np.dot(x, w) + b))


@exercise(
    given=lambda rng: (
        rng.uniform(0, 1, (rng.integers(2, 6), 2)),
        rng.uniform(-2, 2, (2, 3)),
        rng.uniform(-1, 1, 3),
        rng.uniform(-2, 2, (3, 1)),
        rng.uniform(-1, 1, 1),
    ),
    hints=[
        "Two layers, twice the same: a sum of products, plus the biases, through the sigmoid.",
        "The first layer: a = sigmoid(X @ W1 + b1), with sigmoid from nnlib.",
        "The second layer takes a in place of X, with W2 and b2.",
    ],
    done="your function is the whole network. Run the next cell: its figure then draws yours.",
)
def forward(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    a = sigmoid(X @ W1 + b1)
    return sigmoid(a @ W2 + b2)


@forward.mistake("The biases are missing in both layers.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return sigmoid(sigmoid(X @ W1) @ W2)


@forward.mistake("The bias b1 of the first layer is missing.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return sigmoid(sigmoid(X @ W1) @ W2 + b2)


@forward.mistake("The bias b2 of the second layer is missing.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return sigmoid(sigmoid(X @ W1 + b1) @ W2)


@forward.mistake("Neither layer has an activation: put the sums of both through the sigmoid.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return (X @ W1 + b1) @ W2 + b2


@forward.mistake("These are points. The network's own numbers are shares: leave out the 100.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return 100 * sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)


@forward.mistake("The hidden layer has no activation: put its sums through the sigmoid too.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return sigmoid((X @ W1 + b1) @ W2 + b2)


@forward.mistake("The output has no activation: put the last sum through the sigmoid too.")
def _(X: Array, W1: Array, b1: Array, W2: Array, b2: Array) -> Any:
    return sigmoid(X @ W1 + b1) @ W2 + b2


@exercise(
    given=lambda rng: (rng.uniform(0.05, 0.95), rng.uniform(0.3, 1.0)),
    hints=[
        "Two rates multiply: how the loss follows ŷ, and how ŷ follows z.",
        "The loss (ŷ − y)² changes by 2 (ŷ − y) for a small change of ŷ.",
        "The sigmoid's output ŷ changes by ŷ (1 − ŷ) for a small change of z.",
    ],
    done="this delta goes back through every weight of the network.",
)
def output_delta(y_hat: float, y: float) -> Any:
    return 2 * (y_hat - y) * y_hat * (1 - y_hat)


@output_delta.mistake(
    "The sign is turned round: the difference is ŷ − y. When ŷ is too high, the slope is positive."
)
def _(y_hat: float, y: float) -> Any:
    return 2 * (y - y_hat) * y_hat * (1 - y_hat)


@output_delta.mistake("The 2 is missing: the slope of a square is twice what is squared.")
def _(y_hat: float, y: float) -> Any:
    return (y_hat - y) * y_hat * (1 - y_hat)


@output_delta.mistake("This is dL/dŷ. One rate is missing: the sigmoid's own slope, ŷ (1 − ŷ).")
def _(y_hat: float, y: float) -> Any:
    return 2 * (y_hat - y)


@output_delta.mistake("The sigmoid's slope is ŷ (1 − ŷ), with ŷ twice; y does not come into it.")
def _(y_hat: float, y: float) -> Any:
    return 2 * (y_hat - y) * y * (1 - y)


@output_delta.mistake("You add the two rates. Along a path they are multiplied.")
def _(y_hat: float, y: float) -> Any:
    return 2 * (y_hat - y) + y_hat * (1 - y_hat)


@output_delta.mistake("The square is still there: the slope of (ŷ − y)² is 2 (ŷ − y).")
def _(y_hat: float, y: float) -> Any:
    return (y_hat - y) ** 2 * y_hat * (1 - y_hat)


@exercise(
    given=lambda rng: (
        rng.uniform(0.1, 1),
        rng.uniform(0.1, 0.9),
        rng.uniform(-2, 2),
        rng.uniform(-0.5, 0.5),
    ),
    hints=[
        "Go back along the path: the output's delta, the weight w, the hidden neuron, the input x.",
        "Through the hidden neuron the rate is a (1 − a), as in every sigmoid.",
        "Four things are multiplied: delta, w, a (1 − a), x.",
    ],
    done="rates multiply along a path. That is the chain rule, and that is backpropagation.",
)
def first_slope(x: float, a: float, w: float, delta: float) -> Any:
    return delta * w * a * (1 - a) * x


@first_slope.mistake("The input x is missing: with a larger input the same weight does more.")
def _(x: float, a: float, w: float, delta: float) -> Any:
    return delta * w * a * (1 - a)


@first_slope.mistake("The hidden neuron's own rate a (1 − a) is missing.")
def _(x: float, a: float, w: float, delta: float) -> Any:
    return delta * w * x


@first_slope.mistake("The output's delta is missing: it is where the way back begins.")
def _(x: float, a: float, w: float, delta: float) -> Any:
    return w * a * (1 - a) * x


@first_slope.mistake("The weight w between the hidden neuron and the output is missing.")
def _(x: float, a: float, w: float, delta: float) -> Any:
    return delta * a * (1 - a) * x


@first_slope.mistake("Of a (1 − a) only a is there.")
def _(x: float, a: float, w: float, delta: float) -> Any:
    return delta * w * a * x


@first_slope.mistake("You add the rates. Along one path they are multiplied.")
def _(x: float, a: float, w: float, delta: float) -> Any:
    return delta + w + a * (1 - a) + x


def layer(rng: np.random.Generator) -> tuple[Array, Array]:
    """What enters a layer, and its deltas: more students than inputs, more inputs than neurons."""
    neurons, inputs, students = np.cumsum(rng.integers(1, 4, 3))
    return rng.uniform(0, 1, (students, inputs)), rng.uniform(-0.5, 0.5, (students, neurons))


@exercise(
    given=layer,
    hints=[
        "For one weight: what enters its line, times the delta of its neuron, added up over the students.",
        "`@` adds up along rows of the first table. There the students must stand: turn it with .T.",
        "return a_prev.T @ delta",
    ],
    done="this holds for every layer of every network: what enters, times delta, added up over the rows.",
)
def weight_slopes(a_prev: Array, delta: Array) -> Any:
    return a_prev.T @ delta


@weight_slopes.mistake("This table lies on its side. As in W, what enters has a row, a neuron a column.")
def _(a_prev: Array, delta: Array) -> Any:
    return delta.T @ a_prev


@weight_slopes.mistake("The deltas hold the mean already: here the students are only added up.")
def _(a_prev: Array, delta: Array) -> Any:
    return a_prev.T @ delta / len(delta)


@weight_slopes.mistake("This is the first student alone. Add up over all of them.")
def _(a_prev: Array, delta: Array) -> Any:
    return np.outer(a_prev[0], delta[0])


@weight_slopes.mistake("First each student's product, then the sum: you multiply the two sums.")
def _(a_prev: Array, delta: Array) -> Any:
    return np.outer(a_prev.sum(axis=0), delta.sum(axis=0))


@weight_slopes.mistake(
    "The sign is turned round. The minus comes with the step (B5); here the slopes are wanted."
)
def _(a_prev: Array, delta: Array) -> Any:
    return -(a_prev.T @ delta)


@exercise(
    given=lambda rng: (rng.uniform(-1, 1, 13), rng.uniform(-0.1, 0.1, 13), float(rng.uniform(0.1, 4))),
    hints=[
        "A positive slope means: more of this number, more loss. So which way must it go?",
        "How far: the slope times the learning rate.",
        "return theta - learning_rate * grad",
    ],
    done="every one of the 13 numbers takes a step of its own, all at once.",
)
def step(theta: Array, grad: Array, learning_rate: float) -> Any:
    return theta - learning_rate * grad


@step.mistake("This climbs: the loss rises. A step goes against the slope, with a minus.")
def _(theta: Array, grad: Array, learning_rate: float) -> Any:
    return theta + learning_rate * grad


@step.mistake("The learning rate is missing: it says how much of the slope is taken.")
def _(theta: Array, grad: Array, learning_rate: float) -> Any:
    return theta - grad


@step.mistake("You always use a rate of 3. Use learning_rate, so that it can be another one.")
def _(theta: Array, grad: Array, learning_rate: float) -> Any:
    return theta - 3 * grad


@step.mistake("This is the step itself. Wanted is where theta stands after it.")
def _(theta: Array, grad: Array, learning_rate: float) -> Any:
    return -learning_rate * grad


@step.mistake("Dividing by the learning rate would make a small rate take large steps: multiply.")
def _(theta: Array, grad: Array, learning_rate: float) -> Any:
    return theta - grad / learning_rate
