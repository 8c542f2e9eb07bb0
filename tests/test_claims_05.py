"""What lesson 05 says of its houses, trainings and libraries, by the lesson's own functions."""

import ast
import json
import math
import sys

import numpy as np
import pytest
from test_sales import as_text, sales

import nnlib as nn

SEEDS = range(5)


@pytest.fixture(scope="module")
def lesson(root):
    """The names that the lesson's cells make, without its explorers."""
    cells = json.loads((root / "notebooks" / "05_house_prices.ipynb").read_text(encoding="utf-8"))["cells"]
    names = {}
    for cell in cells:
        if cell["cell_type"] == "code":
            for statement in ast.parse("".join(cell["source"])).body:
                if wanted(statement):
                    exec(ast.unparse(statement), names)
    return names


def wanted(statement):
    """Imports, functions and the tables; not what shows something or trains."""
    if isinstance(statement, (ast.Import, ast.ImportFrom, ast.FunctionDef)):
        return True
    made = {"X", "X_train", "X_val", "X_test", "weights", "net", "house", "changes", "W1", "b1"}
    return (
        isinstance(statement, ast.Assign)
        and ast.unparse(statement.targets[0]).strip("()").split(", ")[0] in made
    )


@pytest.fixture(scope="module")
def errors(lesson):
    """On the validation houses: always the mean price, and the weighted sum."""
    off_by, y_val = lesson["off_by"], lesson["y_val"]
    said = lesson["with_ones"](lesson["X_val"]) @ lesson["weights"]
    return off_by(lesson["y_train"].mean(), y_val), off_by(said, y_val)


def curve_of(lesson, rates, scaler, **settings):
    """As the lesson's best_of: the errors at the best of these rates, without words."""
    found = []
    for rate in rates:
        try:
            found.append(lesson["train_prices"](rate, scaler, **settings)[1])
        except FloatingPointError:
            continue
    return min(found, key=lambda errors: errors[-1])


# Part A


def test_the_sum_by_hand_and_the_weights_that_are_shown(lesson):
    assert lesson["house"].tolist() == [3770, 4, 13, 39]
    assert lesson["house"] @ lesson["W1"][:, 0] + lesson["b1"][0] == 1 * 3770 - 280 * 13 + 390 == 520
    assert lesson["y"][1881, 0] == 852_000
    assert (lesson["W1"] == 0).sum() == 8


def test_no_house_wakes_h2_and_h3(lesson):
    net = nn.datasets.house_network()
    a = net.trace(lesson["X"])[0].a > 0
    together = [(a[:, i] & a[:, j]).sum() for i in range(5) for j in range(i)]
    assert (a[:, 1] & a[:, 2]).sum() == min(together) == 0
    assert 230 * 101 - 6600 == 16_630 > 8300 + 600 * 11  # at 101 years, and the most that the sliders have


def test_a_bedroom_more_takes_more_than_it_gives(lesson):
    net, house = nn.datasets.house_network(), lesson["house"]
    more = house + np.array([0, 1, 0, 0])
    parts = [net.trace([x])[0].a[0] * net.layers[1].W[:, 0] for x in (house, more)]
    assert (parts[1] - parts[0]).tolist() == pytest.approx([0, 10_800, 0, -63_000, 18_700])


def test_two_houses_of_one_price_with_no_neuron_in_common():
    net = nn.datasets.house_network()
    houses = [[500, 1, 0.5, 50], [1680, 2, 8, 60]]
    assert net.predict(houses).ravel().tolist() == pytest.approx([360_000, 360_280])
    assert [np.flatnonzero(a).tolist() for a in net.trace(houses)[0].a] == [[0], [4]]


def test_a_year_more_adds_so_much_in_h5(lesson):
    net = nn.datasets.house_network()
    assert lesson["W1"][3, 4] * net.layers[1].W[4, 0] == pytest.approx(1258)
    assert lesson["W1"][3, 1] * net.layers[1].W[1, 0] == pytest.approx(-4140)


def test_what_a_change_is_worth_hangs_on_the_house(lesson):
    net, changes = nn.datasets.house_network(), lesson["changes"]
    houses = [[3770, 4, 13, 39], [1500, 3, 13, 39], [3770, 4, 3, 39], [3770, 4, 13, 110]]
    largest = [
        int(np.abs(net.predict(house + changes) - net.predict([house]))[:, 0].argmax()) for house in houses
    ]
    assert largest == [2, 1, 2, 3]


