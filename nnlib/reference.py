"""The 2-3-1 sigmoid network in plain maths: two inputs, three hidden neurons, one output, 13 numbers.

No arrays and no classes: each line is a line of the lesson. The rest of nnlib computes the same
numbers faster and for any shape, and the tests compare the two. theta holds W1[sleep, h1..h3],
W1[study, h1..h3], b1[h1..h3], W2[h1..h3, score] and b2[score], in this order.
"""

from collections.abc import Sequence
from math import exp

Numbers = Sequence[float]


def sigmoid(z: float) -> float:
    """a = 1 / (1 + e^-z); below z = -709 e^-z is too large for a float, which activations.py goes round."""
    return 1 / (1 + exp(-z))


def forward(theta: Numbers, x: Numbers) -> tuple[list[float], float]:
    """The three hidden outputs a and the prediction ŷ for one example x."""
    a = [sigmoid(x[0] * theta[j] + x[1] * theta[3 + j] + theta[6 + j]) for j in range(3)]
    y_hat = sigmoid(a[0] * theta[9] + a[1] * theta[10] + a[2] * theta[11] + theta[12])
    return a, y_hat


def loss_and_gradient(theta: Numbers, X: Sequence[Numbers], y: Numbers) -> tuple[float, list[float]]:
    """The mean squared error over the examples and its slope for each of the 13 numbers."""
    loss, grad = 0.0, [0.0] * 13
    for x, target in zip(X, y, strict=True):
        a, y_hat = forward(theta, x)
        loss += (y_hat - target) ** 2 / len(y)
        delta = 2 * (y_hat - target) / len(y) * y_hat * (1 - y_hat)  # dL/dz of the output
        grad[12] += delta
        for j in range(3):
            grad[9 + j] += delta * a[j]
            delta_j = delta * theta[9 + j] * a[j] * (1 - a[j])  # dL/dz of hidden neuron j
            grad[j] += delta_j * x[0]
            grad[3 + j] += delta_j * x[1]
            grad[6 + j] += delta_j
    return loss, grad


def train(
    theta: Numbers, X: Sequence[Numbers], y: Numbers, learning_rate: float, epochs: int
) -> tuple[list[float], list[float]]:
    """Gradient descent, all examples at once: the trained theta, and the loss before each step."""
    theta, curve = list(theta), []
    for _ in range(epochs):
        loss, grad = loss_and_gradient(theta, X, y)
        curve.append(loss)
        theta = [t - learning_rate * g for t, g in zip(theta, grad, strict=True)]
    return theta, curve
