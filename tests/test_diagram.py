"""The diagram of networks of every size, and what its page does with a model that is not ours."""

import functools
import http.server
import itertools
import json
import threading
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from explorers import ODD, made, on_page
from matplotlib.colors import to_rgb

from nnlib import plots
from nnlib.explore import Diagram
from nnlib.explore.parts.diagram import svg
from nnlib.explore.parts.module import module, page_file
from nnlib.layout import SMALLEST, Layout, fitted
from nnlib.style import NEGATIVE, ORANGE, POSITIVE, PREDICTION

SIZES = [
    (2, 3, 1),
    (4, 5, 1),
    (2, 3, 3, 1),
    (2, 10, 1),
    (4, 10, 10, 1),
    (10, 10, 10, 10, 3),
    (2, 1),
    (1, 1, 1),
    (4, 3, 1),
    (6, 6, 6, 6),
    (5, 5, 5, 5, 5),
    (10, 10, 10, 10, 10),
    (10, 1),
    (1, 10),
    (3, 10, 2),
    (1, 1, 1, 1, 1),
    (2, 10, 2, 10, 2),
]
everywhere = pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: "-".join(map(str, sizes)))
pytestmark = pytest.mark.usefixtures("strict")


def nodes_of(layout):
    return [*layout.nodes[0], *layout.neurons]


def edges(box):
    return box.x - box.width / 2, box.y - box.height / 2, box.x + box.width / 2, box.y + box.height / 2


def overlaps(one, two):
    a, b = edges(one), edges(two)
    # as they are written in the SVG, to a tenth of a pixel
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.1 and min(a[3], b[3]) - max(a[1], b[1]) > 0.1


# Where everything stands ----------------------------------------------------------------------------------


@everywhere
def test_the_numbers_that_show_stand_clear_of_one_another_and_of_the_nodes(sizes):
    layout = Layout(made(*sizes))
    nodes = nodes_of(layout)
    stubs = [wire.stub for wire in layout.wires if wire.stub]
    for one, two in itertools.combinations(nodes + stubs, 2):
        assert not overlaps(one, two), (one, two)
    for wire, box in itertools.product(layout.wires, nodes + stubs):
        assert not overlaps(wire, box), (wire.label, box)
    for hand in [None, *layout.neurons]:
        shown = [wire for wire in layout.wires if wire.shown or wire.end is hand]
        for one, two in itertools.combinations(shown, 2):
            assert not overlaps(one, two), (one.label, two.label)
    for start in [node for layer in layout.nodes[:-1] for node in layer]:  # a step of backpropagation
        for one, two in itertools.combinations([w for w in layout.wires if w.start is start], 2):
            assert not overlaps(one, two), (one.label, two.label)


@everywhere
def test_nothing_lies_outside_the_picture(sizes):
    layout = Layout(made(*sizes))
    assert layout.width == 520
    assert layout.height <= 350
    for box in [*nodes_of(layout), *layout.wires, *[w.stub for w in layout.wires if w.stub]]:
        x0, y0, x1, y1 = edges(box)
        assert min(x0, y0) >= 0, box
        assert x1 <= layout.width, box
        assert y1 <= layout.height, box
    for slot in [*layout.names, *layout.slots]:
        if slot.style != "hidden":
            assert slot.x + slot.room / (1 if "start" in slot.style else 2) <= layout.width, slot
            assert 6 <= slot.y <= layout.height - 6, slot
            assert slot.room >= 5 * SMALLEST * 0.62  # "−0.56"


