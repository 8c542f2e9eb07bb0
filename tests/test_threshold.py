"""Pass or fail: probabilities, counts, accuracy and log loss by hand; the fit; the learner's sigmoid."""

import math

import numpy as np
import pytest
from explorers import is_drawn, looked_at, on_page
from support import says

from nnlib import ShapeError
from nnlib.exercises import lesson03
from nnlib.explore import ThresholdExplorer

pytestmark = pytest.mark.usefixtures("strict")

HOURS = np.array([1.0, 2.5, 3.0, 5.0, 6.0, 6.5, 8.0, 9.0])
PASSED = np.array([0, 0, 1, 0, 1, 0, 1, 1])


def students(**settings):
    return ThresholdExplorer(HOURS, PASSED, "study", "hours", **settings)


def by_hand(w, b, threshold):
    """Counts (true pass, miss, false pass, true fail) and the log loss."""
    counts, losses = [0, 0, 0, 0], []
    for hours, did in zip(HOURS, PASSED, strict=True):
        p = min(max(1 / (1 + math.exp(-(w * hours + b))), 1e-9), 1 - 1e-9)
        counts[(0 if p >= threshold else 1) if did else (2 if p >= threshold else 3)] += 1
        losses.append(-math.log(p if did else 1 - p))
    return counts, sum(losses) / len(losses)


def test_every_control_over_its_range_gives_the_right_counts():
    explorer = students()
    for slider, key in zip(explorer.sliders, ("w", "b", "threshold"), strict=True):
        for value in np.linspace(slider.min, slider.max, 5):
            on_page(slider, value=float(value))
            state, numbers = explorer.state, explorer.numbers(explorer.state)
            assert state[key] == pytest.approx(value, abs=1e-3)
            counts, loss = by_hand(state["w"], state["b"], state["threshold"])
            assert numbers["counts"].tolist() == counts
            assert numbers["right"] == counts[0] + counts[3]
            assert numbers["loss"] == pytest.approx(loss, rel=1e-6)
            assert is_drawn(explorer.curve)
            assert is_drawn(explorer.table)
        explorer.reset_button.click()
    assert explorer.state == explorer.first
    assert explorer.page.message == ""


def test_the_words_count_both_kinds_of_mistakes():
    explorer = students(w=1, b=-5.5)
    counts, loss = by_hand(1, -5.5, 0.5)
    assert counts == [3, 1, 1, 3]
    assert repr(explorer) == (
        "Probability of a pass = sigmoid(1.00 · study − 5.50); says pass from 0.50 on.\n"
        f"Right for 6 of 8: true pass 3, miss 1, false pass 1, true fail 3. Log loss {loss:.3f}."
    )


def test_each_case_has_its_own_mark_and_stands_where_it_belongs():
    explorer = looked_at(students(w=1, b=-5.5))
    marks = [dots.get_marker() for dots in explorer.curve.rows]
    looks = [(dots.get_marker(), dots.get_markerfacecolor()) for dots in explorer.curve.rows]
    assert len(set(looks)) == 4
    assert {marks[1], marks[2]} == {"v", "X"}
    shown = [dots.get_xydata().tolist() for dots in explorer.curve.rows]
    assert shown == [[[6, 1], [8, 1], [9, 1]], [[3, 1]], [[6.5, 0]], [[1, 0], [2.5, 0], [5, 0]]]


def test_the_fit_has_the_least_log_loss_and_a_threshold_leaves_it_alone():
    explorer = students()
    explorer.fit_button.click()
    w, b = explorer.state["w"], explorer.state["b"]
    least = by_hand(w, b, 0.5)[1]
    for dw, db in ((0.05, 0), (-0.05, 0), (0, 0.2), (0, -0.2), (0.05, -0.3), (-0.05, 0.3)):
        assert by_hand(w + dw, b + db, 0.5)[1] > least
    before, accuracies = explorer.numbers(explorer.state)["loss"], set()
    for threshold in (0.1, 0.5, 0.9):
        explorer.set(threshold=threshold)
        numbers = explorer.numbers(explorer.state)
        assert numbers["loss"] == before
        accuracies.add(numbers["right"])
    assert len(accuracies) > 1


