"""The network explorer: every control moved, and all that it shows compared with a calculation of its own."""

import base64
import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import ipywidgets
import numpy as np
import pytest
from explorers import ODD, Images, is_drawn, looked_at, made, on_diagram, on_page, pixels, students
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances
from support import plain_forward, quick, says

from nnlib import SGD, MaxScaler, ShapeError, StandardScaler, datasets, reference
from nnlib.explore import Explorer, NetworkExplorer
from nnlib.explore.parts.settings import SETTINGS
from nnlib.explore.parts.sliders import on_slider

HOURS, SCORES, *_ = datasets.test_scores()
X, Y = [(3 / 10, 5 / 5), (5 / 10, 1 / 5), (10 / 10, 2 / 5)], [0.75, 0.82, 0.93]
VALUES = [-4.0, -2.25, -0.01, 0.0, 0.37, 1.9, 4.0]  # minimum, maximum and a grid between


pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture(scope="module")
def shared():
    """An explorer for tests that do not care where it stands."""
    explorer = looked_at(students())
    yield explorer
    explorer.close()


def written(value, digits=2):
    text = f"{value:.{digits}f}".replace("-", "−")
    return text.lstrip("−") if not any(digit in text for digit in "123456789") else text


def all_agrees(explorer):
    """Assert that everything in the students' explorer follows from theta, as plain maths has it."""
    theta, k = explorer.state["theta"], explorer.state["example"]
    hidden, y_hat = reference.forward(theta, X[k])
    z = [X[k][0] * theta[j] + X[k][1] * theta[3 + j] + theta[6 + j] for j in range(3)]
    z.append(sum(hidden[j] * theta[9 + j] for j in range(3)) + theta[12])
    points = [100 * reference.forward(theta, x)[1] for x in X]
    off = sum(abs(p - 100 * y) for p, y in zip(points, Y, strict=True)) / 3
    loss, _ = reference.loss_and_gradient(theta, X, Y)

    numbers = explorer.numbers(explorer.state)
    assert numbers["z"] == pytest.approx(z, rel=1e-12, abs=1e-14)
    assert numbers["a"] == pytest.approx([*hidden, y_hat], rel=1e-12)
    assert numbers["predictions"] == pytest.approx(points, rel=1e-12)
    assert (numbers["loss"], numbers["off"]) == pytest.approx((loss, off), rel=1e-11)
    for n in range(0, 6912, 977):
        sleep, study = explorer.prediction.grid[n]
        expected = 100 * reference.forward(theta, (sleep / 10, study / 5))[1]
        assert numbers["surface"][n] == pytest.approx(expected, rel=1e-12)

    sleep, study = HOURS[k]
    label = explorer.net.labels()[explorer.state["selected"]]
    value = theta[explorer.state["selected"]]
    words = repr(explorer)
    assert words.startswith(
        f"Student {k + 1} of 3 (sleep {sleep:.0f} hours, study {study:.0f} hours): predicted "
        f"{written(points[k], 1)}, true score {100 * Y[k]:.0f} points. "
        f"All predictions are off by {written(off, 1)} points on average.\n"
    )
    best = explorer.state["best"]
    assert f" Loss {loss:.3g}{'' if best is None else f'; best by hand {best:.3g}'}. " in words
    assert f" Selected: {label} = {written(value)}" in words.splitlines()[-1 - ("For every" in words)]

    neurons = [text for pair in zip(z, [*hidden, y_hat], strict=True) for text in pair]
    neurons = [written(v) if n % 2 else f"z {written(v)}" for n, v in enumerate(neurons)]
    assert explorer.diagram.texts == [
        *(f"{sleep:.0f} hours", f"→ {written(X[k][0])}", f"{study:.0f} hours", f"→ {written(X[k][1])}"),
        *neurons,
        *(f"→ {written(points[k], 1)}", "points", f"true {100 * Y[k]:.0f}"),
    ]
    assert explorer.diagram.fills == pytest.approx([*hidden, y_hat])
    assert tuple(explorer.net.theta) == tuple(explorer.diagram.theta) == theta
    assert explorer.diagram.selected == explorer.state["selected"]
    assert explorer.parameters.chosen.children[0].description == label
    assert explorer.parameters.chosen.children[0].value == pytest.approx(value, abs=1 / 2048)
    listed = ", ".join(f"{written(p, 1)} (true {100 * y:.0f})" for p, y in zip(points, Y, strict=True))
    assert explorer.prediction.alt == f"Predicted score: {listed}."
    assert explorer.loss_curve.alt == f"Loss {loss:.3g} at epoch {explorer.state['epoch']}."
    assert is_drawn(explorer.prediction)
    assert is_drawn(explorer.loss_curve)
    assert explorer.page.message == ""


