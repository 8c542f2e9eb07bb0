"""The same start must give the same curve in PyTorch and scikit-learn, where they are installed."""

import warnings

import numpy as np
import pytest
from support import network_2_3_1, sleep_study

from nnlib import SGD, Adam, Dense, Network, fit

X, Y = sleep_study()
RNG = np.random.default_rng(0)
X_MANY = RNG.normal(size=(40, 4))
Y_MANY = X_MANY @ RNG.normal(size=(4, 1)) + 0.1 * RNG.normal(size=(40, 1))


def deep(seed=0):
    return Network([Dense(4, 8, "relu"), Dense(8, 4, "tanh"), Dense(4, 1)], seed=seed)


OPTIMIZERS = [
    (SGD(0.2), "SGD", {"lr": 0.2}),
    (SGD(0.05, momentum=0.9), "SGD", {"lr": 0.05, "momentum": 0.9}),
    (Adam(0.01), "Adam", {"lr": 0.01}),
]


@pytest.mark.parametrize(("optimizer", "theirs", "settings"), OPTIMIZERS, ids=["sgd", "momentum", "adam"])
@pytest.mark.parametrize(
    ("make", "X", "y", "loss"),
    [
        (network_2_3_1, X, Y, "mse"),
        (network_2_3_1, X, Y, "bce"),
        (network_2_3_1, X, Y, "mae"),
        (deep, X_MANY, Y_MANY, "mse"),
    ],
)
def test_pytorch(make, X, y, loss, optimizer, theirs, settings):
    torch = pytest.importorskip("torch")
    net = make()
    kinds = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU, "tanh": torch.nn.Tanh}
    modules = []
    for layer in net.layers:
        linear = torch.nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(layer.W.T.copy()))  # PyTorch keeps the transpose
            linear.bias.copy_(torch.from_numpy(layer.b.copy()))
        modules += [linear, *([kinds[layer.activation.name]()] if layer.activation.name in kinds else [])]
    model = torch.nn.Sequential(*modules)
    rule = {"mse": torch.nn.MSELoss, "mae": torch.nn.L1Loss, "bce": torch.nn.BCELoss}[loss]()
    step = getattr(torch.optim, theirs)(model.parameters(), **settings)
    inputs, targets, curve = torch.from_numpy(X), torch.from_numpy(y), []
    for _ in range(100):
        step.zero_grad()
        value = rule(model(inputs), targets)
        value.backward()
        step.step()
        curve.append(value.item())
    history = fit(net, X, y, epochs=100, optimizer=optimizer, loss=loss)
    np.testing.assert_allclose(history.loss, curve, rtol=1e-9)
    np.testing.assert_allclose(net.predict(X), model(inputs).detach().numpy(), rtol=1e-8)


@pytest.mark.parametrize(
    ("optimizer", "settings"),
    [
        # Its loss is half the mean squared error, so that its slopes are half as steep.
        (SGD(0.1), {"solver": "sgd", "learning_rate_init": 0.2, "momentum": 0.0}),
        (
            SGD(0.02, momentum=0.9),
            {"solver": "sgd", "learning_rate_init": 0.04, "momentum": 0.9, "nesterovs_momentum": False},
        ),
        # Adam divides the slopes by their size; ε is so small here that only rounding is left.
        (Adam(0.01, epsilon=1e-14), {"solver": "adam", "learning_rate_init": 0.01, "epsilon": 1e-14}),
    ],
    ids=["sgd", "momentum", "adam"],
)
@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_scikit_learn(activation, optimizer, settings):
    neural_network = pytest.importorskip("sklearn.neural_network")
    net = Network([Dense(4, 8, activation), Dense(8, 4, activation), Dense(4, 1)])
    model = neural_network.MLPRegressor(
        hidden_layer_sizes=(8, 4),
        activation="logistic" if activation == "sigmoid" else activation,
        alpha=0.0,
        batch_size=len(X_MANY),
        max_iter=100,
        tol=0.0,
        n_iter_no_change=1000,
        shuffle=False,
        warm_start=True,
        **settings,
    )
    model.partial_fit(X_MANY, Y_MANY[:, 0])  # makes its arrays, which are then given our start
    for W, b, layer in zip(model.coefs_, model.intercepts_, net.layers, strict=True):
        W[...], b[...] = layer.W, layer.b
    model.loss_curve_.clear()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that 100 epochs are too few
        model.fit(X_MANY, Y_MANY[:, 0])
    history = fit(net, X_MANY, Y_MANY, epochs=100, optimizer=optimizer)
    np.testing.assert_allclose(history.loss, 2 * np.array(model.loss_curve_), rtol=1e-7)
    np.testing.assert_allclose(net.predict(X_MANY)[:, 0], model.predict(X_MANY), rtol=1e-6)
