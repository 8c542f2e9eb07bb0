"""The house explorer: dollars that add up, neurons off, sweeps, small changes, limits, and guesses."""

import re

import numpy as np
import pytest
from explorers import is_drawn, made, on_page
from support import says

from nnlib import ShapeError, datasets, in_real_units
from nnlib.exercises import lesson05
from nnlib.explore import HouseExplorer
from nnlib.explore.parts.pricing import FEATURES, NAMES
from nnlib.explore.parts.sliders import on_slider
from nnlib.style import dollars

pytestmark = pytest.mark.usefixtures("strict")

X, y, *_ = datasets.houses()
NET = datasets.house_network()
HOUSE = (3770, 4, 13, 39)


def house(*inputs, **settings):
    return HouseExplorer(NET, X, inputs or HOUSE, **settings)


def somewhere(n, seed=0):
    """Random houses on the sliders' scales."""
    rng = np.random.default_rng(seed)
    low, high, grid = np.array([(f.low, f.high, f.grid) for f in FEATURES]).T
    return np.clip(np.round(rng.uniform(low, high, (n, 4)) / grid) * grid, low, high).round(1)


def amounts(text):
    """Every number of dollars in a text, with the sign that stands before it."""
    found = re.findall(r"([+−=]) (?:base |h\d+ )?\$([\d,]+)", text)
    return [(-1 if sign == "−" else 1) * int(digits.replace(",", "")) for sign, digits in found]


def test_contributions_add_up_to_the_price_for_a_thousand_houses():
    explorer = house()
    houses = somewhere(1000)
    prices = NET.predict(houses)[:, 0]
    pricing = explorer.pricing
    np.testing.assert_allclose(
        pricing.base + pricing.parts(houses).sum(axis=1), prices, rtol=1e-12, atol=1e-6
    )
    for inputs, price in zip(houses, prices, strict=True):
        ends = pricing.ends(pricing.parts(inputs))
        assert (
            ends[0] + np.diff(ends).sum() == ends[-1] == np.rint(pricing.base + pricing.parts(inputs).sum())
        )
        assert abs(ends[-1] - price) <= 0.5 + 1e-6


def test_the_dollars_in_the_words_add_up_to_the_price_in_the_words():
    explorer = house()
    for inputs in [HOUSE, *somewhere(40, seed=1)]:
        explorer.set(**dict(zip(NAMES, inputs, strict=True)))
        line = explorer.page.words.splitlines()[1]
        price = int(re.match(r"Price −?\$([\d,]+)", line)[1].replace(",", ""))
        assert abs(sum(amounts(line))) == price


def test_neurons_that_are_off_are_left_out_of_the_price():
    explorer = house()
    for k in range(2**5):
        off = [f"h{n + 1}" for n in range(5) if k >> n & 1]
        explorer.set(off=off)
        without = datasets.house_network()
        without.layers[1].W[[int(name[1]) - 1 for name in off]] = 0
        assert explorer.numbers(explorer.state)["ends"][-1] == np.rint(without.predict([HOUSE])[0, 0])
        assert explorer.diagram.marks == ["off" if f"h{n + 1}" in off else "" for n in range(5)] + [""]
    assert "Off: h1, h2, h3, h4, h5." in repr(explorer)
    explorer.switches[1].value = True
    assert explorer.state["off"] == ("h1", "h3", "h4", "h5")
    explorer.switches[1].value = False
    assert explorer.state["off"] == ("h1", "h2", "h3", "h4", "h5")


@pytest.mark.parametrize("view", ["contributions", "sweep", "changes"])
def test_every_slider_over_its_range_in_every_view(view):
    explorer = house(view=view)
    for slider, feature in zip(explorer.sliders, FEATURES, strict=True):
        for value in np.linspace(slider.min, slider.max, 4):
            on_page(slider, value=float(value))
            state = explorer.state
            assert feature.low <= state[feature.name] <= feature.high
            assert state[feature.name] == pytest.approx(value, abs=feature.grid)
            price = NET.predict([[state[name] for name in NAMES]])[0, 0]
            assert f"Price {dollars(price)} " in explorer.page.words
            assert is_drawn(explorer.pictures[view])
        explorer.reset_button.click()
    assert explorer.state == explorer.first


def test_the_page_can_show_every_value_of_a_slider_exactly():
    """Its sliders calculate with shares of 100; a value that comes back changed would count as a move."""
    for slider, feature in zip(house().sliders, FEATURES, strict=True):
        span = slider.max - slider.min
        for value in np.arange(feature.low, feature.high, feature.grid):
            shown = on_slider(round(float(value), 1))
            assert (shown - slider.min) * 100 / span * span / 100 + slider.min == shown


