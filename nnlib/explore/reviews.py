"""Film reviews as vectors of word counts; with a weight for each word in hand, each review gets a score."""

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import Array, as_number, as_texts, count, in_short, one_or_more
from ..datasets import word_counts
from ..style import capital, number
from .arrows import dot
from .base import Explorer, button
from .parts.own import Function, Outcome, OwnRule
from .parts.review_table import Scores, Table
from .parts.sliders import fine_slider

LARGEST = 2  # size of a word's weight
MOST_WORDS, MOST_REVIEWS = 8, 16


class ReviewExplorer(Explorer):
    """Give each word a weight, and watch the score of each review, its word counts · weights.

    State: a weight for each word, by its name, and `yours`, the text of a review of the learner's.

    Parameters
    ----------
    texts, labels : the reviews, and for each "good" or "bad".
    words : the vocabulary, 1 to 8 words; all others are not counted.
    weights : weights at first, by word, from −2 to 2; 0 for the rest.
    show : the words whose weights are in the learner's hand; none named: all.
    my_dot : dot(x, w) of the learner, or its exercise, whose scores are drawn instead of nnlib's.

    Raises
    ------
    ValueError : texts, labels, words or weights that do not fit each other.
    """

    def __init__(
        self,
        texts: Sequence[str],
        labels: Sequence[str],
        words: Sequence[str],
        *,
        weights: Mapping[str, float] | None = None,
        show: str | Sequence[str] = (),
        my_dot: Function | None = None,
    ) -> None:
        self.texts, self.labels, self.vocabulary = _checked(texts, labels, words)
        self.own = OwnRule("dot", my_dot, dot)
        self.counts = word_counts(self.texts, self.vocabulary)
        start: dict[str, Any] = {**dict.fromkeys(self.vocabulary, 0.0), "yours": ""}
        if not isinstance(weights, Mapping | None):
            raise ValueError(f"weights must be by word, as in {{'good': 1}}; got {in_short(weights)}.")
        state = self.follow(start, dict(weights or {}))
        show = one_or_more(show, "show")
        for word in show:
            self.follow(start, {word: 0})
        self.table = Table(self.texts, self.labels, self.counts, self.vocabulary)
        self.scores = Scores(len(self.texts))
        self.table.show({}, self._read_out())
        self.table.layout.flex = self.scores.layout.flex = "none"  # so that their rows stay side by side
        self.sliders = {word: fine_slider(word, 0, -LARGEST, LARGEST, 64) for word in show or self.vocabulary}
        self.field = ipywidgets.Text(description="your review", placeholder="type a review of your own")
        self.field.layout.width, self.field.style.description_width = "520px", "84px"
        reset = button("Reset", "undo", "82px")
        sliders = ipywidgets.HBox(list(self.sliders.values())).add_class("nn-row")
        below = ipywidgets.HBox([self.field, reset]).add_class("nn-row")
        panels = ipywidgets.HBox([self.table, self.scores], layout={"overflow": "auto"})
        super().__init__(state, [sliders, panels, below])
        for word, slider in self.sliders.items():
            self.bind(slider, word)
        self.bind(self.field, "yours")
        self.on_press(reset, self.reset)
        self.show(self.state)

    def _read_out(self) -> str:
        """The table in words."""
        rows = []
        for k, (text, label) in enumerate(zip(self.texts, self.labels, strict=True)):
            counted = counted_words(self.vocabulary, self.counts[k]) or "no known word"
            rows.append(f"{k + 1}: {text} Label {label}; {counted}.")
        return " ".join(rows)

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes, or ValueError for a weight that no slider holds."""
        state = super().follow(state, changes)
        for word in self.vocabulary:
            state[word] = value = as_number(state[word], f"the weight of {word!r}")
            if abs(value) > LARGEST:
                raise ValueError(
                    f"a weight goes from −{LARGEST} to {LARGEST} here; "
                    f"that of {word!r} would be {number(value)}."
                )
        state["yours"] = str(state["yours"])
        return state

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Each review's score and what it says, and how many are right."""
        weights = np.array([state[word] for word in self.vocabulary])
        own_counts = word_counts([state["yours"]], self.vocabulary)
        counts = np.vstack([self.counts, own_counts])
        results: list[Outcome] = [self.own(row, weights) for row in counts]
        trouble = next((result.trouble for result in results if result.trouble), "")
        right = np.array([float(result.right) for result in results]).round(9)  # 0.1 + 0.2 − 0.3 is 0
        # where the function fails for one review, all scores are nnlib's
        scores = right if trouble else np.array([float(result.shown) for result in results]).round(9)
        said = [verdict(score) for score in scores]
        verdicts = [
            "undecided" if says == "undecided" else "right" if says == label else "wrong"
            for says, label in zip(said, self.labels, strict=False)
        ]
        return {
            **state,
            "scores": scores,
            "reference": right,
            "said": said,
            "verdicts": [*verdicts, ""],
            "right": verdicts.count("right"),
            "own_counts": own_counts[0],
            "trouble": trouble,
            "own": self.own.compared(Outcome(scores, right, trouble), "review"),
        }

    def draw(self, numbers: dict[str, Any]) -> None:
        self.scores.show(numbers, f"Each review's score as a bar: {self._listed(numbers)}.")

    def words(self, numbers: dict[str, Any]) -> str:
        """How many are right, which are not, the learner's own review, and the weights and scores."""
        n, verdicts = len(self.texts), numbers["verdicts"]
        first = f"{numbers['right']} of {n} right."
        for kind in ("wrong", "undecided"):
            found = [str(k + 1) for k, given in enumerate(verdicts) if given == kind]
            first += f" {capital(kind)}: {', '.join(found)}." if found else ""
        lines = [first]
        if numbers["yours"].strip():
            lines.append(self._about_own(numbers))
        lines.append(numbers["own"])
        weights = ", ".join(f"{word} {number(numbers[word])}" for word in self.vocabulary)
        lines.append(f"Weights: {weights}. Scores: {self._listed(numbers)}.")
        return "\n".join(filter(None, lines))

    def seen(self, words: str) -> str:
        """Without the weights and scores, which stand in the picture."""
        return words.split("\nWeights: ")[0]

    def _listed(self, numbers: dict[str, Any]) -> str:
        scores = numbers["scores"][: len(self.texts)]
        return ", ".join(f"{k + 1} {number(score, 1)}" for k, score in enumerate(scores))

    def _about_own(self, numbers: dict[str, Any]) -> str:
        known = counted_words(self.vocabulary, numbers["own_counts"])
        if not known:
            return "Your review holds no known word: score 0, undecided."
        return f"Your review: {known}; score {number(numbers['scores'][-1])}, {numbers['said'][-1]}."

    def picture(self) -> Image.Image:
        """The table with its bars, for readers without a kernel."""
        return plots.beside([self.table.image()], [self.scores.image()], gap=0)


