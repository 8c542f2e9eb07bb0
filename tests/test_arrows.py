"""The arrows: their numbers against plain arithmetic, every control swept, bad input told in words."""

import math

import numpy as np
import pytest
from explorers import is_drawn, looked_at, on_page, pixels
from matplotlib.colors import to_rgb
from support import says

from nnlib.exercises import lesson01
from nnlib.explore import ArrowExplorer
from nnlib.explore.parts.arrow_picture import LIMITS, LONGEST, arrow_outline
from nnlib.style import NEGATIVE, ORANGE, POSITIVE, REFERENCE

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture
def explorer():
    return ArrowExplorer()


def plain(a, b):
    """Dot product, cosine, angle and reach of a along b, number by number."""
    dot = a[0] * b[0] + a[1] * b[1]
    one, other = math.hypot(*a), math.hypot(*b)
    cosine = dot / one / other
    return dot, cosine, math.degrees(math.acos(max(-1, min(1, cosine)))), dot / other


def has(explorer, colour):
    picture = np.asarray(pixels(explorer.arrows.png))
    # a few pixels where two other colours meet may have it too
    return bool((picture == [round(255 * part) for part in to_rgb(colour)]).all(axis=-1).sum() > 500)


def test_it_opens_with_the_two_arrows_that_point_the_same_way(explorer):
    assert repr(explorer) == (
        "a = (5, 1), b = (10, 2). They point the same way.\n"
        "a · b = 5 × 10 + 1 × 2 = 52\n"
        "length of a = 5.10\n"
        "length of b = 10.20\n"
        "cosine = 52 ÷ (5.10 × 10.20) = 1.00\n"
        "angle between = 0.0°\n"
        "a reaches along b = 5.10"
    )
    assert explorer.page.words == "a = (5, 1), b = (10, 2). They point the same way."
    assert explorer.lines.lines == repr(explorer).split("\n")[1:]


@pytest.mark.parametrize("a", [(5, 1), (-2, 10), (-3, 4.5), (0, -7), (1e-6, 1e-6), (0.3, -0.4)])
@pytest.mark.parametrize("b", [(10, 2), (-10, -2), (0, 0.5), (24, 0)])
def test_numbers_are_those_of_plain_arithmetic(explorer, a, b):
    explorer.set(a=a, b=b)
    numbers = explorer.numbers(explorer.state)
    dot, cosine, angle, reach = plain(a, b)
    np.testing.assert_allclose([*numbers["a"], *numbers["b"]], [*a, *b], atol=1e-11)
    assert numbers["dot"] == pytest.approx(dot, abs=1e-9)
    assert numbers["cosine"] == pytest.approx(cosine, abs=1e-5)
    assert numbers["angle"] == pytest.approx(angle, abs=1e-3)
    assert numbers["projection"] == pytest.approx(reach, abs=1e-9)
    assert is_drawn(explorer.arrows)


def test_doubling_a_length_doubles_the_dot_product_and_leaves_the_cosine(explorer):
    explorer.set(b=(3, -4))
    before = explorer.numbers(explorer.state)
    explorer.set(length_a=2 * explorer.state["length_a"])
    after = explorer.numbers(explorer.state)
    assert after["dot"] == pytest.approx(2 * before["dot"])
    assert after["cosine"] == pytest.approx(before["cosine"])


def test_every_control_from_end_to_end(explorer):
    for length in np.linspace(0, LONGEST, 6):
        for angle in np.linspace(-180, 180, 9):
            explorer.set(length_a=length, angle_a=angle)
            explorer.set(length_b=LONGEST - length, angle_b=-angle)
            numbers = explorer.numbers(explorer.state)
            longest = max(length, LONGEST - length)
            assert explorer.arrows.limit == min(limit for limit in LIMITS if limit >= longest)
            assert is_drawn(explorer.arrows)
            if 0 < length < LONGEST:
                assert -1 - 1e-12 <= numbers["cosine"] <= 1 + 1e-12
                assert numbers["angle"] == pytest.approx(180 - abs(abs(2 * angle) - 180), abs=1e-9)


