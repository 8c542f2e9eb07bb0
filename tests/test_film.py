"""The film: training in the explorer, and going back and forth through it without losing a learner's work."""

import numpy as np
import pytest
from explorers import looked_at, made, on_page, students
from support import says, sleep_study

from nnlib import SGD, History, fit
from nnlib.explore import NetworkExplorer
from nnlib.explore.parts.film import record_every

X, Y = sleep_study()


pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture
def trained():
    """An explorer with a film of 900 epochs, 301 frames."""
    explorer = looked_at(students(epochs=900))
    explorer.train()
    return explorer


def test_a_film_has_about_300_frames():
    for epochs in (1, 299, 300, 449, 451, 599, 601, 3000, 10**6):
        frames = epochs / record_every(epochs)
        assert frames == epochs or 200 <= frames <= 450


def film_by_hand(net, epochs=900, every=3):
    return fit(net, X, Y, epochs=epochs, optimizer=SGD(3), record=every)


def stands_at(explorer, epoch):
    """Whether everything that shows the film's place shows this epoch."""
    frame = looked_at(explorer).film.epochs.index(epoch)
    return (
        explorer.state["epoch"] == explorer.film.scrub.value == epoch
        and explorer.film.play.value == frame
        and explorer.state["theta"] == explorer.film.frames[frame] == tuple(explorer.net.theta)
        and f"\nEpoch {epoch} of {explorer.film.epochs[-1]}. Loss" in repr(explorer)
        and explorer.loss_curve.dot.get_xdata()[0] == epoch
        and explorer.loss_curve.alt.endswith(f"at epoch {epoch}.")
    )


def test_the_film_is_the_training_that_fit_would_make_to_the_bit(trained):
    history = film_by_hand(made(2, 3, 1))
    np.testing.assert_array_equal(trained.film.frames, history.theta)
    assert trained.film.epochs == history.epochs.tolist()
    assert trained.net.theta.tolist() == history.theta[-1].tolist()
    assert stands_at(trained, 900)


