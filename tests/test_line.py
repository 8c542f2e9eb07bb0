"""The line explorer: every control moved, and all that it shows compared with a calculation of its own."""

import base64
import math

import numpy as np
import pytest
from explorers import ODD, Images, is_drawn, looked_at, on_page, pixels
from matplotlib.colors import to_rgb
from support import says

from nnlib import ShapeError, datasets
from nnlib.exercises import lesson02
from nnlib.explore import LineExplorer
from nnlib.explore.parts.bowl import BANDS, Bowl, Valley, reach_of
from nnlib.style import ORANGE

pytestmark = pytest.mark.usefixtures("strict")

X_ALL, Y_ALL, *_ = datasets.houses()
x, y = X_ALL[:30, 0] / 1000, Y_ALL[:30, 0] / 1000
BEST = np.polyfit(x, y, 1)
ALL = ("line", "slice", "bowl", "loss", "film")


def houses(**settings):
    given = {"names": ("area", "price"), "units": ("thousand square feet", "thousand dollars")}
    return LineExplorer(x, y, **(given | {"row_name": "house", "b": 400, "show": ALL} | settings))


@pytest.fixture(scope="module")
def shared():
    """An explorer for tests that begin where everything begins."""
    explorer = looked_at(houses())
    yield explorer
    explorer.close()


@pytest.fixture
def fresh(shared):
    """The shared explorer, as it was made."""
    shared.reset()
    shared.set(learning_rate=0.1, epochs=200)
    shared.set(threshold=0, example=0, selected=0)
    return shared


def loss(w, b):
    return float(np.mean((w * x + b - y) ** 2))


def slope(w, b, k):
    h = 1e-3 * max(1.0, abs(w), abs(b))
    up, down = ((w + h, b), (w - h, b)) if k == 0 else ((w, b + h), (w, b - h))
    return (loss(*up) - loss(*down)) / (2 * h)


def all_agrees(explorer):
    """Assert that what is shown follows from w and b."""
    (w, b), k = explorer.state["theta"], explorer.state["selected"]
    numbers = explorer.numbers(explorer.state)
    assert numbers["predictions"] == pytest.approx(w * x + b)
    assert numbers["loss"] == pytest.approx(loss(w, b))
    assert numbers["slope"] == pytest.approx(slope(w, b, k), rel=1e-5, abs=1e-3)
    assert numbers["surface"] == pytest.approx(w * explorer.prediction.grid[:, 0] + b)
    assert max(abs(w), abs(b)) <= numbers["reach"]
    assert tuple(explorer.net.theta) == (w, b)
    for slider, value in zip(explorer.parameters.sliders, (w, b), strict=True):
        assert slider.value == pytest.approx(value, abs=1 / 2048)
    for panel in (explorer.prediction, explorer.slice, explorer.bowl, explorer.loss_curve):
        assert is_drawn(panel)
    assert explorer.page.message == ""


# What it computes ----------------------------------------------------------------------------------------


def test_the_valley_is_the_mean_squared_error():
    valley, rng = Valley(x, y), np.random.default_rng(0)
    assert valley.best == pytest.approx(BEST)
    assert valley.least == pytest.approx(loss(*BEST))
    w, b = rng.normal(0, 500, (2, 20))
    expected = [loss(*pair) for pair in zip(w, b, strict=True)]
    assert valley.least + valley.above(w, b) == pytest.approx(expected)
    assert valley.above(w / 7, b / 7, unit=7) == pytest.approx(valley.above(w, b) / 49)
    for pair in zip(w, b, strict=True):
        assert valley.slopes(pair) == pytest.approx([slope(*pair, 0), slope(*pair, 1)], rel=1e-5, abs=1e-2)


def test_descent_is_the_step_repeated():
    path = Valley(x, y).descent([0, 400], 0.1, 25)
    w, b = 0.0, 400.0
    for place in path:
        assert place == pytest.approx((w, b))
        error = w * x + b - y
        w, b = w - 0.1 * 2 * np.mean(error * x), b - 0.1 * 2 * np.mean(error)
    wild = Valley(x, y).descent([0, 400], 1e9, 100)
    assert np.isfinite(wild).all()
    assert len(wild) < 101


