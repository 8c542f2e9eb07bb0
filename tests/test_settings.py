"""The switches and the training behind them: every setting compared with a training of its own by `fit`."""

from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest
from explorers import looked_at, made, on_page, students
from support import plain_forward, says

from nnlib import SGD, Activation, Adam, Dense, MaxScaler, Network, Optimizer, datasets, fit
from nnlib.explore import Explorer, NetworkExplorer
from nnlib.explore.parts import trainer
from nnlib.explore.parts.settings import SETTINGS

HOURS, SCORES, *_ = datasets.test_scores()
X, Y = HOURS / HOURS.max(axis=0), SCORES / 100
EPOCHS = 60

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture
def filmed():
    """An explorer with open settings and a film of 60 epochs, at epoch 24."""
    explorer = students(epochs=EPOCHS, open="settings")
    explorer.train()
    explorer.set(epoch=24)
    return explorer


def bare(**settings):
    """An explorer without the pictures, which take the longest to make."""
    return students(show=["diagram", "film", "settings"], **settings)


def standard(table):
    return (table - table.mean(axis=0)) / table.std(axis=0)


def film_by_hand(net, X=X, Y=Y, epochs=EPOCHS, optimizer=None, **settings):
    return fit(net, X, Y, epochs=epochs, optimizer=optimizer or SGD(3), record=1, **settings).theta


def switch(explorer, name, value):
    """A hand on the control of a setting."""
    control = explorer.switches.controls[name]
    if hasattr(control, "options"):
        on_page(control, index=control.options.index(value))
    else:
        on_page(control, value=value)


def written(value):
    return f"{value:.1f}".replace("-", "−")


def all_agrees(explorer, inputs=X, real=lambda y_hat: 100 * y_hat):
    """Assert that the diagram, the sliders, the pictures, the words and the switches show one network."""
    net, state, labels = explorer.net, explorer.state, explorer.net.labels()
    picture = ElementTree.fromstring(explorer.diagram.svg)
    lines = [line.get("aria-label") for line in picture.findall(".//g[@data-k]")]
    assert sorted(line.partition("], ")[0] + "]" for line in lines) == sorted(labels)
    assert (
        len(picture.findall(".//g[@data-neuron]"))
        == len(explorer.diagram.fills)
        == sum(layer.n_out for layer in net.layers)
    )
    assert tuple(net.theta) == tuple(explorer.diagram.theta) == state["theta"]
    assert [slider.description for slider in explorer.parameters.sliders] == labels
    (chosen,) = explorer.parameters.chosen.children
    assert chosen.description == labels[state["selected"]]
    assert chosen.value == pytest.approx(state["theta"][state["selected"]], abs=1 / 2048)

    points, k = real(plain_forward(net, inputs))[:, 0], state["example"]
    pairs = zip(points, SCORES[:, 0], strict=True)
    listed = ", ".join(f"{written(p)} (true {y:.0f})" for p, y in pairs)
    if explorer.prediction in explorer._column.children:
        assert explorer.prediction.alt == f"Predicted score: {listed}."
    assert explorer.diagram.texts[-3] == f"→ {written(points[k])}"
    assert f"predicted {written(points[k])}, true score {SCORES[k, 0]:.0f} points." in repr(explorer)
    if explorer.film.epochs and state["theta"] in explorer.film.frames:
        assert f"\nEpoch {state['epoch']} of {explorer.film.epochs[-1]}. Loss" in repr(explorer)
        assert explorer.film.scrub.value == state["epoch"]
        assert explorer.film.frames[explorer.film.epochs.index(state["epoch"])] == state["theta"]
    if state["open"] == "settings":
        shown = {name: control.value for name, control in explorer.switches.controls.items()}
        assert shown == {name: state[name] for name in SETTINGS}


# Each setting ---------------------------------------------------------------------------------------------