def test_turning_an_arrow_moves_no_axis(explorer):
    still = looked_at(explorer).arrows._still
    for angle in range(-180, 181, 30):
        explorer.set(angle_a=angle)
        assert explorer.arrows._still is still


def test_hands_move_it_and_reset_brings_it_back(explorer):
    first = repr(explorer)
    sliders = {slider.description: slider for slider, _, _ in explorer._controls}
    on_page(sliders["angle of a, °"], value=90.0)
    on_page(sliders["length of a"], value=2.0)
    assert "a = (0, 2)" in repr(explorer)
    assert explorer.fields["a", "y"].value == 2.0
    on_page(explorer.fields["b", "x"], value=-3.5)
    assert "b = (−3.5, 2)" in repr(explorer)
    assert sliders["length of b"].value == pytest.approx(math.hypot(3.5, 2), abs=1e-3)
    explorer.reset()
    assert repr(explorer) == first


def test_a_typed_coordinate_keeps_the_other_one_exactly(explorer):
    explorer.set(length_a=5.0, angle_a=45.0)
    on_page(explorer.fields["a", "x"], value=1.0)
    x, y = explorer.numbers(explorer.state)["a"]
    assert (x, y) == pytest.approx((1, 5 / math.sqrt(2)), abs=1e-11)  # the field shows 3.54


def test_at_a_right_angle_and_beyond(explorer):
    explorer.set(a=(-2, 10))
    assert "They stand at a right angle: the dot product is 0." in repr(explorer)
    explorer.set(a=(-5, -1))
    assert "They point in opposite directions." in repr(explorer)
    assert "cosine = −52 ÷ (5.10 × 10.20) = −1.00" in repr(explorer)
    assert has(explorer, NEGATIVE)
    assert not has(explorer, POSITIVE)
    explorer.set(a=(5, 3))
    assert "They point partly the same way, 19.7° apart." in repr(explorer)
    assert has(explorer, POSITIVE)
    assert not has(explorer, NEGATIVE)


@pytest.mark.parametrize(("name", "zero"), [("a", "a"), ("b", "b")])
def test_without_a_length_there_is_no_cosine_and_that_is_said(explorer, name, zero):
    angle = explorer.state[f"angle_{name}"]
    explorer.set(**{name: (0, 0)})
    words = repr(explorer)
    assert f"{zero} has no length: it points nowhere, the dot product is 0, and there is no cosine." in words
    assert "cosine: none" in words
    assert "nan" not in words
    assert explorer.state[f"angle_{name}"] == angle  # grown again, it points where it did
    assert is_drawn(explorer.arrows)


def test_for_a_first_look_there_is_the_dot_product_alone():
    explorer = ArrowExplorer(angles=False)
    assert repr(explorer) == "a = (5, 1), b = (10, 2).\na · b = 5 × 10 + 1 × 2 = 52"
    assert not has(explorer, POSITIVE)
    assert has(explorer, ORANGE)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": (20, 20)}, "an arrow is from 0 to 25 long here; a would be 28.28. Type smaller coordinates."),
        ({"length_b": -1}, "an arrow is from 0 to 25 long here; b would be −1.00. Type smaller coordinates."),
        ({"angle_a": 200}, "an angle goes from −180 to 180 degrees; angle_a would be 200.0."),
        ({"a": (1, 2, 3)}, "a must have shape (2,); got shape (3,)."),
        ({"c": 1}, "this explorer has no 'c'; set one of length_a, angle_a, length_b, angle_b."),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(explorer, change, message):
    before = repr(explorer)
    with says(ValueError, message):
        explorer.set(**change)
    assert repr(explorer) == before


def test_a_typed_coordinate_that_is_too_large_goes_back(explorer, monkeypatch):
    monkeypatch.setattr(ArrowExplorer, "strict", False)
    on_page(explorer.fields["a", "y"], value=25.0)
    assert explorer.page.message.startswith("ValueError: an arrow is from 0 to 25 long here")
    assert explorer.fields["a", "y"].value == 1.0
    on_page(explorer.fields["a", "y"], value=2.0)
    assert explorer.page.message == ""


