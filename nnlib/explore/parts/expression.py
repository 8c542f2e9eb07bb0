"""A curve that a learner types: an expression such as "sin(x) + x/3", or points such as "0 1, 2 5, 4 3".

The text is read as arithmetic and nothing else: Python's parser makes a tree of it, and the tree is worked
out here, sign by sign. No name but x and pi, and no function that is not in FUNCTIONS, has a meaning.
"""

import ast
import operator
import re
import warnings
from collections.abc import Callable
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from ...checks import Array, did_you_mean
from ...style import given

LONGEST = 200  # characters of a text
LARGEST = 1000.0  # that a curve may reach, up or down
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "tanh": np.tanh, "exp": np.exp, "log": np.log,
    "sqrt": np.sqrt, "abs": np.abs, "floor": np.floor, "relu": lambda x: np.maximum(x, 0.0),
    "max": np.maximum, "min": np.minimum,
}  # fmt: skip
SEVERAL = ("max", "min")  # functions of two numbers or more; all others are of one
SIGNS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: np.divide,
    ast.Pow: np.power, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip
ALIKE = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/"})
# each text in one way only: with \d+\.?\d* twelve points and a slip take ten seconds to refuse
NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?"
POINTS = re.compile(rf"\s*{NUMBER}\s+{NUMBER}\s*(?:[,;]\s*{NUMBER}\s+{NUMBER}\s*)*[,;]?\s*", re.IGNORECASE)


class Unreadable(ValueError):
    """Why a text is no curve, in words for the one who typed it."""


class Typed(NamedTuple):
    """A curve from `start` to `end`: its rule, and for typed points these too, (n, 2)."""

    rule: Callable[[Array], Array]
    start: float
    end: float
    points: Array


def typed_curve(text: str, low: float, high: float) -> Typed:
    """The curve of this text over the axis from low to high; Unreadable says what to try."""
    text = str(text).strip().translate(ALIKE)
    if not text:
        raise Unreadable("Type a curve, as in sin(x) + x/3, or points, as in 0 1, 2 5, 4 3.")
    if len(text) > LONGEST:
        raise Unreadable(f"This text has {len(text)} characters; {LONGEST} at most can be read.")
    if POINTS.fullmatch(text):
        return _through_points(text, low, high)
    tree = _parsed(text)

    def rule(x: Array) -> Array:
        with np.errstate(all="ignore"):
            values: Array = np.broadcast_to(_worked_out(tree, x), x.shape).astype(float)
        return values

    x = np.linspace(low, high, 1001)
    _look_at(x, rule(x))
    return Typed(rule, low, high, np.empty((0, 2)))


def _through_points(text: str, low: float, high: float) -> Typed:
    numbers = [float(number) for number in re.findall(NUMBER, text, re.IGNORECASE)]
    points = np.array(numbers).reshape(-1, 2)
    points = points[np.argsort(points[:, 0], kind="stable")]
    if len(points) < 2:
        raise Unreadable("One point makes no curve: type two or more, as in 0 1, 2 5.")
    if points[0, 0] < low or points[-1, 0] > high:
        raise Unreadable(f"The axis goes from {given(low)} to {given(high)}; a point lies outside.")
    if (np.diff(points[:, 0]) == 0).any():
        twice = points[1:, 0][np.diff(points[:, 0]) == 0][0]
        raise Unreadable(f"Two points stand at x = {given(twice)}; a curve has one height there.")
    _look_at(points[:, 0], points[:, 1])
    return Typed(lambda x: np.interp(x, *points.T), points[0, 0], points[-1, 0], points)


