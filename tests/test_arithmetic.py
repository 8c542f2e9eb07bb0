"""One example step by step: every printed line is true, and its numbers are the network's own."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from explorers import ODD, made, on_page

from nnlib import Dense, MaxScaler, Network, StandardScaler, datasets
from nnlib.activations import ACTIVATIONS, get_activation
from nnlib.explore.parts.arithmetic import Arithmetic, Stage, Walk
from nnlib.explore.parts.equations import Plain, printed
from nnlib.explore.parts.module import module, page_file
from nnlib.losses import MeanSquaredError, get_loss

NAMES = {"z", "a", "delta", "dL/dz", "sigmoid(z)"}  # what stands between two = without being arithmetic
RAISED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
RESULT = re.compile(r"(−?\d+(?:\.\d+)?)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?")


def sigmoid(z: Decimal) -> Decimal:
    return 1 / (1 + min(-z, Decimal(10**5)).exp())


def tanh(z: Decimal) -> Decimal:
    return 2 * sigmoid(2 * z) - 1


FUNCTIONS = {
    "__builtins__": {},
    "D": Decimal,
    "E": Decimal(1).exp(),
    "abs": abs,
    "max": max,
    "ln": lambda value: value.ln() if value else Decimal("-1e9"),  # times 0
    "sigmoid": sigmoid,
    "tanh": tanh,
    "step": lambda z: Decimal(z > 0),
}


def calculated(text: str) -> Decimal:
    """What a calculator makes of the text, to 40 digits."""
    text = re.sub(r"[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f"^({found[0].translate(RAISED)})", text)
    text = re.sub(r"\d+(\.\d+)?", lambda found: f"D('{found[0]}')", text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    for sign, python in {"×": "*", "÷": "/", "−": "-", "e^": "E^", "^": "**"}.items():
        text = text.replace(sign, python)
    with localcontext() as context:
        context.prec = 40
        return Decimal(eval(text, dict(FUNCTIONS)))


def read(text: str) -> tuple[Decimal, Decimal]:
    """A printed result and the unit of its last digit."""
    found = RESULT.fullmatch(text)
    assert found, text
    digits = Decimal(found[1].replace("−", "-"))
    power = Decimal(10) ** int((found[2] or "⁰").translate(RAISED))
    return digits * power, Decimal(1).scaleb(digits.as_tuple().exponent) * power


def rounded(value: Decimal | float, unit: Decimal) -> Decimal:
    """The value with the digits down to this unit, halves away from 0."""
    return (Decimal(value) / unit).quantize(Decimal(1), ROUND_HALF_UP) * unit


def check_line(line: str) -> tuple[str, Decimal, Decimal]:
    """Each part of a line gives its result; returns the name, the result and the unit of its last digit."""
    name, *parts, result = line.split(" = ")
    value, unit = read(result)
    for part in parts:
        if part not in NAMES:
            with localcontext() as context:
                context.prec = 40
                assert rounded(calculated(part), unit) == value, line
    return name, value, unit


def steps(walk: Walk, net: Network, x: Any, y: Any) -> Iterator[Stage]:
    for k in range(len(walk.titles)):
        yield walk.stage(k, net.theta, x, y)


def true_numbers(net: Network, x: Any, y: Any, loss: str, x_scaler: Any, y_scaler: Any) -> dict[Any, float]:
    """What nnlib computes, by title and name."""
    X = np.array([x]) if x_scaler is None else x_scaler.transform([x])
    Y = np.array([y]) if y_scaler is None else y_scaler.transform([y])
    found: dict[Any, float] = {
        ("scaling", f"{n} scaled"): v for n, v in zip(net.input_names, X[0], strict=True)
    }
    found["loss", "L"] = net.loss_and_grad(X, Y, loss)
    slopes = dict(zip(net.labels(), net.grad, strict=True))
    last = net.layers[-1]
    rates = get_loss(loss).gradient(last.a, Y)
    real = last.a if y_scaler is None else y_scaler.inverse_transform(last.a)
    for j, name in enumerate(net.output_names):
        found["loss", f"predicted {name}"] = real[0, j]
        found["loss", f"true {name} scaled"] = Y[0, j]
        one = Network([Dense(1, 1, last.activation)], seed=None)
        one.theta = [last.z[0, j], 0]
        found["loss", f"loss of {name}"] = one.loss([[1]], [[Y[0, j]]], loss)
    for k, (layer, (before, names)) in enumerate(zip(net.layers, pairwise(net.neuron_names()), strict=True)):
        for j, name in enumerate(names):
            title = f"backward: {name}"
            found[f"forward: {name}", "z"] = layer.z[0, j]
            found[f"forward: {name}", "ŷ" if layer is last else "a"] = layer.a[0, j]
            found[title, "da/dz"] = layer.activation.slope(layer.z[0, j])
            found[title, "delta"] = layer.delta[0, j]
            if layer is last:
                found[title, "dL/dŷ"] = rates[0, j]
            else:
                after = net.layers[k + 1]
                found[title, "dL/da"] = after.delta[0] @ after.W[j]
            for i in before:
                label = f"W{k + 1}[{i}, {name}]"
                found[title, f"slope of {label}"] = slopes[label]
            found[title, f"slope of b{k + 1}[{name}]"] = slopes[f"b{k + 1}[{name}]"]
    return found


def check_walk(net: Network, x: Any, y: Any, loss: str, x_scaler: Any = None, y_scaler: Any = None) -> int:
    """Every line of every step; returns how many numbers were compared with nnlib's."""
    walk = Walk(net, loss, x_scaler=x_scaler, y_scaler=y_scaler, rows=3)
    truth = true_numbers(net, x, y, loss, x_scaler, y_scaler)
    compared = 0
    for title, stage in zip(walk.titles, steps(walk, net, x, y), strict=True):
        assert stage.title == title
        assert "≈" not in "".join(stage.lines), stage.lines
        assert "nan" not in f"{stage}"
        for line in stage.lines:
            if " = " in line:
                name, value, unit = check_line(line)
                name = re.sub(r"^.*, so ", "", name)
                assert rounded(float(truth[title, name]), unit) == value, (title, line, truth[title, name])
                compared += 1
    return compared