@everywhere
def test_wires_in_the_order_of_theta_and_slots_in_the_order_of_the_texts(sizes):
    net = made(*sizes)
    layout = Layout(net)
    assert [wire.label for wire in layout.wires] == net.labels()
    assert len(layout.slots) == 2 * sum(sizes) + 3 * sizes[-1]
    assert [slot.node for slot in layout.slots[: 2 * sum(sizes) : 2]] == nodes_of(layout)
    assert layout.compact == (max(sizes) > 3 or len(sizes) > 3)
    for wire in layout.wires:
        if wire.start:
            x1, y1, x2, y2 = wire.line
            assert wire.y == pytest.approx(y1 + (wire.x - x1) / (x2 - x1) * (y2 - y1))
    assert layout.compact or all(wire.shown for wire in layout.wires)


@everywhere
def test_each_entry_of_theta_is_one_slider(sizes):
    net = made(*sizes)
    root = ET.fromstring(svg(Layout(net)))
    sliders = root.findall("g[@role='slider']")
    assert sorted(int(slider.get("data-k")) for slider in sliders) == list(range(net.theta.size))
    assert all(slider.get("tabindex") == "0" for slider in sliders)
    lines = [int(line.get("data-line")) for line in root.findall("line")]
    assert lines == [k for k, label in enumerate(net.labels()) if label.startswith("W")]
    buttons = root.findall("g[@role='button']")
    assert [int(button.get("data-neuron")) for button in buttons] == list(range(sum(sizes[1:])))
    assert all(button.find(".//g") is None for button in buttons + sliders)  # nothing nested
    for slider in sliders:
        assert slider.find("rect[@class='nn-chip']") is not None
        assert slider.find("text[@class='nn-number']") is not None


@pytest.mark.parametrize("sizes", [(2, 2, 1), (4, 4, 4, 2)])
def test_odd_names_are_escaped(sizes):
    names = [f"{ODD}{k}'" for k in range(sizes[0])]
    picture = svg(
        Layout(made(*sizes, input_names=names, output_names=[f"{ODD}<script>{k}" for k in range(sizes[-1])]))
    )
    assert "<b>" not in picture
    assert "<script" not in picture
    root = ET.fromstring(picture)
    assert names[0] in [text.text for text in root.iter("text")]
    assert root.find("g[@data-k='0']").get("aria-label").startswith(f"W1[{names[0]}, h1")


def test_a_text_is_made_to_fit():
    assert fitted("0.56", 100) == ("0.56", pytest.approx(100 / (4 * 0.62)))
    cut, size = fitted("a very long name of an input", 62)
    assert (cut, size) == ("a very long…", pytest.approx(62 / (12 * 0.62)))
    assert size >= SMALLEST
    assert fitted("", 50)[0] == ""
    assert fitted("−1.2 × 10⁶", 40)[0] == "−1.2×10⁶"  # the power of ten counts most


def test_the_pages_colours_are_those_of_the_pictures():
    assert f'const POSITIVE = "{POSITIVE}", NEGATIVE = "{NEGATIVE}";' in page_file("diagram.js")
    assert f".nn-diagram .nn-node {{ fill: {PREDICTION};" in page_file("explorer.css")
    assert f".nn-diagram .nn-selected .nn-stub {{ stroke: {ORANGE};" in page_file("explorer.css")


@pytest.mark.parametrize("sizes", [(4, 5, 1), (2, 10, 1), (10, 10, 10, 10, 3)])
def test_the_still_picture_shows_the_numbers_in_hand(sizes):
    net = made(*sizes)
    plain, marked = (plots.diagram(net, selected=k) for k in (-1, 1))
    written = [[text.get_text() for text in p.figure.axes[0].texts] for p in (plain, marked)]
    layout = Layout(net)
    shown = sum(wire.shown for wire in layout.wires)
    hand = sum(wire.end is layout.wires[1].end and not wire.shown for wire in layout.wires)
    assert len(written[1]) - len(written[0]) == hand + any("hand" in slot.style for slot in layout.names)
    assert shown < len(layout.wires)
    pixels = np.asarray(marked.image())
    assert (pixels == [round(255 * part) for part in to_rgb(ORANGE)]).all(axis=-1).any()


# The widget -----------------------------------------------------------------------------------------------