SWITCHES = [
    ({"learning_rate": 0.5}, lambda: film_by_hand(made(2, 3, 1), optimizer=SGD(0.5))),
    ({"activation": "tanh"}, lambda: film_by_hand(made(2, 3, 1, activations=["tanh", "sigmoid"]))),
    ({"activation": "relu"}, lambda: film_by_hand(made(2, 3, 1, activations=["relu", "sigmoid"]))),
    ({"hidden": 5}, lambda: film_by_hand(made(2, 5, 1))),
    ({"hidden": 0}, lambda: film_by_hand(made(2, 1))),
    ({"layers": 2}, lambda: film_by_hand(made(2, 3, 3, 1))),
    ({"batch_size": 1}, lambda: film_by_hand(made(2, 3, 1), batch_size=1)),
    ({"batch_size": 2}, lambda: film_by_hand(made(2, 3, 1), batch_size=2)),
    ({"optimizer": "momentum"}, lambda: film_by_hand(made(2, 3, 1), optimizer=SGD(3, momentum=0.9))),
    ({"optimizer": "adam"}, lambda: film_by_hand(made(2, 3, 1), optimizer=Adam(3))),
    ({"epochs": 30}, lambda: film_by_hand(made(2, 3, 1), epochs=30)),
    ({"scale_X": "standard"}, lambda: film_by_hand(made(2, 3, 1), standard(HOURS))),
    ({"scale_X": "none"}, lambda: film_by_hand(made(2, 3, 1), HOURS)),
    ({"scale_y": "standard"}, lambda: film_by_hand(made(2, 3, 1), X, standard(SCORES))),
    ({"scale_y": "none"}, lambda: film_by_hand(made(2, 3, 1), X, SCORES)),
    ({"seed": 4}, lambda: film_by_hand(made(2, 3, 1, seed=4), seed=4)),
    (
        {"hidden": 4, "activation": "tanh", "seed": 2, "batch_size": 1, "learning_rate": 0.25},
        lambda: film_by_hand(
            made(2, 4, 1, activations=["tanh", "sigmoid"], seed=2), optimizer=SGD(0.25), batch_size=1, seed=2
        ),
    ),
]
INPUTS = {"standard": standard(HOURS), "none": HOURS}
POINTS = {
    "standard": lambda y_hat: y_hat * SCORES.std() + SCORES.mean(),
    "none": lambda y_hat: y_hat,
}


@pytest.mark.parametrize(("changes", "film"), SWITCHES, ids=[str(changes)[:30] for changes, _ in SWITCHES])
def test_a_switch_shows_the_film_of_a_training_with_it_at_the_same_epoch_and_back_again(
    filmed, changes, film
):
    given, before = filmed.net, filmed.film.frames
    back = {name: filmed.state[name] for name in changes}
    for name, value in changes.items():
        switch(filmed, name, value)
    assert {name: filmed.state[name] for name in changes} == changes
    np.testing.assert_allclose(filmed.film.frames, film(), rtol=0, atol=1e-12)
    assert filmed.state["epoch"] == 24
    scales = [changes.get(name, "as before") for name in ("scale_X", "scale_y")]
    all_agrees(filmed, INPUTS.get(scales[0], X), POINTS.get(scales[1], lambda y_hat: 100 * y_hat))
    assert (filmed.net is given) == (not {"activation", "hidden", "layers"} & changes.keys())
    filmed.set(**{filmed.net.labels()[0]: 1.5})

    for name, value in back.items():
        switch(filmed, name, value)
    assert filmed.net is given
    assert filmed.film.frames == before
    all_agrees(filmed)
    filmed.reset()
    assert given.theta.tolist() == made(2, 3, 1).theta.tolist()


def test_from_code_several_settings_are_one_training(filmed, monkeypatch):
    trainings = []
    train = filmed.trainer.train
    monkeypatch.setattr(filmed.trainer, "train", lambda *given: trainings.append(given) or train(*given))
    filmed.set(hidden=2, layers=2, learning_rate=1)
    assert len(trainings) == 1
    np.testing.assert_allclose(
        filmed.film.frames, film_by_hand(made(2, 2, 2, 1), optimizer=SGD(1)), rtol=0, atol=1e-12
    )
    filmed.set(hidden=2)  # as it is
    assert len(trainings) == 1
    all_agrees(filmed)


