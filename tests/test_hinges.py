"""The curve builder: its sum in plain Python, fits, targets of one's own, the learner's relu, its words."""

import numpy as np
import pytest
from explorers import is_drawn, on_page
from support import says

from nnlib.exercises import lesson03
from nnlib.explore import HingeExplorer
from nnlib.explore.hinges import MOST_HINGES, TARGETS
from nnlib.explore.parts.hinge_picture import X

pytestmark = pytest.mark.usefixtures("strict")


def answer(explorer, x):
    """The sum at x, in plain Python."""
    state, total = explorer.state, explorer.state["offset"]
    for k in range(1, state["hinges"] + 1):
        z = x - state[f"at{k}"]
        total += state[f"bend{k}"] * (max(z, 0) if state["activation"] == "relu" else z)
    return total


def target(x):
    return max(0, 2 - abs(x - 5))


def stands(explorer):
    numbers = explorer.numbers(explorer.state)
    assert numbers["sum"] == pytest.approx([answer(explorer, x) for x in X], abs=1e-9)
    assert is_drawn(explorer.curve)
    assert explorer.page.message == ""
    return numbers


@pytest.mark.parametrize("activation", ["relu", "linear"])
def test_every_control_over_its_range_gives_the_right_sum(activation):
    explorer = HingeExplorer(activations=[activation])
    for name in ("at1", "at3", "bend1", "bend2", "offset"):
        slider = explorer.offset if name == "offset" else explorer.sliders[name]
        for value in np.linspace(slider.min, slider.max, 3):
            on_page(slider, value=float(value))
            assert explorer.state[name] == pytest.approx(value, abs=1e-3)
            numbers = stands(explorer)
        explorer.buttons[2].click()
    for n in range(MOST_HINGES + 1):
        on_page(explorer.count, index=n)
        assert len(stands(explorer)["parts"]) == n
        assert len(explorer.sliders_box.children) == 2 * n
    x = np.linspace(0, 10, 101)
    gaps = [(answer(explorer, value) - target(value)) ** 2 for value in x]
    numbers = explorer.numbers(explorer.state)
    assert numbers["loss"] == pytest.approx(np.mean(gaps), rel=1e-9)


def test_three_hinges_make_the_triangle_and_the_words_say_so():
    explorer = HingeExplorer()
    assert "Goal: below 0.00744." in repr(explorer)
    explorer.set(at1=3, at2=5, at3=7, bend1=1, bend2=-2, bend3=1)
    assert explorer.numbers(explorer.state)["loss"] == pytest.approx(0, abs=1e-20)
    assert "Goal reached with 3 hinges. No fewer can do it." in repr(explorer)
    explorer.set(hinges=4, at4=2)
    explorer.fit()
    assert "Goal reached with 3 hinges." in repr(explorer)
    explorer.set(bend4=0.01)
    assert "Goal reached with 4 hinges. Three can do it." in repr(explorer)
    explorer.set(activation="linear")
    assert "Goal: below" in repr(explorer)


def test_no_two_hinges_reach_the_triangle():
    x, goal = np.linspace(0, 10, 101), HingeExplorer().numbers(HingeExplorer().state)["goal"]
    wanted = np.array([target(value) for value in x])
    for one in np.arange(0, 10, 0.5):
        for other in np.arange(one + 0.5, 10, 0.5):
            columns = np.column_stack([x**0, np.maximum(x - one, 0), np.maximum(x - other, 0)])
            best = np.linalg.lstsq(columns, wanted, rcond=None)[0]
            assert ((columns @ best - wanted) ** 2).mean() > 5 * goal


