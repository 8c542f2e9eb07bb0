"""A question with answers to choose from: a guess before something happens, or a quiz.

A guess is kept as it was made, and shown again beside what happened. A quiz may be answered again, and has
something to say about every answer.
"""

from collections.abc import Mapping, Sequence
from html import escape
from numbers import Real
from typing import Any

import anywidget
import ipywidgets
import traitlets

from ..checks import between, choose, in_short
from .base import Explorer, one_at_a_time
from .parts.module import module

LETTERS = "abcdefgh"


class Answers(anywidget.AnyWidget):
    """The radio buttons: `chosen` counts from 0, −1 for none; `kept` says that it stays as it is."""

    _esm = module("choice")
    question = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List(traitlets.Unicode()).tag(sync=True)
    chosen = traitlets.Int(-1).tag(sync=True)
    kept = traitlets.Bool(False).tag(sync=True)


class Choice(Explorer):
    """A question to be answered by choosing; committed with a button.

    Its state: `chosen`, the radio button that is on (from 0, −1 for none); `answer`, what was committed, None
    for nothing yet. By hand a guess is made once; `set` and `reset` may change it from code.

    Parameters
    ----------
    question : what is asked.
    answers : the answers to choose from; in a quiz each with what to say about it.
    right : the right answer of a quiz; None for a guess.

    Raises
    ------
    ValueError : no question, not 2 to 8 different answers, a right one that is not among them, or
        explanations without a right one.
    """

    def __init__(self, question: str, answers: Sequence[Any] | Mapping[Any, str], right: Any = None) -> None:
        self.question = _line(question)
        if not self.question:
            raise ValueError("a Choice needs a question, as in Choice('Which way?', ['up', 'down']).")
        if isinstance(answers, str) or not isinstance(answers, Sequence | Mapping):
            raise ValueError(f"the answers must be a list, as in ['up', 'down']; got {in_short(answers)}.")
        pairs = answers.items() if isinstance(answers, Mapping) else [(answer, "") for answer in answers]
        self._about = {_line(answer): _line(words) for answer, words in pairs}
        self.answers = [_line(answer) for answer, _ in pairs]
        if not 2 <= len(self.answers) <= len(LETTERS):
            raise ValueError(f"a question needs 2 to {len(LETTERS)} answers; got {len(self.answers)}.")
        if "" in self.answers or len(set(self.answers)) < len(self.answers):
            raise ValueError(f"each answer must be a text of its own; got {self.answers}.")
        if right is None and isinstance(answers, Mapping):
            raise ValueError("answers with explanations make a quiz: name the right one, as in right='up'.")
        if right is not None and _line(right) not in self.answers:
            raise ValueError(f"the right answer {in_short(right)} is not among the answers {self.answers}.")
        self.right, self._happened = None if right is None else _line(right), ""
        self.lettered = [f"{LETTERS[k]}) {answer}" for k, answer in enumerate(self.answers)]
        self.radio = Answers(question=self.question, answers=self.lettered)
        self.button = ipywidgets.Button(description="This is my answer", layout={"width": "auto"})
        super().__init__({"chosen": -1, "answer": None}, [self.radio, self.button])
        self.add_class("nn-choice")
        self.bind(self.radio, "chosen", "chosen")
        self.on_press(self.button, self._commit)
        self.show(self.state)

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state with an answer, given as its text or its letter; a guess that is kept stays."""
        before, state = state, super().follow(state, changes)
        if "answer" in changes:
            state["answer"] = None if changes["answer"] is None else named(changes["answer"], self.answers)
            state["chosen"] = -1 if state["answer"] is None else self.answers.index(state["answer"])
        elif self._keeps(before["answer"]):
            return before
        state["chosen"] = between(state["chosen"], "chosen", -1, len(self.answers) - 1)
        return state

    def _keeps(self, answer: str | None) -> bool:
        return self.right is None and answer is not None

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        return dict(state)

    def draw(self, numbers: dict[str, Any]) -> None:
        self.radio.kept = self._keeps(numbers["answer"])
        self.button.layout.display = "none" if self.radio.kept else None

    def words(self, numbers: dict[str, Any]) -> str:
        """The question with its answers, and what is to be said about the one that was committed."""
        return "\n".join([self.question, *self.lettered, self._said(numbers["answer"])])

    def _said(self, answer: str | None) -> str:
        if answer is None:
            return "Not answered yet."
        if self.right is None:
            said = f"Your guess: {_sentence(answer)}"
        else:
            verdict = "Right." if answer == self.right else "Not this one."
            said = f"{answer}: {verdict} {self._about[answer]}"
        return f"{said} {self._happened}".strip()

    def seen(self, words: str) -> str:
        return words.split("\n")[-1]

    def picture(self) -> None:
        return None

    def _commit(self) -> None:
        if self.state["chosen"] < 0:
            self.page.message = "Choose one of the answers first."
        elif not self.radio.kept:
            self.set(answer=self.answers[self.state["chosen"]])

    @one_at_a_time
    def happened(self, what: object) -> str:
        """Show what happened beside the guess, once there is one; returns the same words."""
        self._happened = f"It was: {_sentence(_line(what))}"
        self.show(self.state)
        answer = self.state["answer"]
        if answer is None:
            return "Make your guess above: what happened then appears beside it."
        return f"Your guess was: {_sentence(answer)} {self._happened}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        listed = "".join(f"<li>{escape(answer)}</li>" for answer in self.lettered)
        said = escape(self.seen(self.page.spoken))
        html = f"<p><b>{escape(self.question)}</b></p><ul>{listed}</ul><p>{said}</p>"
        return {**super()._repr_mimebundle_(**kwargs), "text/html": html}


def named(answer: object, answers: list[str]) -> str:
    """The one of the answers that has this text, or else this letter."""
    text = _line(answer)
    if text in answers:
        return text
    letters = dict(zip(LETTERS, answers, strict=False))
    return choose(text, letters | {known.lower(): known for known in answers}, "answer")


def _line(text: object) -> str:
    """The text, or the number as a text, in one line."""
    if not isinstance(text, str | Real) or text != text:
        raise ValueError(f"a question and its answers must be texts; got {in_short(text)}.")
    return " ".join(str(text).split())


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "…")) else f"{text}."
