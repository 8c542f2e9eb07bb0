"""The exercises of lesson 05: each with its solution, its typical mistakes, and its hints."""

from typing import Any

import numpy as np

from ..checks import Array
from .engine import exercise

Random = np.random.Generator
LOWEST, HIGHEST = [400, 1, 0.5, 0], [5000, 6, 25, 110]  # area, bedrooms, distance, age
BASE = 210_000  # dollars: what the lesson's network says where all neurons are silent


def house_and_neurons(rng: Random) -> tuple[Array, ...]:
    """A house, and five neurons to which each of its inputs matters about alike; some are silent."""
    x = rng.uniform(LOWEST, HIGHEST).round()
    W1 = (rng.uniform(-1, 1, (4, 5)) * np.array([[0.01], [5], [1], [0.4]])).round(3)
    w2 = rng.choice([-1, 1], 5) * rng.uniform(20, 200, 5).round()  # some take from the price
    return x, W1, rng.uniform(-20, 20, 5).round(1), w2


@exercise(
    given=house_and_neurons,
    hints=[
        "Three steps: the sums z of the five neurons, their outputs a, then the dollars.",
        "The sums: x @ W1 + b1. The relu of an array is np.maximum(0, z).",
        "Each output times its own weight, five products that stay apart: a * w2.",
        "return np.maximum(0, x @ W1 + b1) * w2",
    ],
    done="five amounts of dollars. With the base price they add up to the price of the house.",
)
def contributions(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    a = np.maximum(0, x @ W1 + b1)
    return a * w2


@contributions.mistake("The relu is missing: a neuron whose sum is below 0 is silent and adds nothing.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return (x @ W1 + b1) * w2


@contributions.mistake("The biases b1 are missing: each is added to the sum of its neuron, before the relu.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, x @ W1) * w2


@contributions.mistake("Relu and biases are missing: np.maximum(0, x @ W1 + b1), and then times w2.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return x @ W1 * w2


@contributions.mistake("The biases come after the relu: add them to the sums first.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return (np.maximum(0, x @ W1) + b1) * w2


@contributions.mistake(
    "The relu comes after w2 and cuts off every neuron that takes from the price. "
    "It belongs to the neuron: first the relu, then times w2."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, (x @ W1 + b1) * w2)


@contributions.mistake("These are the outputs of the neurons. Times w2 they become dollars.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, x @ W1 + b1)


@contributions.mistake("These are the sums z. Wanted are dollars: the relu of each sum, times its w2.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return x @ W1 + b1


@contributions.mistake(
    "Every contribution is positive. Where w2 is negative, the neuron takes from the price."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, x @ W1 + b1) * abs(w2)


@contributions.mistake("You add w2. A neuron's output is multiplied by its dollars per unit.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, x @ W1 + b1) + w2


@contributions.mistake(
    "This is what all five add together. Keep them apart, one number a neuron: a * w2, not a @ w2."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, x @ W1 + b1) @ w2


@contributions.mistake("Leave the base price out: it is added once, to the sum of the contributions.")
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return BASE + np.maximum(0, x @ W1 + b1) * w2


@contributions.mistake(
    "This is the whole price. Leave the base out, and keep the five amounts apart: a * w2."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return BASE + np.maximum(0, x @ W1 + b1) @ w2


@contributions.mistake(
    "max gives one number, the largest of the five sums. For the relu of each write np.maximum(0, z)."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.max(x @ W1 + b1) * w2


@contributions.mistake(
    "This table has each output with every w2. Each neuron has one w2, its own: a * w2 pairs them one by one."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.outer(np.maximum(0, x @ W1 + b1), w2)


@contributions.mistake(
    "In this table the relu has each product by itself. First add up the products of each neuron: x @ W1."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, x[:, None] * W1 + b1) * w2


@contributions.mistake(
    "This table holds the products of each input with its weights: add them up with x @ W1."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return x[:, None] * W1


@contributions.mistake(
    "reshape does not turn a table round: the weights land at other neurons. W1 fits as it is, x @ W1."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return np.maximum(0, W1.reshape(5, 4) @ x + b1) * w2


@contributions.mistake(
    "int cuts off what stands after the point. Return the dollars in full; round them where you print them."
)
def _(x: Array, W1: Array, b1: Array, w2: Array) -> Any:
    return (np.maximum(0, x @ W1 + b1) * w2).astype(int)


def two_tables(rng: Random) -> tuple[Array, Array]:
    """Houses to learn from, and others.

    Where the first are four, axis=1 gives numbers and not an error; with keepdims where both are four.
    """
    n, m = rng.choice([7, 4, 4]), rng.choice([2, 3, 4, 1])
    return rng.uniform(LOWEST, HIGHEST, (n, 4)).round(2), rng.uniform(LOWEST, HIGHEST, (m, 4)).round(2)


@exercise(
    given=two_tables,
    hints=[
        "For each column two numbers of the training rows: the mean and the standard deviation.",
        "X_train.mean(axis=0) is the mean of each column; X_train.std(axis=0) its standard deviation.",
        "From every row of X take the mean, then divide by the standard deviation. Mind the brackets.",
        "return (X - X_train.mean(axis=0)) / X_train.std(axis=0)",
    ],
    done="whatever X holds, it is measured by the training rows, and no table has changed.",
)
def standardise(X_train: Array, X: Array) -> Any:
    mean = X_train.mean(axis=0)
    std = X_train.std(axis=0)
    return (X - mean) / std


@standardise.mistake(
    "Mean and standard deviation are those of X. Take them from X_train: "
    "otherwise the same house becomes another number in another table."
)
def _(X_train: Array, X: Array) -> Any:
    return (X - X.mean(axis=0)) / X.std(axis=0)


@standardise.mistake("The mean is that of X. Take both numbers from X_train.")
def _(X_train: Array, X: Array) -> Any:
    return (X - X.mean(axis=0)) / X_train.std(axis=0)


@standardise.mistake("The standard deviation is that of X. Take both numbers from X_train.")
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=0)) / X.std(axis=0)


@standardise.mistake(
    "This is one mean for square feet, bedrooms, miles and years together. "
    "Each column needs its own: mean(axis=0), std(axis=0)."
)
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean()) / X_train.std()


@standardise.mistake(
    "These two numbers are of all of X. Wanted are two for each column, and of X_train: axis=0."
)
def _(X_train: Array, X: Array) -> Any:
    return (X - X.mean()) / X.std()


@standardise.mistake("axis=1 goes along each row, one house. For each column, down all houses, write axis=0.")
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=1)) / X_train.std(axis=1)


@standardise.mistake("axis=1 goes along each row; the mean of each column is axis=0. keepdims is not needed.")
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=1, keepdims=True)) / X_train.std(axis=1, keepdims=True)


@standardise.mistake(
    "These are mean and standard deviation of each house of X: axis=1 goes along each row. "
    "Wanted are those of each column of X_train: axis=0."
)
def _(X_train: Array, X: Array) -> Any:
    return (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True)


@standardise.mistake(
    "You divide by the maximum. Here the mean is taken off, then comes the standard deviation."
)
def _(X_train: Array, X: Array) -> Any:
    return X / X_train.max(axis=0)


@standardise.mistake(
    "You divide by the maximum once the mean is off. Divide by the standard deviation: std(axis=0)."
)
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=0)) / X_train.max(axis=0)


@standardise.mistake("This scales from smallest to largest, 0 to 1. Here it is (X - mean) / std.")
def _(X_train: Array, X: Array) -> Any:
    low, high = X_train.min(axis=0), X_train.max(axis=0)
    return (X - low) / (high - low)


@standardise.mistake("The mean is not taken off: (X - mean) / std, so that an average house becomes 0.")
def _(X_train: Array, X: Array) -> Any:
    return X / X_train.std(axis=0)


@standardise.mistake("The mean is off, and the units are still there: divide by the standard deviation too.")
def _(X_train: Array, X: Array) -> Any:
    return X - X_train.mean(axis=0)


@standardise.mistake("Python divides first: the subtraction needs brackets, (X - mean) / std.")
def _(X_train: Array, X: Array) -> Any:
    return X - X_train.mean(axis=0) / X_train.std(axis=0)


@standardise.mistake("You multiply by the standard deviation: divide by it.")
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=0)) * X_train.std(axis=0)


@standardise.mistake(
    "The sign is turned round: X minus the mean, so that a large house becomes a positive number."
)
def _(X_train: Array, X: Array) -> Any:
    return (X_train.mean(axis=0) - X) / X_train.std(axis=0)


@standardise.mistake("You divide by the variance. The standard deviation is its root: std in place of var.")
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=0)) / X_train.var(axis=0)


@standardise.mistake(
    "Close: this standard deviation divides by n − 1, as ddof=1 asks for (and as pandas does). Here it is n."
)
def _(X_train: Array, X: Array) -> Any:
    return (X - X_train.mean(axis=0)) / X_train.std(axis=0, ddof=1)


@standardise.mistake("This is X_train, standardised. Return the rows of X.")
def _(X_train: Array, X: Array) -> Any:
    return (X_train - X_train.mean(axis=0)) / X_train.std(axis=0)