def test_a_line_through_all_rows_and_rows_without_spread():
    for rows, prices in (([1.0, 2.0, 3.0], [10.0, 20.0, 30.0]), ([2.0, 2.0], [1.0, 5.0]), ([0, 0], [0, 0])):
        explorer = LineExplorer(rows, prices, show=ALL, moves=2)
        for w in (-3.0, 0.0, 10.0):
            explorer.set(w=w)
        explorer.train()
        assert math.isfinite(explorer.numbers(explorer.state)["loss"])
        assert is_drawn(explorer.bowl)


def test_each_slider(fresh):
    for k in (0, 1):
        for value in (-512, -250.5, -0.125, 0, 37, 192.57, 512):
            on_page(fresh.parameters.sliders[k], value=value)
            assert fresh.state["theta"][k] == pytest.approx(value, abs=1e-3)
            assert fresh.state["selected"] == k
            all_agrees(fresh)


def test_both_together_and_the_chosen_house(fresh):
    for k, pair in enumerate(np.random.default_rng(1).uniform(-500, 500, (12, 2)).round(2).tolist()):
        fresh.set(w=pair[0], b=pair[1], example=k, selected="wb"[k % 2])
        all_agrees(fresh)
        assert f"House {k + 1} of 30 (area {x[k]:g} thousand square feet)" in repr(fresh)
    fresh.reset()
    assert fresh.state["theta"] == (0, 400)


def test_the_state_in_words():
    explorer = houses(show=["line", "slice"])
    assert repr(explorer) == (
        "price = 0.00 · area + 400.0. House 1 of 30 (area 1.6 thousand square feet): predicted 400.0, "
        "true 655.\n"
        "First weights. Loss 56988. Its slope along w is −700. Off by 191.2 thousand dollars on average."
    )
    explorer.set(w=100, b=-50, selected="b")
    words = repr(explorer)
    assert words.startswith("price = 100.0 · area − 50.00. ")
    assert f"best by hand {loss(100, -50):.0f}. Its slope along b is −{abs(slope(100, -50, 1)):.3g}." in words


def test_a_name_that_would_break_the_page():
    explorer = LineExplorer(x, y, names=[ODD, "$y$"], units=["$", ODD], row_name="row")
    (image,) = Images(explorer._repr_mimebundle_()["text/html"]).found
    assert ODD in image["alt"]


# The pictures --------------------------------------------------------------------------------------------


def test_the_bowl_is_darker_where_the_loss_is_higher():
    bowl = Bowl(Valley(x, y), width=280, height=230)
    for reach in (500.0, 5e5, 5e14, 5e150):
        bands = bowl.bands(reach)
        shades = np.where(bands == BANDS, -1, bands)
        assert set(range(BANDS)) <= set(bands.ravel().tolist())  # readable at every distance
        n = len(bands)
        for row, column in np.random.default_rng(2).integers(0, n, (40, 2)):
            w, b = (2 * (np.array([column, row]) + 0.5) / n - 1) * reach
            if reach == 500 and shades[row, column] >= 0:
                highest = max(loss(u, v) for u in (-500, 500) for v in (-500, 500)) - loss(*BEST)
                share = 1 + math.log10(max((loss(w, b) - loss(*BEST)) / highest, 1e-9)) / 4.5
                assert abs(shades[row, column] - np.clip(20 * share, 0, 19)) < 2


def test_the_point_stands_where_w_and_b_are(fresh):
    explorer = fresh
    orange = [round(255 * part) for part in to_rgb(ORANGE)]
    for w, b in ((-400, 300), (0, 0), (192, 135), (5e6, -2e6)):
        explorer.set(w=w, b=b)
        picture = np.asarray(pixels(explorer.bowl.png))
        across, up = explorer.bowl.axes.transData.transform((w, b))
        assert (picture[len(picture) - round(up) - 1, round(across)] == orange).all()


