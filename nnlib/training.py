"""Training: split the rows into batches, and let the optimizer take one step for each batch.

An epoch uses every row once. It has one iteration (one step) with all rows in one batch, and as many
as there are batches otherwise.
"""

import math
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

import numpy as np

from .checks import Array, ShapeError, TrainingDiverged, count, in_short, random_numbers, whole
from .losses import Loss
from .network import Network, as_network
from .optimizers import Optimizer, get_optimizer


def batches(X: Array, y: Array, size: int, rng: "np.random.Generator") -> Iterator[tuple[Array, Array]]:
    """The rows in a new random order, `size` at a time; the last batch may be smaller."""
    order = rng.permutation(len(X))
    X, y = X.take(order, axis=0), y.take(order, axis=0)
    for start in range(0, len(X), size):
        yield X[start : start + size], y[start : start + size]


def train(
    net: Network,
    X: object,
    y: object,
    *,
    epochs: int,
    optimizer: str | Optimizer,
    loss: str | Loss = "mse",
    batch_size: int | None = None,
    seed: int | None = 0,
    validation: tuple[object, object] | None = None,
) -> Iterator[tuple[float, ...]]:
    """Train `net` in place; yields after each epoch, so that a figure can be redrawn: the state is in net.

    Parameters
    ----------
    X (rows, n_in), y (rows, n_out) : the training rows.
    epochs : how often every row is used, 1 or more.
    optimizer : `SGD(0.1)`, `Adam()`, or "sgd", "adam"; the training uses a copy, which starts afresh.
    loss : "mse", "mae", "bce", or a `Loss`.
    batch_size : rows for each step; None uses all of them, in their own order.
    seed : the same seed shuffles the rows in the same way; None shuffles in another way each time.
    validation : (X, y) of rows that are only looked at.

    Yields
    ------
    (epoch, loss), counted from 1; the loss is the mean over the epoch's batches, each measured before
    its step (as Keras reports it). With `validation`: (epoch, loss, validation loss after the epoch).

    Raises
    ------
    ShapeError, ValueError : before the first step, for anything that does not fit.
    TrainingDiverged : the loss became infinite or undefined; `net` is left as it is then.
    """
    inputs, targets, loss = as_network(net).check(X, y, loss)
    epochs = whole(epochs, "epochs")
    optimizer = copy(get_optimizer(optimizer))  # two trainings at once must not share their momentum
    optimizer.reset()
    size = (
        len(inputs) if batch_size is None else whole(batch_size, "batch_size", hint=" None means all rows.")
    )
    held_out = None if validation is None else net.check(*_pair(validation), loss, names=("X_val", "y_val"))
    return _epochs(net, inputs, targets, epochs, optimizer, loss, size, random_numbers(seed), held_out)


def _pair(validation: object) -> tuple[object, object]:
    if isinstance(validation, (tuple, list)) and len(validation) == 2:
        return validation[0], validation[1]
    raise ValueError(
        "validation must be a pair of tables, as in validation=(X_val, y_val); "
        f"got a {type(validation).__name__}."
    )


def _epochs(
    net: Network,
    X: Array,
    y: Array,
    epochs: int,
    optimizer: Optimizer,
    loss: Loss,
    size: int,
    rng: "np.random.Generator",
    held_out: tuple[Array, Array, Loss] | None,
) -> Iterator[tuple[float, ...]]:
    theta, grad = net.theta, net.grad
    smaller = f"try a smaller learning rate than {optimizer.learning_rate:g}, and scale X and y."
    for epoch in range(1, epochs + 1):
        with np.errstate(all="ignore"):  # divergence is caught below, in words
            if size >= len(X):
                mean = net.loss_and_grad_pass(X, y, loss)
                optimizer.step(theta, grad)
            else:
                total = 0.0
                for X_batch, y_batch in batches(X, y, size, rng):
                    total += len(X_batch) * net.loss_and_grad_pass(X_batch, y_batch, loss)
                    optimizer.step(theta, grad)
                mean = total / len(X)
            val_loss = None
            if held_out is not None:
                net.forward_pass(held_out[0])
                val_loss = loss.value_at(net.layers[-1], held_out[1])
        if not math.isfinite(mean):
            raise TrainingDiverged(f"the loss is {mean} after epoch {epoch}: {smaller}")
        if val_loss is None:
            yield epoch, mean
        elif math.isfinite(val_loss):
            yield epoch, mean, val_loss
        else:
            raise TrainingDiverged(f"the validation loss is {val_loss} after epoch {epoch}: {smaller}")
    if not np.isfinite(theta).all():
        raise TrainingDiverged(f"a weight is infinite or undefined after epoch {epochs}: {smaller}")


