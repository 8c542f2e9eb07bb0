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
