"""Optimizers: the formulas, step by step, and what they refuse."""

import math

import numpy as np
import pytest
from support import network_2_3_1, says

from nnlib import SGD, Adam, ShapeError, train
from nnlib.optimizers import get_optimizer

GRADS = [np.array([1.0, -2.0]), np.array([0.5, 4.0]), np.array([-3.0, 0.0])]
RATE = " Try 0.1 first: at 0 nothing would move, and below 0 the loss would rise."


def after(optimizer, grads):
    theta = np.array([10.0, 20.0])
    for grad in grads:
        optimizer.step(theta, grad)
    return theta


def test_gradient_descent():
    np.testing.assert_allclose(after(SGD(0.1), GRADS), [10.15, 19.8], rtol=1e-14)


def test_momentum():
    theta, v = np.array([10.0, 20.0]), 0
    for grad in GRADS:
        v = 0.9 * v - 0.1 * grad
        theta = theta + v
    np.testing.assert_allclose(after(SGD(0.1, momentum=0.9), GRADS), theta, rtol=1e-14)


def test_adam_as_its_authors_wrote_it():
    theta, m, v = np.array([10.0, 20.0]), 0, 0
    for t, grad in enumerate(GRADS, start=1):
        m, v = 0.8 * m + 0.2 * grad, 0.95 * v + 0.05 * grad**2
        theta = theta - 0.5 * (m / (1 - 0.8**t)) / (np.sqrt(v / (1 - 0.95**t)) + 0.1)
    np.testing.assert_allclose(after(Adam(0.5, 0.8, 0.95, epsilon=0.1), GRADS), theta, rtol=1e-14)


def test_adams_first_step_is_the_learning_rate_whatever_the_slope():
    np.testing.assert_allclose(after(Adam(0.5), [np.array([1e-3, -1e3])]), [9.5, 20.5], rtol=1e-5)


@pytest.mark.parametrize("make", [lambda: SGD(0.1, 0.9), Adam], ids=["momentum", "adam"])
def test_reset_forgets(make):
    used = make()
    after(used, GRADS)
    used.reset()
    np.testing.assert_array_equal(after(used, GRADS), after(make(), GRADS))


@pytest.mark.parametrize("make", [SGD, lambda: SGD(0.1, 0.9), Adam], ids=["sgd", "momentum", "adam"])
def test_another_shape_starts_afresh_and_the_gradient_is_left_alone(make):
    optimizer, theta, grad = make(), np.ones((3, 2)), np.full((3, 2), 2.0)
    after(optimizer, GRADS)
    optimizer.step(theta, grad)
    assert (theta < 1).all()
    assert (grad == 2).all()


def test_names_and_defaults():
    assert repr(get_optimizer("sgd")) == "SGD(learning_rate=0.1, momentum=0)"
    assert repr(get_optimizer("Adam")) == "Adam(learning_rate=0.001)"
    optimizer = Adam()
    assert get_optimizer(optimizer) is optimizer


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        (0, "0"),
        (-0.5, "-0.5"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (np.float64(0), "0.0"),
        (10**400, "1" + 28 * "0" + "…"),
        (None, "None"),
        (True, "True"),
        ("0.1", "'0.1'"),
    ],
)
def test_a_learning_rate_that_cannot_be_used(kind, rate, shown):
    with says(ValueError, f"learning_rate must be a finite number above 0; got {shown}.{RATE}"):
        kind(rate)


FRACTION = "must be a number from 0 up to, but not including, 1; got"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SGD(0.1, momentum=1), f"momentum {FRACTION} 1."),
        (lambda: SGD(0.1, momentum=-0.1), f"momentum {FRACTION} -0.1."),
        (lambda: SGD(0.1, momentum="high"), f"momentum {FRACTION} 'high'."),
        (lambda: Adam(beta_1=1.0), f"beta_1 {FRACTION} 1.0."),
        (lambda: Adam(beta_2=math.nan), f"beta_2 {FRACTION} nan."),
        (lambda: Adam(epsilon=0), "epsilon must be a finite number above 0; got 0."),
        (
            lambda: get_optimizer("sdg"),
            "'sdg' is no optimizer that nnlib knows; choose one of sgd, adam. Did you mean 'sgd'?",
        ),
        (lambda: get_optimizer(0.1), "the optimizer must be one of sgd, adam; got 0.1."),
        (
            lambda: get_optimizer(SGD),
            "the optimizer must be one of sgd, adam; got the class SGD. Write SGD(), with brackets.",
        ),
    ],
)
def test_other_settings_that_cannot_be_used(call, message):
    with says(ValueError, message):
        call()


@pytest.mark.parametrize(
    ("optimizer", "name", "value", "message"),
    [
        (SGD(), "learning_rate", -1, f"learning_rate must be a finite number above 0; got -1.{RATE}"),
        (Adam(), "learning_rate", "1", f"learning_rate must be a finite number above 0; got '1'.{RATE}"),
        (SGD(), "momentum", 1, f"momentum {FRACTION} 1."),
        (Adam(), "beta_1", None, f"beta_1 {FRACTION} None."),
        (Adam(), "beta_2", 1.5, f"beta_2 {FRACTION} 1.5."),
        (Adam(), "epsilon", 0, "epsilon must be a finite number above 0; got 0."),
    ],
)
def test_a_setting_made_wrong_later_is_found_when_training_starts(optimizer, name, value, message):
    setattr(optimizer, name, value)
    with says(ValueError, message):
        train(network_2_3_1(), [[1, 2]], [[1]], epochs=1, optimizer=optimizer)


@pytest.mark.parametrize(
    ("error", "theta", "grad", "message"),
    [
        (
            ValueError,
            np.array([1, 2]),
            np.ones(2),
            "theta must be an array of floats: use np.array(theta, dtype=float).",
        ),
        (
            ValueError,
            np.broadcast_to(1.0, 3),
            np.ones(3),
            "theta is read-only, and a step changes it: use theta.copy().",
        ),
        (ValueError, np.ones(2), [1, 2], "grad must be an array of floats: use np.array(grad, dtype=float)."),
        (
            ShapeError,
            np.ones(3),
            np.ones(1),
            "theta has shape (3,) and grad has shape (1,); make them equal.",
        ),
    ],
)
@pytest.mark.parametrize("make", [SGD, Adam])
def test_a_step_with_what_does_not_fit(make, error, theta, grad, message):
    optimizer = make()
    optimizer.step(np.ones(3), np.ones(3))  # a step taken before must not hide it
    with says(error, message):
        optimizer.step(theta, grad)


@pytest.mark.parametrize("make", [SGD, Adam])
def test_one_array_that_is_known_does_not_vouch_for_the_other(make):
    optimizer, theta, grad = make(), np.ones(3), np.ones(3)
    optimizer.step(theta, grad)
    with says(ShapeError, "theta has shape (3,) and grad has shape (1,); make them equal."):
        optimizer.step(theta, np.ones(1))
    with says(ShapeError, "theta has shape (2, 3) and grad has shape (3,); make them equal."):
        optimizer.step(np.ones((2, 3)), grad)