# Every control ------------------------------------------------------------------------------------------


def test_each_of_all_sliders():
    explorer = students()
    explorer.drawer_buttons["sliders"].value = True
    for k, slider in enumerate(explorer.parameters.sliders):
        assert (slider.min, slider.max) == (-4, 4)
        for value in VALUES:
            on_page(slider, value=value)
            assert explorer.state["theta"][k] == value
            assert explorer.state["selected"] == k
            all_agrees(explorer)
        on_page(slider, value=0.25)


def test_the_slider_of_the_selected_parameter():
    explorer = students()
    for k in range(13):
        on_page(explorer.diagram, selected=k)
        all_agrees(explorer)
        for value in VALUES[:: 3 if k else 1]:
            on_page(explorer.parameters.chosen.children[0], value=value)
            assert explorer.state["theta"][k] == value
            all_agrees(explorer)


def test_each_line_of_the_diagram():
    explorer = students()
    for k in range(13):
        for value in (-4, 0.1, 4):  # JavaScript sends 4.0 as 4
            theta = list(explorer.diagram.theta)
            theta[k] = value
            on_diagram(explorer, {k: value})
            assert explorer.state["theta"] == tuple(theta)
            assert explorer.state["selected"] == k
            all_agrees(explorer)


def test_moves_of_several_lines_that_come_together_all_arrive_once():
    explorer = students()
    on_page(explorer.diagram, moves={"10": [2, 0.7], "3": [1, 0.5]})
    assert (explorer.state["theta"][3], explorer.state["theta"][10]) == (0.5, 0.7)
    assert (explorer.state["selected"], explorer.diagram.seen) == (10, 2)
    on_page(explorer.parameters.sliders[3], value=1.0)
    on_page(explorer.diagram, moves={"10": [2, 0.7], "3": [1, 0.5], "4": [3, -0.25]})  # sent again, late
    assert [explorer.state["theta"][k] for k in (3, 4, 10)] == [1.0, -0.25, 0.7]
    all_agrees(explorer)


def test_a_move_that_the_page_sends_late_reaches_its_own_parameter():
    explorer = students()
    late = explorer.parameters.chosen.children[0]
    on_page(explorer.diagram, selected=10)
    before = explorer.state["theta"]
    on_page(late, value=0.8125)
    assert explorer.state["theta"] == (0.812, *before[1:])
    all_agrees(explorer)


def test_moves_in_several_threads_wait_for_one_another():
    # a newer kernel answers the page in several threads at once
    explorer = students(epochs=60)
    explorer.train_button.click()

    def hand(n):
        rng = np.random.default_rng(n)
        for _ in range(25):
            match n % 4:
                case 0:
                    explorer.train_button.click()
                case 1:
                    on_page(explorer.film.play, value=int(rng.integers(60)), playing=True)
                case 2:
                    on_page(explorer.parameters.sliders[n], value=float(rng.integers(-4, 4)))
                case 3:
                    on_page(explorer.example, index=int(rng.integers(3)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hand, range(8)))
    assert explorer.film.epochs[-1] == 60  # no training was cut short
    explorer.film.stop()
    all_agrees(explorer)
    on_diagram(explorer, {5: 0.5})
    assert explorer.state["theta"][5] == 0.5
    all_agrees(explorer)


def test_a_network_changed_in_code_is_not_put_back():
    explorer = students()
    explorer.net.theta = np.linspace(-1, 1, 13)
    on_page(explorer.parameters.sliders[2], value=0.5)
    assert explorer.net.theta[[0, 2, 12]].tolist() == [-1, 0.5, 1]
    assert explorer.state["best"] is None  # no hand has found these
    explorer.net.theta[5] = 3.0
    explorer.set()
    assert explorer.state["theta"][5] == 3.0
    all_agrees(explorer)


