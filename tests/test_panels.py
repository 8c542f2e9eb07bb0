"""The panels: regions without data, the learner's functions beside nnlib's, slopes, the zoom on a neuron."""

import numpy as np
import pytest
from explorers import made, pixels
from matplotlib.colors import to_rgb

from nnlib import datasets, numerical_gradient
from nnlib.activations import ACTIVATIONS
from nnlib.explore.parts.figure import LivePicture, palette
from nnlib.explore.parts.gradients import Gradients, axis_limit
from nnlib.explore.parts.neuron_picture import NeuronCurve, sums_around
from nnlib.explore.parts.panels import Curve, LossCurve, Predictions, Surface, near_data, room
from nnlib.style import LOSS, ORANGE, REFERENCE

pytestmark = pytest.mark.usefixtures("strict")

RNG = np.random.default_rng(0)
X2, Y1 = np.array([[3.0, 5.0], [5.0, 1.0], [10.0, 2.0]]), np.array([[75.0], [82.0], [93.0]])
SIZE = {"width": 300, "height": 212}


def surface(X=X2):
    return Surface(X, np.resize(Y1, (len(X), 1)), ["sleep", "study", "score"], (0, 100), **SIZE)


def curve(X=X2[:, :1]):
    return Curve(X, np.resize(Y1, (len(X), 1)), ["sleep", "score"], (0, 100), **SIZE)


def frame(panel, **numbers):
    panel.show(numbers, "words")
    return np.asarray(pixels(panel.png))


def has(picture, colour):
    return (picture == [round(255 * part) for part in to_rgb(colour)]).all(axis=-1).any()


# Where there is no data -----------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3, 200, 2000])
@pytest.mark.parametrize("inputs", [1, 2])
def test_a_point_is_near_data_within_a_fifth_of_the_axes(rows, inputs):
    X = RNG.normal(50, 20, (rows, inputs)) * [1.0, 1000.0][:inputs]
    low, high = room(X)
    points = RNG.uniform(low, high, (150, inputs))
    found = near_data(points, X)
    for point, near in zip(points, found, strict=True):
        nearest = min(np.linalg.norm((point - row) / (high - low)) for row in X)
        assert near == (nearest <= 0.2)


def test_stripes_cover_only_what_is_far_from_the_data():
    panel = surface()
    numbers = {"surface": RNG.uniform(0, 100, 6912), "predictions": np.zeros(3), "example": 0}
    frame(panel, **numbers)
    with_stripes = np.asarray(panel.canvas.buffer_rgba()).copy()
    stripes, panel.stripes = panel.stripes, None
    frame(panel, **numbers)
    changed = (with_stripes != np.asarray(panel.canvas.buffer_rgba())).any(axis=-1)
    assert 0.05 < stripes.mean() < 0.2
    places = np.argwhere(changed)
    assert len(places) == pytest.approx(stripes.sum(), rel=0.02)  # the ring and the dots lie on some
    for down, across in places[::50]:
        point = panel.axes.transData.inverted().transform((across + 0.5, len(changed) - down - 0.5))
        distances = np.linalg.norm((point - X2) / [12, 6], axis=1)
        assert min(distances) > 0.19  # a cell of the field is 0.01 wide


def test_an_explorer_can_ask_where_there_is_data():
    for panel in (surface(), curve()):
        inputs = panel.X.shape[1]
        assert panel.has_data_near(X2[0, :inputs])
        assert not panel.has_data_near(np.zeros(inputs))


def test_the_legend_is_there_only_with_stripes():
    across, up = np.meshgrid(np.arange(11.0), np.arange(11.0))
    rows = np.stack([across.ravel(), up.ravel()], axis=-1)
    assert 0.99 < surface(rows).known.mean() < 1  # the corner at the top right is 0.24 away
    line = curve(np.array([[0.0], [3.0], [6.0], [10.0]]))
    assert line.gaps() == []
    assert line.figure.texts == []
    assert [text.get_text() for text in surface().figure.texts] == ["striped:\nno data near"]


@pytest.mark.parametrize("rows", [[[1.0]], [[3.0], [5.0], [10.0]], [[-100.0], [50.0], [50.0]]])
def test_a_curves_gaps_are_what_is_far_from_the_data(rows):
    panel = curve(np.array(rows))
    for x in panel.grid:
        inside = any(start <= x[0] <= end for start, end in panel.gaps())
        assert inside == (not near_data(x[None, :], np.array(rows))[0])


@pytest.mark.parametrize("unit", [1.0, 30.0, 300000.0])
def test_long_numbers_leave_the_surfaces_label_its_room(unit):
    panel = surface(X2 * unit)
    panel.canvas.draw()
    box = panel.axes.yaxis.label.get_window_extent(panel.canvas.get_renderer())
    assert box.x0 > 0


