"""A live Matplotlib picture: drawn when it is first looked at, then only where it moves; sent as a small PNG.

A frame of 576 × 460 pixels takes about 2 milliseconds instead of 50 for a new figure, because the axes
and labels are kept as pixels (blitting), because a field of colour is written straight into those pixels, and
because the PNG's palette is fixed beforehand.
"""

import io
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import matplotlib as mpl
import numpy as np
import traitlets
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from ...plots import SHARP, STYLE, figure
from ...style import BLACK, BLUE, GREEN, GREY, LIGHT, ORANGE, PURPLE, VERMILLION
from .bundle import Bundled, bundling
from .module import module

TTF = Path(mpl.get_data_path(), "fonts", "ttf", "DejaVuSans.ttf")
MARGIN = 12 * SHARP  # device pixels around the axes, for dots on their edge
STRIPES = 8  # page pixels from one diagonal stripe to the next; a stripe is 1 wide
Box = tuple[int, int, int, int]  # left, top, right, bottom in device pixels
Mask = NDArray[np.bool_]


class Frame(traitlets.Bytes):
    """The PNG of a live picture's last frame, which is drawn when it is first asked for."""

    def get(self, obj: Any, cls: Any = None) -> Any:
        obj.draw()
        return super().get(obj, cls)


class LivePicture(Bundled, anywidget.AnyWidget):
    """A picture of `width` × `height` page pixels that shows numbers as they change.

    A subclass draws what stays in `still(figure)` and returns from `update(numbers)` the artists that
    moved, like a `FuncAnimation` with `blit=True`. As long as nobody has looked, by the page or by `png` or
    `image`, `show` keeps the numbers and draws nothing.
    """

    _esm = module("picture")
    png = Frame(b"").tag(sync=True)
    alt = traitlets.Unicode("").tag(sync=True)
    width = traitlets.Int().tag(sync=True)

    axes: Axes  # in which everything moves; `still` makes them
    colours: Sequence[str] = ()  # those of a painted field, for the palette
    watched = False  # somebody has looked
    _shown: dict[str, Any] | None = None  # the numbers of a frame that is not drawn yet

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width=width)
        with mpl.rc_context(STYLE):
            self.figure = figure(width, height)
            self.canvas = FigureCanvasAgg(self.figure)
            self.still(self.figure)
        for axes in self.figure.axes:
            for text in (axes.title, axes.xaxis.label, axes.yaxis.label):
                text.set_parse_math(False)  # a name or a unit may be a dollar sign
        self._background: Any = None
        self._texts: list[tuple[float, float, str, str, int]] = []
        self._palette = palette(self.colours)
        rgba = np.array([[*to_rgb(c), 1.0] for c in self.colours]).reshape(-1, 4)
        self._lookup = (rgba * 255).round().astype(np.uint8).view(np.uint32).ravel()  # a colour a number

    def still(self, figure: Figure) -> None:
        """Make the axes, and the artists that will move with `animated=True`."""
        raise NotImplementedError

    def update(self, numbers: dict[str, Any]) -> list[Artist]:
        """Move the artists to these numbers and return them, in drawing order."""
        raise NotImplementedError

    def stale(self) -> None:
        """What stays has changed: draw it again before the next frame."""
        self._background = None

    def show(self, numbers: dict[str, Any], alt: str) -> None:
        """Show these numbers and send the frame, with the words that stand for it."""
        self._shown = numbers
        with self.hold_sync():
            self.alt = alt
            if self.watched or bundling():
                self.draw()

    def draw(self) -> None:
        """Draw the numbers that were last shown, if they are not drawn yet."""
        if self._shown is None:
            return
        numbers, self._shown, self.watched = self._shown, None, True
        if self._background is None:
            with mpl.rc_context(STYLE):
                self.canvas.draw()
            self._background = self.canvas.copy_from_bbox(self.figure.bbox)
            self._texts.clear()
            self._still = self._in_palette(self.image())
        else:
            self.canvas.restore_region(self._background)
            self._texts.clear()
        renderer = self.canvas.get_renderer()
        for artist in self.update(numbers):
            artist.draw(renderer)
        self.png = self.encode()

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        self.draw()
        return super()._repr_mimebundle_(**kwargs)

    def paint(self, axes: Axes, field: NDArray[np.intp], stripes: Mask | None = None) -> None:
        """Fill `axes` with `colours[field[row, column]]`, row 0 at the bottom, each cell a rectangle.

        stripes : the pixels that get the last of the colours instead, as `striped` finds them.
        """
        (x0, y0, x1, y1), rows, columns = self._cells(axes, field.shape)
        pixels = np.asarray(self.canvas.buffer_rgba()).view(np.uint32)[y0:y1, x0:x1, 0]
        pixels[:] = self._lookup[field[::-1]].take(rows, axis=0).take(columns, axis=1)
        if stripes is not None:
            np.copyto(pixels, self._lookup[-1], where=stripes)

    def striped(self, axes: Axes, cells: Mask) -> Mask:
        """The pixels of `axes` that stripes cover where `cells` is true; its row 0 is at the bottom."""
        _, rows, columns = self._cells(axes, cells.shape)
        down, across = np.arange(len(rows)) // SHARP, np.arange(len(columns)) // SHARP
        stripes: Mask = np.add.outer(down, across) % STRIPES == 0
        return stripes & cells[::-1].take(rows, axis=0).take(columns, axis=1)

    def _cells(self, axes: Axes, shape: tuple[int, ...]) -> tuple[Box, NDArray[np.intp], NDArray[np.intp]]:
        """The box of `axes`, and in which row and column of a field each of its pixels lies."""
        box, height = axes.bbox, self.canvas.get_width_height()[1]
        x0, x1 = round(box.x0) + 1, round(box.x1)
        y0, y1 = height - round(box.y1), height - round(box.y0) - 1
        rows = np.arange(y1 - y0) * shape[0] // (y1 - y0)
        columns = np.arange(x1 - x0) * shape[1] // (x1 - x0)
        return (x0, y0, x1, y1), rows, columns

    def write(self, axes: Axes, x: float, y: float, text: str, beside: int = 0, size: int = 13) -> None:
        """Write a text at a point of `axes`, `beside` page pixels to its right (or to its left, below 0).

        Pillow sets it: Matplotlib needs more than a millisecond for a text that changes.
        """
        across, up = axes.transData.transform((x, y))
        anchor = "mm" if beside == 0 else "lm" if beside > 0 else "rm"
        self._texts.append(
            (across + beside * SHARP, self.canvas.get_width_height()[1] - up, text, anchor, size)
        )

    def image(self) -> Image.Image:
        """The last frame."""
        self.draw()
        return self._part((0, 0, *self.canvas.get_width_height()))

    def _part(self, box: Box) -> Image.Image:
        """What the frame shows in a box of device pixels, with its texts."""
        left, top, right, bottom = box
        pixels, stride = np.asarray(self.canvas.buffer_rgba()).ravel(), 4 * self.canvas.get_width_height()[0]
        # as RGBX, which Pillow copies as it is: a tenth of the time of a conversion
        start, size = top * stride + 4 * left, (right - left, bottom - top)
        image = Image.frombytes("RGB", size, pixels[start:], "raw", "RGBX", stride, 1)
        pen = ImageDraw.Draw(image)
        for x, y, text, anchor, height in self._texts:
            pen.text((x - left, y - top), text, fill=BLACK, font=font(height), anchor=anchor)
        return image

    def _moving(self) -> Box:
        """The box that holds everything that moves: the axes with a margin, and this frame's texts."""
        width, height = self.canvas.get_width_height()
        box = self.axes.bbox
        boxes = [(box.x0 - MARGIN, height - box.y1 - MARGIN, box.x1 + MARGIN, height - box.y0 + MARGIN)]
        for x, y, text, anchor, size in self._texts:
            left, top, right, bottom = font(size).getbbox(text, anchor=anchor)
            boxes.append((x + left - 1, y + top - 1, x + right + 1, y + bottom + 1))
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        corner = max(0, math.floor(min(lefts))), max(0, math.floor(min(tops)))
        return *corner, min(width, math.ceil(max(rights))), min(height, math.ceil(max(bottoms)))

    def encode(self) -> bytes:
        """The frame as PNG bytes; only what moves is brought into the palette again."""
        box = self._moving()
        frame = self._still.copy()
        frame.paste(self._in_palette(self._part(box)), box[:2])
        file = io.BytesIO()
        frame.save(file, "png", compress_level=1)
        return file.getvalue()

    def _in_palette(self, image: Image.Image) -> Image.Image:
        return image.quantize(palette=self._palette, dither=Image.Dither.NONE)


def tangent(
    axes: Axes, x: float, y: float, slope: float, share: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The ends of a line of this slope around a point, half of it this share of the axes' width."""
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    across, up = axes.bbox.width / (right - left), axes.bbox.height / (high - low)
    half = share * axes.bbox.width / np.hypot(across, slope * up)
    ends = np.array([-half, half])
    return x + ends, y + slope * ends


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The pictures' font, `size` page pixels high."""
    return ImageFont.truetype(str(TTF), size * SHARP)


def palette(colours: Sequence[str] = ()) -> Image.Image:
    """The course's colours and `colours`, each softened towards white and black for smooth edges."""
    white, black = np.ones(3), np.zeros(3)
    found = [white, black]
    for name in (BLACK, BLUE, VERMILLION, GREEN, PURPLE, ORANGE, GREY, LIGHT):
        found += [share * np.array(to_rgb(name)) + (1 - share) * white for share in np.linspace(0.3, 1.0, 8)]
    for name in colours:
        found += [share * np.array(to_rgb(name)) + (1 - share) * black for share in (1.0, 0.75, 0.5, 0.25)]
    image = Image.new("P", (1, 1))
    image.putpalette([round(255 * part) for colour in found[:256] for part in colour])
    return image
