"""The exercises of lesson 01: dot, length and cosine of vectors, and the product of a matrix and a vector."""

from typing import Any

import numpy as np

from ..checks import Array
from .engine import exercise

Random = np.random.Generator


def _two_vectors(rng: Random) -> tuple[Array, Array]:
    """Two vectors of one length, from 2 to 5 numbers."""
    one, other = rng.uniform(-3, 3, (2, rng.choice([3, 2, 4, 5])))
    return one, other


def _matrix_and_vector(rng: Random) -> tuple[Array, Array]:
    """As many rows as columns, so that one who takes columns for rows gets numbers, and can be told so."""
    n = rng.choice([3, 2, 4])
    return rng.uniform(-3, 3, (n, n)), rng.uniform(-3, 3, n)


@exercise(
    given=_two_vectors,
    hints=[
        "Begin with total = 0. Go through the places of the vectors: for k in range(len(x)):",
        "In each round, multiply the pair x[k] * w[k] and add it to what is in total already.",
        "total = total + x[k] * w[k] in the loop; return total after it, not indented.",
    ],
    done="a sum of products, for vectors of any length. The figures further down count with yours.",
)
def dot(x: Array, w: Array) -> Any:
    total = 0
    for k in range(len(x)):
        total = total + x[k] * w[k]
    return total


@dot.mistake("Only the last product is left: each round writes over total. Add to it: total = total + …")
def _(x: Array, w: Array) -> Any:
    return x[-1] * w[-1]


@dot.mistake("Only the first product comes back: return stands in the loop. Put it after the loop.")
def _(x: Array, w: Array) -> Any:
    return x[0] * w[0]


@dot.mistake("You add each vector up and multiply the two sums. Multiply pair by pair, then add.")
def _(x: Array, w: Array) -> Any:
    return np.sum(x) * np.sum(w)


@dot.mistake("This is the sum of all numbers. The two of a pair are multiplied, not added.")
def _(x: Array, w: Array) -> Any:
    return np.sum(x) + np.sum(w)


@dot.mistake("The result is too large by 1: a sum starts from 0.")
def _(x: Array, w: Array) -> Any:
    return 1 + np.dot(x, w)


@dot.mistake("The products are multiplied with each other. Add them up, starting from 0.")
def _(x: Array, w: Array) -> Any:
    return np.prod(x * w)


@dot.mistake("The last pair is left out: range(len(x)) goes through all of them.")
def _(x: Array, w: Array) -> Any:
    return np.dot(x[:-1], w[:-1])


@dot.mistake("The first pair is left out: counting begins at 0, as range(len(x)) does.")
def _(x: Array, w: Array) -> Any:
    return np.dot(x[1:], w[1:])


@dot.mistake("Two pairs are counted, whatever the length: range(len(x)) goes through all of them.")
def _(x: Array, w: Array) -> Any:
    return np.dot(x[:2], w[:2])


@dot.mistake("You multiply x by itself: each number of x has its partner in w.")
def _(x: Array, w: Array) -> Any:
    return np.dot(x, x)


@exercise(
    given=lambda rng: (rng.uniform(-3, 3, rng.choice([3, 2, 4, 5])),),
    hints=[
        "For (3, 4) it is the long side of a triangle with the sides 3 and 4, so 5.",
        "Square each number, add the squares up. What takes a square back?",
        "After the loop: return np.sqrt(total), where total is the sum of the squares.",
    ],
    done="Pythagoras, for vectors with any number of entries.",
)
def length(x: Array) -> Any:
    total = 0
    for value in x:
        total = total + value**2
    return np.sqrt(total)


@length.mistake("This is the square of the length: take the square root of the sum, np.sqrt(total).")
def _(x: Array) -> Any:
    return np.sum(x**2)


@length.mistake(
    "You add up how large the numbers are: that is the way round two sides of the triangle, not the straight "
    "one. Square each number, add, then take the root."
)
def _(x: Array) -> Any:
    return np.sum(np.abs(x))


@length.mistake("You add first and square then. Square each number, then add.")
def _(x: Array) -> Any:
    return abs(np.sum(x))


@length.mistake("You divide by how many numbers there are. A length is no mean: leave that out.")
def _(x: Array) -> Any:
    return np.sqrt(np.mean(x**2))


@length.mistake("This is the largest of the numbers. All of them count: squared, added, and the root.")
def _(x: Array) -> Any:
    return np.max(np.abs(x))