@pytest.mark.parametrize(
    ("value", "reach"), [(0, 500), (500, 500), (501, 1000), (1001, 2500), (-5001, 1e4), (3e150, 5e150)]
)
def test_the_map_zooms_out_by_round_numbers(value, reach):
    assert reach_of(np.array([1.0, value]), 500.0) == pytest.approx(reach)


def test_a_picture_for_readers_without_a_kernel():
    explorer = houses(show=["line", "bowl"])
    (image,) = Images(explorer._repr_mimebundle_()["text/html"]).found
    assert image["alt"] == repr(explorer)
    data = base64.b64decode(image["src"].partition(",")[2])
    assert pixels(data).size == (2 * 270 * 2 + 16, 450)
    assert houses(question="Which sign?").picture() is None


# Training ------------------------------------------------------------------------------------------------


def test_training_is_gradient_descent_and_its_film_can_be_scrubbed(fresh):
    explorer = fresh
    explorer.train()
    path = Valley(x, y).descent([0, 400], 0.1, 200)
    for epoch in (0, 1, 17, 200):
        on_page(explorer.film.scrub, index=epoch)
        assert explorer.state["theta"] == pytest.approx(tuple(path[epoch]))
        assert len(explorer.numbers(explorer.state)["trail"]) == epoch + 1
        assert f"Epoch {epoch} of 200." in repr(explorer)
        all_agrees(explorer)


@pytest.mark.parametrize("rate", [0.1, 0.2])
def test_what_the_page_repeats_is_no_move(rate, fresh):
    explorer = fresh
    explorer.set(learning_rate=rate)
    explorer.train()
    theta, limit = explorer.state["theta"], explorer.parameters.limit
    for slider in explorer.parameters.sliders:
        on_page(slider, value=slider.value * (1 + 1e-15) + 1e-12)
    assert explorer.state["theta"] == theta
    assert "Epoch 200 of 200." in repr(explorer)
    on_page(explorer.parameters.sliders[0], value=explorer.parameters.sliders[0].value - limit / 100)
    assert "Set by hand." in repr(explorer)


def test_one_step_and_its_trail(fresh):
    explorer = fresh
    for _ in range(3):
        explorer.step_button.click()
    path = Valley(x, y).descent([0, 400], 0.1, 3)
    assert np.array(explorer.state["trail"]) == pytest.approx(path)
    assert "\nAfter a step of gradient descent. Loss" in repr(explorer)
    assert (explorer.state["best"], explorer.state["moves"]) == (None, 0)  # no hand has moved it
    all_agrees(explorer)
    explorer.train()
    explorer.set(w=5)
    assert len(explorer.state["trail"]) == 2  # a hand begins a new way
    explorer.reset()
    assert explorer.state["trail"] == ()


def test_training_stops_at_a_loss_that_is_low_enough():
    explorer = houses(threshold=20000)
    explorer.train()
    losses = [loss(*frame) for frame in explorer.film.frames]
    assert losses[-1] <= 20000 < min(losses[:-1])
    assert f"A loss of 20000 or less: reached after {len(losses) - 1} epochs." in repr(explorer)
    on_page(explorer.threshold, value=100.0)
    explorer.train()
    assert "A loss of 100 or less: not reached in 200 epochs." in repr(explorer)
    on_page(explorer.threshold, value=0.0)
    assert "or less" not in repr(explorer)
    with says(ValueError, "threshold is a loss, 0 or more (0 for none); got -1."):
        explorer.set(threshold=-1)


def test_settings_wait_for_a_training_and_then_make_the_film_anew(fresh):
    explorer = fresh
    on_page(explorer.switches.controls["learning_rate"], value=0.05)
    assert (explorer.film.epochs, explorer.state["theta"]) == ([], (0, 400))
    explorer.train()
    assert explorer.state["theta"] == pytest.approx(tuple(Valley(x, y).descent([0, 400], 0.05, 200)[-1]))
    on_page(explorer.switches.controls["learning_rate"], value=0.17)
    assert explorer.state["theta"] == pytest.approx(tuple(Valley(x, y).descent([0, 400], 0.17, 200)[-1]))
    on_page(explorer.switches.controls["epochs"], value=20)
    assert explorer.film.epochs[-1] == 20


