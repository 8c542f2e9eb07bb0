"""Pictures: the live ones, the diagram and its layout, still pictures, and how numbers are written."""

import xml.etree.ElementTree as ET
from itertools import combinations

import matplotlib as mpl
import numpy as np
import pytest
from explorers import ODD, Images, looked_at, made, on_page, pixels, students
from matplotlib.colors import to_rgb
from support import says

from nnlib import History, fit, plots
from nnlib.explore import LivePicture
from nnlib.explore.parts.diagram import svg
from nnlib.explore.parts.figure import palette
from nnlib.explore.parts.panels import Curve, LossCurve, Predictions, Surface
from nnlib.layout import Layout
from nnlib.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    LIGHT,
    ORANGE,
    PURPLE,
    VERMILLION,
    dollars,
    given,
    number,
    short,
)

pytestmark = pytest.mark.usefixtures("strict")


# Numbers in words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0, 2, "0.00"),
        (-0.0, 2, "0.00"),
        (-0.004, 2, "0.00"),
        (-0.006, 2, "−0.01"),
        (1e-7, 2, "0.00"),
        (-1e-300, 1, "0.0"),
        (1.2345, 2, "1.23"),
        (-12.345, 1, "−12.3"),
        (99.99, 2, "99.99"),
        (-123.456, 2, "−123.5"),
        (123.456, 1, "123.5"),
        (1234.5678, 2, "1235"),
        (251300.4, 1, "251300"),
        (1e7, 2, "1.0 × 10⁷"),
        (-1.26e150, 2, "−1.3 × 10¹⁵⁰"),
        (float("inf"), 2, "inf"),
        (float("nan"), 2, "nan"),
    ],
)
def test_number(value, digits, text):
    assert number(value, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1e-7, "1.0 × 10⁻⁷"),
        (3.94e-6, "3.9 × 10⁻⁶"),
        (0.00049, "4.9 × 10⁻⁴"),
        (0.0005, "0.0005"),
        (0.056789, "0.0568"),
        (1, "1"),
        (12.345, "12.3"),
        (999.4, "999"),
        (999.6, "1000"),
        (1234.5, "1234"),
        (1e7, "1.0 × 10⁷"),
        (2.5e302, "2.5 × 10³⁰²"),
        (float("inf"), "inf"),
        (float("nan"), "nan"),
    ],
)
def test_short(value, text):
    assert short(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (3, "3"),
        (-0.25, "−0.25"),
        (0.123456, "0.1235"),
        (9999.4, "9999"),
        (9999.6, "10000"),
        (251300, "251300"),
        (2.5e-5, "2.5 × 10⁻⁵"),
        (1e7, "1.0 × 10⁷"),
    ],
)
def test_given(value, text):
    assert given(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (118_200, "$118,200"),
        (-1_250.4, "−$1,250"),
        (0, "$0"),
        (-0.4, "$0"),
        (0.5, "$1"),
        (-0.5, "−$1"),
        (999.5, "$1,000"),
        (1_234_567.8, "$1,234,568"),
        (1e12, "$1,000,000,000,000"),
        (-2.5e30, "−2.5 × 10³⁰ dollars"),
        (float("inf"), "inf dollars"),
        (float("nan"), "nan dollars"),
    ],
)
def test_dollars(value, text):
    assert dollars(value) == text


# The live picture -----------------------------------------------------------------------------------------

X2, Y1 = np.array([[3.0, 5.0], [5.0, 1.0], [10.0, 2.0]]), np.array([[75.0], [82.0], [93.0]])
NAMES = ["sleep", "study", "score"]
RNG = np.random.default_rng(0)


def frames(n, grid):
    """Numbers to show, as an explorer gives them."""
    for k in range(n):
        yield {
            "example": k % 3,
            "predictions": RNG.uniform(0, 100, 3),
            "surface": None if grid is None else RNG.uniform(-20, 130, len(grid)),
            "loss": 10.0 ** (k - 3),
            "best": 0.5,
            "epoch": k,
        }


PANELS = {
    "surface": lambda: Surface(X2, Y1, NAMES, (0, 100), width=300, height=212),
    "curve": lambda: Curve(X2[:, :1], Y1, NAMES[1:], (0, 100), width=300, height=212),
    "predictions": lambda: Predictions(Y1, "score", (0, 100), width=300, height=212),
    "loss curve": lambda: LossCurve(30, 0.2, width=300, height=138),
}


