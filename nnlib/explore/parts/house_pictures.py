"""The pictures of the house explorer: dollars of each neuron, the price along an input, and small changes."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ...checks import Array
from ...style import BLUE, DATA, GREY, LIGHT, ORANGE, PREDICTION, REFERENCE, VERMILLION, dollars
from .figure import LivePicture
from .gradients import rounded_up
from .pricing import MOST_NEURONS

SMALLEST = 1e5  # dollars that an axis shows at least


def thousands(value: float, _: object = None) -> str:
    """Dollars on an axis, in thousands: "$500k"."""
    return dollars(value / 1000) + ("k" if value else "")


def axis_end(value: float, least: float = SMALLEST) -> float:
    """The round number of dollars, `least` or more, at which an axis ends that has to show `value`."""
    return rounded_up(max(abs(value), least), (1, 2, 5))


def added(value: float) -> str:
    """Dollars with their sign, also where they add to the price."""
    return f"{'+' if value > 0 else ''}{dollars(value)}"


def axis_for(low: float, high: float) -> tuple[float, float]:
    """From where to where an axis of dollars goes that has to show these; below 0 only where it must."""
    return (-axis_end(low) if low < 0 else 0.0), axis_end(high)


class DollarPicture(LivePicture):
    """A picture whose dollars along x or y reach further when they must."""

    along = "x"  # the axis of the dollars
    ticks = 4  # on it, at most

    def __init__(self, **size: int) -> None:
        self.reach = (0.0, SMALLEST)
        super().__init__(**size)

    def dollar_axis(self) -> None:
        """Round numbers of dollars on the axis, and none beside it."""
        axis = self.axes.xaxis if self.along == "x" else self.axes.yaxis
        axis.set_major_formatter(FuncFormatter(thousands))
        axis.set_major_locator(MaxNLocator(self.ticks, steps=[1, 2, 5, 10]))
        self.axes.tick_params(labelsize=11)

    def reaching(self, numbers: dict[str, Any]) -> tuple[float, float]:
        """The ends of the axis for these numbers."""
        raise NotImplementedError

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; what stays is drawn again only where the axis changes."""
        if (reach := self.reaching(numbers)) != self.reach:
            self.reach = reach
            self.axes.set(**{f"{self.along}lim": reach})
            self.stale()
        super().show(numbers, alt)


class Contributions(DollarPicture):
    """One bar below the other, from the base price to the price; each begins where the one above it ends.

    `numbers` holds "ends" (1 + neurons,), the price after the base and after each neuron, in whole dollars;
    "silent" and "off" (neurons,); and as "kept ends" those of a house to compare with, or None.
    """

    def __init__(self, neurons: Sequence[str], **size: int) -> None:
        self.rows = ["base", *neurons, "price"]
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        last = len(self.rows)
        self.axes = figure.add_axes((0.13, 0.1, 0.79, 0.81), xlim=self.reach, ylim=(last - 0.4, -0.6))
        self.axes.set_title("what each neuron adds", size=13, fontweight="bold")
        self.axes.set_yticks(range(last), self.rows, size=13)
        self.dollar_axis()
        self.axes.tick_params(axis="y", length=0)
        self.axes.axvline(0, color=GREY, lw=1)
        flat: dict[str, Any] = {"height": 0.56, "animated": True, "lw": 0}
        self.bars = [self.axes.barh(row, 0, **flat)[0] for row in range(last)]
        self.kept = [
            self.axes.barh(row, 0, height=0.78, animated=True, fc="none", ec=REFERENCE, lw=1.5)[0]
            for row in range(last)
        ]
        (self.steps,) = self.axes.plot([], [], color=GREY, lw=1, animated=True)

    def reaching(self, numbers: dict[str, Any]) -> tuple[float, float]:
        kept = numbers["kept ends"]
        ends = np.concatenate([[0.0], numbers["ends"], [] if kept is None else kept])
        return axis_for(float(ends.min()), float(1.25 * ends.max()))

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        ends, kept = numbers["ends"], numbers["kept ends"]
        amounts = self._place(self.bars, ends)
        shown: list[tuple[Any, ...]] = [*zip(self.bars, strict=True)]
        if kept is not None:
            self._place(self.kept, kept)
            shown = [*zip(self.bars, self.kept, strict=True)]
            self.write(self.axes, self.reach[1], -0.35, "frames: the kept house", -2, size=11)
        for row, (bar, amount) in enumerate(zip(self.bars, amounts, strict=True)):
            ends_here = row in (0, len(self.rows) - 1)
            bar.set_facecolor(PREDICTION if ends_here else BLUE if amount > 0 else VERMILLION)
            word = "" if ends_here else self._word(numbers, row - 1)
            right = max(np.maximum(one.get_x(), one.get_x() + one.get_width()) for one in shown[row])
            self.write(self.axes, right, row, word or (dollars if ends_here else added)(amount), 5)
        heights = np.repeat(np.arange(len(ends)), 2) + np.tile([0.28, 0.72], len(ends))
        self.steps.set_data(np.repeat(ends, 2), heights)
        return [self.steps, *self.bars, *(self.kept if kept is not None else [])]

    @staticmethod
    def _place(bars: Sequence[Any], ends: Array) -> list[float]:
        """Put a bar between each two ends, and the price's from 0; how long each is."""
        starts = [0.0, *ends[:-1], 0.0]
        lengths = [end - start for start, end in zip(starts, [*ends, ends[-1]], strict=True)]
        for bar, start, length in zip(bars, starts, lengths, strict=True):
            bar.set(x=start, width=length)
        return lengths

    @staticmethod
    def _word(numbers: dict[str, Any], neuron: int) -> str:
        return "off" if numbers["off"][neuron] else "silent" if numbers["silent"][neuron] else ""