def test_the_loss_of_each_frame_is_the_one_that_training_saw(trained):
    curve = film_by_hand(made(2, 3, 1)).loss
    drawn_at, drawn = trained.loss_curve.curve.get_data()
    assert list(drawn_at) == trained.film.epochs
    for epoch in (0, 3, 300, 897):
        trained.set(epoch=epoch)
        loss = trained.numbers(trained.state)["loss"]
        assert loss == pytest.approx(curve[epoch], rel=1e-12)
        assert drawn[epoch // 3] == loss


def test_controls_of_the_film_are_there_once_there_is_a_film():
    explorer = students(epochs=30)
    row = explorer._film_row
    assert not set(explorer.film.controls) & set(row.children)
    explorer.train()
    assert set(explorer.film.controls) <= set(row.children)
    explorer.reset_button.click()
    assert not set(explorer.film.controls) & set(row.children)


def test_the_train_button_trains_and_plays_from_the_start():
    explorer = students(epochs=300)
    explorer.train_button.click()
    assert stands_at(explorer, 0)
    assert explorer.film.play.playing
    for frame in (1, 2, 150, 300):
        on_page(explorer.film.play, value=frame)
        assert stands_at(explorer, frame)


@pytest.mark.parametrize("frame", [0, 1, 150, 299, 300])
def test_the_scrub_goes_to_its_epoch(trained, frame):
    on_page(trained.film.scrub, index=frame)
    assert stands_at(trained, trained.film.epochs[frame])


def test_back_and_step_go_one_frame_and_stop_at_the_ends(trained):
    trained.film.ahead.click()
    assert stands_at(trained, 900)
    trained.film.back.click()
    assert stands_at(trained, 897)
    trained.set(epoch=3)
    for epoch in (0, 0):
        trained.film.back.click()
        assert stands_at(trained, epoch)
    trained.film.ahead.click()
    assert stands_at(trained, 3)


def test_code_goes_to_the_nearest_frame(trained):
    for wanted, epoch in ((0, 0), (1, 0), (2, 3), (451, 450), (10_000, 900)):
        trained.set(epoch=wanted)
        assert stands_at(trained, epoch)


def test_a_step_stops_the_playing(trained):
    on_page(trained.film.play, playing=True)
    trained.film.back.click()
    assert not trained.film.play.playing
    on_page(trained.film.play, value=12)  # a frame that was still on its way
    assert stands_at(trained, 897)


def test_a_scrub_stops_the_playing(trained):
    on_page(trained.film.play, playing=True)
    on_page(trained.film.scrub, index=50)
    assert not trained.film.play.playing
    on_page(trained.film.play, value=12)  # a frame that was still on its way
    assert stands_at(trained, 150)


MOVES = {
    "the slider": lambda explorer: on_page(explorer.parameters.chosen.children[0], value=1.5),
    "one of all sliders": lambda explorer: on_page(explorer.parameters.sliders[0], value=1.5),
    "the diagram": lambda explorer: on_page(
        explorer.diagram, moves={"0": [explorer.diagram.seen + 1, 1.5]}, selected=0
    ),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_hand_stops_the_film_and_frames_on_their_way_do_not_undo_its_work(trained, move):
    trained.drawer_buttons["sliders"].value = True
    on_page(trained.film.play, playing=True)
    on_page(trained.film.play, value=100)
    assert stands_at(trained, 300)
    move(trained)
    by_hand = trained.state["theta"]
    assert by_hand == (1.5, *trained.film.frames[100][1:])
    assert not trained.film.play.playing
    assert "Set by hand." in repr(trained)
    for late in (101, 102):
        on_page(trained.film.play, value=late)
        assert trained.state["theta"] == by_hand == tuple(trained.net.theta)
        assert trained.film.play.value == 100
    on_page(trained.film.play, playing=True)
    on_page(trained.film.play, value=103)
    assert stands_at(trained, 309)


def test_training_continues_from_where_the_hand_left_the_weights(trained):
    trained.set(epoch=300)
    trained.set(**{"b2[score]": -1.25})
    start = trained.state["theta"]
    trained.train()
    by_hand = made(2, 3, 1)
    by_hand.theta = start
    np.testing.assert_array_equal(trained.film.frames, film_by_hand(by_hand).theta)
    assert trained.film.frames[0] == start


def test_the_best_loss_is_one_that_a_hand_found(trained):
    assert trained.state["best"] is None  # what training has found does not count
    trained.set(**{"b2[score]": trained.net.theta[12] + 0.01})
    assert trained.state["best"] is None  # nor does a touch on what was trained
    trained.reset()
    trained.set(**{"b2[score]": 0.8})
    best = trained.numbers(trained.state)["loss"]
    assert trained.state["best"] == best
    trained.set(**{"b2[score]": -4})
    assert trained.state["best"] == best
    trained.new_start()
    assert trained.state["best"] == best


def test_reset_returns_to_the_first_weights_without_a_film(trained):
    trained.set(example=2, selected=5)
    trained.reset_button.click()
    assert trained.state == trained.first
    assert tuple(trained.net.theta) == trained.first["theta"] == tuple(made(2, 3, 1).theta)
    assert "First weights." in repr(trained)
    assert (trained.example.value, trained.diagram.selected) == (0, 0)
    assert len(trained.loss_curve.curve.get_xdata()) == 0
    on_page(trained.film.play, value=5)  # late
    assert trained.state == trained.first
    with says(ValueError, "there is no film yet: press Train, or call explorer.train(), first."):
        trained.set(epoch=3)


def test_each_new_start_draws_other_weights_and_reset_returns_to_them(trained):
    seen = {trained.first["theta"]}
    for _ in range(3):
        trained.new_button.click()
        seen.add(trained.state["theta"])
        assert not trained.film.epochs
    assert len(seen) == 4
    last = trained.state["theta"]
    trained.set(theta=np.ones(13))
    trained.reset()
    assert trained.state["theta"] == last


def test_the_learners_own_training_is_shown():
    explorer = students()
    history = film_by_hand(made(2, 3, 1, seed=5), epochs=100, every=7)
    explorer.watch(history)
    assert explorer.film.epochs == [*range(0, 99, 7), 100]
    assert stands_at(explorer, 100)
    explorer.film.back.click()
    assert stands_at(explorer, 98)
    explorer.watch(film_by_hand(made(2, 3, 1, seed=6), epochs=4, every=1))  # a shorter one
    assert stands_at(explorer, 4)


@pytest.mark.parametrize(
    ("film", "message"),
    [
        (
            fit(made(2, 3, 1), X, Y, epochs=3, optimizer="sgd"),
            "this film has 0 frames of 13 numbers; fit a network with 13 parameters and keep its film with "
            "record=1.",
        ),
        (
            fit(made(2, 1), X, Y, epochs=3, optimizer="sgd", record=1),
            "this film has 4 frames of 3 numbers; fit a network with 13 parameters and keep its film with "
            "record=1.",
        ),
        (
            History(13),
            "this film has 0 frames of 13 numbers; fit a network with 13 parameters and keep its film with "
            "record=1.",
        ),
        ([0.5, 0.4], "watch needs the History that fit returns; got a list."),
    ],
    ids=["no film", "another network", "nothing", "a list"],
)
def test_a_film_that_does_not_fit(film, message):
    explorer = students()
    before = repr(explorer)
    with says(ValueError, message):
        explorer.watch(film)
    assert repr(explorer) == before
    assert explorer.state == explorer.first


def diverging(**settings):
    explorer = NetworkExplorer(
        made(2, 1, activations="linear"), 10 * X, 100 * Y, optimizer=SGD(0.5), epochs=500, **settings
    )
    looked_at(explorer).train_button.click()
    return explorer


def test_training_that_diverges_says_so_and_keeps_the_film_of_the_epochs_before():
    explorer = diverging()
    trouble = explorer.page.message
    assert trouble.startswith("the loss is inf after epoch ")
    assert trouble.endswith("scale X and y. The film shows the epochs before.")
    last = explorer.film.epochs[-1]
    assert 5 < last < 500
    for frame in (1, len(explorer.film.epochs) - 1):
        on_page(explorer.film.play, value=frame)
        assert repr(explorer).startswith(trouble)  # as long as the film is shown
        assert np.isfinite(explorer.numbers(explorer.state)["loss"])
        assert max(map(len, explorer.diagram.texts)) < 20  # no number of a hundred digits
        assert len(repr(explorer)) < 600
    explorer._repr_mimebundle_()


def test_after_training_that_diverged_the_explorer_can_be_used():
    explorer = diverging()
    on_page(explorer.film.play, value=len(explorer.film.epochs) - 1)
    assert explorer.parameters.chosen.children[0].max > 1e6
    explorer.set(theta=[1, 2, 3])
    assert explorer.page.message == ""
    explorer.reset_button.click()
    assert (explorer.parameters.chosen.children[0].min, explorer.parameters.chosen.children[0].max) == (-4, 4)
    on_page(explorer.parameters.chosen.children[0], value=0.5)
    assert explorer.state["theta"][0] == 0.5
    explorer.set(learning_rate=1e-4)
    assert (explorer.page.message, explorer.film.epochs[-1]) == ("", 500)


def test_training_whose_first_step_explodes_has_a_film_of_the_start():
    explorer = NetworkExplorer(made(2, 1, activations="linear"), X, Y, optimizer=SGD(1e300), epochs=10)
    explorer.train()
    assert explorer.film.epochs == [0]
    assert "The film shows the epochs before." in repr(explorer)
    explorer.film.ahead.click()
    assert explorer.state["theta"] == explorer.first["theta"]


def test_a_perfect_fit_from_the_start_can_be_trained_and_drawn():
    net = made(1, 1, activations="linear")
    net.theta = [1, 0]
    explorer = NetworkExplorer(net, [[0.0], [1.0]], [[0.0], [1.0]], epochs=5)
    explorer.train()
    assert "Epoch 5 of 5. Loss 0. " in repr(explorer)
