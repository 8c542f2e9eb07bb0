"""Early stopping: every error by hand, the test error hidden until the choice, and one choice only."""

import numpy as np
import pytest
from explorers import is_drawn, looked_at, made, on_page, overfitted, stopping
from support import plain_forward, says

from nnlib import SGD, Adam, History, ShapeError, StandardScaler, TrainingDiverged, datasets, fit, plots
from nnlib.explore import StoppingExplorer
from nnlib.explore.parts.stopping_picture import GAP
from nnlib.style import dollars

pytestmark = pytest.mark.usefixtures("strict")

X, Y, *_ = datasets.houses()
SETS = {"training": slice(0, 40), "validation": slice(1200, 1260), "test": slice(1600, 1650)}
AGAIN = (
    "A test set answers once: you have seen it, so a second choice would be fitted to it. "
    "Reset hides it again, for somebody who has not seen it."
)


@pytest.fixture(scope="module")
def trained():
    """A network and its film, which most tests only look at."""
    return overfitted()


@pytest.fixture(scope="module")
def shared(trained):
    explorer = looked_at(stopping(net=trained[0], history=trained[1]))
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(shared):
    """As it is at first."""
    shared.reset()
    return shared


def by_hand(net, theta):
    """Predictions and error of each set, from nothing but NumPy."""
    other = made(4, 30, 1, activations=["relu", "linear"])
    other.theta = theta
    x_mean, x_std, y_mean, y_std = X[:40].mean(0), X[:40].std(0), Y[:40].mean(), Y[:40].std()
    predicted = {
        n: plain_forward(other, (X[s] - x_mean) / x_std)[:, 0] * y_std + y_mean for n, s in SETS.items()
    }
    return predicted, {n: abs(predicted[n] - Y[s, 0]).mean() for n, s in SETS.items()}


def told(explorer):
    """All that a page, a screen reader or a file could tell: words, alternative texts, html, the state."""
    bundle = explorer._repr_mimebundle_()
    alts = [explorer.curves.alt, explorer.rows.alt]
    return "\n".join([repr(explorer), *alts, bundle["text/plain"], bundle["text/html"], explorer.page.spoken])


def test_every_epoch_shows_the_errors_and_predictions_that_numpy_finds(explorer, trained):
    net, history = trained
    for epoch, theta in zip(history.epochs.tolist(), history.theta, strict=True):
        explorer.set(epoch=epoch)
        predicted, errors = by_hand(net, theta)
        numbers = explorer.numbers(explorer.state)
        assert net.theta.tolist() == theta.tolist()
        assert numbers["errors"] == pytest.approx({n: errors[n] for n in ("training", "validation")})
        for name in ("training", "validation"):
            np.testing.assert_allclose(numbers["predictions"][name], predicted[name])
            dots = explorer.rows.dots[name]
            low, high = explorer.rows.span
            kept = (Y[SETS[name], 0] >= low) & (Y[SETS[name], 0] <= high)
            np.testing.assert_allclose(dots.get_xdata(), Y[SETS[name], 0][kept])
            np.testing.assert_allclose(dots.get_ydata(), np.clip(predicted[name], low, high)[kept])
            top = explorer.curves.axes.get_ylim()[1]
            np.testing.assert_allclose(
                explorer.curves.dots[name].get_xydata(), [[epoch, min(errors[name], top)]]
            )
        assert explorer.curves.line.get_xdata() == [epoch, epoch]
        assert is_drawn(explorer.curves)
        assert is_drawn(explorer.rows)
    assert explorer.page.message == ""


def test_the_training_overfits_and_the_axes_leave_room_for_that(explorer):
    training, validation = explorer.errors["training"], explorer.errors["validation"]
    best = int(validation.argmin())
    assert 0 < best < len(validation) - 1
    assert training[-1] < 0.6 * training[best]
    assert validation[-1] > 1.15 * validation[best]
    assert validation[best:].max() < explorer.curves.axes.get_ylim()[1] < 2 * validation[best:].max()


def test_all_training_rows_and_nearly_all_validation_rows_are_drawn(explorer):
    explorer.set(epoch=300)
    dots = explorer.rows.dots
    assert len(dots["training"].get_xdata()) == 40
    assert len(dots["validation"].get_xdata()) + explorer.rows.left_out == 60
    assert explorer.rows.left_out <= 2
    assert dots["training"].get_markerfacecolor() != "none" == dots["validation"].get_markerfacecolor()


@pytest.mark.parametrize("chosen", [False, True])
def test_every_control_over_its_range(explorer, chosen):
    film = explorer.film
    if chosen:
        explorer.stop_button.click()
    for frame in (0, 1, 15, 29, 30):
        on_page(film.scrub, index=frame)
        assert explorer.state["epoch"] == film.epochs[frame] == 10 * frame
        assert film.play.value == frame
        assert is_drawn(explorer.curves)
        assert is_drawn(explorer.rows)
    for click, epoch in ((film.ahead, 300), (film.back, 290), (film.back, 280), (film.ahead, 290)):
        click.click()
        assert explorer.state["epoch"] == epoch
    on_page(film.play, value=3, playing=True)
    assert explorer.state["epoch"] == 290  # a frame that was on its way when the step stopped it
    on_page(film.play, value=4)
    assert explorer.state["epoch"] == film.scrub.value == 40
    assert explorer.state["chosen"] == (0 if chosen else None)


