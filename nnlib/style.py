"""How every picture and sentence of the course looks: its colours, and how a number is written."""

import math
from decimal import ROUND_HALF_UP, Decimal

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
BLACK, GREY, LIGHT = "#000000", "#767676", "#E6E6E6"
POSITIVE, NEGATIVE, DATA, PREDICTION, LOSS, REFERENCE = BLUE, VERMILLION, BLACK, GREEN, PURPLE, GREY


def number(value: float, digits: int = 2) -> str:
    """The number as the pictures write it: a real minus sign, never "−0.00", no more digits than have room.

    `text` in explore/page/diagram.js is the same rule.
    """
    if not abs(value) < 1e6:
        return _power(value)
    decimals = max(0, min(digits, 4 - len(str(int(abs(value))))))
    # of two equally near numbers the larger, as the page does: Python alone would write 0.12 for 0.125
    text = str(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def given(value: float) -> str:
    """A number of the data, as it came: "3", "0.25", "251300"."""
    if abs(value) >= 9999.5:
        return number(value, 0)
    return f"{value:.4g}".replace("-", "−") if value == 0 or abs(value) >= 1e-4 else _power(value)


def capital(text: str) -> str:
    """The text with a capital first letter, and the rest as it came ("kWh")."""
    return text[:1].upper() + text[1:]


def straight(w: float, name: str, b: float) -> str:
    """The straight line w · x + b with the name of its x: "1.00 · study − 3.00"."""
    return f"{number(w)} · {name} {'−' if b < 0 else '+'} {number(abs(b))}"


def short(value: float) -> str:
    """A loss with three digits that count: "0.0567", and "3.9 × 10⁻⁶" where zeros would hide them."""
    if value == 0 or 0.0005 <= value < 999.5:
        return f"{value:.3g}"
    return f"{value:.0f}" if 1 <= value < 1e6 else _power(value)


def dollars(value: float) -> str:
    """Money in whole dollars: "$118,200", "−$1,250", "$0"."""
    if not abs(value) < 1e15:  # nobody reads so many digits
        return f"{_power(value)} dollars"
    text = f"${Decimal(abs(value)).quantize(Decimal(1), ROUND_HALF_UP):,}"
    return text if value > 0 or text == "$0" else f"−{text}"


def _power(value: float) -> str:
    if not math.isfinite(value):
        return f"{value}"
    digits, power = f"{abs(value):.1e}".split("e")
    return f"{'−' if value < 0 else ''}{digits} × {power_of_ten(int(power))}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def power_of_ten(power: int) -> str:
    """A power of ten with its exponent raised: "10⁻³"."""
    return f"10{str(power).translate(_RAISED)}"
