"""One neuron: its activation curve with every row and its slope there, and its sum over its one input."""

from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from ...activations import ACTIVATIONS
from ...checks import Array, count
from ...style import BLUE, DATA, GREY, LIGHT, ORANGE, PREDICTION, REFERENCE, number
from .figure import LivePicture, Mask, tangent

REACH, LARGEST = 6.0, 6.0 * 2**18  # how far the curve goes from 0: so far at first, and so far at most
POINTS = 241  # of the curve, one of them at 0
TANGENT = 0.2  # half its length, as a share of the axes' width
FLAT = 0.01  # a slope below this share of the steepest: saturated, or silent
SAYS = {"sigmoid": "saturated", "tanh": "saturated", "relu": "silent"}  # what a neuron is where it is flat


def sums_around(z: Array) -> Array:
    """The z values of the curve: from −6 to 6, doubled until every z is between them."""
    reach, furthest = REACH, float(np.abs(z).max())
    while reach < min(furthest, LARGEST):
        reach *= 2
    half = POINTS // 2
    return np.linspace(-half, half, POINTS) * (reach / half)


class NeuronCurve(LivePicture):
    """The curve a = f(z) of one neuron, each row a dot on it, and the tangent at the shown example.

    `numbers["example"]` is the row, and `numbers["zoom"]` holds "name", "activation", the rows' "z" and "a",
    the "slope" at the example, the curve's "grid" and "curve", and as "reference" nnlib's own curve where the
    curve is the learner's, else None.
    """

    def __init__(self, row_name: str = "row", **size: int) -> None:
        self.row_name = row_name
        self._drawn: tuple[Any, ...] = ()  # what the still part shows
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.12, 0.17, 0.82, 0.72))
        self.axes.set_xlabel("z", size=14, labelpad=1)
        self.axes.set_ylabel("a", size=14, rotation=0)
        self.axes.yaxis.set_label_coords(-0.06, 1.0)
        self.axes.tick_params(labelsize=11)
        self.axes.ticklabel_format(scilimits=(-3, 4))
        for axis in (self.axes.xaxis, self.axes.yaxis):
            axis.get_offset_text().set_fontsize(11)
        self.says = self.axes.text(0, 0.3, "", color=GREY, size=12, ha="right")
        self.says.set_transform(self.axes.get_xaxis_transform())
        (self.reference,) = self.axes.plot([], [], color=REFERENCE)
        (self.curve,) = self.axes.plot([], [], color=PREDICTION, lw=3)
        self.flat = self.axes.fill_between([], [])
        (self.tangent,) = self.axes.plot([], [], color=ORANGE, lw=3.5, animated=True)
        (self.dots,) = self.axes.plot([], [], "o", ms=5, color=DATA, clip_on=False, animated=True)
        (self.ring,) = self.axes.plot(
            [], [], "o", ms=13, color=DATA, mec=ORANGE, mew=4, clip_on=False, animated=True
        )

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; the curve is drawn again only where it changed."""
        zoom = numbers["zoom"]
        lines = (zoom["grid"], zoom["curve"], zoom.get("reference"))
        drawn = (zoom["name"], zoom["activation"], *(None if a is None else a.tobytes() for a in lines))
        if drawn != self._drawn:
            self._draw_curve(zoom)
            self._drawn = drawn
            self.stale()
        super().show(numbers, alt)

    def _draw_curve(self, zoom: dict[str, Any]) -> None:
        grid, reference = zoom["grid"], zoom.get("reference")
        curves = np.concatenate([zoom["curve"], zoom["curve"] if reference is None else reference])
        low, high = curves.min(), curves.max()
        room = 0.08 * (high - low) or 0.5
        self.axes.set(xlim=grid[[0, -1]], ylim=(low - room, high + room))
        self.axes.set_title(f"{zoom['name']}: a = {zoom['activation']}(z)", size=14, color=PREDICTION)
        self.axes.title.set(fontweight="bold", parse_math=False)
        self.curve.set_data(grid, zoom["curve"])
        self.reference.set_data(([], []) if reference is None else (grid, reference))
        z = np.linspace(grid[0], grid[-1], 4 * POINTS - 3)
        where = flat(zoom, z)
        across = self.axes.get_xaxis_transform()
        self.flat.remove()
        self.flat = self.axes.fill_between(
            z, 0, 1, where=where.tolist(), transform=across, color=LIGHT, lw=0, zorder=0
        )
        end = int(np.flatnonzero(where).max(initial=0))
        room = end >= POINTS and where[end - POINTS : end].all()  # a quarter of the axis for the word
        self.says.set(text=_says(zoom) if room else "", x=z[max(0, end - 12)])

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        zoom, k = numbers["zoom"], numbers["example"]
        (left, right), (low, high) = self.axes.get_xlim(), self.axes.get_ylim()
        z, a = np.clip(zoom["z"], left, right), np.clip(zoom["a"], low, high)
        self.dots.set_data(z, a)
        self.ring.set_data(z[k : k + 1], a[k : k + 1])
        self.tangent.set_data(*tangent(self.axes, z[k], a[k], zoom["slope"], TANGENT))
        texts = f"z {number(zoom['z'][k])}", f"a {number(zoom['a'][k])}", f"slope {number(zoom['slope'])}"
        top = 0.94 if zoom["curve"][0] < (low + high) / 2 else 0.28  # clear of a curve that falls
        for share, text in zip((top, top - 0.11, top - 0.22), texts, strict=True):
            self.write(self.axes, left, low + share * (high - low), text, 10, size=24)
        return [self.tangent, self.dots, self.ring]

    def words(self, numbers: dict[str, Any]) -> str:
        """Where the shown example stands, and for how many rows the neuron has next to no slope."""
        zoom, k = numbers["zoom"], numbers["example"]
        without = int(flat(zoom, zoom["z"]).sum())
        return (
            f"Neuron {zoom['name']}: z {number(zoom['z'][k])}, a {number(zoom['a'][k])}, slope "
            f"{number(zoom['slope'])}; {_says(zoom)} for {without} of "
            f"{count(len(zoom['z']), self.row_name)}."
        )


def _says(zoom: dict[str, Any]) -> str:
    return SAYS.get(zoom["activation"], "flat")


def flat(zoom: dict[str, Any], z: Array) -> Mask:
    """Where the curve's slope is less than a hundredth of its steepest."""
    grid, curve = zoom["grid"], zoom["curve"]
    rule = ACTIVATIONS.get(zoom["activation"])
    if rule is not None and np.allclose(rule(grid), curve):
        steepest, slopes = np.abs(rule.slope(sums_around(np.zeros(1)))).max(), rule.slope(z)
    else:  # a learner's own curve
        along = np.gradient(curve, grid)
        steepest, slopes = np.abs(along).max(), np.interp(z, grid, along)
    flat: Mask = np.abs(slopes) <= FLAT * steepest
    return flat


