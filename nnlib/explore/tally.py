"""A class tally: hands are counted, the counts typed in and shown as bars; again after a discussion."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import anywidget
import ipywidgets
import traitlets

from ..checks import between, count, in_short
from .base import Explorer, button, one_at_a_time
from .choice import LETTERS, Choice, named
from .parts.module import module

MOST_HANDS = 999  # hands for one answer
FULL = 10  # the votes of a bar of full length, where no bar is longer
BLOCKS = 30  # characters of the longest bar where no page draws it


class Votes(anywidget.AnyWidget):
    """For each answer a box for its count, and its bar; before, the outline of the vote before.

    lengths : of the bars of both votes, from 0 to 1; written, their counts and percents.
    right : the answer that is marked as the right one, −1 for none.
    typed : [how often, the text in every box]; heard, how often of what has been counted.
    """

    _esm = module("tally")
    question = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List(traitlets.Unicode()).tag(sync=True)
    counts = traitlets.List(traitlets.Int()).tag(sync=True)
    lengths = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    written = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    right = traitlets.Int(-1).tag(sync=True)
    typed = traitlets.List([0, []]).tag(sync=True)
    heard = traitlets.Int(0).tag(sync=True)


class Tally(Explorer):
    """How many of the class are for each answer, as bars; vote again after a discussion, and compare.

    Its state: `counts`, one for each answer; `before`, those of the vote before, () for none; `told`, whether
    the right answer is shown.

    Parameters
    ----------
    question, answers : what is asked, and 2 to 8 answers; or a `Choice`, which has both.

    Raises
    ------
    ValueError : what a `Choice` refuses.
    """

    def __init__(self, question: str | Choice, answers: Any = None) -> None:
        if isinstance(question, Choice):
            if answers is not None:
                raise ValueError("a Tally of a Choice takes the answers from it: write Tally(choice).")
            choice = question
        else:
            choice = Choice(question, answers)  # which knows what may be asked
            choice.close()
        self.question, self.answers, self.lettered = choice.question, choice.answers, choice.lettered
        self.right = -1 if choice.right is None else self.answers.index(choice.right)
        self.votes = Votes(question=self.question, answers=self.lettered)
        self.again_button = button(
            "Vote again", "repeat", "auto", "Keep these bars as outlines, and count anew"
        )
        self.tell_button = button("Show the answer", "check", "auto")
        self.undo_button = button("Undo", "reply", "auto", "Take back the last Vote again or Reset")
        self.reset_button = button("Reset", "undo", "auto", "No votes")
        told = [self.tell_button] if self.right >= 0 else []
        row = ipywidgets.HBox([self.again_button, *told, self.undo_button, self.reset_button])
        self.hidden = [self.tell_button]
        self._other: dict[str, Any] | None = None  # where Undo leads, and what a second Undo takes back
        self.none = (0,) * len(self.answers)
        first = {"counts": self.none, "before": (), "told": False}
        super().__init__(first, [self.votes, row.add_class("nn-row")])
        self.add_class("nn-tally")
        self.votes.observe(self.answer(lambda change: self._typed(*change["new"])), "typed")
        self.on_press(self.again_button, self.again)
        self.on_press(self.tell_button, lambda: self.set(told=True))
        self.on_press(self.undo_button, self.undo)
        self.on_press(self.reset_button, self.reset)
        self.show(self.state)

    # Moves

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state with other counts: one for each answer, or some of them by letter or by text."""
        after = super().follow(state, changes)
        for name in ("counts", "before"):
            if name in changes:
                after[name] = self._checked(changes[name], name, state[name] or self.none)
        after["before"] = after["before"] if any(after["before"]) else ()
        after["told"] = bool(after["told"])
        if after["told"] and self.right < 0:
            raise ValueError("this tally knows no right answer: make it of a Choice that has one.")
        return after

    def _checked(self, counts: Any, name: str, old: Sequence[int]) -> tuple[int, ...]:
        """One whole number of 0 or more for each answer; those that are not named stay as they were."""
        if isinstance(counts, Mapping):
            places = {
                self.answers.index(named(answer, self.answers)): value for answer, value in counts.items()
            }
            counts = [places.get(k, value) for k, value in enumerate(old)]
        n, given = len(self.none), counts
        try:
            counts = [] if isinstance(counts, str) else list(counts)
        except TypeError:  # nothing to go through
            counts = []
        if len(counts) != n:
            wanted = f"{n} numbers, one for each answer, as in {name}={[*range(3, 3 + n)]}"
            raise ValueError(f"{name} must be {wanted}; got {in_short(given)}.")
        for letter, value in zip(LETTERS, counts, strict=False):
            between(value, f"the count of {letter})", 0, MOST_HANDS)
        return tuple(map(int, counts))

    def _typed(self, often: int, texts: Sequence[str]) -> None:
        try:
            self.set(counts=[_read(text) for text in texts])
        finally:
            self.votes.heard = often

    @one_at_a_time
    def again(self) -> None:
        """Vote again: the counts become the vote before, and new ones are counted."""
        if any(self.state["counts"]):
            self._go({"counts": self.none, "before": self.state["counts"], "told": False})
        else:
            self.page.message = "Count the votes first, then vote again."

    @one_at_a_time
    def reset(self) -> None:
        """No votes; Undo brings back those that there were."""
        self._go(dict(self.first))

    @one_at_a_time
    def undo(self) -> None:
        """Take back the last Vote again or Reset; a second time, take that back."""
        if self._other is None:
            self.page.message = "There is no Vote again and no Reset to take back."
        else:
            self._go(self._other)

    def _go(self, state: dict[str, Any]) -> None:
        if state != self.state:
            self._other = self.state
        self.show(state)

    # From the state to what is shown

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """How many voted; of both votes each count with its percents in words, and the length of its bar."""
        votes = (state["counts"], state["before"])
        full = max(FULL, *state["counts"], *state["before"])
        shares = [percents(vote) for vote in votes]
        return {
            **state,
            "votes": sum(state["counts"]),
            "lengths": [[value / full for value in vote] for vote in votes],
            "written": [
                [f"{value} ({share}%)" for value, share in zip(vote, of_all, strict=True)]
                if any(vote)
                else []
                for vote, of_all in zip(votes, shares, strict=True)
            ],
            "rounded": any(any(of_all) and sum(of_all) != 100 for of_all in shares),
        }

    def draw(self, numbers: dict[str, Any]) -> None:
        with self.votes.hold_sync():
            self.votes.counts, self.votes.lengths = list(numbers["counts"]), numbers["lengths"]
            self.votes.written = numbers["written"]
            self.votes.right = self.right if numbers["told"] else -1
        self.undo_button.disabled = self._other is None

    def words(self, numbers: dict[str, Any]) -> str:
        """The question, each answer with its votes, how many voted, and what has changed since before."""
        now, before = ([f": {text}" for text in vote] or [""] * len(self.none) for vote in numbers["written"])
        lines = [
            answer + (new or (f"{old} before" if old else ""))
            for answer, new, old in zip(self.lettered, now, before, strict=True)
        ]
        return "\n".join([self.question, *lines, self._sum(numbers)])

    def _sum(self, numbers: dict[str, Any]) -> str:
        said = count(numbers["votes"], "vote") if numbers["votes"] else "No votes yet"
        if numbers["before"]:
            said += f", {sum(numbers['before'])} in the vote before"
            if numbers["votes"]:
                pairs = zip(LETTERS, numbers["before"], numbers["counts"], strict=False)
                said += ": " + ", ".join(f"{letter}) {old} → {new}" for letter, old, new in pairs)
        said += ". Percents are rounded." if numbers["rounded"] else "."
        return f"{said} The right answer: {self.lettered[self.right]}." if numbers["told"] else said

    def seen(self, words: str) -> str:
        """The last line; the rest stands beside the bars."""
        return words.split("\n")[-1]

    def picture(self) -> None:
        return None

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        rows = self.page.spoken.split("\n")[1:-1]
        bars = ("█" * round(BLOCKS * length) for length in self.votes.lengths[0])
        listed = "".join(
            f"<tr><td>{escape(row)}</td><td>{bar}</td></tr>" for row, bar in zip(rows, bars, strict=True)
        )
        said = f"<p><b>{escape(self.question)}</b></p><table>{listed}</table>"
        html = f"{said}<p>{escape(self.seen(self.page.spoken))}</p>"
        return {**super()._repr_mimebundle_(**kwargs), "text/html": html}


def percents(counts: Sequence[int]) -> list[int]:
    """Each count in whole percents of all of them, half a percent upwards; 0 for no votes at all."""
    votes = sum(counts) or 1
    return [(200 * value + votes) // (2 * votes) for value in counts]


def _read(text: str) -> object:
    """What was typed, as a whole number; an empty box is 0, and what is no number stays as it is."""
    try:
        return int(text or 0)
    except ValueError:
        return text
