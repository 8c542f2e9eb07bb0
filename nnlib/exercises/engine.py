"""Exercises: a learner's function is run on many inputs, and what comes out is answered in words.

An exercise is its solution; the hints and the typical mistakes, each with its explanation, stand beside it::

    @exercise(given=lambda rng: (rng.normal(size=2), rng.normal(size=2)), hints=["…"], done="…")
    def dot(x, w):
        ...the solution...

    @dot.mistake("Only the last product is left: add each one to what there is already.")
    def _(x, w): ...

In a notebook `dot.check()` finds the learner's function of that name, `dot.hint()` says a little more each
time, and `dot.solution()` shows it all. How a function is run, and what is said of one that gives no
numbers, stands in trial.py.
"""

import ast
import contextlib
import copy
import inspect
import textwrap
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from html import escape
from typing import Any, cast

import numpy as np
from IPython import get_ipython

from .advice import described
from .trial import Arguments, Function, Trial, Unusable

ROUNDS = 12  # inputs that a function is tried on
SECONDS = 3.0  # that all of them together may take
CLOSE = 1e-5  # relative difference that is still the same number
COARSE = 1e-3  # the same for float32
MISSING = object()


class Verdict:
    """What a check found: `passed`, and `words` for the learner; `code` says that they are a program."""

    def __init__(self, passed: bool, words: str, code: bool = False) -> None:
        self.passed, self.words, self.code = passed, words, code

    def __bool__(self) -> bool:
        return self.passed

    def __repr__(self) -> str:
        return self.words

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, str]:
        colour = "#009E73" if self.passed else "#E69F00"
        style = f"border-left: 5px solid {colour}; padding: 4px 10px; white-space: pre-wrap"
        style += "; font-family: monospace" if self.code else ""
        return {"text/plain": self.words, "text/html": f'<div style="{style}">{escape(self.words)}</div>'}


