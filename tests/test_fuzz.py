"""Whatever a public function of nnlib is given: a right answer, or an error in nnlib's own words."""

import contextlib
import datetime
import inspect
import linecache
import math
import traceback
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from explorers import X, Y
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from support import network_2_3_1, plain_forward, quick

import nnlib
from nnlib import SGD, Adam, Dense, History, MaxScaler, Network, StandardScaler, datasets
from nnlib.activations import ACTIVATIONS
from nnlib.checks import in_short
from nnlib.losses import bce, mae, mse

HOME = str(Path(nnlib.__file__).parent)

# The law ----------------------------------------------------------------------------------------------

OWN = (ValueError, TypeError, FloatingPointError, FileNotFoundError, RuntimeError)


def is_own(error: Exception) -> bool:
    """Whether a line of nnlib raised the error on purpose: Python's and NumPy's own end at another line."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return (
        isinstance(error, OWN)
        and last.filename.startswith(HOME)
        and linecache.getline(last.filename, last.lineno).lstrip().startswith("raise")
    )


def answer(call: Callable[[Any], Any], value: Any) -> Any:
    """What the call gives, all of it finite; None where it says in words what is wrong."""
    before = value.copy() if isinstance(value, np.ndarray) else None
    result = None
    try:
        result = call(value)
    except Exception as error:
        if not is_own(error) or len(str(error).split()) < 5 or not str(error).endswith((".", "?")):
            raise
    if result is not None and not isinstance(result, str):
        assert np.isfinite(result).all(), result
        if before is not None and before.dtype.kind in "fiub":
            np.testing.assert_array_equal(value, before)
    return result


# Values -----------------------------------------------------------------------------------------------

ANY = "any"
TINY, HUGE = 1e-300, 1e300
EDGES = [0.0, 1.0, -1.0, 5e-324, TINY, HUGE, -HUGE, 1.7e308, math.nan, math.inf, -math.inf]
SELF = []
SELF.append(SELF)
DEEP = []
for _ in range(2000):
    DEEP = [DEEP]

ODD: list[Any] = [
    None, True, False, "", "12", "0.5", "relu", "mse", "sgd", "x" * 5000, "\0", "\ud800", b"12",
    -1, 0, 1, 2, 10**12, 10**400, -(10**5000), 3.0, 0.5, 2j, *EDGES,
    object, object(), len, {}, {"a": 1}, {1, 2}, range(2), Dense, Dense(2, 1), [Dense(2, 1), 3], Network,
    MaxScaler(), StandardScaler(), SGD, np.random.default_rng(0), Fraction(1, 3), Decimal("0.5"),
    datetime.date(2020, 1, 1), (), [], [[]], [[], []], [None], ["1", "2"], [[1, "2"]], [[1, 2], [3]],
    [[1, 2], 3], [[[1]]], [[10**5000, 1]], SELF, DEEP,
    np.float32(0.5), np.int8(2), np.bool_(True), np.array(3.0), np.array(None), np.array("a"),
    np.array([[1, 2j]]), np.array([["1", "2"]]), np.array([[1, None]], dtype=object),
    np.array([[True, False]]),
    np.array([["2020-01-01", "NaT"]], dtype="M8[ns]"), np.array([[1, 2]], dtype="m8[ns]"),
    np.array([(1, 2.0)], dtype="i4,f8"), np.zeros((0, 2)), np.zeros((2, 0)), np.zeros((1, 1, 2)),
    np.ma.masked_array([[1.0, 2.0]], mask=[[False, True]]),
    np.ma.masked_array(["a", "b"], mask=[False, True]),
    np.ma.masked_array(np.array(["2020"], dtype="M8[D]"), mask=[True]),
    np.ma.masked_array(np.array([[1, 2]], dtype=object), mask=[[False, True]]),
]  # fmt: skip
edges = st.sampled_from(EDGES) | st.floats()
kinds = st.sampled_from([st.floats(-9, 9), st.floats(0, 1), edges])
few = settings(quick, max_examples=5)


def filled(shape: tuple[int | None, ...] | str) -> st.SearchStrategy[np.ndarray]:
    """Arrays of this shape, 1 to 3 long where it says None: of usual numbers, from 0 to 1, or at the edge."""
    if shape == ANY:
        sizes = array_shapes(min_dims=0, max_dims=3, max_side=3)
    else:
        sizes = st.tuples(*(st.integers(1, 3) if n is None else st.just(n) for n in shape))
    return st.tuples(sizes, kinds).flatmap(lambda both: arrays(float, both[0], elements=both[1]))


misshapen = arrays(float, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4), elements=edges)
ragged = st.lists(st.lists(edges, max_size=3), max_size=3)


# The table --------------------------------------------------------------------------------------------


class Row(NamedTuple):
    """A public name, a call with one argument left open, and what is right.

    shape : of the arrays that may be taken, with None for any length; no shape for what is no array.
    rule : the answer in plain NumPy.
    """

    name: str
    call: Callable[[Any], Any]
    shape: Any = None
    rule: Callable[[np.ndarray], Any] | None = None


SETTINGS: dict[str, Any] = {"epochs": 2, "optimizer": SGD(0.1)}


def straight() -> Network:
    """A network whose sums are not held between 0 and 1."""
    return Network([Dense(2, 2, "relu"), Dense(2, 1)])


def with_W(values: Any) -> Dense:
    layer = Dense(2, 3)
    layer.W = values
    return layer


def with_theta(values: Any, net: Network | None = None) -> Network:
    net = net or network_2_3_1()
    net.theta = values
    return net


def given_to(thing: Any, name: str) -> Callable[[Any], Any]:
    """Set an attribute, and read it."""

    def call(value: Any) -> Any:
        one = thing()
        setattr(one, name, value)
        return getattr(one, name)

    return call


def calm(value: Any) -> Any:
    """Usual numbers in the place of those at the edge, which a step and a film take as they are."""
    is_floats = isinstance(value, np.ndarray) and value.dtype == float
    return np.nan_to_num(np.tanh(value)) if is_floats else value


def stepped(optimizer: Any, **fixed: Any) -> Callable[[Any], Any]:
    def call(value: Any) -> Any:
        theta, grad = np.ones(2), np.full(2, 0.5)
        if "theta" in fixed:
            theta = value = calm(value)
        else:
            grad = calm(value)
        optimizer.step(theta, grad)
        return theta

    return call


def reset(optimizer: Any, **settings: Any) -> Any:
    vars(optimizer).update(settings)
    optimizer.reset()
    return optimizer


def first_epoch(**changed: Any) -> Any:
    settings = {"net": network_2_3_1(), "X": X, "y": Y, **SETTINGS, **changed}
    return next(nnlib.train(settings.pop("net"), settings.pop("X"), settings.pop("y"), **settings))


def fitted(**changed: Any) -> Any:
    settings = {"net": network_2_3_1(), "X": X, "y": Y, "callback": lambda *_: True, **SETTINGS, **changed}
    history = nnlib.fit(settings.pop("net"), settings.pop("X"), settings.pop("y"), **settings)
    return history.loss


def film(n: Any = 2, epoch: Any = 0, theta: Any = (1.0, 2.0)) -> Any:
    history = History(n)
    history.keep(epoch, np.array(theta) if isinstance(theta, tuple) else theta)
    assert history.epochs.shape == (1,)
    assert repr(history)
    return history.theta[0]


def real(net: Any = None, x: Any = None, y: Any = None) -> Any:
    net = net or straight()
    return nnlib.in_real_units(net, x or StandardScaler().fit(X), y or MaxScaler().fit(Y)).theta


def saved(value: Any) -> Any:
    return nnlib.load(nnlib.save(network_2_3_1(), value)).theta


def from_parts(name: str) -> Callable[[Any], Any]:
    return lambda value: nnlib.from_dict({**nnlib.to_dict(network_2_3_1()), name: value}).theta


def sums(X: np.ndarray) -> np.ndarray:
    return plain_forward(network_2_3_1(), X)


def inside(p: np.ndarray) -> np.ndarray:
    return np.clip(p, 1e-15, 1 - 1e-15)


PLAIN = {
    "linear": (lambda z: z, np.ones_like),
    "step": (lambda z: np.where(z > 0, 1.0, 0.0), np.zeros_like),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-abs(z)) / (1 + np.exp(-abs(z))) ** 2),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
}
LOSSES = [
    (mse, lambda p, y: ((p - y) ** 2).mean(), lambda p, y: 2 * (p - y) / y.size),
    (mae, lambda p, y: abs(p - y).mean(), lambda p, y: np.sign(p - y) / y.size),
    (
        bce,
        lambda p, y: -(y * np.log(inside(p)) + (1 - y) * np.log1p(-inside(p))).mean(),
        lambda p, y: (inside(p) - y) / (inside(p) * (1 - inside(p)) * y.size),
    ),
]
ROWS = [
    *(Row(f"{n}", f, ANY, PLAIN[n][0]) for n, f in ACTIVATIONS.items()),
    *(Row(f"{n}.slope", f.slope, ANY, PLAIN[n][1]) for n, f in ACTIVATIONS.items()),
    *(
        row
        for loss, value, slope in LOSSES
        for name in [type(loss).__name__]
        for row in (
            Row(f"{name}.value, y_hat", lambda v, f=loss: f.value(v, Y), (3, 1), lambda v, f=value: f(v, Y)),
            Row(f"{name}.value, y", lambda v, f=loss: f(Y, v), (3, 1), lambda v, f=value: f(Y, v)),
            Row(
                f"{name}.value, both",
                lambda v, f=loss: f.value(v, v),
                (None, None),
                lambda v, f=value: f(v, v),
            ),
            Row(
                f"{name}.gradient, y_hat",
                lambda v, f=loss: f.gradient(v, Y),
                (3, 1),
                lambda v, f=slope: f(v, Y),
            ),
            Row(
                f"{name}.gradient, y", lambda v, f=loss: f.gradient(Y, v), (3, 1), lambda v, f=slope: f(Y, v)
            ),
        )
    ),
    Row("Dense, n_in", lambda v: Dense(v, 2).n_in),
    Row("Dense, n_out", lambda v: Dense(2, v).n_out),
    Row("Dense, activation", lambda v: Dense(2, 1, v).activation.name),
    Row("Dense.activation", lambda v: given_to(lambda: Dense(2, 1), "activation")(v).name),
    Row("Dense.W", given_to(lambda: Dense(2, 3), "W"), (2, 3), lambda v: v),
    Row("Dense.b", given_to(lambda: Dense(2, 3), "b"), (3,), lambda v: v),
    Row(
        "Dense.forward",
        lambda v: network_2_3_1().layers[0].forward(v),
        (None, 2),
        lambda v: 1 / (1 + np.exp(-(v @ network_2_3_1().layers[0].W))),
    ),
    Row("Dense.forward, W", lambda v: with_W(v).forward(X), (2, 3), lambda v: X @ v),
    Row("Network, layers", lambda v: Network(v).theta),
    Row("Network, seed", lambda v: network_2_3_1(seed=v).theta),
    Row("Network, input_names", lambda v: len(network_2_3_1(input_names=v).labels())),
    Row("Network, output_names", lambda v: len(network_2_3_1(output_names=v).labels())),
    Row("Network.theta", given_to(network_2_3_1, "theta"), (13,), lambda v: v),
    Row("Network.theta, forward", lambda v: with_theta(v).forward(X), (13,)),
    Row("Network.theta, straight", lambda v: with_theta(v, straight()).forward(X), (9,)),
    Row("Network.theta, loss_and_grad", lambda v: with_theta(v, straight()).loss_and_grad(X, Y), (9,)),
    Row("Network.forward", lambda v: network_2_3_1().forward(v), (None, 2), sums),
    Row("Network.predict", lambda v: network_2_3_1().predict(v), (None, 2), sums),
    Row("Network.trace", lambda v: network_2_3_1().trace(v)[-1].a, (None, 2), sums),
    Row(
        "Network.loss, X", lambda v: network_2_3_1().loss(v, Y), (3, 2), lambda v: ((sums(v) - Y) ** 2).mean()
    ),
    Row(
        "Network.loss, y", lambda v: network_2_3_1().loss(X, v), (3, 1), lambda v: ((sums(X) - v) ** 2).mean()
    ),
    Row("Network.loss, loss", lambda v: network_2_3_1().loss(X, Y, v)),
    Row("Network.loss_and_grad, X", lambda v: network_2_3_1().loss_and_grad(v, Y), (3, 2)),
    Row("Network.loss_and_grad, y", lambda v: network_2_3_1().loss_and_grad(X, v, "mae"), (3, 1)),
    Row("Network.loss_and_grad, straight", lambda v: straight().loss_and_grad(v, Y, "mae"), (3, 2)),
    Row("Network.loss_and_grad, loss", lambda v: network_2_3_1().loss_and_grad(X, Y, v)),
    Row("Network.check, X", lambda v: network_2_3_1().check(v, Y, "mse")[0], (3, 2), lambda v: v),
    Row("SGD, learning_rate", lambda v: SGD(v).learning_rate),
    Row("SGD, momentum", lambda v: SGD(0.1, v).momentum),
    Row("SGD.reset", lambda v: reset(SGD(), learning_rate=v).learning_rate),
    Row("Adam.check_settings", lambda v: reset(Adam(), beta_1=v).beta_1),
    Row("Adam, learning_rate", lambda v: Adam(v).learning_rate),
    Row("Adam, beta_1", lambda v: Adam(beta_1=v).beta_1),
    Row("Adam, beta_2", lambda v: Adam(beta_2=v).beta_2),
    Row("Adam, epsilon", lambda v: Adam(epsilon=v).epsilon),
    *(
        row
        for kind in (SGD, Adam)
        for row in (
            Row(f"{kind.__name__}.step, theta", lambda v, kind=kind: stepped(kind(), theta=1)(v), (2,)),
            Row(f"{kind.__name__}.step, grad", lambda v, kind=kind: stepped(kind())(v), (2,)),
        )
    ),
    Row("train, net", lambda v: first_epoch(net=v)),
    Row("train, X", lambda v: first_epoch(X=v), (3, 2)),
    Row("train, y", lambda v: first_epoch(y=v), (3, 1)),
    *(
        Row(f"train, {name}", lambda v, name=name: first_epoch(**{name: v}))
        for name in ("epochs", "optimizer", "loss", "batch_size", "seed", "validation")
    ),
    Row("train, learning rate", lambda v: first_epoch(optimizer=SGD(v))),
    Row("train, validation X", lambda v: first_epoch(validation=(v, Y)), (3, 2)),
    Row("train, validation y", lambda v: first_epoch(validation=(X, v)), (3, 1)),
    Row("fit, net", lambda v: fitted(net=v)),
    Row("fit, X", lambda v: fitted(X=v, net=straight(), callback=None, record=1), (3, 2)),
    Row("fit, y", lambda v: fitted(y=v, net=straight(), callback=None), (3, 1)),
    *(
        Row(f"fit, {name}", lambda v, name=name: fitted(**{name: v}))
        for name in ("epochs", "optimizer", "loss", "batch_size", "seed", "validation", "record")
    ),
    Row("fit, callback", lambda v: fitted(callback=v if not callable(v) else None)),
    Row("History", lambda v: film(v)),
    Row(
        "History.keep, epoch",
        lambda v: film(epoch=v if not isinstance(v, int) or isinstance(v, bool) else min(v, 2**62)),
    ),
    Row("History.keep, theta", lambda v: film(theta=calm(v)), (2,)),
    *(
        row
        for scaler in (MaxScaler, StandardScaler)
        for name in [scaler.__name__]
        for row in (
            Row(f"{name}.fit", lambda v, s=scaler: s().fit(v).scale, (None, None)),
            Row(f"{name}.fit, again", lambda v, s=scaler: s().fit(X).fit(v).scale, (None, 2)),
            Row(f"{name}.fit, transform", lambda v, s=scaler: s().fit(v).transform(v), (None, None)),
            Row(f"{name}.fit, another", lambda v, s=scaler: s().fit(v).transform(X), (None, 2)),
            Row(f"{name}.fit, inverse", lambda v, s=scaler: s().fit(v).inverse_transform(X), (None, 2)),
            Row(f"{name}.transform", lambda v, s=scaler: s().fit(X).transform(v), (None, 2)),
            Row(f"{name}.inverse_transform", lambda v, s=scaler: s().fit(X).inverse_transform(v), (None, 2)),
            Row(f"{name}.transform, not fitted", lambda v, s=scaler: s().transform(v), (None, 2)),
        )
    ),
    Row(
        "MaxScaler.transform",
        lambda v: MaxScaler().fit(X).transform(v),
        (None, 2),
        lambda v: v / X.max(axis=0),
    ),
    Row(
        "StandardScaler.transform",
        lambda v: StandardScaler().fit(X).transform(v),
        (None, 2),
        lambda v: (v - X.mean(axis=0)) / X.std(axis=0),
    ),
    Row("MaxScaler, maximum", lambda v: MaxScaler(v).fit(X).scale),
    Row("MaxScaler, maximum of each", lambda v: MaxScaler(v).fit(X).transform(X), ANY, lambda v: X / v),
    Row("in_real_units, net", lambda v: nnlib.in_real_units(v, MaxScaler().fit(X), MaxScaler().fit(Y)).theta),
    Row("in_real_units, x_scaler", lambda v: nnlib.in_real_units(straight(), v, MaxScaler().fit(Y)).theta),
    Row("in_real_units, y_scaler", lambda v: nnlib.in_real_units(straight(), MaxScaler().fit(X), v).theta),
    Row("in_real_units, X", lambda v: real(x=StandardScaler().fit(v)), (None, 2)),
    Row("in_real_units, X by maximum", lambda v: real(x=MaxScaler().fit(v)), (None, 2)),
    Row("in_real_units, y", lambda v: real(y=StandardScaler().fit(v)), (None, 1)),
    Row("in_real_units, theta", lambda v: real(with_theta(v, straight())), (9,)),
    *(
        row
        for function in (nnlib.numerical_gradient, nnlib.gradient_error)
        for name in [function.__name__]
        for row in (
            Row(f"{name}, net", lambda v, f=function: f(v, X, Y)),
            Row(f"{name}, X", lambda v, f=function: f(network_2_3_1(), v, Y), (3, 2)),
            Row(f"{name}, y", lambda v, f=function: f(straight(), X, v), (3, 1)),
            Row(f"{name}, X straight", lambda v, f=function: f(straight(), v, Y, "mae"), (3, 2)),
            Row(f"{name}, theta", lambda v, f=function: f(with_theta(v, straight()), X, Y), (9,)),
            Row(f"{name}, loss", lambda v, f=function: f(network_2_3_1(), X, Y, v)),
        )
    ),
    Row("numerical_gradient, h", lambda v: nnlib.numerical_gradient(straight(), X, Y, h=v)),
    Row("to_dict", lambda v: len(nnlib.to_dict(v))),
    Row("from_dict", lambda v: nnlib.from_dict(v).theta),
    *(Row(f"from_dict, {name}", from_parts(name)) for name in ("layers", "input_names", "output_names")),
    Row(
        "from_dict, layer size",
        lambda v: nnlib.from_dict({**nnlib.to_dict(network_2_3_1()), "layers": [[v, 3, "relu"]]}).theta,
    ),
    Row("from_dict, theta", from_parts("theta"), (13,), lambda v: v),
    Row("save, net", lambda v: str(nnlib.save(v, "net"))),
    Row("save, path", saved),
    Row("load", lambda v: nnlib.load(v).theta),
    Row("datasets.house_rule", datasets.house_rule, (None, 4)),
    Row("datasets.best_house_prices", datasets.best_house_prices, (None, 4)),
    Row("datasets.word_counts, texts", lambda v: datasets.word_counts(v, ["good"])),
    Row("datasets.word_counts, words", lambda v: datasets.word_counts(["good"], v)),
    Row("datasets.house_sales", lambda v: datasets.house_sales(v if v is not None else 0).X),
    Row("datasets.read_csv, path", lambda v: datasets.read_csv(v, ["a"], ["b"]).X),
    Row("datasets.read_csv, inputs", lambda v: datasets.read_csv("a.csv", v, ["b"]).X),
    Row("datasets.read_csv, outputs", lambda v: datasets.read_csv("a.csv", ["a"], v).y),
    Row("rejoin, lesson", lambda v: nnlib.rejoin(v, "1")),
    Row("rejoin, section", lambda v: nnlib.rejoin("00", v)),
]


# What is made by calls of the table, or takes nothing: named here so that nothing is forgotten.
ELSEWHERE = {
    "Activation", "Loss", "Optimizer",  # their kinds stand in the table
    "Step", "ShapeError", "TrainingDiverged",  # come out of nnlib
    "check_installation", "datasets.test_scores", "datasets.class_scores", "datasets.houses",
    "datasets.house_network", "datasets.house_sales_file", "datasets.reviews", "datasets.data_folder",
    "Network.n_in", "Network.n_out", "Network.grad", "Network.neuron_names", "Network.labels",
    "Dense.dW", "Dense.db", "Dense.given", "History.theta", "History.epochs", "Adam.reset",
    "SGD.check_settings",
    "reference",  # each line is a line of the lesson, without any check
}  # fmt: skip
# The inside of the loops, for what was checked before them.
INSIDE = {
    "Dense.use", "Dense.initialize", "Dense.forward_pass", "Dense.backward_pass", "Network.forward_pass",
    "Network.loss_and_grad_pass", *(
        f"{type(loss).__name__}.{name}" for loss in (mse, mae, bce)
        for name in ("value_pass", "gradient_pass", "value_at", "value_and_delta", "check")
    ),
}  # fmt: skip


def public_names() -> Iterator[str]:
    """Every name of nnlib, every method of its classes, and every function of its data."""
    for name in nnlib.__all__:
        thing = getattr(nnlib, name)
        yield name
        if inspect.isclass(thing) and name not in ELSEWHERE:
            own = [base for base in thing.__mro__ if base.__module__.startswith("nnlib")]
            methods = {
                n for base in own for n, it in vars(base).items() if callable(it) or isinstance(it, property)
            }
            yield from (f"{name}.{method}" for method in methods if not method.startswith("_"))
    for name, thing in vars(datasets).items():
        if inspect.isfunction(thing) and thing.__module__ == datasets.__name__:
            yield f"datasets.{name}"


def test_every_public_name_has_a_row() -> None:
    subjects = {row.name.split(",")[0] for row in ROWS}
    subjects |= {subject.split(".")[0] for subject in subjects}
    assert set(public_names()) - subjects - ELSEWHERE - INSIDE == set()
    assert (ELSEWHERE | INSIDE) - set(public_names()) == set()  # nothing is named that is gone


# The tests --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A folder of its own, in which some rows save files, and others find a table and a lesson."""
    with contextlib.chdir(tmp_path_factory.mktemp("fuzz")):
        Path("a.csv").write_text("a,b\n1,2\n")
        Path("00_lesson.ipynb").write_text('{"cells": [{"cell_type": "markdown", "source": ["# 1"]}]}')
        yield


