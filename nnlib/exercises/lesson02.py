"""The exercises of lesson 02: each with its solution, its typical mistakes, and its hints."""

from typing import Any

import numpy as np

from ..checks import Array
from ..training import History
from .engine import exercise

Random = np.random.Generator


def houses(rng: Random) -> tuple[Array, Array]:
    """Areas and prices of a few houses, both in thousands."""
    n = rng.integers(3, 8)
    return rng.uniform(0.6, 4, n).round(2), rng.uniform(150, 900, n).round()


def line(rng: Random) -> tuple[float, float]:
    """A weight and a bias."""
    return float(rng.uniform(-100, 300)), float(rng.uniform(-200, 400))


@exercise(
    given=lambda rng: (houses(rng)[0], *line(rng)),
    hints=[
        "Each area times the weight, plus the bias. An array times a number needs no loop.",
        "return w * x + b",
    ],
    done="one line of Python prices every house.",
)
def predict(x: Array, w: float, b: float) -> Any:
    return w * x + b


@predict.mistake("The bias is missing: it is added to every price.")
def _(x: Array, w: float, b: float) -> Any:
    return w * x


@predict.mistake("The weight is missing: each area is multiplied by w.")
def _(x: Array, w: float, b: float) -> Any:
    return x + b


@predict.mistake("w and b have changed places: w multiplies the area, b is added.")
def _(x: Array, w: float, b: float) -> Any:
    return b * x + w


@predict.mistake(
    "The bias is inside the brackets: there it is multiplied by w as well. First w * x, then + b."
)
def _(x: Array, w: float, b: float) -> Any:
    return w * (x + b)


@predict.mistake("The bias is subtracted: it is added.")
def _(x: Array, w: float, b: float) -> Any:
    return w * x - b


@exercise(
    given=lambda rng: tuple(rng.uniform(1, 9, (2, rng.integers(3, 8))).round(1)),
    hints=[
        "First the residuals y_hat - y, one for each house. Then square each of them.",
        "np.mean takes the mean of an array; residuals ** 2 squares each entry.",
        "return np.mean((y_hat - y) ** 2)",
    ],
    done="one number says how wrong all predictions are together.",
)
def mse(y_hat: Array, y: Array) -> Any:
    return np.mean((y_hat - y) ** 2)


@mse.mistake(
    "The squares are missing: residuals above and below the line cancel. Square each before the mean."
)
def _(y_hat: Array, y: Array) -> Any:
    return np.mean(y_hat - y)


@mse.mistake("You square the mean. Square each residual first: then none cancels another.")
def _(y_hat: Array, y: Array) -> Any:
    return np.mean(y_hat - y) ** 2


@mse.mistake("This is the sum: with more houses it grows, though no prediction is worse. Take the mean.")
def _(y_hat: Array, y: Array) -> Any:
    return np.sum((y_hat - y) ** 2)


@mse.mistake("This is the mean distance. It is a loss too, but another one: here each residual is squared.")
def _(y_hat: Array, y: Array) -> Any:
    return np.mean(np.abs(y_hat - y))


@mse.mistake("This is the root of the loss, which is back in thousand dollars. Leave out the root.")
def _(y_hat: Array, y: Array) -> Any:
    return np.sqrt(np.mean((y_hat - y) ** 2))


@mse.mistake("This is half of it: some books divide by 2 as well. Here the mean of the squares is all.")
def _(y_hat: Array, y: Array) -> Any:
    return np.mean((y_hat - y) ** 2) / 2


