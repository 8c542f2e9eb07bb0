"""Lines of arithmetic that are true as printed: a calculator that is given the left side shows the right.

Rounded numbers often miss the last digit, so a line shows its numbers with as many digits as that takes.
"""

import math
from collections.abc import Callable
from operator import mul, truediv
from typing import Any, NamedTuple

from ...activations import Activation
from ...losses import BinaryCrossEntropy, Loss, MeanAbsoluteError, MeanSquaredError
from ...style import power_of_ten

Parts = list[str | float]  # an expression: its numbers, and the text between them
Term = tuple[Parts, Callable[..., float]]  # an expression, and its value for other numbers in their places

NOISE = 1e-11  # this share of the terms of a sum may be rounding errors; nothing finer is shown
SATURATED = (
    20.0  # from this |z| on a sigmoid is so near to 0 or 1 that formulas with 1 − ŷ need too many digits
)
TINY = 1e-14  # numbers below are shown as 0.00: rounding errors, and slopes that move nothing
FLAT = ("linear", "step")  # activations whose slope is one number everywhere
WHOLE = (*FLAT, "relu")  # activations whose slope is 0 or 1


class Plain(float):
    """A number that is printed without zeros at its end, as in the data: 3, not 3.00."""


class Printed(NamedTuple):
    """A number's text, the number that the text says, and the unit of its last digit."""

    text: str
    value: float
    unit: float


def printed(value: float, more: int = 0, *, figures: int = 2, decimals: int = 2, noise: float = 0) -> Printed:
    """The number with two decimals, and more where fewer than two digits would count; then `more` of them.

    A number halfway between two texts has a digit more, so that nobody needs to know which way it is rounded.
    Parts below `noise` are left out.
    """
    size = abs(value)
    if size < (1e-290 if more else TINY):
        return Printed("0.00" if size else "0", 0.0, 0.01)
    power = math.floor(math.log10(size))
    fixed = -5 < power < 6
    places = figures - 1 - power
    if fixed:
        places = max(places, min(decimals, 3 - power), 0)
    if noise:
        places = min(places, -math.ceil(math.log10(noise)))
        if places + power < 0:
            return Printed("0.00", 0.0, 0.01)
    if abs(size * 10.0**places % 1 - 0.5) < 1e-3:
        places += 1
    if fixed:
        text, raised = f"{value:.{max(places, 0) + more}f}", "0"
        exact = float(text) == value
        text = _stripped(text, 0 if isinstance(value, Plain) else min(places, 2) if exact else places)
    else:
        text, raised = f"{value:.{places + power + more}e}".split("e")
        text = _stripped(text, max(places + power, 1))
    number = float(f"{text}e{raised}")
    if not fixed:
        text += f" × {power_of_ten(int(raised))}"
    return Printed(text.replace("-", "−"), number, 10.0**-places)


def _stripped(digits: str, least: int) -> str:
    """The digits without the zeros at their end, but with so many decimals at least."""
    whole, _, decimals = digits.partition(".")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def equation(name: str, parts: Parts, compute: Callable[..., float], value: float, **style: Any) -> str:
    """`name = parts = value`, its parts with the fewest digits for which this is true.

    parts : the expression: its numbers, and the text between them.
    compute : the expression's value for these numbers.
    style : how to print the value, see `printed`.
    """
    result = printed(value, **style)
    numbers = [part for part in parts if not isinstance(part, str)]
    sign = "≈"
    for more in range(18):
        operands = [printed(number, more) for number in numbers]
        try:
            error = compute(*(operand.value for operand in operands)) - result.value
        except (ArithmeticError, ValueError):  # ln(1 − 1.00): one digit more, and it is no longer 0
            continue
        if abs(error) < 0.4999 * result.unit:
            sign = "="
            break
    texts = iter(operands)
    filled = [part if isinstance(part, str) else next(texts).text for part in parts]
    for k, part in enumerate(parts):
        if not isinstance(part, str):
            first = k == 0 or filled[k - 1].endswith(("(", "|", ", "))
            alone = first and (k + 1 == len(parts) or filled[k + 1][0] in ")|")
            if ("×" in filled[k] and not alone) or (filled[k][0] == "−" and not first):
                filled[k] = f"({filled[k]})"
    return f"{name} = {''.join(filled)} {sign} {result.text}"


# The lines. A formula stands there twice: to be read, and to be computed with the digits that are read.


def scaled(name: str, value: float, center: float, scale: float, result: float) -> str:
    """From real units to the network's numbers."""
    noise = NOISE * (abs(value) + abs(center)) / scale
    if center == 0:
        return equation(name, [Plain(value), " ÷ ", Plain(scale)], truediv, result, noise=noise)
    parts: Parts = ["(", Plain(value), " − ", Plain(center), ") ÷ ", Plain(scale)]
    return equation(name, parts, lambda x, m, s: (x - m) / s, result, noise=noise)


def unscaled(name: str, value: float, center: float, scale: float) -> str:
    """From the network's numbers back to real units."""
    parts: Parts = [value, " × ", Plain(scale)]
    result = value * scale + center
    if center == 0:
        return equation(name, parts, mul, result, decimals=1)
    noise = NOISE * (abs(value * scale) + abs(center))
    parts += [" + ", Plain(center)]
    return equation(name, parts, lambda v, s, m: v * s + m, result, decimals=1, noise=noise)


