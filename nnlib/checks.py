"""Input checks: every message about unusable input, in one place.

A message names what came, what was wanted and what to try. Checks run once, before a calculation
starts, never inside its loop.
"""

import math
import os
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from .training import History

Array = np.ndarray[Any, np.dtype[np.float64]]  # as numpy.typing's NDArray, which takes longer to import
T = TypeVar("T")
R = TypeVar("R", float, Array)


class ShapeError(ValueError):
    """An array has a shape that does not fit."""


class TrainingDiverged(FloatingPointError):
    """The loss left the range of numbers; `history` holds the epochs before (None when `train` raised it)."""

    history: "History | None" = None


# Numbers and arrays ---------------------------------------------------------------------------------


def as_numbers(values: object, name: str) -> Array:
    """`values` as an array of finite float64 of any shape, a copy only where one is needed.

    Raises
    ------
    ShapeError : rows of unequal length.
    ValueError : text, None, NaN or infinity.
    """
    if values is None:
        raise ValueError(
            f"{name} is None, where numbers are wanted. A function gives None when its return is missing."
        )
    try:
        array = np.asarray(values)
        if array.dtype == object and any(isinstance(row, (list, tuple, np.ndarray)) for row in array.flat):
            array = np.asarray(array.tolist())  # a table whose rows were kept as objects
    except ValueError:
        raise ShapeError(
            f"{name} has rows of unequal length; {_row_lengths(values)}"
            "give every row the same number of values."
        ) from None
    if array.dtype.kind not in "fiub":
        array = _as_objects(values, array)
    if hasattr(values, "filled"):  # a masked array: the numbers behind its mask must not be used
        array = np.where(values.mask, np.nan, array)  # type: ignore[attr-defined]
    if array.dtype == object:
        array = _from_objects(array, name)
    with np.errstate(over="ignore"):  # a longer float may not fit; it becomes infinite, which is caught below
        numbers = array.astype(np.float64, copy=False)
    finite = np.isfinite(numbers)
    if not finite.all():
        where = tuple(np.argwhere(~finite)[0])
        raise ValueError(f"{_place(name, where)} is {numbers[where]}; every value must be a finite number.")
    return numbers