def test_every_number_of_hidden_units_in_one_layer_and_in_two():
    explorer = bare(epochs=2, open="settings")
    explorer.set(example=2)
    for layers in (1, 2):
        switch(explorer, "layers", layers)
        for hidden in (*range(11), 3):
            switch(explorer, "hidden", hidden)
            sizes = [layer.n_out for layer in explorer.net.layers]
            assert sizes == [*[hidden] * layers * (hidden > 0), 1]
            all_agrees(explorer)
            on_page(explorer.diagram, selected=len(explorer.net.theta) - 1)
            on_page(explorer.parameters.chosen.children[0], value=0.5)
            assert explorer.net.theta[-1] == 0.5
            all_agrees(explorer)


def test_before_any_training_a_switch_trains_from_where_the_sliders_stand_to_the_end():
    explorer = students(epochs=EPOCHS)
    explorer.set(**{"b2[score]": -1.25})
    explorer.set(learning_rate=0.5)
    start = made(2, 3, 1)
    start.theta = explorer.film.frames[0]
    assert start.theta[12] == -1.25
    np.testing.assert_allclose(
        explorer.film.frames, film_by_hand(start, optimizer=SGD(0.5)), rtol=0, atol=1e-12
    )
    assert explorer.state["epoch"] == EPOCHS
    all_agrees(explorer)


def test_a_longer_training_is_shown_from_where_the_shorter_one_stood(filmed):
    switch(filmed, "epochs", 600)
    assert (filmed.state["epoch"], filmed.film.epochs[-1], len(filmed.film.epochs)) == (24, 600, 301)
    assert filmed.loss_curve.axes.get_xlim() == (0, 600)
    switch(filmed, "epochs", 10)
    assert filmed.state["epoch"] == 10
    all_agrees(filmed)


def test_a_new_start_is_one_with_the_next_seed_and_other_builds_take_it_too(filmed):
    filmed.new_button.click()
    assert filmed.switches.controls["seed"].value == filmed.state["seed"] == 1
    assert filmed.state["theta"] == tuple(made(2, 3, 1, seed=1).theta)
    filmed.set(hidden=4)
    assert filmed.film.frames[0] == tuple(made(2, 4, 1, seed=1).theta)
    filmed.set(hidden=3, seed=0)
    assert filmed.film.frames[0] == tuple(made(2, 3, 1).theta)


def test_a_network_of_another_build_can_be_moved_trained_and_reset(filmed):
    filmed.set(neuron="h3")
    filmed.set(hidden=1)
    assert filmed.state["neuron"] == -1
    on_page(filmed.diagram, selected=3, neuron=1)
    on_page(filmed.parameters.chosen.children[0], value=0.75)
    assert filmed.net.theta[3] == 0.75
    filmed.reset_button.click()
    assert tuple(filmed.net.theta) == tuple(made(2, 1, 1).theta)
    filmed.train_button.click()
    np.testing.assert_allclose(filmed.film.frames, film_by_hand(made(2, 1, 1)), rtol=0, atol=1e-12)
    all_agrees(filmed)


def test_a_move_in_the_diagram_of_the_network_before_does_not_reach_the_new_one(filmed):
    late = {"5": [filmed.diagram.seen + 1, 3.5]}
    filmed.set(hidden=2)
    before = filmed.state["theta"]
    on_page(filmed.diagram, moves=late)
    assert filmed.state["theta"] == before


def test_an_open_drawer_follows_a_switch(filmed):
    for opened in ("sliders", "arithmetic", "slopes"):
        filmed.set(open=opened)
        filmed.set(hidden=1)
        assert filmed.state["open"] == opened
        assert "Selected: W1[sleep, h1] = " in repr(filmed)
        if opened == "sliders":
            assert len(filmed.parameters.drawer.children) == 5
        if opened == "arithmetic":
            assert "\nScaling:\nsleep scaled = 3 ÷ 10 = 0.30\n" in repr(filmed)
        all_agrees(filmed)
        filmed.set(hidden=3)


# What an explorer is given --------------------------------------------------------------------------------


