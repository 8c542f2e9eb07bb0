"""How fast nnlib trains, beside plain NumPy, scikit-learn and PyTorch: python tests/benchmarks/training.py

Every contestant starts at the same parameters and sees the same rows in the same order; before a time is
taken its loss curve must equal nnlib's. The repetitions are interleaved, so that a slow moment of the
machine meets all of them, and the median counts.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # one core each: these networks are too small to share out
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import importlib.util
import platform
import statistics
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from typing import NamedTuple

import numpy as np

from nnlib import SGD, Adam, Dense, Network, datasets, train
from nnlib.training import batches

REPETITIONS = 11
TOLERANCE = {"scikit-learn": 1e-6}  # its Adam adds epsilon at another place; 1e-9 for the others
Curve = Callable[[int], list[float]]  # epochs -> the loss of each


class Task(NamedTuple):
    title: str
    make: Callable[[], Network]
    X: np.ndarray
    y: np.ndarray
    adam: bool
    learning_rate: float
    batch_size: int | None
    epochs: int  # in each repetition
    unit: tuple[str, float]


def orders(task: Task) -> Callable[[], np.ndarray]:
    """The row order of each further epoch, as nnlib shuffles it."""
    rng = np.random.default_rng(0)
    return lambda: rng.permutation(len(task.X))


def nnlib(task: Task) -> Curve:
    def run(epochs: int) -> list[float]:
        optimizer = (Adam if task.adam else SGD)(task.learning_rate)
        run = train(
            task.make(), task.X, task.y, epochs=epochs, optimizer=optimizer, batch_size=task.batch_size
        )
        return [loss for _, loss in run]

    return run


# Plain NumPy: the formulas as a lesson writes them, one array for each weight matrix and bias.


def plain_sleep_study(task: Task) -> Curve:
    X, y, rate = task.X, task.y, task.learning_rate

    def sigmoid(z: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-z))

    def run(epochs: int) -> list[float]:
        W1, b1, W2, b2 = parameters(task)
        curve = []
        for _ in range(epochs):
            a1 = sigmoid(X @ W1 + b1)
            a2 = sigmoid(a1 @ W2 + b2)
            curve.append(float(np.mean((a2 - y) ** 2)))
            delta2 = 2 * (a2 - y) / y.size * a2 * (1 - a2)
            delta1 = delta2 @ W2.T * a1 * (1 - a1)
            dW2, db2 = a1.T @ delta2, delta2.sum(axis=0)
            dW1, db1 = X.T @ delta1, delta1.sum(axis=0)
            W1 -= rate * dW1
            b1 -= rate * db1
            W2 -= rate * dW2
            b2 -= rate * db2
        return curve

    return run


def plain_relu(task: Task) -> Curve:
    def run(epochs: int) -> list[float]:
        params, t, curve = parameters(task), 0, []
        m, v = ([np.zeros_like(p) for p in params] for _ in range(2))
        rng = np.random.default_rng(0)
        for _ in range(epochs):
            total = 0.0
            for x, y in batches(task.X, task.y, task.batch_size, rng):
                W1, b1, W2, b2, W3, b3 = params
                z1 = x @ W1 + b1
                a1 = np.maximum(z1, 0)
                z2 = a1 @ W2 + b2
                a2 = np.maximum(z2, 0)
                a3 = a2 @ W3 + b3
                total += len(x) * np.mean((a3 - y) ** 2)
                delta3 = 2 * (a3 - y) / y.size
                delta2 = delta3 @ W3.T * (z2 > 0)
                delta1 = delta2 @ W2.T * (z1 > 0)
                grads = [
                    *(x.T @ delta1, delta1.sum(axis=0)),
                    *(a1.T @ delta2, delta2.sum(axis=0)),
                    *(a2.T @ delta3, delta3.sum(axis=0)),
                ]
                t += 1
                for k, g in enumerate(grads):
                    m[k] = 0.9 * m[k] + 0.1 * g
                    v[k] = 0.999 * v[k] + 0.001 * g**2
                    m_hat, v_hat = m[k] / (1 - 0.9**t), v[k] / (1 - 0.999**t)
                    params[k] -= task.learning_rate * m_hat / (np.sqrt(v_hat) + 1e-8)
            curve.append(float(total / len(task.X)))
        return curve

    return run


def parameters(task: Task) -> list[np.ndarray]:
    return [part.copy() for layer in task.make().layers for part in (layer.W, layer.b)]


def scikit_learn(task: Task) -> Curve:
    from sklearn.neural_network import MLPRegressor, _multilayer_perceptron

    net = task.make()
    # Its loss is half the mean squared error: gradient descent needs twice the rate, Adam half the epsilon.
    settings = {"solver": "adam", "learning_rate_init": task.learning_rate, "epsilon": 0.5e-8}
    if not task.adam:
        settings = {"solver": "sgd", "learning_rate_init": 2 * task.learning_rate, "momentum": 0.0}
    model = MLPRegressor(
        hidden_layer_sizes=[layer.n_out for layer in net.layers[:-1]],
        activation={"sigmoid": "logistic", "relu": "relu"}[net.layers[0].activation.name],
        alpha=0.0,
        batch_size=task.batch_size or len(task.X),
        tol=0.0,
        n_iter_no_change=10**9,
        shuffle=task.batch_size is not None,
        warm_start=True,
        **settings,
    )
    y = task.y[:, 0]

    def shuffle_as_nnlib() -> None:
        order = orders(task)
        _multilayer_perceptron.shuffle = lambda rows, random_state: order()

    def run(epochs: int) -> list[float]:
        for W, b, layer in zip(model.coefs_, model.intercepts_, net.layers, strict=True):
            W[...], b[...] = layer.W, layer.b
        model.loss_curve_.clear()
        model.set_params(max_iter=epochs)
        shuffle_as_nnlib()
        model.fit(task.X, y)
        return [2 * loss for loss in model.loss_curve_]

    warnings.simplefilter("ignore")  # "the maximum of epochs is reached", at every fit
    shuffle_as_nnlib()
    model.partial_fit(task.X, y)  # makes its arrays
    return run


def pytorch(task: Task) -> Curve:
    import torch

    torch.set_num_threads(1)
    X, y = torch.from_numpy(task.X), torch.from_numpy(task.y)
    kinds = {"sigmoid": torch.nn.Sigmoid, "relu": torch.nn.ReLU}

    def run(epochs: int) -> list[float]:
        modules: list[torch.nn.Module] = []
        for layer in task.make().layers:
            linear = torch.nn.Linear(layer.n_in, layer.n_out, dtype=torch.float64)
            linear.weight.data.copy_(torch.from_numpy(layer.W.T.copy()))
            linear.bias.data.copy_(torch.from_numpy(layer.b.copy()))
            modules.append(linear)
            if layer.activation.name in kinds:
                modules.append(kinds[layer.activation.name]())
        model, loss = torch.nn.Sequential(*modules), torch.nn.MSELoss()
        kind = torch.optim.Adam if task.adam else torch.optim.SGD
        optimizer = kind(model.parameters(), lr=task.learning_rate)
        order, size, curve = orders(task), task.batch_size or len(X), []
        for _ in range(epochs):
            x_epoch, y_epoch, total = X, y, 0.0
            if task.batch_size:
                rows = torch.from_numpy(order())
                x_epoch, y_epoch = X[rows], y[rows]
            for start in range(0, len(X), size):
                x = x_epoch[start : start + size]
                value = loss(model(x), y_epoch[start : start + size])
                optimizer.zero_grad()
                value.backward()
                optimizer.step()
                total += len(x) * value.item()
            curve.append(total / len(X))
        return curve

    return run


def sleep_study(output: str) -> Task:
    data = datasets.test_scores()
    return Task(
        title="The sleep and study network (2-3-1, sigmoid), full batch of 3 rows, gradient descent",
        make=lambda: Network([Dense(2, 3, "sigmoid"), Dense(3, 1, output)]),
        X=data.X / data.X.max(axis=0),
        y=data.y / 100,
        adam=False,
        learning_rate=3.0 if output == "sigmoid" else 0.3,
        batch_size=None,
        epochs=2000,
        unit=("µs", 1e6),
    )


def relu() -> Task:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 4))
    return Task(
        title="A 4-8-4-1 ReLU network, 2,000 rows in batches of 32, Adam",
        make=lambda: Network([Dense(4, 8, "relu"), Dense(8, 4, "relu"), Dense(4, 1)]),
        X=X,
        y=X @ rng.normal(size=(4, 1)) + 0.1 * rng.normal(size=(2000, 1)),
        adam=True,
        learning_rate=0.001,
        batch_size=32,
        epochs=10,
        unit=("ms", 1e3),
    )


def compare(task: Task, contestants: dict[str, tuple[Curve, Curve]], targets: dict[str, str]) -> None:
    """Check each contestant's curve against nnlib's on the same task, time them in turn, print a table."""
    gaps = {}
    for name, (curve, expected) in contestants.items():
        ours, theirs = np.array(expected(task.epochs)), np.array(curve(task.epochs))
        gaps[name] = float(np.max(np.abs(theirs - ours) / ours))
        assert gaps[name] < TOLERANCE.get(name, 1e-9), f"{name}: the loss curve is off by {gaps[name]:.1e}"
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(REPETITIONS):
        for name, (curve, _) in contestants.items():
            start = time.perf_counter()
            curve(task.epochs)
            times[name].append((time.perf_counter() - start) / task.epochs)
    medians = {name: statistics.median(values) for name, values in times.items()}
    unit, factor = task.unit
    print(f"\n{task.title}; {REPETITIONS} repetitions of {task.epochs} epochs.\n")
    print(f"| | {unit} an epoch | nnlib takes | target | largest gap in the loss curve |")
    print("|---|---:|---:|---:|---:|")
    for name, median in medians.items():
        ratio = "" if name == "nnlib" else f"{medians['nnlib'] / median:.2f} of it"
        gap = "" if name == "nnlib" else f"{gaps[name]:.0e}"
        print(f"| {name} | {median * factor:.3g} | {ratio} | {targets.get(name, '')} | {gap} |")


def main() -> None:
    libraries = {"scikit-learn": "sklearn", "PyTorch": "torch"}
    there = {name for name, module in libraries.items() if importlib.util.find_spec(module)}
    packages = [
        "numpy",
        *(name for name in ("scikit-learn", "torch") if {"torch": "PyTorch"}.get(name, name) in there),
    ]
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{os.cpu_count()} cores (one used), {python}, {versions}")
    targets = {"plain NumPy": "0.65", "scikit-learn": "0.33", "PyTorch": "0.125"}
    for task, plain in ((sleep_study("sigmoid"), plain_sleep_study), (relu(), plain_relu)):
        ours = nnlib(task)
        contestants = {"nnlib": (ours, ours), "plain NumPy": (plain(task), ours)}
        if "scikit-learn" in there:
            # Its regressor has a linear output only: the first task's curve is compared on such a network.
            same = task if task.adam else sleep_study("linear")
            contestants["scikit-learn"] = (scikit_learn(same), nnlib(same))
        if "PyTorch" in there:
            contestants["PyTorch"] = (pytorch(task), ours)
        compare(task, contestants, targets if not task.adam else {**targets, "plain NumPy": "0.4"})


if __name__ == "__main__":
    main()
