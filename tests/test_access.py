"""Every lesson for those who see little or no colour, who zoom in, or who have no mouse.

In a real browser each lesson is run once, and everything is tried on the page it makes. What is the course's
own there are rendered texts and outputs: JupyterLab's frame and its editors have faults of their own. This
takes minutes, so it waits to be asked for: NNLIB_LONG=1 python3 -m pytest tests/test_access.py
"""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from browser import Course, Page, idle, run_all
from explorers import stopping, students
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from support import takes_long

from nnlib import Dense, Network, datasets
from nnlib.explore import (
    ArrowExplorer,
    HingeExplorer,
    HouseExplorer,
    LineExplorer,
    NetworkExplorer,
    NeuronExplorer,
    ReviewExplorer,
    ThresholdExplorer,
)
from nnlib.explore.base import everything_in
from nnlib.explore.parts.figure import LivePicture
from nnlib.style import ORANGE

axe_core = pytest.importorskip("axe_playwright_python.base")

LESSONS = sorted(path.stem for path in (Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
OWN = ".jp-RenderedHTMLCommon, .jp-OutputArea-output"


@pytest.mark.browser
@takes_long
@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson(course: Course, page: Page, lesson: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    course.open(page, f"/lab/tree/notebooks/{lesson}.ipynb")
    run_all(page)
    # JupyterLab leaves far cells out of the page's layout; they are measured too.
    page.add_style_tag(content=".jp-Cell { content-visibility: visible !important; }")
    page.evaluate(axe_core.AXE_SCRIPT)
    found = violations(page)
    found += lost_at_200_percent(page)
    found += signs_by_colour_alone(page)
    found += missed_by_tab(page)
    found += dead_keys(page, SLIDER, ["End", "Home"])
    found += dead_keys(page, NEURON, ["Enter"])
    page.evaluate("jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' })")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    page.wait_for_timeout(300)  # buttons fade into their new colours
    found += violations(page, "color-contrast") + without_ground(page)
    host = course.server.address().partition("//")[2]
    found += [url for url in asked if not url.startswith(("data:", "blob:")) and url.split("/")[2] != host]
    assert found + page.errors == []


# Thicker or larger than another line by so much, or lighter by so much (WCAG 2, technique G183), can be told.
THICKER, LIGHTER = 1.4, 3.0


def test_no_line_of_a_picture_is_told_from_another_by_colour_alone(strict: None) -> None:
    pictures = {type(picture): picture for picture in made_pictures()}
    assert len(pictures) > 15
    alike = {
        f"{kind.__name__}: {colour(one)} and {colour(two)}"
        for kind, picture in pictures.items()
        for axes in picture.figure.axes
        for one, two in combinations([line for line in axes.lines if is_own(line, axes.lines)], 2)
        if colour(one) != colour(two) and not can_be_told(one, two)
    }
    assert alike == set()


def made_pictures() -> list[LivePicture]:
    """The pictures of the lessons' explorers, of every kind."""
    houses, net = datasets.houses().X, datasets.house_network()
    bent = HingeExplorer()
    bent.set(bend2=1, bend3=-1)
    made = [
        students(open="slopes"),
        NetworkExplorer(Network([Dense(1, 3), Dense(3, 1)]), [[1], [2], [3]], [[1], [2], [3]]),
        NetworkExplorer(Network([Dense(3, 1)]), np.eye(3), np.ones((3, 1))),
        ArrowExplorer(),
        ReviewExplorer(["slow", "great"], ["bad", "good"], ["slow", "great"]),
        LineExplorer([1, 2, 3], [2, 3, 5], show=["line", "slice", "bowl", "loss", "film"]),
        bent,
        NeuronExplorer([1, 2, 3]),
        ThresholdExplorer([1, 2, 3, 4], [0, 1, 0, 1]),
        HouseExplorer(net, houses),
        HouseExplorer(net, houses, show=["sweep", "contributions"]),
        stopping(),
    ]
    return [part for explorer in made for part in everything_in(explorer) if isinstance(part, LivePicture)]


def colour(line: Line2D) -> tuple[float, float, float]:
    return to_rgb(line.get_markeredgecolor() if line.get_markerfacecolor() == "none" else line.get_color())


def is_own(line: Line2D, lines: list[Line2D]) -> bool:
    """Not the orange mark of what is chosen, which its place tells, nor a dot on a line of its colour."""
    rides = line.get_marker() == "o" and line.get_markeredgecolor() == "white"
    return colour(line) != to_rgb(ORANGE) and not (
        rides and any(colour(one) == colour(line) for one in lines)
    )


def can_be_told(one: Line2D, two: Line2D) -> bool:
    """Whether two lines differ in more than their hue."""

    def look(line: Line2D) -> tuple[object, ...]:
        return line.get_linestyle(), line.get_marker(), line.get_markerfacecolor() in ("none", "white")

    def size(line: Line2D) -> float:
        return line.get_linewidth() if line.get_marker() == "None" else line.get_markersize()

    def light(line: Line2D) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour(line)]
        return float(np.dot([0.2126, 0.7152, 0.0722], linear)) + 0.05

    sizes, lights = sorted([size(one), size(two)]), sorted([light(one), light(two)])
    return look(one) != look(two) or sizes[1] >= THICKER * sizes[0] or lights[1] >= LIGHTER * lights[0]


def violations(page: Page, rule: str = "") -> list[str]:
    """What axe-core has against the course's own elements, by that rule or by all of its rules."""
    options = {"resultTypes": ["violations"], **({"runOnly": [rule]} if rule else {})}
    found = page.evaluate("([own, options]) => axe.run({ include: [[own]] }, options)", [OWN, options])
    assert len(found["passes"]) > (0 if rule else 20)
    return [f"{v['id']}: {node['html'][:200]}" for v in found["violations"] for node in v["nodes"]]


# What lies to the right of its output or text and cannot be scrolled to; and the controls that are covered.
LOST = """(own) => {
    const scrolls = (part, end) => part !== end &&
        (/auto|scroll/.test(getComputedStyle(part).overflowX) || scrolls(part.parentElement, end));
    const lost = [];
    for (const output of document.querySelectorAll(own)) {
        const edge = output.getBoundingClientRect().right + 1;
        for (const part of output.querySelectorAll("*")) {
            if (!part.checkVisibility() || part.getBoundingClientRect().right <= edge) continue;
            if (!scrolls(part.parentElement, output)) lost.push(`spills: ${part.outerHTML.slice(0, 150)}`);
        }
    }
    const controls = ".nn-explorer :is(button, input, select, .noUi-handle)";
    for (const control of document.querySelectorAll(controls)) {
        if (!control.checkVisibility({ visibilityProperty: true })) continue;
        control.scrollIntoView({ block: "center", inline: "center" });
        const { left, top, width, height } = control.getBoundingClientRect();
        const there = document.elementFromPoint(left + width / 2, top + height / 2);
        if (!control.contains(there) && !there?.contains(control)) {
            lost.push(`covered: ${control.outerHTML.slice(0, 150)} by ${there?.outerHTML.slice(0, 100)}`);
        }
    }
    return lost;
}"""


def lost_at_200_percent(page: Page) -> list[str]:
    """What cannot be seen or reached on 640 × 360 pixels: a screen of 1280 × 720 at a zoom of 200%."""
    page.set_viewport_size({"width": 640, "height": 360})
    page.evaluate("jupyterapp.shell.collapseLeft()")  # the list of files, which Ctrl+B closes
    page.wait_for_timeout(300)
    lost = page.evaluate(LOST, OWN)
    page.set_viewport_size({"width": 1280, "height": 720})
    return lost


def signs_by_colour_alone(page: Page) -> list[str]:
    """The lines of the diagrams whose sign is not told by dashes and by the number's minus too."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".nn-diagram [data-k]")].filter((wire) => {
            const value = Number(wire.getAttribute("aria-valuenow"));
            const line = wire.closest("svg").querySelector(`[data-line="${wire.dataset.k}"]`);
            const minus = wire.querySelector(".nn-number").textContent.includes("−");
            if (!value || wire.getAttribute("role") !== "slider") return false;
            if (line && (line.getAttribute("stroke-dasharray") !== "none") !== value < 0) return true;
            return minus !== value < 0 && !wire.classList.contains("nn-noted");
        }).map((wire) => wire.outerHTML.slice(0, 200))"""
    )


def without_ground(page: Page) -> list[str]:
    """The pictures with dark texts that stand on the page's own ground, which is dark too."""
    return page.evaluate(
        """(own) => [...document.querySelectorAll(own)]
            .flatMap((o) => [...o.querySelectorAll("img, .nn-diagram")])
            .filter((picture) => {
                if (getComputedStyle(picture).backgroundColor === "rgb(255, 255, 255)") return false;
                if (picture.tagName !== "IMG") return true;
                const pen = document.createElement("canvas").getContext("2d");
                pen.drawImage(picture, 0, 0);
                return pen.getImageData(0, 0, 1, 1).data[3] < 255;
            })
            .map((picture) => `no ground: ${picture.outerHTML.slice(0, 150)}`)""",
        OWN,
    )


# What the keyboard can be on; and what answers keys by itself, as buttons, fields and menus need not.
CONTROLS = "button, input, select, textarea, a[href], [tabindex='0']"
SLIDER, NEURON = ":is([data-k][role=slider], .noUi-handle)", "[data-neuron][aria-pressed=false]"

# Tab starts on an explorer's first control; `stops` are the controls that it has led to.
START = """([explorer, controls]) => {
    const stands = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.disabled && e.tabIndex >= 0;
    window.standing = () => [...explorer.querySelectorAll(controls)].filter(stands);
    window.stops = new Set();
    standing()[0]?.focus();
}"""
NEXT = """(explorer) => {
    const at = document.activeElement;
    return explorer.contains(at) && !stops.has(at) && Boolean(stops.add(at));
}"""
# Of a group of radio buttons Tab leads to one, and in a compact diagram to one neuron's lines.
# The slider of the chosen line is another one for each line that Tab passes.
MISSED = """(explorer) => standing()
    .filter((e) => !stops.has(e) && !e.closest(".nn-compact, .nn-chosen"))
    .filter((e) => !(e.type === "radio" && [...stops].some((stop) => stop.name === e.name)))
    .map((e) => `Tab does not lead to ${e.outerHTML.slice(0, 150)}`)
    .concat(explorer.contains(document.activeElement) ? ["Tab is held in " + explorer.innerText] : [])"""


# Explorers of which each has another set of controls.
DIFFERENT = """(controls) => {
    const sets = new Map();
    for (const explorer of document.querySelectorAll(".nn-explorer")) {
        const kind = (e) => e.tagName + e.className + (e.tagName === "BUTTON" ? e.textContent : "");
        const kinds = new Set([...explorer.querySelectorAll(controls)].map(kind));
        const key = [...kinds].sort().join();
        if (!sets.has(key)) sets.set(key, explorer);
    }
    return [...sets.values()];
}"""


def missed_by_tab(page: Page) -> list[str]:
    """The controls of an explorer that Tab does not lead to, from its first one on, or does not leave.

    Of several explorers with the same kinds of controls it is the first one's. Where quick keys lose their
    way (the kernel still changes what is shown), they come once more, as slowly as a hand's.
    """
    found = []
    for explorer in page.evaluate_handle(DIFFERENT, CONTROLS).get_properties().values():
        for slowly in (False, True):
            page.evaluate(START, [explorer, CONTROLS])
            while page.evaluate(NEXT, explorer):
                if slowly:
                    page.wait_for_timeout(300)
                    idle(page)
                page.keyboard.press("Tab")
            if not (missed := page.evaluate(MISSED, explorer)):
                break
        found += missed
    return found


# What each explorer tells in words, sums and alternative texts; and its pictures with theirs.
TOLD = """(explorers) => explorers.map((explorer) => {
    const pictures = [...explorer.querySelectorAll(".nn-picture")].map(({ src, alt }) => [src, alt]);
    const words = [...explorer.querySelectorAll(".nn-words, .nn-arithmetic")].map((e) => e.innerText);
    return [[...words, ...pictures.map(([, alt]) => alt)].join(" "), pictures];
})"""


def dead_keys(page: Page, control: str, keys: list[str]) -> list[str]:
    """The explorers in which the last key on the first such control changes no words, or pictures alone."""
    explorers = page.query_selector_all(f".nn-explorer:has({control})")
    controls = [explorer.query_selector(control) for explorer in explorers]
    for key in keys:
        before = page.evaluate(TOLD, explorers)
        for one in controls:
            one.focus()
            page.keyboard.press(key)
        page.wait_for_timeout(500)
        idle(page)
    found = []
    for (old, were), (new, are) in zip(before, page.evaluate(TOLD, explorers), strict=True):
        if old == new:
            found.append(f"{key} on {control} changes no words: {new[:150]}")
        pictures = zip(were, are, strict=False)
        found += [f"only the picture changes: {b[1]}" for a, b in pictures if a[0] != b[0] and a[1] == b[1]]
    return found