def test_the_data_are_the_explorers_own():
    X, y = np.array([[1.0], [2.0]]), np.array([[1.0], [2.0]])
    explorer = NetworkExplorer(made(1, 1), X, y)
    before = repr(explorer)
    X[0], y[0] = 9, 9
    explorer.set(selected=0)
    assert repr(explorer) == before


def test_a_new_start_is_never_the_old_one():
    explorer = students(net=made(2, 3, 1, seed=1))
    first = explorer.state["theta"]
    explorer.new_button.click()
    assert explorer.state["theta"] != first


def test_each_example():
    explorer = students()
    for k in (2, 1, 0):
        on_page(explorer.example, index=k)
        assert explorer.state["example"] == k
        all_agrees(explorer)


def test_every_way_through_the_film():
    explorer = students(epochs=30)
    explorer.train_button.click()
    film = explorer.film
    for frame in range(1, 31, 5):
        on_page(film.play, value=frame)
        all_agrees(explorer)
        on_page(film.scrub, index=31 - frame)
        all_agrees(explorer)
    for button in (film.back, film.ahead, explorer.new_button, explorer.train_button, explorer.reset_button):
        button.click()
        all_agrees(explorer)


def test_the_drawer_opens_with_sliders_where_the_parameters_are_and_closes():
    explorer = students()
    explorer.set(theta=np.linspace(-7, 7, 13))
    for _ in range(2):
        on_page(explorer.drawer_buttons["sliders"], value=True)
        assert list(explorer.parameters.drawer.children) == explorer.parameters.sliders
        shown = [slider.value for slider in explorer.parameters.sliders]
        assert shown == pytest.approx(np.linspace(-7, 7, 13), abs=1 / 2048)
        assert [slider.description for slider in explorer.parameters.sliders] == explorer.net.labels()
        on_page(explorer.drawer_buttons["sliders"], value=False)
        assert explorer.parameters.drawer.children == ()
    all_agrees(explorer)


@quick
@given(theta=st.tuples(*[st.floats(-6, 6)] * 13), k=st.integers(0, 2), selected=st.integers(0, 12))
def test_any_weights(shared, theta, k, selected):
    shared.set(theta=theta, example=k, selected=selected)
    all_agrees(shared)


# A slider never changes a trained weight by being shown ---------------------------------------------------


@quick
@given(value=st.floats(-1e6, 1e6))
def test_a_slider_holds_multiples_of_a_power_of_two(value):
    shown = on_slider(value)
    assert (shown * 1024).is_integer()
    assert abs(shown - value) <= 1 / 2048


def test_trained_weights_stay_when_the_page_rounds_and_repeats_what_it_was_shown():
    explorer = students(epochs=300)
    explorer.drawer_buttons["sliders"].value = True
    explorer.train()
    explorer.set(**{"b2[score]": -5.4321})  # and where the sliders' range has grown
    assert explorer.parameters.chosen.children[0].max == 8
    before = explorer.state
    for slider in (explorer.parameters.chosen.children[0], *explorer.parameters.sliders):
        steps = round((slider.value - slider.min) / slider.step)
        assert slider.min + steps * slider.step == slider.value  # the page's rounding
        on_page(slider, value=slider.value)
    on_page(explorer.diagram, moves=explorer.diagram.moves, selected=explorer.diagram.selected)
    assert explorer.state == before


def test_a_hand_on_a_slider_lands_on_three_decimals():
    explorer = students()
    for value, landed in ((379 / 1024, 0.37), (126 / 1024, 0.123), (-1537 / 1024, -1.501), (4.0, 4.0)):
        on_page(explorer.parameters.chosen.children[0], value=value)
        assert explorer.state["theta"][0] == landed
        assert explorer.parameters.chosen.children[0].value == on_slider(landed)


