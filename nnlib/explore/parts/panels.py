"""The pictures that stand beside the network: what it predicts everywhere, and its loss over a training."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullLocator
from numpy.typing import NDArray

from ...checks import Array
from ...style import DATA, GREY, LOSS, ORANGE, PREDICTION, REFERENCE, given, number, power_of_ten, short
from .figure import MARGIN, LivePicture, Mask

BANDS = 20  # shades of the surface; with scores from 0 to 100, one band every 5 points
FIELD = (72, 96)  # rows and columns of the surface
LABELLED = 5  # rows at most that have their numbers written beside them
REACH = 0.2  # how far from its nearest row a point still has data near it, as a share of the axes
STRIPE, NO_DATA = "#5F5F5F", "striped:\nno data near"


def room(X: Array) -> tuple[Array, Array]:
    """Where each input's axis begins and ends: from 0, or the lowest value, to a fifth past the highest."""
    low, high = np.minimum(X.min(axis=0), 0.0), X.max(axis=0)
    return low, high + 0.2 * np.where(high > low, high - low, 1.0)


def dot_size(X: Array) -> float:
    """The size of a row's dot: many rows must not hide what lies below them."""
    return 6.0 if len(X) < 10 else 3.0 if len(X) < 60 else 2.0


def shades(colour: str, lightest: float, darkest: float) -> list[str]:
    """BANDS shades of a colour, from a light share of it in white to a dark one."""
    shares = np.linspace(lightest, darkest, BANDS)
    return [to_hex(share * np.array(to_rgb(colour)) + (1 - share) * np.ones(3)) for share in shares]


def near_data(points: Array, X: Array) -> Mask:
    """Which points have a row of X within a fifth of the axes' lengths."""
    low, high = room(X)
    points, rows = points / (high - low), np.unique(X, axis=0) / (high - low)
    near = np.zeros(len(points), bool)
    for start in range(0, len(points), 96):  # so few at a time that their distances stay in the cache
        block = points[start : start + 96]
        squares = sum((block[:, None, n] - rows[None, :, n]) ** 2 for n in range(X.shape[1]))
        near[start : start + 96] = np.min(squares, axis=1) <= REACH**2
    return near


class Surface(LivePicture):
    """The prediction for every pair of inputs, as shades of one colour, with the data on it.

    Stripes cover what is far from every row. `numbers["reference"]`, the surface that nnlib would show where
    the shown one is the learner's, is drawn as grey edges between its shades.
    """

    colours = [*shades(PREDICTION, 0.04, 0.96), "#FFFFFF", REFERENCE, STRIPE]

    def __init__(self, X: Array, y: Array, names: list[str], span: tuple[float, float], **size: int) -> None:
        self.X, self.y, self.names, self.span = X, y, names, span
        low, high = room(X)
        self.box = (low[0], high[0], low[1], high[1])
        down, across = (np.arange(n) + 0.5 for n in FIELD)
        columns = low[0] + (high[0] - low[0]) * across / FIELD[1]
        rows = low[1] + (high[1] - low[1]) * down / FIELD[0]
        self.grid = np.stack(np.broadcast_arrays(columns[None, :], rows[:, None]), axis=-1).reshape(-1, 2)
        self.known = near_data(self.grid, X).reshape(FIELD)
        super().__init__(**size)
        self.stripes = self.striped(self.axes, ~self.known)

    def bands(self, predictions: Array, reference: Array | None = None) -> NDArray[np.intp]:
        """Which shade each point of the grid gets, white between every second: FIELD, row 0 at the bottom."""
        bands = self._shades(predictions)
        lines = edges(bands)
        if reference is not None:
            bands[edges(self._shades(reference))] = BANDS + 1
        bands[lines] = BANDS
        return bands

    def _shades(self, predictions: Array) -> NDArray[np.intp]:
        low, high = self.span
        share = (predictions.reshape(FIELD) - low) * (BANDS / (high - low))
        return np.clip(share, 0, BANDS - 1).astype(np.intp)

    def has_data_near(self, point: Array) -> bool:
        """Whether a point (2,) lies where the surface has no stripes, or would have none."""
        return bool(near_data(np.asarray(point)[None, :], self.X)[0])

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.13, 0.22, 0.66, 0.66), xlim=self.box[:2], ylim=self.box[2:])
        self.axes.set(xlabel=self.names[0], ylabel=self.names[1])
        self.axes.set_title(f"predicted {self.names[2]}", color=PREDICTION, fontweight="bold")
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        # where the numbers on the left are long, the axes make room for the label beside them
        taken = self.axes.yaxis.get_tightbbox(self.canvas.get_renderer())
        if taken and taken.x0 < MARGIN / 4:
            more = (MARGIN / 4 - taken.x0) / figure.bbox.width
            self.axes.set_position((0.13 + more, 0.22, 0.66 - more, 0.66))
        bar = figure.add_axes((0.83, 0.22, 0.05, 0.66))
        bar.imshow(
            np.array([to_rgb(c) for c in self.colours[:BANDS]])[:, None],
            aspect="auto",
            origin="lower",
            extent=(0, 1, *self.span),
        )
        bar.tick_params(
            left=False, labelleft=False, bottom=False, labelbottom=False, right=True, labelright=True
        )
        if not self.known.all():
            figure.text(0.99, 0.01, NO_DATA, color=GREY, size=8, ha="right")
        (self.ring,) = self.axes.plot([], [], "o", ms=13, mfc="none", mec=ORANGE, mew=3, animated=True)
        (self.dots,) = self.axes.plot(
            self.X[:, 0], self.X[:, 1], "o", ms=dot_size(self.X), color=DATA, animated=True
        )

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        self.paint(self.axes, self.bands(numbers["surface"], numbers.get("reference")), self.stripes)
        self.ring.set_data(*self.X[numbers["example"], :, None])
        if len(self.X) <= LABELLED:
            for x, predicted, true in zip(self.X, numbers["predictions"], self.y[:, 0], strict=True):
                beside = 13 if x[0] < sum(self.box[:2]) / 2 else -13
                self.write(self.axes, x[0], x[1], f"{number(predicted, 1)} ({given(true)})", beside)
        return [self.dots, self.ring]


