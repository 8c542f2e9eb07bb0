"""A matrix times a vector: one cell lit in the diagram and in the tables, every entry in hand."""

import numpy as np
import pytest
from explorers import ODD, on_diagram, on_page
from support import says

from nnlib import ShapeError
from nnlib.exercises import lesson01
from nnlib.explore import ProductExplorer

pytestmark = pytest.mark.usefixtures("strict")

W, X = np.array([[3, 1.5, 2], [2.5, 2, 2.5]]), np.array([2.0, 4, 1])
NAMES = {"rows": ["corner", "market"], "columns": ["apples", "bread", "milk"]}
UNITS = ["kg", "loaves", "litres", "dollars"]
RNG = np.random.default_rng(2)


@pytest.fixture
def explorer():
    return ProductExplorer(W, X, **NAMES, units=UNITS)


def lit(explorer):
    """In each table, which cells are lit."""
    return [np.argwhere(np.array(table["lit"])).tolist() for table in explorer.arithmetic.matrices]


def plain(W, x):
    return [sum(W[i][j] * x[j] for j in range(len(x))) for i in range(len(W))]


def test_it_opens_with_the_first_cell(explorer):
    assert repr(explorer) == (
        "y: corner 14 dollars, market 15.5 dollars.\n"
        "Lit: corner, apples.\n"
        "apples in corner = 3 × 2 = 6\n"
        "y[corner] = 3 × 2 + 1.5 × 4 + 2 × 1 = 14"
    )
    assert explorer.page.words == "y: corner 14 dollars, market 15.5 dollars."


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (4, 4), (4, 2)])
def test_step_by_step_the_same_cell_is_lit_in_both(shape):
    m, n = shape
    A, x = RNG.uniform(-9, 9, shape).round(2), RNG.uniform(-9, 9, n).round(2)
    explorer = ProductExplorer(A, x)
    labels = explorer.net.labels()
    np.testing.assert_allclose(explorer.numbers(explorer.state)["y"], plain(A, x), rtol=1e-12)
    for step in range(m * n):
        on_page(explorer.arithmetic, step=step)
        i, j = divmod(step, n)
        (wire,) = explorer.diagram.lit
        assert labels[wire] == f"W1[x{j + 1}, y{i + 1}]"
        assert explorer.diagram.theta[wire] == A[i, j]
        assert explorer.diagram.neuron == i
        assert lit(explorer) == [[[i, j]], [[j, 0]], [[i, 0]]]
        assert explorer.hand.children == (explorer.cells[step],)
        assert explorer.cells[step].description == f"W[y{i + 1}, x{j + 1}]"
        assert explorer.cells[step].value == pytest.approx(A[i, j], abs=1e-3)
    assert explorer.arithmetic.count == m * n


def test_no_bias_is_drawn(explorer):
    assert "bias of" not in explorer.diagram.svg
    assert explorer.diagram.svg.count('role="slider"') == 6
    assert explorer.picture().size[0] > 500


def test_every_entry_from_end_to_end(explorer):
    for step in range(6):
        explorer.set(step=step)
        for value in (-9.0, -0.37, 0.0, 9.0):
            on_page(explorer.cells[step], value=value)
            assert explorer.state["W"][step // 3][step % 3] == pytest.approx(value, abs=1e-3)
            assert explorer.numbers(explorer.state)["y"] == pytest.approx(
                plain(explorer.state["W"], explorer.state["x"])
            )
    for j, slider in enumerate(explorer.inputs):
        for value in (-9.0, 0.25, 9.0):
            on_page(slider, value=value)
            assert explorer.state["x"][j] == value
    assert explorer.picture().size[0] > 500


def test_a_price_moves_one_bill_and_an_amount_all(explorer):
    before = explorer.numbers(explorer.state)["y"]
    explorer.set(step=4)
    on_page(explorer.cells[4], value=3.0)
    after = explorer.numbers(explorer.state)["y"]
    assert (before == after).tolist() == [True, False]
    on_page(explorer.inputs[1], value=5.0)
    assert (after != explorer.numbers(explorer.state)["y"]).all()
    explorer.reset()
    assert repr(explorer).startswith("y: corner 14 dollars, market 15.5 dollars.\nLit: corner, apples.")


def test_hands_on_the_diagram_choose_and_move(explorer):
    k = explorer.net.labels().index("W1[bread, market]")
    on_page(explorer.diagram, selected=k)
    assert "Lit: market, bread." in repr(explorer)
    on_diagram(explorer, {k: 2.5})
    assert explorer.state["W"] == ((3, 1.5, 2), (2.5, 2.5, 2.5))
    on_page(explorer.diagram, neuron=0)
    assert "Lit: corner, bread." in repr(explorer)
    on_page(explorer.diagram, neuron=-1)  # a click on the chosen row
    assert explorer.diagram.neuron == 0


def test_a_learners_function_is_shown_and_its_difference_named():
    explorer = ProductExplorer(W, X, **NAMES, my_matvec=lambda W, x: W @ x)
    assert "Your matvec agrees with nnlib's." in explorer.page.words
    backwards = ProductExplorer(W, X, **NAMES, my_matvec=lambda W, x: (W @ x)[::-1])
    assert "Your matvec differs from nnlib's: for row 1 it gives 15.50, nnlib 14.00." in backwards.page.words
    assert "yours: y[corner] = 15.50" in repr(backwards)
    assert "15.50" in backwards.diagram.texts
    assert "until yours passes" in repr(ProductExplorer(W, X, my_matvec=lesson01.matvec))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (lambda W, x: None, "Your <lambda> returned nothing"),
        (lambda W, x: W.sum(axis=0), "Your <lambda> returned an array of shape (3,)"),
        (lambda W, x: W.T @ x, "Your <lambda> stopped with ValueError"),
        (lambda W, x: [np.nan] * 2, "Your <lambda> returned nan"),
        (lambda W, x: ["a", "b"], "Your <lambda> returned list ['a', 'b']"),
    ],
)
def test_a_function_that_gives_no_vector_is_told_and_nnlibs_is_shown(function, message):
    explorer = ProductExplorer(W, X, **NAMES, my_matvec=function)
    assert explorer.page.message.startswith(message)
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    assert "y: corner 14, market 15.5." in repr(explorer)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ((W[:1], X), ValueError, "W has 1 row and 3 columns; from 2 to 4 of each can be shown."),
        (
            (np.ones((5, 2)), X[:2]),
            ValueError,
            "W has 5 rows and 2 columns; from 2 to 4 of each can be shown.",
        ),
        ((W, X[:2]), ShapeError, "x must have shape (3,); got shape (2,)."),
        ((W, 5 * X), ValueError, "the entries of x go from −9 to 9 here; one would be 20.00."),
    ],
)
def test_what_cannot_be_shown_is_told(given, error, message):
    with says(error, message):
        ProductExplorer(*given)


def test_units_and_steps_that_do_not_fit_are_told(explorer):
    with says(ValueError, "units needs 4 names, one for each input and one for y; got ['kg']."):
        ProductExplorer(W, X, units=["kg"])
    with says(ValueError, "step goes from 0 to 5; got 6."):
        explorer.set(step=6)
    with says(ValueError, "the entries of W go from −9 to 9 here; one would be −10.00."):
        explorer.set(W=-4 * W[:, :] + 2)


def test_odd_names_are_escaped():
    explorer = ProductExplorer(W, X, rows=[ODD, "b"], columns=["a", "$y$", "c"])
    assert ODD not in explorer.diagram.svg
    assert explorer.picture().size[0] > 500