def random_walk(seed: int) -> int:
    """Check a network that this seed draws."""
    rng = np.random.default_rng(seed)
    loss = str(rng.choice(["mse", "mae", "bce"]))
    most = 10 if seed % 5 == 0 else 4
    sizes = [int(n) for n in rng.integers(1, most + 1, rng.integers(2, 6))]
    sizes[-1] = int(rng.choice([1, 1, 2, 3]))
    kinds = [str(name) for name in rng.choice(list(ACTIVATIONS), len(sizes) - 1)]
    if loss == "bce":
        kinds[-1] = "sigmoid"
    net = made(*sizes, activations=kinds)
    scale = rng.choice([0.0, 0.01, 1.0, 1.0, 8.0, 100.0])
    net.theta = rng.normal(size=net.theta.size) * scale
    if seed % 3 == 0:  # as a hand sets them
        net.theta = net.theta.round(1)
    X, y = rng.uniform(0, 10, (5, net.n_in)), rng.uniform(1, 100, (5, net.n_out))
    if seed % 2:
        X, y = X.round() + np.arange(5)[:, None], y.round() + np.arange(5)[:, None]
    x_scaler, y_scaler = (rng.choice([None, MaxScaler(), StandardScaler()]) for _ in range(2))
    if loss == "bce":
        y_scaler = None
        y = rng.choice([0.0, 1.0, 0.25], y.shape)
    for scaler, table in ((x_scaler, X), (y_scaler, y)):
        if scaler is not None:
            scaler.fit(table)
    return check_walk(net, X[0], y[0], loss, x_scaler, y_scaler)


@pytest.mark.parametrize("first", range(0, 200, 20))
def test_every_line_is_true_and_the_networks_own(first):
    assert sum(random_walk(seed) for seed in range(first, first + 20)) > 200


