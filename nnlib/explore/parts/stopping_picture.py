"""The pictures of early stopping: errors over the epochs, and every prediction against its true value."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...checks import Array
from ...plots import apart
from ...style import DATA, GREY, LOSS, ORANGE, PREDICTION, REFERENCE
from .figure import LivePicture

# Each set of rows: how its curve is drawn. The words at the curves name them too.
LOOKS: dict[str, dict[str, Any]] = {
    "training": {"color": LOSS, "ls": "-"},
    "validation": {"color": DATA, "ls": "--"},
    "test": {"color": REFERENCE, "ls": ":"},
}
DOTS: dict[str, dict[str, Any]] = {
    "training": {"ms": 5.5, "color": LOSS, "mec": "white", "mew": 0.5},
    "validation": {"ms": 4, "color": DATA, "mfc": "none", "mew": 0.7},
}
SHOWN = (0.01, 0.99)  # quantiles of the validation rows between which dots are drawn
GAP = 0.21  # from one curve's name to the next at least, as a share of the axes' height
Text = Callable[[float], str]


class ErrorCurves(LivePicture):
    """The error of each set over the epochs, the chosen epoch, and the line that the learner moves.

    The test curve is drawn only once "chosen" is an epoch. `numbers` holds "epoch", "chosen" (an epoch or
    None), and "errors", the error of each set that may be seen, by name.

    epochs (frames,), errors (frames,) by set : the curves.
    text : how an error is written.
    """

    def __init__(
        self, epochs: Sequence[int], errors: Mapping[str, Array], title: str, text: Text, **size: int
    ) -> None:
        self.epochs, self.errors, self.title, self.text = epochs, errors, title, text
        self.chosen: int | None = None
        super().__init__(**size)
        self._name_curves()

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.17, 0.16, 0.615, 0.74), xlim=(0, max(self.epochs[-1], 1)))
        # the errors of the first epochs may be many times larger than what is to be compared
        validation = self.errors["validation"]
        least, after = validation.min(), validation[validation.argmin() :].max()
        top = 1.25 * min(max(after, 1.2 * least), 4 * least) or 1.0
        self.axes.set_ylim(0, top)
        self.axes.set_xlabel("epoch", size=11, labelpad=1)
        self.axes.set_title(self.title, size=11, loc="left", color=LOSS, fontweight="bold")
        self.axes.tick_params(labelsize=9)
        self.axes.yaxis.set_major_locator(MaxNLocator(5))
        self.axes.yaxis.set_major_formatter(lambda value, _: self.text(value))
        self.stopped = self.axes.axvline(0, color=GREY, ls=":", lw=1.5)
        self.note = self.axes.text(0, 0, "", size=10, va="top", color=GREY)
        (self.line,) = self.axes.plot([], [], color=ORANGE, lw=2.5, animated=True)
        self.curves, self.names, self.dots = {}, {}, {}
        text: dict[str, Any] = {"va": "bottom", "size": 10, "fontweight": "bold"}
        dot: dict[str, Any] = {"ms": 8, "mec": "white", "clip_on": False, "animated": True}
        for name, look in LOOKS.items():
            errors = np.minimum(self.errors[name], 99 * top)  # a number that can be drawn, far above the axes
            (self.curves[name],) = self.axes.plot(self.epochs, errors, **look)
            (self.dots[name],) = self.axes.plot([], [], "o", color=look["color"], **dot)
            self.names[name] = self.axes.text(0, 0, name, **text, color=look["color"])

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; what stays is drawn again only when a choice is made or taken back."""
        if numbers["chosen"] != self.chosen:
            self.chosen = numbers["chosen"]
            self._name_curves()
            self.stale()
        super().show(numbers, alt)

    def _name_curves(self) -> None:
        """Write each curve's name at its end, show what may be seen, and mark the choice."""
        seen = [name for name in LOOKS if name != "test" or self.chosen is not None]
        right, top = self.axes.get_xlim()[1], self.axes.get_ylim()[1]
        ends = apart([min(self.errors[name][-1] / top, 1.0) for name in seen], GAP)
        self.heights = {name: top * end for name, end in zip(seen, ends, strict=True)}
        for name in LOOKS:
            self.curves[name].set_visible(name in seen)
            self.names[name].set(visible=name in seen, x=1.035 * right, y=self.heights.get(name, 0))
        self.stopped.set_visible(self.chosen is not None)
        if self.chosen is None:
            self.note.set_text("")
        else:
            self.stopped.set_xdata([self.chosen] * 2)
            left_half = self.chosen < right / 2
            x = self.chosen + (0.02 if left_half else -0.02) * right
            self.note.set(x=x, y=top, text="you stopped", ha="left" if left_half else "right")

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        epoch, (low, top) = numbers["epoch"], self.axes.get_ylim()
        self.line.set_data([epoch, epoch], [low, top])
        right = self.axes.get_xlim()[1]
        for name, error in numbers["errors"].items():
            self.dots[name].set_data([epoch], [min(error, top)])
            self.write(self.axes, right, self.heights[name] - 0.05 * top, self.text(error), 9)
        return [self.line, *(self.dots[name] for name in numbers["errors"])]


