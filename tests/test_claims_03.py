"""What lesson 03 says about its students, networks and reviews; and the table that the learner fills."""

import math

import numpy as np
import pytest

import nnlib as nn
from nnlib.activations import ACTIVATIONS
from nnlib.exercises import lesson03
from nnlib.exercises.jobs import JOBS
from nnlib.explore import ThresholdExplorer

rng = np.random.default_rng(11)
study = np.sort(rng.choice(np.arange(2, 100), 24, replace=False)) / 10
passed = (rng.random(24) < nn.sigmoid(0.9 * study - 4.5)).astype(float)
X, y = study[:, None] / 10, passed[:, None]


def trained(epochs):
    net = nn.Network([nn.Dense(1, 1, "sigmoid")], seed=0)
    nn.fit(net, X, y, epochs=epochs, optimizer=nn.SGD(1), loss="bce")
    return net


# Part A


def test_at_the_first_bias_some_students_are_silent_and_at_the_last_all_are():
    assert (study - 3 > 0).sum() == 17
    assert (study - 12 > 0).sum() == 0


@pytest.mark.parametrize(("b", "dead"), [(-6, False), (-12, True)])
def test_a_dead_neuron_has_no_slope_and_no_step_wakes_it(b, dead):
    net = nn.Network([nn.Dense(1, 1, "relu")])
    net.theta = [1, b]
    nn.fit(net, study[:, None], np.full((24, 1), 5.0), epochs=50, optimizer=nn.SGD(0.001))
    assert (tuple(net.theta) == (1, b)) == dead


def test_the_house_that_is_shown_first_is_past_a_hundred_years():
    ages = nn.datasets.houses().X[:40, 3]
    assert ages[22] > 100
    assert 1 < (ages > 100).sum() < 10


# Part B


def test_two_linear_layers_are_one_line_which_begins_within_the_picture():
    net = nn.Network([nn.Dense(1, 3), nn.Dense(3, 1)], seed=3)
    (W1, b1), (W2, b2) = ((layer.W, layer.b) for layer in net.layers)
    x = np.linspace(-5, 15, 9)[:, None]
    assert net.predict(x) == pytest.approx(x * (W1 @ W2) + b1 @ W2 + b2)
    assert 0.1 < (W1 @ W2).item() < 1
    assert 2 * 3 + 5 * 1 == 11  # the example of the teacher's note
    assert 2 * 1 - 5 * 2 == -8


def test_the_triangle_is_a_network_of_three_hinges():
    net = nn.Network([nn.Dense(1, 3, "relu"), nn.Dense(3, 1)])
    net.layers[0].W, net.layers[0].b = [[1, 1, 1]], [-3, -5, -7]
    net.layers[1].W = [[1], [-2], [1]]
    x = np.linspace(0, 10, 41)[:, None]
    assert net.predict(x) == pytest.approx(np.interp(x, [0, 3, 5, 7, 10], [0, 0, 2, 0, 0]))


# Part C


def test_how_large_e_to_the_8_is_and_what_python_says_of_e_to_the_800():
    assert round(math.exp(8)) == 2981
    with pytest.raises(OverflowError):
        math.exp(800)


def test_no_curve_of_this_kind_is_right_for_all_students_and_20_can_be_had():
    assert study[passed == 1].min() < study[passed == 0].max()
    assert ((trained(3000).predict(X) >= 0.5) == y).sum() == 21


def test_twice_the_fitted_w_and_b_are_right_for_as_many_and_the_log_loss_is_higher():
    explorer = ThresholdExplorer(study, passed)
    explorer.fit()
    (w, b), fitted = (explorer.state[key] for key in "wb"), explorer.numbers(explorer.state)
    explorer.set(w=2 * w, b=2 * b)  # the sliders can hold them
    doubled = explorer.numbers(explorer.state)
    assert (doubled["counts"] == fitted["counts"]).all()
    assert doubled["loss"] > fitted["loss"]


def test_what_one_student_who_passed_adds_to_the_log_loss():
    always = nn.Network([nn.Dense(1, 1, "sigmoid")])
    for p, added in ((0.9, 0.11), (0.5, 0.69), (0.1, 2.3)):
        always.theta = [0, np.log(p / (1 - p))]  # p for everybody
        assert round(always.loss([[0]], [[1]], "bce"), 2) == added


def test_a_higher_threshold_trades_false_passes_for_misses():
    p = trained(3000).predict(X)
    counts = [(((p >= t) & (y == 0)).sum(), ((p < t) & (y == 1)).sum()) for t in (0.1, 0.5, 0.9)]
    false_passes, misses = zip(*counts, strict=True)
    assert list(false_passes) == sorted(false_passes, reverse=True)
    assert list(misses) == sorted(misses)
    assert false_passes[0] > false_passes[2]
    assert misses[2] > misses[0]


# Deeper


def test_the_slopes_of_a_saturated_sigmoid():
    assert nn.sigmoid.slope(0.0) == 0.25
    assert round(nn.sigmoid.slope(8.0), 4) == 0.0003


def test_in_hours_the_sigmoid_is_flat_for_nearly_everybody_and_scaled_for_nobody():
    hours = nn.datasets.class_scores().X
    scaled = nn.StandardScaler().fit(hours).transform(hours)
    flat = [(nn.sigmoid.slope(table.sum(axis=1)) < 0.0025).sum() for table in (hours, scaled)]
    assert flat[0] > 190
    assert flat[1] == 0
    assert 80 < (scaled.sum(axis=1) > 0).sum() < 120


