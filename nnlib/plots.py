"""Still pictures in the course's one visual style, always with words that stand for them."""

import base64
import io
from collections.abc import Mapping, Sequence
from html import escape
from itertools import cycle
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from PIL import Image

from .checks import Array, ShapeError, count
from .geometry import Box, Node
from .layout import Layout, Slot, Wire, fitted
from .network import Network
from .style import DATA, LOSS, NEGATIVE, ORANGE, POSITIVE, PREDICTION, REFERENCE, dollars, number, short
from .training import History

STYLE = mpl.rc_params_from_file(Path(__file__).parent / "nnlib.mplstyle", use_default_template=False)
SHARP = 2  # device pixels for each pixel of the page


class Picture:
    """A figure that shows itself in a notebook as an image with alt text."""

    def __init__(self, figure: Figure, alt: str) -> None:
        self.figure, self.alt = figure, alt

    def image(self) -> Image.Image:
        """The figure's pixels."""
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()
        return Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB")

    def __repr__(self) -> str:
        return self.alt

    def _repr_mimebundle_(self, **kwargs: object) -> dict[str, str]:
        return {"text/plain": self.alt, "text/html": html(self.image(), self.alt)}


def html(image: Image.Image, alt: str) -> str:
    """An <img> that holds the picture itself and the words that stand for it."""
    file = io.BytesIO()
    # as small as the slow ways to choose colours and to pack them, in a sixth of their time
    few = image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    few.save(file, "png", compress_level=6)
    source = base64.b64encode(file.getvalue()).decode()
    return f'<img alt="{escape(alt)}" width="{image.width // SHARP}" src="data:image/png;base64,{source}">'


def figure(width: int, height: int) -> Figure:
    """An empty figure of so many page pixels."""
    return Figure(figsize=(width / 100, height / 100), dpi=100 * SHARP)


def network(net: Network, x: object = None) -> Picture:
    """The network as circles and lines with its weights and biases; with `x` (1, n_in), also z and a.

    Raises
    ------
    ShapeError, ValueError : x is not one row of n_in finite numbers.
    """
    texts: list[str] = []
    if x is not None:
        steps = net.trace(x)
        if len(steps[0].a_prev) > 1:
            rows = count(len(steps[0].a_prev), "row")
            raise ShapeError(f"x has {rows}, but the picture shows one: use a single row, as in X[:1].")
        for value in steps[0].a_prev[0]:
            texts += [number(value), ""]
        for step in steps:
            for z, a in zip(step.z[0], step.a[0], strict=True):
                texts += [f"z {number(z)}", number(a)]
        texts += ["", "", ""] * net.n_out
    return diagram(
        net, texts, [] if x is None else np.concatenate([np.clip(s.a[0], 0, 1) for s in steps]).tolist()
    )


def diagram(
    net: Network,
    texts: Sequence[str] = (),
    fills: Sequence[float] = (),
    selected: int = -1,
    *,
    biases: bool = True,
    written: Sequence[str] = (),
    strengths: Sequence[float] = (),
) -> Picture:
    """The network with one text for each of `Layout(net).slots` and a shade from 0 to 1 for each neuron.

    texts : one for each slot, or none at all; ValueError for any other number.
    selected : the entry of theta to mark.
    biases : whether they are drawn; only a network of one layer may go without.
    written : how each entry of theta is written; none for the pictures' own way.
    strengths : how strongly each line is drawn, below 0 for not at all; none for the size of its weight.
    """
    layout = Layout(net, biases=biases)
    texts = texts or [""] * len(layout.slots)
    if len(texts) != len(layout.slots):
        raise ValueError(
            f"the diagram has {count(len(layout.slots), 'place')} for texts, but {len(texts)} came: "
            "give one for each of Layout(net).slots, or none."
        )
    with mpl.rc_context(STYLE):
        fig = figure(layout.width, layout.height)
        axes = fig.add_axes((0, 0, 1, 1), xlim=(0, layout.width), ylim=(layout.height, 0))
        axes.axis("off")
        theta = net.theta[: len(layout.wires)]
        written, strengths = written or [*map(number, theta)], strengths or np.abs(theta).tolist()
        _draw_network(axes, layout, theta, texts, fills, selected, written, strengths)
    listed = ", ".join(f"{label} = {number(v)}" for label, v in zip(net.labels(), net.theta, strict=True))
    return Picture(fig, f"{net!r}: {listed}.")