def _as_objects(values: object, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The values as they came, where NumPy's `array` of them holds something else than numbers."""
    objects = np.asarray(values, dtype=object)
    if array.dtype.kind in "mM" and any(isinstance(value, int) for value in objects.flat):
        return array.astype(str).astype(object)  # a date to the nanosecond would pass for a whole number
    return objects


def _from_objects(array: np.ndarray[Any, Any], name: str) -> Array:
    for where, value in np.ndenumerate(array):
        if not isinstance(value, (Real, np.bool_)):
            raise ValueError(
                f"{_place(name, where)} is {in_short(value)}; every value must be a finite number. "
                "Turn text into numbers, and leave out rows with missing values."
            )
    try:
        return array.astype(np.float64)
    except OverflowError:
        raise ValueError(f"{name} holds a whole number that is too large to calculate with.") from None


def in_short(value: object) -> str:
    """What came, as a message names it: short, whatever it is."""
    if isinstance(value, np.generic):
        value = value.item()  # 0.5 in place of np.float64(0.5)
    if isinstance(value, type):
        return f"the class {value.__name__}"
    try:
        text = repr(value)
    except Exception:  # a whole number of 5,000 digits, or lists nested as deep
        return f"a value of type {type(value).__name__}"
    if len(text) <= 30:
        return text
    return f"{text:.29}…" if isinstance(value, (str, int)) else f"a value of type {type(value).__name__}"


def _place(name: str, where: tuple[int, ...]) -> str:
    return f"{name}[{', '.join(str(i) for i in where)}]" if where else name


def _row_lengths(values: object) -> str:
    try:
        lengths = [len(row) for row in values]  # type: ignore[attr-defined]
    except TypeError:
        return ""
    odd = next((i for i, n in enumerate(lengths) if n != lengths[0]), None)
    return "" if odd is None else f"row 0 has {lengths[0]} and row {odd} has {lengths[odd]}: "


def as_table(values: object, name: str, columns: int | None = None, what: str = "the network") -> Array:
    """`values` as a table of finite numbers, shape (rows, columns), with at least one row.

    Raises
    ------
    ShapeError : not two-dimensional, no rows or no columns, or not the columns that `what` needs.
    ValueError : as `as_numbers`.
    """
    table = as_numbers(values, name)
    if table.ndim and len(table) == 0:
        raise ShapeError(f"{name} has no rows; at least one is needed.")
    if table.ndim != 2:
        wanted = f"{name} must be a table of shape (rows, columns); got "
        if table.ndim == 0:
            raise ShapeError(f"{wanted}the single number {table[()]:g}. Use [[{table[()]:g}]] for one row.")
        if table.ndim == 1 and columns not in (None, 1) and table.size == columns:
            raise ShapeError(f"{wanted}shape {table.shape}. Use [{name}] for one row.")
        column = (
            f"{name}.reshape(-1, 1)" if isinstance(values, np.ndarray) else f"np.reshape({name}, (-1, 1))"
        )
        hint = f" Use {column} for one column." if table.ndim == 1 else ""
        if table.ndim == 1 and columns not in (None, 1):
            row = ", ".join(str(k) for k in range(1, columns + 1))
            hint = f" One row has {columns} numbers, as in [[{row}]]; {column} makes one column."
        raise ShapeError(f"{wanted}shape {table.shape}.{hint}")
    if table.shape[1] == 0:
        raise ShapeError(f"{name} has no columns; at least one is needed.")
    if columns is not None and table.shape[1] != columns:
        raise ShapeError(f"{name} has {count(table.shape[1], 'column')}, but {what} needs {columns}.")
    return table


def as_pair(
    X: object, y: object, n_in: int, n_out: int, names: tuple[str, str] = ("X", "y")
) -> tuple[Array, Array]:
    """`X` of shape (rows, n_in) and `y` of shape (rows, n_out), contiguous in memory.

    Raises
    ------
    ShapeError : either is no table, the columns do not fit the network, or the rows differ in number.
    ValueError : as `as_numbers`.
    """
    inputs, targets = as_table(X, names[0], n_in), as_table(y, names[1], n_out)
    if len(inputs) != len(targets):
        raise ShapeError(
            f"{names[0]} has {count(len(inputs), 'row')} and {names[1]} has {count(len(targets), 'row')}; "
            f"every row of {names[0]} needs its own row of {names[1]}."
        )
    return np.ascontiguousarray(inputs), np.ascontiguousarray(targets)


def as_shape(values: object, shape: tuple[int, ...], name: str, meaning: str = "") -> Array:
    """`values` as finite numbers of exactly that shape, so that nothing is stretched to fit.

    Raises
    ------
    ShapeError : another shape.
    ValueError : as `as_numbers`.
    """
    numbers = as_numbers(values, name)
    if numbers.shape != shape:
        wanted = f"{shape}, {meaning}" if meaning else f"{shape}"
        raise ShapeError(f"{name} must have shape {wanted}; got shape {numbers.shape}.")
    return numbers


def as_number(value: object, name: str) -> float:
    """`value` as one finite number; ValueError says what came instead."""
    number = as_numbers(value, name)
    if number.ndim:
        raise ShapeError(f"{name} must be one number; got shape {number.shape}.")
    return float(number)


def as_finite(result: R, what: str) -> R:
    """`result` itself; FloatingPointError where the calculation left the range of numbers."""
    if np.isfinite(result).all():
        return result
    raise FloatingPointError(
        f"{what} is infinite or undefined: the numbers are too large to calculate with. "
        "Scale them, or use another unit."
    )


# Settings -------------------------------------------------------------------------------------------


def whole(value: object, name: str, least: int = 1, hint: str = "") -> int:
    """`value` as a whole number of at least `least`; ValueError says what came instead."""
    if isinstance(value, Integral) and not isinstance(value, bool) and int(value) >= least:
        return int(value)
    raise ValueError(f"{name} must be a whole number of {least} or more; got {in_short(value)}.{hint}")


def between(value: object, name: str, low: int, high: int) -> int:
    """`value` as a whole number from `low` to `high`; ValueError says what came instead."""
    number = whole(value, name, least=low)
    if number > high:
        raise ValueError(f"{name} goes from {low} to {high}; got {in_short(value)}.")
    return number


def positive(value: object, name: str, hint: str = "") -> float:
    """`value` as a finite number above 0; ValueError says what came instead."""
    number = _as_float(value)
    if 0 < number < math.inf:
        return number
    raise ValueError(f"{name} must be a finite number above 0; got {in_short(value)}.{hint}")


def fraction(value: object, name: str) -> float:
    """`value` as a number from 0 up to, but not including, 1; ValueError says what came instead."""
    number = _as_float(value)
    if 0 <= number < 1:
        return number
    raise ValueError(f"{name} must be a number from 0 up to, but not including, 1; got {in_short(value)}.")


def as_path(value: object, example: str) -> Path:
    """`value` as the path of a file; ValueError for what can be none."""
    try:
        if isinstance(value, (str, Path)) and b"\0" not in os.fsencode(value):
            path = Path(value)
            if 0 < len(path.name) <= 200:
                return path
    except UnicodeEncodeError:  # half of a sign
        pass
    raise ValueError(f"a file name is needed, as in {example!r}; got {in_short(value)}.")


def as_text(value: object, name: str) -> str:
    """`value` itself where it is a text; ValueError says what came instead."""
    if isinstance(value, str):
        return value
    raise ValueError(f"{name} must be a text in quotes, as in 'hours'; got {in_short(value)}.")


def as_texts(values: Iterable[str], name: str, least: int = 0) -> list[str]:
    """`values` as a list of at least so many texts; ValueError for anything else, a text alone too."""
    try:
        texts = list(values)
    except TypeError:  # nothing to go through
        texts = [values]  # type: ignore[list-item]
    if isinstance(values, str) or len(texts) < least or not all(isinstance(text, str) for text in texts):
        raise ValueError(f"{name} must be a list of texts, as in ['one', 'two']; got {in_short(values)}.")
    return texts


def one_or_more(values: str | Iterable[str], name: str) -> list[str]:
    """A text, or a list of texts, as a list; ValueError for anything else."""
    return [values] if isinstance(values, str) else as_texts(values, name)


def of_kind(value: object, kind: type[T], name: str, hint: str = "") -> T:
    """`value` itself, where it is of that class; ValueError says what came instead."""
    if isinstance(value, kind):
        return value
    raise ValueError(f"{name} must be a {kind.__name__}; got {in_short(value)}.{hint}")


def _as_float(value: object) -> float:
    if not isinstance(value, Real) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:  # a whole number may have any length
        return math.inf


def choose(name: object, known: Mapping[str, T], kind: str) -> T:
    """`known[name]`, in capitals or not; ValueError lists what is known and which may have been meant."""
    if isinstance(name, str):
        if name in known:
            return known[name]
        for spelling, value in known.items():
            if spelling.lower() == name.lower():
                return value
        hint = did_you_mean(name.lower(), known)
        raise ValueError(
            f"{in_short(name)} is no {kind} that nnlib knows; choose one of {', '.join(known)}.{hint}"
        )
    hint = f" Write {name.__name__}(), with brackets." if isinstance(name, type) else ""
    raise ValueError(f"the {kind} must be one of {', '.join(known)}; got {in_short(name)}.{hint}")


def one_of(name: object, names: Iterable[str], kind: str) -> str:
    """The one of these names that is meant, as it is spelt there; ValueError as for `choose`."""
    return choose(name, {known: known for known in names}, kind)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A sentence with the known name nearest to a misspelt one, or nothing where none is near."""
    from difflib import get_close_matches  # only a slip needs it, and it is slow to import

    close = get_close_matches(name, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def random_numbers(seed: object) -> "np.random.Generator":
    """A source of random numbers: the same for the same whole number, a new one each time for None."""
    if seed is not None:
        seed = whole(seed, "seed", least=0, hint=" None draws other numbers each time.")
    return np.random.default_rng(seed)


def count(n: int, noun: str) -> str:
    """ "1 row", "2 rows"."""
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
