"""The learner's functions: what they give is drawn, their difference named, their failures told in words."""

import re

import numpy as np
import pytest
from explorers import is_drawn, looked_at, made, on_page, students
from support import plain_forward, says

from nnlib import SGD
from nnlib.explore import NetworkExplorer

pytestmark = pytest.mark.usefixtures("strict")

RNG = np.random.default_rng(3)
TABLE, TARGETS = RNG.uniform(1, 9, (4, 3)), RNG.uniform(0, 1, (4, 1))


def explorer_of(n_in=2, **settings):
    """An explorer with so many inputs: its picture is a curve, a surface, or dots."""
    given = {"epochs": 10, "optimizer": SGD(0.5)}
    return NetworkExplorer(made(n_in, 3, 1), TABLE[:, :n_in], TARGETS, **(given | settings))


@pytest.fixture(scope="module")
def plain_ones():
    """By their number of inputs, explorers with nnlib's own functions, which no test moves elsewhere."""
    explorers = {n_in: explorer_of(n_in) for n_in in (1, 2, 3)}
    yield explorers
    for explorer in explorers.values():
        explorer.close()


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def forward(X, W1, b1, W2, b2):
    return sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2)


def mean_square(y_hat, y):
    return ((y_hat - y) ** 2).mean()


def in_loops(z):
    return [[1 / (1 + np.exp(-value)) for value in row] for row in z]


def careless(X, W1, b1, W2, b2):
    y_hat = forward(X, W1, b1, W2, b2)
    for part in (X, W1, b1, W2, b2):
        part[...] = 7
    return y_hat


def in_place(z):
    np.negative(z, out=z)
    np.exp(z, out=z)
    z += 1
    return np.reciprocal(z, out=z)


def talkative(z):
    print("z is", z.shape)
    return sigmoid(z)


RIGHT = {
    "activation": {"my_activation": sigmoid},
    "forward": {"my_forward": forward},
    "loss": {"my_loss": mean_square},
    "activation and loss": {"my_activation": sigmoid, "my_loss": mean_square},
    "a list": {"my_activation": in_loops},
    "changes what it is given": {"my_forward": careless},
    "works in place": {"my_activation": in_place},
    "prints": {"my_activation": talkative},
}


EVERYWHERE = [(name, n_in) for name in ("activation", "forward", "loss") for n_in in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "n_in"),
    [
        *EVERYWHERE,
        ("activation and loss", 2),
        ("a list", 1),
        ("changes what it is given", 2),
        ("works in place", 2),
        ("prints", 3),
    ],
)
def test_a_right_function_agrees_and_shows_what_nnlib_shows(name, n_in):
    own = RIGHT[name]
    explorer, plain = explorer_of(n_in, **own), explorer_of(n_in)
    names = " and ".join(function.__name__ for function in own.values())
    for change in ({}, {"b1[h2]": 2.0}, {"example": 3}, {"neuron": "h1"}, {"neuron": -1}):
        for each in (explorer, plain):
            each.set(**change)
        words = explorer.page.words.splitlines()
        assert words.pop(2) == f"Your {names} {'agree' if len(own) > 1 else 'agrees'} with nnlib's."
        assert words == plain.page.words.splitlines()
        assert explorer.diagram.texts == plain.diagram.texts
        assert explorer.diagram.fills == pytest.approx(plain.diagram.fills, rel=1e-12)
        assert explorer.prediction.alt == plain.prediction.alt
        assert is_drawn(explorer.prediction)
    assert tuple(explorer.net.theta) == explorer.state["theta"] == plain.state["theta"]
    assert explorer.page.message == ""


def wrong_sign(z):
    return 1 / (1 + np.exp(z))


def without_bias(X, W1, b1, W2, b2):
    return sigmoid(sigmoid(X @ W1) @ W2)


def in_real_units(X, W1, b1, W2, b2):
    return 100 * forward(X, W1, b1, W2, b2)


WRONG = {
    "wrong sign": (
        {"my_activation": wrong_sign},
        lambda X, W1, b1, W2, b2: 100 * sigmoid((1 - sigmoid(X @ W1 + b1)) @ W2 + b2),
    ),
    "forgotten bias": (
        {"my_forward": without_bias},
        lambda X, W1, b1, W2, b2: 100 * sigmoid(sigmoid(X @ W1) @ W2),
    ),
    "missing scaling": (
        {"my_forward": in_real_units},
        lambda X, W1, b1, W2, b2: 10_000 * sigmoid(sigmoid(X @ W1 + b1) @ W2 + b2),
    ),
}