@length.mistake("This is how many numbers there are, len(x). How long is the arrow that they draw?")
def _(x: Array) -> Any:
    return len(x)


@length.mistake("Only the last number is left: add each square to what is in total already.")
def _(x: Array) -> Any:
    return abs(x[-1])


@exercise(
    given=_two_vectors,
    hints=[
        "Above the line stands the dot product; below it both lengths, multiplied.",
        "You have the parts: dot(a, b), length(a) and length(b).",
        "return dot(a, b) / (length(a) * length(b)), with brackets round what stands below.",
    ],
    done="it lies between −1 and 1, however long the two vectors are.",
)
def cosine(a: Array, b: Array) -> Any:
    return np.dot(a, b) / (np.linalg.norm(a) * np.linalg.norm(b))


def _lengths(a: Array, b: Array) -> tuple[Any, Any]:
    return np.linalg.norm(a), np.linalg.norm(b)


@cosine.mistake("This is the dot product. Divide it by both lengths.")
def _(a: Array, b: Array) -> Any:
    return np.dot(a, b)


@cosine.mistake("You divide by the length of a alone. Divide by that of b too.")
def _(a: Array, b: Array) -> Any:
    return np.dot(a, b) / _lengths(a, b)[0]


@cosine.mistake("You divide by the length of b alone. Divide by that of a too.")
def _(a: Array, b: Array) -> Any:
    return np.dot(a, b) / _lengths(a, b)[1]


@cosine.mistake("You divide by the sum of the lengths. Multiply the two lengths.")
def _(a: Array, b: Array) -> Any:
    return np.dot(a, b) / sum(_lengths(a, b))


@cosine.mistake(
    "Python goes from left to right: it divides by the first length and multiplies by the second. Put "
    "brackets round the product of the lengths."
)
def _(a: Array, b: Array) -> Any:
    one, other = _lengths(a, b)
    return np.dot(a, b) / one * other


@cosine.mistake("You multiply by the lengths. Divide by them: they are not to count.")
def _(a: Array, b: Array) -> Any:
    one, other = _lengths(a, b)
    return np.dot(a, b) * one * other


@cosine.mistake("You divide by the squares of the lengths: take the square roots first.")
def _(a: Array, b: Array) -> Any:
    return np.dot(a, b) / (np.dot(a, a) * np.dot(b, b))


@cosine.mistake("len(a) is how many numbers a has. Its length as an arrow is length(a).")
def _(a: Array, b: Array) -> Any:
    return np.dot(a, b) / (len(a) * len(b))


@exercise(
    given=_matrix_and_vector,
    hints=[
        "W[0] is the first row of W, W[1] the second. What is to be done with each row and x?",
        "Begin with y = np.zeros(len(W)), a zero for each row, and for i in range(len(W)): below it.",
        "In each round y[i] = np.dot(W[i], x), or your own dot; return y after the loop.",
    ],
    done="one dot product for each row. Run the next cell: the figure shows your y.",
)
def matvec(W: Array, x: Array) -> Any:
    y = np.zeros(len(W))
    for i in range(len(W)):
        y[i] = np.dot(W[i], x)
    return y


@matvec.mistake("You take the columns of W. Each row meets x: W[i] is row i.")
def _(W: Array, x: Array) -> Any:
    return W.T @ x


@matvec.mistake("Each row is added up without x. Multiply it with x, pair by pair, and add.")
def _(W: Array, x: Array) -> Any:
    return W.sum(axis=1)


@matvec.mistake(
    "All results are that of the first row: it is W[i] that changes from round to round, not W[0]."
)
def _(W: Array, x: Array) -> Any:
    return np.full(len(W), W[0] @ x)


@matvec.mistake("All results are that of the last row: take each row in its turn.")
def _(W: Array, x: Array) -> Any:
    return np.full(len(W), W[-1] @ x)


@matvec.mistake(
    "Each row is added up and multiplied by one number of x. It is a dot product: pairs, then a sum."
)
def _(W: Array, x: Array) -> Any:
    return W.sum(axis=1) * x


@matvec.mistake("The rows come in the wrong order: the first row makes the first number of y.")
def _(W: Array, x: Array) -> Any:
    return (W @ x)[::-1]


@matvec.mistake("The results are added to those before. Start every row from 0: total = 0 inside the loop.")
def _(W: Array, x: Array) -> Any:
    return np.cumsum(W @ x)
