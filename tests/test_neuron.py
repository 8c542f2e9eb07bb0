"""The explorer of one neuron: its sum, output and slope, on how many rows it is active, the learner's own."""

import numpy as np
import pytest
from explorers import is_drawn, on_page
from support import says

from nnlib.activations import ACTIVATIONS
from nnlib.exercises import lesson03
from nnlib.explore import NeuronExplorer
from nnlib.explore.parts.own import on_each

pytestmark = pytest.mark.usefixtures("strict")

HOURS = np.array([0.5, 2.0, 4.0, 7.5, 9.0])
RULES = {
    "linear": lambda z: z,
    "step": lambda z: float(z > 0),
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: max(z, 0.0),
}


def students(**settings):
    return NeuronExplorer(HOURS, "study", "hours", "student", **settings)


@pytest.mark.parametrize("name", RULES)
def test_every_control_over_its_range_gives_the_right_numbers(name):
    explorer = students(activations=["linear", name] if name != "linear" else ["linear"])
    explorer.set(activation=name)
    for slider, key in zip(explorer.sliders, "wb", strict=True):
        for value in np.linspace(slider.min, slider.max, 3):
            on_page(slider, value=float(value))
            assert explorer.state[key] == pytest.approx(value, abs=1e-3)
            for k in (0, 3):
                on_page(explorer.example, index=k)
                numbers = explorer.numbers(explorer.state)
                w, b, zoom = explorer.state["w"], explorer.state["b"], numbers["zoom"]
                z = [w * x + b for x in HOURS]
                assert zoom["z"] == pytest.approx(z)
                assert zoom["a"] == pytest.approx([RULES[name](value) for value in z], abs=1e-12)
                assert numbers["a_axis"] == pytest.approx([RULES[name](w * x + b) for x in numbers["axis"]])
                if abs(z[k]) > 1e-3:
                    nudged = (RULES[name](z[k] + 1e-6) - RULES[name](z[k] - 1e-6)) / 2e-6
                    assert zoom["slope"] == pytest.approx(nudged, abs=1e-6)
            assert is_drawn(explorer.sum)
            assert is_drawn(explorer.curve)
    explorer.reset_button.click()
    assert explorer.state == explorer.first
    assert explorer.page.message == ""


def test_the_words_say_where_it_wakes_and_on_how_many_rows_it_is_active():
    explorer = students(b=-3, activations=["relu", "sigmoid"])
    assert repr(explorer) == (
        "z = 1.00 · study − 3.00, a = relu(z). z is 0 where study is 3.00 hours.\n"
        "Student 1 (study 0.5 hours): z −2.50, a 0.00, slope 0.000. "
        "Active on 3 of 5 students, slope 0 on the rest."
    )
    for b, active in ((0, 5), (-2, 3), (-8, 1), (-9, 0)):
        explorer.set(b=b)
        assert f"Active on {active} of 5 students" in repr(explorer)
        assert ("It is dead" in repr(explorer)) == (active == 0)
    explorer.set(activation="sigmoid")
    flat = sum(np.exp(-abs(x - 9)) / (1 + np.exp(-abs(x - 9))) ** 2 < 0.0025 for x in HOURS)
    assert f"Saturated (next to no slope) on {flat} of 5 students." in repr(explorer)
    explorer.set(w=0)
    assert "With w = 0 it does not look at study." in repr(explorer)


def test_an_activation_may_be_written_in_capitals():
    explorer = NeuronExplorer([1, 2, 3], activations=["ReLU", "Tanh"])
    explorer.set(activation="TANH")
    assert explorer.state["activation"] == "tanh"


def test_the_neuron_that_wakes_at_a_hundred_years():
    explorer = NeuronExplorer(
        [20.0, 99.0, 101.0, 120.0], "age", "years", "house", b_range=(-200, 50), activations=["relu"]
    )
    explorer.set(b=-100)
    assert "z is 0 where age is 100.0 years." in repr(explorer)
    assert explorer.numbers(explorer.state)["zoom"]["a"].tolist() == [0, 0, 1, 20]
    assert "Active on 2 of 4 houses" in repr(explorer)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"w": 3}, "w goes from -2 to 2; got 3."),
        ({"b": np.nan}, "b is nan; every value must be a finite number."),
        ({"example": 5}, "example goes from 0 to 4; got 5."),
        (
            {"activation": "sigmoid"},
            "'sigmoid' is no activation here that nnlib knows; choose one of linear, relu.",
        ),
    ],
)
def test_a_state_that_does_not_fit_is_refused(changes, message):
    explorer = students()
    with says(ValueError, message):
        explorer.set(**changes)
    assert explorer.state == explorer.first


