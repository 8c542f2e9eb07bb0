"""Backpropagation against central differences, which need no chain rule."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import network_2_3_1, quick, says, sleep_study

from nnlib import Dense, Network, ShapeError, gradient_error, numerical_gradient
from nnlib.activations import ACTIVATIONS

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(7, 3)), RNG.uniform(size=(7, 2))
CASES = [(a, b, loss) for a in ACTIVATIONS for b in ACTIVATIONS for loss in ("mse", "mae")]
CASES += [(a, "sigmoid", "bce") for a in ACTIVATIONS]  # cross-entropy demands a sigmoid output


def shaken(net: Network, size: float = 0.5) -> Network:
    """Move every parameter a little, so that no bias is 0."""
    net.theta = net.theta + np.random.default_rng(1).normal(scale=size, size=net.theta.size)
    return net


@pytest.mark.parametrize(("hidden", "output", "loss"), CASES)
def test_every_activation_with_every_loss(hidden, output, loss):
    net = shaken(Network([Dense(3, 4, hidden), Dense(4, 3, hidden), Dense(3, 2, output)]))
    assert gradient_error(net, X, Y, loss) < 1e-8
    # A step has slope 0, so that nothing can be learned before it.
    assert net.grad.any() == (output != "step")


@quick
@given(sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5), rows=st.integers(1, 6))
def test_every_shape(sizes, rows):
    rng = np.random.default_rng([*sizes, rows])
    net = shaken(Network([Dense(i, o, "tanh") for i, o in zip(sizes, sizes[1:], strict=False)]))
    X, y = rng.normal(size=(rows, sizes[0])), rng.normal(size=(rows, sizes[-1]))
    assert gradient_error(net, X, y) < 1e-7


def test_a_wrong_gradient_is_found():
    net = network_2_3_1()

    class Half(type(net.layers[0].activation)):
        def slope_into(self, z, a, slope):
            super().slope_into(z, a, slope)
            slope *= 0.5

    net.layers[0].activation = Half()
    error = gradient_error(net, *sleep_study())
    a, n = net.grad, numerical_gradient(net, *sleep_study())
    assert error == pytest.approx(np.linalg.norm(a - n) / (np.linalg.norm(a) + np.linalg.norm(n)))
    assert error > 0.01


def test_the_network_is_as_it_was():
    net, (X, y) = network_2_3_1(), sleep_study()
    net.loss_and_grad(X, y)
    theta, grad = net.theta.copy(), net.grad.copy()
    assert numerical_gradient(net, X, y).shape == (13,)
    np.testing.assert_array_equal(net.theta, theta)
    np.testing.assert_array_equal(net.grad, grad)


def test_no_slope_at_all_is_no_error():
    assert gradient_error(Network([Dense(1, 1, "step")]), [[1]], [[1]]) == 0.0


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (ValueError, {"h": 0}, "h must be a finite number above 0; got 0."),
        (
            ValueError,
            {"net": None},
            "net must be a Network; got None. Make one, as in net = Network([Dense(2, 1)]).",
        ),
        (ShapeError, {"X": [[1]], "y": [[1]]}, "X has 1 column, but the network needs 2."),
        (
            FloatingPointError,
            {"net": Network([Dense(2, 1)]), "h": 1e200},
            "a nudged slope is infinite or undefined: the numbers are too large to calculate with. "
            "Scale them, or use another unit.",
        ),
    ],
)
def test_bad_input(error, changes, message):
    with says(error, message):
        numerical_gradient(**{"net": network_2_3_1(), "X": [[1, 2]], "y": [[1]], **changes})


@pytest.mark.parametrize(
    ("theta", "h", "message"),
    [
        (
            [2, 0],
            1e-17,
            "h is 1e-17, too small to move a parameter of 2: h added to it is rounded away. Try h=2e-05.",
        ),
        (
            [0, -1e12],
            1e-5,
            "h is 1e-05, too small to move a parameter of -1e+12: h added to it is rounded away. "
            "Try h=1e+07.",
        ),
        # Floats lie closer together on the side of 0: 1 moves down by this h and not up, -1 the other way.
        (
            [1, 0],
            1e-16,
            "h is 1e-16, too small to move a parameter of 1: h added to it is rounded away. Try h=1e-05.",
        ),
        (
            [-1, 0],
            1e-16,
            "h is 1e-16, too small to move a parameter of -1: h added to it is rounded away. Try h=1e-05.",
        ),
    ],
)
def test_a_nudge_that_moves_nothing(theta, h, message):
    net = Network([Dense(1, 1)])
    net.theta = theta
    with says(ValueError, message):
        numerical_gradient(net, [[1]], [[1]], h=h)
    np.testing.assert_array_equal(net.theta, theta)


def test_a_loss_in_range_is_nudged_where_another_is_out_of_it():
    net = Network([Dense(1, 1)])
    net.theta = [1, 0]
    slope = numerical_gradient(net, [[1e160]], [[0]], "mae")[0]  # the squared error would be 1e320
    assert slope == pytest.approx(1e160)


def test_weights_out_of_range_leave_theta_as_it_was():
    net = Network([Dense(1, 1)])
    net.theta = theta = [1e200, 0]
    message = (
        "the network's loss is infinite or undefined: its largest weight or bias is 1e+200. "
        "Set theta to smaller numbers or make a new network, and scale the inputs."
    )
    with says(FloatingPointError, message):
        numerical_gradient(net, [[1]], [[0]])
    np.testing.assert_array_equal(net.theta, theta)