def test_the_birthday_wakes_the_third_neuron_alone():
    explorer = house(2000, 3, 5, 99)
    assert "Silent: h2, h3, h4." in repr(explorer)
    explorer.set(age=100)
    assert "Silent: h2, h3, h4." in repr(explorer)
    explorer.set(age=101)
    assert "Silent: h2, h4." in repr(explorer)
    assert "h3 $8,200" in repr(explorer)


def test_the_sum_of_a_neuron_is_written_out():
    explorer = house()
    on_page(explorer.diagram, neuron=0)
    assert explorer.state["neuron"] == "h1"
    told = "h1: 1 · area 3770 − 280 · distance 13 + 390 = 520; it fires, and 520 · $200 = $104,000."
    assert told in repr(explorer)
    labels = [NET.labels()[k] for k in explorer.diagram.lit]
    assert labels == ["W1[area, h1]", "W1[distance, h1]", "b1[h1]", "W2[h1, price]"]
    explorer.set(neuron="h3")
    assert "h3: 1 · age 39 − 100 = −61: not above 0, so it is silent and adds nothing." in repr(explorer)
    on_page(explorer.diagram, neuron=-1)
    assert explorer.state["neuron"] == ""


@pytest.mark.parametrize("name", NAMES)
def test_a_sweep_is_the_networks_price_and_bends_where_a_sum_is_zero(name):
    explorer = house(view="sweep", sweep=name, off=["h4"])
    numbers, n = explorer.numbers(explorer.state), NAMES.index(name)
    houses = np.tile(np.array(HOUSE, float), (len(numbers["axis"]), 1))
    houses[:, n] = numbers["axis"]
    without = datasets.house_network()
    without.layers[1].W[3] = 0
    np.testing.assert_allclose(numbers["curve"], without.predict(houses)[:, 0], rtol=1e-12)
    np.testing.assert_allclose(numbers["all on"], NET.predict(houses)[:, 0], rtol=1e-12)
    bent = np.abs(np.diff(numbers["curve"], 2)) > 1e-3
    width = numbers["axis"][1] - numbers["axis"][0]
    bends = [place for place, _ in numbers["bends"]]
    for place in numbers["axis"][1:-1][bent]:
        assert min(abs(place - bend) for bend in bends) <= width
    for bend, neuron in numbers["bends"]:
        at = np.array(HOUSE, float)
        at[n] = bend
        assert NET.trace([at])[0].z[0, int(neuron[1]) - 1] == pytest.approx(0, abs=1e-9)
        assert neuron != "h4"


def test_the_true_rule_stands_beside_a_sweep():
    explorer = house(2000, 3, 5, 99, show=["sweep"], truth=datasets.house_rule)
    true = datasets.house_rule(np.array([[2000.0, 3, 5, 99]]))[0, 0]
    assert f"The true rule here: {dollars(true)}." in repr(explorer)
    numbers = explorer.numbers(explorer.state)
    assert numbers["truth"].shape == numbers["curve"].shape
    assert "true rule" not in repr(house(view="sweep"))


def test_small_changes_are_what_the_network_says():
    explorer = house(view="changes")
    changes = explorer.numbers(explorer.state)["changes"]
    for n, feature in enumerate(FEATURES):
        for way, sign in enumerate((1, -1)):
            other = np.array(HOUSE, float)
            other[n] += sign * feature.step
            assert changes[n, way] == pytest.approx(NET.predict([other, HOUSE])[:, 0] @ [1, -1])
    assert "Of these small changes the largest: distance −1, $66,650." in repr(explorer)
    explorer.set(bedrooms=1, distance=0.5, age=3)
    assert np.isnan(explorer.numbers(explorer.state)["changes"][1:, 1]).all()
    assert is_drawn(explorer.pictures["changes"])


def test_two_houses_of_one_price_for_other_reasons():
    explorer = house(1200, 2, 2, 105)
    explorer.keep_button.click()
    assert "Prices $0 apart, within $5,000; the same neurons fire." in repr(explorer)
    explorer.set(area=2560, bedrooms=4, distance=14, age=5)
    assert "Kept house (1200, 2, 2, 105): $551,690. Prices $520 apart, within $5,000;" in repr(explorer)
    assert "different neurons fire (h2, h4, h5 here, h1, h3, h5 there)." in repr(explorer)
    explorer.set(area=3000)
    apart = NET.predict([[3000, 4, 14, 5], [1200, 2, 2, 105]])[:, 0] @ [1, -1]
    assert f"{dollars(apart)} apart" in repr(explorer)


