"""The network: what it computes, where its numbers live, and what it refuses."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from support import network_2_3_1, plain_forward, quick, says, sleep_study

from nnlib import Dense, Network, ShapeError
from nnlib.activations import ACTIVATIONS

X, Y = sleep_study()
OUT_OF_RANGE = "Set theta to smaller numbers or make a new network, and scale the inputs."


@quick
@given(st.data())
def test_predictions_are_those_of_plain_numpy(data):
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=2, max_size=5))
    kinds = data.draw(st.lists(st.sampled_from(sorted(ACTIVATIONS)), min_size=4, max_size=4))
    pairs = zip(sizes, sizes[1:], kinds, strict=False)
    net = Network([Dense(*spec) for spec in pairs], seed=data.draw(st.integers(0, 99)))
    net.theta = data.draw(arrays(float, net.theta.size, elements=st.integers(-3, 3).map(lambda n: n / 2)))
    rows = data.draw(st.integers(1, 7))
    X = data.draw(arrays(float, (rows, sizes[0]), elements=st.integers(-4, 4).map(lambda n: n / 2)))
    np.testing.assert_allclose(net.predict(X), plain_forward(net, X), rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(net.predict(X), net.forward(np.asfortranarray(X)))


def test_theta_holds_every_weight_and_bias_in_the_order_of_the_labels():
    net = network_2_3_1(input_names=["sleep", "study"], output_names=["score"])
    assert net.labels() == [
        "W1[sleep, h1]",
        "W1[sleep, h2]",
        "W1[sleep, h3]",
        "W1[study, h1]",
        "W1[study, h2]",
        "W1[study, h3]",
        "b1[h1]",
        "b1[h2]",
        "b1[h3]",
        "W2[h1, score]",
        "W2[h2, score]",
        "W2[h3, score]",
        "b2[score]",
    ]
    net.theta = range(13)
    first, second = net.layers
    np.testing.assert_array_equal(first.W, [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(first.b, [6, 7, 8])
    np.testing.assert_array_equal(second.W, [[9], [10], [11]])
    np.testing.assert_array_equal(second.b, [12])


def test_names_where_none_are_given():
    assert Network([Dense(2, 1)]).neuron_names() == [["x1", "x2"], ["y"]]
    deep = Network([Dense(1, 2), Dense(2, 1), Dense(1, 2)])
    assert deep.neuron_names() == [["x1"], ["h1.1", "h1.2"], ["h2.1"], ["y1", "y2"]]
    assert len(set(deep.labels())) == deep.theta.size
    assert Network([Dense(1, 1)], input_names="sleep").input_names == ["sleep"]


def test_setting_a_part_copies_into_place():
    net = network_2_3_1()
    theta, first = net.theta, net.layers[0]
    W, b, values = first.W, first.b, np.arange(13.0)
    net.theta = values
    first.W[1, 2] = 0.5
    first.W = first.W + 1
    first.b = [7, 8, 9]
    net.theta[0] = -1
    assert net.theta is theta
    assert first.W is W
    assert first.b is b
    np.testing.assert_array_equal(net.theta, [-1, 2, 3, 4, 5, 1.5, 7, 8, 9, 9, 10, 11, 12])
    np.testing.assert_array_equal(values, np.arange(13))  # the array that was given stays apart


def test_the_gradient_is_seen_through_the_layers():
    net = network_2_3_1()
    net.loss_and_grad(X, Y)
    parts = [part.ravel() for layer in net.layers for part in (layer.dW, layer.db)]
    np.testing.assert_array_equal(np.concatenate(parts), net.grad)
    assert all(np.shares_memory(part, net.grad) for part in parts)


def test_predictions_and_traces_are_ones_own_to_keep():
    net = network_2_3_1()
    kept = [net.predict(X), net.forward(X), net.layers[0].forward(X)]
    trace = net.trace(X)
    kept += [part for step in trace for part in step]
    before = [part.copy() for part in kept]
    net.theta = net.theta * 2
    net.predict(X + 1)
    net.loss_and_grad(X + 1, Y)
    for now, then in zip(kept, before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert [part.shape for part in trace[0]] == [(3, 2), (2, 3), (3,), (3, 3), (3, 3)]
    np.testing.assert_allclose(trace[1].z, trace[0].a @ trace[1].W + trace[1].b, rtol=1e-14)


def test_a_prediction_can_be_the_next_target_or_input():
    net = Network([Dense(2, 2, "tanh")])
    first = net.forward(X)
    net.theta = net.theta + 1
    assert net.loss(X, first) == pytest.approx(np.mean((plain_forward(net, X) - first) ** 2))
    net.loss_and_grad(net.forward(X), X)
    grad = net.grad.copy()
    net.loss_and_grad(plain_forward(net, X), X)
    np.testing.assert_allclose(net.grad, grad, rtol=1e-12)


def test_the_layers_keep_what_the_last_pass_computed():
    net = network_2_3_1()
    assert net.layers[0].a_prev.shape == (0, 2)  # no pass yet
    assert net.layers[0].z.shape == (0, 3)
    net.predict(X[:1])
    net.loss_and_grad(X, Y)
    first, last = net.layers
    np.testing.assert_array_equal(first.a_prev, X)
    np.testing.assert_allclose(first.z, X @ first.W + first.b, rtol=1e-14)
    np.testing.assert_array_equal(last.a_prev, first.a)
    delta = 2 / 3 * (last.a - Y) * last.a * (1 - last.a)
    np.testing.assert_allclose(last.delta, delta, rtol=1e-13)
    np.testing.assert_allclose(first.delta, delta @ last.W.T * first.a * (1 - first.a), rtol=1e-13)


def test_arrays_are_kept_for_a_few_row_counts_only():
    net = network_2_3_1()
    for rows in [*range(1, 50), 3, 1, 3]:
        inputs = np.linspace(0, 1, 2 * rows).reshape(rows, 2)
        np.testing.assert_allclose(net.predict(inputs), plain_forward(net, inputs), rtol=1e-13)
    for layer in net.layers:
        assert len(layer._rooms) <= layer.max_rooms


def test_arrays_are_used_again_for_the_row_counts_seen_last():
    net = network_2_3_1()
    first = {rows: net.forward_pass(np.ones((rows, 2))) for rows in (1, 2, 3, 4)}
    for rows in (2, 3, 4, 1, 5, 1, 4):  # 5 takes the place of 2, which was unused for longest
        again = net.forward_pass(np.ones((rows, 2)))
        assert again is first.setdefault(rows, again)
    assert net.forward_pass(np.ones((2, 2))) is not first[2]


DUPLICATES = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda whole: pickle.loads(pickle.dumps(whole)),
}


@pytest.mark.parametrize("duplicate", DUPLICATES.values(), ids=DUPLICATES)
def test_a_copy_is_a_whole_network_of_its_own(duplicate):
    net = network_2_3_1(seed=3, input_names=["sleep", "study"], output_names=["score"])
    theta, prediction = net.theta.copy(), net.predict(X)
    twin = duplicate(net)
    np.testing.assert_array_equal(twin.predict(X), prediction)
    assert twin.labels() == net.labels()
    twin.loss_and_grad(X, Y, "bce")
    twin.layers[0].W[0, 0] = 9
    assert twin.theta[0] == 9
    np.testing.assert_array_equal(net.theta, theta)


def test_a_copied_layer_can_be_part_of_another_network():
    net = network_2_3_1()
    layer = copy.deepcopy(net.layers[0])
    layer.b[0] = 2
    assert net.layers[0].b[0] == 0
    np.testing.assert_allclose(layer.forward(X), plain_forward(Network([layer]), X))


def test_weights_that_were_set_before_are_kept_and_the_others_drawn_as_ever():
    layer = Dense(2, 3, "sigmoid")
    layer.W = [[1, 2, 3], [4, 5, 6]]
    net = Network([layer, Dense(3, 1, "sigmoid")])
    np.testing.assert_array_equal(net.theta[:9], [1, 2, 3, 4, 5, 6, 0, 0, 0])
    np.testing.assert_array_equal(net.theta[9:], network_2_3_1().theta[9:])


def test_zeros_that_were_set_stay_zeros():
    layer = Dense(2, 3)
    layer.W = np.zeros((2, 3))
    net = Network([layer, Dense(3, 1)])
    assert not net.theta[:9].any()
    assert net.theta[9:12].all()


def test_biases_alone_can_be_set():
    layer = Dense(2, 3, "sigmoid")
    layer.b = [1, 2, 3]
    net = Network([layer, Dense(3, 1, "sigmoid")])
    np.testing.assert_array_equal(layer.W, network_2_3_1().layers[0].W)
    np.testing.assert_array_equal(layer.b, [1, 2, 3])
    assert net.theta[:6].all()


def test_a_weight_changed_in_place_counts_as_set():
    layer = Dense(2, 3)
    layer.W[0, 0] = 1
    np.testing.assert_array_equal(Network([layer]).theta, [1] + [0] * 8)


@pytest.mark.parametrize("duplicate", DUPLICATES.values(), ids=DUPLICATES)
def test_a_copied_layer_remembers_what_was_set(duplicate):
    fresh, zeros = Dense(2, 3), Dense(2, 3)
    zeros.W = np.zeros((2, 3))
    assert Network([duplicate(fresh)]).layers[0].W.all()
    assert not Network([duplicate(zeros)]).theta.any()
    net = Network([Dense(2, 3)])
    net.theta = np.zeros(9)
    assert not Network([duplicate(net.layers[0])]).theta.any()


class Louder(Dense):
    """A layer of one's own."""

    def forward_pass(self, a_prev):
        a = super().forward_pass(a_prev)
        a *= 2
        return a