def test_a_learners_functions_are_drawn_and_their_difference_named():
    explorer = ArrowExplorer(my_dot=lambda x, w: x[1] * w[1], my_cosine=lambda a, b: 0.5)
    words = repr(explorer)
    assert "Your <lambda> differs" not in words
    assert "Your dot differs from nnlib's: it gives 2.00, nnlib 52.00." in words
    assert "Your cosine differs from nnlib's: it gives 0.50, nnlib 1.00." in words
    assert "your dot = 2.00" in words
    assert "a · b = 5 × 10 + 1 × 2 = 52" in words
    assert explorer.numbers(explorer.state)["projection"] == pytest.approx(2 / math.hypot(10, 2))
    softened = np.asarray(pixels(explorer.arrows.png)).reshape(-1, 3)
    grey = 0.5 * np.array(to_rgb(REFERENCE)) * 255 + 127.5
    assert (np.abs(softened - grey).max(axis=1) < 12).any()


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda x, w: None, "Your <lambda> returned nothing: end it with return the result."),
        (lambda x, w: "52", "Your <lambda> returned str '52', but the result is wanted as one number."),
        (lambda x, w: x * w, "Your <lambda> returned an array of shape (2,), not one number."),
        (lambda x, w: math.nan, "Your <lambda> returned nan, which is no finite number."),
        (lambda x, w: x[5], "Your <lambda> stopped with IndexError"),
    ],
)
def test_a_function_that_gives_no_number_is_told_and_nnlibs_is_drawn(function, message):
    explorer = ArrowExplorer(my_dot=function)
    assert explorer.page.message.startswith(message)
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    assert "a · b = 5 × 10 + 1 × 2 = 52" in repr(explorer)
    explorer.set(angle_a=50)
    assert is_drawn(explorer.arrows)


def test_a_function_that_fails_is_not_said_to_agree():
    explorer = ArrowExplorer(my_dot=lambda x, w: None, my_cosine=lambda a, b: None)
    assert explorer.page.message.count("returned nothing") == 2
    assert "agrees" not in repr(explorer)


def test_a_difference_in_the_last_bit_is_none():
    explorer = ArrowExplorer(my_cosine=lambda a, b: a @ b / (math.hypot(*a) * math.hypot(*b)))
    for angle in range(-180, 181, 5):
        explorer.set(angle_a=angle, length_a=7.3)
        assert "Your cosine agrees with nnlib's." in repr(explorer)
        assert "your cosine =" not in repr(explorer)


def test_an_exercise_is_awaited_until_it_has_passed(monkeypatch):
    explorer = ArrowExplorer(my_dot=lesson01.dot)
    assert "Drawn by nnlib's dot, until yours passes its check above." in repr(explorer)
    monkeypatch.setattr(lesson01.dot, "yours", lambda x, w: sum(x * w))
    assert "Your dot agrees with nnlib's." in repr(ArrowExplorer(my_dot=lesson01.dot))
    with says(ValueError, "my_cosine must be a function of yours, without brackets; got 5."):
        ArrowExplorer(my_cosine=5)


def test_an_arrow_ends_at_its_vector():
    for vector in ([5.0, 1.0], [0.0, -3.0], [0.01, 0.0]):
        corners = arrow_outline(np.array(vector), 6)
        assert np.linalg.norm(corners - vector, axis=1).min() < 1e-12
        assert np.linalg.norm(corners, axis=1).max() < np.hypot(*vector) + 0.5
    assert np.abs(arrow_outline(np.zeros(2), 6)).max() < 0.2


def test_what_the_page_repeats_with_rounding_errors_is_no_move(explorer):
    explorer.set(a=(5, 1), b=(10, 2))
    state = dict(explorer.state)
    for widget, key, _ in explorer._controls:
        on_page(widget, value=widget.value * (1 + 1e-12) + 1e-11)
        assert explorer.state == state, key
    assert explorer.numbers(explorer.state)["dot"] == pytest.approx(52, abs=1e-9)
