"""Activations: the values, the slopes, and the traps of each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import quick, says

from nnlib import Activation, Dense, Network, gradient_error, linear, relu, sigmoid, step, tanh
from nnlib.activations import ACTIVATIONS, Sigmoid, get_activation

TABLE = [  # f, z, f(z), f'(z)
    (linear, -2.0, -2.0, 1.0),
    (step, -1.0, 0.0, 0.0),
    (step, 0.0, 0.0, 0.0),
    (step, 0.5, 1.0, 0.0),
    (sigmoid, 0.0, 0.5, 0.25),
    (sigmoid, np.log(3), 0.75, 0.1875),
    (tanh, 0.0, 0.0, 1.0),
    (tanh, np.log(2), 0.6, 0.64),
    (relu, -3.0, 0.0, 0.0),
    (relu, 0.0, 0.0, 0.0),
    (relu, 3.0, 3.0, 1.0),
]


@pytest.mark.parametrize(("f", "z", "a", "slope"), TABLE)
def test_values_and_slopes_worked_out_by_hand(f, z, a, slope):
    assert f(z) == pytest.approx(a, abs=1e-15)
    assert f.slope(z) == pytest.approx(slope, abs=1e-15)


@quick
@given(z=st.floats(-20, 20).filter(lambda z: abs(z) > 1e-4))
@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=str)
def test_the_slope_is_that_of_central_differences(f, z):
    h = 1e-5
    assert f.slope(z) == pytest.approx((f(z + h) - f(z - h)) / (2 * h), abs=1e-9)


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=str)
def test_a_number_gives_a_number_and_an_array_its_shape(f):
    assert type(f(1)) is float
    assert type(f.slope(1)) is float
    for z in ([1, 2], [[1, 2, 3]], np.ones((2, 2), order="F")):
        assert f(z).shape == f.slope(z).shape == np.shape(z)


@pytest.mark.parametrize("f", ACTIVATIONS.values(), ids=str)
def test_nothing_overflows_and_the_input_is_left_alone(f):
    z = np.array([-1e308, -800.0, 0.0, 800.0, 1e308])
    before = z.copy()
    assert np.isfinite(f(z)).all()
    assert np.isfinite(f.slope(z)).all()
    np.testing.assert_array_equal(z, before)


def test_sigmoid_saturates_at_0_and_1():
    np.testing.assert_array_equal(sigmoid([-800, 800]), [0, 1])


def test_an_activation_is_found_by_its_name_in_any_case():
    assert get_activation("ReLU") is relu
    assert get_activation(tanh) is tanh
    assert repr(sigmoid) == "sigmoid"


@pytest.mark.parametrize(
    ("activation", "message"),
    [
        (
            "relux",
            "'relux' is no activation that nnlib knows; choose one of linear, step, sigmoid, tanh, relu. "
            "Did you mean 'relu'?",
        ),
        ("x", "'x' is no activation that nnlib knows; choose one of linear, step, sigmoid, tanh, relu."),
        (5, "the activation must be one of linear, step, sigmoid, tanh, relu; got 5."),
        (
            Sigmoid,
            "the activation must be one of linear, step, sigmoid, tanh, relu; got the class Sigmoid. "
            "Write Sigmoid(), with brackets.",
        ),
    ],
)
def test_an_unknown_activation(activation, message):
    with says(ValueError, message):
        Dense(2, 1, activation)


@pytest.mark.parametrize("call", [sigmoid, sigmoid.slope])
def test_no_number(call):
    with says(ValueError, "z is nan; every value must be a finite number."):
        call(float("nan"))


class Square(Activation):
    """a = z², slope 2z."""

    name = "square"

    def into(self, z, a):
        np.multiply(z, z, out=a)

    def slope_into(self, z, a, slope):
        np.multiply(z, 2.0, out=slope)


# Its slope is made from z, where those of nnlib's own are made from a.
@pytest.mark.parametrize("loss", ["mse", "mae"])
def test_an_activation_of_ones_own_trains_like_the_others(loss):
    net = Network([Dense(2, 2, Square()), Dense(2, 1, Square())])
    assert gradient_error(net, [[1, 2], [3, 4]], [[1], [2]], loss) < 1e-8
    np.testing.assert_array_equal(Square().slope([1, -2]), [2, -4])