@pytest.mark.parametrize(
    ("changes", "held", "told"),
    [
        (
            {"area": -5},
            300,
            "area −5 square feet: the slider ends at 300, in the data it goes from 490 to 7950.",
        ),
        ({"bedrooms": 0}, 1, "bedrooms 0: the slider ends at 1, in the data it goes from 1 to 7."),
        ({"age": 900}, 160, "age 900 years: the slider ends at 160, in the data it goes from 0 to 113."),
        (
            {"distance": -1},
            0,
            "distance −1 miles: the slider ends at 0, in the data it goes from 0.5 to 46.8.",
        ),
    ],
)
def test_an_input_that_no_house_has_is_held_and_the_reason_given(changes, held, told):
    explorer = house()
    explorer.set(**changes)
    ((name, _),) = changes.items()
    assert explorer.state[name] == held
    assert told in explorer.page.message
    explorer.set(**dict(zip(NAMES, HOUSE, strict=True)))
    assert explorer.page.message == ""


def test_a_price_far_from_the_data_is_called_a_guess():
    explorer = house()
    assert explorer.page.message == ""
    explorer.set(age=140)
    assert "This price is a guess: no house in the data has age 140 years; they go from 0 to 113." in repr(
        explorer
    )
    explorer.set(age=39, area=7000, bedrooms=1)
    assert "guess: no house in the data is like this one in all four inputs." in repr(explorer)
    assert not any(map(explorer.pricing.beyond, X))


def test_bad_input_in_words():
    not_a_number = "every value must be a finite number. Turn text into numbers, and leave out rows with"
    with says(ValueError, f"age is 'old'; {not_a_number} missing values."):
        house(age="old")
    with says(ValueError, "'h9' is no neuron that nnlib knows; choose one of h1, h2, h3, h4, h5."):
        house(off=["h9"])
    with says(ValueError, "'bars' is no view that nnlib knows; choose one of contributions, sweep, changes."):
        house(show=["bars"])
    with says(ValueError, "'' is no view that nnlib knows; choose one of contributions, sweep, changes."):
        house(show=[])
    with says(ValueError, "a house needs area, bedrooms, distance, age: 4 numbers; got 3."):
        house(2000, 3, 5)
    with says(ShapeError, "X has 3 columns, but a house needs 4."):
        HouseExplorer(NET, X[:, :3], HOUSE)
    with pytest.raises(ValueError, match="one hidden layer of ReLU neurons and a linear output in dollars"):
        HouseExplorer(made(4, 5, 1), X)
    with says(ValueError, "at most 10 hidden neurons can be shown; got 11."):
        HouseExplorer(made(4, 11, 1, activations=["relu", "linear"]), X)
    with says(ValueError, "HouseExplorer needs a Network first; got a NoneType."):
        HouseExplorer(None, X)


def test_the_learners_contributions_are_drawn_and_compared():
    def forgot_relu(x, W1, b1, w2):
        return (x @ W1 + b1) * w2

    explorer = house(my_contributions=forgot_relu)
    assert "Your contributions differs from nnlib's: for neuron 3 it gives" in repr(explorer)
    parts = explorer.numbers(explorer.state)["parts"]
    assert parts[2] == pytest.approx(-61 * 8200)
    explorer.set(age=110)
    assert "Your contributions agrees with nnlib's." not in repr(explorer)
    assert house(my_contributions=lambda x, W1, b1, w2: "no").page.message
    awaited = house(my_contributions=lesson05.contributions)
    assert "Drawn by nnlib's contributions, until yours passes its check above." in repr(awaited)


def test_a_trained_network_in_real_units():
    from nnlib import StandardScaler

    x_scaler, y_scaler = StandardScaler().fit(X), StandardScaler().fit(y)
    net = made(4, 8, 1, activations=["relu", "linear"], seed=3)
    real = in_real_units(net, x_scaler, y_scaler)
    predicted = y_scaler.inverse_transform(net.predict(x_scaler.transform(X)))
    np.testing.assert_allclose(real.predict(X), predicted, rtol=1e-9)
    explorer = HouseExplorer(real, X)
    assert f"Price {dollars(predicted[0, 0])} " in repr(explorer)
    assert len(explorer.switches) == 8


def test_kept_closed_and_shown_without_a_kernel():
    explorer = house(view="changes")
    image = explorer.picture()
    assert image.width > image.height > 300
    explorer.close()
    assert explorer.comm is None