# The learner's functions beside nnlib's -------------------------------------------------------------------


def examples():
    """Each panel, its numbers, and what nnlib itself would show."""
    s, c = surface(), curve()
    rows = {"predictions": np.array([70.0, 80.0, 90.0]), "example": 1}
    slope = 8 * s.grid[:, 0]
    yield s, {**rows, "surface": slope}, {"reference": np.clip(slope + 7, 0, 99)}
    yield c, {**rows, "surface": 8 * c.grid[:, 0]}, {"reference": 50 + 0 * c.grid[:, 0]}
    yield Predictions(Y1, "score", (0, 100), **SIZE), rows, {"reference_rows": np.array([10.0, 20.0, 1e9])}
    loss_curve = LossCurve(30, 0.2, width=300, height=138)
    yield loss_curve, {"loss": 0.1, "best": 0.05, "epoch": 3}, {"reference_loss": 0.002}
    yield loss_curve, {"loss": 0.1, "best": None, "epoch": 3}, {"reference_loss": 1e9}


@pytest.mark.parametrize("n", range(5))
def test_nnlibs_own_numbers_are_drawn_in_grey_where_they_are_given(n):
    panel, numbers, reference = list(examples())[n]
    (name,) = reference
    plain = frame(panel, **numbers)
    shown = frame(panel, **numbers, **reference)
    changed = (plain != shown).any(axis=-1)
    assert changed.any()
    assert has(shown[changed], REFERENCE)
    assert (frame(panel, **numbers, **{name: None}) == plain).all()
    assert (frame(panel, **numbers) == plain).all()  # what was shown once does not stay


def test_where_the_learners_surface_is_nnlibs_there_is_no_grey():
    panel, numbers, _ = next(examples())
    assert (frame(panel, **numbers) == frame(panel, **numbers, reference=numbers["surface"])).all()


# The slopes -----------------------------------------------------------------------------------------------


def slopes(n, size):
    found = RNG.normal(0, size, n) if size else np.zeros(n)
    return found, np.where(RNG.uniform(size=n) < 0.3, np.nan, found)


def labels(n):
    return [f"W1[x{k}, h]" for k in range(n)] if n < 100 else made(8, 17, 1).labels()[:n]


@pytest.mark.parametrize("n", [1, 2, 13, 16, 17, 170])
@pytest.mark.parametrize("size", [0, 1e-320, 1e-12, 0.05, 1e9, 1e299])
def test_slopes_of_every_size_are_drawn(n, size):
    panel = Gradients(labels(n), width=620, height=172)
    given, nudged = slopes(n, size)
    first = frame(panel, slopes=given, nudged=nudged, selected=0)
    assert first.shape == (344, 1240, 3)
    assert has(first, ORANGE)
    if size > 1e-300:
        assert has(first, LOSS)
        assert np.abs(given).max() <= panel.limit <= 5 * np.abs(given).max()
        assert (frame(panel, slopes=-given, nudged=nudged, selected=0) != first).any()
    if n > 1:
        assert (frame(panel, slopes=given, nudged=nudged, selected=n - 1) != first).any()
    nothing = frame(panel, slopes=given, nudged=np.full(n, np.nan), selected=0)
    assert (nothing != first).any() or np.isnan(nudged).all()
    assert panel.words({"slopes": given, "nudged": nudged, "selected": 0}).endswith(".")


def test_the_axis_of_the_slopes_moves_only_when_it_has_to():
    assert [axis_limit(value, 1.0) for value in (0.0, 0.2, 1.0, 1.01, 0.19, 0.03, 700)] == pytest.approx(
        [1, 0.2, 1, 1.2, 0.2, 0.03, 700]
    )
    panel, drawn = Gradients(labels(3), width=620, height=172), []
    for value in (0.9, 0.5, 0.35, 0.3, 0.25):
        panel.show({"slopes": np.array([value, 0, 0]), "nudged": np.full(3, np.nan), "selected": 0}, "")
        panel.draw()
        drawn.append(panel._background)
    assert [a is b for a, b in zip(drawn, drawn[1:], strict=False)] == [True, True, False, True]


def test_a_frame_of_slopes_over_the_kept_ground_is_the_frame_drawn_afresh():
    panel = Gradients(labels(13), width=620, height=172)
    for size in (1, 0.5, 30):
        numbers = dict(zip(("slopes", "nudged"), slopes(13, size), strict=True), selected=3)
        panel.show(numbers, "")
        kept = panel.png
        panel.stale()
        panel.show(numbers, "")
        assert panel.png == kept


