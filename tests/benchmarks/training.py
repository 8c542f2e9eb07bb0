"""How fast nnlib trains, beside NumPy plain and fused, scikit-learn and PyTorch: tests/benchmarks/training.py

Every contestant starts at the same parameters and sees the same rows in the same order; before a time is
taken its loss curve must equal nnlib's. The repetitions are interleaved, so that a slow moment of the
machine meets all of them, and the median counts. Then: what an epoch costs with more rows, units and layers.
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
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from ratios import Ratio

from nnlib import SGD, Adam, Dense, Network, datasets, train
from nnlib.training import batches

REPETITIONS = 11
SERIES = 5  # of the growth
TOLERANCE = {"scikit-learn": 1e-6}  # its Adam adds epsilon at another place; 1e-9 for the others
Curve = Callable[[int], list[float]]  # epochs -> the loss of each


class Task(NamedTuple):
    name: str
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


# Hand-fused NumPy: for one network alone, its arrays made beforehand, each bias a row of its matrix.


def fused_sleep_study(task: Task) -> Curve:
    X, y, n, rate = np.column_stack([task.X, np.ones(len(task.X))]), task.y, task.y.size, task.learning_rate

    def run(epochs: int) -> list[float]:
        W1, b1, W2, b2 = parameters(task)
        W1, W2 = np.vstack([W1, b1]), np.vstack([W2, b2])
        a1, a2 = np.ones((n, len(W2))), np.empty((n, 1))
        hidden, d1, d2, off = a1[:, :-1], np.empty((n, len(W2) - 1)), np.empty((n, 1)), np.empty((n, 1))
        g1, g2, minus1, minus2 = np.empty_like(W1), np.empty_like(W2), np.empty_like(d1), np.empty((n, 1))
        curve = []
        for _ in range(epochs):
            for x, W, a in ((X, W1, hidden), (a1, W2, a2)):
                np.matmul(x, W, out=a)
                np.negative(a, out=a)
                np.exp(a, out=a)
                a += 1.0
                np.reciprocal(a, out=a)
            np.subtract(a2, y, out=off)
            curve.append(float(np.vdot(off, off)) / n)
            np.subtract(1.0, a2, out=minus2)
            np.multiply(off, a2, out=d2)
            d2 *= minus2
            d2 *= 2 * rate / n
            np.matmul(d2, W2[:-1].T, out=d1)
            np.subtract(1.0, hidden, out=minus1)
            d1 *= hidden
            d1 *= minus1
            W2 -= np.matmul(a1.T, d2, out=g2)
            W1 -= np.matmul(X.T, d1, out=g1)
        return curve

    return run


def fused_relu(task: Task) -> Curve:
    def run(epochs: int) -> list[float]:
        shapes = [part.shape for part in parameters(task)]
        ends = np.cumsum([0, *(int(np.prod(shape)) for shape in shapes)])
        theta = np.concatenate([part.ravel() for part in parameters(task)])
        grad, m, v, root, move = (np.zeros_like(theta) for _ in range(5))
        places = list(zip(ends[:-1], ends[1:], shapes, strict=True))
        W1, b1, W2, b2, W3, b3 = (theta[i:j].reshape(shape) for i, j, shape in places)
        dW1, db1, dW2, db2, dW3, db3 = (grad[i:j].reshape(shape) for i, j, shape in places)
        rng, t, curve = np.random.default_rng(0), 0, []
        for _ in range(epochs):
            total = 0.0
            for x, y in batches(task.X, task.y, task.batch_size, rng):
                a1 = x @ W1
                a1 += b1
                np.maximum(a1, 0, out=a1)
                a2 = a1 @ W2
                a2 += b2
                np.maximum(a2, 0, out=a2)
                delta = a2 @ W3
                delta += b3
                delta -= y
                total += float(np.vdot(delta, delta))
                delta *= 2 / y.size
                np.matmul(a2.T, delta, out=dW3)
                np.add.reduce(delta, out=db3)
                delta = delta @ W3.T
                delta *= a2 > 0
                np.matmul(a1.T, delta, out=dW2)
                np.add.reduce(delta, out=db2)
                delta = delta @ W2.T
                delta *= a1 > 0
                np.matmul(x.T, delta, out=dW1)
                np.add.reduce(delta, out=db1)
                t += 1
                m *= 0.9
                m += np.multiply(grad, 0.1, out=move)
                v *= 0.999
                np.multiply(grad, grad, out=move)
                move *= 0.001
                v += move
                np.divide(v, 1 - 0.999**t, out=root)
                np.sqrt(root, out=root)
                root += 1e-8
                np.divide(m, root, out=move)
                move *= task.learning_rate / (1 - 0.9**t)
                theta -= move
            curve.append(total / len(task.X))
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
        name="2-3-1",
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
        name="4-8-4-1",
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


def compare(
    task: Task, contestants: dict[str, tuple[Curve, Curve]], targets: dict[str, float]
) -> list[Ratio]:
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
    found = []
    for name, median in medians.items():
        if name != "nnlib":
            found.append(Ratio(f"{task.name}: an epoch", name, medians["nnlib"] / median, targets.get(name)))
        ratio = "" if name == "nnlib" else f"{medians['nnlib'] / median:.2f} of it"
        gap = "" if name == "nnlib" else f"{gaps[name]:.0e}"
        print(f"| {name} | {median * factor:.3g} | {ratio} | {targets.get(name, '')} | {gap} |")
    return found


def grown(rows: int, sizes: tuple[int, ...]) -> tuple[float, float]:
    """Seconds of an epoch of a full batch: nnlib's, and those of plain NumPy for any number of layers."""
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(rows, sizes[0])), rng.normal(size=(rows, sizes[-1]))
    kinds = ["relu"] * (len(sizes) - 2) + ["linear"]
    net = Network([Dense(*size, kind) for size, kind in zip(pairwise(sizes), kinds, strict=True)])
    weights = [(layer.W.copy(), layer.b.copy()) for layer in net.layers]

    def plain() -> float:
        outputs = [X]
        for k, (W, b) in enumerate(weights):
            z = outputs[-1] @ W + b
            outputs.append(z if k == len(weights) - 1 else np.maximum(z, 0))
        delta = 2 * (outputs[-1] - y) / y.size
        loss = float(np.mean((outputs[-1] - y) ** 2))
        for k in reversed(range(len(weights))):
            W, b = weights[k]
            dW, db = outputs[k].T @ delta, delta.sum(axis=0)
            if k:
                delta = delta @ W.T * (outputs[k] > 0)
            weights[k] = W - 1e-3 * dW, b - 1e-3 * db
        return loss

    work = rows * sum(a * b for a, b in pairwise(sizes))
    epochs = max(3, min(1000, int(2e7 / (work + 20_000))))
    training = train(net, X, y, epochs=(SERIES + 1) * epochs, optimizer=SGD(1e-3))
    times: tuple[list[float], list[float]] = ([], [])
    assert abs(next(training)[1] / plain() - 1) < 1e-9
    for _ in range(epochs - 1):
        next(training), plain()  # warm
    for _ in range(SERIES):
        for spent, step in zip(times, (lambda: next(training), plain), strict=True):
            start = time.perf_counter()
            for _ in range(epochs):
                step()
            spent.append((time.perf_counter() - start) / epochs)
    return statistics.median(times[0]), statistics.median(times[1])


