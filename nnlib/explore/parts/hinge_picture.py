"""The picture of the curve builder: a target, the hinges, and their sum."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from ...style import BLUE, LIGHT, PREDICTION, REFERENCE, VERMILLION
from .expression import Typed
from .figure import LivePicture

LOW, HIGH = 0, 10  # the axis on which a curve is asked for
BEYOND = 2.0  # how far past it the answer is drawn
MOST_HINGES = 8  # hinges
STEPS = 10  # points of a curve for each unit of x
X = np.linspace(LOW - BEYOND, HIGH + BEYOND, round(STEPS * (HIGH - LOW + 2 * BEYOND)) + 1)


class HingePicture(LivePicture):
    """The target in grey, each hinge pale, their sum bold; striped where no target was given.

    `numbers` holds "typed curve", the target's `Typed`; "places" and "bends" of the hinges, "parts" (hinges,
    points) and their "sum" (points,) over X; as "reference" nnlib's own sum where the learner's is shown,
    else None.
    """

    def __init__(self, **size: int) -> None:
        self._drawn: Typed | None = None
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.11, 0.15, 0.86, 0.74), xlim=X[[0, -1]])
        self.axes.set_xlabel("x", size=13, labelpad=1)
        self.axes.set_title("the sum, and what it is made of", size=13, color=PREDICTION, fontweight="bold")
        self.axes.tick_params(labelsize=11)
        self.axes.axhline(0, color=LIGHT, lw=1, zorder=0)
        (self.target,) = self.axes.plot([], [], color=REFERENCE, lw=5, alpha=0.6)
        (self.points,) = self.axes.plot([], [], "o", ms=7, color=REFERENCE)
        self.beyond = [self.axes.axvspan(0, 0) for _ in range(2)]
        self.parts = [
            self.axes.plot([], [], color=BLUE, lw=1.5, animated=True)[0] for _ in range(MOST_HINGES)
        ]
        (self.reference,) = self.axes.plot([], [], color=REFERENCE, lw=2.5, animated=True)
        (self.sum,) = self.axes.plot([], [], color=PREDICTION, lw=3.5, animated=True)

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; what stays is drawn again only for another target."""
        if numbers["typed curve"] is not self._drawn:
            self._draw_target(numbers["typed curve"])
            self._drawn = numbers["typed curve"]
            self.stale()
        super().show(numbers, alt)

    def _draw_target(self, typed: Typed) -> None:
        x = np.linspace(typed.start, typed.end, 401)
        y = typed.rule(x)
        low, high = min(0.0, float(y.min())), max(0.0, float(y.max()))
        room = 0.35 * (high - low) or 1.0
        self.axes.set_ylim(low - room, high + room)
        self.target.set_data(x, y)
        self.points.set_data(*typed.points.T)
        for k, (start, end) in enumerate(((X[0], typed.start), (typed.end, X[-1]))):
            self.beyond[k].remove()
            self.beyond[k] = self.axes.axvspan(
                start, end, facecolor="none", edgecolor="#B0B0B0", hatch="//", lw=0
            )

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        shown: list[Artist] = [self.reference, self.sum]
        low, high = self.axes.get_ylim()
        for k, place in enumerate(numbers["places"], start=1):
            self.write(self.axes, place, low + 0.04 * (high - low), str(k))
        for line, part, bend in zip(self.parts, numbers["parts"], numbers["bends"], strict=False):
            line.set(color=VERMILLION if bend < 0 else BLUE, alpha=0.45, ls="--" if bend < 0 else "-")
            line.set_data(X, part)
            shown.insert(0, line)
        self.sum.set_data(X, numbers["sum"])
        reference = numbers["reference"]
        self.reference.set_data(([], []) if reference is None else (X, reference))
        return shown