class History:
    """What a training run left behind.

    Attributes
    ----------
    loss : one value an epoch: loss[k] is the mean over epoch k + 1's batches, each before its step.
    val_loss : the same for the validation rows, after the epoch; empty without them.
    theta (frames, P) : the film: the parameters before training, after every `record` epochs, and at the end.
    epochs (frames,) : how many epochs had passed at each frame.
    """

    def __init__(self, n_parameters: int) -> None:
        self.loss: list[float] = []
        self.val_loss: list[float] = []
        self._n = whole(n_parameters, "n_parameters")
        self._frames: list[Array] = []
        self._epochs: list[int] = []

    def keep(self, epoch: int, theta: Array) -> None:
        """Add a frame to the film."""
        if not isinstance(theta, np.ndarray) or theta.shape != (self._n,) or theta.dtype.char != "d":
            raise ShapeError(f"a frame is the network's theta, a float array of {count(self._n, 'number')}.")
        self._epochs.append(epoch if type(epoch) is int and epoch >= 0 else whole(epoch, "epoch", least=0))
        self._frames.append(theta.copy())

    @property
    def theta(self) -> Array:
        return np.array(self._frames).reshape(-1, self._n)

    @property
    def epochs(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        return np.array(self._epochs, dtype=np.int64)

    def __repr__(self) -> str:
        if not self.loss:
            return "History of 0 epochs"
        film = f", film of {count(len(self._frames), 'frame')}" if self._frames else ""
        curve = f"loss {self.loss[0]:.4g} → {self.loss[-1]:.4g}"
        return f"History of {count(len(self.loss), 'epoch')}: {curve}{film}"


def fit(
    net: Network,
    X: object,
    y: object,
    *,
    callback: Callable[[int, float], object] | None = None,
    record: int | None = None,
    **settings: Any,
) -> History:
    """Train `net` in place to the end and return the `History`.

    Parameters
    ----------
    callback : called as callback(epoch, loss) after each epoch; returning True stops the training.
    record : keep the parameters every so many epochs (the film); None keeps none.
    settings : epochs, optimizer, loss, batch_size, seed, validation, as for `train`.

    Raises
    ------
    As `train`. A `TrainingDiverged` carries the history so far as its attribute `history`.
    """
    if callback is not None and not callable(callback):
        raise ValueError(f"callback must be a function of epoch and loss; got {in_short(callback)}.")
    every = None if record is None else whole(record, "record", hint=" None keeps no film.")
    history = History(as_network(net).theta.size)
    run = train(net, X, y, **settings)
    if every:
        history.keep(0, net.theta)
    try:
        for epoch, value, *validation in run:
            history.loss.append(value)
            history.val_loss += validation
            if every and epoch % every == 0:
                history.keep(int(epoch), net.theta)
            stop = callback(int(epoch), value) if callback is not None else False
            if isinstance(stop, (bool, np.bool_)) and stop:  # other results are ignored, as of print
                break
    except TrainingDiverged as error:
        error.history = history
        raise
    if every and history.epochs[-1] != len(history.loss):
        history.keep(len(history.loss), net.theta)
    return history