def beside(left: Sequence[Image.Image], right: Sequence[Image.Image], gap: int = 16) -> Image.Image:
    """Two columns of images as one image."""
    columns = [column for column in (left, right) if column]
    widths = [max(image.width for image in column) for column in columns]
    height = max(sum(image.height for image in column) for column in columns)
    both = Image.new("RGB", (sum(widths) + gap * (len(columns) - 1), height), "white")
    x = 0
    for column, width in zip(columns, widths, strict=True):
        y = 0
        for image in column:
            both.paste(image, (x, y))
            y += image.height
        x += width + gap
    return both


SIZES = {"big": 12.0, "mid": 9.4, "small": 8.5, "tiny": 7.9, "": 9.0}  # in points, of which a pixel is 0.72


def _draw_network(
    axes: Axes,
    layout: Layout,
    theta: Array,
    texts: Sequence[str],
    fills: Sequence[float],
    selected: int,
    written: Sequence[str],
    strengths: Sequence[float],
) -> None:
    hand = layout.wires[selected].end if 0 <= selected < len(layout.wires) else None
    for wire, value, strength in zip(layout.wires, theta, strengths, strict=True):
        if wire.line:
            x1, y1, x2, y2 = wire.line
            aside = hand is not None and wire.end is not hand and not wire.shown
            axes.plot(
                [x1, x2],
                [y1, y2],
                color=NEGATIVE if value < 0 else POSITIVE,
                linestyle="--" if value < 0 else "-",
                linewidth=0.72 * (1.0 if wire.shown else 0.6) * min(9.0, max(0.0, 1 + 1.6 * strength)),
                alpha=(0.5 if aside else 1.0) * min(1.0, max(0.0, 0.25 + strength)),
            )
    for node in layout.nodes[0]:
        _box(axes, node, fc="white", ec="#B0B0B0", lw=0.8)
    for n, node in enumerate(layout.neurons):
        corner = node.height / 2
        _box(axes, node, corner, fc="white", ec="none")
        _box(axes, node, corner, fc=(PREDICTION, fills[n] if n < len(fills) else 0.0), ec="black")
    for k, wire in enumerate(layout.wires):
        if wire.stub:
            _box(axes, wire.stub, 4, fc="white", ec=REFERENCE, lw=0.8)
            _write(axes, Slot(wire.end, wire.stub.x, wire.stub.y, "tiny", wire.stub.width), "b")
        if not wire.shown and wire.end is not hand:
            continue
        if k == selected:
            _box(axes, wire, fc="#FFF6E0", ec=ORANGE, lw=2)
        else:
            _box(axes, wire, fc="white", ec="#B0B0B0", lw=0.8)
        text = written[k] if wire.start else f"b {written[k]}"
        _write(axes, Slot(wire.end, wire.x, wire.y, "", wire.width - 3), text)
    for slot in layout.names:
        if "hand" not in slot.style or slot.node is hand:
            _write(axes, slot, slot.node.name)
    for slot, text in zip(layout.slots, texts, strict=True):
        _write(axes, slot, text)


def _write(axes: Axes, slot: Slot, text: str) -> None:
    style, *more = [*slot.style.split(), ""]
    if not text or style == "hidden":
        return
    text, size = fitted(text, slot.room)
    axes.text(
        slot.x,
        slot.y,
        text,
        ha="left" if "start" in more else "center",
        va="center",
        fontsize=min(SIZES[style], 0.72 * size),
        fontweight="bold" if style in ("big", "mid") else "normal",
        parse_math=False,  # a name or a unit may be a dollar sign
        zorder=5,
    )


def _box(axes: Axes, box: Box | Node | Wire, corner: float = 5, **look: Any) -> None:
    x, y, width, height = box.x, box.y, box.width, box.height
    if width == height == 2 * corner:
        axes.add_patch(Circle((x, y), corner, zorder=4, **look))
        return
    inner = (x - width / 2 + corner, y - height / 2 + corner), width - 2 * corner, height - 2 * corner
    axes.add_patch(FancyBboxPatch(*inner, boxstyle=f"round,pad={corner}", zorder=4, **look))