def test_a_move_is_one_message_for_each_widget(monkeypatch):
    explorer = students()
    explorer.drawer_buttons["sliders"].value = True
    sent = []

    def send(widget, message, buffers=None):
        if message["method"] == "update":
            sent.append(widget)

    monkeypatch.setattr(ipywidgets.Widget, "_send", send)
    theta = [1.23456, *explorer.diagram.theta[1:]]
    explorer.set(theta=theta)
    assert len(sent) == len(set(map(id, sent)))
    assert {type(widget).__name__ for widget in sent} == {
        *("Diagram", "Surface", "LossCurve", "Page", "Slider")
    }
    assert len(sent) == 5


# From code ------------------------------------------------------------------------------------------------


def test_set_by_label_theta_and_name():
    explorer = students()
    explorer.set(**{"W1[study, h2]": 1.5, "b2[score]": -1})
    assert (explorer.state["theta"][4], explorer.state["theta"][12]) == (1.5, -1.0)
    all_agrees(explorer)
    explorer.set(theta=range(13), **{"W1[sleep, h1]": -0.125}, selected="b1[h3]", example=np.int64(1))
    assert explorer.state["theta"] == (-0.125, *range(1, 13))
    assert (explorer.state["selected"], explorer.state["example"]) == (8, 1)
    assert explorer.parameters.chosen.children[0].max == 16
    all_agrees(explorer)


LABELS = made(2, 3, 1, input_names=["sleep", "study"], output_names=["score"]).labels()
NO_NAME = (
    "this explorer has no '%s'; set theta, example, selected, epoch, open, neuron, step, question, guess, "
    f"a setting ({', '.join(SETTINGS)}), or a parameter by its name, as in "
    f"set(**{{'W1[sleep, h1]': 0.5}}). The parameters are {', '.join(LABELS)}."
)
FINITE = "every value must be a finite number."
NO_SET = [
    ({"w": 1.0}, ValueError, NO_NAME % "w"),
    ({"best": 0.0}, ValueError, NO_NAME % "best"),
    ({"W1[sleep, h4]": 1.0}, ValueError, NO_NAME % "W1[sleep, h4]" + " Did you mean 'W1[sleep, h3]'?"),
    ({"theta": [1, 2]}, ShapeError, "theta must have shape (13,); got shape (2,)."),
    ({"theta": np.ones((1, 13))}, ShapeError, "theta must have shape (13,); got shape (1, 13)."),
    ({"theta": [0] * 12 + [np.nan]}, ValueError, f"theta[12] is nan; {FINITE}"),
    ({"b2[score]": np.inf}, ValueError, f"b2[score] is inf; {FINITE}"),
    ({"b2[score]": [1.0]}, ShapeError, "b2[score] must be one number; got shape (1,)."),
    (
        {"b2[score]": "much"},
        ValueError,
        f"b2[score] is 'much'; {FINITE} Turn text into numbers, and leave out rows with missing values.",
    ),
    ({"example": 3}, ValueError, "example goes from 0 to 2; got 3."),
    ({"example": -1}, ValueError, "example must be a whole number of 0 or more; got -1."),
    ({"example": "Ada"}, ValueError, "example must be a whole number of 0 or more; got 'Ada'."),
    ({"selected": 13}, ValueError, "selected goes from 0 to 12; got 13."),
    ({"selected": 1.5}, ValueError, "selected must be a whole number of 0 or more; got 1.5."),
    (
        {"selected": "w1[sleep, h1]"},
        ValueError,
        f"'w1[sleep, h1]' is no parameter; choose one of {', '.join(LABELS)}.",
    ),
    (
        {"epoch": 5},
        ValueError,
        "there is no film yet: press Train, or call explorer.train(), first.",
    ),
    (
        {"epoch": 5, "b2[score]": 1},
        ValueError,
        "an epoch brings its own weights and biases; set either the epoch or them.",
    ),
    ({"example": 1, "theta": "text"}, ValueError, None),  # one of two that does not fit
]


@pytest.mark.parametrize(("changes", "error", "message"), NO_SET, ids=[str(c)[:30] for c, *_ in NO_SET])
def test_what_does_not_fit_changes_nothing(shared, changes, error, message):
    explorer = shared
    explorer.set(theta=np.linspace(-1, 1, 13), example=1, selected=3)
    before = explorer.state, repr(explorer), explorer.prediction.png, explorer.net.theta.tolist()
    with pytest.raises(error) if message is None else says(error, message):
        explorer.set(**changes)
    assert (explorer.state, repr(explorer), explorer.prediction.png, explorer.net.theta.tolist()) == before
    all_agrees(explorer)


