"""The loss of a straight line over its two numbers: a valley, from above, in a slice, and from the rows."""

import math
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from numpy.typing import NDArray

from ...checks import Array, as_finite
from ...style import BLACK, DATA, GREY, LOSS, ORANGE, PREDICTION, REFERENCE, number
from .figure import LivePicture, tangent
from .gradients import axis_limit, rounded_up, signed
from .panels import BANDS, edges, room, shades

SIDE = 120  # rows and columns of it
DECADES = 4.5  # powers of ten from its corner down to the innermost shade
POINTS = 161  # of the slice
TANGENT = 0.22  # half its length, as a share of the axes' width
LARGEST_POWER = 308  # the power of ten of the largest number
WIDE = 60  # what a number beside an axis has room for: its letters times their font size
FAR = 1e6  # so many times the axis, and what is farther is drawn no farther


class Valley:
    """The mean squared error of y = w·x + b for all w and b, from a few sums over the rows.

    loss(w, b) = least + ½ dᵀ H d, where d leads from the best (w, b) to this one.
    """

    def __init__(self, x: Array, y: Array) -> None:
        columns = np.column_stack([x, np.ones(len(x))])
        with np.errstate(over="ignore"):
            self.H: Array = as_finite(2 * columns.T @ columns / len(x), "the mean square of x")
            self.at_zero = as_finite(float(np.mean(y**2)), "the mean square of y")  # the loss of w = 0, b = 0
        self.best = np.asarray(np.linalg.lstsq(columns, y, rcond=None)[0], dtype=float)
        self.least = float(np.mean((columns @ self.best - y) ** 2))
        self.scale = max(self.least, 1e-6 * self.at_zero, 1e-300)  # where the best line fits exactly

    def above(self, w: Array, b: Array, unit: float = 1.0) -> Array:
        """How much the loss of each w and b is above the least; of numbers in a unit, in its square."""
        u, v = w - self.best[0] / unit, b - self.best[1] / unit
        size = max(float(np.abs(u).max()), float(np.abs(v).max()), 1.0)
        u, v = u / size, v / size
        (ww, wb), (_, bb) = self.H
        with np.errstate(over="ignore"):  # numbers too large for their squares
            above: Array = 0.5 * (ww * u * u + 2 * wb * u * v + bb * v * v) * size * size
        return above

    def slopes(self, theta: Array) -> Array:
        """The slopes of the loss along w and along b, (2,)."""
        slopes: Array = self.H @ (np.asarray(theta) - self.best)
        return slopes

    def descent(self, theta: Array, rate: float, steps: int) -> Array:
        """Where gradient descent comes by, (steps + 1, 2), up to the last place that is a finite number."""
        path = [np.asarray(theta, dtype=float)]
        with np.errstate(all="ignore"):
            for _ in range(steps):
                path.append(path[-1] - rate * self.slopes(path[-1]))
        found = np.array(path)
        return found[: int(np.isfinite(found).all(axis=1).sum())]


def reach_of(theta: Array, first: float) -> float:
    """How far the axes of w and b go from 0: 2, 5, 10, 20 … times as far where a number is not within."""
    share = float(np.abs(theta).max()) / first
    if share <= 1:
        return first
    return first * rounded_up(share, (1, 2, 5))


def _mark(axis: Axis, low: float, high: float) -> None:
    """Three numbers on an axis, short and small where they would not have room: "5×10¹⁴"."""
    ticks = [low, (low + high) / 2, high]
    texts = [number(tick, 0).replace(".0 ×", " ×").replace(" × ", "×") for tick in ticks]
    axis.set_ticks(ticks, texts)
    axis.set_tick_params(labelsize=min(8, WIDE / max(map(len, texts))))


class Residuals(LivePicture):
    """The rows, the line w·x + b, and from each row a segment to the line: how far off it is there.

    `numbers["reference"]`, the line that nnlib would show where the shown one is the learner's, is grey.
    """

    def __init__(self, x: Array, y: Array, names: list[str], span: tuple[float, float], **size: int) -> None:
        self.x, self.y, self.names, self.span = x, y, names, span
        self.grid = np.linspace(*room(x[:, None]), 200)
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        ends = self.grid[[0, -1], 0]
        self.axes = figure.add_axes((0.17, 0.2, 0.78, 0.68), xlim=ends, ylim=self.span)
        self.axes.set_xlabel(self.names[0])
        self.axes.set_title(self.names[1], color=PREDICTION, fontweight="bold")
        self.axes.plot(self.x, self.y, "o", ms=5 if len(self.x) < 100 else 3, color=DATA)
        (self.off,) = self.axes.plot([], [], color=LOSS, lw=1.5, animated=True)
        (self.reference,) = self.axes.plot([], [], lw=1, color=REFERENCE, animated=True)
        (self.line,) = self.axes.plot([], [], color=PREDICTION, lw=2.5, animated=True)
        (self.chosen,) = self.axes.plot([], [], color=ORANGE, lw=3, animated=True)
        (self.ring,) = self.axes.plot([], [], "o", ms=11, mfc="none", mec=ORANGE, mew=2.5, animated=True)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        k, far = numbers["example"], FAR * (self.span[1] - self.span[0])
        predicted = np.clip(numbers["predictions"], -far, far)
        ends = np.stack([self.y, predicted, np.full(len(self.y), np.nan)], axis=1)
        self.off.set_data(np.repeat(self.x, 3), ends.ravel())
        self.line.set_data(self.grid[:, 0], np.clip(numbers["surface"], -far, far))
        self.chosen.set_data([self.x[k]] * 2, ends[k, :2])
        self.ring.set_data(self.x[k : k + 1], self.y[k : k + 1])
        reference = numbers.get("reference")
        if reference is not None:
            self.reference.set_data(self.grid[:, 0], np.clip(reference, -far, far))
        behind = [] if reference is None else [self.reference]
        return [self.off, *behind, self.line, self.chosen, self.ring]