@pytest.mark.parametrize("loss", ["mse", "mae", "bce"])
@pytest.mark.parametrize("size", [40.0, 1e6])
@pytest.mark.parametrize("y", [0.0, 1.0, 0.25])
def test_saturated_neurons(loss, size, y):
    net = made(1, 2, 1)
    net.theta = [size, -size, 0, 0, size, 1, -size / 3]
    assert check_walk(net, [0.7], [y], loss) > 10


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "relu", "linear", "step"])
def test_huge_weights_and_zeros(kind):
    net = made(2, 2, 2, activations=kind)
    for theta in ([1e6] * 12, [0.0] * 12, [1e-7] * 12, [3e5, -2e6, 1e-5, 0.1, 1e8, 0] * 2):
        net.theta = theta
        assert check_walk(net, [0.3, 1], [0.75, 0.1], "mse") > 10


def test_a_log_loss_that_is_sure_and_wrong():
    net = made(1, 1)
    net.theta = [50, 0]
    lines = Walk(net, "bce").stage(1, net.theta, [0.7], [0]).lines
    assert lines == ("ŷ is so near to 1 that −ln(1 − ŷ) is z.", "L = (1 − 0) × 35.00 = 35.00")


def test_a_dead_neuron_says_so():
    net = made(1, 1, 1, activations=["relu", "linear"])
    net.theta = [1, -2, 3, 0.5]
    lines = [line for stage in steps(Walk(net), net, [0.5], [1]) for line in stage.lines]
    assert "a = max(0, −1.50) = 0" in lines
    assert "z is not above 0, so da/dz = 0" in lines
    assert "delta = dL/dz = −3.00 × 0 = 0" in lines


def test_as_in_the_lesson():
    hours, scores, inputs, outputs = datasets.test_scores()
    net = made(2, 3, 1, input_names=inputs, output_names=outputs)
    walk = Walk(
        net,
        x_scaler=MaxScaler().fit(hours),
        y_scaler=MaxScaler(100).fit(scores),
        units=["hours", "hours", "points"],
        rows=3,
    )
    found = list(steps(walk, net, [3, 5], [75]))
    assert walk.titles[:2] + walk.titles[4:8] == [
        "scaling",
        "forward: h1",
        "forward: score",
        "loss",
        "backward: score",
        "backward: h1",
    ]
    assert found[0].lines == ("sleep scaled = 3 ÷ 10 = 0.30", "study scaled = 5 ÷ 5 = 1.00")
    assert found[1].lines[0] == "z = 0.30 × 0.30 + 1.00 × (−1.06) + 0 = −0.97"
    assert found[5].lines[:2] == (
        "predicted score in points = 0.621 × 100 = 62.1",
        "true score scaled = 75 ÷ 100 = 0.75",
    )
    assert found[6].lines[-1] == "Training uses the mean of these slopes over all 3 rows."
    assert found[7].lines[1] == "da/dz = 0.28 × (1 − 0.28) = 0.20"


def test_the_wires_and_the_neuron_of_each_step():
    net = made(2, 3, 2, 1)
    names = [name for layer in net.neuron_names()[1:] for name in layer]
    labels = net.labels()
    for stage in steps(Walk(net, rows=3), net, [1, 2], [3]):
        if stage.neuron < 0:
            assert stage.wires == ()
            continue
        way, name = stage.title.split(": ")
        assert names[stage.neuron] == name
        expected = {label for label in labels if label.endswith((f", {name}]", f"[{name}]"))}
        if way == "backward":
            expected |= {label for label in labels if f"[{name}," in label}
        assert {labels[k] for k in stage.wires} == expected


@pytest.mark.parametrize("loss", ["mse", "bce"])
def test_the_lit_cells_of_the_matrices_are_the_numbers_of_the_lines(loss):
    net = made(7, 6, 2)
    net.theta = np.random.default_rng(1).normal(size=net.theta.size)
    for stage in steps(Walk(net, loss), net, np.arange(7) / 4, [0.5, 1]):
        lit = {
            table.name: [
                text
                for texts, flags in zip(table.cells, table.lit, strict=True)
                for text, flag in zip(texts, flags, strict=True)
                if flag
            ]
            for table in stage.matrices
        }
        for table in stage.matrices:
            assert [len(row) for row in table.lit] == [len(row) for row in table.cells]
            assert len(table.rows) in (0, len(table.cells))
            assert len(table.columns) in (0, len(table.cells[0]))
        results = {line.split(" = ")[0]: line.split(" = ")[-1] for line in stage.lines}
        for name, result in results.items():
            if name in ("z", "delta"):
                assert [result] in [texts for table, texts in lit.items() if table.startswith(name)]
        slopes = [result for name, result in results.items() if name.startswith("slope of W")]
        if slopes:
            (texts,) = (texts for table, texts in lit.items() if table.startswith("slopes of"))
            assert texts == (slopes if len(slopes) <= 5 else [*slopes[:2], slopes[-1]])