class PredictedTrue(LivePicture):
    """Predicted against true value: a filled dot a training row, an open one a validation row.

    A few validation rows may lie far from all others; these are left out, and counted in words, so that the
    rest can be told apart. `numbers` holds "predictions" of both sets, by name.

    y (rows,) by set : the true values.
    name, unit : of the output.
    rows : what rows are, as in "houses".
    text : how a value is written.
    """

    def __init__(
        self, y: Mapping[str, Array], name: str, unit: str, rows: str, text: Text, **size: int
    ) -> None:
        self.name, self.unit, self.rows, self.text = name, unit, rows, text
        most = np.concatenate([y["training"], np.quantile(y["validation"], SHOWN)])
        low, high = float(most.min()), float(most.max())
        room = 0.05 * (high - low) or 1.0
        self.span = (low - room, high + room)
        self.drawn = {key: (true >= self.span[0]) & (true <= self.span[1]) for key, true in y.items()}
        self.y = {key: true[self.drawn[key]] for key, true in y.items()}
        self.left_out = sum(int((~drawn).sum()) for drawn in self.drawn.values())
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.22, 0.16, 0.75, 0.74), xlim=self.span, ylim=self.span)
        self.axes.set_xlabel(f"true {self.name}{self.unit}", size=11, labelpad=1, loc="left")
        title = f"predicted {self.name}"
        self.axes.set_title(title, size=11, loc="left", color=PREDICTION, fontweight="bold")
        self.axes.tick_params(labelsize=9)
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
            axis.set_major_formatter(lambda value, _: self.text(value))
        if self.left_out:
            note = f"{self.left_out} {self.rows} beyond the edge"
            figure.text(0.99, 0.015, note, size=9, color=GREY, ha="right")
        self.axes.plot(self.span, self.span, color=GREY, lw=1.5)
        dots = {name: self.axes.plot([], [], "o", label=name, **look)[0] for name, look in DOTS.items()}
        self.axes.legend(
            handles=[*dots.values()],
            loc="lower right",
            bbox_to_anchor=(1.04, 1.0),
            ncols=2,
            frameon=False,
            fontsize=9,
            handletextpad=-0.3,
            columnspacing=0.5,
            borderaxespad=0.0,
        )
        self.dots = {
            name: self.axes.plot([], [], "o", animated=True, **look)[0] for name, look in DOTS.items()
        }

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        for name, dots in self.dots.items():
            predicted = numbers["predictions"][name][self.drawn[name]]
            dots.set_data(self.y[name], np.clip(predicted, *self.span))
        low, high = self.span
        self.write(self.axes, low + 0.93 * (high - low), low + 0.95 * (high - low), "right", -10)
        return [self.dots["validation"], self.dots["training"]]
