"""A learner's function, run on many inputs: what it returned, or in words why that is of no use yet."""

import builtins
import contextlib
import copy
import inspect
import io
import linecache
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, NoReturn

import numpy as np

from ..checks import did_you_mean
from .advice import about, described, names_in, reshaped, short_text

Function = Callable[..., Any]
Arguments = tuple[Any, ...]


class Unusable(Exception):
    """Why a function cannot be compared with the solution, in words for its author."""


class TooLong(BaseException):
    """The function runs for ever; no `except Exception` of the learner's catches it."""


class Asks(BaseException):
    """The function calls input()."""


class Trial:
    """A function that is to be tried; `name` and `arguments` are those that the exercise wants.

    `returned` holds what it has given so far: where `results` ends early, the last may be of a wrong shape.
    """

    def __init__(self, function: Function, name: str, arguments: Sequence[str]) -> None:
        self.function, self.name, self.arguments = function, name, list(arguments)
        self.returned: list[Any] = []
        self.dots = f"Not done yet: put your own lines into {name} in place of the dots."

    def results(
        self, inputs: Sequence[Arguments], wanted: Sequence[Any], seconds: float, over: str = "ignore"
    ) -> list[Any]:
        """What the function returned for each of these inputs; Unusable at the first that is of no use.

        over : "raise" where a number on the way that is too large to hold is of no use either.
        """
        self._look_at_arguments()
        end = time.monotonic() + seconds
        late = (
            f"Stopped: your {self.name} ran for more than {seconds:g} seconds. Does a loop in it never end? "
            "A while needs something that changes in each round."
        )
        self.returned = results = []
        for arguments, right in zip(inputs, wanted, strict=True):
            try:
                result = self._run(arguments, right, end, over)
            except TooLong:
                raise Unusable(late) from None
            if time.monotonic() > end:  # it has caught what was to stop it, or was not in Python code
                raise Unusable(late)
            self._look_at_kind(result, right, arguments)
            results.append(np.array(result))  # a copy: the next round may change what this one returned
        return results

    def overlooked(self) -> str:
        """That a parameter is never used, and a number of the page is; "" where it is not so."""
        code = getattr(self.function, "__code__", None)
        if code is None:
            return ""
        parameters = code.co_varnames[: min(code.co_argcount, len(self.arguments))]
        first = {name: kind for kind, name in reversed(names_in(code, "FAST|DEREF|CLOSURE"))}
        unused = ", ".join(name for name in parameters if first.get(name) != "LOAD")
        known, kinds = self.function.__globals__, (int, float, list, tuple, np.number, np.ndarray)
        page = dict.fromkeys(
            name for _, name in names_in(code, "GLOBAL") if isinstance(known.get(name), kinds)
        )
        if not unused or not page:
            return ""
        which = "which is a name of the page" if len(page) == 1 else "which are names of the page"
        return (
            f"Your {self.name} never uses the {unused} that it is given. Inside the function use {unused}, "
            f"not {', '.join(page)}, {which}."
        )

    # Before and while it runs

    def _look_at_arguments(self) -> None:
        wanted = f"def {self.name}({', '.join(self.arguments)}):"
        try:
            signature = inspect.signature(self.function)
        except (TypeError, ValueError):  # a function of C has no signature to look at
            return
        names = list(signature.parameters)
        if names != self.arguments and sorted(names) == sorted(self.arguments):
            raise Unusable(f"The arguments of your {self.name} have another order: begin it with {wanted}")
        try:
            signature.bind(*self.arguments)
        except TypeError:
            n = len(self.arguments)
            raise Unusable(
                f"Your {self.name} takes {', '.join(names) or 'no argument'}; it must take {n} "
                f"argument{'s' * (n != 1)}: begin it with {wanted}"
            ) from None

    def _run(self, arguments: Arguments, right: Any, end: float, over: Any) -> Any:
        given, printed = copy.deepcopy(arguments), io.StringIO()
        try:
            quiet = np.errstate(all="ignore", over=over)
            with contextlib.redirect_stdout(printed), quiet, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                result = _called(self.function, given, end)
        except (KeyboardInterrupt, TooLong):
            raise
        except BaseException as error:
            raise Unusable(self._stopped(error, arguments, right)) from None
        if _has_dots(result) or (result is None and _is_empty(self.function)):
            raise Unusable(self.dots)
        if result is None and printed.getvalue():
            raise Unusable(
                f"Your {self.name} prints and returns nothing. What is printed can be read, but no other "
                "code can use it: write return in place of print."
            )
        if result is None:
            raise Unusable(
                f"Your {self.name} returns nothing: end it with return and the result. It was given "
                f"{self._named(arguments)}; every way through the function needs a return."
            )
        for name, before, after in zip(self.arguments, arguments, given, strict=True):
            if not _same(before, after):
                raise Unusable(
                    f"Your {self.name} changes its input {name}: whoever calls it finds other numbers there "
                    f"afterwards. Make a new variable, or begin with {name} = {name}.copy()."
                )
        return result

    def _stopped(self, error: BaseException, arguments: Arguments, right: Any) -> str:
        """What stopped the function, and what to try."""
        name = self.name
        if isinstance(error, NotImplementedError) or (
            isinstance(error, TypeError) and "ellipsis" in str(error)
        ):
            return self.dots
        if isinstance(error, Asks):
            return f"Your {name} asks with input(). Its numbers come in as {', '.join(self.arguments)}."
        if isinstance(error, SystemExit):
            return f"Your {name} calls exit, which would end Python. To leave a function, write return."
        if isinstance(error, RecursionError):
            return f"Your {name} calls itself again and again, without an end. Take that call out of it."
        where = self._line(error)
        if isinstance(error, UnboundLocalError):
            hint = "It is used before it has a value: give it one in a line above."
        elif isinstance(error, NameError) and error.name == "e":
            hint = "Python has no number of the name e: e to the power of −z is written np.exp(-z)."
        elif isinstance(error, NameError) and error.name:
            imports = {"np": "import numpy as np", "nn": "import nnlib as nn"}
            imports |= {"sigmoid": "from nnlib import sigmoid"}
            made = imports.get(error.name, f"def {error.name} or {error.name} = …")
            known = [*self.arguments, *getattr(self.function, "__globals__", {})]
            hint = (
                f"Python does not know the name {error.name} yet.{did_you_mean(error.name, known)} If it is "
                f"spelt right, run the cell with {made}, then this one again."
            )
        elif isinstance(error, (FloatingPointError, OverflowError)):
            hint = (
                f"It was given {self._named(arguments)}. On the way comes a number that is too large to "
                "hold, as e to the power of 800 is. Find a form for this case in which only e to a negative "
                "power is needed."
            )
        else:
            hint = f"It was given {self._named(arguments)}.{about(error, right)}"
        said = f": {short_text(error)}" if short_text(error) else "."
        return f"Your {name} stopped{where or ' '}with {type(error).__name__}{said}\n{hint}"

    def _named(self, arguments: Arguments) -> str:
        """The arguments of one call, by name."""
        return ", ".join(f"{k} {_shaped(v)}" for k, v in zip(self.arguments, arguments, strict=True))

    def _line(self, error: BaseException) -> str:
        """The function's own line in which the error came, if its code can be read."""
        code, line = getattr(self.function, "__code__", None), ""
        for frame, number in traceback.walk_tb(error.__traceback__):
            if frame.f_code is code:
                line = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
        return f" in the line\n    {line}\n" if line else ""

    # What it returned

    def _joined(self, result: Any) -> Any:
        """Several numbers as one array, where each of them is one number."""
        if not isinstance(result, (list, tuple)):
            return result
        for k, part in enumerate(result, start=1):
            if not np.issubdtype(np.asarray(part).dtype, np.number) or np.ndim(part):
                hint = " Is a mean or a sum missing?" if np.ndim(part) else ""
                raise Unusable(
                    f"Of what your {self.name} returns, number {k} is {described(part)}; one number is "
                    f"wanted there.{hint}"
                )
        return np.array(result)

    def _look_at_kind(self, result: Any, right: Any, arguments: Arguments) -> None:
        """Unusable where the result is no number, or no array of the right shape."""
        shape = np.shape(right)
        kind = f"an array of shape {shape}" if shape else "one number"
        if isinstance(right, tuple):
            kind, result = "a pair of numbers", self._joined(result)
        begin = f"Your {self.name} returns {described(result)}; {kind} is wanted."
        if isinstance(result, (list, tuple)):
            hint = (
                "Wrap it: return np.array(result)." if shape else "Return the number alone, without brackets."
            )
            raise Unusable(f"{begin} {hint}")
        if callable(result):
            raise Unusable(f"{begin} Write the brackets after the name, with what goes in.")
        if inspect.isgenerator(result):
            raise Unusable(f"{begin} Write return in place of yield.")
        try:
            values = np.asarray(result)
            usable = np.issubdtype(values.dtype, np.number) and not np.iscomplexobj(values)
        except Exception:  # of a class with numbers of its own
            usable = False
        if not usable:
            is_bool = isinstance(result, bool) or getattr(result, "dtype", None) == np.dtype(bool)
            hint = f" True as a number is 1, False is 0: try {'.astype(float)' if shape else 'float(…)'}."
            raise Unusable(begin + hint * is_bool)
        if values.shape != shape:
            self.returned.append(values)
            raise Unusable(f"{begin} {reshaped(values.shape, shape)}".rstrip())
        if not np.isfinite(values).all():
            bad = values[~np.isfinite(values)].flat[0]
            raise Unusable(
                f"Your {self.name} returns {bad}, which is no finite number. Look for a division by 0, a "
                "logarithm or root of 0 or less, or a power that is too large. "
                f"It was given {self._named(arguments)}."
            )


