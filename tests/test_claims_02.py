"""What lesson 02 says about the houses, the thirty-house line and its gradient descent."""

import numpy as np
import pytest

from nnlib import SGD, Dense, Network, StandardScaler, TrainingDiverged, datasets, fit
from nnlib.explore.parts.bowl import Valley

X, Y, INPUTS, _ = datasets.houses()
x, y = X[:30, 0] / 1000, Y[:30, 0] / 1000
valley = Valley(x, y)
START, NEAR = (0.0, 400.0), 1.05
FOUR, PRICE = X[:200], Y[:200] / 1000
TRAIN, UNSEEN = slice(0, 1500), slice(1500, 2000)


def loss(w, b):
    return np.mean((w * x + b - y) ** 2)


def losses(rate, epochs=200):
    return [loss(*place) for place in valley.descent(START, rate, epochs)]


# Part A


def test_the_line_and_the_houses_that_the_lesson_names():
    assert (x[0], y[0]) == (1.6, 655)
    assert valley.best == pytest.approx([192.6, 134.7], abs=0.05)
    assert round(valley.least) == 19_155
    assert np.sqrt(valley.least) == pytest.approx(138, abs=0.5)
    assert x.min() == 0.59
    assert NEAR * valley.least == pytest.approx(20_100, rel=0.001)
    assert np.median(x) == pytest.approx(2, abs=0.3)  # "x is about 2 for a typical house"
    assert y.min() == 127  # the cheapest house is cheaper than the bias


def test_w_lifts_the_largest_house_seven_times_as_much_as_the_smallest():
    assert round(x.max() / x.min()) == 7
    rise = (550 + x - y) ** 2 - (550 - y) ** 2
    assert -rise[x.argmax()] > rise[x.argmin()] > 0


def test_a_flat_line_at_550_is_too_high_and_too_level():
    assert y.mean() < 550
    along_w, along_b = valley.slopes((0, 550))
    assert along_w < 0 < along_b


def moves_of_a_careful_player(first):
    """Moves until the loss is within 5%, each bringing one slider to its lowest place, w and b in turn."""
    place, moves = np.array(START), 0
    while loss(*place) > NEAR * valley.least:
        k = (first + moves) % 2
        place[k] -= valley.slopes(place)[k] / valley.H[k, k]
        moves += 1
    return moves


def test_the_squares_of_the_nudged_residuals():
    assert [round(residual**2, 2) for residual in (10.1, -3.9, 10.2)] == [102.01, 15.21, 104.04]


def test_twenty_moves_can_win_and_twenty_steps_do_not():
    assert moves_of_a_careful_player(first=0) == 16
    assert moves_of_a_careful_player(first=1) == 21
    assert losses(0.1)[20] / valley.least - 1 == pytest.approx(0.24, abs=0.005)


# Part B


def test_the_first_step():
    assert valley.slopes(START) == pytest.approx([-700, -223], abs=0.5)
    assert valley.descent(START, 0.1, 1)[-1] == pytest.approx([70, 422], abs=0.5)


def test_fast_across_the_valley_and_slowly_along_it():
    falls = -np.diff(losses(0.1))
    assert falls[0] > 20 * falls[1]
    assert min(k for k, value in enumerate(losses(0.1)) if value <= 20_100) == 51
    assert valley.descent(START, 0.1, 51)[-1] == pytest.approx([157.5, 213.2], abs=0.05)
    steps = np.linalg.norm(np.diff(valley.descent(START, 0.1, 12), axis=0), axis=1)
    assert steps[0] > 5 * steps[1:].max()


def test_the_rate_has_a_limit_and_ten_percent_beyond_the_loss_explodes():
    limit = 2 / np.linalg.eigvalsh(valley.H).max()
    assert 0.1855 < limit < 0.186  # the lesson finds 0.1855, in steps of 0.0005
    assert losses(0.99 * limit, 2000)[-1] < 1.01 * valley.least
    assert losses(1.1 * limit)[-1] > 1e30
    ends = {rate: losses(rate)[-1] for rate in (0.001, 0.01, 0.1, 0.15, 0.16, 0.17, 0.175, 0.18, 0.185)}
    assert ends[0.001] > ends[0.01] > ends[0.1]
    assert ends[0.001] > 1.5 * valley.least
    fastest = min(np.arange(0.01, 0.186, 0.005), key=lambda rate: first_near(rate))
    assert fastest == pytest.approx(0.17, abs=0.011)
    assert losses(0.2)[-1] > 1e28


