"""Scalers: there and back, and never fitted on the wrong rows."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support import quick, says

from nnlib import Dense, MaxScaler, Network, ShapeError, StandardScaler, in_real_units

TABLES = st.tuples(st.integers(2, 6), st.integers(1, 4)).flatmap(
    lambda shape: arrays(float, shape, elements=st.integers(1, 10**6).map(lambda n: n / 100))
)


@quick
@given(X=TABLES)
def test_there_and_back_by_the_maximum(X):
    scaler = MaxScaler().fit(X)
    scaled = scaler.transform(X)
    assert scaled.min() >= 0
    np.testing.assert_array_equal(scaled.max(axis=0), 1)
    np.testing.assert_allclose(scaler.inverse_transform(scaled), X, rtol=1e-14)


@quick
@given(X=TABLES)
def test_there_and_back_by_the_standard_deviation(X):
    X = X + np.arange(len(X))[:, None] * 20_000  # no two rows equal
    scaler = StandardScaler().fit(X)
    scaled = scaler.transform(X)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.std(axis=0), 1, rtol=1e-12)
    np.testing.assert_allclose(scaler.inverse_transform(scaled), X, rtol=1e-12, atol=1e-9)


def test_a_known_maximum():
    np.testing.assert_array_equal(MaxScaler(100).fit([[75, 50]]).transform([[82, 10]]), [[0.82, 0.1]])
    np.testing.assert_array_equal(MaxScaler([10, 5]).fit([[3, 5]]).transform([[5, 1]]), [[0.5, 0.2]])


def test_further_rows_are_scaled_as_the_training_rows_were():
    scaler = MaxScaler().fit([[10.0, 5.0]])
    np.testing.assert_array_equal(scaler.transform([[20, -5]]), [[2, -1]])
    assert repr(scaler) == "MaxScaler(fitted on 2 columns)"
    assert repr(StandardScaler()) == "StandardScaler(not fitted)"


def test_fitting_again_on_the_same_rows_is_no_harm():
    X = [[1.0, 2.0], [3.0, 5.0]]
    scaler = StandardScaler().fit(X)
    assert scaler.fit(X) is scaler


def test_what_is_given_is_left_alone():
    X = np.array([[1.0, 2.0], [3.0, 5.0]])
    scaler = StandardScaler().fit(X)
    for result in (scaler.transform(X), scaler.inverse_transform(X)):
        result[...] = 0
    np.testing.assert_array_equal(X, [[1, 2], [3, 5]])


LARGE = (
    "is infinite or undefined: the numbers are too large to calculate with. Scale them, or use another unit."
)
FITTED = "fitted already, and these rows would change what it does. Use transform for further rows, or a new"


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (
            ValueError,
            lambda: MaxScaler().transform([[1]]),
            "this MaxScaler has seen no rows yet: call fit with the training rows first.",
        ),
        (
            ValueError,
            lambda: StandardScaler().inverse_transform([[1]]),
            "this StandardScaler has seen no rows yet: call fit with the training rows first.",
        ),
        (
            ValueError,
            lambda: MaxScaler().fit([[1, 2]]).fit([[1, 3]]),
            f"this MaxScaler is {FITTED} MaxScaler() for other training rows.",
        ),
        (
            ValueError,
            lambda: StandardScaler().fit([[1], [2]]).fit([[1], [3]]),
            f"this StandardScaler is {FITTED} StandardScaler() for other training rows.",
        ),
        (
            ValueError,
            lambda: StandardScaler().fit([[1, 0.1], [2, 0.1], [3, 0.1]]),
            "column 1 of X is 0.1 in every row, so there is nothing to scale it by; leave it out.",
        ),
        (
            ValueError,
            lambda: StandardScaler().fit([[1, 2]]),
            "column 0 of X is 1 in every row, so there is nothing to scale it by; leave it out.",
        ),
        (
            ValueError,
            lambda: StandardScaler().fit([[1e-300], [2e-300]]),
            "the values in column 0 of X are too large, or too close together, to calculate "
            "with; use another unit.",
        ),
        (
            ValueError,
            lambda: StandardScaler().fit([[1, -1e300], [2, 1e300]]),
            "the values in column 1 of X are too large, or too close together, to calculate "
            "with; use another unit.",
        ),
        (
            ValueError,
            lambda: MaxScaler().fit([[1, 0], [2, 0]]),
            "column 1 of X is 0 in every row; leave it out.",
        ),
        (
            ValueError,
            lambda: MaxScaler().fit([[0, 2], [3, -4]]),
            "X[1, 1] is -4, but dividing by the maximum needs values of 0 or more. "
            "Use StandardScaler for columns with negative values.",
        ),
        (
            ValueError,
            lambda: MaxScaler(0),
            "maximum must be above 0, one number or one for each column; got 0.",
        ),
        (
            ValueError,
            lambda: MaxScaler([]),
            "maximum must be above 0, one number or one for each column; got [].",
        ),
        (
            ValueError,
            lambda: MaxScaler("100"),
            "maximum is '100'; every value must be a finite number. "
            "Turn text into numbers, and leave out rows with missing values.",
        ),
        (
            ShapeError,
            lambda: MaxScaler([1, 2, 3]).fit([[1, 2]]),
            "maximum has 3 numbers, but X has 2 columns: give one for each column, or one for all.",
        ),
        (
            ValueError,
            lambda: MaxScaler([10, 100]).fit([[10, 5], [50, 5]]),
            "X[1, 0] is 50, above the maximum 10. "
            "Give the largest value that is possible, or none: MaxScaler() takes the largest in X.",
        ),
        (
            ShapeError,
            lambda: MaxScaler().fit([[1, 2]]).transform([[1]]),
            "X has 1 column, but the scaler needs 2.",
        ),
        (
            FloatingPointError,
            lambda: MaxScaler(1e-200).fit([[0]]).transform([[1e200]]),
            f"a scaled number {LARGE}",
        ),
        (
            FloatingPointError,
            lambda: MaxScaler(1e200).fit([[1]]).inverse_transform([[1e200]]),
            f"a number in real units {LARGE}",
        ),
        (
            ShapeError,
            lambda: MaxScaler().fit([1, 2]),
            "X must be a table of shape (rows, columns); got shape (2,). "
            "Use np.reshape(X, (-1, 1)) for one column.",
        ),
    ],
)
def test_bad_input(error, call, message):
    with says(error, message):
        call()


# A network that needs no scalers


@pytest.mark.parametrize("kind", [MaxScaler, StandardScaler])
@pytest.mark.parametrize("sizes", [(3, 1), (3, 4, 2), (3, 5, 4, 1)])
def test_a_network_in_real_units_says_the_same(kind, sizes):
    rng = np.random.default_rng(len(sizes))
    X, y = rng.uniform(1, 5000, (30, 3)), rng.uniform(1e5, 1e6, (30, sizes[-1]))
    x_scaler, y_scaler = kind().fit(X), kind().fit(y)
    layers = [Dense(a, b, "tanh") for a, b in pairwise(sizes[:-1])] + [Dense(*sizes[-2:])]
    names = {"input_names": ["a", "b", "c"]}
    net = Network(layers, seed=1, **names)
    net.theta = rng.normal(size=net.theta.size)
    before = net.theta.copy()
    real = in_real_units(net, x_scaler, y_scaler)
    expected = y_scaler.inverse_transform(net.predict(x_scaler.transform(X)))
    np.testing.assert_allclose(real.predict(X), expected, rtol=1e-10)
    np.testing.assert_array_equal(net.theta, before)
    assert real.input_names == ["a", "b", "c"]


def test_what_cannot_be_taken_into_a_network():
    X, y = np.arange(8.0).reshape(4, 2), np.arange(4.0)[:, None]
    x_scaler, y_scaler = StandardScaler().fit(X), StandardScaler().fit(y)
    with says(
        ValueError,
        "the output's activation is sigmoid, and only that of a linear output can take in the scaling of y; "
        'train with Dense(..., "linear") as the last layer.',
    ):
        in_real_units(Network([Dense(2, 1, "sigmoid")]), x_scaler, y_scaler)
    with says(ShapeError, "X has 3 columns, but the scaler needs 2."):
        in_real_units(Network([Dense(3, 1)]), x_scaler, y_scaler)
    with says(ValueError, "this StandardScaler has seen no rows yet: call fit with the training rows first."):
        in_real_units(Network([Dense(2, 1)]), StandardScaler(), y_scaler)
    with says(ValueError, "net must be a Network; got 3. Make one, as in net = Network([Dense(2, 1)])."):
        in_real_units(3, x_scaler, y_scaler)
    with says(ValueError, "x_scaler must be a Scaler; got 3."):
        in_real_units(Network([Dense(2, 1)]), 3, y_scaler)
    with says(ValueError, "y_scaler must be a Scaler; got None."):
        in_real_units(Network([Dense(2, 1)]), x_scaler, None)
    net = Network([Dense(1, 1)])
    net.theta = [1e200, 0]
    with says(FloatingPointError, f"a weight in real units {LARGE}"):
        in_real_units(net, MaxScaler().fit([[1]]), MaxScaler(1e200).fit([[1]]))