def test_weights_too_large_to_calculate_with():
    explorer = NetworkExplorer(made(1, 1, activations="linear"), [[3.0]], [[1.0]])
    with pytest.raises(FloatingPointError, match="infinite or undefined: its largest weight or bias"):
        explorer.set(theta=[1e200, 0])
    assert explorer.state == explorer.first
    assert explorer.net.theta.tolist() == list(explorer.first["theta"])


# Nothing is swallowed ---------------------------------------------------------------------------------------


def planted(*_):
    raise RuntimeError("planted")


MOVES = {
    "slider": lambda explorer: on_page(explorer.parameters.chosen.children[0], value=2.0),
    "drawer": lambda explorer: on_page(explorer.parameters.sliders[3], value=2.0),
    "diagram": lambda explorer: on_diagram(explorer, {2: 2.0}),
    "line": lambda explorer: on_page(explorer.diagram, selected=4),
    "example": lambda explorer: on_page(explorer.example, index=2),
    "play": lambda explorer: on_page(explorer.film.play, value=2),
    "scrub": lambda explorer: on_page(explorer.film.scrub, index=2),
}
BUTTONS = {
    "back": lambda explorer: explorer.film.back,
    "train": lambda explorer: explorer.train_button,
    "new": lambda explorer: explorer.new_button,
    "reset": lambda explorer: explorer.reset_button,
}


@pytest.fixture
def filmed():
    explorer = students(epochs=10)
    explorer.drawer_buttons["sliders"].value = True
    explorer.train()
    return explorer


@pytest.mark.parametrize("method", ["numbers", "draw", "words"])
def test_an_error_after_a_move_is_raised_or_shown_and_the_controls_return(filmed, method, monkeypatch):
    before, words = filmed.state, repr(filmed)
    for name, move in MOVES.items():
        on_page(filmed.film.play, playing=True)
        with monkeypatch.context() as patch:
            patch.setattr(filmed, method, planted)
            with pytest.raises(RuntimeError, match="planted"):
                move(filmed)
            on_page(filmed.film.play, playing=True)
            patch.setattr(Explorer, "strict", False)
            move(filmed)
        assert filmed.page.message == "RuntimeError: planted", name
        assert repr(filmed) == f"RuntimeError: planted\n{words}", name
        assert filmed.state == before, name
        values = [slider.value for slider in filmed.parameters.sliders]
        assert values == pytest.approx(before["theta"], abs=1 / 2048), name
        assert tuple(filmed.diagram.theta) == tuple(filmed.net.theta) == before["theta"], name
        assert filmed.diagram.selected == before["selected"], name
        assert (filmed.example.value, filmed.film.scrub.value, filmed.film.play.value) == (0, 10, 10), name
        filmed.set(example=1)
        filmed.set(example=0)
        all_agrees(filmed)


@pytest.mark.parametrize("method", ["numbers", "draw", "words"])
@pytest.mark.parametrize("button", BUTTONS.values(), ids=BUTTONS)
def test_an_error_after_a_button_is_shown_and_fails_tests(filmed, button, method, monkeypatch, caplog):
    before, words = filmed.state, repr(filmed)
    with monkeypatch.context() as patch:
        patch.setattr(filmed, method, planted)
        button(filmed).click()
    assert "Exception in callback" in caplog.text  # the fixture would fail this test
    caplog.clear()
    assert repr(filmed) == f"RuntimeError: planted\n{words}"
    assert filmed.state == before
    filmed.reset_button.click()
    all_agrees(filmed)


# Without a kernel, and names that a page must not read as its own -----------------------------------------


def test_what_is_shown_without_a_kernel():
    explorer = students()
    data = explorer._repr_mimebundle_()
    assert data["text/plain"] == repr(explorer)
    (image,) = Images(data["text/html"]).found
    assert image["alt"] == repr(explorer)
    assert image["width"] == str(520 + 8 + 300)
    assert pixels(base64.b64decode(image["src"].split(",")[1])).width == 2 * (520 + 8 + 300)