def test_another_network_and_moves_of_the_one_before_that_come_late():
    diagram = Diagram(Layout(made(2, 3, 1)), limit=3.0)
    on_page(diagram, moves={"3": [1, 0.5]}, selected=3, neuron=2)
    assert diagram.fresh_moves() == {3: 0.5}
    diagram.marks, diagram.notes, diagram.lit, diagram.fixed = ["dead", "", "", ""], ["0.1"] * 13, [3], [4]
    diagram.change(Layout(made(2, 4, 1)))
    assert "2-4-1" in diagram.svg
    assert (len(diagram.theta), diagram.selected, diagram.neuron, diagram.limit) == (17, -1, -1, 3.0)
    assert diagram.marks == diagram.notes == diagram.lit == diagram.fixed == diagram.texts == []
    on_page(diagram, moves={"3": [2, 0.7]})
    assert diagram.fresh_moves() == {}
    on_page(diagram, moves={"16": [diagram.seen + 1, 0.7]})
    assert diagram.fresh_moves() == {16: 0.7}


PAGE = """<!doctype html><html lang="en"><title>diagram</title><style>%s</style>
<div class="nn-explorer" style="max-width: none"><div id="one"></div><div id="two"></div></div>
<script type="module">
import diagram from "./diagram.js";
const state = %s, handlers = {};
window.saved = 0;
window.model = {
  get: (name) => structuredClone(state[name]),
  set: (name, value) => {
    if (JSON.stringify(state[name]) === JSON.stringify(value)) return;
    state[name] = value;
    for (const handler of [...(handlers[`change:${name}`] ?? [])]) handler();
  },
  save_changes: () => { window.saved += 1; },
  on: (name, handler) => { (handlers[name] ??= []).push(handler); },
  off: (name, handler) => { handlers[name] = handlers[name].filter((h) => h !== handler); },
};
const ends = ["one", "two"].map((id) => diagram.render({ model, el: document.getElementById(id) }));
window.end = () => { ends.forEach((f) => f()); return Object.values(handlers).flat().length; };
</script>"""


def state_of(*sizes):
    layout = Layout(made(*sizes))
    diagram = Diagram(layout)
    diagram.texts = [f"t{k}" for k in range(len(layout.slots))]
    diagram.theta = [0.5 - k / 10 for k in range(len(layout.wires))]
    return {
        k: v
        for k, v in diagram.get_state().items()
        if not k.startswith("_") and k not in ("layout", "tabbable", "tooltip")
    }


@pytest.fixture(scope="module")
def browser(chromium):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser, tmp_path):
    """Opens a network's diagram twice, as two views of one model."""
    (tmp_path / "diagram.js").write_text(module("diagram"), "utf-8")
    handler = functools.partial(Quiet, directory=tmp_path)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1200, "height": 800})
    page.set_default_timeout(5000)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def show(*sizes):
        css = page_file("explorer.css")
        text = PAGE % (css, json.dumps(state_of(*sizes)).replace("<", "\\u003c"))
        (tmp_path / "index.html").write_text(text, "utf-8")
        page.goto(f"http://127.0.0.1:{server.server_port}/index.html")
        page.wait_for_function("() => Boolean(window.end)")
        return page

    yield show
    page.close()
    server.shutdown()
    server.server_close()
    assert errors == []


class Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {".js": "text/javascript", ".html": "text/html; charset=utf-8"}

    def log_message(self, *args):
        pass


def put(page, **traits):
    page.evaluate("traits => { for (const [k, v] of Object.entries(traits)) model.set(k, v); }", traits)


def got(page, name):
    return page.evaluate("name => model.get(name)", name)


def classes(page, selector):
    return (page.locator(f"#one {selector}").get_attribute("class") or "").split()


def attributes(page, selector, *names):
    part = page.locator(f"#one {selector}")
    return [part.get_attribute(name) for name in names]