def test_a_class_that_a_line_divides_exactly_is_fitted_within_the_sliders():
    explorer = ThresholdExplorer([1.0, 2.0, 8.0, 9.0], [0, 0, 1, 1])
    explorer.fit()
    assert explorer.numbers(explorer.state)["right"] == 4
    everybody = ThresholdExplorer([4.0, 4.0], [1, 1])  # one input for all, and nobody failed
    everybody.fit()
    assert everybody.numbers(everybody.state)["right"] == 2


@pytest.mark.parametrize(
    ("x", "passed", "error", "message"),
    [
        ([1.0, 2.0], [1], ShapeError, "x has 2 and passed has 1 values; every row needs one of each."),
        ([], [], ShapeError, "x has 0 and passed has 0 values; every row needs one of each."),
        (
            [1.0, 2.0],
            [0, 0.5],
            ValueError,
            "passed must be 1 for a pass and 0 for a fail, and nothing else.",
        ),
        (
            [1.0, np.nan],
            [0, 1],
            ValueError,
            "x[1] is nan; every value must be a finite number.",
        ),
    ],
)
def test_data_that_do_not_fit_are_refused(x, passed, error, message):
    with says(error, message):
        ThresholdExplorer(x, passed)


@pytest.mark.parametrize(("name", "value"), [("w", 6), ("b", -33), ("threshold", 1.5)])
def test_a_value_beyond_the_sliders_is_refused(name, value):
    explorer = students()
    with pytest.raises(ValueError, match=f"^{name} goes from .*; got {value}"):
        explorer.set(**{name: value})
    assert explorer.state == explorer.first


# The learner's sigmoid ------------------------------------------------------------------------------------


def test_the_learners_sigmoid_gives_the_probabilities():
    right = students(w=1, b=-5, my_activation=lambda z: 1 / (1 + math.exp(-z)))
    assert right.numbers(right.state)["loss"] == pytest.approx(by_hand(1, -5, 0.5)[1])
    assert "Your sigmoid agrees with nnlib's." in repr(right)
    turned = students(w=1, b=-5, my_activation=lambda z: 1 / (1 + math.exp(z)))
    assert turned.numbers(turned.state)["loss"] == pytest.approx(by_hand(-1, 5, 0.5)[1])
    assert turned.numbers(turned.state)["reference"] is not None
    assert "Your sigmoid differs from nnlib's (in grey): for z = −12.00 it gives 1.00, nnlib 0.00." in repr(
        turned
    )


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda z: z, "Your sigmoid leaves the range from 0 to 1."),
        (lambda z: None, "returned nothing: end it with return the result."),
        (lambda z: "p", "but the result is wanted as an array"),
        (lambda z: 1 / (1 + math.exp(-1000 * z)), "stopped with OverflowError"),
    ],
)
def test_a_sigmoid_that_fails_is_answered_in_words_over_nnlibs(function, words):
    explorer = students(w=1, b=-5, my_activation=function)
    assert words in explorer.page.message
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    explorer.set(threshold=0.4)
    assert explorer.numbers(explorer.state)["loss"] == pytest.approx(by_hand(1, -5, 0.5)[1])
    assert "agrees" not in repr(explorer)


def test_an_exercise_is_used_once_it_has_passed():
    lesson03.sigmoid.yours = None
    assert "until yours passes its check above." in repr(students(my_activation=lesson03.sigmoid))
    assert lesson03.sigmoid.check(lambda z: (1 + math.tanh(z / 2)) / 2)
    assert "Your sigmoid agrees" in repr(students(my_activation=lesson03.sigmoid))
    lesson03.sigmoid.yours = None