def test_odd_names_are_shown_as_they_are():
    net = made(2, 2, 1, input_names=[ODD, "in $"], output_names=["$x_$ <i>"])
    explorer = NetworkExplorer(net, [[1, 2], [3, 5]], [[1.0], [0.0]], units=["<u>", "$", ODD], row_name="<p>")
    html = explorer._repr_mimebundle_()["text/html"]
    page = Images(html)
    assert page.others == []
    assert page.found[0]["alt"] == repr(explorer)
    assert repr(explorer).startswith(f"<p> 1 of 2 ({ODD} 1 <u>, in $ 2 $): predicted")
    for tag in ("<b>", "<i>", "<u>", "<p>"):
        assert tag not in html
        assert tag not in explorer.diagram.svg


# Other networks ---------------------------------------------------------------------------------------------

RNG = np.random.default_rng(0)
SCALERS = {
    "max": lambda table: MaxScaler().fit(table),
    "standard": lambda table: StandardScaler().fit(table),
    "none": lambda table: None,
}
NETWORKS = [
    ((1, 1), "linear", "none", 6),
    ((1, 1), "sigmoid", "none", 6),
    ((2, 1), "linear", "standard", 6),
    ((2, 1), "step", "none", 6),
    ((1, 1, 1), "tanh", "none", 1),
    ((3, 2, 1), "relu", "max", 6),
    ((2, 3, 2), "sigmoid", "max", 4),
    ((2, 4, 1), ["relu", "linear"], "standard", 200),
    ((4, 3, 1), ["tanh", "linear"], "none", 200),
    ((2, 3, 2, 1), ["relu", "tanh", "sigmoid"], "max", 3),
]


@pytest.mark.parametrize(("sizes", "activations", "scaling", "rows"), NETWORKS)
def test_other_networks(sizes, activations, scaling, rows):
    table, targets = RNG.uniform(1, 9, (rows, sizes[0])), RNG.uniform(0, 1, (rows, sizes[-1]))
    scaler = SCALERS[scaling](table)
    net = made(*sizes, activations=activations)
    epochs = 20
    explorer = NetworkExplorer(net, table, targets, x_scaler=scaler, epochs=epochs, optimizer=SGD(0.01))
    limit = explorer.parameters.limit

    def agrees():
        inputs = table if scaler is None else scaler.transform(table)
        y_hat = plain_forward(net, inputs)
        numbers, k = explorer.numbers(explorer.state), explorer.state["example"]
        assert numbers["predictions"] == pytest.approx(y_hat[:, 0], rel=1e-10, abs=1e-12)
        assert numbers["row"] == pytest.approx(y_hat[k], rel=1e-10, abs=1e-12)
        assert numbers["loss"] == pytest.approx(((y_hat - targets) ** 2).mean(), rel=1e-10)
        assert numbers["off"] == pytest.approx(np.abs(y_hat - targets)[:, 0].mean(), rel=1e-10)
        assert f"Row {k + 1} of {rows}" in repr(explorer)
        assert is_drawn(explorer.prediction)
        assert is_drawn(explorer.loss_curve)
        assert "nan" not in repr(explorer)

    agrees()
    for k in range(net.theta.size):
        for value in (-limit, limit):
            explorer._moved(k, value)
        explorer._moved(k, 0.5)
    agrees()
    on_page(explorer.example, index=rows - 1)
    agrees()
    explorer.reset()
    if "step" in activations:
        explorer.train_button.click()  # its slope is zero: it stays, and says nothing wrong
    else:
        explorer.train()
        assert explorer.film.epochs[-1] == epochs
    agrees()
    width, height = explorer.picture().size
    assert width == 2 * (520 + 8 + 300)
    assert height >= 2 * 320


@pytest.mark.parametrize(
    ("X", "y"),
    [([[0, 1], [0, 2]], [[1], [2]]), ([[-3, -1]], [[0]]), ([[0, 0]], [[-5]])],
    ids=["a column of zeros", "one negative row", "nothing but zeros"],
)
def test_data_without_extent_is_drawn_all_the_same(X, y):
    explorer = NetworkExplorer(made(2, 1, activations="linear"), X, y)
    assert is_drawn(explorer.prediction)