class Leaky(Activation):
    """A relu that lets a tenth of negative sums through."""

    name = "leaky"

    def into(self, z, a):
        a[...] = np.where(z > 0, z, 0.1 * z)

    def slope_into(self, z, a, slope):
        slope[...] = np.where(z > 0, 1.0, 0.1)


class Slow(Optimizer):
    """One per cent of plain gradient descent."""

    def _start(self, theta):
        pass

    def _step(self, theta, grad):
        theta -= 0.01 * self.learning_rate * grad


@pytest.mark.parametrize(
    ("sizes", "kind", "shown"),
    [
        ((2, 16, 1), "sigmoid", {"hidden": 16, "layers": 1}),
        ((2, 3, 3, 3, 1), "tanh", {"hidden": 3, "layers": 3}),
        ((2, 4, 2, 1), "relu", {"hidden": 4, "layers": 2}),
        ((2, 3, 1), Leaky(), {"activation": "leaky"}),
    ],
    ids=["many units", "many layers", "layers of different width", "the learner's own activation"],
)
def test_switches_show_what_was_given_and_return_to_it(sizes, kind, shown):
    layers = [Dense(*size, kind) for size in pairwise(sizes)]
    explorer = bare(net=Network(layers, input_names=["sleep", "study"]), epochs=3, open="settings")
    given = explorer.net
    controls = explorer.switches.controls
    assert {name: controls[name].value for name in shown} == shown
    switch(explorer, "hidden", 2)
    switch(explorer, "activation", "sigmoid")
    switch(explorer, "layers", 2)
    assert [layer.n_out for layer in explorer.net.layers] == [2, 2, 1]
    for name in ("hidden", "activation", "layers"):
        switch(explorer, name, explorer.first[name])
    assert explorer.net is given
    assert {name: controls[name].value for name in shown} == shown


def test_the_learners_own_activation_stays_when_the_units_are_switched():
    explorer = bare(net=Network([Dense(2, 3, Leaky()), Dense(3, 1, "sigmoid")]), epochs=3)
    explorer.set(hidden=4)
    assert [layer.activation.name for layer in explorer.net.layers] == ["leaky", "sigmoid"]


@pytest.mark.parametrize(
    ("optimizer", "kind"),
    [(SGD(0.5, momentum=0.7), "momentum"), (Adam(0.02), "adam"), (Slow(2.0), "slow"), (SGD(1e7), "sgd")],
    ids=["momentum", "adam", "the learner's own", "a large learning rate"],
)
def test_the_optimizer_that_was_given_keeps_its_own_numbers(optimizer, kind):
    explorer = bare(optimizer=optimizer, epochs=5, open="settings")
    rate = optimizer.learning_rate
    for name, value in (("optimizer", kind), ("learning_rate", rate)):
        assert explorer.switches.controls[name].value == value
    explorer.train()
    switch(explorer, "optimizer", "sgd" if kind != "sgd" else "adam")
    switch(explorer, "optimizer", kind)
    expected = film_by_hand(made(2, 3, 1), epochs=5, optimizer=optimizer)
    np.testing.assert_allclose(explorer.film.frames, expected, rtol=1e-12, atol=1e-12)
    switch(explorer, "learning_rate", 0.5)
    assert optimizer.learning_rate == rate  # the given one is not touched


@pytest.mark.parametrize(("given", "shown"), [(None, 3), (2, 2), (5, 3)])
def test_rows_a_step_are_at_most_all_rows(given, shown):
    explorer = bare(batch_size=given, open="settings", epochs=5)
    control = explorer.switches.controls["batch_size"]
    assert (control.value, control.min, control.max) == (shown, 1, 3)
    explorer.train()
    expected = film_by_hand(made(2, 3, 1), epochs=5, batch_size=given)
    np.testing.assert_allclose(explorer.film.frames, expected, rtol=0, atol=1e-12)


def test_scalers_that_were_given_are_taken_again(filmed):
    first = filmed.problem.y_scaler
    assert first.scale == 100  # not the largest score
    filmed.set(scale_y="none")
    filmed.set(scale_y="maximum")
    assert filmed.problem.y_scaler is first