def _look_at(x: Array, y: Array) -> None:
    """Unreadable where the curve has no value, or one that is too large."""
    unknown, largest = np.isnan(y), float(np.abs(y[~np.isnan(y)]).max(initial=0.0))
    if unknown.any():
        where = x[unknown]
        span = f"at x = {given(where[0])}"
        if len(where) > 1:
            span = f"for some x between {given(where[0])} and {given(where[-1])}"
        raise Unreadable(
            f"The curve has no value {span}: 0 divided by 0, or the root or logarithm of a negative number."
        )
    if np.isinf(largest):
        where = x[np.isinf(y)]
        raise Unreadable(
            f"The curve has no end at x = {given(where[0])}: a division by 0, the logarithm of 0, or a power "
            "that is too large."
        )
    if largest > LARGEST:
        raise Unreadable(f"The curve reaches {given(largest)}; up to {LARGEST:g} can be drawn. Divide it.")


# Reading --------------------------------------------------------------------------------------------------


def _parsed(text: str) -> ast.expr:
    """The tree of an arithmetic expression in x."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise Unreadable(f"{text!r} cannot be read.{_about(text)}") from None
    try:
        with np.errstate(all="ignore"):
            _worked_out(tree, np.array([1.0]))
    except RecursionError:
        raise Unreadable("This expression is nested too deeply. Write it with fewer brackets.") from None
    return tree


def _about(text: str) -> str:
    """What may be wrong with a text that Python cannot read."""
    if text.count("(") != text.count(")"):
        return " A bracket is open, or one too many is closed."
    if "=" in text:
        return " Write only what stands to the right of the equals sign."
    if re.search(r"\d\s*[a-zA-Z(]|[x)]\s*[\d(]", text):
        return " Write each multiplication, as in 2*x."
    if re.fullmatch(r"[-+.,;\d\se()]+", text):
        return " Points are two numbers each, with a comma between points: 0 1, 2 5, 4 3."
    return " Write it as in sin(x) + x/3, or points as in 0 1, 2 5, 4 3."


def _worked_out(node: ast.expr, x: Array) -> Any:
    """The value of a tree for these x; numbers are floats, so that no power grows beyond all bounds."""
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return np.float64(min(value, 10**308))
        case ast.Name(id="x"):
            return x
        case ast.Name(id="pi"):
            return np.float64(np.pi)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in SIGNS:
            return SIGNS[type(op)](_worked_out(left, x), _worked_out(right, x))
        case ast.UnaryOp(op=op, operand=operand) if type(op) in SIGNS:
            return SIGNS[type(op)](_worked_out(operand, x))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return _called(name, [_worked_out(arg, x) for arg in args])
    raise Unreadable(_refused(node))


def _called(name: str, values: list[Any]) -> Any:
    if name in SEVERAL and len(values) >= 2:
        return reduce(FUNCTIONS[name], values)
    if name not in SEVERAL and len(values) == 1:
        return FUNCTIONS[name](values[0])
    wanted = "two numbers or more, as in max(x, 3)" if name in SEVERAL else f"one number, as in {name}(x)"
    raise Unreadable(f"{name} takes {wanted}; it was given {len(values)}.")


def _refused(node: ast.AST) -> str:
    """What a part of the tree is that has no meaning here."""
    known = f"Known are x, pi, numbers, + - * / ** ( ) and {', '.join(FUNCTIONS)}."
    match node:
        case ast.BinOp(op=ast.BitXor()):
            return "A power is written with two stars: x**2."
        case ast.Call(func=ast.Attribute(attr=name)) | ast.Attribute(attr=name) if name in FUNCTIONS:
            return f"Write {name}(x), without what stands before the dot."
        case ast.Name(id=name) if name in FUNCTIONS:
            return f"After {name} comes what it works on, in brackets: {name}(x)."
        case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
            return f"{name} takes numbers with commas between them, and nothing else."
        case ast.Name(id=name) | ast.Call(func=ast.Name(id=name)):
            return f"{name!r} has no meaning here.{did_you_mean(name, ['x', 'pi', *FUNCTIONS])} {known}"
        case ast.Tuple():
            return "A comma stands between points: 0 1, 2 5, 4 3. Within a number, write a point: 0.5."
        case ast.Constant(value=value):
            return f"{value!r:.40} is no number. {known}"
    return f"This is more than arithmetic. {known}"