class Exercise:
    """A function that the learner writes; made by the decorator `exercise` from its solution.

    Attributes
    ----------
    yours : the learner's function once it has passed, else None.
    """

    def __init__(
        self, solution: Function, given: Callable[..., Arguments], hints: Sequence[str], done: str
    ) -> None:
        self._solution, self._given, self.hints, self._done = solution, given, list(hints), done
        self.name = solution.__name__
        self.arguments = list(inspect.signature(solution).parameters)
        self.mistakes: list[tuple[str, Function]] = []
        self.yours: Function | None = None
        self._hinted = 0

    def mistake(self, words: str) -> Callable[[Function], Function]:
        """Name a typical mistake: decorates a function that makes it, with what to say to its author."""

        def named(function: Function) -> Function:
            self.mistakes.append((words, function))
            return function

        return named

    @property
    def function(self) -> Function:
        """The learner's once it has passed, until then the solution."""
        return self.yours or self._solution

    # What the learner calls

    def check(self, function: Any = MISSING) -> Verdict:
        """Try the learner's function, found by its name, or given."""
        self.yours = None
        try:
            function = self._found(function)
            wrong = self._wrong(function)
        except Unusable as error:
            return Verdict(False, str(error))
        if wrong:
            return Verdict(False, f"Not yet. {wrong}")
        self.yours = function
        return Verdict(True, f"Right: {self._done}")

    def hint(self) -> Verdict:
        """The next hint; after the last one it says so, and begins again."""
        k, n = self._hinted, len(self.hints)
        if k == n:
            self._hinted = 0
            return Verdict(
                False,
                f"There are no more hints. {self.name}.solution() shows the whole function; "
                f"{self.name}.hint() begins again with the first hint.",
            )
        self._hinted += 1
        return Verdict(False, f"Hint {k + 1} of {n}: {self.hints[k]}")

    def solution(self) -> Verdict:
        """The solution, as code."""
        return Verdict(False, self.code(), code=True)

    def code(self) -> str:
        """The solution as the learner would have written it."""
        source = textwrap.dedent(inspect.getsource(self._solution))
        (function,) = ast.parse(source).body
        assert isinstance(function, ast.FunctionDef)
        body = source.splitlines()[function.body[0].lineno - 1 :]
        return "\n".join([f"def {self.name}({', '.join(self.arguments)}):", *body])

    # How it is judged

    def _found(self, function: Any) -> Function:
        """The learner's function; Unusable where there is none."""
        names: Mapping[str, Any] = getattr(get_ipython(), "user_ns", {})
        is_given = function is not MISSING
        if not is_given:
            function = names.get(self.name, MISSING)
        is_ours = not is_given and str(getattr(function, "__module__", "")).startswith("nnlib.")  # imported
        if function is MISSING or isinstance(function, Exercise) or is_ours:
            others = [name for name, value in names.items() if inspect.isfunction(value)]
            near = [name for name in get_close_matches(self.name, others, n=1) if name != self.name]
            hint = f" Or is yours the one that is called {near[0]}? Name it {self.name}." if near else ""
            raise Unusable(
                f"There is no function {self.name} of yours yet. Run the cell that begins with "
                f"def {self.name}, then this one again.{hint}"
            )
        if callable(function):
            return cast(Function, function)
        if is_given:
            raise Unusable(
                f"check was given {described(function)}, not a function. Write the function's name without "
                f"brackets after it, or nothing: check then looks for {self.name}."
            )
        raise Unusable(
            f"{self.name} is {described(function)} now, not a function. Run the cell that begins with "
            f"def {self.name} again, then this one."
        )

    def _wrong(self, function: Function) -> str:
        """What is wrong with the numbers of the function, "" for nothing; Unusable where it gives none."""
        inputs = [self._given(np.random.default_rng(k)) for k in range(ROUNDS)]
        inputs.append(inputs[0])  # the same again: must give the same again
        wanted = _answers(self._solution, inputs)
        trial = Trial(function, self.name, self.arguments)
        try:
            results = trial.results(inputs, wanted, SECONDS)
        except Unusable as error:
            known = self._typical(trial.returned, inputs)
            if known and not _agree(trial.returned, wanted):  # what it gave before it ended tells more
                return known
            raise Unusable(f"{error}\n{trial.overlooked()}".rstrip()) from None
        if _agree(results, wanted):
            trial.results(inputs, wanted, SECONDS, over="raise")
            return ""
        if not _agree(results[-1:], results[:1]):
            return (
                f"Your {self.name} returns something else each time, for the same input. Its result must "
                f"depend on {', '.join(self.arguments)} and nothing else."
            )
        if known := self._typical(results, inputs):
            return known
        if overlooked := trial.overlooked():
            return overlooked
        if _agree(results, [results[0]] * len(results)):
            return f"Your {self.name} returns {_written(results[0])} whatever it is given."
        if any(_agree(results, [np.round(right, digits) for right in wanted]) for digits in range(7)):
            return "You round the result. Return it in full; it can be rounded where it is printed."
        k = next(k for k in range(ROUNDS) if not _agree(results[k : k + 1], wanted[k : k + 1]))
        shown = "\n".join(
            f"    {name} = {_written(value)}" for name, value in zip(self.arguments, inputs[k], strict=True)
        )
        for digits in (4, 8, 16):  # as many as it takes to tell them apart
            result, right = _written(results[k], digits), _written(wanted[k], digits)
            if result != right:
                break
        return f"For\n{shown}\nyour {self.name} returns {result}; it should be {right}."

    def _typical(self, results: Sequence[Any], inputs: Sequence[Arguments]) -> str:
        """The words for the typical mistake that gives these results for the first inputs, "" for none."""
        for words, mistaken in self.mistakes:
            with contextlib.suppress(ValueError):  # it may stop on some inputs, as the learner's own does
                if _agree(results, _answers(mistaken, inputs[: len(results)])):
                    return words
        return ""

    def __repr__(self) -> str:
        return f"exercise {self.name}({', '.join(self.arguments)})"


def exercise(
    *, given: Callable[..., Arguments], hints: Sequence[str], done: str
) -> Callable[[Function], Exercise]:
    """Make an exercise of its solution.

    Parameters
    ----------
    given : from a random generator, the arguments to try a function on.
    hints : from the first to the last before the solution.
    done : what a right answer is told.
    """
    return lambda solution: Exercise(solution, given, hints, done)


def _answers(function: Function, inputs: Sequence[Arguments]) -> list[Any]:
    with np.errstate(all="ignore"):
        return [function(*copy.deepcopy(arguments)) for arguments in inputs]


def _agree(results: Sequence[Any], wanted: Sequence[Any]) -> bool:
    return all(map(_is_close, results, wanted))


def _is_close(result: Any, right: Any) -> bool:
    one, other = np.asarray(result), np.asarray(right, dtype=float)
    if one.shape != other.shape:
        return False
    close = COARSE if one.dtype == np.float32 else CLOSE
    return bool(np.all(abs(one - other) <= close * abs(other).max(initial=0) + 1e-12))


def _written(value: Any, digits: int = 4) -> str:
    values = np.asarray(value)
    if values.ndim == 0:
        return f"{float(values) + 0:.{digits}g}"  # + 0: of −0 it makes 0
    values = np.where(abs(values) < 0.5 * 10.0**-digits, 0, values)
    return np.array2string(values, precision=digits, suppress_small=True, separator=", ").replace("\n", " ")
