"""Input checks: what is taken as numbers, and the words for what is not."""

import datetime
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from support import quick, says

from nnlib import ShapeError
from nnlib.checks import as_numbers, as_pair, as_shape, as_table, choose, count, one_of, random_numbers, whole

FINITE = "every value must be a finite number."
TRY = f"{FINITE} Turn text into numbers, and leave out rows with missing values."
TABLE = "X must be a table of shape (rows, columns); got"


@pytest.mark.parametrize(
    "values",
    [
        [[1, 2]],
        ((1, 2),),
        [np.array([1, 2])],
        np.array([[1, 2]], dtype=np.float32),
        np.array([[1, 2]], dtype=np.uint8),
        np.array([[1, 2.0]], dtype=object),
        [[Fraction(1), True + 1]],
        np.ma.masked_array([[1, 2]], mask=[[False, False]]),
        np.array([[1, 2]], dtype=np.longdouble),
        [range(1, 3)],
    ],
    ids=lambda values: f"{type(values).__name__} {getattr(values, 'dtype', '')}",
)
def test_what_is_taken_as_numbers(values):
    table = as_table(values, "X", 2)
    assert table.dtype == np.float64
    np.testing.assert_array_equal(table, [[1, 2]])


def test_truth_values_count_as_0_and_1():
    np.testing.assert_array_equal(as_numbers([True, False], "y"), [1, 0])


def test_rows_kept_as_objects():
    rows = np.empty(2, dtype=object)
    rows[0], rows[1] = [1, 2], np.array([3, 4])
    np.testing.assert_array_equal(as_table(rows, "X"), [[1, 2], [3, 4]])


def test_a_data_frame():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"sleep": [3, 5], "study": [5.0, 1.0]})
    np.testing.assert_array_equal(as_table(frame, "X"), [[3, 5], [5, 1]])
    with says(ShapeError, f"{TABLE} shape (2,). Use np.reshape(X, (-1, 1)) for one column."):
        as_table(frame["sleep"], "X")
    np.testing.assert_array_equal(as_table(np.reshape(frame["sleep"], (-1, 1)), "X"), [[3], [5]])
    frame = frame.convert_dtypes()
    frame.loc[1, "study"] = pandas.NA
    with says(ValueError, f"X[1, 1] is <NA>; {TRY}"):
        as_table(frame, "X")


@quick
@given(arrays(float, array_shapes(min_dims=2, max_dims=2), elements=st.floats(-1e9, 1e9)))
def test_the_layout_in_memory_makes_no_difference(X):
    for same in (X, np.asfortranarray(X), np.repeat(X, 2, axis=0)[::2], X.tolist()):
        inputs, targets = as_pair(same, same, X.shape[1], X.shape[1])
        np.testing.assert_array_equal(inputs, X)
        assert inputs.flags.c_contiguous
        assert targets.flags.c_contiguous


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1, float("nan")]], f"X[0, 1] is nan; {FINITE}"),
        ([[1, 2], [-np.inf, 2]], f"X[1, 0] is -inf; {FINITE}"),
        (np.longdouble("1e4000"), f"X is inf; {FINITE}"),
        (np.ma.masked_array([[1, 2]], mask=[[False, True]]), f"X[0, 1] is nan; {FINITE}"),
        (np.ma.masked_array([[1.5, 2]], mask=[[False, True]]), f"X[0, 1] is nan; {FINITE}"),
        ([[1, "five"]], f"X[0, 1] is 'five'; {TRY}"),
        (np.array([["3", "5"]]), f"X[0, 0] is '3'; {TRY}"),
        ([["a" * 100]], f"X[0, 0] is '{'a' * 28}…; {TRY}"),
        ([[1, None]], f"X[0, 1] is None; {TRY}"),
        (None, "X is None, where numbers are wanted. A function gives None when its return is missing."),
        ([1, 2j], f"X[1] is 2j; {TRY}"),
        ({"a": 1}, f"X is {{'a': 1}}; {TRY}"),
        ((x for x in [1]), f"X is a value of type generator; {TRY}"),
        ([[datetime.date(2020, 1, 1)]], f"X[0, 0] is datetime.date(2020, 1, 1); {TRY}"),
        (np.array(["2020-01-01"], dtype="datetime64[D]"), f"X[0] is datetime.date(2020, 1, 1); {TRY}"),
        ([[1, 10**400]], "X holds a whole number that is too large to calculate with."),
    ],
)
def test_what_is_no_number(values, message):
    with says(ValueError, message):
        as_numbers(values, "X")