def test_bars_and_rings_stand_at_their_slopes():
    panel = Gradients(labels(3), width=620, height=172)
    frame(panel, slopes=np.array([0.5, -0.25, 0.0]), nudged=np.array([0.5, np.nan, 0.75]), selected=1)
    image = pixels(panel.png)
    purple = tuple(round(255 * part) for part in to_rgb(LOSS))

    def at(k, slope):
        x, y = panel.axes.transData.transform((k, slope))
        return image.getpixel((round(x + 30), round(image.height - y)))  # beside the ring

    assert at(0, 0.4) == at(1, -0.2) == purple
    assert purple not in (at(0, 0.6), at(0, -0.1), at(1, -0.3), at(1, 0.1), at(2, 0.3))
    assert list(panel.rings.get_xdata()) == [0, 1, 2]
    assert panel.rings.get_ydata() == pytest.approx([0.5, np.nan, 0.75], nan_ok=True)


def test_the_words_of_the_slopes_say_how_far_the_two_ways_are_apart():
    data = datasets.test_scores()
    net = made(2, 3, 1, input_names=["sleep", "study"], output_names=["score"])
    net.theta = np.linspace(-1, 1, 13)
    X, y = data.X / data.X.max(axis=0), data.y / 100
    net.loss_and_grad(X, y, "mse")
    given, nudged = net.grad.copy(), numerical_gradient(net, X, y)
    k = int(np.abs(given).argmax())
    panel, slope = Gradients(net.labels(), width=620, height=172), f"{given[k]:.3g}".replace("-", "−")
    begin = f"Steepest slope: {net.labels()[k]}, {slope} by backpropagation"
    agreeing = panel.words({"slopes": given, "nudged": nudged})
    assert agreeing == f"{begin}, {slope} by nudging; the two agree."
    nudged[k - 1] += 0.25 * given[k]
    differing = panel.words({"slopes": given, "nudged": nudged})
    assert differing == f"{begin}, {slope} by nudging; the two differ by up to 0.25 of it."


@pytest.mark.parametrize(
    ("given", "nudged", "words"),
    [
        ([0, 0], [0, 0], "All slopes are 0."),
        ([0, 0], [np.nan, np.nan], "All slopes are 0."),
        ([0.5, -1], [np.nan, np.nan], "Steepest slope: b, −1 by backpropagation."),
        (
            [0.5, -1],
            [0.25, np.nan],
            "Steepest slope: b, −1 by backpropagation; the two differ by up to 0.25 of it "
            "(1 of 2 were nudged).",
        ),
        (
            [0, 0],
            [0, -0.5],
            "Steepest slope: b, 0 by backpropagation, −0.5 by nudging; the two differ by up to 1 of it.",
        ),
    ],
)
def test_the_words_of_slopes_that_are_special(given, nudged, words):
    numbers = {"slopes": np.array(given, float), "nudged": np.array(nudged, float), "selected": 0}
    assert Gradients(["a", "b"], width=620, height=172).words(numbers) == words


def test_names_below_the_slopes_are_no_formulas_and_stay_in_the_picture():
    names = ["W1[$a_$ and a name that is long, h1]", "W1[$b^$, h1]", *labels(11)]
    panel = Gradients(names, width=620, height=172)
    panel.show({"slopes": np.ones(13), "nudged": np.ones(13), "selected": 0}, "")
    for text in panel.axes.get_xticklabels():
        box = text.get_window_extent(panel.canvas.get_renderer())
        assert box.x0 >= 0
        assert box.y0 >= 0


# The zoom on a neuron -------------------------------------------------------------------------------------


def zoom(kind, z, k=0, own=None):
    """The numbers of a neuron; `own` is a learner's activation function."""
    rule, z = ACTIVATIONS[kind], np.array(z, float)
    grid = sums_around(z)
    drawn = own or rule
    found = {"name": "h1", "activation": kind, "z": z, "a": drawn(z), "slope": rule.slope(z[k])}
    lines = {"grid": grid, "curve": drawn(grid), "reference": rule(grid) if own else None}
    return {"example": k, "zoom": found | lines}


@pytest.mark.parametrize("furthest", [0, 5.9, 6, 6.1, 800, 1e6, 1e300])
def test_the_curve_reaches_as_far_as_the_sums(furthest):
    grid = sums_around(np.array([0.5, -furthest]))
    assert (grid == -grid[::-1]).all()
    assert grid[-1] >= min(furthest, 1e6)
    assert grid[-1] <= max(6, 2 * min(furthest, 1e6))