def test_linear_hinges_are_the_line_that_the_words_give():
    explorer = HingeExplorer(activations=["linear"], show=[])
    rng = np.random.default_rng(0)
    for _ in range(5):
        changes = {f"at{k}": rng.uniform(0, 10) for k in (1, 2, 3)}
        explorer.set(**changes, **{f"bend{k}": rng.uniform(-4, 4) for k in (1, 2, 3)}, offset=1.5)
        total = explorer.numbers(explorer.state)["sum"]
        w, b = np.polyfit(X, total, 1)
        assert abs(w * X + b - total).max() < 1e-9
        said = repr(explorer).split("straight line: ")[1].split(".\n")[0]
        slope, height = said.replace("−", "-").replace("- ", "-").replace("+ ", "").split(" · x ")
        assert [float(slope), float(height)] == pytest.approx([w, b], abs=0.0051)


@pytest.mark.parametrize("name", TARGETS)
def test_more_hinges_fit_better_and_the_fit_is_least_squares(name):
    explorer, losses = HingeExplorer(name, hinges=1), []
    for n in (1, 2, 4, 8):
        explorer.set(hinges=n)
        explorer.spread()
        assert [explorer.state[f"at{k + 1}"] for k in range(n)] == pytest.approx(
            [10 * k / n for k in range(n)]
        )
        explorer.fit()
        numbers = stands(explorer)
        losses.append(numbers["loss"])
        x = np.linspace(0, 10, 101)
        columns = np.column_stack([np.ones(101), *(np.maximum(x - 10 * k / n, 0) for k in range(n))])
        best = np.linalg.lstsq(columns, numbers["asked"], rcond=None)[0]
        assert numbers["loss"] == pytest.approx(((columns @ best - numbers["asked"]) ** 2).mean(), abs=1e-5)
    assert losses == sorted(losses, reverse=True)
    assert losses[-1] < 0.2 * losses[0]


def test_sliders_widen_for_a_fit_that_needs_it_and_narrow_again():
    explorer = HingeExplorer(hinges=8)
    on_page(explorer.typed, value="900 * sin(3*x)")
    explorer.spread()
    explorer.fit()
    largest = max(abs(explorer.state[f"bend{k}"]) for k in range(1, 9))
    slider = explorer.sliders["bend1"]
    assert 4 < largest <= slider.max == -slider.min
    assert slider.max % 1 == 0
    explorer.reset()
    assert slider.max == explorer.offset.max == 4
    assert (explorer.state["typed"], explorer.target.value) == ("", "triangle")


def test_a_typed_target_is_taken_and_a_bad_one_leaves_the_former():
    explorer = HingeExplorer()
    on_page(explorer.typed, value="0 1, 2 5, 4 3")
    assert explorer.target.value == "my own"
    on_page(explorer.count, index=2)
    explorer.set(at1=0, at2=2)
    explorer.fit()
    assert stands(explorer)["loss"] == pytest.approx(0, abs=1e-6)
    assert explorer.curve.points.get_xydata().tolist() == [[0, 1], [2, 5], [4, 3]]
    for text in ("foo(x)", "1/x", "(((", '<b>&"'):
        on_page(explorer.typed, value=text)
        assert explorer.page.message.endswith("The target is still 0 1, 2 5, 4 3.")
        assert explorer.typed.value == text  # so that it can be mended
        assert explorer.numbers(explorer.state)["loss"] < 1e-6
        explorer.set(bend1=2.5)  # and everything goes on
        assert explorer.numbers(explorer.state)["loss"] > 0.1
        explorer.fit()
    assert "<b>" not in explorer._repr_mimebundle_()["text/html"]
    on_page(explorer.target, index=2)
    assert explorer.state["target"] == "wave"
    on_page(explorer.typed, value="x")
    assert explorer.page.message == ""
    on_page(explorer.target, index=0)
    on_page(explorer.target, index=4)  # back to my own
    assert "against x." in repr(explorer)