@pytest.mark.parametrize("make", PANELS.values(), ids=PANELS)
def test_a_frame_over_the_kept_ground_is_the_frame_drawn_afresh(make):
    panel = make()
    seen = set()
    for numbers in frames(8, getattr(panel, "grid", None)):
        panel.show(numbers, "words")
        moved = panel.png
        panel.stale()
        panel.show(numbers, "words")
        assert panel.png == moved
        seen.add(moved)
    assert len(seen) == 8
    assert panel.alt == "words"


def test_a_picture_is_small_and_its_still_part_is_kept_in_the_course_style():
    explorer = students()
    explorer.train()
    for panel in (explorer.prediction, explorer.loss_curve):
        assert len(panel.png) < 40_000
        assert pixels(panel.png).width == 2 * panel.width == 600
        assert panel.axes.title.get_fontfamily() == ["DejaVu Sans"]
    assert mpl.rcParams["font.size"] == mpl.rcParamsDefault["font.size"]  # the learner's settings are theirs


LOOKS = {
    "by the page": lambda explorer: setattr(explorer.page, "ready", True),
    "by a page that asks for all it holds": lambda explorer: explorer.prediction.get_state(),
    "in a notebook without a kernel": lambda explorer: explorer._repr_mimebundle_(),
    "from code": lambda explorer: explorer.prediction.png,
    "at a picture alone": lambda explorer: explorer.prediction._repr_mimebundle_(),
}


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
def test_a_picture_is_drawn_once_somebody_looks_and_from_then_on(look):
    explorer = students()
    panel = explorer.prediction
    explorer.set(theta=np.linspace(-3, 3, 13))
    assert panel.alt
    assert not panel.watched
    look(explorer)
    first = panel._trait_values["png"]
    assert first
    explorer.set(theta=np.linspace(-2, 2, 13))
    assert panel._trait_values["png"] not in (b"", first)


@pytest.mark.parametrize("colour", [BLACK, BLUE, VERMILLION, GREEN, PURPLE, ORANGE, GREY, LIGHT, "#FFFFFF"])
def test_the_palette_keeps_the_colours_of_the_course(colour):
    rgb = tuple(round(255 * part) for part in to_rgb(colour))
    for colours in ((), Surface.colours):
        own = palette(colours).getpalette()
        assert rgb in list(zip(own[::3], own[1::3], own[2::3], strict=True))


class Field(LivePicture):
    """A field of four colours."""

    colours = [BLUE, VERMILLION, GREEN, "#FFFFFF"]

    def still(self, figure):
        self.axes = figure.add_axes((0.1, 0.2, 0.6, 0.7))
        self.axes.set(xlim=(0, 3), ylim=(0, 2))

    def update(self, numbers):
        self.paint(self.axes, numbers["field"])
        return []


def test_a_field_is_painted_with_row_0_at_the_bottom_and_column_0_at_the_left():
    picture = Field(200, 100)
    field = np.array([[0, 1, 2], [2, 3, 0]])
    picture.show({"field": field}, "a field")
    image = pixels(picture.png)
    for row, column in np.ndindex(2, 3):
        x, y = picture.axes.transData.transform((column + 0.5, row + 0.5))
        expected = tuple(round(255 * part) for part in to_rgb(Field.colours[field[row, column]]))
        for dx in (-25, 0, 25):  # all of the cell, not its middle alone
            assert image.getpixel((round(x + dx), round(image.height - y))) == expected