class Slice(LivePicture):
    """The loss as a curve along w or along b, the other one kept as it is; a tangent shows the slope."""

    def __init__(self, valley: Valley, **size: int) -> None:
        self.valley, self._drawn = valley, (0.0, 0.0, 0)
        self.floor = axis_limit(1.3 * valley.at_zero or 1.0, 0.0)
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.23, 0.2, 0.66, 0.68))
        self.title = figure.text(0.02, 0.915, "", color=LOSS, fontweight="bold")
        (self.curve,) = self.axes.plot([], [], color=LOSS, lw=2.5, animated=True)
        (self.tangent,) = self.axes.plot([], [], color=ORANGE, lw=3, animated=True)
        (self.dot,) = self.axes.plot([], [], "o", ms=9, color=LOSS, mec="white", clip_on=False, animated=True)

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; the axes are drawn again only where they change."""
        loss = numbers["loss"]
        top = self.floor if loss <= self.floor else 10.0 ** min(LARGEST_POWER, math.ceil(math.log10(loss)))
        drawn = (numbers["reach"], top, numbers["selected"])
        if drawn != self._drawn:
            self._drawn = drawn
            reach, name = numbers["reach"], "wb"[numbers["selected"]]
            self.axes.set(xlim=(-reach, reach), ylim=(0, top), xlabel=name)
            self.title.set_text(f"loss along {name}")
            _mark(self.axes.xaxis, -reach, reach)
            _mark(self.axes.yaxis, 0, top)
            self.stale()
        super().show(numbers, alt)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        slope, (reach, top, k) = numbers["slope"], self._drawn
        at = np.array(numbers["theta"])
        along = [np.full(POINTS, value) for value in at]
        along[k] = np.linspace(-reach, reach, POINTS)
        losses = self.valley.least + self.valley.above(along[0], along[1])
        self.curve.set_data(along[k], np.minimum(losses, min(FAR * top, 10.0**LARGEST_POWER)))
        self.dot.set_data(at[k : k + 1], [numbers["loss"]])
        self.tangent.set_data(*tangent(self.axes, at[k], numbers["loss"], slope, TANGENT))
        self.write(self.axes, reach, 1.08 * top, f"slope {signed(slope)}", -1)
        return [self.curve, self.tangent, self.dot]


class Bowl(LivePicture):
    """The loss over w and b from above: darker is more, and along a white ring it is the same.

    The shades go by powers, so that the bottom can be seen from any distance. `numbers["trail"]` (n, 2) is
    the way to the present place; in grey `numbers["rival"]`, another way, and `numbers["ghost"]`, a place.
    """

    colours = [*shades(LOSS, 0.12, 1.0), "#FFFFFF"]

    def __init__(self, valley: Valley, **size: int) -> None:
        self.valley, self._reach = valley, 0.0
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.23, 0.2, 0.66, 0.68), xlabel="w")
        self.axes.set_ylabel("b", rotation=0)
        self.axes.yaxis.set_label_coords(-0.1, 0.7)
        self.axes.set_title("loss: darker is more", color=LOSS, fontweight="bold")
        (self.rival,) = self.axes.plot([], [], ".--", lw=1.5, ms=5, color=GREY, animated=True)
        (self.trail,) = self.axes.plot([], [], ".-", lw=1.5, ms=6, color=BLACK, animated=True)
        (self.ghost,) = self.axes.plot([], [], "s", ms=9, mfc="none", mec=GREY, mew=2.5, animated=True)
        (self.dot,) = self.axes.plot(
            [], [], "o", ms=10, color=ORANGE, mec=BLACK, clip_on=False, animated=True
        )

    def bands(self, reach: float) -> NDArray[np.intp]:
        """Which shade each cell of the map gets, (SIDE, SIDE), row 0 at the bottom."""
        middles = 2 * (np.arange(SIDE) + 0.5) / SIDE - 1
        above = self.valley.above(middles[None, :], middles[:, None], unit=reach)
        decades = np.log10(np.maximum(above / above.max(), 10.0**-DECADES))
        bands: NDArray[np.intp] = np.clip((1 + decades / DECADES) * BANDS, 0, BANDS - 1).astype(np.intp)
        bands[edges(bands)] = BANDS
        return bands

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; the map is drawn again only where its scale changes."""
        if numbers["reach"] != self._reach:
            self._reach = reach = numbers["reach"]
            self._field = self.bands(reach)
            self.axes.set(xlim=(-reach, reach), ylim=(-reach, reach))
            _mark(self.axes.xaxis, -reach, reach)
            _mark(self.axes.yaxis, -reach, reach)
            self.stale()
        super().show(numbers, alt)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        self.paint(self.axes, self._field)
        far = FAR * self._reach
        shown: list[Artist] = []
        for line, points in ((self.rival, numbers["rival"]), (self.trail, numbers["trail"])):
            if len(points) > 1:
                line.set_data(*np.clip(np.array(points), -far, far).T)
                shown.append(line)
        if numbers["ghost"]:
            self.ghost.set_data(*np.array(numbers["ghost"])[:, None])
            shown.append(self.ghost)
        self.dot.set_data(*np.array(numbers["theta"])[:, None])
        return [*shown, self.dot]