def test_the_picture_has_room_for_the_data_whatever_scaling_comes_first():
    given = {"x_scaler": MaxScaler().fit(HOURS), "y_scaler": None}
    explorer = students(**given)
    explorer.set(scale_y="maximum")
    low, high = explorer.prediction.span
    assert low <= 0
    assert high >= 93
    one = NetworkExplorer(made(1, 2, 1), [[1.0], [2.0]], [[50.0], [80.0]])
    low, high = one.prediction.axes.get_ylim()
    assert low <= 50
    assert high >= 80


# What does not fit ----------------------------------------------------------------------------------------

NO_FIT = [
    ({"learning_rate": 0}, "learning_rate must be a finite number above 0; got 0."),
    ({"learning_rate": "fast"}, "learning_rate must be a finite number above 0; got 'fast'."),
    ({"hidden": 11}, "hidden goes from 0 to 10; got 11."),
    ({"hidden": -1}, "hidden must be a whole number of 0 or more; got -1."),
    ({"hidden": 2.5}, "hidden must be a whole number of 0 or more; got 2.5."),
    ({"hidden": None}, None),
    ({"layers": 0}, "layers must be a whole number of 1 or more; got 0."),
    ({"layers": 3}, "layers goes from 1 to 2; got 3."),
    ({"batch_size": 4}, "batch_size goes from 1 to 3; got 4."),
    ({"batch_size": [2]}, None),
    ({"epochs": 0}, "epochs must be a whole number of 1 or more; got 0."),
    ({"seed": -1}, "seed must be a whole number of 0 or more; got -1."),
    ({"seed": 2**31}, "seed goes from 0 to 2147483647; got 2147483648."),
    (
        {"activation": "sigmoidal"},
        "'sigmoidal' is no activation that nnlib knows; choose one of linear, step, sigmoid, tanh, relu. "
        "Did you mean 'sigmoid'?",
    ),
    ({"optimizer": SGD(3)}, None),
    ({"optimizer": "adm"}, None),
    ({"scale_X": "max"}, None),
    ({"scale_y": True}, None),
    ({"hidden": 4, "layers": 9}, "layers goes from 1 to 2; got 9."),
    ({"hidden": 4, "example": 1}, "set hidden first, and example in a second call."),
    ({"seed": 4, "epoch": 3, "b2[score]": 1}, "set seed first, and b2[score], epoch in a second call."),
]


@pytest.fixture(scope="module")
def shared():
    """An explorer that no test of this part changes."""
    explorer = students(epochs=EPOCHS, open="settings")
    explorer.train()
    explorer.set(epoch=24)
    yield explorer
    explorer.close()


def everything(explorer):
    return (
        explorer.state,
        repr(explorer),
        explorer.net,
        explorer.net.theta.tolist(),
        explorer.film.frames,
        explorer.prediction.png,
        explorer.diagram.svg,
        {name: control.value for name, control in explorer.switches.controls.items()},
    )


@pytest.mark.parametrize(("changes", "message"), NO_FIT, ids=[str(changes)[:40] for changes, _ in NO_FIT])
def test_a_setting_that_does_not_fit_changes_nothing(shared, changes, message):
    before = everything(shared)
    with (
        pytest.raises(ValueError, match=r"must be|no optimizer|no scale_X")
        if message is None
        else says(ValueError, message)
    ):
        shared.set(**changes)
    assert everything(shared) == before
    all_agrees(shared)


def test_nameless_values_are_refused_beside_settings_too(shared):
    with pytest.raises(TypeError, match="set needs names"):
        shared.set(3, hidden=4)
    assert shared.state["hidden"] == 3