def test_activations_of_ones_own():
    from nnlib.activations import Tanh

    class Wave(Tanh):
        name = "wave"

    net = made(2, 1)
    net.layers[0].activation = Wave()
    explorer = NetworkExplorer(net, [[1.0, 0.0]], [[0.5]])
    explorer.set(theta=[0.5, 0, 0])
    assert explorer.numbers(explorer.state)["a"][0] == pytest.approx(np.tanh(0.5))


def everything_shown(explorer):
    found = [explorer]
    for widget in found:
        found += getattr(widget, "children", ())
    return found


@pytest.mark.parametrize(
    ("show", "there"),
    [
        (["diagram"], {"diagram"}),
        (["surface", "loss"], {"prediction", "loss_curve"}),
        (["film"], {"train_button"}),
        (["sliders"], set()),
        ("loss", {"loss_curve"}),
        ([], set()),
    ],
)
def test_only_what_is_asked_for_is_shown(show, there):
    explorer = students(show=show, epochs=5)
    shown = everything_shown(explorer)
    for name in ("diagram", "prediction", "loss_curve", "train_button"):
        assert (getattr(explorer, name) in shown) == (name in there), name
    assert (explorer.drawer_buttons["sliders"] in shown) == ("sliders" in show)
    explorer.set(**{"b2[score]": 1.0}, example=1)
    assert "Student 2 of 3" in repr(explorer)
    data = explorer._repr_mimebundle_()
    assert ("text/html" in data) == bool(there - {"train_button"})


MISTAKES = [
    (
        {"show": ["diagramm"]},
        "'diagramm' is no view that nnlib knows; choose one of diagram, surface, loss, film, zoom, sliders, "
        "arithmetic, slopes, settings. Did you mean 'diagram'?",
    ),
    (
        {"units": ["hours"]},
        "units must be a list of 3, one for each input and output; got ['hours'].",
    ),
    ({"units": "abc"}, "units must be a list of 3, one for each input and output; got 'abc'."),
    ({"units": None}, "units must be a list of 3, one for each input and output; got None."),
    ({"epochs": 0}, "epochs must be a whole number of 1 or more; got 0."),
    (
        {"x_scaler": MaxScaler()},
        "this MaxScaler has seen no rows yet: call fit with the training rows first.",
    ),
    ({"loss": "msee"}, None),
    ({"optimizer": "sdg"}, None),
    ({"net": made(3, 1)}, "X has 2 columns, but the network needs 3."),
]


@pytest.mark.parametrize(("settings", "message"), MISTAKES, ids=[str(s)[:20] for s, _ in MISTAKES])
def test_settings_that_do_not_fit(settings, message):
    with pytest.raises(ValueError, match="Did you mean") if message is None else says(ValueError, message):
        students(**settings)


def test_a_network_with_an_infinite_loss():
    net = made(1, 1, activations="linear")
    net.theta = [1e200, 0]
    with pytest.raises(FloatingPointError, match="the network's loss is infinite or undefined"):
        NetworkExplorer(net, [[3.0]], [[1.0]])


def test_two_explorers_on_one_network_each_keep_their_own_state():
    one = students()
    two = students(net=one.net)
    on_page(one.parameters.chosen.children[0], value=2.0)
    assert one.net.theta[0] == 2
    assert two.state == two.first
    on_page(two.parameters.chosen.children[0], value=-3.0)
    assert one.net.theta[0] == -3
    assert one.state["theta"][0] == 2
    all_agrees(two)
    one.set(example=1)  # the last one moved is the one that the network follows
    all_agrees(one)


# No remains -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("show", [["diagram", "surface", "loss", "film", "sliders"], ["diagram"]])
def test_a_closed_explorer_is_gone(show):
    before = set(_instances)
    explorer = students(show=show, epochs=5)
    explorer.train()
    gone = weakref.ref(explorer)
    explorer.close()
    assert set(_instances) == before
    del explorer
    gc.collect()
    assert gone() is None


def test_a_neuron_is_found_by_a_name_with_capitals():
    net = made(1, 2, 2, output_names=["A", "B"])
    explorer = NetworkExplorer(net, [[1], [2]], [[1, 2], [2, 3]])
    explorer.set(neuron="B")
    assert explorer.state["neuron"] == 3