def test_what_cannot_be_built_is_refused():
    with says(ValueError, "x has no rows; at least one is needed."):
        NeuronExplorer([])
    with pytest.raises(ValueError, match="Did you mean 'sigmoid'"):
        students(activations=["sigmoidd"])
    with says(ValueError, "my_relu must be a function of yours, without brackets; got 0.5."):
        students(activations=["relu"], my_activation=0.5)
    with says(ValueError, "w goes from 2 to 5; got 1."):  # the first w, where none is given
        students(w_range=(2, 5))


# The learner's activation ---------------------------------------------------------------------------------


def test_the_learners_activation_is_drawn_with_its_own_slope_and_nnlibs_behind():
    explorer = students(b=-3, activations=["relu", "linear"], my_activation=lambda z: 2 * max(z, 0))
    explorer.set(example=3)
    zoom = explorer.numbers(explorer.state)["zoom"]
    assert zoom["a"] == pytest.approx([0, 0, 2, 9, 12])
    assert zoom["slope"] == pytest.approx(2)
    assert zoom["reference"] == pytest.approx(np.maximum(zoom["grid"], 0))
    assert "Your relu differs from nnlib's (in grey): for z = 12.00 it gives 24.00, nnlib 12.00." in repr(
        explorer
    )
    explorer.set(activation="linear")  # which is nnlib's
    assert "Your" not in repr(explorer)
    assert explorer.numbers(explorer.state)["zoom"]["reference"] is None


@pytest.mark.parametrize("name", ["relu", "sigmoid"])
def test_a_right_function_agrees(name):
    explorer = students(activations=[name], my_activation=lambda z: float(RULES[name](z)))
    assert f"Your {name} agrees with nnlib's." in repr(explorer)
    plain = students(activations=[name])
    assert explorer.numbers(explorer.state)["zoom"]["a"] == pytest.approx(
        plain.numbers(plain.state)["zoom"]["a"]
    )


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z: None, "returned nothing: end it with return the result"),
        (lambda z: "0.5", "but the result is wanted as an array"),
        (lambda z: z * np.nan, "returned nan, which is no finite number"),
        (lambda z: np.array([z, z]), "not an array of shape"),
        (lambda z: 1 / 0, "stopped with ZeroDivisionError: division by zero"),
        (lambda: 0, "stopped with TypeError"),
        (lambda z: z if z > 0 else None, "returned nothing"),
        (lambda z: ACTIVATIONS[f"{z}"], "stopped with KeyError"),
    ],
)
def test_a_function_that_fails_is_answered_in_words_over_nnlibs(function, words):
    explorer = students(b=-3, activations=["relu"], my_activation=function)
    assert words in explorer.page.message
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    on_page(explorer.sliders[0], value=2.0)
    assert explorer.numbers(explorer.state)["zoom"]["a"] == pytest.approx([0, 1, 5, 12, 15])
    assert "agrees" not in repr(explorer)
    assert is_drawn(explorer.curve)


def test_an_exercise_is_used_once_it_has_passed():
    lesson03.relu.yours = None
    waits = students(activations=["relu"], my_activation=lesson03.relu)
    assert "Drawn by nnlib's relu, until yours passes its check above." in repr(waits)
    assert lesson03.relu.check(lambda z: max(0, z))
    assert "Your relu agrees" in repr(students(activations=["relu"], my_activation=lesson03.relu))
    lesson03.relu.yours = None


def test_a_function_of_one_number_is_called_with_python_numbers():
    kinds = set()

    def collect(z):
        kinds.add(type(z))
        return z

    assert on_each(collect)(np.array([[1.0, 2.0], [3.0, 4.0]])).tolist() == [[1, 2], [3, 4]]
    assert kinds == {float}
