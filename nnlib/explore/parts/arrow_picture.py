"""The picture of two arrows, and of how far the one reaches along the other."""

import math
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from ...checks import Array
from ...style import BLACK, GREY, LIGHT, NEGATIVE, ORANGE, POSITIVE, REFERENCE, given, number
from .figure import LivePicture

LONGEST = 25  # that an arrow can be
LIMITS = (3, 6, 12, LONGEST)  # where the axes may end; the first that holds both arrows
HEAD = 0.13  # length of an arrow's head as a share of half an axis


class Arrows(LivePicture):
    """Two arrows from the origin on axes of one scale, and the projection of the first on the second.

    `numbers` holds "a", "b" (2,), "projection", the reach of a along b, and "reference", what it should be;
    both are None where nothing is to be shown.
    """

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.11, 0.09, 0.878, 0.9005))
        self.axes.axhline(0, color=LIGHT, lw=1)
        self.axes.axvline(0, color=LIGHT, lw=1)
        (self.line,) = self.axes.plot([], [], color=LIGHT, lw=1.5, animated=True)
        (self.drop,) = self.axes.plot([], [], "--", color=GREY, lw=1.5, animated=True)
        (self.reference,) = self.axes.plot(
            [], [], color=REFERENCE, lw=12, alpha=0.5, solid_capstyle="butt", animated=True
        )
        (self.reach,) = self.axes.plot([], [], lw=8, solid_capstyle="butt", animated=True)
        self.arrows = [self.axes.fill([], [], color=color, animated=True)[0] for color in (ORANGE, BLACK)]
        self._set_limit(LIMITS[0])

    def _set_limit(self, limit: int) -> None:
        self.limit = limit
        # square axes of one scale: an angle on the screen is the angle between the vectors
        self.axes.set(xlim=(-1.08 * limit, 1.08 * limit), ylim=(-1.08 * limit, 1.08 * limit))
        ticks = np.linspace(-limit, limit, 5) if limit < LONGEST else np.arange(-20, 21, 10)
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_ticks(ticks, [given(float(tick)) for tick in ticks])

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; the axes are drawn again only where an arrow leaves them, or fills too little."""
        longest = max(np.hypot(*numbers["a"]), np.hypot(*numbers["b"]))
        limit = next(limit for limit in LIMITS if longest <= limit or limit == LONGEST)
        if limit != self.limit:
            self._set_limit(limit)
            self.stale()
        super().show(numbers, alt)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        a, b = numbers["a"], numbers["b"]
        turn = 1 if a[0] * b[1] >= a[1] * b[0] else -1  # from a to b: 1 for anticlockwise
        for vector, arrow, name, side in zip((a, b), self.arrows, "ab", (-turn, turn), strict=True):
            arrow.set_xy(arrow_outline(vector, self.limit))
            across = np.array([-vector[1], vector[0]]) / (np.hypot(*vector) or 1)
            x, y = vector + side * 0.09 * self.limit * across
            self.write(self.axes, x, y, name, size=18)
        if numbers["projection"] is None:
            return list(self.arrows[::-1])
        along = b / np.hypot(*b)
        across = turn * np.array([-along[1], along[0]])  # to where a is not
        shadow = np.clip(numbers["projection"], -2 * self.limit, 2 * self.limit) * along
        truth = numbers["reference"] * along
        self._put(self.line, -2 * self.limit * along, 2 * self.limit * along)
        self._put(self.drop, a, truth)
        self._put(self.reach, np.zeros(2), shadow)
        self.reach.set_color(NEGATIVE if numbers["projection"] < 0 else POSITIVE)
        x, y = shadow / 2 + 0.16 * self.limit * across
        self.write(self.axes, x, y, number(numbers["projection"]), size=15)
        moved: list[Artist] = [self.line, self.drop, self.reach, *self.arrows[::-1]]
        if numbers["projection"] == numbers["reference"]:
            return moved
        self._put(self.reference, np.zeros(2), truth)
        return [self.reference, *moved]

    def _put(self, line: Any, start: Array, end: Array) -> None:
        line.set_data(*np.stack([start, end], axis=1))


def arrow_outline(vector: Array, limit: float) -> Array:
    """The corners (7, 2) of an arrow from the origin to `vector`; a dot for a vector without length."""
    length = float(np.hypot(*vector))
    thick = 0.009 * limit
    if length < 1e-9:
        return thick * 2 * np.array([(math.cos(t), math.sin(t)) for t in np.linspace(0, 2 * math.pi, 7)])
    along = vector / length
    across = np.array([-along[1], along[0]])
    head = min(HEAD * limit, length)
    wide = 0.38 * head
    neck = length - head
    places = [
        (0, thick),
        (neck, thick),
        (neck, wide),
        (length, 0),
        (neck, -wide),
        (neck, -thick),
        (0, -thick),
    ]
    return np.array([u * along + v * across for u, v in places])