@pytest.mark.parametrize(("own", "rule"), WRONG.values(), ids=WRONG)
def test_a_wrong_function_is_drawn_and_its_largest_difference_named(own, rule):
    explorer = students(**own)
    explorer.set(theta=np.linspace(-2, 3, 13))
    X = np.array([[0.3, 1.0], [0.5, 0.2], [1.0, 0.4]])
    parts = [part for layer in explorer.net.layers for part in (layer.W, layer.b)]
    theirs, nnlibs = rule(X, *parts)[:, 0], 100 * plain_forward(explorer.net, X)[:, 0]
    gaps = abs(theirs - nnlibs)
    k = gaps.argmax()
    (line,) = [line for line in repr(explorer).splitlines() if line.startswith("Your ")]
    ((_, function),) = own.items()
    said = re.fullmatch(
        rf"Your {function.__name__} differs from nnlib's: for student {k + 1} it gives (\S+), nnlib (\S+); "
        r"the gap is (\S+) points\.",
        line,
    )
    assert [float(number) for number in said.groups()] == pytest.approx(
        [theirs[k], nnlibs[k], gaps[k]], rel=6e-3
    )
    shown = f"{theirs[0]:.{1 if theirs[0] < 1000 else 0}f}"
    assert f"predicted {shown}, true score 75 points." in repr(explorer)
    assert explorer.diagram.texts[-3] == f"→ {shown}"
    loss = ((theirs / 100 - np.array([0.75, 0.82, 0.93])) ** 2).mean()
    assert float(re.search(r" Loss ([\d.]+)[.;] ", repr(explorer))[1]) == pytest.approx(loss, rel=6e-3)
    for n in (0, 3000, 6911):  # of the picture's coarse blocks
        row, column = n // 96 // 4 * 4 + 2, n % 96 // 4 * 4 + 2
        point = explorer.prediction.grid[96 * row + column] / [10, 5]
        surface = explorer.numbers(explorer.state)["surface"]
        assert surface[n] == pytest.approx(rule(point[None], *parts).item(), rel=1e-10)


def test_a_tiny_difference_is_told_with_digits_that_count():
    explorer = students(my_activation=lambda z: sigmoid(z) + 1e-7)
    assert "the gap is 0.00 points" not in repr(explorer)
    assert "10⁻⁶ points." in repr(explorer)


def test_nnlibs_curve_and_dots_stand_in_grey_behind_the_learners():
    curve = looked_at(explorer_of(1, my_activation=wrong_sign)).prediction
    plain = looked_at(explorer_of(1)).prediction
    np.testing.assert_allclose(curve.reference.get_ydata(), plain.curve.get_ydata(), rtol=1e-12)
    assert abs(curve.curve.get_ydata() - plain.curve.get_ydata()).max() > 0.01
    dots = looked_at(explorer_of(3, my_activation=wrong_sign)).prediction
    plain = looked_at(explorer_of(3)).prediction
    np.testing.assert_allclose(dots.reference.get_ydata(), plain.dots.get_ydata())
    assert abs(dots.dots.get_ydata() - dots.reference.get_ydata()).max() > 0.01


def test_a_loss_of_ones_own_is_shown_beside_nnlibs_and_so_is_the_best_by_hand():
    explorer = students(my_loss=lambda y_hat, y: np.abs(y_hat - y).mean())
    off = [explorer.numbers(explorer.state)["off"] / 100]
    assert f" Loss {off[0]:.3g}. " in repr(explorer)
    assert f" differs from nnlib's: it gives {off[0]:.3g}, nnlib 0.0567." in repr(explorer)
    for value in (0.5, 3.0):
        explorer.set(**{"b2[score]": value})
        off.append(explorer.numbers(explorer.state)["off"] / 100)
    assert f" Loss {off[2]:.3g}; best by hand {min(off[1:]):.3g}. " in repr(explorer)
    assert explorer.loss_curve.alt == f"Loss {off[2]:.3g} at epoch 0."


def test_the_zoom_on_a_neuron_is_by_the_learners_activation():
    explorer = explorer_of(2, my_activation=np.tanh)
    explorer.set(neuron="h1")
    sums = TABLE[:, :2] @ explorer.net.layers[0].W[:, 0] + explorer.net.layers[0].b[0]
    numbers = explorer.numbers(explorer.state)["zoom"]
    np.testing.assert_allclose(numbers["a"], np.tanh(sums))
    np.testing.assert_allclose(numbers["curve"], np.tanh(numbers["grid"]))
    np.testing.assert_allclose(numbers["reference"], sigmoid(numbers["grid"]))
    assert numbers["slope"] == pytest.approx(1 - np.tanh(sums[0]) ** 2, abs=1e-8)
    assert is_drawn(explorer.neuron_curve)