@exercise(
    given=lambda rng: (*houses(rng), *line(rng)),
    hints=[
        "Begin with the residuals: error = w * x + b - y.",
        "For b: every residual changes by 1 when b does. The slope is 2 times the mean of the residuals.",
        "For w: a residual changes by its house's x. So the mean is that of error * x, again times 2.",
        "return 2 * np.mean(error * x), 2 * np.mean(error)",
    ],
    done="these two numbers say which way, and how steeply, the loss rises along w and along b.",
)
def gradient(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return 2 * np.mean(error * x), 2 * np.mean(error)


@gradient.mistake("In the slope of w the input x is missing: a large house moves more when w does.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return 2 * np.mean(error), 2 * np.mean(error)


@gradient.mistake("The 2 is missing in both: the square of a residual changes by 2 times the residual.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return np.mean(error * x), np.mean(error)


@gradient.mistake("These are sums. The loss is a mean over the houses, so its slopes are means too.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return 2 * np.sum(error * x), 2 * np.sum(error)


@gradient.mistake("The signs are reversed: a residual is prediction minus price, w * x + b - y.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = y - w * x - b
    return 2 * np.mean(error * x), 2 * np.mean(error)


@gradient.mistake("The slope of b has an x too many: b is added to every house alike, whatever its area.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return 2 * np.mean(error * x), 2 * np.mean(error * x)


@gradient.mistake("The two slopes have changed places: first that of w, then that of b.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return 2 * np.mean(error), 2 * np.mean(error * x)


@gradient.mistake("The bias is missing in the prediction: error = w * x + b - y.")
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x - y
    return 2 * np.mean(error * x), 2 * np.mean(error)


@gradient.mistake(
    "In the slope of w you multiply two means. Multiply each residual by its own x, then take the mean."
)
def _(x: Array, y: Array, w: float, b: float) -> Any:
    error = w * x + b - y
    return 2 * np.mean(error) * np.mean(x), 2 * np.mean(error)


@exercise(
    given=lambda rng: (*line(rng), *rng.normal(0, 500, 2), float(rng.uniform(0.01, 0.3))),
    hints=[
        "A positive slope means: more of this number, more loss. So which way must it go?",
        "How far: its slope times the rate. Each number has a slope of its own.",
        "return w - rate * dw, b - rate * db",
    ],
    done="repeat this, and you have gradient descent.",
)
def step(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w - rate * dw, b - rate * db


@step.mistake("This climbs: both are added, and the loss rises. A step goes against the slope, with a minus.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w + rate * dw, b + rate * db


@step.mistake("The rate is missing: it says how much of each slope is taken.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w - dw, b - db


@step.mistake("b has not moved: it has a slope too, db.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w - rate * dw, b


@step.mistake("w has not moved: it has a slope too, dw.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w, b - rate * db


@step.mistake("Both move by the slope of w. b has a slope of its own, db.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w - rate * dw, b - rate * dw


@step.mistake("These are the moves. Wanted is where w and b stand after them.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return -rate * dw, -rate * db


@step.mistake("Dividing by the rate would make a small rate take large steps: multiply.")
def _(w: float, b: float, dw: float, db: float, rate: float) -> Any:
    return w - dw / rate, b - db / rate


def slopes(x: Array, y: Array, w: float, b: float) -> tuple[Any, str]:
    """The slopes along w and b, by the learner's `gradient` once it has passed, and whose they are."""
    found = gradient.function(x.copy(), y.copy(), w, b)
    return found, "your gradient" if gradient.yours else "nnlib's gradient, until yours passes its check"


def descend(x: Array, y: Array, w: float, b: float, rate: float, epochs: int) -> tuple[History, str]:
    """The film of gradient descent by the learner's `gradient` and `step`, and whose they were.

    Each of the two is nnlib's until the learner's has passed its check. The film ends early where w or b is
    no finite number any more.
    """
    move, film = step.function, History(2)
    film.keep(0, np.array([w, b], dtype=float))
    with np.errstate(all="ignore"):
        for epoch in range(1, epochs + 1):
            found, _ = slopes(x, y, w, b)
            w, b = move(w, b, *found, rate)
            if not np.isfinite([w, b]).all():
                break
            film.keep(epoch, np.array([w, b], dtype=float))
    if gradient.yours and step.yours:
        return film, "moved by your gradient and your step"
    waits = [each.name for each in (gradient, step) if not each.yours]
    passed = "yours pass their checks" if len(waits) == 2 else "yours passes its check"
    return film, f"moved by nnlib's {' and '.join(waits)}, until {passed}"