def test_odd_names_and_a_loss_and_an_activation_of_ones_own():
    class Softplus(type(get_activation("linear"))):
        name = "softplus"

        def into(self, z, a):
            a[...] = np.logaddexp(0, z)

        def slope_into(self, z, a, slope):
            slope[...] = 1 / (1 + np.exp(-z))

    class Cubic(MeanSquaredError):
        def value_pass(self, y_hat, y):
            return float((np.abs(y_hat - y) ** 3).mean())

        def gradient_pass(self, y_hat, y):
            return 3 * (y_hat - y) * np.abs(y_hat - y) / y.size

    net = Network([Dense(1, 2, Softplus()), Dense(2, 1)], input_names=[ODD], output_names=["a = b"])
    found = list(steps(Walk(net, Cubic()), net, [0.5], [1]))
    assert found[-1].lines[3].startswith(f"slope of W1[{ODD}, h2] = 0.5 × ")
    assert any(line.startswith("L = ") for line in found[3].lines)


def test_weights_too_large_to_calculate_with():
    net = made(1, 2, 1, activations="linear")
    net.theta = [1e200] * 7
    for stage in steps(Walk(net), net, [1], [1]):
        assert stage.lines == ("The weights are too large to calculate with.",)


def test_the_network_itself_is_left_alone():
    net = made(2, 3, 1)
    net.loss_and_grad([[1, 2]], [[3]])
    before = net.theta.copy(), net.grad.copy(), net.layers[-1].z.copy()
    Walk(net).stage(0, net.theta + 1, [5, 6], [7])
    for one, two in zip(before, (net.theta, net.grad, net.layers[-1].z), strict=True):
        assert np.array_equal(one, two)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1.00"),
        (Plain(3), "3"),
        (Plain(0.25), "0.25"),
        (-0.044, "−0.044"),
        (0.05, "0.05"),
        (0.105, "0.105"),  # halfway: a digit more
        (0.125, "0.125"),
        (61.04, "61.04"),
        (1234.5, "1234.5"),
        (251300.0, "251300"),
        (1.3e6, "1.3 × 10⁶"),
        (-0.0000031, "−3.1 × 10⁻⁶"),
        (1e-17, "0.00"),
    ],
)
def test_printed_numbers(value, text):
    assert printed(value).text == text


def shown(walk: Walk, net: Network, step: int) -> Arithmetic:
    widget = Arithmetic()
    widget.show(walk.stage(step, net.theta, [3, 5], [75]), step, len(walk.titles))
    return widget