def test_the_zoom_on_a_neuron_behind_the_learners_activation_holds_its_sums():
    explorer = explorer_of(2, my_activation=lambda z: 50 * np.tanh(z))
    explorer.set(neuron="y", **{label: 1.0 for label in explorer.net.labels() if label.startswith("W2")})
    zoom = explorer.numbers(explorer.state)["zoom"]
    assert zoom["grid"][0] <= zoom["z"].min() <= zoom["z"].max() <= zoom["grid"][-1]
    assert np.abs(zoom["z"]).max() > 6
    np.testing.assert_allclose(zoom["curve"], explorer.net.layers[1].activation(zoom["grid"]))


# Functions that fail --------------------------------------------------------------------------------------


def stops(z):
    return 1 / 0


def missing_name(z):
    return sigmoit(z)  # noqa: F821


def shouts(z):
    raise ValueError('<b>&"\nno')


def of_text(z):
    return "0.5"


def not_a_number(z):
    return z * np.nan


def infinite(z):
    return np.exp(800 + z)


def complex_numbers(z):
    return z + 1j


FAILING = {
    "raises": (stops, "stopped with ZeroDivisionError: division by zero"),
    "misspelt": (missing_name, "stopped with NameError: name 'sigmoit' is not defined"),
    "raises markup": (shouts, 'stopped with ValueError: <b>&"\nno'),
    "None": (lambda z: None, "returned nothing: end it with return a"),
    "text": (of_text, "returned str '0.5', but a is wanted as an array of shape (4, 3)"),
    "bool": (
        lambda z: z > 0,
        "returned an array of bool, but a is wanted as an array of shape (4, 3): try .astype(float)",
    ),
    "complex": (
        complex_numbers,
        "returned an array of complex128, but a is wanted as an array of shape (4, 3)",
    ),
    "NaN": (not_a_number, "returned nan, which is no finite number"),
    "infinite": (infinite, "returned inf, which is no finite number"),
    "one number": (lambda z: 0.5, "returned an array of shape (), not an array of shape (4, 3)"),
    "flat": (
        lambda z: z.ravel(),
        "returned an array of shape (12,), not an array of shape (4, 3): try .reshape(-1, 3)",
    ),
    "rows of unequal length": (
        lambda z: [[1], [2, 3]],
        "returned list [[1], [2, 3]], but a is wanted as an array of shape (4, 3)",
    ),
    "itself": (lambda z: sigmoid, None),
    "a generator": (lambda z: (value for value in z), None),
    "a dictionary": (
        lambda z: {"a": 1},
        "returned dict {'a': 1}, but a is wanted as an array of shape (4, 3)",
    ),
    "without an argument": (lambda: 0.5, None),
}


def stands_as_nnlib_has_it(explorer, plain):
    assert explorer.page.words == plain.page.words
    assert explorer.prediction.alt == plain.prediction.alt
    assert explorer.prediction.png == plain.prediction.png
    assert explorer.diagram.texts == plain.diagram.texts
    assert explorer.page.message.endswith(". What you see is nnlib's own.")
    said = repr(explorer).replace(", by nnlib's rules:", ":")
    assert said == f"{explorer.page.message}\n{plain!r}"
    assert is_drawn(explorer.prediction)


@pytest.mark.parametrize(
    ("name", "n_in"), [("raises", 1), ("raises", 2), *((name, 3) for name in FAILING)], ids=str
)
def test_a_failing_activation_is_answered_in_words_over_nnlibs_own_picture(name, n_in, plain_ones):
    function, failure = FAILING[name]
    explorer = explorer_of(n_in, my_activation=function)
    if failure:
        assert explorer.page.message == f"Your {function.__name__} {failure}. What you see is nnlib's own."
    assert "\n" not in explorer.page.message or function is shouts
    stands_as_nnlib_has_it(explorer, plain_ones[n_in])
    assert "<b>" not in explorer._repr_mimebundle_()["text/html"]


def test_a_failing_function_fails_quietly_at_every_move_switch_and_frame():
    explorer, plain = explorer_of(2, my_activation=stops), explorer_of(2)
    for each in (explorer, plain):
        each.train_button.click()
    for frame in (1, 7, 10):
        for each in (explorer, plain):
            on_page(each.film.play, value=frame)
        stands_as_nnlib_has_it(explorer, plain)
    for change in (
        {"neuron": "h2"},
        {"open": "arithmetic"},
        {"open": "slopes"},
        {"hidden": 2},
        {"hidden": 0},
        {"layers": 2},
        {"scale_X": "maximum"},
        {"b1[y]": 0.5},
    ):
        for each in (explorer, plain):
            each.set(**change)
        stands_as_nnlib_has_it(explorer, plain)
    for each in (explorer, plain):
        each.reset_button.click()
    stands_as_nnlib_has_it(explorer, plain)