def loss_curve(history: History) -> Picture:
    """The loss of a training run, epoch by epoch, on a logarithmic scale.

    Raises
    ------
    ValueError : no epoch has been trained.
    """
    if not history.loss:
        raise ValueError("this history holds no epochs yet, so there is no curve to draw.")
    with mpl.rc_context(STYLE):
        fig = figure(480, 260)
        axes = fig.add_axes((0.16, 0.2, 0.8, 0.7), xlabel="epoch", ylabel="loss")
        axes.set_yscale("log" if max([*history.loss, *history.val_loss]) > 0 else "linear")
        axes.plot(range(1, len(history.loss) + 1), history.loss, color=LOSS, label="training rows")
        if history.val_loss:
            axes.plot(
                range(1, len(history.val_loss) + 1),
                history.val_loss,
                "--",
                color=DATA,
                label="validation rows",
            )
            axes.legend(frameon=False)
    words = f"Loss curve over {count(len(history.loss), 'epoch')}: {_ends(history.loss)}"
    if history.val_loss:
        words += f"; for the validation rows {_ends(history.val_loss)}"
    return Picture(fig, f"{words}.")


LOOKS = ((LOSS, "-"), (PREDICTION, "--"), (ORANGE, "-."), (POSITIVE, ":"))


def error_curves(
    curves: Mapping[str, Sequence[float]], levels: Mapping[str, float], highest: float = np.inf
) -> Picture:
    """Errors in dollars, epoch by epoch, one line for each training; `levels` are lines to compare with.

    highest : the largest error that the picture has room for; a curve that ends above it is left out.

    Raises
    ------
    ValueError : no curve, or one without an epoch.
    """
    if not curves or not all(len(errors) for errors in curves.values()):
        raise ValueError("error_curves needs at least one curve, and an epoch in each of them.")
    looks = dict(zip(curves, cycle(LOOKS), strict=False))  # the same in every picture of these curves
    curves = {name: errors for name, errors in curves.items() if errors[-1] <= highest}
    if not curves:
        raise ValueError(f"every curve ends above {dollars(highest)}; give a larger `highest`.")
    longest = max(len(errors) for errors in curves.values())
    with mpl.rc_context(STYLE):
        fig = figure(720, 330)
        axes = fig.add_axes((0.1, 0.16, 0.56, 0.78), xlim=(0, longest))
        axes.set_xlabel("epoch", size=11)
        axes.set_ylabel("off by (thousand dollars)", size=11)
        axes.tick_params(labelsize=10)
        ends = []
        for name, errors in curves.items():
            colour, dashes = looks[name]
            axes.plot(range(1, len(errors) + 1), np.array(errors) / 1000, dashes, color=colour, lw=2.5)
            ends.append((errors[-1] / 1000, name, colour))
        for name, level in levels.items():
            axes.axhline(level / 1000, color=REFERENCE, lw=1.5)
            ends.append((level / 1000, name, REFERENCE))
        every = [*levels.values(), *(error for errors in curves.values() for error in errors)]
        low, top = min(every) / 1000, min(max(every), highest) / 1000
        axes.set_ylim(low - 0.08 * (top - low), top + 0.08 * (top - low))
        _beside_ends(axes, ends)
    told = [f"{name} from {dollars(e[0])} to {dollars(e[-1])}" for name, e in curves.items()]
    told += [f"{name} {dollars(level)}" for name, level in levels.items()]
    return Picture(fig, f"Errors over {count(longest, 'epoch')}: {'; '.join(told)}.")


def _beside_ends(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """The name of each line beside its right end, clear of the others."""
    low, high = axes.get_ylim()
    places = apart([(end - low) / (high - low) for end, *_ in sorted(ends)], 0.075)
    for (end, name, colour), place in zip(sorted(ends), places, strict=True):
        axes.annotate(
            name,
            (1, end),
            xytext=(1.06, place),
            xycoords=("axes fraction", "data"),
            textcoords="axes fraction",
            va="center",
            size=10,
            arrowprops={"arrowstyle": "-", "color": colour, "lw": 1.5, "relpos": (0, 0.5)},
        )


def apart(ends: Sequence[float], gap: float) -> list[float]:
    """The ends, from 0 to 1, moved apart until there is a gap between any two; in the same order."""
    order = np.argsort(ends, kind="stable")
    places = np.array(ends, dtype=float)[order]
    for k in range(1, len(places)):
        places[k] = max(places[k], places[k - 1] + gap)
    for k in range(len(places)):  # the lowest may be so far from the top that all have room below it
        places[k] = min(places[k], 1 - gap / 2 - gap * (len(places) - 1 - k))
    found = np.empty(len(places))
    found[order] = places
    return found.tolist()


def _ends(losses: Sequence[float]) -> str:
    return f"from {short(losses[0])} to {short(losses[-1])}"