def test_the_widget_shows_a_step_and_hears_the_pages_buttons(strict):
    net = made(2, 3, 1)
    widget = shown(Walk(net), net, 2)
    assert (widget.title, widget.step, widget.count) == ("forward: h3", 2, 9)
    assert widget.lines[0].startswith("z = 3 × ")
    assert [table["name"] for table in widget.matrices] == ["x", "W1", "b1", "z1", "a1 = sigmoid(z1)"]
    heard = []
    widget.observe(lambda change: heard.append(change.new), "step")
    on_page(widget, step=3)
    assert heard == [3]


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>a step</title><style>{css}</style><main></main>
<script type="module">
import widget from "./arithmetic.js";
window.saved = 0;
window.start = (state) => {{
  const heard = {{}}, el = document.createElement("div");
  window.model = {{
    get: (name) => state[name],
    set(name, value) {{ state[name] = value; for (const show of heard[`change:${{name}}`] ?? []) show(); }},
    save_changes() {{ window.saved += 1; }},
    on(event, show) {{ (heard[event] ??= []).push(show); }},
    off(event, show) {{ heard[event] = heard[event].filter((other) => other !== show); }},
  }};
  document.querySelector("main").append(el);
  window.end = widget.render({{ model, el }});
  window.heard = heard;
}};
</script>"""
STATE = ("title", "lines", "matrices", "step", "count", "large")


@pytest.fixture
def page(chromium: str) -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api")
    bodies = {
        "/": ("text/html", PAGE.format(css=page_file("explorer.css"))),
        "/arithmetic.js": ("text/javascript", module("arithmetic")),
    }

    def answer(route: Any) -> None:
        kind, body = bodies[route.request.url.removeprefix("http://course.test")]
        route.fulfill(content_type=kind, body=body)

    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 900, "height": 600})
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.route("**/*", answer)
        page.goto("http://course.test/")
        page.wait_for_function("window.start !== undefined")
        yield page
        browser.close()
        assert page.errors == []


def start(page: Any, widget: Arithmetic) -> None:
    page.evaluate("state => window.start(state)", {name: getattr(widget, name) for name in STATE})


def put(page: Any, widget: Arithmetic) -> None:
    """The kernel sends another state."""
    page.evaluate(
        "state => { for (const [name, value] of Object.entries(state)) model.set(name, value); }",
        {name: getattr(widget, name) for name in STATE},
    )


@pytest.mark.browser
def test_buttons_and_keys_go_from_step_to_step(page):
    net = made(2, 3, 1)
    start(page, shown(Walk(net), net, 0))
    back, onward = (page.get_by_role("button", name=name) for name in ("Back", "Next"))
    assert back.get_attribute("aria-disabled") == "true"
    onward.click()
    onward.press("ArrowRight")
    onward.press("ArrowLeft")
    onward.press("Enter")
    assert page.evaluate("[model.get('step'), saved]") == [2, 4]
    for _ in range(20):
        onward.press("ArrowRight")
    assert page.evaluate("[model.get('step'), saved]") == [8, 10]
    assert onward.get_attribute("aria-disabled") == "true"
    assert page.locator(".nn-heading").text_content().startswith("step 9 of 9")
    page.evaluate("window.end()")
    assert page.evaluate("Object.values(heard).flat().length") == 0


@pytest.mark.browser
def test_a_frame_changes_texts_and_nothing_else(page):
    net = made(2, 3, 1, input_names=[ODD, "study"])
    walk = Walk(net, rows=3)
    widget = shown(walk, net, 6)
    start(page, widget)
    page.get_by_role("button", name="Next").focus()
    page.evaluate("window.kept = [document.activeElement, ...document.querySelectorAll('li, td, th')]")
    net.theta = net.theta * 1.5 + 0.1
    widget = shown(walk, net, 6)
    put(page, widget)
    now = "[document.activeElement, ...document.querySelectorAll('li, td, th')]"
    assert page.evaluate(f"{now}.every((el, n) => el === kept[n]) && {now}.length === kept.length")
    texts = [text.replace("\xa0", " ") for text in page.locator(".nn-lines li").all_text_contents()]
    assert texts == list(widget.lines)
    assert ODD in "".join(texts)
    cells = page.locator(".nn-cell").all_text_contents()
    assert cells == [text for table in widget.matrices for row in table["cells"] for text in row]
    lit = page.locator(".nn-lit").all_text_contents()
    assert len(lit) == sum(sum(map(sum, table["lit"])) for table in widget.matrices)


@pytest.mark.browser
def test_another_step_is_other_tables_and_the_focus_stays(page):
    net = made(2, 3, 1)
    walk = Walk(net)
    start(page, shown(walk, net, 0))
    page.locator(".nn-matrices").focus()
    for step in range(len(walk.titles)):
        widget = shown(walk, net, step)
        widget.large = step % 2 == 1
        put(page, widget)
        assert page.locator("caption").all_text_contents() == [table["name"] for table in widget.matrices]
        assert page.locator(".nn-lines li").count() == len(widget.lines)
        assert page.evaluate("document.activeElement.className") == "nn-matrices"
        size = page.evaluate("getComputedStyle(document.querySelector('.nn-arithmetic')).fontSize")
        assert size == ("22px" if widget.large else "14px")
        assert page.evaluate("document.documentElement.scrollWidth <= 900")
