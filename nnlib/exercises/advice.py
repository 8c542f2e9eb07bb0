"""Words for what a learner's function was given, did and gave back, and what to try where it does not fit."""

import dis
import inspect
import re
import traceback
from types import TracebackType
from typing import Any

import numpy as np


def described(value: object) -> str:
    """What a value is, for one who may not know the names of Python's classes."""
    if value is None or isinstance(value, (bool, np.bool_)):
        return str(value)
    if isinstance(value, int) and abs(value) > 1e300:
        return "a number too large to work with"
    if isinstance(value, (int, float, np.integer, np.floating)):
        return f"the number {value:.4g}"
    if isinstance(value, (complex, np.complexfloating)):
        return f"the complex number {value:.4g}"
    if isinstance(value, np.ndarray) and value.ndim and value.dtype.kind in "iuf":
        return f"an array of shape {value.shape}"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype.name}" if value.ndim else described(value.item())
    if isinstance(value, str):
        return f"the text {short_text(value)!r}"
    if callable(value) and hasattr(value, "__name__"):
        return f"the {'class' if isinstance(value, type) else 'function'} {value.__name__}"
    kind = type(value).__name__
    return f"{'an' if kind[0] in 'aeiouAEIOU' else 'a'} {kind}"


def short_text(value: object) -> str:
    """The value as a text that is not too long, whatever its class does."""
    try:
        text = str(value)
    except Exception:
        return ""
    return text if len(text) <= 200 else text[:197] + "…"


def reshaped(shape: tuple[int, ...], wanted: tuple[int, ...]) -> str:
    """What may bring an array to the shape that is wanted."""
    if np.prod(shape) != np.prod(wanted):
        if len(wanted) == 2 and wanted[1] == 1 and shape == (wanted[0], wanted[0]):
            return "A row has met a column somewhere: give both the same shape."
        return ""
    if not wanted:
        return "Add .item() to take the number out."
    if len(shape) == 2 and shape == wanted[::-1]:
        return "Rows and columns are swapped: try .T."
    return f"Try .reshape({', '.join(map(str, [-1, *wanted[1:]]))})."


def about(error: BaseException, right: Any) -> str:
    """What to try where NumPy or Python found that two values do not fit; "" for another error."""
    said = short_text(error)
    name, inside = _largest(error.__traceback__)
    if name and isinstance(error, TypeError) and (inside or "positional argument" in said):
        return f" For an array: np.{name}imum(0, z), which compares each number with 0."
    if name and isinstance(right, np.ndarray) and "truth value of an array" in said:
        return f" {name} takes one number after the other; for an array write np.{name}imum(0, z)."
    if "broadcast" in said:
        return (
            " A sign like * or + pairs the numbers one by one, so both shapes must be alike. For sums of "
            "products, rows of the one by columns of the other, write @."
        )
    if "matmul" in said and "enough dimensions" in said:
        return " The sign @ wants two arrays, and one of these is a single number: multiply by it with *."
    if "matmul" in said or "not aligned" in said:
        return (
            " A @ B multiplies the rows of A by the columns of B, so these must be equally long, as in "
            "(3, 2) @ (2, 4). Swap the two, or turn one round with .T."
        )
    if "truth value of an array" in said:
        return (
            " One number is asked for there, and a whole array came. Are products still to be added up, as "
            "x @ w does?"
        )
    if "bitwise_xor" in said or "for ^" in said:
        return " A power is written with two stars: ** 2."
    return ""


def _largest(trace: TracebackType | None) -> tuple[str, bool]:
    """Of max and min, that in the page's line where an error came; and whether it came in a library."""
    name, inside = "", False
    for frame, line in traceback.walk_tb(trace):
        inside = bool(frame.f_globals.get("__package__"))
        if not inside:
            steps = dis.get_instructions(frame.f_code)
            names = {str(step.argval) for step in steps if step.positions and step.positions.lineno == line}
            name = next((name for name in ("max", "min") if names & {name, f"{name}imum"}), "")
    return name, inside


def names_in(code: Any, kinds: str) -> list[tuple[str, str]]:
    """In order, the names of these kinds that the function's code loads or stores, as ("LOAD", "x")."""
    names: list[tuple[str, str]] = []
    for step in dis.get_instructions(code):
        found = step.argval if isinstance(step.argval, tuple) else (step.argval,)  # from 3.13 on two at once
        names += zip(re.findall(f"(LOAD|STORE)_(?:{kinds})", step.opname), found, strict=False)
        if kinds == "GLOBAL" and inspect.iscode(step.argval):  # a function or comprehension within
            names += names_in(step.argval, kinds)
    return names