def activation(name: str, f: Activation, z: float, a: float) -> str:
    """The line of a = f(z); `name` is what a is called."""
    if f.name == "linear":
        return f"{name} = z = {printed(a).text}"
    if f.name == "relu":
        return equation(name, ["max(0, ", z, ")"], lambda v: max(0.0, v), a)
    if f.name == "sigmoid" and abs(z) < SATURATED:
        parts: Parts = ["1 ÷ (1 + e^", -z, ")"]
        return equation(f"{name} = sigmoid(z)", parts, lambda v: 1 / (1 + math.exp(v)), a, noise=NOISE)
    return equation(name, [f"{f.name}(", z, ")"], f, Plain(a) if f.name == "step" else a, noise=NOISE)


def slope(f: Activation, z: float, a: float, value: float) -> str:
    """The line of da/dz."""
    if f.name == "sigmoid":
        return equation("da/dz", [a, " × (1 − ", a, ")"], lambda v, w: v * (1 - w), value)
    if f.name == "tanh":
        return equation("da/dz", ["1 − ", a, "²"], lambda v: 1 - v * v, value, noise=NOISE)
    if f.name == "relu":
        return f"z is {'' if value else 'not '}above 0, so da/dz = {value:.0f}"
    if f.name in FLAT:
        return f"{f.name}: a {'follows z' if value else 'stays as z moves'}, so da/dz = {value:.0f}"
    return f"da/dz = {printed(value).text}"


def delta(f: Activation, outer: float, inner: float, value: float) -> str:
    """The line of delta from dL/da (or dL/dŷ) and da/dz."""
    if f.name in WHOLE:
        inner = Plain(inner)
    return equation("delta = dL/dz", [outer, " × ", inner], mul, value)


def parameter(label: str, value: float, x: float | None = None) -> str:
    """The line of a weight's slope, x × delta, or of a bias's, delta; `value` is delta."""
    if x is None:
        return f"slope of {label} = delta = {printed(value).text}"
    return equation(f"slope of {label}", [x, " × ", value], mul, x * value)


def products(name: str, pairs: list[tuple[float, float]], value: float, bias: float | None = None) -> str:
    """The sum of these products, and of a bias where there is one."""
    parts: Parts = []
    for one, two in pairs:
        parts += [" + ", one, " × ", two]
    if bias is not None:
        parts += [" + ", bias]
    n = 2 * len(pairs)

    def compute(*v: float) -> float:
        return sum(one * two for one, two in zip(v[:n:2], v[1:n:2], strict=True)) + sum(v[n:])

    noise = NOISE * (sum(abs(one * two) for one, two in pairs) + abs(bias or 0))
    return equation(name, parts[1:], compute, value, noise=noise)


def loss_term(loss: Loss, z: float, y_hat: float, y: float) -> Term | None:
    """One output's loss: its formula and how to compute it; None for a loss of one's own."""
    if type(loss) is MeanSquaredError:
        return ["(", y_hat, " − ", y, ")²"], lambda p, t: (p - t) ** 2
    if type(loss) is MeanAbsoluteError:
        return ["|", y_hat, " − ", y, "|"], lambda p, t: abs(p - t)
    if type(loss) is not BinaryCrossEntropy:
        return None
    if z > SATURATED:  # −ln(1 − ŷ) is z
        return ["(1 − ", y, ") × ", z], lambda t, v: (1 - t) * v
    if z < -SATURATED:  # −ln(ŷ) is −z
        return [y, " × ", -z], mul
    return (
        ["−(", y, " × ln(", y_hat, ") + (1 − ", y, ") × ln(1 − ", y_hat, "))"],
        lambda t, p, u, q: -(t * math.log(p) + (1 - u) * math.log(1 - q)),
    )


def rate(loss: Loss, y_hat: float, y: float, value: float, n: int) -> str:
    """The line of dL/dŷ, for one of n outputs."""
    over = f" ÷ {n}" if n > 1 else ""
    if type(loss) is MeanSquaredError:
        return equation("dL/dŷ", ["2 × (", y_hat, " − ", y, f"){over}"], lambda p, t: 2 * (p - t) / n, value)
    if type(loss) is MeanAbsoluteError:
        where, sign = ("above", "1") if value > 0 else ("below", "−1") if value < 0 else ("equal to", "0")
        end = f" = {printed(Plain(value)).text}" if over else ""
        return f"ŷ is {where} y, so dL/dŷ = {sign}{over}{end}"
    return f"dL/dŷ = {printed(value).text}"


def log_loss_delta(y_hat: float, y: float, delta: float, n: int) -> list[str]:
    """The lines of delta for the log loss after a sigmoid."""
    parts: Parts = ["(", y_hat, " − ", y, f") ÷ {n}"] if n > 1 else [y_hat, " − ", y]
    rule = f"(ŷ − y) ÷ {n}" if n > 1 else "ŷ − y"
    return [
        f"With this loss, dL/dŷ × da/dz of a sigmoid is {rule}.",
        equation("delta = dL/dz", parts, lambda p, t: (p - t) / n, delta, noise=NOISE),
    ]