def test_the_price_falls_with_age_while_h2_is_awake_and_rises_steeply_from_100(lesson):
    ages = np.arange(0, 112)
    houses = np.column_stack([np.tile([3770, 4, 13], (len(ages), 1)), ages])
    rises = np.diff(nn.datasets.house_network().predict(houses)[:, 0])
    asleep = math.ceil((3770 + 600 * 4 + 6600) / 230)
    assert (rises[: asleep - 1] < 0).all()
    assert (rises[asleep:] > 0).all()
    assert rises[100:].min() > 5 * rises[asleep:100].max()


# Part B


RECIPE = {"hidden": "sigmoid", "output": "sigmoid"}  # of lesson 04


def test_the_recipe_of_lesson_04_hardly_moves_and_standardised_it_does(lesson, errors):
    for seed in SEEDS:
        old = curve_of(lesson, [1, 3, 10, 30], nn.MaxScaler, seed=seed, **RECIPE)[-1]
        new = curve_of(lesson, [1, 3, 10, 30], nn.StandardScaler, seed=seed, **RECIPE)[-1]
        print(f"start {seed}: {old:,.0f}, standardised {new:,.0f}; the mean price {errors[0]:,.0f}")
        assert old > 0.9 * errors[0]
        assert new < 1.05 * errors[1]


def test_the_recipe_of_lesson_04_is_slow_not_wrong(lesson, errors):
    slow = np.array(lesson["train_prices"](7, nn.MaxScaler, **RECIPE, epochs=2000)[1])
    assert 500 < np.argmax(slow < errors[1]) < 1000
    quick = curve_of(lesson, [10], nn.StandardScaler, **RECIPE)[-1]
    assert 1200 < np.argmax(slow < quick) < 2000


def test_a_sum_made_for_dollars_off(lesson, errors):
    x_scaler, y_scaler = (nn.StandardScaler().fit(lesson[name]) for name in ("X_train", "y_train"))
    net = nn.Network([nn.Dense(4, 1)])
    rows = x_scaler.transform(lesson["X_train"]), y_scaler.transform(lesson["y_train"])
    nn.fit(net, *rows, epochs=1500, optimizer=nn.Adam(0.01), loss="mae")
    said = y_scaler.inverse_transform(net.predict(x_scaler.transform(lesson["X_val"])))
    assert lesson["off_by"](said, lesson["y_val"]) == pytest.approx(130_000, rel=0.005)


def test_too_high_a_rate_ends_in_a_sigmoid_that_says_nothing_or_in_dead_neurons(lesson):
    predict, _ = lesson["train_prices"](30, nn.MaxScaler, **RECIPE)
    assert predict(lesson["X_train"]) == pytest.approx(0, abs=1)
    predict, _ = lesson["train_prices"](1, nn.MaxScaler)
    said = predict(lesson["X_train"])[:, 0]
    assert (said == np.median(said)).mean() > 0.99  # every neuron is silent
    after, _ = lesson["train_prices"](1, nn.MaxScaler, epochs=51)
    mean = lesson["y_train"].mean()
    above, below = np.median(said) - mean, np.median(after(lesson["X_train"])) - mean
    assert above == pytest.approx(-below, rel=0.01)
    assert 11e6 < above < 13e6


def test_the_dearest_miles_set_the_scale(lesson):
    shares = lesson["X_train"][:, 2] / lesson["X_train"][:, 2].max()
    assert lesson["X_train"][:, 2].max() == 44.3
    assert (shares < 0.4).mean() > 0.8


def test_standardised_beats_divided_by_the_maximum_each_at_its_own_best_rate(lesson):
    for seed in SEEDS:
        rates = [0.03, 0.1, 0.3, 1]
        divided = curve_of(lesson, rates, nn.MaxScaler, seed=seed)[-1]
        standard = curve_of(lesson, rates, nn.StandardScaler, seed=seed)[-1]
        print(f"start {seed}, 50 epochs: maximum {divided:,.0f}, standardised {standard:,.0f}")
        assert standard < 0.9 * divided


def test_a_linear_output_is_no_better_than_sigmoids_when_both_are_standardised(lesson):
    pairs = []
    for seed in SEEDS:
        sigmoids = curve_of(lesson, [1, 3, 10], nn.StandardScaler, seed=seed, **RECIPE)[-1]
        linear = curve_of(lesson, [0.03, 0.1, 0.3], nn.StandardScaler, seed=seed)[-1]
        between = curve_of(lesson, [0.1, 0.3, 1], nn.StandardScaler, hidden="sigmoid", seed=seed)[-1]
        pairs.append((sigmoids, between, linear))
    sigmoids, between, linear = np.mean(pairs, axis=0)
    print(f"sigmoids {sigmoids:,.0f}, linear output {between:,.0f}, with relu {linear:,.0f}")
    assert linear == pytest.approx(sigmoids, rel=0.03)
    assert between == pytest.approx(sigmoids, rel=0.03)