def test_a_function_that_fails_for_some_weights_is_shown_for_the_others():
    def sometimes(z):
        if z.max() > 8:
            raise OverflowError("too much")
        return sigmoid(z)

    explorer = explorer_of(2, my_activation=sometimes)
    explorer.set(theta=np.zeros(13))
    assert (explorer.page.message, "sometimes agrees" in repr(explorer)) == ("", True)
    explorer.set(**{"b1[h1]": 9.0})
    assert explorer.page.message == (
        "Your sometimes stopped with OverflowError: too much. What you see is nnlib's own."
    )
    assert "agrees" not in repr(explorer)
    explorer.set(**{"b1[h1]": 1.0})
    assert (explorer.page.message, "sometimes agrees" in repr(explorer)) == ("", True)


def test_a_forward_pass_that_forgets_the_column_is_told_how_to_make_one():
    def flat(X, W1, b1, W2, b2):
        return forward(X, W1, b1, W2, b2).ravel()

    assert explorer_of(2, my_forward=flat).page.message == (
        "Your flat returned an array of shape (4,), not an array of shape (4, 1): try .reshape(-1, 1). "
        "What you see is nnlib's own."
    )

    def mended(X, W1, b1, W2, b2):
        return forward(X, W1, b1, W2, b2).ravel().reshape(-1, 1)

    assert "Your mended agrees with nnlib's." in repr(explorer_of(2, my_forward=mended))


def test_a_forward_pass_for_these_rows_only_cannot_draw_the_surface():
    def for_four_rows(X, W1, b1, W2, b2):
        return forward(X, W1, b1, W2, b2).reshape(4, 1)

    explorer = explorer_of(2, my_forward=for_four_rows)
    assert explorer.page.message.startswith(
        "Your for_four_rows stopped with ValueError: cannot reshape array"
    )
    assert is_drawn(explorer.prediction)
    assert "agrees" in repr(explorer_of(3, my_forward=for_four_rows))  # where there is no surface, it does


def test_a_forward_pass_for_another_number_of_layers_is_answered_and_returns_with_them():
    explorer = explorer_of(2, my_forward=forward)
    explorer.set(layers=2)
    assert explorer.page.message.startswith(
        "Your forward stopped with TypeError: forward() takes 5 positional"
    )
    explorer.set(layers=1)
    assert explorer.page.message == ""
    assert "Your forward agrees with nnlib's." in repr(explorer)


@pytest.mark.parametrize(
    ("function", "failure"),
    [
        (lambda y_hat, y: None, "returned nothing: end it with return the loss"),
        (
            lambda y_hat, y: (y_hat - y) ** 2,
            "returned an array of shape (4, 1), not one number",
        ),
        (
            lambda y_hat, y: ((y_hat - y) ** 2).mean(axis=0),
            "returned an array of shape (1,), not one number: try .item()",
        ),
        (lambda y_hat, y: y_hat.mean() < y.mean(), None),
        (lambda y_hat, y: np.log(0 * y_hat).mean(), "returned -inf, which is no finite number"),
        (lambda y_hat: 0.0, None),
    ],
    ids=["None", "a table", "a list of one", "bool", "infinite", "one argument"],
)
def test_a_failing_loss_is_answered_in_words(function, failure, plain_ones):
    explorer, plain = explorer_of(3, my_loss=function), plain_ones[3]
    if failure:
        assert explorer.page.message == f"Your <lambda> {failure}. What you see is nnlib's own."
    stands_as_nnlib_has_it(explorer, plain)
    explorer.set(**{"b1[h1]": 1.0})  # and the best by hand is nnlib's too
    assert f"; best by hand {plain.model.loss_at(explorer.state['theta']):.3g}. " in repr(explorer)


def test_what_a_function_prints_is_the_learners_and_harms_nothing(capsys):
    explorer_of(3, my_activation=talkative)
    assert "z is (4, 3)" in capsys.readouterr().out


def test_training_is_nnlibs_whatever_the_learners_functions_do():
    explorer, plain = explorer_of(2, my_forward=without_bias), explorer_of(2)
    for each in (explorer, plain):
        each.train()
    assert explorer.film.frames == plain.film.frames


@pytest.mark.parametrize(
    ("own", "message"),
    [
        (
            {"my_activation": 0.5},
            "my_activation must be a function of yours, without brackets; got 0.5.",
        ),
        (
            {"my_loss": "mse"},
            "my_loss must be a function of yours, without brackets; got 'mse'.",
        ),
        (
            {"my_forward": forward, "my_activation": sigmoid},
            "give my_forward or my_activation, not both: your forward has its own.",
        ),
    ],
)
def test_what_is_no_function_is_refused(own, message):
    with says(ValueError, message):
        students(**own)