class Sweep(DollarPicture):
    """The price along one input, the others held; where a neuron wakes or falls silent the line bends.

    `numbers` holds the "axis" (points,) of the input, the "curve" (points,) over it, "here", the house's own
    (value, price), "bends", the value and the neuron of each, the span of the "data" and the "label" below;
    as "all on", the curve with every neuron on where one is off, as "truth" that of the true rule, or None.
    """

    along = "y"

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.2, 0.16, 0.75, 0.75), ylim=self.reach)
        self.axes.set_title("price, all else held", size=13, color=PREDICTION, fontweight="bold")
        self.dollar_axis()
        self.axes.axhline(0, color=GREY, lw=1)
        self.beyond = [self.axes.axvspan(0, 0, fc=LIGHT, ec="white", hatch="///", lw=0) for _ in range(2)]
        self.label = ""
        self.bends = [
            self.axes.plot([], [], ":", color=GREY, lw=1.5, animated=True)[0] for _ in range(MOST_NEURONS)
        ]
        (self.all_on,) = self.axes.plot([], [], color=REFERENCE, lw=1.5, animated=True)
        (self.truth,) = self.axes.plot([], [], "--", color=DATA, lw=2, animated=True)
        (self.curve,) = self.axes.plot([], [], color=PREDICTION, lw=3.5, animated=True)
        (self.dot,) = self.axes.plot([], [], "o", ms=11, mfc=ORANGE, mec="black", animated=True)

    def reaching(self, numbers: dict[str, Any]) -> tuple[float, float]:
        if numbers["label"] != self.label:
            self._change_input(numbers)
        others = [numbers[name] for name in ("all on", "truth") if numbers[name] is not None]
        prices = np.concatenate([numbers["curve"], *others])
        return axis_for(float(prices.min()), float(1.1 * prices.max()))

    def _change_input(self, numbers: dict[str, Any]) -> None:
        self.label, axis, (low, high) = numbers["label"], numbers["axis"], numbers["data"]
        self.axes.set_xlim(axis[[0, -1]])
        self.axes.set_xlabel(self.label, size=13, labelpad=1)
        for span, (start, end) in zip(self.beyond, ((axis[0], low), (high, axis[-1])), strict=True):
            span.set(x=start, width=max(0.0, end - start))
        self.stale()

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        low, high = self.reach
        shown: list[Artist] = []
        for line, (place, neuron) in zip(self.bends, numbers["bends"], strict=False):
            line.set_data([place, place], [low, high])
            self.write(self.axes, place, high - 0.05 * (high - low), neuron, 4)
            shown.append(line)
        for line, name in ((self.all_on, "all on"), (self.truth, "truth")):
            if numbers[name] is not None:
                line.set_data(numbers["axis"], numbers[name])
                shown.append(line)
        if numbers["truth"] is not None:
            self.write(
                self.axes, numbers["axis"][-1], low + 0.05 * (high - low), "dashed: the true rule", -4, 11
            )
        self.curve.set_data(numbers["axis"], numbers["curve"])
        self.dot.set_data(*([value] for value in numbers["here"]))
        return [*shown, self.curve, self.dot]


class Changes(DollarPicture):
    """What one small step of each input, up and down, does to the price.

    `numbers["changes"]` (inputs, 2) holds the dollars of a step up and of a step down; NaN where a house
    cannot be changed so.
    """

    ticks = 2

    def __init__(self, rows: Sequence[str], **size: int) -> None:
        self.rows = list(rows)
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.3, 0.1, 0.55, 0.81), ylim=(len(self.rows) - 0.4, -0.6))
        self.axes.set_title("what a small change does", size=13, fontweight="bold")
        self.axes.set_yticks(range(len(self.rows)), self.rows, size=12)
        self.axes.tick_params(axis="y", length=0)
        self.dollar_axis()
        self.axes.axvline(0, color=GREY, lw=1)
        self.bars = [
            self.axes.barh(row, 0, height=0.6, lw=0, animated=True)[0] for row in range(len(self.rows))
        ]

    def reaching(self, numbers: dict[str, Any]) -> tuple[float, float]:
        end = axis_end(1.15 * float(np.nanmax(np.abs(numbers["changes"]))), 1000)
        return -end, end

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        for row, (bar, change) in enumerate(zip(self.bars, numbers["changes"].ravel(), strict=True)):
            known = math.isfinite(change)
            bar.set(width=change if known else 0, facecolor=BLUE if change > 0 else VERMILLION)
            text = added(change) if known else "no such house"
            self.write(self.axes, max(0.0, bar.get_width()), row, text, 5)
        return [*self.bars]