def test_code_goes_to_the_nearest_epoch(explorer):
    for wanted, epoch in ((0, 0), (4, 0), (6, 10), (10_000, 300)):
        explorer.set(epoch=wanted)
        assert explorer.state["epoch"] == epoch


def test_the_test_error_is_nowhere_before_the_choice(explorer, trained):
    for epoch, theta in zip(trained[1].epochs.tolist()[::6], trained[1].theta[::6], strict=True):
        explorer.set(epoch=epoch)
        error = by_hand(trained[0], theta)[1]["test"]
        assert dollars(error) not in told(explorer)
        assert "test error $" not in told(explorer)
        assert "test" not in explorer.numbers(explorer.state)["errors"]
        assert not explorer.curves.curves["test"].get_visible()
        assert not explorer.curves.names["test"].get_visible()
    assert repr(explorer).endswith("\nThe test error stays hidden until you stop.")


def test_the_choice_shows_the_test_error_and_what_it_could_have_been(explorer, trained):
    net, history = trained
    explorer.set(epoch=60)
    still = explorer.curves.png
    explorer.stop_button.click()
    assert explorer.curves.png != still
    errors = [by_hand(net, theta)[1] for theta in history.theta]
    on_test = [each["test"] for each in errors]
    least = int(np.argmin(on_test))
    here, end = errors[6], on_test[-1]
    both = f"training error {dollars(here['training'])}, validation error {dollars(here['validation'])}"
    after = (
        f"You stopped after epoch 60: {both}.\n"
        f"On the test houses, which nobody had looked at: {dollars(here['test'])}; "
        f"at the end of the training, epoch 300: {dollars(end)}.\n"
        "The least test error of this film, which nobody can know beforehand: "
        f"{dollars(on_test[least])} at epoch {10 * least}."
    )
    assert repr(explorer) == f"Epoch 60 of 300: {both}, test error {dollars(here['test'])}.\n{after}"
    assert explorer.curves.curves["test"].get_visible()
    assert list(explorer.curves.stopped.get_xdata()) == [60, 60]
    np.testing.assert_allclose(explorer.curves.curves["test"].get_ydata(), on_test)
    explorer.set(epoch=300)  # the learner may look around, but the choice stands
    assert repr(explorer).startswith("Epoch 300 of 300: ")
    assert repr(explorer).endswith(after)
    assert f"test error {dollars(end)}." in explorer.rows.alt


def test_a_second_choice_is_refused_until_reset(explorer):
    explorer.set(epoch=60)
    explorer.stop()
    explorer.set(epoch=100)
    words = repr(explorer)
    explorer.stop_button.click()
    assert explorer.state["chosen"] == 60
    assert explorer.page.message == AGAIN
    assert repr(explorer) == f"{AGAIN}\n{words}"
    explorer.set(epoch=110)  # the answer goes with the next move
    assert explorer.page.message == ""
    explorer.stop()
    explorer.reset_button.click()
    assert explorer.state == explorer.first == {"epoch": 0, "chosen": None, "again": False}
    assert explorer.page.message == ""
    assert "You stopped" not in told(explorer)
    assert not explorer.curves.curves["test"].get_visible()
    explorer.set(epoch=30)
    explorer.stop()
    assert "You stopped after epoch 30:" in repr(explorer)
    assert explorer.page.message == ""


def test_a_choice_stops_the_film_and_frames_on_their_way_do_not_move_it(explorer):
    on_page(explorer.film.play, playing=True)
    on_page(explorer.film.play, value=7)
    explorer.stop_button.click()
    assert not explorer.film.play.playing
    on_page(explorer.film.play, value=8)
    assert explorer.state == {"epoch": 70, "chosen": 70, "again": False}


def test_only_the_epoch_can_be_set(explorer):
    explorer.set(epoch=50)
    for name in ("chosen", "theta"):
        with says(ValueError, f"this explorer has no {name!r} to set; set epoch, and choose by stop()."):
            explorer.set(**{name: 3})
    with says(ValueError, "epoch must be a whole number of 0 or more; got -1."):
        explorer.set(epoch=-1)
    with says(ValueError, "epoch must be a whole number of 0 or more; got 'last'."):
        explorer.set(epoch="last")
    assert explorer.state["epoch"] == 50


