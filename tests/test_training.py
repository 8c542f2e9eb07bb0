"""Training: batches, the history, the film, and what happens when it goes wrong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import network_2_3_1, quick, says, sleep_study

from nnlib import SGD, Adam, Dense, Network, ShapeError, TrainingDiverged, fit, train
from nnlib.training import History, batches

X, Y = sleep_study()
OPTIMIZERS = {"sgd": SGD(0.5), "momentum": SGD(0.1, momentum=0.9), "adam": Adam(0.01)}
RNG = np.random.default_rng(0)
X_MANY, Y_MANY = RNG.normal(size=(50, 2)), RNG.uniform(size=(50, 1))


@quick
@given(rows=st.integers(1, 30), size=st.integers(1, 35))
def test_batches_hold_every_row_once_with_its_own_target(rows, size):
    X = np.arange(2.0 * rows).reshape(rows, 2)
    parts = list(batches(X, X[:, :1] * 10, size, np.random.default_rng(0)))
    together = np.concatenate([part for part, _ in parts])
    np.testing.assert_array_equal(np.sort(together, axis=0), X)
    np.testing.assert_array_equal(np.concatenate([y for _, y in parts]), together[:, :1] * 10)
    assert [len(part) for part, _ in parts[:-1]] == [size] * (len(parts) - 1)


def test_each_epoch_has_an_order_of_its_own():
    rng = np.random.default_rng(0)
    first, second = (np.concatenate([x for x, _ in batches(X_MANY, Y_MANY, 7, rng)]) for _ in range(2))
    assert (first != second).any()


@pytest.mark.parametrize("batch_size", [None, 3, 99])
def test_all_rows_in_one_batch(batch_size):
    net, by_hand = network_2_3_1(), network_2_3_1()
    history = fit(net, X, Y, epochs=5, optimizer=SGD(3), batch_size=batch_size)
    for loss in history.loss:
        assert by_hand.loss_and_grad(X, Y) == loss  # measured before the step
        by_hand.theta -= 3 * by_hand.grad
    np.testing.assert_allclose(net.theta, by_hand.theta, rtol=1e-14)


def test_mini_batches_weigh_every_row_alike():
    net, by_hand = network_2_3_1(), network_2_3_1()
    history = fit(net, X_MANY, Y_MANY, epochs=2, optimizer=SGD(0.3), batch_size=16, seed=4)
    rng = np.random.default_rng(4)
    for mean in history.loss:
        total = 0
        for x, y in batches(X_MANY, Y_MANY, 16, rng):
            total += len(x) * by_hand.loss_and_grad(x, y)
            by_hand.theta -= 0.3 * by_hand.grad
        assert mean == pytest.approx(total / 50, rel=1e-13)
    np.testing.assert_allclose(net.theta, by_hand.theta, rtol=1e-12)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("batch_size", [None, 16])
@pytest.mark.parametrize("loss", ["mse", "mae", "bce"])
def test_the_same_seed_gives_the_same_bits_and_the_loss_falls(optimizer, batch_size, loss):
    settings = {"epochs": 30, "optimizer": optimizer, "batch_size": batch_size, "loss": loss, "seed": 5}
    nets = network_2_3_1(seed=2), network_2_3_1(seed=2)
    # The second run uses the optimizer again, and looks at other row counts in between.
    one = fit(nets[0], X_MANY, Y_MANY, **settings)
    two = fit(nets[1], X_MANY, Y_MANY, **settings, callback=lambda epoch, _: nets[1].predict(X_MANY[:epoch]))
    assert one.loss == two.loss
    assert nets[0].theta.tobytes() == nets[1].theta.tobytes()
    assert one.loss[-1] < one.loss[0]


def test_another_seed_shuffles_otherwise():
    def curve(seed):
        return fit(network_2_3_1(), X_MANY, Y_MANY, epochs=2, optimizer="sgd", batch_size=7, seed=seed).loss

    assert curve(0) != curve(1)
    default = fit(network_2_3_1(), X_MANY, Y_MANY, epochs=2, optimizer="sgd", batch_size=7)
    assert default.loss == curve(0)
    assert curve(None) != curve(None)


def test_train_stops_after_each_epoch_with_the_state_in_the_network():
    net = network_2_3_1()
    seen = []
    for epoch, loss in train(net, X, Y, epochs=3, optimizer=SGD(3)):
        seen.append((epoch, loss, net.theta.copy()))
    assert [epoch for epoch, _, _ in seen] == [1, 2, 3]
    assert net.loss(X, Y) < seen[2][1] < seen[1][1] < seen[0][1]
    assert all((one[2] != two[2]).any() for one, two in zip(seen, seen[1:], strict=False))


def test_a_slider_moved_between_two_epochs_counts():
    net = network_2_3_1()
    run = train(net, X, Y, epochs=2, optimizer=SGD(3))
    next(run)
    net.theta = np.zeros(13)
    expected = np.mean((0.5 - Y) ** 2)
    assert next(run)[1] == pytest.approx(expected)


def test_validation_rows_are_looked_at_after_the_epoch_and_change_nothing():
    net, alone = network_2_3_1(), network_2_3_1()
    held_out = []
    history = fit(
        net,
        X_MANY[:40],
        Y_MANY[:40],
        epochs=4,
        optimizer=Adam(),
        batch_size=16,
        validation=[X_MANY[40:], Y_MANY[40:]],
        callback=lambda *_: held_out.append(net.loss(X_MANY[40:], Y_MANY[40:])),
    )
    assert history.val_loss == held_out
    assert (
        history.loss == fit(alone, X_MANY[:40], Y_MANY[:40], epochs=4, optimizer=Adam(), batch_size=16).loss
    )
    np.testing.assert_array_equal(net.theta, alone.theta)


def test_the_film():
    net = network_2_3_1()
    start = net.theta.copy()
    history = fit(net, X, Y, epochs=7, optimizer=SGD(3), record=3)
    assert history.epochs.tolist() == [0, 3, 6, 7]
    assert history.theta.shape == (4, 13)
    np.testing.assert_array_equal(history.theta[0], start)
    np.testing.assert_array_equal(history.theta[-1], net.theta)
    net.theta = history.theta[1]
    assert net.loss(X, Y) == history.loss[3]
    assert repr(history).endswith(", film of 4 frames")
    assert fit(net, X, Y, epochs=6, optimizer="sgd", record=3).epochs.tolist() == [0, 3, 6]


FRAME = "a frame is the network's theta, a float array of 2 numbers."


@pytest.mark.parametrize(
    ("error", "epoch", "theta", "message"),
    [
        (ShapeError, 1, [1.0, 2.0], FRAME),
        (ShapeError, 1, np.ones(3), FRAME),
        (ShapeError, 1, np.ones(2, dtype=np.float32), FRAME),
        (ValueError, -1, np.ones(2), "epoch must be a whole number of 0 or more; got -1."),
        (ValueError, 1.5, np.ones(2), "epoch must be a whole number of 0 or more; got 1.5."),
    ],
)
def test_what_is_no_frame_of_the_film(error, epoch, theta, message):
    history = History(2)
    with says(error, message):
        history.keep(epoch, theta)
    assert history.theta.shape == (0, 2)
    assert history.epochs.size == 0
    history.keep(np.int64(0), np.zeros(2))
    assert history.epochs.tolist() == [0]


def test_a_history_of_no_parameters():
    with says(ValueError, "n_parameters must be a whole number of 1 or more; got 0."):
        History(0)


def test_no_film():
    history = fit(network_2_3_1(), X, Y, epochs=1, optimizer="sgd")
    assert history.theta.shape == (0, 13)
    assert history.epochs.size == 0
    assert history.val_loss == []
    assert repr(history) == f"History of 1 epoch: loss {history.loss[0]:.4g} → {history.loss[0]:.4g}"


@pytest.mark.parametrize("stop", [True, np.True_])
def test_a_callback_that_returns_true_stops_the_training(stop):
    seen = []

    def callback(epoch, loss):
        seen.append((epoch, loss))
        return stop if epoch == 3 else None

    history = fit(network_2_3_1(), X, Y, epochs=9, optimizer="sgd", callback=callback, record=2)
    assert seen == list(enumerate(history.loss, start=1))
    assert history.epochs.tolist() == [0, 2, 3]


def test_a_callback_that_returns_something_else_does_not():
    history = fit(network_2_3_1(), X, Y, epochs=4, optimizer="sgd", callback=lambda *_: "shown")
    assert len(history.loss) == 4


NAN_NET = "the network's prediction is infinite or undefined"


@pytest.mark.parametrize("batch_size", [None, 2])
@pytest.mark.parametrize("validation", [None, (X * 100, Y * 100)])
@pytest.mark.parametrize("loss", ["mse", "mae"])
@pytest.mark.parametrize("optimizer", [SGD(1e200), SGD(1e200, momentum=0.9), Adam(1e300)], ids=repr)
def test_training_that_diverges_says_so_in_words(optimizer, loss, validation, batch_size):
    net = Network([Dense(2, 3, "relu"), Dense(3, 1)])
    settings = {"optimizer": optimizer, "loss": loss, "validation": validation, "batch_size": batch_size}
    with pytest.raises(TrainingDiverged) as caught:
        fit(net, X * 100, Y * 100, epochs=50, record=1, **settings)
    words = r"the (validation )?loss is (inf|nan) after epoch \d+: try a smaller learning rate than "
    caught.match(rf"^{words}.*, and scale X and y\.$")
    history = caught.value.history
    assert np.isfinite(history.loss).all()
    assert len(history.theta) == len(history.loss) + 1
    with pytest.raises(FloatingPointError, match=NAN_NET):
        net.predict(X * 1e100)


def test_the_words_for_a_loss_that_is_infinite():
    net = Network([Dense(1, 1)])
    net.theta = [1, 0]
    # The weight becomes 1 - 2e10, then about 4e20, … and its square leaves the range.
    message = "the loss is inf after epoch 16: try a smaller learning rate than 1e+10, and scale X and y."
    with says(TrainingDiverged, message):
        fit(net, [[1]], [[0]], epochs=100, optimizer=SGD(1e10))
    assert issubclass(TrainingDiverged, FloatingPointError)


def test_a_last_step_out_of_range_does_not_go_unseen():
    net = Network([Dense(1, 1)])
    message = (
        "a weight is infinite or undefined after epoch 1: "
        "try a smaller learning rate than 1e+308, and scale X and y."
    )
    with says(TrainingDiverged, message):
        fit(net, [[100]], [[1]], epochs=1, optimizer=SGD(1e308))


def test_inputs_that_are_too_large_diverge_at_once():
    message = "the loss is inf after epoch 1: try a smaller learning rate than 0.1, and scale X and y."
    with says(TrainingDiverged, message) as caught:
        fit(Network([Dense(1, 1)]), [[1e300]], [[0]], epochs=1, optimizer="sgd")
    assert repr(caught.value.history) == "History of 0 epochs"


@pytest.mark.parametrize(
    ("error", "changes", "message"),
    [
        (
            ShapeError,
            {"y": Y[:, 0]},
            "y must be a table of shape (rows, columns); got shape (3,). Use y.reshape(-1, "
            "1) for one column.",
        ),
        (ShapeError, {"X": X[:, :1]}, "X has 1 column, but the network needs 2."),
        (
            ShapeError,
            {"y": Y[:2]},
            "X has 3 rows and y has 2 rows; every row of X needs its own row of y.",
        ),
        (ShapeError, {"X": X[:0], "y": Y[:0]}, "X has no rows; at least one is needed."),
        (ValueError, {"y": [[1], [np.nan], [1]]}, "y[1, 0] is nan; every value must be a finite number."),
        (ValueError, {"epochs": 0}, "epochs must be a whole number of 1 or more; got 0."),
        (ValueError, {"epochs": -1}, "epochs must be a whole number of 1 or more; got -1."),
        (ValueError, {"epochs": 1.5}, "epochs must be a whole number of 1 or more; got 1.5."),
        (
            ValueError,
            {"batch_size": 0},
            "batch_size must be a whole number of 1 or more; got 0. None means all rows.",
        ),
        (ValueError, {"record": 0}, "record must be a whole number of 1 or more; got 0. None keeps no film."),
        (
            ValueError,
            {"seed": "a"},
            "seed must be a whole number of 0 or more; got 'a'. None draws other numbers each time.",
        ),
        (ValueError, {"optimizer": 3}, "the optimizer must be one of sgd, adam; got 3."),
        (
            ValueError,
            {"loss": "bce", "y": [[0], [1], [2]]},
            "binary cross-entropy needs targets from 0 to 1; y goes from 0 to 2. "
            'Use loss="mse" for numbers such as scores and prices.',
        ),
        (ValueError, {"callback": 5}, "callback must be a function of epoch and loss; got 5."),
        (
            ValueError,
            {"validation": X},
            "validation must be a pair of tables, as in validation=(X_val, y_val); got a ndarray.",
        ),
        (
            ValueError,
            {"validation": (X, Y, Y)},
            "validation must be a pair of tables, as in validation=(X_val, y_val); got a tuple.",
        ),
        (ShapeError, {"validation": (X[:, :1], Y)}, "X_val has 1 column, but the network needs 2."),
        (
            ShapeError,
            {"validation": (X, Y[:1])},
            "X_val has 3 rows and y_val has 1 row; every row of X_val needs its own row of y_val.",
        ),
    ],
)
def test_settings_that_cannot_be_used_change_nothing(error, changes, message):
    net = network_2_3_1()
    theta = net.theta.copy()
    settings = {"X": X, "y": Y, "epochs": 1, "optimizer": SGD(1), **changes}
    with says(error, message):
        fit(net, **settings)
    np.testing.assert_array_equal(net.theta, theta)


def test_train_complains_before_its_first_epoch_is_asked_for():
    with says(ValueError, "epochs must be a whole number of 1 or more; got 0."):
        train(network_2_3_1(), X, Y, epochs=0, optimizer="sgd")


@pytest.mark.parametrize("call", [fit, train])
@pytest.mark.parametrize(
    ("net", "shown"), [(None, "None"), ("net", "'net'"), (Network, "the class Network")], ids=str
)
def test_what_is_no_network(call, net, shown):
    message = f"net must be a Network; got {shown}. Make one, as in net = Network([Dense(2, 1)])."
    with says(ValueError, message):
        call(net, X, Y, epochs=1, optimizer="sgd")


@pytest.mark.parametrize("make", [lambda: SGD(1, momentum=0.9), Adam], ids=["momentum", "adam"])
def test_two_trainings_at_once_do_not_share_an_optimizer(make):
    alone = [loss for _, loss in train(network_2_3_1(), X, Y, epochs=5, optimizer=make())]
    shared = make()
    runs = [train(network_2_3_1(), X, Y, epochs=5, optimizer=shared) for _ in range(2)]
    both = [[loss for _, loss in pair] for pair in zip(*runs, strict=True)]
    assert both == [[loss, loss] for loss in alone]


def test_the_optimizer_that_is_given_is_left_alone():
    used, twin = SGD(0.1, momentum=0.9), SGD(0.1, momentum=0.9)
    thetas = [np.ones(2), np.ones(2)]
    for optimizer, theta in zip((used, twin), thetas, strict=True):
        optimizer.step(theta, np.ones(2))
    fit(network_2_3_1(), X, Y, epochs=3, optimizer=used)
    for optimizer, theta in zip((used, twin), thetas, strict=True):
        optimizer.step(theta, np.ones(2))
    np.testing.assert_array_equal(*thetas)