def growth() -> None:
    """Print what an epoch costs with more rows, more units and more layers."""
    print("\nFull batches, gradient descent, relu.\n")
    print("| network | rows | ms an epoch | nnlib takes of plain NumPy |\n|---|---:|---:|---:|")
    wider = [(1000, (4, units, 1)) for units in (3, 30, 300, 1000)]
    deeper = [(1000, (4, *[10] * layers, 1)) for layers in (1, 3, 10, 30)]
    for rows, sizes in [*((10**k, (4, 10, 10, 1)) for k in range(1, 7)), *wider, *deeper]:
        ours, plain = grown(rows, sizes)
        name = "-".join(map(str, sizes)) if len(sizes) < 7 else f"4-{len(sizes) - 2} × 10-1"
        print(f"| {name} | {rows:,} | {ours * 1e3:.3g} | {ours / plain:.2f} |", flush=True)


def main() -> list[Ratio]:
    libraries = {"scikit-learn": "sklearn", "PyTorch": "torch"}
    there = {name for name, module in libraries.items() if importlib.util.find_spec(module)}
    packages = [
        "numpy",
        *(name for name in ("scikit-learn", "torch") if {"torch": "PyTorch"}.get(name, name) in there),
    ]
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    python = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{os.cpu_count()} cores (one used), {python}, {versions}")
    targets = {"plain NumPy": 0.65, "scikit-learn": 0.33, "PyTorch": 0.125}
    first = (sleep_study("sigmoid"), plain_sleep_study, fused_sleep_study)
    found = []
    for task, plain, fused in (first, (relu(), plain_relu, fused_relu)):
        ours = nnlib(task)
        rivals = {"nnlib": ours, "plain NumPy": plain(task), "hand-fused NumPy": fused(task)}
        contestants = {name: (rival, ours) for name, rival in rivals.items()}
        if "scikit-learn" in there:
            # Its regressor has a linear output only: the first task's curve is compared on such a network.
            same = task if task.adam else sleep_study("linear")
            contestants["scikit-learn"] = (scikit_learn(same), nnlib(same))
        if "PyTorch" in there:
            contestants["PyTorch"] = (pytorch(task), ours)
        found += compare(task, contestants, targets if not task.adam else {**targets, "plain NumPy": 0.4})
    growth()
    return found


if __name__ == "__main__":
    main()