@pytest.mark.parametrize(
    ("values", "columns", "message"),
    [
        (np.zeros(3), None, f"{TABLE} shape (3,). Use X.reshape(-1, 1) for one column."),
        ([1, 2, 3], 1, f"{TABLE} shape (3,). Use np.reshape(X, (-1, 1)) for one column."),
        ([1, 2, 3], 3, f"{TABLE} shape (3,). Use [X] for one row."),
        (5, None, f"{TABLE} the single number 5. Use [[5]] for one row."),
        (np.zeros((1, 2, 3)), None, f"{TABLE} shape (1, 2, 3)."),
        ([], None, "X has no rows; at least one is needed."),
        (np.zeros((0, 3)), 3, "X has no rows; at least one is needed."),
        ([[]], None, "X has no columns; at least one is needed."),
        ([[1, 2]], 3, "X has 2 columns, but the network needs 3."),
        ([[1]], 3, "X has 1 column, but the network needs 3."),
        (
            [[1, 2], [3, 4], [5]],
            None,
            "X has rows of unequal length; row 0 has 2 and row 2 has 1: give every row the "
            "same number of values.",
        ),
        (
            np.array([[1, 2], [3], [4, 5]], dtype=object),
            None,
            "X has rows of unequal length; row 0 has 2 and row 1 has 1: give every row the "
            "same number of values.",
        ),
        ([[1, 2], 3], None, "X has rows of unequal length; give every row the same number of values."),
        ([[1, [2]], [3, 4]], None, "X has rows of unequal length; give every row the same number of values."),
    ],
)
def test_what_is_no_table(values, columns, message):
    with says(ShapeError, message):
        as_table(values, "X", columns)


def test_rows_that_do_not_pair():
    with says(ShapeError, "X has 3 rows and y has 1 row; every row of X needs its own row of y."):
        as_pair(np.ones((3, 2)), [[1]], 2, 1)


def test_a_shape_is_never_stretched():
    with says(ShapeError, "bias must have shape (2,); got shape (1,)."):
        as_shape([1], (2,), "bias")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0, "0"), (-1, "-1"), (1.5, "1.5"), (1.0, "1.0"), (True, "True"), ("2", "'2'"), (None, "None")],
)
def test_what_is_no_whole_number(value, shown):
    with says(ValueError, f"epochs must be a whole number of 1 or more; got {shown}."):
        whole(value, "epochs")


def test_whole_numbers_of_numpy_count():
    assert type(whole(np.int64(3), "epochs")) is int


def test_seeds():
    assert random_numbers(0).random() == random_numbers(np.int64(0)).random()
    assert random_numbers(None).random() != random_numbers(None).random()
    for seed in (-1, 1.5, "a"):
        with says(
            ValueError,
            f"seed must be a whole number of 0 or more; got {seed!r}. None draws other numbers each time.",
        ):
            random_numbers(seed)


def test_counting():
    assert [count(n, "row") for n in (0, 1, 2)] == ["0 rows", "1 row", "2 rows"]


def test_a_name_is_found_in_capitals_or_not_and_as_it_is_spelt_first():
    known = {"A": 1, "a": 2, "relu": 3}
    assert [choose(name, known, "neuron") for name in ("A", "a", "ReLU")] == [1, 2, 3]
    assert one_of("RELU", known, "activation") == "relu"
    with says(
        ValueError, "'rel' is no activation that nnlib knows; choose one of A, a, relu. Did you mean 'relu'?"
    ):
        one_of("rel", known, "activation")
