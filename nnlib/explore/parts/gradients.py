"""The slopes of the loss: backpropagation's as bars, those found by nudging as rings at their ends."""

import math
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from ...checks import Array
from ...style import BLACK, GREY, LIGHT, LOSS, ORANGE, short
from .figure import LivePicture

FEWEST = 6  # entries that the axis has room for, also where there are less
NAMED = 16  # entries at most that have their labels below them; more are named by layer
HEAD = 0.91  # where the head line stands, as a share of the picture's height
AGREE = 1e-4  # share of the steepest slope by which the two ways may differ
LONGEST = 15  # characters of a label


class Gradients(LivePicture):
    """A bar and a ring for every entry of theta; they end at the same height where both slopes agree.

    `numbers` holds "slopes" (P,), "nudged" (P,) with NaN where nothing was nudged, and "selected".
    """

    def __init__(self, labels: Sequence[str], **size: int) -> None:
        self.labels = list(labels)
        self.limit = 1.0  # of the axis, up and down
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        n = len(self.labels)
        named = n <= NAMED
        bottom = 0.43 if named else 0.25
        width = max(n, FEWEST) + 0.2
        middle = (n - 1) / 2
        self.axes = figure.add_axes((0.115, bottom, 0.87, 0.84 - bottom))
        self.axes.set_xlim(middle - width / 2, middle + width / 2)
        self.axes.set_title("slopes of the loss", color=LOSS, fontweight="bold", loc="left")
        figure.text(0.36, HEAD, "bars: backpropagation, rings: nudging", color=GREY, size=8, va="center")
        self.axes.axhline(0, color=GREY, lw=1)
        self.axes.spines["bottom"].set_visible(False)
        self.axes.tick_params(axis="x", length=0)
        if named:
            ticks = [_cut(label) for label in self.labels]
            self.axes.set_xticks(range(n), ticks, rotation=35, ha="right", rotation_mode="anchor")
        else:
            self._name_layers()
        for text in self.axes.get_xticklabels():
            text.set_parse_math(False)
        self._set_limit()
        slot = self.axes.bbox.width * 72 / figure.dpi / width  # an entry's width in points
        self._ends = (np.arange(n)[:, None] + np.array([-0.35, 0.35])).ravel()
        self.band = self.axes.axvspan(0, 1, facecolor=ORANGE, alpha=0.3, lw=0, animated=True)
        self.bars = self.axes.stairs(
            np.zeros(2 * n - 1), self._ends, fill=True, color=LOSS, lw=0, animated=True
        )
        size = min(7.0, max(2.5, 0.7 * slot))
        (self.rings,) = self.axes.plot(
            [], [], "o", ms=size, mfc="none", mec=BLACK, mew=min(1.5, size / 4), clip_on=False, animated=True
        )
        (self.mark,) = self.axes.plot([], [], "v", ms=7, color=ORANGE, clip_on=False, animated=True)

    def _name_layers(self) -> None:
        groups = [(name, len(list(found))) for name, found in groupby(self.labels, _layer)]
        ends = np.cumsum([size for _, size in groups]) - 0.5
        for end in ends[:-1]:
            self.axes.axvline(end, color=LIGHT, lw=1)
        middles = [end - size / 2 for end, (_, size) in zip(ends, groups, strict=True)]
        # the few biases stand on a line of their own: their names would meet their neighbours'
        ticks = ["\n" * name.startswith("b") + name for name, _ in groups]
        self.axes.set_xticks(middles, ticks)

    def _set_limit(self) -> None:
        limit = self.limit
        self.axes.set_ylim(-1.2 * limit, 1.2 * limit)
        self.axes.set_yticks([-limit, 0, limit], [_rounded(value) for value in (-limit, 0, limit)])
        self.axes.spines["left"].set_bounds(-limit, limit)

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; the axis is drawn again only where the slopes leave it, or fill too little of it."""
        limit = axis_limit(_largest(numbers["slopes"], numbers["nudged"]), self.limit)
        if limit != self.limit:
            self.limit = limit
            self._set_limit()
            self.stale()
        super().show(numbers, alt)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        k = numbers["selected"]
        heights = np.zeros(2 * len(self.labels) - 1)  # bars, and nothing between them
        heights[::2] = np.clip(numbers["slopes"], -1e300, 1e300)
        self.bars.set_data(heights)
        self.rings.set_data(np.arange(len(self.labels)), numbers["nudged"])
        self.band.set_x(k - 0.5)
        self.mark.set_data([k], [1.12 * self.limit])
        text = f"{_cut(self.labels[k])} {signed(numbers['slopes'][k])}"
        box = self.axes.get_position()
        up = 2.4 * self.limit * (HEAD - box.y0) / box.height - 1.2 * self.limit
        self.write(self.axes, self.axes.get_xlim()[1], up, text, -1)
        return [self.band, self.bars, self.rings, self.mark]

    def words(self, numbers: dict[str, Any]) -> str:
        """The steepest slope by either way, and how far the two ways are apart."""
        slopes, nudged = numbers["slopes"], numbers["nudged"]
        steepness = np.fmax(np.abs(slopes), np.abs(nudged))  # of the two, NaN aside
        k = int(np.argmax(steepness))
        here = ~np.isnan(nudged)
        if not steepness[k]:
            return "All slopes are 0."
        found = f"Steepest slope: {self.labels[k]}, {signed(slopes[k])} by backpropagation"
        if not here.any():
            return f"{found}."
        if here[k]:
            found += f", {signed(nudged[k])} by nudging"
        apart = float(np.max(np.abs(slopes - nudged)[here]) / steepness[k])
        both = "the two agree" if apart < AGREE else f"the two differ by up to {short(apart)} of it"
        which = "" if here.all() else f" ({here.sum()} of {len(here)} were nudged)"
        return f"{found}; {both}{which}."


def axis_limit(largest: float, limit: float) -> float:
    """A round number that holds `largest`; `limit` as long as it does and is not three times as large."""
    if largest < 1e-300 or limit / 3 <= largest <= limit:
        return limit
    return rounded_up(largest, (1, 1.2, 1.5, 2, 3, 5, 7))


def rounded_up(value: float, steps: Sequence[float]) -> float:
    """The first of these steps × 10ⁿ, from 1 on, that holds the value."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (*steps, 10, 20) if step * power >= value)


def signed(value: float) -> str:
    """A slope with three digits that count: "−0.0123"."""
    return f"{'−' if value < 0 else ''}{short(abs(value))}"


def _largest(*slopes: Array) -> float:
    every = np.abs(np.concatenate(slopes))
    return float(every[every <= 1e300].max(initial=0.0))  # NaN and infinity aside


def _rounded(value: float) -> str:
    if value == 0 or 1e-3 <= abs(value) < 1e4:
        return f"{value:g}".replace("-", "−")
    return signed(value).replace(".0 ×", " ×")


def _cut(label: str) -> str:
    half = LONGEST // 2
    return label if len(label) <= LONGEST else f"{label[:half]}…{label[-half:]}"


def _layer(label: str) -> str:
    return label.split("[")[0]