def test_without_a_bias_82_forces_95():
    for w in np.random.default_rng(0).normal(size=(5, 2)):
        w = w * np.log(0.82 / 0.18) / (w @ [5, 1])
        assert nn.sigmoid(w @ [5, 1]) == pytest.approx(0.82)
        assert 100 * nn.sigmoid(w @ [10, 2]) == pytest.approx(95.4, abs=0.05)


def test_sure_and_wrong_is_over_six_times_as_bad():
    assert 6 < np.log(0.01) / np.log(0.5) < 7


def test_the_loss_falls_while_the_accuracy_stands_still():
    nets = [trained(epochs) for epochs in (100, 300, 1000, 3000)]
    losses = [net.loss(X, y, "bce") for net in nets]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] > 1.3 * losses[-1]
    assert {int(((net.predict(X) >= 0.5) == y).sum()) for net in nets} == {21}


def test_the_critic_fails_where_a_not_turns_the_meaning_and_funny_came_out_negative():
    texts, labels = nn.datasets.reviews()
    words = ["great", "funny", "love", "slow", "long", "boring"]
    counts = nn.datasets.word_counts(texts, words)
    good = np.array([[label == "good"] for label in labels], float)
    critic = nn.Network([nn.Dense(6, 1, "sigmoid")], seed=0)
    nn.fit(critic, counts, good, epochs=300, optimizer=nn.SGD(1), loss="bce")
    wrong = [text for text, p, t in zip(texts, critic.predict(counts), good, strict=True) if (p >= 0.5) != t]
    assert len(wrong) == 2
    assert all("not" in text.lower().split() for text in wrong)
    signs = dict(zip(words, np.sign(critic.layers[0].W[:, 0]), strict=True))
    assert signs == {"great": 1, "funny": -1, "love": 1, "slow": -1, "long": -1, "boring": -1}
    once = [label for text, label in zip(texts, labels, strict=True) if text.lower().count("funny") == 1]
    assert sorted(once) == ["bad", "good"]


# The table


def filled(**answers):
    return {**{job: next(iter(about)) for job, about in JOBS.items()}, **answers}


def test_every_job_has_something_to_say_about_every_activation():
    for about in JOBS.values():
        assert set(about) == set(ACTIVATIONS)
        assert next(iter(about.values()))[0]  # the solution stands first
        assert any(not fits for fits, _ in about.values())


def test_each_answer_is_answered_by_its_own_words():
    for job, about in JOBS.items():
        for name, (fits, why) in about.items():
            verdict = lesson03.which_activation.check(filled(**{job: name}))
            assert verdict.passed == fits
            assert (
                f"{'✓' if fits else '·'} {job}: {name}. {'' if fits else 'Not this one. '}{why}"
                in verdict.words
            )
            assert verdict.words.startswith("Right in every row." if fits else "Right in 4 of 5 rows.")
    assert lesson03.which_activation.check(dict.fromkeys(JOBS, nn.relu)).words.startswith("Right in 2 of 5")


@pytest.mark.parametrize("blank", ["...", "", " ", None, ..., "?", "___"])
def test_a_blank_is_still_open(blank):
    job = next(iter(JOBS))
    verdict = lesson03.which_activation.check(filled(**{job: blank}))
    assert not verdict
    assert f"{job}: still open. Write one of linear, step, sigmoid, tanh, relu." in verdict.words


def test_what_is_no_activation_or_no_row_is_answered_in_words():
    check, job = lesson03.which_activation.check, next(iter(JOBS))
    assert "'lineer' is none of linear, step, sigmoid, tanh, relu. Did you mean 'linear'?" in check(
        filled(**{job: "Lineer"})
    ).words.replace("Lineer", "lineer")
    assert "'7' is none of" in check(filled(**{job: 7})).words
    less = filled()
    del less[job]
    assert f"· {job}: this row is missing in your table." in check(less).words
    extra = check({**filled(), "hidden layer that must bnd": "relu"})
    assert not extra
    assert "this row is not asked for. Did you mean 'hidden layer that must bend'?" in extra.words
    assert check().words == "check was given nothing. Give it your table, as in check(my_table)."
    assert check("relu").words.startswith("check was given the text 'relu'.")
    assert not check({})


def test_the_solution_passes_and_the_hint_tells_none():
    made = {}
    exec(lesson03.which_activation.solution().words, made)
    assert lesson03.which_activation.check(made["my_table"])
    assert not any(name in lesson03.which_activation.hint().words for name in ACTIVATIONS)


# A sum that is too large on the way


@pytest.mark.parametrize("exp", [np.exp, math.exp])
def test_a_sigmoid_that_overflows_on_the_way_is_told_so(exp):
    words = lesson03.sigmoid.check(lambda z: 1 / (1 + exp(-z))).words
    assert "On the way comes a number that is too large to hold" in words
    assert lesson03.sigmoid.yours is None


def test_the_checks_sums_are_far_out_on_both_sides():
    sums = [lesson03.sigmoid._given(np.random.default_rng(k))[0] for k in range(12)]
    assert {-800.0, 800.0} < set(sums)
    assert min(map(abs, sums)) < 1