def test_the_surface_shows_the_prediction_of_each_point():
    explorer = looked_at(students())
    panel = explorer.prediction
    explorer.set(theta=np.linspace(-3, 3, 13))
    drawn, checked = np.asarray(panel.canvas.buffer_rgba()), 0  # before texts are written over it
    bands = panel.bands(explorer.numbers(explorer.state)["surface"])
    for n in range(17, 6912, 211):
        row, column = divmod(n, 96)
        sleep, study = panel.grid[n]
        points = 100 * explorer.net.predict([[sleep / 10, study / 5]])[0, 0]
        if bands[row, column] == 20 or not panel.known[row, column]:
            continue  # a white line between two shades, or stripes
        assert bands[row, column] == points // 5
        x, y = panel.axes.transData.transform((sleep, study))
        expected = [round(255 * part) for part in to_rgb(Surface.colours[int(points // 5)])]
        assert drawn[round(len(drawn) - y), round(x), :3].tolist() == expected
        checked += 1
    assert checked > 5


def test_a_student_stands_where_the_hours_are():
    panel = students().prediction
    image = pixels(panel.png)
    for point in X2:
        x, y = panel.axes.transData.transform(point)
        assert image.getpixel((round(x), round(image.height - y))) == (0, 0, 0)


def test_predictions_outside_the_axis_are_drawn_at_its_edge():
    panel = PANELS["predictions"]()
    panel.show({"example": 0, "predictions": np.array([-500.0, 50.0, 1e300])}, "far")
    panel.draw()
    assert list(panel.dots.get_ydata()) == [0, 50, 100]


def test_the_loss_curve_keeps_a_training_that_explodes_readable():
    panel = PANELS["loss curve"]()
    panel.follow([0, 1, 2, 3], [2.0, 50.0, 1e40, 1e300])
    low, high = panel.axes.get_ylim()
    assert low <= 2 < 50 < high <= 1e11
    panel.show({"loss": 1e300, "best": 2.0, "epoch": 3}, "far")
    panel.draw()
    assert panel.dot.get_ydata()[0] == high


# The diagram ----------------------------------------------------------------------------------------------

SIZES = [(1, 1), (1, 1, 1), (2, 1), (2, 3, 1), (2, 2, 1), (4, 3, 1), (2, 2, 2), (3, 3, 2), (5, 3, 1)]
ROOMY = [sizes for sizes in SIZES if max(sizes) < 4]  # the others: test_diagram.py


def drawn(*sizes, **names):
    net = made(*sizes, **names)
    return net, Layout(net), ET.fromstring(svg(Layout(net)))


def box(element):
    x, y, width, height = (float(element.get(name)) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


@pytest.mark.parametrize("sizes", SIZES)
def test_the_diagram_has_one_slider_for_each_parameter_in_the_order_of_theta(sizes):
    net, layout, root = drawn(*sizes)
    assert (root.get("role"), float(root.get("height"))) == ("group", layout.height)
    assert "-".join(map(str, sizes)) in root.get("aria-label")
    sliders = root.findall("g[@role='slider']")
    by_entry = {int(slider.get("data-k")): slider for slider in sliders}
    assert sorted(by_entry) == list(range(net.theta.size)) == list(range(len(sliders)))
    for k, label in enumerate(net.labels()):
        assert by_entry[k].get("aria-label").startswith(f"{label}, ")
        assert by_entry[k].get("tabindex") == "0"
        assert by_entry[k].get("data-prefix", "") == ("b " if label.startswith("b") else "")
    assert by_entry[0].get("aria-label").endswith(f"weight from x1 to {net.neuron_names()[1][0]}")


@pytest.mark.parametrize("sizes", ROOMY)
def test_lines_end_at_their_neurons(sizes):
    net, _, root = drawn(*sizes)
    places = {}
    for rect in root.findall("rect"):
        x0, y0, x1, y1 = box(rect)
        places[round((x0 + x1) / 2), round((y0 + y1) / 2)] = "input"
    for node in root.findall(".//rect[@data-fill]"):
        x0, y0, x1, y1 = box(node)
        places[round((x0 + x1) / 2), round((y0 + y1) / 2)] = node.get("data-fill")
    lines = [line for line in root.iter("line") if line.get("class") == "nn-wire"]
    assert len(lines) == sum(layer.W.size for layer in net.layers)
    for line in lines:
        x1, y1, x2, y2 = (round(float(line.get(name))) for name in ("x1", "y1", "x2", "y2"))
        near = [min(np.hypot(x - px, y - py) for px, py in places) for x, y in ((x1, y1), (x2, y2))]
        assert max(near) < 1.5


@pytest.mark.parametrize("sizes", ROOMY)
def test_no_number_hides_another_or_is_cut_off(sizes):
    _, layout, root = drawn(*sizes)
    chips = {group.get("aria-label"): box(group.find("rect")) for group in root.findall("g[@data-k]")}
    inputs = {f"input {k}": box(rect) for k, rect in enumerate(root.findall("rect"))}
    for name, (x0, y0, x1, y1) in (chips | inputs).items():
        assert x0 >= 0, name
        assert y0 >= 0, name
        assert x1 <= layout.width, name
        assert y1 <= layout.height, name
    for (one, a), (two, b) in combinations((chips | inputs).items(), 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1], (one, two)
    for node in root.findall(".//rect[@data-fill]"):
        x0, y0, x1, y1 = box(node)
        x, y, r = (x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) / 2
        for name, (x0, y0, x1, y1) in chips.items():
            assert np.hypot(max(x0 - x, 0, x - x1), max(y0 - y, 0, y - y1)) >= r - 0.1, name


def test_each_number_stands_on_its_own_line():
    for sizes in SIZES:
        for wire in Layout(made(*sizes)).wires:
            if wire.start:
                x1, y1, x2, y2 = wire.line
                assert wire.y == pytest.approx(y1 + (wire.x - x1) / (x2 - x1) * (y2 - y1))


def test_large_networks_are_laid_out_quickly_if_not_readably():
    layout = Layout(made(30, 40, 1))
    assert len(layout.wires) == 30 * 40 + 40 + 40 + 1


def test_every_slot_of_the_diagram_has_a_text():
    explorer = students()
    root = ET.fromstring(explorer.diagram.svg)
    slots = [text for text in root.findall("text") if text.get("data-t")]
    assert [int(text.get("data-t")) for text in slots] == list(range(len(explorer.diagram.texts)))
    assert len(explorer.diagram.texts) == len(Layout(explorer.net).slots) == 2 * 2 + 4 * 2 + 3
    neurons = root.findall(".//rect[@data-fill]")
    assert len(neurons) == len(explorer.diagram.fills) == 4
    on_page(explorer.diagram, selected=12)  # the texts stay as many as the slots
    assert len(explorer.diagram.texts) == len(slots)


def test_names_in_the_diagram_are_escaped():
    net, _, root = drawn(2, 1, input_names=[ODD, "'"], output_names=["<script>"])
    assert [text.text for text in root.findall("text") if not text.get("data-t")] == [ODD, "'", "<script>"]
    assert {part.tag for part in root} == {"g", "line", "rect", "text"}
    assert (
        root.find("g[@data-k='0']").get("aria-label") == f"{net.labels()[0]}, weight from {ODD} to <script>"
    )
    assert "<script>" not in svg(Layout(net))


# Still pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sizes", SIZES)
def test_the_still_picture_lists_every_parameter_in_words(sizes):
    net = made(*sizes)
    net.theta = np.linspace(-2, 2, net.theta.size)
    for picture in (plots.network(net), plots.network(net, [[0.5] * sizes[0]])):
        assert repr(picture).startswith(f"{net!r}: ")
        for label, value in zip(net.labels(), net.theta, strict=True):
            assert f"{label} = {number(value)}" in picture.alt
        assert picture.image().size == (2 * 520, 2 * Layout(net).height)


def test_a_picture_shows_itself_with_escaped_words():
    net = made(1, 1, input_names=[ODD], output_names=["a $ in $x_$"])
    data = plots.network(net, [[1.0]])._repr_mimebundle_()
    page = Images(data["text/html"])
    assert page.others == []
    assert page.found[0]["alt"] == data["text/plain"]
    assert "<b>" not in data["text/html"]


def test_the_marked_parameter_is_marked():
    net = made(2, 1)
    plain, marked = (np.asarray(plots.diagram(net, selected=k).image()) for k in (-1, 1))
    orange = [round(255 * part) for part in to_rgb(ORANGE)]
    assert not (plain == orange).all(axis=-1).any()
    assert (marked == orange).all(axis=-1).any()


DATA = [[0.0], [1.0]], [[0.0], [1.0]]


def test_the_loss_curve_says_where_it_begins_and_ends():
    history = fit(made(1, 1, activations="linear"), *DATA, epochs=30, optimizer="sgd")
    first, last = short(history.loss[0]), short(history.loss[-1])
    picture = plots.loss_curve(history)
    assert picture.alt == f"Loss curve over 30 epochs: from {first} to {last}."
    (curve,) = picture.figure.axes[0].lines
    assert list(curve.get_xdata()) == list(range(1, 31))
    assert list(curve.get_ydata()) == history.loss
    assert picture.image().size == (960, 520)


def test_the_loss_curve_with_rows_to_validate():
    history = fit(
        made(1, 1, activations="linear"), *DATA, epochs=1, optimizer="sgd", validation=([[2.0]], [[2.5]])
    )
    picture = plots.loss_curve(history)
    value = short(history.val_loss[0])
    assert picture.alt.startswith("Loss curve over 1 epoch: from ")
    assert picture.alt.endswith(f"; for the validation rows from {value} to {value}.")
    assert len(picture.figure.axes[0].lines) == 2
    assert picture.figure.axes[0].get_legend() is not None


def test_a_loss_of_zero_has_a_curve_too():
    net = made(1, 1, activations="linear")
    net.theta = [1, 0]
    picture = plots.loss_curve(fit(net, *DATA, epochs=3, optimizer="sgd"))
    assert repr(picture) == "Loss curve over 3 epochs: from 0 to 0."
    assert picture.image().size == (960, 520)


def test_no_epochs_no_curve():
    with says(ValueError, "this history holds no epochs yet, so there is no curve to draw."):
        plots.loss_curve(History(2))