def edges(bands: NDArray[np.intp]) -> Mask:
    """The cells where every second shade begins."""
    level = bands // 2
    edges = np.zeros(bands.shape, bool)
    edges[:, 1:] = level[:, 1:] != level[:, :-1]
    edges[1:] |= level[1:] != level[:-1]
    return edges


class Curve(LivePicture):
    """The prediction for every value of a single input, as a curve, with the data beside it.

    Stripes cover what is far from every row. `numbers["reference"]`, the curve that nnlib would show where
    the shown one is the learner's, is drawn in grey behind it.
    """

    def __init__(self, X: Array, y: Array, names: list[str], span: tuple[float, float], **size: int) -> None:
        self.X, self.y, self.names, self.span = X, y, names, span
        self.grid = np.linspace(*room(X), 200)
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.17, 0.22, 0.78, 0.66), xlim=self.grid[[0, -1], 0], ylim=self.span)
        self.axes.set_xlabel(self.names[0], loc="left" if self.gaps() else "center")
        self.axes.set_title(f"predicted {self.names[1]}", color=PREDICTION, fontweight="bold")
        for start, end in self.gaps():
            self.axes.axvspan(start, end, facecolor="none", edgecolor=GREY, hatch="///", lw=0)
        if self.gaps():
            figure.text(0.99, 0.01, NO_DATA, color=GREY, size=8, ha="right")
        self.axes.plot(self.X[:, 0], self.y[:, 0], "o", ms=dot_size(self.X), color=DATA)
        (self.reference,) = self.axes.plot([], [], lw=1, color=REFERENCE, animated=True)
        (self.curve,) = self.axes.plot([], [], color=PREDICTION, animated=True)
        (self.gap,) = self.axes.plot([], [], color=ORANGE, animated=True)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        k = numbers["example"]
        self.curve.set_data(self.grid[:, 0], numbers["surface"])
        self.gap.set_data([self.X[k, 0]] * 2, [self.y[k, 0], numbers["predictions"][k]])
        if (reference := numbers.get("reference")) is None:
            return [self.curve, self.gap]
        self.reference.set_data(self.grid[:, 0], reference)
        return [self.reference, self.curve, self.gap]

    def gaps(self) -> list[tuple[float, float]]:
        """From where to where on the axis there is no data near."""
        low, high = self.grid[[0, -1], 0]
        reach = REACH * (high - low)
        rows = np.unique(self.X[:, 0])
        spans = zip([low, *(rows + reach)], [*(rows - reach), high], strict=True)
        return [(float(start), float(end)) for start, end in spans if start < end]

    def has_data_near(self, point: Array) -> bool:
        """Whether a point (1,) lies where the picture has no stripes."""
        return bool(near_data(np.asarray(point)[None, :], self.X)[0])