def shown(page, view="one"):
    """The entries of theta whose numbers are to be seen."""
    return page.evaluate(
        "view => [...document.querySelectorAll(`#${view} [data-k]`)]"
        ".filter((g) => getComputedStyle(g.querySelector('.nn-chip')).display !== 'none')"
        ".map((g) => +g.dataset.k).sort((a, b) => a - b)",
        view,
    )


@pytest.mark.browser
def test_what_python_sets_shows_in_both_views(page):
    page = page(2, 3, 1)
    put(page, marks=["", "dead", "", "saturated"], notes=[f"{k / 1000:.4f}" for k in range(13)], neuron=0)
    assert attributes(page, "[data-neuron='1']", "aria-label", "aria-pressed") == [
        "h2, dead, zoom in",
        "false",
    ]
    assert attributes(page, "[data-neuron='0']", "aria-label", "aria-pressed") == ["h1, zoom in", "true"]
    assert "nn-marked" in classes(page, "[data-neuron='1']")
    assert "nn-zoomed" in classes(page, "[data-neuron='0']")
    for view in ("#one", "#two"):
        assert page.locator(f"{view} text.nn-name", has_text="h2 · dead").count() == 1
        assert page.locator(f"{view} [data-k='6'] .nn-number").text_content() == "0.0060"
        assert page.locator(f"{view} [data-k='7']").get_attribute("aria-valuetext") == (
            "−0.20, slope of the loss 0.0070"
        )
    put(page, marks=[], notes=[], lit=[0, 6], neuron=-1)
    assert page.locator("#one [data-k='6'] .nn-number").text_content() == "b −0.10"
    assert attributes(page, "[data-k='7']", "aria-valuetext", "aria-valuenow", "aria-valuemin") == [
        "−0.20",
        "-0.20",
        "-5",
    ]
    assert "nn-marked" not in classes(page, "[data-neuron='1']")
    assert ["nn-lit" in classes(page, f"[data-k='{k}']") for k in (0, 1, 6)] == [True, False, True]
    assert ["nn-faded" in classes(page, f"[data-k='{k}']") for k in (0, 1, 6)] == [False, True, False]
    assert page.locator("#two .nn-halo.nn-lit").count() == 1  # the bias has no line
    put(page, lit=[])
    assert page.locator("#one .nn-lit, #one .nn-faded").count() == 0
    assert page.evaluate("end()") == 0  # no handler is left


@pytest.mark.browser
def test_a_neuron_by_click_and_by_key(page):
    page = page(2, 3, 1)
    page.locator("#one [data-neuron='1']").click()
    assert (got(page, "neuron"), page.evaluate("saved")) == (1, 1)
    page.locator("#two [data-neuron='1']").click()
    assert got(page, "neuron") == -1
    for key in ("Enter", " "):
        page.locator("#one [data-neuron='2']").press(key)
        assert got(page, "neuron") == 2
        page.locator("#one [data-neuron='2']").press(key)
        assert got(page, "neuron") == -1
    assert got(page, "selected") == -1
    assert page.evaluate("scrollY") == 0
    put(page, zooms=False)
    assert attributes(page, "[data-neuron='2']", "role", "aria-label", "aria-pressed") == ["img", "h3", None]
    page.locator("#one [data-neuron='2']").press("Enter")
    page.locator("#one [data-neuron='1']").click()
    assert got(page, "neuron") == -1


