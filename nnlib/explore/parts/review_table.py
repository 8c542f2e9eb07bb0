"""The pictures of the reviews: a table of their word counts, and beside it each review's score as a bar."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ...checks import Array
from ...plots import SHARP
from ...style import GREEN, GREY, LIGHT, ORANGE, REFERENCE, number
from .figure import LivePicture

ROW, HEAD, FOOT = 21, 30, 20  # heights in pixels of the page
TEXT, LABEL, COLUMN, BARS, VERDICT = 288, 42, 49, 150, 64  # widths of the columns
TITLE = -0.95  # the row above the first
MARKS = {"right": "✓", "wrong": "✗", "undecided": "?"}
COLOURS = {"right": GREEN, "wrong": ORANGE, "": GREY}
LETTERS = 40  # of a review's text that are shown


class Table(LivePicture):
    """A row for each review: its text, its label and its word counts; drawn once, for it never changes."""

    def __init__(
        self, texts: Sequence[str], labels: Sequence[str], counts: Array, words: Sequence[str]
    ) -> None:
        self.texts, self.labels, self.counts, self.words = texts, labels, counts, words
        super().__init__(TEXT + LABEL + COLUMN * len(words), height_of(len(texts)))

    def still(self, figure: Figure) -> None:
        self.axes = rows_in(figure, 0, self.width, len(self.texts))
        self.axes.set_xlim(0, self.width)
        self.axes.axis("off")
        for k, (text, label) in enumerate(zip(self.texts, self.labels, strict=True)):
            self._text(20, k, str(k + 1), ha="right")
            self._text(27, k, text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…")
            self._text(TEXT + LABEL / 2, k, label, ha="center")
            for j, value in enumerate(self.counts[k]):
                look = {"fontweight": "bold"} if value else {"color": GREY}
                self._text(self._column(j), k, f"{value:.0f}", ha="center", **look)
        self._text(27, len(self.texts), "yours, from the field below", color=GREY)
        self._text(TEXT + LABEL / 2, TITLE, "label", ha="center", color=GREY)
        for j, word in enumerate(self.words):
            word = word if len(word) <= 7 else f"{word[:6]}…"
            self._text(self._column(j), TITLE, word, ha="center", fontweight="bold")

    def _column(self, j: int) -> float:
        return TEXT + LABEL + COLUMN * (j + 0.5)

    def _text(self, x: float, row: float, text: str, **look: Any) -> None:
        self.axes.text(x, row, text, va="center", parse_math=False, **look)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        return []


class Scores(LivePicture):
    """Beside the table, each review's score as a bar, and whether it says what the label says.

    `numbers` holds "scores" (n + 1,), the last that of the learner's own review, "verdicts" ("right", "wrong"
    or "undecided", "" for the last), and "reference" (n + 1,), nnlib's scores.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        super().__init__(BARS + VERDICT, height_of(n))

    def still(self, figure: Figure) -> None:
        self.axes = rows_in(figure, 4, BARS - 4, self.n)
        self.axes.axvline(0, color=GREY, lw=1)
        self.axes.tick_params(left=False, labelleft=False, bottom=False, pad=1)
        for x, text in ((0.24, "← bad"), (0.76, "good →")):
            across = self.axes.get_yaxis_transform()
            self.axes.text(x, TITLE, text, ha="center", va="center", transform=across)
        self._ends = (np.arange(self.n + 1)[:, None] + np.array([-0.31, 0.31])).ravel()
        self.bars = {
            verdict: self.axes.stairs(
                np.zeros(2 * self.n + 1),
                self._ends,
                orientation="horizontal",
                fill=True,
                color=colour,
                lw=0,
                animated=True,
            )
            for verdict, colour in COLOURS.items()
        }
        (self.reference,) = self.axes.plot([], [], "|", ms=13, mew=3, color=REFERENCE, animated=True)
        self._set_limit(4)

    def _set_limit(self, limit: float) -> None:
        self.limit = limit
        self.axes.set_xlim(-limit, limit)
        self.axes.set_xticks([-limit, 0, limit], [number(tick, 0) for tick in (-limit, 0, limit)])
        self.axes.get_xticklabels()[0].set_horizontalalignment("left")

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; the axis is drawn again only where a score leaves it, or all fill little of it."""
        largest, limit = float(np.abs(numbers["scores"]).max()), 4.0
        while limit < min(largest, 1e300):
            limit *= 2
        if limit != self.limit:
            self._set_limit(limit)
            self.stale()
        super().show(numbers, alt)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        scores, verdicts = numbers["scores"], np.array(numbers["verdicts"])
        for kind, bars in self.bars.items():
            lengths = np.zeros(2 * self.n + 1)  # bars, and nothing between them
            lengths[::2] = np.where(verdicts == kind, scores, 0.0)
            bars.set_data(lengths)
        end = self.limit * (1 + 2 * VERDICT / (BARS - 4))
        for k, (score, kind) in enumerate(zip(scores, verdicts, strict=True)):
            self.write(self.axes, self.limit, k, MARKS.get(kind, ""), 6, size=15)
            self.write(self.axes, end, k, number(score, 1), -6, size=13)
        if np.array_equal(numbers["reference"], scores):
            return list(self.bars.values())
        self.reference.set_data(numbers["reference"], np.arange(self.n + 1))
        return [*self.bars.values(), self.reference]


def height_of(n: int) -> int:
    """The height of a picture of n reviews and the learner's own."""
    return HEAD + ROW * (n + 1) + FOOT


def rows_in(figure: Figure, left: int, width: int, n: int) -> Axes:
    """Axes with a row for each of n + 1 reviews, the first at the top, each above a line."""
    wide, high = figure.bbox.width / SHARP, figure.bbox.height / SHARP
    axes = figure.add_axes(
        (left / wide, FOOT / high, width / wide, ROW * (n + 1) / high), ylim=(n + 0.5, -0.5)
    )
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)
    for k in range(n + 1):
        axes.axhline(k + 0.5, color=LIGHT, lw=0.8, zorder=0)
    return axes