UNSCALABLE = [
    (
        {"scale_X": "maximum"},
        [[-1.0, 1], [2, 3]],
        [[1.0], [0.0]],
        "X[0, 0] is -1, but dividing by the maximum needs values of 0 or more. "
        "Use StandardScaler for columns with negative values.",
    ),
    (
        {"scale_X": "standard"},
        [[1.0, 5], [2, 5]],
        [[1.0], [0.0]],
        "column 1 of X is 5 in every row, so there is nothing to scale it by; leave it out.",
    ),
    ({"scale_X": "maximum"}, [[0.0, 5], [0, 5]], [[1.0], [0.0]], "column 0 of X is 0 in every row"),
    (
        {"scale_y": "standard"},
        [[1.0, 4], [2, 5]],
        [[0.5], [0.5]],
        "column 0 of y is 0.5 in every row, so there is nothing to scale it by; leave it out.",
    ),
    ({"scale_y": "maximum"}, [[1.0, 4], [2, 5]], [[-0.5], [0.5]], "y[0, 0] is -0.5, but dividing by the"),
]


@pytest.mark.parametrize(("changes", "X", "y", "message"), UNSCALABLE)
def test_data_that_cannot_be_scaled_are_answered_in_words(changes, X, y, message, monkeypatch):
    explorer = NetworkExplorer(made(2, 2, 1), X, y, epochs=5, open="settings")
    explorer.train()
    before, state = everything(explorer)[2:], explorer.state
    words = explorer.page.words
    monkeypatch.setattr(Explorer, "strict", False)
    ((name, value),) = changes.items()
    switch(explorer, name, value)
    assert explorer.page.message.startswith(f"ValueError: {message}")
    assert everything(explorer)[2:] == before
    assert (explorer.state, explorer.page.words) == (state, words)


REACH = [
    (
        "sigmoid",
        {"scale_y": "none"},
        "between 0 and 1, but the network is to reach 93: scale y by its maximum.",
    ),
    ("sigmoid", {"scale_y": "standard"}, "0 and 1, but the network is to reach 1.3: scale y by its maximum."),
    (
        "tanh",
        {"scale_y": "none"},
        "between -1 and 1, but the network is to reach 93: scale y by its maximum.",
    ),
]


@pytest.mark.parametrize(("kind", "changes", "hint"), REACH)
def test_an_output_that_cannot_reach_the_targets_is_named(kind, changes, hint):
    explorer = bare(net=made(2, 3, 1, activations=["sigmoid", kind]), epochs=3)
    assert explorer.page.message == ""
    explorer.set(**changes)
    assert explorer.page.message.startswith(f"The output's {kind} stays between ")
    assert explorer.page.message.endswith(hint)
    explorer.set(scale_y="maximum")
    assert explorer.page.message == ""


def test_negative_targets_need_another_output():
    explorer = NetworkExplorer(made(1, 2, 1), [[1.0], [2.0]], [[-3.0], [0.5]])
    assert explorer.page.message == (
        "The output's sigmoid stays between 0 and 1, but the network is to reach -3: "
        "take a network with a linear output."
    )


def test_settings_that_diverge_show_the_film_before_say_so_and_can_be_mended():
    net = made(2, 3, 1, activations=["sigmoid", "linear"], input_names=["sleep", "study"])
    explorer = students(net=net, epochs=EPOCHS, open="settings", optimizer=SGD(0.1))
    looked_at(explorer).train()
    switch(explorer, "learning_rate", 1e6)
    assert explorer.page.message.startswith("the loss is ")
    assert explorer.page.message.endswith(
        "try a smaller learning rate than 1e+06, and scale X and y. The film shows the epochs before."
    )
    last = explorer.film.epochs[-1]
    assert 0 < last < EPOCHS
    assert explorer.state["epoch"] == last
    assert np.isfinite(explorer.net.theta).all()
    assert explorer.switches.controls["learning_rate"].value == 1e6
    on_page(explorer.film.scrub, index=1)
    assert "The film shows the epochs before." in repr(explorer)
    switch(explorer, "learning_rate", 0.1)
    assert explorer.page.message == ""
    start = made(2, 3, 1, activations=["sigmoid", "linear"])
    np.testing.assert_allclose(
        explorer.film.frames, film_by_hand(start, optimizer=SGD(0.1)), rtol=0, atol=1e-12
    )
    assert explorer.film.epochs[-1] == EPOCHS