def first_near(rate):
    return next((k for k, value in enumerate(losses(rate, 1000)) if value <= NEAR * valley.least), 1000)


def test_every_start_comes_to_the_same_place():
    for start in np.random.default_rng(0).uniform(-500, 500, (5, 2)):
        assert loss(*valley.descent(start, 0.1, 600)[-1]) == pytest.approx(valley.least, rel=1e-4)


def test_a_bias_of_zero_has_a_slope():
    assert valley.slopes((193, 0))[1] == pytest.approx(-268, abs=0.5)
    assert loss(193, 1) - loss(193, 0) == pytest.approx(-267, abs=0.5)


# Part C and Deeper


def test_descent_and_least_squares_agree_on_four_inputs():
    x_scaler, y_scaler = StandardScaler().fit(FOUR), StandardScaler().fit(PRICE)
    for seed in range(3):
        net = Network([Dense(4, 1, "linear")], seed=seed)
        inputs, targets = x_scaler.transform(FOUR), y_scaler.transform(PRICE)
        fit(net, inputs, targets, epochs=200, optimizer=SGD(0.1))
        trained = net.layers[0].W[:, 0] * y_scaler.scale / x_scaler.scale
        exact = np.linalg.lstsq(np.column_stack([FOUR, np.ones(200)]), PRICE[:, 0], rcond=None)[0]
        assert trained == pytest.approx(exact[:4], rel=1e-3)
        assert exact[0] == pytest.approx(0.262, abs=5e-4)
        assert exact[1] < 0
    assert np.mean(targets**2) == pytest.approx(1)  # the loss of the mean price for everybody
    assert np.corrcoef(FOUR[:, 1], PRICE[:, 0])[0, 1] > 0  # more bedrooms do go with higher prices


def test_raw_units_make_the_largest_rate_millions_of_times_smaller():
    table, prices = X[TRAIN], Y[TRAIN] / 1000
    scaled = StandardScaler().fit(table).transform(table)

    def limit(columns):
        columns = np.column_stack([columns, np.ones(len(columns))])
        return 2 / np.linalg.eigvalsh(2 * columns.T @ columns / len(columns)).max()

    assert limit(scaled) / limit(table) == pytest.approx(2.7e6, rel=0.05)
    net = Network([Dense(4, 1, "linear")], seed=0)
    with pytest.raises(TrainingDiverged):
        fit(net, table, prices, epochs=200, optimizer=SGD(0.1))
    net.theta = np.zeros(5)
    fit(net, table, prices, epochs=1000, optimizer=SGD(limit(table) / 2))
    assert abs(net.theta[4]) < 0.01 * 230  # frozen: the bias should go to 230
    columns = np.column_stack([table, np.ones(len(table))])
    assert np.linalg.lstsq(columns, prices[:, 0], rcond=None)[0][4] == pytest.approx(230, abs=1)


def test_a_weight_is_as_large_as_its_unit_and_no_measure_of_importance():
    columns = np.column_stack([X, np.ones(len(X))])
    found = np.linalg.lstsq(columns[TRAIN], Y[TRAIN, 0] / 1000, rcond=None)[0]
    assert abs(found[0]) < 1.5 * abs(found[3])  # per square foot, about that of age
    assert 1000 * abs(found[0]) > 10 * np.abs(found[1:4]).max()  # per thousand square feet the largest
    for seed in range(5):
        miss = []
        for k in range(4):
            mixed = columns[UNSEEN].copy()
            mixed[:, k] = np.random.default_rng(seed).permutation(mixed[:, k])
            miss.append(np.sqrt(np.mean((mixed @ found - Y[UNSEEN, 0] / 1000) ** 2)))
        assert miss[0] > miss[2] > max(miss[1], miss[3])
        assert miss[0] > 2 * miss[3]