def test_another_unit_stands_behind_its_numbers():
    net = made(1, 3, 1, activations=["tanh", "linear"], seed=0)
    hours, points = np.array([[1.0], [2.0], [4.0]]), np.array([[50.0], [60.0], [90.0]])
    history = fit(net, hours, points, epochs=4, optimizer=Adam(0.1), record=1)
    pair = (hours, points)
    explorer = StoppingExplorer(net, history, pair, pair, pair, unit="points", row_name="student")
    assert repr(explorer) == (
        f"Epoch 0 of 4: training error {explorer.errors['training'][0]:.4g} points, "
        f"validation error {explorer.errors['training'][0]:.4g} points.\n"
        "The test error stays hidden until you stop."
    )
    explorer.stop()
    assert "On the test students, which nobody had looked at: " in repr(explorer)
    assert explorer.curves.title == "mean absolute error in points"
    assert explorer.rows.axes.get_xlabel() == "true y in points"
    assert is_drawn(explorer.curves)
    assert "predicted against true y after epoch 0 for 3 training, 3 validation students" in (
        explorer.rows.alt.lower()
    )


def test_a_perfect_network_and_a_single_row_can_be_drawn():
    net = made(1, 1, activations="linear")
    net.theta = [1, 0]
    history = fit(net, [[2.0]], [[2.0]], epochs=2, optimizer="sgd", record=1)
    pair = ([[2.0]], [[2.0]])
    explorer = StoppingExplorer(net, history, pair, pair, pair)
    explorer.stop()
    assert repr(explorer).startswith("Epoch 0 of 2: training error 0, validation error 0, test error 0.")
    assert is_drawn(explorer.curves)
    assert is_drawn(explorer.rows)


def diverged():
    net = made(4, 1, activations="linear", seed=0)
    with pytest.raises(TrainingDiverged) as caught:
        fit(net, X[:9] / 1e3, Y[:9] / 1e6, epochs=400, optimizer=SGD(0.8), record=1)
    return net, caught.value.history


def test_a_training_that_diverged_is_shown_up_to_there():
    net, history = diverged()
    pair = (X[:9] / 1e3, Y[:9] / 1e6)
    explorer = looked_at(StoppingExplorer(net, history, pair, pair, pair))
    last = explorer.film.epochs[-1]
    assert 5 < last < 400
    explorer.set(epoch=last)
    explorer.stop()
    assert np.isfinite(net.theta).all()
    assert is_drawn(explorer.curves)
    assert is_drawn(explorer.rows)


def test_a_failed_explorer_leaves_the_network_as_it_was(trained):
    net, history = trained
    net.theta = history.theta[5]
    broken = History(net.theta.size)
    broken.keep(0, np.full(net.theta.size, 1e300))
    with says(ValueError, "the error is infinite or undefined from this film's first frame on."):
        stopping(net=net, history=broken)
    assert net.theta.tolist() == history.theta[5].tolist()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (
            {"history": overfitted(epochs=2, record=None)[1]},
            ValueError,
            "this film has 0 frames of 181 numbers; fit a network with 181 parameters and keep its film with "
            "record=1.",
        ),
        (
            {"net": made(4, 2, 1)},
            ValueError,
            "this film has 31 frames of 181 numbers; fit a network with 13 parameters and keep its film with "
            "record=1.",
        ),
        ({"history": [0.5]}, ValueError, "StoppingExplorer needs the History that fit returns; got a list."),
        (
            {"net": "net"},
            ValueError,
            "net must be a Network; got 'net'. Make one, as in net = Network([Dense(2, 1)]).",
        ),
        ({"net": made(4, 2)}, ValueError, "StoppingExplorer shows one output; this network has 2."),
        ({"train": X}, ValueError, "the training rows must be a pair of tables (X, y); got a ndarray."),
        ({"test": (X[:0], Y[:0])}, ShapeError, "the test X has no rows; at least one is needed."),
        (
            {"validation": (X[:3, :2], Y[:3])},
            ShapeError,
            "the validation X has 2 columns, but the network needs 4.",
        ),
        (
            {"validation": (X[:3], Y[:2])},
            ShapeError,
            "the validation X has 3 rows and the validation y has 2 rows; every row of the validation X "
            "needs its own row of the validation y.",
        ),
        (
            {"x_scaler": StandardScaler()},
            ValueError,
            "this StandardScaler has seen no rows yet: call fit with the training rows first.",
        ),
    ],
)
def test_what_does_not_fit_is_refused_in_words(trained, changes, error, message):
    with says(error, message):
        stopping(**({"net": trained[0], "history": trained[1]} | changes))


def test_names_of_curves_keep_their_order_and_their_distance():
    for ends in ([0.5, 0.5, 0.5], [0.9, 0.0, 0.95], [1.0, 1.0], [0.0, 0.1, 0.05]):
        places = np.array(plots.apart(ends, GAP))
        assert np.diff(np.sort(places)).min() >= GAP - 1e-9
        assert places.min() >= 0
        assert places.max() <= 1
        assert (np.argsort(places) == np.argsort(ends, kind="stable")).all()