class Sum(LivePicture):
    """z = w·x + b over the input, and a = f(z) below it, with every row on the line.

    `numbers["zoom"]` is what `NeuronCurve` shows; besides it "x", "axis" (the inputs of the curve), "z_axis"
    and "a_axis" over them, and "start", the input at which z is 0, or None.
    """

    def __init__(self, x: Array, label: str, **size: int) -> None:
        self.label = label
        self.span = min(0.0, float(x.min())), float(x.max()) * 1.1 if x.max() > 0 else 1.0
        self._drawn: tuple[Any, ...] = ()
        super().__init__(**size)

    def still(self, figure: Figure) -> None:
        self.axes = figure.add_axes((0.14, 0.17, 0.82, 0.72), xlim=self.span)
        self.axes.set_xlabel(self.label, size=13, labelpad=1)
        self.axes.tick_params(labelsize=11)
        self.axes.set_title("z, and what becomes of it", size=14, color=PREDICTION, fontweight="bold")
        self.axes.axhline(0, color=GREY, lw=1, zorder=1)
        self.band = self.axes.fill_betweenx([], [])
        (self.start,) = self.axes.plot([], [], ":", color=ORANGE, lw=2, animated=True)
        (self.sums,) = self.axes.plot([], [], "--", color=BLUE, lw=2, animated=True)
        (self.outputs,) = self.axes.plot([], [], color=PREDICTION, lw=4, animated=True)
        (self.dots,) = self.axes.plot([], [], "o", ms=5, color=DATA, animated=True)
        (self.ring,) = self.axes.plot(
            [], [], "o", ms=13, color=DATA, mec=ORANGE, mew=4, clip_on=False, animated=True
        )

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Draw a frame; what stays is drawn again only where the axis or the activation changed."""
        zoom = numbers["zoom"]
        drawn = zoom["activation"], zoom["grid"].tobytes(), zoom["curve"].tobytes()
        if drawn != self._drawn:
            z = np.linspace(zoom["grid"][0], zoom["grid"][-1], 721)
            self.axes.set_ylim(z[0], z[-1])
            self.band.remove()
            self.band = self.axes.fill_betweenx(
                z, 0, 1, where=flat(zoom, z).tolist(), transform=self.axes.get_yaxis_transform(),
                color=LIGHT, lw=0, zorder=0,
            )  # fmt: skip
            self._drawn = drawn
            self.stale()
        super().show(numbers, alt)

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        zoom, k, (low, high) = numbers["zoom"], numbers["example"], self.axes.get_ylim()
        self.sums.set_data(numbers["axis"], numbers["z_axis"])
        self.outputs.set_data(numbers["axis"], numbers["a_axis"])
        self.dots.set_data(numbers["x"], zoom["z"])
        here = low <= zoom["z"][k] <= high
        self.ring.set_data(([numbers["x"][k]], [zoom["z"][k]]) if here else ([], []))
        start = numbers["start"]
        inside = start is not None and self.span[0] <= start <= self.span[1]
        self.start.set_data(([start, start], [low, high]) if inside else ([], []))
        for share, text in ((0.94, "blue: z"), (0.85, "green: a")):
            self.write(self.axes, self.span[0], low + share * (high - low), text, 10, size=15)
        return [self.start, self.sums, self.outputs, self.dots, self.ring]
