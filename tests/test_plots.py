"""Still pictures: what they refuse."""

import numpy as np
import pytest
from support import network_2_3_1, says

from nnlib import ShapeError, plots
from nnlib.layout import Layout


def test_a_picture_of_more_than_one_row():
    with says(ShapeError, "x has 3 rows, but the picture shows one: use a single row, as in X[:1]."):
        plots.network(network_2_3_1(), np.ones((3, 2)))


def test_the_diagram_takes_no_texts_or_one_for_each_slot():
    net = network_2_3_1()
    slots = len(Layout(net).slots)
    for texts in ([], (), ["a"] * slots):
        assert plots.diagram(net, texts).alt.startswith("Network 2-3-1")


@pytest.mark.parametrize("more", [-1, 1])
def test_any_other_number_of_texts(more):
    net = network_2_3_1()
    n = len(Layout(net).slots)
    message = (
        f"the diagram has {n} places for texts, but {n + more} came: "
        "give one for each of Layout(net).slots, or none."
    )
    with says(ValueError, message):
        plots.diagram(net, ["a"] * (n + more))


CURVES = {"one": [300e3, 200e3, 150e3], "two": [400e3, 149e3]}


def test_error_curves_say_and_show_where_each_begins_and_ends():
    picture = plots.error_curves(CURVES, {"weighted sum": 135_222.0})
    assert picture.alt == (
        "Errors over 3 epochs: one from $300,000 to $150,000; two from $400,000 to $149,000; "
        "weighted sum $135,222."
    )
    (axes,) = picture.figure.axes
    one, two, level = axes.lines
    assert one.get_xydata().tolist() == [[1, 300], [2, 200], [3, 150]]
    assert two.get_linestyle() != one.get_linestyle()  # not by colour alone
    assert level.get_ydata()[0] == pytest.approx(135.222)
    low, high = axes.get_ylim()
    assert low < 135 < 300 < high
    labels = sorted(text.xyann[1] for text in axes.texts)
    assert [text.get_text() for text in axes.texts] == ["weighted sum", "two", "one"]
    assert np.diff(labels).min() > 0.07  # of the height, so that none covers another
    assert picture.image().size == (1440, 660)


def test_a_curve_that_ends_above_the_highest_is_left_out_and_the_others_keep_their_looks():
    curves = {"bad": [5e5, 4e5], **CURVES}
    whole, part = (plots.error_curves(curves, {}, highest=h).figure.axes[0] for h in (np.inf, 3e5))
    assert [text.get_text() for text in part.texts] == ["two", "one"]
    assert [line.get_color() for line in part.lines] == [line.get_color() for line in whole.lines[1:]]
    assert whole.get_ylim()[1] > 500 > part.get_ylim()[1] > 300


def test_error_curves_without_an_epoch():
    for curves in ({}, {"one": []}):
        with says(ValueError, "error_curves needs at least one curve, and an epoch in each of them."):
            plots.error_curves(curves, {})
    with says(ValueError, "every curve ends above $1,000; give a larger `highest`."):
        plots.error_curves(CURVES, {}, highest=1000)