def obey(row: Row, value: Any) -> None:
    """The call gives what it must, or says what is wrong."""
    try:
        result = answer(row.call, value)
        if result is None or value is None or row.shape is None:
            return
        numbers = np.array(value, dtype=float)
        assert np.asarray(value).dtype.kind in "fiubO", "what is no number was taken for one"
        if row.shape != ANY:  # nothing was stretched to fit
            assert len(row.shape) == numbers.ndim
            assert all(n in (None, m) for n, m in zip(row.shape, numbers.shape, strict=True))
        if row.rule:
            with np.errstate(all="ignore"):
                right = row.rule(numbers)
            assert np.shape(result) == np.shape(right)
            if np.isfinite(right).all():  # the plain formula may overflow where nnlib's does not
                np.testing.assert_allclose(result, right, rtol=1e-9, atol=1e-12)
    except Exception as error:
        raise AssertionError(f"{row.name} of {in_short(value)}: {type(error).__name__}: {error}") from error


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_odd_things(row: Row) -> None:
    for value in ODD:
        obey(row, value)


@pytest.mark.parametrize("row", [row for row in ROWS if row.shape], ids=lambda row: row.name)
@few
@given(st.data())
def test_arrays(row: Row, data: st.DataObject) -> None:
    fits = filled(row.shape)
    obey(row, data.draw(st.one_of(fits, fits, fits, misshapen, ragged)))