@pytest.mark.parametrize("rate", [0.19, 0.2, 0.3, 0.9, 100, 1e6, 1e100])
def test_a_rate_too_large_is_said_and_stays_readable(rate, fresh):
    explorer = fresh
    explorer.set(learning_rate=rate)
    explorer.train()
    message = explorer.page.message
    assert message.startswith(
        f"The loss grows: a learning rate of {rate:g} is too large here. Each step jumps"
    )
    assert message.endswith("Try a smaller rate.")
    assert ("is too large to hold" in message) == (rate >= 0.9)
    assert len(repr(explorer)) < 700
    for epoch in explorer.film.epochs[:: max(1, len(explorer.film.epochs) // 6)]:
        explorer.set(epoch=epoch)
        numbers = explorer.numbers(explorer.state)
        assert math.isfinite(numbers["loss"])
        for panel in (explorer.prediction, explorer.slice, explorer.bowl, explorer.loss_curve):
            assert is_drawn(panel)
        for axes in (explorer.slice.axes, explorer.bowl.axes):
            for text in axes.get_xticklabels() + axes.get_yticklabels():
                box = text.get_window_extent()
                assert len(text.get_text()) <= 12
                assert box.x0 >= 0 <= box.y0
                assert box.x1 <= axes.figure.bbox.x1
                assert box.y1 <= axes.figure.bbox.y1
    explorer.set(learning_rate=0.1)
    assert explorer.page.message == ""


def test_a_key_still_moves_a_line_that_has_left_the_picture(fresh):
    explorer = fresh
    slider = explorer.parameters.sliders[0]
    assert [name for name in slider._dom_classes if "key" in name] == ["nn-key1"]
    explorer.set(learning_rate=0.2)
    explorer.train()
    (key,) = (int(name[6:]) for name in slider._dom_classes if "key" in name)
    assert 50 < slider.max / 10**key < 500
    w = explorer.state["theta"][0]
    on_page(slider, value=slider.value + 10.0**key)
    assert explorer.state["theta"][0] == pytest.approx(w + 10.0**key)
    explorer.reset()
    assert [name for name in slider._dom_classes if "key" in name] == ["nn-key1"]


def test_a_rate_that_is_small_enough_is_not_called_too_large(fresh):
    explorer = fresh
    for rate in (0.001, 0.1, 0.17, 0.185):
        explorer.set(learning_rate=rate)
        explorer.train()
        assert explorer.page.message == ""


def test_another_film_can_be_watched(fresh):
    film, _ = lesson02.descend(x, y, w=0, b=400, rate=0.1, epochs=30)
    explorer = fresh
    explorer.watch(film)
    assert explorer.state["theta"] == pytest.approx(tuple(Valley(x, y).descent([0, 400], 0.1, 30)[-1]))


# The contest ---------------------------------------------------------------------------------------------


def slide(explorer, k, value, *, grip):
    """The page moves a slider; with `grip` a hand has just been put on it."""
    if grip:
        on_page(explorer.page, held=explorer.page.held + 1)
    on_page(explorer.parameters.sliders[k], value=value)


def test_a_drag_is_one_move():
    explorer = houses(moves=3)
    assert "3 moves. Within 5% of the lowest loss you win." in repr(explorer)
    slide(explorer, 0, 10.0, grip=True)
    for value in (20.0, 60.0, 90.0):
        slide(explorer, 0, value, grip=False)
    assert explorer.state["moves"] == 1
    assert explorer.state["trail"] == ((0, 400), (90, 400))
    slide(explorer, 0, 95.0, grip=True)
    slide(explorer, 1, 300.0, grip=True)
    assert explorer.state["moves"] == 3


def test_only_the_first_moves_count_and_then_descent_shows_what_it_does():
    explorer = houses(moves=2)
    explorer.set(w=80)
    assert "Gradient descent" not in repr(explorer)
    explorer.set(b=350)
    best = loss(80, 350)
    rival = Valley(x, y).descent([0, 400], 0.1, 2)
    least = loss(*BEST)
    assert repr(explorer).endswith(
        f"Move 2 of 2: your best is {best:.0f}, {best / least - 1:.0%} above the lowest. "
        f"Gradient descent after 2 steps: {loss(*rival[-1]):.0f}, "
        f"{loss(*rival[-1]) / least - 1:.0%} above the lowest."
    )
    assert explorer.numbers(explorer.state)["rival"] == pytest.approx(rival)
    explorer.set(learning_rate=0.01)  # the rival's too, in the same frame
    assert explorer.numbers(explorer.state)["rival"] == pytest.approx(Valley(x, y).descent([0, 400], 0.01, 2))
    explorer.set(learning_rate=0.1)
    assert repr(explorer).count(f"Gradient descent after 2 steps: {loss(*rival[-1]):.0f}") == 1
    explorer.set(w=BEST[0], b=BEST[1])
    assert explorer.state["best"] == pytest.approx(best)
    assert "You win" not in repr(explorer)
    explorer.reset()
    assert (explorer.state["moves"], explorer.state["best"]) == (0, None)


@pytest.mark.parametrize(("share", "wins"), [(1.049, True), (1.051, False)])
def test_within_five_percent_wins(share, wins):
    explorer, (w, b) = houses(moves=20), BEST
    away = math.sqrt((share - 1) * loss(w, b))  # b away from its best raises the loss by the square
    explorer.set(w=w, b=b + away)
    assert ("You win." in repr(explorer)) == wins


# The learner's functions ---------------------------------------------------------------------------------


def test_the_learners_functions_are_drawn_and_compared():
    given = {}

    def predict(x, w, b):
        given.update(x=x, w=w, b=b)
        return w * x + b + 10

    def mse(y_hat, y):
        given.update(y_hat=y_hat, y=y)
        return np.mean((y_hat - y) ** 2)

    explorer = houses(my_predict=predict, my_loss=mse)
    numbers = explorer.numbers(explorer.state)
    assert numbers["predictions"] == pytest.approx(np.full(30, 410.0))
    assert numbers["loss"] == pytest.approx(loss(0, 410))
    assert numbers["reference"] == pytest.approx(np.full(200, 400.0))
    assert (given["w"], given["b"], given["y"].shape, given["y_hat"].shape) == (0.0, 400.0, (30,), (30,))
    assert "Your predict and mse differ from nnlib's: for house 1 they give 410.0" in repr(explorer)
    right = houses(my_predict=lambda x, w, b: w * x + b, my_loss=mse)
    assert "agree with nnlib's." in repr(right)


@pytest.fixture(scope="module")
def dispatching():
    """An explorer whose predict can be exchanged."""
    held = {"function": lambda x, w, b: w * x + b}
    explorer = houses(my_predict=lambda x, w, b: held["function"](x, w, b), show=["line"])
    yield explorer, held
    explorer.close()


@pytest.mark.parametrize(
    ("predict", "words"),
    [
        (lambda x, w, b: None, "returned nothing: end it with return ŷ"),
        (lambda x, w, b: "dear", "returned str 'dear', but ŷ is wanted as an array of shape (30,)"),
        (lambda x, w, b: w * x[:, None] + b, "returned an array of shape"),
        (lambda x, w, b: 1 / 0, "stopped with ZeroDivisionError"),
        (lambda x, w, b: x * np.nan, "returned nan, which is no finite number"),
        (lambda x, w: x, "stopped with TypeError"),
    ],
)
def test_a_function_that_fails_is_answered_in_words(predict, words, dispatching):
    explorer, held = dispatching
    held["function"] = predict
    explorer.set(w=0, b=400)
    explorer.set(w=100, b=50)
    assert words in explorer.page.message
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    assert explorer.numbers(explorer.state)["predictions"] == pytest.approx(100 * x + 50)
    held["function"] = lambda x, w, b: w * x + b
    explorer.set(w=10)
    assert explorer.page.message == ""


def test_exercises_wait_until_they_have_passed(monkeypatch):
    for exercise in (lesson02.predict, lesson02.mse):
        monkeypatch.setattr(exercise, "yours", None)
    explorer = houses(my_predict=lesson02.predict, my_loss=lesson02.mse)
    assert "Drawn by nnlib's predict and mse, until yours passes its check above." in repr(explorer)
    monkeypatch.setattr(lesson02.predict, "yours", lambda x, w, b: w * x + b)
    assert "agrees with nnlib's" in repr(houses(my_predict=lesson02.predict, show=["line"]))


def test_descend_says_whose_functions_moved(monkeypatch):
    for exercise in (lesson02.gradient, lesson02.step):
        monkeypatch.setattr(exercise, "yours", None)
    film, whose = lesson02.descend(x, y, 0, 400, 0.1, 5)
    assert film.theta == pytest.approx(Valley(x, y).descent([0, 400], 0.1, 5))
    assert whose == "moved by nnlib's gradient and step, until yours pass their checks"
    assert lesson02.slopes(x, y, 0, 400)[1] == "nnlib's gradient, until yours passes its check"
    monkeypatch.setattr(lesson02.gradient, "yours", lambda x, y, w, b: (1.0, -2.0))
    film, whose = lesson02.descend(x, y, 0, 400, 0.5, 2)
    assert film.theta.tolist() == [[0, 400], [-0.5, 401], [-1, 402]]
    assert whose == "moved by nnlib's step, until yours passes its check"
    monkeypatch.setattr(lesson02.step, "yours", lambda w, b, dw, db, rate: (w * 1e200, b))
    assert lesson02.descend(x, y, 1, 400, 0.5, 9)[1] == "moved by your gradient and your step"
    assert len(lesson02.descend(x, y, 1, 400, 0.5, 9)[0].epochs) == 2  # up to the last finite number


def test_training_counts_for_no_move_of_the_contest():
    explorer = houses(moves=3)
    explorer.train()
    explorer.set(w=100)
    assert "Move 1 of 3.\n" in f"{explorer!r}\n"
    explorer.reset()
    explorer.set(w=100)
    assert "Move 1 of 3: your best is " in repr(explorer)


def test_nothing_is_opened_and_closed_at_a_move(fresh):
    changes = []
    fresh.parameters.drawer.observe(changes.append, "children")
    fresh.set(w=50)
    fresh.set(b=50)
    assert changes == []


def test_units_keep_their_capitals():
    explorer = LineExplorer(x, y, names=("use", "cost"), units=("kWh", "dollars"), row_name="home")
    assert "Home 1 of 30 (use 1.6 kWh)" in repr(explorer)


# What does not fit ---------------------------------------------------------------------------------------


def test_what_does_not_fit_is_said():
    with says(
        ShapeError,
        "x must be a list of numbers, one for each row, at least 2; got shape (30, 1). Of a table take one "
        "column, as in X[:, 0].",
    ):
        LineExplorer(x[:, None], y)
    with says(ShapeError, "y must have shape (30,); got shape (29,)."):
        LineExplorer(x, y[1:])
    with pytest.raises(ValueError, match="my_predict must be a function of yours"):
        LineExplorer(x, y, my_predict=3)
    with pytest.raises(ValueError, match="moves must be a whole number of 0 or more"):
        LineExplorer(x, y, moves=-1)
    with pytest.raises(ValueError, match=r"no 'weight'.*parameter by its name, as in set.*w"):
        houses().set(weight=3)
    with pytest.raises(ValueError, match="view"):
        houses(show=["diagram"])
    explorer = houses()
    explorer.train()
    with says(ValueError, "a line has no hidden to set: it stays one neuron with one input."):
        explorer.set(hidden=2)
    explorer.set(w=3)
    assert explorer.net.theta[0] == 3
    explorer.remember("here")  # with all settings, which stay as they are
    explorer.set(w=9)
    explorer.recall("here")
    assert explorer.net.theta[0] == 3
    explorer.set(optimizer="adam")


def test_one_slider_alone():
    explorer = houses(show=["line", "b"])
    assert [slider.description for slider in explorer._hand_row.children[:-1]] == ["b"]