def test_points_so_near_that_no_grid_meets_them_can_be_fitted():
    explorer = HingeExplorer("0.02 1, 0.05 2", hinges=1)
    explorer.set(at1=0)
    explorer.fit()
    assert explorer.numbers(explorer.state)["loss"] < 1e-6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hinges": 9}, "hinges goes from 0 to 8; got 9."),
        ({"hinges": 2.5}, "hinges must be a whole number of 0 or more; got 2.5."),
        ({"at1": 11}, "at1 goes from 0 to 10; got 11."),
        ({"bend1": np.nan}, "bend1 is nan; every value must be a finite number."),
        ({"target": "my own"}, "type a curve of your own first, into the field beside it."),
    ],
)
def test_a_state_that_does_not_fit_is_refused(changes, message):
    explorer = HingeExplorer()
    with says(ValueError, message):
        explorer.set(**changes)
    stands(explorer)


def test_what_cannot_be_built_is_refused():
    for settings, words in (
        ({"target": "foo(x)"}, "'foo' has no meaning here"),
        ({"hinges": 12}, "hinges goes from 0 to 8"),
        ({"activations": ["sigmoid"]}, "choose one of relu, linear"),
        ({"show": ["all"]}, "choose one of target, count, fit"),
    ):
        with pytest.raises(ValueError, match=words.replace("(", r"\(")):
            HingeExplorer(**settings)


def test_only_the_controls_that_are_asked_for_are_there():
    def names(explorer):
        rows = [row for row in explorer.children if hasattr(row, "children")]
        return [getattr(w, "description", "") for row in rows for w in row.children]

    assert names(HingeExplorer(show=[], activations=["linear"]))[-2:] == ["offset", "Reset"]
    assert "Fit" not in names(HingeExplorer(show=["count"]))
    assert names(HingeExplorer(activations=["relu"]))[-4:] == ["offset", "Fit", "Spread", "Reset"]


# The learner's relu ---------------------------------------------------------------------------------------


def test_the_learners_relu_is_drawn_and_compared():
    right = HingeExplorer(my_activation=lambda z: max(z, 0))
    right.set(bend2=-2)
    stands(right)
    assert "Your relu agrees with nnlib's." in repr(right)
    wrong = HingeExplorer(my_activation=lambda z: abs(z))
    numbers = wrong.numbers(wrong.state)
    assert numbers["sum"] == pytest.approx(abs(X - 2))
    assert numbers["reference"] == pytest.approx(np.maximum(X - 2, 0))
    assert "Your relu differs from nnlib's (in grey): for z = −12.00 it gives 12.00, nnlib 0.00." in repr(
        wrong
    )


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z: None, "returned nothing: end it with return the result"),
        (lambda z: "no", "but the result is wanted as an array"),
        (lambda z: np.nan, "returned nan, which is no finite number"),
        (lambda z: [z, z], "not an array of shape"),
        (lambda z: 1 / 0, "stopped with ZeroDivisionError"),
        (lambda z, w: z, "stopped with TypeError"),
    ],
)
def test_a_relu_that_fails_is_answered_in_words_over_nnlibs(function, words):
    explorer = HingeExplorer(my_activation=function)
    assert words in explorer.page.message
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    explorer.set(bend1=0.5)
    assert explorer.numbers(explorer.state)["sum"] == pytest.approx(0.5 * np.maximum(X - 2, 0))
    assert "agrees" not in repr(explorer)


def test_an_exercise_is_used_once_it_has_passed():
    lesson03.relu.yours = None
    explorer = HingeExplorer(my_activation=lesson03.relu)
    assert "Drawn by nnlib's relu, until yours passes its check above." in repr(explorer)
    assert lesson03.relu.check(lambda z: z * (z > 0))
    assert "Your relu agrees with nnlib's." in repr(HingeExplorer(my_activation=lesson03.relu))
    lesson03.relu.yours = None


def test_a_target_and_an_activation_may_be_written_in_capitals():
    explorer = HingeExplorer()
    explorer.set(activation="LINEAR", target="Triangle")
    assert (explorer.state["activation"], explorer.state["target"]) == ("linear", "triangle")
