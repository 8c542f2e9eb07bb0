"""The pictures that stand beside the network: what it predicts everywhere, and its loss over a training."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, NullFormatter
from numpy.typing import NDArray

from ..checks import Array
from ..layout import DATA, GREY, LOSS, ORANGE, PREDICTION, given, number, short
from .figure import LivePicture

BANDS = 20  # shades of the surface; with scores from 0 to 100, one band every 5 points
FIELD = (72, 96)  # rows and columns of the surface
LABELLED = 5  # rows at most that have their numbers written beside them


def room(X: Array) -> tuple[Array, Array]:
    """Where each input's axis begins and ends: from 0, or the lowest value, to a fifth past the highest."""
    low, high = np.minimum(X.min(axis=0), 0.0), X.max(axis=0)
    return low, high + 0.2 * np.where(high > low, high - low, 1.0)


class Surface(LivePicture):
    """The prediction for every pair of inputs, as shades of one colour, with the data on it."""

    colours = [
        to_hex(share * np.array(to_rgb(PREDICTION)) + (1 - share) * np.ones(3))
        for share in np.linspace(0.04, 0.96, BANDS)
    ] + ["#FFFFFF"]

    def __init__(self, X: Array, y: Array, names: list[str], span: tuple[float, float], **size: int) -> None:
        self.X, self.y, self.names, self.span = X, y, names, span
        low, high = room(X)
        self.box = (low[0], high[0], low[1], high[1])
        down, across = (np.arange(n) + 0.5 for n in FIELD)
        columns = low[0] + (high[0] - low[0]) * across / FIELD[1]
        rows = low[1] + (high[1] - low[1]) * down / FIELD[0]
        self.grid = np.stack(np.broadcast_arrays(columns[None, :], rows[:, None]), axis=-1).reshape(-1, 2)
        super().__init__(**size)

    def bands(self, predictions: Array) -> NDArray[np.intp]:
        """Which shade each point of the grid gets, white between every second: FIELD, row 0 at the bottom."""
        low, high = self.span
        share = (predictions.reshape(FIELD) - low) * (BANDS / (high - low))
        bands = np.clip(share, 0, BANDS - 1).astype(np.intp)
        level = bands // 2
        bands[:, 1:][level[:, 1:] != level[:, :-1]] = BANDS
        bands[1:][level[1:] != level[:-1]] = BANDS
        return bands

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.13, 0.22, 0.66, 0.66), xlim=self.box[:2], ylim=self.box[2:])
        self.axes.set(xlabel=self.names[0], ylabel=self.names[1])
        self.axes.set_title(f"predicted {self.names[2]}", color=PREDICTION, fontweight="bold")
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
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
        (self.ring,) = self.axes.plot([], [], "o", ms=13, mfc="none", mec=ORANGE, mew=3, animated=True)
        (self.dots,) = self.axes.plot(
            self.X[:, 0], self.X[:, 1], "o", ms=6 if len(self.X) < 10 else 3, color=DATA, animated=True
        )

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        self.paint(self.axes, self.bands(numbers["surface"]))
        self.ring.set_data(*self.X[numbers["example"], :, None])
        if len(self.X) <= LABELLED:
            for x, predicted, true in zip(self.X, numbers["predictions"], self.y[:, 0], strict=True):
                beside = 13 if x[0] < sum(self.box[:2]) / 2 else -13
                self.write(self.axes, x[0], x[1], f"{number(predicted, 1)} ({given(true)})", beside)
        return [self.ring, self.dots]


class Curve(LivePicture):
    """The prediction for every value of a single input, as a curve, with the data beside it."""

    def __init__(self, X: Array, y: Array, names: list[str], span: tuple[float, float], **size: int) -> None:
        self.X, self.y, self.names, self.span = X, y, names, span
        self.grid = np.linspace(*room(X), 200)
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.17, 0.22, 0.78, 0.66), xlim=self.grid[[0, -1], 0], ylim=self.span)
        self.axes.set(xlabel=self.names[0])
        self.axes.set_title(f"predicted {self.names[1]}", color=PREDICTION, fontweight="bold")
        self.axes.plot(self.X[:, 0], self.y[:, 0], "o", ms=6 if len(self.X) < 10 else 3, color=DATA)
        (self.curve,) = self.axes.plot([], [], color=PREDICTION, animated=True)
        (self.gap,) = self.axes.plot([], [], color=ORANGE, animated=True)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        k = numbers["example"]
        self.curve.set_data(self.grid[:, 0], numbers["surface"])
        self.gap.set_data([self.X[k, 0]] * 2, [self.y[k, 0], numbers["predictions"][k]])
        return [self.curve, self.gap]


class Predictions(LivePicture):
    """Prediction against true value, one dot a row; on the line they are equal."""

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
        (self.dots,) = self.axes.plot([], [], "o", ms=6, color=PREDICTION, animated=True)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        shown = np.clip(numbers["predictions"], *self.span)
        k = numbers["example"]
        self.ring.set_data(self.y[k, :1], shown[k : k + 1])
        self.dots.set_data(self.y[:, 0], shown)
        return [self.ring, self.dots]


class LossCurve(LivePicture):
    """The loss of the training, epoch by epoch; a dot where the network stands now."""

    def __init__(self, epochs: int, loss: float, **size: int) -> None:
        super().__init__(**size)
        self.forget(epochs, loss)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.17, 0.32, 0.74, 0.52), yscale="log")
        self.axes.set(xlabel="epoch")
        self.axes.set_title("loss", color=LOSS, fontweight="bold")
        self.axes.yaxis.set_minor_formatter(NullFormatter())
        (self.curve,) = self.axes.plot([], [], color=LOSS)
        (self.best,) = self.axes.plot([], [], "--", lw=1, color=GREY, animated=True)
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
        if numbers["best"] is None:
            return [self.dot]
        best = min(max(numbers["best"], low), high)
        self.best.set_data((0, right), (best, best))
        below = -0.13 if best > self._at_height(0.5) else 0.13
        self.write(self.axes, right, best * (high / low) ** below, "best by hand", -1)
        return [self.best, self.dot]