def test_a_sigmoid_that_has_to_say_dollars_says_one(lesson):
    scaled = nn.StandardScaler().fit(lesson["X_train"]).transform(lesson["X_train"])
    raw = nn.Network([nn.Dense(4, 8, "relu"), nn.Dense(8, 1, "sigmoid")], seed=0)
    nn.fit(raw, scaled, lesson["y_train"], epochs=50, optimizer=nn.SGD(0.001))
    assert raw.predict(scaled) == pytest.approx(1)


def test_batches_come_sooner_to_the_weighted_sum(lesson, errors):
    for seed in SEEDS:
        rates = [0.003, 0.01, 0.03, 0.1]
        batches = curve_of(lesson, rates, nn.StandardScaler, batch_size=32, seed=seed)
        full = curve_of(lesson, [0.03, 0.1, 0.3], nn.StandardScaler, seed=seed)
        first = [next((k for k, e in enumerate(c) if e < errors[1]), 99) for c in (batches, full)]
        print(f"start {seed}: better after {first}, ends {batches[-1]:,.0f} and {full[-1]:,.0f}")
        assert first[0] < first[1]
        if seed == 0:  # as the lesson shows it
            assert first[0] < 0.4 * first[1]
            assert batches[-1] == pytest.approx(full[-1], rel=0.02)


def test_over_200_epochs_the_larger_rate_is_better(lesson):
    ends = {}
    for rate in (0.01, 0.03):
        ends[rate] = lesson["train_prices"](rate, nn.StandardScaler, batch_size=32, epochs=200)[1][-1]
    assert (round(ends[0.03] / 1000), round(ends[0.01] / 1000)) == (125, 128)


def test_the_test_houses_are_easier_than_the_validation_houses(lesson, errors):
    best = [
        lesson["off_by"](nn.datasets.best_house_prices(lesson[f"X_{part}"]), lesson[f"y_{part}"])
        for part in ("val", "test")
    ]
    assert best[0] > 1.1 * best[1]
    settings = {"batch_size": 32, "epochs": 200, "seed": 4}
    gain = 1 - lesson["train_prices"](0.03, nn.StandardScaler, **settings)[1][-1] / errors[1]
    assert gain == pytest.approx(0.08, abs=0.01)


def test_the_smallest_network_that_gains_a_twentieth(lesson, errors, monkeypatch):
    gains = {}
    for units in (2, 3, 8, 20):

        def make(scaler, hidden, output, seed, units=units):
            net = nn.Network([nn.Dense(4, units, hidden), nn.Dense(units, 1, output)], seed=seed)
            return net, scaler().fit(lesson["X_train"]), scaler().fit(lesson["y_train"])

        monkeypatch.setitem(lesson["train_prices"].__globals__, "make", make)
        ends = [
            lesson["train_prices"](0.03, nn.StandardScaler, batch_size=32, epochs=200, seed=seed)[1][-1]
            for seed in range(3)
        ]
        gains[units] = 1 - np.array(ends) / errors[1]
    print({units: gain.round(3) for units, gain in gains.items()})
    assert gains[2][0] < 0.05 < gains[3][0]
    assert max(gains[2][1:]) > 0.05
    assert np.mean(gains[20]) <= np.mean(gains[8]) + 0.005


def test_a_hundred_houses_are_learned_by_heart(lesson):
    X, y = lesson["X"], lesson["y"]
    x_scaler, y_scaler = nn.StandardScaler().fit(X[:100]), nn.StandardScaler().fit(y[:100])
    net = nn.Network([nn.Dense(4, 30, "relu"), nn.Dense(30, 1)], seed=3)
    assert net.theta.size == 181
    rows, targets = x_scaler.transform(X), y_scaler.transform(y)
    film = nn.fit(net, rows[:100], targets[:100], epochs=600, optimizer=nn.Adam(0.01), record=3).theta
    told = []
    for theta in film:
        net.theta = theta
        off = np.abs(y_scaler.inverse_transform(net.predict(rows)) - y)
        told.append([off[:100].mean(), off[1200:1600].mean()])
    training, validation = np.array(told).T
    assert training[-1] < 0.5 * training[validation.argmin()]
    assert validation[-1] > 1.2 * validation.min()
    assert 3 * validation.argmin() == 66  # a record every third epoch
    assert [round(error, -2) for error in (validation.min(), validation[-1])] == [135_500, 183_800]


