"""The 2-3-1 network against the same network in plain maths."""

import numpy as np
import pytest
from support import network_2_3_1, sleep_study

from nnlib import SGD, fit, reference

X, Y = sleep_study()
THETAS = [network_2_3_1(seed=seed).theta * 3 + 0.1 for seed in range(5)]


@pytest.mark.parametrize("theta", THETAS)
def test_the_forward_pass(theta):
    net = network_2_3_1()
    net.theta = theta
    for x, hidden, output in zip(X, net.trace(X)[0].a, net.predict(X), strict=True):
        a, y_hat = reference.forward(theta, x)
        np.testing.assert_allclose(hidden, a, rtol=0, atol=1e-12)
        assert output == pytest.approx(y_hat, rel=0, abs=1e-12)


@pytest.mark.parametrize("theta", THETAS)
def test_the_loss_and_its_gradient(theta):
    net = network_2_3_1()
    net.theta = theta
    loss, grad = reference.loss_and_gradient(theta, X, Y[:, 0])
    assert net.loss_and_grad(X, Y) == pytest.approx(loss, rel=0, abs=1e-12)
    np.testing.assert_allclose(net.grad, grad, rtol=0, atol=1e-12)


def test_ten_thousand_epochs():
    net = network_2_3_1()
    theta, curve = reference.train(
        net.theta.tolist(), X.tolist(), Y[:, 0].tolist(), learning_rate=3, epochs=10_000
    )
    history = fit(net, X, Y, epochs=10_000, optimizer=SGD(3))
    np.testing.assert_allclose(history.loss, curve, rtol=0, atol=1e-12)
    np.testing.assert_allclose(net.theta, theta, rtol=0, atol=1e-10)