@pytest.mark.browser
def test_tab_stops_at_one_neuron_of_a_large_network_and_at_what_leads_into_it(page):
    page = page(4, 10, 10, 1)
    stops = """() => [...document.querySelectorAll('#one [tabindex="0"]')]
        .map((g) => g.dataset.neuron ?? g.dataset.end)"""
    page.locator("#one [data-neuron='3']").focus()
    assert page.evaluate(stops) == ["3"] * 6  # the neuron, its four weights, its bias
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.k") == "3"
    page.locator("#one [data-neuron='3']").focus()
    for key, neuron in (("ArrowDown", "4"), ("ArrowRight", "14"), ("ArrowUp", "13"), ("ArrowLeft", "3")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.dataset.neuron") == neuron
    assert len(page.evaluate(stops)) == 6


@pytest.mark.browser
def test_a_key_on_a_line_moves_it_and_a_fixed_one_cannot_be_moved(page):
    page = page(2, 3, 1)
    page.locator("#one [data-k='2']").press("ArrowUp")
    assert (got(page, "moves"), got(page, "selected")) == ({"2": [1, 0.4]}, 2)
    assert page.locator("#one [data-k='2'] .nn-number").text_content() == "0.40"
    page.locator("#one [data-k='3']").press("Shift+PageUp")
    assert got(page, "moves")["3"][1] == round(round(got(page, "theta")[3], 2) + 0.01, 2)
    put(page, moves={"2": [1, 0.4]})
    put(page, fixed=[2, 8], selected=-1)
    label = "W1[x1, h3], weight from x1 to h3: 0.40, fixed"
    assert attributes(page, "[data-k='2']", "role", "tabindex", "aria-valuenow", "aria-label") == [
        "img",
        None,
        None,
        label,
    ]
    page.locator("#one [data-k='2'] .nn-chip").click()
    page.locator("#one [data-k='2']").dispatch_event("keydown", {"key": "ArrowUp"})
    assert (got(page, "moves"), got(page, "selected")) == ({"2": [1, 0.4]}, -1)
    put(page, fixed=[])
    assert attributes(page, "[data-k='2']", "role", "tabindex", "aria-valuenow", "aria-valuemax") == [
        "slider",
        "0",
        "0.40",
        "5",
    ]
    page.locator("#one [data-k='2'] .nn-chip").click()
    assert got(page, "selected") == 2


@pytest.mark.browser
def test_the_numbers_into_the_neuron_in_hand_show(page):
    page = page(2, 10, 1)
    layout = Layout(made(2, 10, 1))
    hand = [k for k, wire in enumerate(layout.wires) if wire.end.name == "h3"]
    always = [k for k, wire in enumerate(layout.wires) if wire.shown]
    assert shown(page) == always
    put(page, selected=hand[0])
    assert shown(page) == shown(page, "two") == sorted({*always, *hand})
    assert page.locator("#one text.nn-name.nn-held").text_content() == "h3"
    page.locator("#two [data-neuron='10']").hover()
    assert len(shown(page, "two")) == 11
    assert shown(page) == sorted({*always, *hand})
    page.locator(f"#one [data-k='{hand[-1]}'] .nn-stub").click()
    assert got(page, "selected") == hand[-1]
    put(page, lit=[0, 5])
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(1100, 780)
    assert shown(page) == sorted({*always, 0, 5})
    assert attributes(page, "[data-neuron='2'] title", "data-name") == ["h3"]
    assert page.locator("#one [data-neuron='2'] title").text_content() == "h3, t8, t9"


@pytest.mark.browser
def test_another_svg_is_built_and_works(page):
    page = page(2, 3, 1)
    page.locator("#one [data-k='12']").press("ArrowUp")
    assert list(got(page, "moves")) == ["12"]
    new = state_of(2, 5, 1)
    put(page, svg=new["svg"])  # the rest may come later
    put(page, seen=1000, theta=new["theta"], texts=new["texts"], selected=-1)
    for view in ("#one", "#two"):
        assert page.locator(f"{view} [data-k]").count() == 21
        assert page.locator(f"{view} [data-k='12'] .nn-number").text_content() == "b −0.70"
    page.locator("#one [data-k='20']").press("ArrowDown")
    assert got(page, "moves") == {"20": [1001, -1.6]}
    page.locator("#two [data-neuron='4']").press("Enter")
    assert got(page, "neuron") == 4
    assert page.evaluate("end()") == 0