def test_a_hidden_layer_beats_the_weighted_sum_by_a_tenth_on_unseen_houses(lesson):
    off_by, X_test, y_test = lesson["off_by"], lesson["X_test"], lesson["y_test"]
    linear = off_by(lesson["with_ones"](X_test) @ lesson["weights"], y_test)
    best = off_by(nn.datasets.best_house_prices(X_test), y_test)
    gains = []
    for seed in SEEDS:
        predict, _ = lesson["train_prices"](0.03, nn.StandardScaler, batch_size=32, epochs=200, seed=seed)
        off = off_by(predict(X_test), y_test)
        gains.append(1 - off / linear)
        assert best < off
        assert linear - off > 0.5 * (linear - best)  # most of the way to the best possible
    X_val, y_val = lesson["X_val"], lesson["y_val"]
    best_there = off_by(nn.datasets.best_house_prices(X_val), y_val)
    there = off_by(lesson["with_ones"](X_val) @ lesson["weights"], y_val) - best_there
    assert (round(there / 1000), round((linear - best) / 1000)) == (18, 30)
    print("gains over the weighted sum", np.round(gains, 3))
    assert min(gains) > 0.1
    assert np.mean(gains) == pytest.approx(0.15, abs=0.03)


# Deeper


@pytest.fixture(scope="module")
def free_nets(lesson):
    return [lesson["free_network"](seed) for seed in SEEDS]


def jobs(lesson, net):
    """The inputs that count in each neuron, as the lesson tells them."""
    return [lesson["tell"](net, k)[4:].split(" fires")[0].strip() for k in range(5)]


def test_no_start_finds_the_same_jobs_and_none_finds_age_alone(lesson, free_nets):
    found = [sorted(jobs(lesson, net)) for net in free_nets]
    assert len({tuple(each) for each in found}) == 5
    assert all("+area −distance" in each for each in found)
    assert sum("−area" in each for each in found) == 3
    assert (lesson["X_train"][:, 3] > 100).sum() == 51
    assert not any("+age" == job for each in found for job in each)


def test_the_free_networks_know_that_middle_age_is_cheapest(lesson, free_nets):
    for net in free_nets:
        new, middle, old = net.predict([[2000, 3, 5, age] for age in (5, 55, 105)])[:, 0]
        assert middle < min(new, old) < lesson["true_price"](2000, 3, 5, 105)
        assert old < lesson["true_price"](2000, 3, 5, 105)


def test_networks_see_that_a_bedroom_takes_and_most_say_too_much(lesson, free_nets):
    more = lesson["X_test"] + np.array([0, 1, 0, 0])
    takes = [(net.predict(more) - net.predict(lesson["X_test"])).mean() for net in free_nets]
    assert max(takes) < 0
    assert np.median(takes) < -12_000
    assert lesson["weights"][1, 0] < -12_000


def test_the_rise_of_the_rule_past_a_hundred_years(lesson):
    price = [lesson["true_price"](2000, 3, 5, age) for age in range(100, 114)]
    assert price[1] - price[0] == pytest.approx(8_800, abs=50)
    assert (np.diff(price, n=2) > 0).all()


def test_the_true_rule_as_the_lesson_tells_it(lesson):
    told = [lesson["true_price"](*house) for house in lesson["X"][:200]]
    assert nn.datasets.house_rule(lesson["X"][:200])[:, 0] == pytest.approx(told)


@pytest.mark.parametrize(
    ("library", "prices"),
    [("sklearn", "sklearn_prices"), ("torch", "pytorch_prices"), ("keras", "keras_prices")],
)
def test_other_libraries_give_the_same_prices_to_the_cent(lesson, library, prices):
    pytest.importorskip(library)
    net, X = nn.datasets.house_network(), lesson["X"]
    theirs = lesson[prices](net, X)
    assert theirs.shape == (2000, 1)
    cents = 10 if library == "keras" and sys.modules["keras"].backend.backend() == "torch" else 0.5
    assert np.abs(theirs - net.predict(X)).max() < cents / 100


def test_a_library_that_is_not_installed_is_skipped_in_one_sentence(lesson, capsys):
    def prices(net, X):
        raise ImportError("No module named 'other'")

    lesson["compare"]("Other", prices)
    assert capsys.readouterr().out == "Other: skipped, because it is not installed here.\n"


def test_the_section_on_real_sales_runs_on_a_file_of_that_form(lesson, tmp_path, capsys):
    path = tmp_path / "sales.csv"
    path.write_text(as_text(sales(300)), encoding="utf-8")
    explorer = lesson["real_sales"](path)
    told = capsys.readouterr().out.splitlines()
    assert [line.split(" off by")[0].strip() for line in told[1:]] == [
        "the mean price",
        "the weighted sum",
        "8 hidden neurons",
    ]
    assert repr(explorer).startswith("House: area")
