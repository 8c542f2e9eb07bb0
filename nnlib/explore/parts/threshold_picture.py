"""What a threshold decides: every row beside the curve of its probability; how many fell into each case."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ...checks import Array
from ...style import BLACK, BLUE, GREY, LIGHT, LOSS, ORANGE, PREDICTION, REFERENCE, VERMILLION, short
from .figure import LivePicture

# In each case: its name, the marker, its colour, and whether it is filled.
CASES = (
    ("true pass", "o", BLUE, True),
    ("miss", "v", VERMILLION, True),
    ("false pass", "X", VERMILLION, True),
    ("true fail", "o", GREY, False),
)


class Probabilities(LivePicture):
    """The probability over the input, the threshold, and every row at 1 or 0 as what was decided for it.

    `numbers` holds "curve" over `axis`, "threshold", "cases" (rows,) as numbers of CASES, and as "reference"
    nnlib's own curve where the shown one is the learner's, else None.
    """

    def __init__(self, x: Array, passed: Array, label: str, **size: int) -> None:
        self.x, self.passed, self.label = x, passed, label
        room = 0.08 * max(float(np.ptp(x)), 1.0)
        self.axis = np.linspace(x.min() - room, x.max() + room, 201)
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.1, 0.16, 0.87, 0.73), xlim=self.axis[[0, -1]], ylim=(-0.12, 1.12))
        self.axes.set_xlabel(self.label, size=13, labelpad=1)
        self.axes.tick_params(labelsize=11)
        self.axes.set_title("probability of a pass", size=13, color=PREDICTION, fontweight="bold")
        for height in (0, 1):
            self.axes.axhline(height, color=LIGHT, lw=1, zorder=0)
        self.said = self.axes.axhspan(0.5, 1.12, facecolor=BLUE, alpha=0.1, lw=0, animated=True)
        (self.reference,) = self.axes.plot([], [], color=REFERENCE, animated=True)
        (self.curve,) = self.axes.plot([], [], color=PREDICTION, lw=3.5, animated=True)
        (self.line,) = self.axes.plot([], [], "--", color=ORANGE, lw=2.5, animated=True)
        self.rows = [
            self.axes.plot(
                [], [], marker, ms=9, color=colour, mfc=colour if filled else "white", mew=1.5, animated=True
            )[0]
            for _, marker, colour, filled in CASES
        ]

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        threshold, reference = numbers["threshold"], numbers["reference"]
        self.said.set(y=threshold, height=1.12 - threshold)
        self.curve.set_data(self.axis, numbers["curve"])
        self.reference.set_data(([], []) if reference is None else (self.axis, reference))
        self.line.set_data(self.axis[[0, -1]], [threshold, threshold])
        for case, dots in enumerate(self.rows):
            here = numbers["cases"] == case
            dots.set_data(self.x[here], self.passed[here])
        self.write(self.axes, self.axis[-1], threshold + 0.06, "says pass", -4)
        return [self.said, self.reference, self.curve, self.line, *self.rows]


class Counts(LivePicture):
    """How many rows fell into each case, with its mark; the accuracy and the log loss below."""

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 3), ylim=(0, 5))
        self.axes.axis("off")
        texts: dict[str, Any] = {"size": 10, "ha": "center", "va": "center"}
        for k, word in enumerate(("says pass", "says fail")):
            self.axes.text(1.1 + 1.1 * k, 4.7, word, **texts)
        for k, word in enumerate(("did\npass", "did\nfail")):
            self.axes.text(0.28, 3.85 - 1.3 * k, word, **texts)
        for case, (name, marker, colour, filled) in enumerate(CASES):
            x, y = self._place(case)
            self.axes.add_patch(
                Rectangle((x - 0.53, y - 0.6), 1.06, 1.2, facecolor="#F5F5F5", edgecolor="white")
            )
            look: dict[str, Any] = {"color": colour, "mfc": colour if filled else "white", "mew": 1.5}
            self.axes.plot([x - 0.3], [y + 0.15], marker, ms=10, **look)
            self.axes.text(x, y - 0.4, name, **texts)
        self.axes.text(0.05, 1.2, "accuracy", size=11, color=BLACK, va="center")
        self.axes.text(0.05, 0.45, "log loss", size=11, color=LOSS, va="center", fontweight="bold")

    @staticmethod
    def _place(case: int) -> tuple[float, float]:
        return 1.1 + 1.1 * (case % 2), 3.85 - 1.3 * (case // 2)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        for case, n in enumerate(numbers["counts"]):
            x, y = self._place(case)
            self.write(self.axes, x + 0.15, y + 0.15, str(n), size=24)
        self.write(self.axes, 2.95, 1.2, f"{numbers['right']} of {len(numbers['cases'])}", -1, size=20)
        self.write(self.axes, 2.95, 0.45, short(numbers["loss"]), -1, size=20)
        return []