# The training ---------------------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch):
    """Every epoch counts as long: the bar looks at each."""
    monkeypatch.setattr(trainer, "SHORT", -1.0)
    monkeypatch.setattr(trainer, "TOLD", -1.0)


def bar(explorer, stop_at=None):
    """What the bar shows, from now on; at `stop_at` the learner presses its button."""
    seen = []

    def look(change):
        if change["new"] == stop_at and -1.0 not in seen:
            on_page(explorer.page, halted=explorer.page.halted + 1)
        seen.append(change["new"])

    explorer.page.observe(look, "progress")
    return seen


@pytest.mark.usefixtures("told")
def test_a_long_training_shows_how_far_it_is():
    explorer = bare(epochs=5)
    seen = bar(explorer)
    explorer.train_button.click()
    assert seen == [0.2, 0.4, 0.6, 0.8, 1.0, -1.0]
    seen.clear()
    explorer.set(epochs=2)
    assert seen == [0.5, 1.0, -1.0]


def test_a_short_training_shows_no_bar():
    explorer = bare(epochs=5)
    seen = bar(explorer)
    explorer.train()
    assert seen == []


@pytest.mark.usefixtures("told")
def test_a_training_can_be_stopped_and_its_film_so_far_is_kept():
    explorer = bare(epochs=10)
    bar(explorer, stop_at=0.4)
    explorer.train()
    assert repr(explorer).startswith("You stopped the training at epoch 4.\n")
    np.testing.assert_allclose(
        explorer.film.frames, film_by_hand(made(2, 3, 1), epochs=4), rtol=0, atol=1e-12
    )
    all_agrees(explorer)
    explorer.set(epoch=2)
    assert explorer.page.message == "You stopped the training at epoch 4."
    explorer.set(**{"b2[score]": 1})
    assert explorer.page.message == ""  # that is no longer what is shown


@pytest.mark.usefixtures("told")
def test_after_a_stop_the_next_training_reaches_its_end():
    explorer = bare(epochs=10)
    bar(explorer, stop_at=0.4)
    explorer.train_button.click()
    assert explorer.film.epochs[-1] == 4
    on_page(explorer.page, halted=5)  # pressed again, late
    explorer.reset()
    explorer.train()
    assert explorer.page.message == ""
    np.testing.assert_allclose(
        explorer.film.frames, film_by_hand(made(2, 3, 1), epochs=10), rtol=0, atol=1e-12
    )


@pytest.mark.usefixtures("told")
def test_a_switch_whose_training_is_stopped_is_thrown_all_the_same():
    explorer = bare(epochs=10, open="settings")
    explorer.train()
    bar(explorer, stop_at=0.4)
    switch(explorer, "hidden", 2)
    assert explorer.page.message == "You stopped the training at epoch 4."
    assert (explorer.state["hidden"], explorer.film.epochs[-1]) == (2, 4)
    all_agrees(explorer)


@pytest.mark.parametrize(("epochs", "interrupted", "last"), [(10, 23, 7), (10, 1, 0), (900, 26, 6)])
def test_an_interrupt_of_the_kernel_ends_the_training_with_its_last_frame(
    epochs, interrupted, last, monkeypatch
):
    # 3 steps an epoch; with 900 epochs every third is a frame
    explorer = bare(epochs=epochs, batch_size=1)
    expected = film_by_hand(made(2, 3, 1), epochs=10, batch_size=1)[: last + 1 : max(1, epochs // 300)]
    steps, step = [], SGD.step

    def interrupting(optimizer, theta, grad):
        steps.append(None)
        step(optimizer, theta, grad)
        if len(steps) == interrupted:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SGD, "step", interrupting)
        explorer.train_button.click()
    assert explorer.film.epochs[-1] == last
    np.testing.assert_allclose(explorer.film.frames, expected, rtol=0, atol=1e-12)
    assert explorer.page.message == f"You stopped the training at epoch {last}."
    all_agrees(explorer)
    explorer.film.stop()
    explorer.reset()
    explorer.train()
    assert explorer.film.epochs[-1] == epochs
    assert explorer.page.message == ""