def counted_words(words: Sequence[str], counts: Array) -> str:
    """The words that occur: "great × 2, slow × 1"; "" for none."""
    return ", ".join(f"{word} × {times:.0f}" for word, times in zip(words, counts, strict=True) if times)


def verdict(score: float) -> str:
    """What a score says: "good" above 0, "bad" below, else "undecided"."""
    return "good" if score > 0 else "bad" if score < 0 else "undecided"


def _checked(
    texts: Sequence[str], labels: Sequence[str], words: Sequence[str]
) -> tuple[list[str], list[str], list[str]]:
    """The three lists, or ValueError for what cannot be shown."""
    texts, labels = as_texts(texts, "texts"), as_texts(labels, "labels")
    words = [word.lower() for word in as_texts(words, "words")]
    if not 1 <= len(texts) <= MOST_REVIEWS:
        raise ValueError(f"1 to {MOST_REVIEWS} reviews can be shown; got {len(texts)}.")
    if len(labels) != len(texts) or set(labels) - {"good", "bad"}:
        raise ValueError(
            f'each review needs a label, "good" or "bad"; got {count(len(labels), "label")} for '
            f"{count(len(texts), 'review')}: {', '.join(map(repr, labels))}."
        )
    if not 1 <= len(words) <= MOST_WORDS or len(set(words)) < len(words) or "yours" in words:
        raise ValueError(f"the vocabulary must be 1 to {MOST_WORDS} different words; got {words}.")
    if not all(word.isalpha() for word in words):
        raise ValueError(f"each entry of the vocabulary must be one word of letters; got {words}.")
    return texts, labels, words