@pytest.mark.parametrize("duplicate", DUPLICATES.values(), ids=DUPLICATES)
def test_a_copy_keeps_layers_of_ones_own(duplicate):
    net = Network([Louder(2, 1)])
    for layer in (duplicate(net.layers[0]), duplicate(net).layers[0]):
        assert type(layer) is Louder
        np.testing.assert_array_equal(layer.forward(X), net.predict(X))


def test_the_same_seed_draws_the_same_weights():
    np.testing.assert_array_equal(network_2_3_1(seed=7).theta, network_2_3_1(seed=7).theta)
    np.testing.assert_array_equal(network_2_3_1().theta, network_2_3_1(seed=0).theta)
    assert (network_2_3_1(seed=7).theta != network_2_3_1(seed=8).theta).any()
    assert (network_2_3_1(seed=None).theta != network_2_3_1(seed=None).theta).any()


@pytest.mark.parametrize(("activation", "limit"), [("tanh", (6 / 80) ** 0.5), ("relu", (6 / 60) ** 0.5)])
def test_first_weights_are_spread_evenly_and_biases_are_0(activation, limit):
    layer = Network([Dense(60, 20, activation)]).layers[0]
    assert 0.99 * limit < abs(layer.W).max() <= limit
    assert abs(layer.W.mean()) < 0.1 * limit
    assert not layer.b.any()