@pytest.mark.parametrize("kind", ACTIVATIONS)
@pytest.mark.parametrize("z", [[0.3], [800, -800], [-1e6, -3], [1e300, -2], list(RNG.normal(0, 3, 2000))])
def test_a_neuron_is_drawn_wherever_its_sums_are(kind, z):
    panel = NeuronCurve(width=420, height=300)
    first = frame(panel, **zoom(kind, z))
    assert first.shape == (600, 840, 3)
    assert has(first, ORANGE)
    kept = panel.png
    panel.stale()
    assert (frame(panel, **zoom(kind, z)) == first).all()
    assert panel.png == kept
    assert (frame(panel, **zoom(kind, [0.7, *z[1:]])) != first).any()
    assert panel.words(zoom(kind, z)).endswith(".")


def test_the_dots_and_the_tangent_lie_on_the_curve():
    panel = NeuronCurve(width=420, height=300)
    z = [-2.0, 0.5, 3.0]
    frame(panel, **zoom("tanh", z, k=1))
    assert panel.dots.get_ydata() == pytest.approx(np.tanh(z))
    assert panel.ring.get_xdata() == [0.5]
    (x0, x1), (y0, y1) = panel.tangent.get_data()
    assert (y1 - y0) / (x1 - x0) == pytest.approx(1 - np.tanh(0.5) ** 2)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((0.5, np.tanh(0.5)))
    for x in (-5.0, 0.0, 4.0):
        assert panel.curve.get_ydata()[np.isclose(panel.curve.get_xdata(), x)] == pytest.approx(np.tanh(x))


def test_the_curve_is_drawn_again_only_where_it_changes():
    panel, drawn = NeuronCurve(width=420, height=300), []
    moves = [
        zoom("tanh", [0.5]),
        zoom("tanh", [-5.5]),
        zoom("tanh", [7.0]),
        zoom("relu", [7.0]),
        zoom("relu", [8.0]),
        zoom("relu", [8.0], own=lambda z: 2 * np.maximum(z, 0)),
    ]
    for numbers in moves:
        panel.show(numbers, "")
        panel.draw()
        drawn.append(panel._background)
    kept = [a is b for a, b in zip(drawn, drawn[1:], strict=False)]
    assert kept == [True, False, False, True, False]
    assert len(panel.reference.get_xdata()) == 241


def test_where_the_curve_is_flat_it_is_grey():
    panel = NeuronCurve(width=420, height=300)
    image = frame(panel, **zoom("relu", [2.0]))
    colours = {}
    for z in (-5, -0.5, 0.5, 5):
        x, y = panel.axes.transData.transform((z, 0.9))
        colours[z] = image[round(600 - y), round(x)].tolist()
    assert colours[-5] == colours[-0.5] == [230, 230, 230]
    assert colours[5] == [255, 255, 255]


@pytest.mark.parametrize(
    ("kind", "word", "steepest"),
    [("sigmoid", "saturated", 0.25), ("tanh", "saturated", 1), ("relu", "silent", 1), ("linear", "flat", 1)],
)
def test_the_words_of_a_neuron(kind, word, steepest):
    z = RNG.normal(0, 6, 300)
    h = 1e-6
    rules = {
        "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
        "tanh": np.tanh,
        "relu": lambda z: np.where(z > 0, z, 0),
        "linear": lambda z: z,
    }
    rule = rules[kind]
    along = (rule(z + h) - rule(z - h)) / (2 * h)
    flat = int((along < 0.01 * steepest).sum())
    text = (f"{value:.2f}".replace("-", "−") for value in (z[4], rule(z)[4], along[4]))
    words = NeuronCurve("student", width=420, height=300).words(zoom(kind, z, k=4))
    assert words.replace("−0.00", "0.00") == (
        "Neuron h1: z {}, a {}, slope {}; ".format(*text) + f"{word} for {flat} of 300 students."
    )


def test_the_words_follow_a_learners_own_curve():
    panel = NeuronCurve(width=420, height=300)
    own = zoom("sigmoid", [-9.0, 0.0, 9.0], own=lambda z: np.clip(z / 8, -1, 0))
    assert panel.words(own).endswith("saturated for 2 of 3 rows.")
    assert panel.words(zoom("step", [1.0])) == "Neuron h1: z 1.00, a 1.00, slope 0.00; flat for 1 of 1 row."


@pytest.mark.parametrize("kind", [Surface, Gradients, NeuronCurve])
def test_the_palette_keeps_the_colours_of_each_panel(kind: type[LivePicture]):
    own = palette(kind.colours).getpalette()
    kept = set(zip(own[::3], own[1::3], own[2::3], strict=True))
    for colour in (*kind.colours, LOSS, ORANGE, REFERENCE):
        assert tuple(round(255 * part) for part in to_rgb(colour)) in kept
