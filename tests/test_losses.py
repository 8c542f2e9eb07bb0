"""Losses: the values, the slopes, and the targets each can use."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from support import network_2_3_1, quick, says, sleep_study

from nnlib import (
    BinaryCrossEntropy,
    Dense,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    Network,
    ShapeError,
    fit,
    gradient_error,
)
from nnlib.activations import Sigmoid
from nnlib.losses import LOSSES, get_loss

mse, mae, bce = MeanSquaredError(), MeanAbsoluteError(), BinaryCrossEntropy()
KNOWN = "mse, mae, bce, mean_squared_error, mean_absolute_error, binary_crossentropy"


@pytest.mark.parametrize(
    ("loss", "y_hat", "y", "value", "gradient"),
    [
        (mse, [[1], [4]], [[0], [2]], 2.5, [[1], [2]]),  # the mean, without the factor 1/2
        (mse, [[1, 4]], [[0, 2]], 2.5, [[1, 2]]),  # over outputs as over rows
        (mae, [[1], [4], [2]], [[0], [6], [2]], 1.0, [[1 / 3], [-1 / 3], [0]]),
        (bce, [[0.5], [0.25]], [[1], [0]], (math.log(2) + math.log(4 / 3)) / 2, [[-1], [2 / 3]]),
    ],
)
def test_values_and_slopes_worked_out_by_hand(loss, y_hat, y, value, gradient):
    assert loss(y_hat, y) == loss.value(y_hat, y) == pytest.approx(value, rel=1e-14)
    np.testing.assert_allclose(loss.gradient(y_hat, y), gradient, rtol=1e-14)


@quick
@given(data=st.data(), shape=array_shapes(min_dims=2, max_dims=2, max_side=4))
@pytest.mark.parametrize("loss", [mse, mae, bce], ids=repr)
def test_the_slopes_are_those_of_central_differences(loss, data, shape):
    # ŷ and y stay 0.01 apart, because the absolute error has a corner where they meet.
    y = data.draw(arrays(float, shape, elements=st.floats(0, 1)))
    y_hat = data.draw(arrays(float, shape, elements=st.floats(0.05, 0.95)))
    y_hat = np.where(abs(y_hat - y) < 0.01, np.where(y_hat < 0.5, y_hat + 0.02, y_hat - 0.02), y_hat)
    h, slopes = 1e-6, np.empty(shape)
    for place in np.ndindex(shape):
        nudge = np.zeros(shape)
        nudge[place] = h
        slopes[place] = (loss(y_hat + nudge, y) - loss(y_hat - nudge, y)) / (2 * h)
    np.testing.assert_allclose(loss.gradient(y_hat, y), slopes, rtol=1e-6, atol=1e-8)


def test_cross_entropy_stays_finite_where_a_prediction_is_certain():
    y_hat, y = [[0.0], [1.0]], [[1.0], [0.0]]
    assert bce(y_hat, y) == pytest.approx(-math.log(1e-15), rel=1e-3)
    assert np.isfinite(bce.gradient(y_hat, y)).all()
    assert bce(y, y) == pytest.approx(0, abs=1e-14)


def test_cross_entropy_keeps_its_slope_where_the_sigmoid_is_saturated():
    net = Network([Dense(1, 1, "sigmoid")])
    net.theta = [0, 800]  # ŷ = 1, and the sigmoid's own slope is 0
    net.loss_and_grad([[1]], [[0]], "bce")
    np.testing.assert_array_equal(net.grad, [1, 1])


@pytest.mark.parametrize("y", [0, 0.3, 1])
@pytest.mark.parametrize("z", [-800, -45, -30, 0, 30, 45, 800])
def test_cross_entropy_and_its_slopes_agree_where_the_sigmoid_is_saturated(z, y):
    net = Network([Dense(1, 1, "sigmoid")])
    net.theta = [z / 2, z / 2]
    # -y log ŷ - (1 - y) log(1 - ŷ), where log ŷ = -log(1 + e^-z)
    exact = y * (max(-z, 0) + math.log1p(math.exp(-abs(z))))
    exact += (1 - y) * (max(z, 0) + math.log1p(math.exp(-abs(z))))
    assert net.loss([[1]], [[y]], "bce") == pytest.approx(exact, rel=1e-14)
    assert net.loss_and_grad([[1]], [[y]], "bce") == net.loss([[1]], [[y]], "bce")
    assert gradient_error(net, [[1]], [[y]], "bce") < 1e-8


def test_cross_entropy_of_validation_rows_is_exact_too():
    net = Network([Dense(1, 1, "sigmoid")])
    net.theta = [800, 0]
    history = fit(net, [[0]], [[0.5]], epochs=1, optimizer="sgd", loss="bce", validation=([[1]], [[0]]))
    assert history.val_loss == [800]


class Doubled(MeanSquaredError):
    """Twice the mean squared error."""

    def value_pass(self, y_hat, y):
        return 2 * super().value_pass(y_hat, y)

    def gradient_pass(self, y_hat, y):
        return 2 * super().gradient_pass(y_hat, y)


class DoubledEntropy(BinaryCrossEntropy):
    """Twice the cross-entropy."""

    def value_pass(self, y_hat, y):
        return 2 * super().value_pass(y_hat, y)

    def gradient_pass(self, y_hat, y):
        return 2 * super().gradient_pass(y_hat, y)


@pytest.mark.parametrize(("loss", "double"), [(mse, Doubled()), (bce, DoubledEntropy())], ids=["mse", "bce"])
def test_a_subclass_with_rules_of_its_own_is_heard(loss, double):
    net, (X, y) = network_2_3_1(), sleep_study()
    value = net.loss_and_grad(X, y, loss)
    grad = net.grad.copy()
    assert net.loss_and_grad(X, y, double) == pytest.approx(2 * value, rel=1e-12)
    assert net.loss(X, y, double) == pytest.approx(2 * value, rel=1e-12)
    np.testing.assert_allclose(net.grad, 2 * grad, rtol=1e-12)


class Steep(Sigmoid):
    """A sigmoid that is twice as steep."""

    def into(self, z, a):
        super().into(2 * z, a)

    def slope_into(self, z, a, slope):
        super().slope_into(z, a, slope)
        slope *= 2


def test_cross_entropy_of_a_sigmoid_of_ones_own():
    net = Network([Dense(2, 1, Steep())])
    X, y = sleep_study()
    assert net.loss(X, y, "bce") == pytest.approx(bce(net.predict(X), y))
    assert gradient_error(net, X, y, "bce") < 1e-8


def test_every_name_finds_its_loss():
    assert {name: type(get_loss(name)) for name in LOSSES} == {
        "mse": MeanSquaredError,
        "mae": MeanAbsoluteError,
        "bce": BinaryCrossEntropy,
        "mean_squared_error": MeanSquaredError,
        "mean_absolute_error": MeanAbsoluteError,
        "binary_crossentropy": BinaryCrossEntropy,
    }
    assert get_loss("MSE") is get_loss("mse")
    assert get_loss(mae) is mae
    assert repr(mae) == "MeanAbsoluteError()"


@pytest.mark.parametrize("call", [mse, mse.value, mse.gradient])
@pytest.mark.parametrize(
    ("y_hat", "y", "message"),
    [
        # NumPy alone would make a table of 3 times 3 differences of these, without a word.
        (
            np.ones((3, 1)),
            np.ones(3),
            "y must be a table of shape (rows, columns); got shape (3,). Use y.reshape(-1, "
            "1) for one column.",
        ),
        (
            np.ones(3),
            np.ones((3, 1)),
            "y_hat must be a table of shape (rows, columns); got shape (3,). Use y_hat.reshape(-1, "
            "1) for one column.",
        ),
        (np.ones((3, 1)), np.ones((1, 3)), "y_hat has shape (3, 1) and y has shape (1, 3); make them equal."),
    ],
)
def test_predictions_and_targets_of_different_shapes(call, y_hat, y, message):
    with says(ShapeError, message):
        call(y_hat, y)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: bce([[1.5]], [[1]]),
            "binary cross-entropy needs predictions from 0 to 1; y_hat goes from 1.5 to 1.5. "
            'Use loss="mse" for numbers such as scores and prices.',
        ),
        (
            lambda: bce.gradient([[0.5], [0.5]], [[-1], [3]]),
            "binary cross-entropy needs targets from 0 to 1; y goes from -1 to 3. "
            'Use loss="mse" for numbers such as scores and prices.',
        ),
        (
            lambda: network_2_3_1().loss([[1, 2]], [[75]], "bce"),
            "binary cross-entropy needs targets from 0 to 1; y goes from 75 to 75. "
            'Use loss="mse" for numbers such as scores and prices.',
        ),
        (
            lambda: Network([Dense(2, 1)]).loss([[1, 2]], [[1]], "bce"),
            "binary cross-entropy needs a probability, but the last layer's activation is linear: "
            'give it "sigmoid", or use loss="mse".',
        ),
        (
            lambda: network_2_3_1().loss([[1, 2]], [[1]], "msee"),
            f"'msee' is no loss that nnlib knows; choose one of {KNOWN}. Did you mean 'mse'?",
        ),
        (lambda: network_2_3_1().loss([[1, 2]], [[1]], 5), f"the loss must be one of {KNOWN}; got 5."),
    ],
)
def test_a_loss_that_cannot_be_used(call, message):
    with says(ValueError, message):
        call()


@pytest.mark.parametrize(
    ("call", "what"), [(mse, "the loss"), (mse.value, "the loss"), (mse.gradient, "the loss's slope")]
)
def test_a_loss_that_is_out_of_range(call, what):
    message = (
        f"{what} is infinite or undefined: the numbers are too large to calculate with. "
        "Scale them, or use another unit."
    )
    with says(FloatingPointError, message):
        call([[1e308]], [[-1e308]])


class Quartic(Loss):
    """L = mean((ŷ - y)⁴)."""

    name = "quartic"

    def value_pass(self, y_hat, y):
        return float(((y_hat - y) ** 4).mean())

    def gradient_pass(self, y_hat, y):
        return 4 * (y_hat - y) ** 3 / y.size


def test_a_loss_of_ones_own_works_like_the_others():
    assert gradient_error(network_2_3_1(), *sleep_study(), Quartic()) < 1e-8