class Predictions(LivePicture):
    """Prediction against true value, one dot a row; on the line they are equal.

    `numbers["reference_rows"]`, what nnlib predicts where the shown ones are the learner's: grey dots behind.
    """

    grid = None  # with three inputs or more there is no picture of all predictions

    def __init__(self, y: Array, name: str, span: tuple[float, float], **size: int) -> None:
        self.y, self.name, self.span = y, name, span
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.19, 0.22, 0.75, 0.66), xlim=self.span, ylim=self.span)
        self.axes.set(xlabel=f"true {self.name}", ylabel="predicted")
        self.axes.set_title(f"predicted {self.name}", color=PREDICTION, fontweight="bold")
        self.axes.axline((self.span[0], self.span[0]), slope=1, color=GREY, lw=1)
        (self.ring,) = self.axes.plot([], [], "o", ms=13, mfc="none", mec=ORANGE, mew=3, animated=True)
        (self.reference,) = self.axes.plot([], [], "o", ms=9, color=REFERENCE, animated=True)
        (self.dots,) = self.axes.plot([], [], "o", ms=6, color=PREDICTION, animated=True)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        shown = np.clip(numbers["predictions"], *self.span)
        k = numbers["example"]
        self.ring.set_data(self.y[k, :1], shown[k : k + 1])
        self.dots.set_data(self.y[:, 0], shown)
        if (reference := numbers.get("reference_rows")) is None:
            return [self.dots, self.ring]
        self.reference.set_data(self.y[:, 0], np.clip(reference, *self.span))
        return [self.ring, self.reference, self.dots]


class LossCurve(LivePicture):
    """The loss of the training, epoch by epoch; a dot where the network stands now.

    `numbers["reference_loss"]`, nnlib's own where the shown one is the learner's, is a grey dot.
    """

    def __init__(self, epochs: int, loss: float, **size: int) -> None:
        super().__init__(**size)
        self.forget(epochs, loss)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.17, 0.32, 0.74, 0.52), yscale="log")
        self.axes.set(xlabel="epoch")
        self.axes.set_title("loss", color=LOSS, fontweight="bold")
        self.axes.yaxis.set_minor_locator(NullLocator())
        self.axes.yaxis.set_major_formatter(lambda value, _: power_of_ten(round(math.log10(value))))
        (self.curve,) = self.axes.plot([], [], color=LOSS)
        (self.best,) = self.axes.plot([], [], "--", lw=1, color=GREY, animated=True)
        (self.reference,) = self.axes.plot([], [], "o", ms=6, color=REFERENCE, clip_on=False, animated=True)
        (self.dot,) = self.axes.plot([], [], "o", ms=9, color=LOSS, mec="white", clip_on=False, animated=True)

    def forget(self, epochs: int, loss: float) -> None:
        """No training yet: an empty curve, three decades below the loss of the first weights."""
        self._limits(epochs, loss / 1e3, loss)
        self.curve.set_data([], [])

    def follow(self, epochs: Sequence[int], losses: Sequence[float]) -> None:
        """Draw the curve of a training: the loss after so many epochs."""
        positive = [value for value in losses if value > 0] or [1.0]
        # a training that diverges leaves through the top; its beginning can still be read
        self._limits(epochs[-1], min(positive), min(max(positive), 1e9 * positive[0]))
        self.curve.set_data(epochs, losses)

    def _limits(self, epochs: int, low: float, high: float) -> None:
        low, high = (min(max(value, 1e-30), 1e290) for value in (low, high))
        bottom, top = 10.0 ** math.floor(math.log10(low)), 10.0 ** math.ceil(math.log10(high))
        top = max(top, 10 * bottom)
        self.axes.set(xlim=(0, max(epochs, 1)), ylim=(bottom, top))
        self.stale()

    def _at_height(self, share: float) -> float:
        """The loss that stands at this share of the axes' height, more than 1 for above them."""
        low, high = self.axes.get_ylim()
        return float(low * (high / low) ** share)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        low, high = self.axes.get_ylim()
        self.dot.set_data([numbers["epoch"]], [min(max(numbers["loss"], low), high)])
        right = self.axes.get_xlim()[1]
        self.write(self.axes, right, self._at_height(1.19), short(numbers["loss"]), -1)
        dots: list[Artist] = [self.dot]
        if (reference := numbers.get("reference_loss")) is not None:
            self.reference.set_data([numbers["epoch"]], [min(max(reference, low), high)])
            dots.append(self.reference)
        if numbers["best"] is None:
            return dots
        best = min(max(numbers["best"], low), high)
        self.best.set_data((0, right), (best, best))
        below = -0.13 if best > self._at_height(0.5) else 0.13
        self.write(self.axes, right, best * (high / low) ** below, "best by hand", -1)
        return [self.best, *dots]