def _called(function: Function, given: Arguments, end: float) -> Any:
    """The function's result; TooLong where its Python code runs beyond `end`, in whatever thread."""

    def watch(frame: FrameType, event: str, argument: object) -> Any:
        if time.monotonic() > end:
            raise TooLong
        if frame.f_globals.get("__package__"):  # code of a library: only its calls are watched
            return None
        frame.f_trace_opcodes = True  # a loop in a single line comes to no new line
        return watch

    before, ask = sys.gettrace(), builtins.input
    sys._getframe().f_trace_opcodes = True  # Python 3.12 asks for this before it begins to trace
    try:
        builtins.input = _refuse
        sys.settrace(watch)
        return function(*given)
    finally:
        sys.settrace(before)
        builtins.input = ask


def _refuse(*prompt: object) -> NoReturn:
    raise Asks


def _has_dots(result: Any) -> bool:
    if not isinstance(result, (list, tuple, np.ndarray)):
        return result is Ellipsis
    parts = result.flat if isinstance(result, np.ndarray) else result
    return any(part is Ellipsis for part in parts)


def _is_empty(function: Function) -> bool:
    """Whether the function's body is only dots or pass, besides its docstring."""
    code = getattr(function, "__code__", None)
    return code is not None and not code.co_names and len(code.co_code) <= 8 and not code.co_cellvars


def _same(before: Any, after: Any) -> bool:
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(_same, before, after))
    return bool(np.array_equal(before, after))


def _shaped(value: Any) -> str:
    return f"of shape {np.shape(value)}" if np.ndim(value) else f"= {value:.4g}"