def test_the_activation_can_be_changed_by_its_name():
    net = network_2_3_1()
    net.layers[0].activation = "relu"
    assert repr(net) == "Network 2-3-1 (relu, sigmoid), 13 parameters"
    np.testing.assert_allclose(net.predict(X), plain_forward(net, X))
    with says(ValueError, "the activation must be one of linear, step, sigmoid, tanh, relu; got None."):
        net.layers[0].activation = None


def test_how_it_is_shown():
    assert repr(Network(Dense(2, 1))) == "Network 2-1 (linear), 3 parameters"
    assert repr(Dense(2, 1, "tanh")) == "Dense(2, 1, 'tanh')"


USED = Dense(2, 2)
Network([USED])
TWICE = Dense(2, 2)


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (
            ShapeError,
            lambda: Network([]),
            "a network needs at least one layer, as in Network([Dense(2, 1)]).",
        ),
        (
            ValueError,
            lambda: Network([2, 3, 1]),
            "layer 1 is 2; write it as Dense(inputs, neurons, activation).",
        ),
        (ValueError, lambda: Network(5), "layer 1 is 5; write it as Dense(inputs, neurons, activation)."),
        (
            ShapeError,
            lambda: Network([Dense(2, 3), Dense(4, 1)]),
            "layer 1 has 3 neurons, but layer 2 expects 4 inputs: make the two numbers equal.",
        ),
        (
            ValueError,
            lambda: Network([USED]),
            "layer 1 is part of a network already; make a new Dense for this one.",
        ),
        (
            ValueError,
            lambda: Network([TWICE, TWICE]),
            "layer 2 is part of a network already; make a new Dense for this one.",
        ),
        (
            ValueError,
            lambda: Dense(0, 1),
            "n_in (the inputs of a layer) must be a whole number of 1 or more; got 0.",
        ),
        (
            ValueError,
            lambda: Dense(2, 1.5),
            "n_out (the neurons of a layer) must be a whole number of 1 or more; got 1.5.",
        ),
        (
            ValueError,
            lambda: Dense(10**5, 10**4),
            "a layer of 100000 inputs and 10000 neurons is too large: "
            "it can have 100,000,000 weights at most.",
        ),
        (
            ValueError,
            lambda: network_2_3_1(seed=-1),
            "seed must be a whole number of 0 or more; got -1. None draws other numbers each time.",
        ),
        (
            ShapeError,
            lambda: network_2_3_1(input_names="sleep"),
            "input_names has 1 name, but the network has 2 inputs.",
        ),
        (
            ShapeError,
            lambda: network_2_3_1(output_names=["a", "b"]),
            "output_names has 2 names, but the network has 1 output.",
        ),
        (
            ValueError,
            lambda: network_2_3_1(input_names=["a", "a"]),
            "input_names must differ from one another; got ['a', 'a'].",
        ),
        (
            ValueError,
            lambda: network_2_3_1(input_names=5),
            "input_names must be a list of names; got 5.",
        ),
    ],
)
def test_a_network_that_cannot_be_built(error, call, message):
    with says(error, message):
        call()


