"""The simulated houses copy what is known of the real sales; each fact is printed beside the real one."""

import runpy

import numpy as np
import pytest

from nnlib import Adam, Dense, Network, StandardScaler, datasets, fit
from nnlib.datasets import house_rule

X, y, NAMES, _ = datasets.houses()
AREA, BEDROOMS, DISTANCE, AGE = X.T
PRICE = y[:, 0]
PER_FOOT = PRICE / AREA
TRAIN, UNSEEN = slice(0, 1500), slice(1500, 2000)
REAL_QUANTILES = {
    "area": (940, 1910, 3760),
    "bedrooms": (2, 3, 5),
    "distance": (2.8, 10.3, 22.8),
    "age": (4, 40, 99),
    "price": (210_000, 450_000, 1_156_000),
}


def printed(fact, here, real):
    print(f"{fact}: {here:.4g} here, {real:.4g} in the real sales")


def r2(predicted):
    return 1 - np.mean((predicted - PRICE[UNSEEN]) ** 2) / PRICE[UNSEEN].var()


@pytest.fixture(scope="module")
def rule(root):
    return runpy.run_path(str(root / "data" / "make_houses.py"))


def test_the_file_is_what_its_rule_makes(rule):
    np.testing.assert_array_equal(np.column_stack([X, y]), rule["houses"]())
    assert X.shape == (2000, 4)
    assert [*NAMES, "price"] == rule["COLUMNS"]


def test_whole_numbers_and_one_decimal():
    for values in (AREA, BEDROOMS, AGE, PRICE / 1000):
        np.testing.assert_allclose(values, values.round(), atol=1e-9)
    np.testing.assert_allclose(DISTANCE, DISTANCE.round(1), atol=1e-9)
    assert min(AREA.min(), PRICE.min(), DISTANCE.min(), BEDROOMS.min()) > 0
    assert AGE.min() == 0


@pytest.mark.parametrize("name", REAL_QUANTILES)
def test_quantiles(name):
    values = dict(zip([*NAMES, "price"], [*X.T, PRICE], strict=True))[name]
    for share, real in zip((0.05, 0.5, 0.95), REAL_QUANTILES[name], strict=True):
        here = np.quantile(values, share)
        printed(f"{name}, {share:.0%} lie below", here, real)
        assert here == pytest.approx(real, rel=0.1)


@pytest.mark.parametrize(
    ("fact", "rows", "real"),
    [
        ("under 5 years", AGE < 5, 254),
        ("15 to 30 years", (AGE >= 15) & (AGE <= 30), 229),
        ("over 100 years", AGE > 100, 353),
        ("within 3 miles", DISTANCE <= 3, 382),
        ("beyond 20 miles", DISTANCE > 20, 177),
    ],
)
def test_dollars_per_square_foot(fact, rows, real):
    printed(f"dollars per square foot, {fact}", PER_FOOT[rows].mean(), real)
    assert rows.sum() > 50
    assert PER_FOOT[rows].mean() == pytest.approx(real, rel=0.1)


def test_old_houses_are_the_most_central():
    old, new = DISTANCE[AGE > 100].mean(), DISTANCE[AGE < 5].mean()
    printed("miles to the city, over 100 years", old, 5)
    printed("miles to the city, under 5 years", new, 14)
    assert old == pytest.approx(5, rel=0.1)
    assert 13 <= new <= 15
    by_age = [DISTANCE[(AGE >= low) & (AGE < low + 20)].mean() for low in range(0, 100, 20)]
    assert by_age == sorted(by_age, reverse=True)


def test_price_hardly_correlates_with_age():
    here = np.corrcoef(PRICE, AGE)[0, 1]
    printed("correlation of price and age", here, -0.05)
    assert here == pytest.approx(-0.05, abs=0.03)


def test_r2_of_the_weighted_sum_on_unseen_houses():
    columns = np.column_stack([X, np.ones(len(X))])
    weights = np.linalg.lstsq(columns[TRAIN], PRICE[TRAIN], rcond=None)[0]
    here = r2(columns[UNSEEN] @ weights)
    printed("R² of the weighted sum", here, 0.62)
    assert here == pytest.approx(0.62, abs=0.03)


def test_r2_of_one_hidden_layer_on_unseen_houses():
    x_scaler, y_scaler = StandardScaler().fit(X[TRAIN]), StandardScaler().fit(y[TRAIN])
    inputs, targets = x_scaler.transform(X), y_scaler.transform(y)
    for seed in range(2):
        net = Network([Dense(4, 8, "tanh"), Dense(8, 1, "linear")], seed=seed)
        fit(net, inputs[TRAIN], targets[TRAIN], epochs=80, optimizer=Adam(0.01), batch_size=32)
        here = r2(y_scaler.inverse_transform(net.predict(inputs[UNSEEN]))[:, 0])
        printed("R² of one hidden layer of 8", here, 0.71)
        assert here == pytest.approx(0.71, abs=0.03)


def test_the_noise_is_the_one_that_is_written_down():
    noise = np.log(PRICE / house_rule(X)[:, 0])
    size = datasets.HOUSE_NOISE
    print(f"noise: a factor e^({noise.std():.3f} · normal), written down as {size}")
    assert noise.std() == pytest.approx(size, rel=0.05)
    assert noise.mean() == pytest.approx(-(size**2) / 2, abs=0.02)
    assert r2(house_rule(X[UNSEEN])[:, 0]) == pytest.approx(0.73, abs=0.03)  # no rule can do better


def test_the_best_prices_have_chance_on_both_sides_and_the_least_error():
    best = datasets.best_house_prices(X)
    assert (PRICE > best[:, 0]).mean() == pytest.approx(0.5, abs=0.03)
    errors = [np.abs(share * best - y).mean() for share in (0.9, 0.95, 1.0, 1.05, 1.1)]
    assert np.argmin(errors) == 2


def test_the_premium_starts_at_exactly_100_years():
    ages = np.arange(95.0, 108.0)
    price = house_rule(np.column_stack([np.tile([1500.0, 3.0, 5.0], (len(ages), 1)), ages]))[:, 0]
    bend = np.diff(price, 2)
    assert ages[1 + np.argmax(bend)] == 100
    assert bend.max() - np.median(bend) == pytest.approx(3000, rel=1e-6)
    assert (AGE > 100).sum() > 50