def test_the_largest_layer(monkeypatch):
    monkeypatch.setattr(Dense, "most", 6)
    assert Dense(2, 3).W.size == 6
    with pytest.raises(ValueError, match="it can have 6 weights at most"):
        Dense(7, 1)


def test_a_network_that_failed_does_not_use_up_its_layers():
    layers = [Dense(2, 1)]
    for settings in ({"input_names": ["a"]}, {"seed": -1}):
        with pytest.raises(ValueError, match=r"names|seed"):
            Network(layers, **settings)
    assert Network(layers).theta.size == 3


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ShapeError, lambda net: net.predict([[1, 2, 3]]), "X has 3 columns, but the network needs 2."),
        (
            ValueError,
            lambda net: net.trace([[1, np.nan]]),
            "X[0, 1] is nan; every value must be a finite number.",
        ),
        (
            ShapeError,
            lambda net: net.loss(X, Y[:, 0]),
            "y must be a table of shape (rows, columns); got shape (3,). Use y.reshape(-1, "
            "1) for one column.",
        ),
        (
            ShapeError,
            lambda net: net.loss_and_grad(X, Y[:2]),
            "X has 3 rows and y has 2 rows; every row of X needs its own row of y.",
        ),
        (
            ShapeError,
            lambda net: net.loss_and_grad(X, X),  # NumPy alone would stretch ŷ over both columns
            "y has 2 columns, but the network needs 1.",
        ),
        (ShapeError, lambda net: net.layers[1].forward(X), "a_prev has 2 columns, but the layer needs 3."),
        (
            ShapeError,
            lambda net: setattr(net.layers[0], "W", [0.1, 0.2, 0.3]),  # 3 weights for 2 inputs
            "W must have shape (2, 3), a row for each input and a column for each neuron; got shape (3,).",
        ),
        (
            ShapeError,
            lambda net: setattr(net.layers[0], "b", 0.5),
            "b must have shape (3,), a number for each neuron; got shape ().",
        ),
        (
            ShapeError,
            lambda net: setattr(net, "theta", np.zeros(12)),
            "theta must have shape (13,), a number for each weight and bias; got shape (12,).",
        ),
        (
            ValueError,
            lambda net: setattr(net, "theta", [np.inf] * 13),
            "theta[0] is inf; every value must be a finite number.",
        ),
    ],
)
def test_what_does_not_fit(error, call, message):
    net = network_2_3_1()
    theta = net.theta.copy()
    with says(error, message):
        call(net)
    np.testing.assert_array_equal(net.theta, theta)


@pytest.mark.parametrize(
    ("call", "what", "theta"),
    [
        (lambda net: net.predict([[1, 1]]), "prediction", [1e308, 1e308, 1e308]),
        (lambda net: net.trace([[1, 1]]), "prediction", [np.nan, 0, 0]),
        (lambda net: net.loss([[1, 1]], [[1]]), "loss", [1e200, 0, 0]),
        (lambda net: net.loss_and_grad([[1, 1]], [[1]], "mae"), "loss", [-np.inf, 0, 0]),
        (lambda net: net.loss_and_grad([[1e200, 1e200]], [[1]]), "loss", [1, 1, 1]),
        (lambda net: net.loss_and_grad([[1e308, 0]], [[1e100]]), "gradient", [0, 0, 0]),
    ],
)
def test_numbers_out_of_range_are_said_in_words(call, what, theta):
    net = Network([Dense(2, 1)])
    net.theta[:] = theta
    message = f"the network's {what} is infinite or undefined: its largest weight or bias is "
    with says(FloatingPointError, f"{message}{abs(net.theta).max():g}. {OUT_OF_RANGE}"):
        call(net)


def test_a_layer_alone_says_it_too():
    layer = Dense(1, 1)
    layer.W = [[1e200]]
    message = (
        "what the layer puts out is infinite or undefined: the numbers are too large to calculate with. "
        "Scale them, or use another unit."
    )
    with says(FloatingPointError, message):
        layer.forward([[1e200]])
