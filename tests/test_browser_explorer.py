"""The explorers in a real browser: their names, keys, sizes and views, and what can go wrong meanwhile.

One server, one kernel and one page serve all of these tests; each has an explorer of its own.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import version
from itertools import zip_longest
from pathlib import Path

import nbformat
import pytest
from browser import (
    Course,
    Locator,
    Page,
    browsing,
    epoch,
    expect,
    new_page,
    number,
    press_on,
    run_all,
    says,
    selected,
    served,
)
from support import takes_long

axe_core = pytest.importorskip("axe_playwright_python.base")
pytestmark = pytest.mark.browser

# Each name is a cell, and the explorer that the cell shows.
CELLS = {
    "setup": (
        "import sys\nsys.path.append('../tests')\n"
        "from explorers import ODD, made, stopping, students\nfrom nnlib import datasets\n"
        "from nnlib.explore import *"
    ),
    "plain": "plain = students(); plain",
    "named": "named = students(states={'saturated': {'b1[h1]': -8.0}, 'three': {'b1[h1]': 3.0}}); named",
    "asking": "asking = students(question='What does b1[h1] do?'); asking",
    "compact": "compact = students(net=made(2, 10, 10, 1, seed=1), optimizer='adam'); compact",
    "keys": (
        "keys = students(epochs=300, stops={30: 'Which one has moved furthest?'}, "
        "states={'four': {'hidden': 4}, 'up': {'b1[h1]': 3.0}}); keys"
    ),
    "film": "film = students(open='sliders'); film",
    "long": "long = students(epochs=2_000_000); long",
    "one": "one = students(); one",
    "two": "one",
    "guess": "guess = Choice(f'Which way {ODD}?', [f'up {ODD}', 'down', 'it stays', 'it depends']); guess",
    "guess-too": "guess",
    "arrows": "arrows = ArrowExplorer(); arrows",
    "reviews": "reviews = ReviewExplorer(['slow', 'great'], ['bad', 'good'], ['slow', 'great']); reviews",
    "product": "product = ProductExplorer([[1, 2], [3, 4], [5, 6]], [1, -1]); product",
    "line": "line = LineExplorer([1, 2, 3], [2, 3, 5], show=['line', 'slice', 'bowl', 'loss', 'film']); line",
    "hinges": "hinges = HingeExplorer(); hinges",
    "neuron": "neuron = NeuronExplorer([1, 2, 3]); neuron",
    "threshold": "threshold = ThresholdExplorer([1, 2, 3, 4], [0, 1, 0, 1]); threshold",
    "house": "house = HouseExplorer(datasets.house_network(), datasets.houses().X); house",
    "early": "early = stopping(); early.set(epoch=100); early",
    "quiz": "quiz = Choice('2 + 2?', {'3': 'One more.', '4': 'Counted.'}, right='4'); quiz",
    "tally": "tally = Tally(quiz); tally",
    "tally-too": "tally",
    "timer": "timer = Timer(5); timer",
    "timer-too": "timer",
}
TIME_IS_UP = {"minutes": 5, "left": 0, "ends": 0}
LESSONS = ["arrows", "reviews", "product", "line", "hinges", "neuron", "threshold", "house", "early"]


class Probe:
    """A notebook with explorers, run in one of Jupyter's front ends."""

    def __init__(
        self, course: Course, page: Page, path: str, cells: dict[str, str], forgiven: str = ""
    ) -> None:
        self.course, self.page, self.cells = course, page, list(cells)
        self.frames: list[bytes] = []
        page.on("websocket", lambda socket: socket.on("framereceived", self._received))
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(code, id=name) for name, code in cells.items()],
            metadata={
                "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                "language_info": {"name": "python"},
            },
        )
        nbformat.write(notebook, course.root / "notebooks" / Path(path).name)
        course.open(page, path)
        page.errors.clear()  # Notebook 7.6 has one of its own while it starts
        run_all(page)
        expect(page.locator(".nn-words")).to_have_count(len(cells) - 1)
        assert page.errors == []

    def _received(self, frame: bytes | str) -> None:
        if isinstance(frame, bytes):
            self.frames.append(frame)

    @cached_property
    def kernel(self) -> str:
        return self.page.evaluate("jupyterapp.shell.currentWidget.sessionContext.session.kernel.id")

    def __getitem__(self, name: str) -> Locator:
        """The explorer that a cell shows."""
        return self.cell(name).locator(".nn-explorer")

    def cell(self, name: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.cells.index(name))

    def python(self, code: str) -> str:
        """Run code in the kernel, behind the learner's back, and return what it printed."""
        said, error = self.page.evaluate(
            """async (code) => {
                const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const future = kernel.requestExecute({ code, store_history: false });
                let said = "", error = "";
                future.onIOPub = ({ header, content }) => {
                    if (header.msg_type === "stream") said += content.text;
                    if (header.msg_type === "error") error = content.evalue;
                };
                await future.done;
                return [said, error];
            }""",
            code,
        )
        assert not error, error
        return said.strip()

    def look_at(self, name: str) -> Locator:
        """Bring the explorer into view."""
        self.cell(name).evaluate("(cell) => cell.scrollIntoView()")
        return self[name]

    def enter(self, name: str) -> None:
        """Stand on the cell, as the arrow keys do in command mode."""
        self.page.evaluate(
            """(n) => {
                const notebook = jupyterapp.shell.currentWidget.content;
                notebook.mode = "command";
                notebook.activeCellIndex = n;
                notebook.activeCell.node.focus();
            }""",
            self.cells.index(name),
        )
        self.page.wait_for_timeout(100)  # a late re-focus of the notebook would swallow a key

    def interrupt(self) -> None:
        """What the button ■ in the toolbar does."""
        status = self.page.evaluate(
            """async (path) => {
                const headers = { Authorization: "token abc" };
                return (await fetch(path, { method: "POST", headers })).status;
            }""",
            f"/api/kernels/{self.kernel}/interrupt",
        )
        assert status == 204


@pytest.fixture(scope="module")
def course(shared_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    with served(shared_archive, tmp_path_factory.mktemp("home")) as course:
        yield course


@pytest.fixture(scope="module")
def probes(course: Course, chromium: str) -> Iterator[dict[str, Probe]]:
    """The probe of each front end that was asked for, once it was."""
    with browsing(chromium) as browser:
        probes = {}
        course.page = lambda: new_page(browser)
        yield probes
        for probe in probes.values():
            assert probe.page.errors == []


def opened(front: str, course: Course, probes: dict[str, Probe]) -> Probe:
    if front not in probes:
        if front == "notebook":
            pytest.importorskip("notebook")
            cells = {name: CELLS[name] for name in ("setup", "keys")}
            probes[front] = Probe(course, course.page(), "/notebooks/notebooks/probe7.ipynb", cells)
        else:
            probes[front] = Probe(course, course.page(), "/lab/tree/notebooks/probe.ipynb", CELLS)
    return probes[front]


@pytest.fixture
def lab(course: Course, probes: dict[str, Probe]) -> Probe:
    return opened("lab", course, probes)


@pytest.fixture(params=[pytest.param("lab", marks=takes_long), "notebook"])
def front(request: pytest.FixtureRequest, course: Course, probes: dict[str, Probe]) -> Probe:
    """JupyterLab, and Notebook 7 where it is installed."""
    return opened(request.param, course, probes)


# What hands do


def test_a_slider_a_line_and_many_keys_at_once(lab: Probe) -> None:
    film = lab.look_at("film")
    says(film, "First weights.")  # showing the sliders has moved nothing

    # A slider by keyboard: the number on the line, the words and the picture follow.
    slider = film.locator(".noUi-handle").first
    expect(slider).to_have_attribute("aria-label", "W1[sleep, h1]")
    start = number(film, 0)
    press_on(lab.page, film, slider, "ArrowRight")
    assert number(film, 0) == pytest.approx(round(start, 1) + 0.1, abs=0.005)
    says(film, f"W1[sleep, h1] = {number(film, 0):.2f}")
    assert slider.get_attribute("aria-valuetext") == f"{number(film, 0):.2f}"

    # A click on a line selects it; arrow keys then move it, and the slider follows.
    line = film.locator("[data-k='10']")
    line.locator(".nn-hit").click(force=True)
    selected(film, 10)
    start = number(film, 10)
    press_on(lab.page, film, line, "ArrowUp")
    assert number(film, 10) == pytest.approx(round(start, 1) + 0.1, abs=0.005)
    assert film.locator(".widget-readout").first.inner_text() == f"{number(film, 10):.2f}"
    says(film, "Set by hand.")

    # Many keys at once, on a slider and on two lines: every one of them arrives, where it belongs.
    keys = [
        (film.locator(".noUi-handle").first, 5),  # the slider of the selected line, the tenth
        (film.locator("[data-k='3']"), 4),
        (film.locator("[data-k='7']"), 3),
    ]
    start = {k: round(number(film, k), 1) for k in (10, 3, 7)}
    lab.page.evaluate(
        """(keys) => { for (const [control, times] of keys) {
            control.focus();
            for (let n = 0; n < times; n++) control.dispatchEvent(new KeyboardEvent("keydown", {
                key: "ArrowRight", code: "ArrowRight", bubbles: true, cancelable: true }));
        } }""",
        [[control.element_handle(), times] for control, times in keys],
    )
    wanted = pytest.approx({10: 0.5, 3: 0.4, 7: 0.3}, abs=0.005)
    for _ in range(10):  # the slider's last move may come after those of the lines
        lab.page.wait_for_timeout(500)
        moved = {k: number(film, k) - start[k] for k in start}
        if moved == wanted:
            break
    assert moved == wanted
    lab.python("film.restart()")


def test_hands_on_a_network_while_its_film_plays(lab: Probe) -> None:
    lab.python("film.set(open='')")
    film = lab.look_at("film")
    film.get_by_role("button", name="Train").click()
    says(film, re.compile(r"Epoch [1-9]\d* of 3000"))
    before = epoch(film)
    for k in range(13):  # a click on each line and bias arrives
        film.locator(f"[data-k='{k}'] .nn-chip").click()
        selected(film, k)
    assert 0 < before < epoch(film) < 3000

    # A hand on a weight stops the film, and its move stays.
    film.locator("[data-k='6']").press("ArrowRight")
    says(film, "Set by hand.")
    moved = number(film, 6)
    lab.page.wait_for_timeout(500)
    assert number(film, 6) == moved
    says(film, "Set by hand.")

    # The film can be scrubbed by keyboard.
    scrub = film.locator("[aria-label='epoch']")
    press_on(lab.page, film, scrub, "End")
    says(film, "Epoch 3000 of 3000.")
    press_on(lab.page, film, scrub, "ArrowLeft")
    says(film, "Epoch 2990 of 3000.")
    lab.python("film.restart()")


# Names for everything


# What axe-core looks at: one state of each explorer, then the next; each with what shows that it is there.
AXE = {
    "plain": [
        ("plain.set(open='', neuron=-1)", ".nn-diagram"),
        ("plain.set(open='sliders')", ".nn-drawer .noUi-handle"),
        ("plain.set(open='arithmetic', step=3)", ".nn-arithmetic .nn-matrices"),
        ("plain.set(open='slopes')", ".nn-drawer .nn-picture"),
        ("plain.set(open='settings')", ".nn-drawer select"),
        ("plain.set(neuron='h2')", ".nn-large"),
        ("plain.train()", ".widget-play"),
    ],
    "named": [("named.recall('saturated')", ".nn-marked")],
    "asking": [("", ".nn-question input")],
    "compact": [
        ("compact.set(open='')", ".nn-compact"),
        ("compact.set(open='sliders')", ".nn-drawer .noUi-handle"),
    ],
    "guess": [
        ("guess.reset(); guess.button.click()", ".nn-message:visible"),
        ("guess.set(answer='b'); guess.happened('up')", ".nn-answers input:checked"),
    ],
    "quiz": [("quiz.set(answer='a')", ".nn-answers input:checked")],
    "line": [("line.train()", ".widget-play")],
    "house": [
        ("house.set(view='sweep', neuron='h1', off=['h4'])", ".nn-marked"),
        ("house.keep(); house.set(view='contributions', age=150)", ".nn-message:visible"),
    ],
    "reviews": [("", ".nn-words")],
    "product": [("", ".nn-words")],
    "tally": [
        ("tally.reset()", ".nn-votes"),
        ("tally.set(counts=[7, 20], before=[20, 5], told=True)", ".nn-before .nn-bar:visible"),
    ],
    "timer": [
        ("timer.reset()", ".nn-digits"),
        (f"timer.clock.clock = {TIME_IS_UP}", ".nn-up"),
    ],
    **{name: [("", ".nn-picture")] for name in ("arrows", "hinges", "neuron", "threshold", "early")},
}


@takes_long
@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing(lab: Probe, theme: str) -> None:
    """By the rules of WCAG 2, levels A and AA; dark, of contrast."""
    lab.page.evaluate("(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    lab.page.wait_for_function(
        "(light) => document.body.dataset.jpThemeLight === light", arg=str("Light" in theme).lower()
    )
    lab.page.evaluate(axe_core.AXE_SCRIPT)
    # JupyterLab leaves far cells out of the page's layout.
    style = lab.page.add_style_tag(content=".jp-Cell { content-visibility: visible !important; }")
    lab.page.wait_for_timeout(300)  # buttons fade into their new colours
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
    if "Dark" in theme:
        rules = {"type": "rule", "values": ["color-contrast"]}
    for states in zip_longest(*([(name, *state) for state in states] for name, states in AXE.items())):
        looked_at = [state for state in states if state]
        for name, code, shown in looked_at:
            lab.python(code)
            lab[name].locator(shown).first.wait_for()
        found = lab.page.evaluate(
            """([include, runOnly]) => axe.run({ include }, { runOnly, resultTypes: ["violations"] })""",
            [[lab[name].element_handle() for name, *_ in looked_at], rules],
        )
        assert len(found["passes"]) > (0 if "Dark" in theme else 10)
        assert [f"{v['id']}: {node['html'][:200]}" for v in found["violations"] for node in v["nodes"]] == []
    style.evaluate("(style) => style.remove()")


def test_toggles_say_that_they_are_pressed_and_nothing_has_a_tooltip_of_null(lab: Probe) -> None:
    plain = lab.look_at("plain")
    lab.python("plain.set(open='settings')")
    settings = plain.get_by_role("button", name="Settings")
    expect(settings).to_have_attribute("aria-pressed", "true")
    settings.click()
    expect(settings).to_have_attribute("aria-pressed", "false")
    assert plain.locator("[title='null']").count() == 0


# Keys

# The look of the focused element differs from its look without the focus.
FOCUS_SHOWS = """() => {
    const element = document.activeElement;
    const look = () => JSON.stringify([element, ...element.querySelectorAll("*")].map((part) => {
        const { outline, stroke, strokeWidth } = getComputedStyle(part);
        return [outline, stroke, strokeWidth];
    }));
    const focused = look();
    element.blur();
    const blurred = look();
    element.focus();
    return focused !== blurred;
}"""

# Whether the keyboard is on what is looked for, and whether it has moved since this was last asked. A slider
# of a line that was passed may be taken away from under it: a hand then waits for the next one.
WHERE = """async (explorer, css) => {
    const gone = () => window.entered && !window.entered.isConnected;
    const lost = () => gone() && document.activeElement === document.body;
    if (!window.entered) document.addEventListener("focusin", (e) => { window.entered = e.target; }, true);
    for (let n = 0; n < 100 && lost(); n++) await new Promise((later) => setTimeout(later, 20));
    const moved = window.before !== document.activeElement;
    window.before = document.activeElement;
    return [[...explorer.querySelectorAll(css)].includes(document.activeElement), moved];
}"""


class Keys:
    """A learner without a mouse."""

    def __init__(self, probe: Probe, name: str) -> None:
        self.probe, self.page, self.explorer = probe, probe.page, probe[name]
        self.index = probe.cells.index(name)
        probe.enter(name)

    def at(self) -> str:
        """Where the keyboard is: always in the explorer, where it can be seen, and in the same cell."""
        state = self.page.evaluate(
            """() => {
                const at = document.activeElement;
                const name = at.getAttribute("aria-label") || at.textContent.trim() || at.title;
                const { activeCellIndex, activeCell, model } = jupyterapp.shell.currentWidget.content;
                const kept = [activeCellIndex, model.cells.length, activeCell.model.type];
                return [at.closest(".nn-explorer") ? name : `lost to ${at.tagName} ${at.className}`, ...kept];
            }"""
        )
        assert state[1:] == [self.index, len(self.probe.cells), "code"]
        return state[0].strip()

    def tab_to(self, css: str, key: str = "Tab") -> None:
        """Press Tab, or Shift+Tab, until the keyboard is on it; no control holds it back."""
        self.page.evaluate("window.before = null")
        for _ in range(70):
            here, moved = self.explorer.evaluate(WHERE, css)
            assert moved, f"the keyboard is held at {self.at()}"
            if here:
                assert self.page.evaluate(FOCUS_SHOWS), css
                self.at_rest()
                return
            self.page.keyboard.press(key)
            self.page.wait_for_timeout(15)  # a line that is passed is selected, and brings its slider
        raise AssertionError(f"{key} does not lead to {css}; the keyboard is at {self.at()}")

    def at_rest(self) -> None:
        """Wait, as a hand would, until what was selected on the way here is shown."""
        words, before = self.explorer.locator(".nn-words"), None
        self.probe.python("")  # the kernel has answered what was asked before
        for _ in range(5):  # while the film plays, it never rests
            if before == (before := words.text_content()):
                break
            self.page.wait_for_timeout(100)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def stays(self, name: str) -> None:
        """Wait until the keyboard is at the control of this name, and see that it stays there."""
        for _ in range(100):
            if self.at() == name:
                break
            self.page.wait_for_timeout(50)
        self.page.wait_for_timeout(150)
        assert self.at() == name


def test_everything_can_be_done_by_keyboard(front: Probe) -> None:
    keys = Keys(front, "keys")
    explorer = keys.explorer

    # Choose a line, and move it.
    keys.tab_to("[data-k='2']")
    selected(explorer, 2)
    start = number(explorer, 2)
    keys.press("ArrowRight", "ArrowUp", "ArrowUp")
    says(explorer, f"W1[sleep, h3] = {round(start, 1) + 0.3:.2f}.".replace("-", "−"))
    keys.stays("W1[sleep, h3], weight from sleep to h3")

    # Zoom on a neuron, and leave again.
    keys.tab_to("[data-neuron='1']", "Shift+Tab")
    keys.press("Enter")
    expect(explorer.locator(".nn-large")).to_be_visible()
    keys.stays("h2, zoom in")
    keys.press("Enter")
    expect(explorer.locator(".nn-large")).to_have_count(0)
    keys.stays("h2, zoom in")

    # The slider of what is selected; one state has another number of units, and so makes all sliders anew.
    keys.tab_to(".nn-chosen [role='slider']")
    keys.press("ArrowLeft")
    says(explorer, "Set by hand.")
    keys.press("1")
    expect(explorer.locator("[data-neuron]")).to_have_count(5)
    keys.stays("W1[sleep, h1]")

    # A line's focus outlives both a state and the diagram, which is made anew.
    keys.tab_to("[data-k='9']", "Shift+Tab")
    assert keys.at() == "b1[h2], bias of h2"
    keys.press("2")
    says(explorer, "Set by hand.")
    assert explorer.locator("[data-k='8'] .nn-number").text_content() == "b 3.00"
    keys.stays("b1[h2], bias of h2")
    front.python("keys.set(hidden=5)")
    expect(explorer.locator("[data-neuron]")).to_have_count(6)
    keys.stays("b1[h2], bias of h2")

    # A drawer, opened and closed; a setting, which makes the diagram anew.
    keys.tab_to(".widget-toggle-button")
    keys.press("Space")
    expect(explorer.locator(".nn-drawer [role='slider']")).to_have_count(21)
    keys.stays("All 21 sliders")
    keys.press("Space")
    expect(explorer.locator(".nn-drawer [role='slider']")).to_have_count(0)
    keys.tab_to(".widget-toggle-button:nth-of-type(4)")
    keys.press("Enter")
    explorer.locator(".nn-drawer [aria-label='hidden units']").wait_for()
    keys.tab_to(".nn-drawer [role='slider']")
    keys.press("ArrowLeft")
    expect(explorer.locator("[data-neuron]")).to_have_count(5)
    keys.stays("hidden units")

    # Train: the film plays, stops to ask, and goes on once it is answered.
    keys.tab_to(".mod-primary", "Shift+Tab")
    keys.press("Enter")
    says(explorer, "Which one has moved furthest?")
    keys.stays("Train")
    assert epoch(explorer) == 30
    keys.tab_to(".nn-question input")
    keys.page.keyboard.type("W1")
    keys.press("Enter")
    says(explorer, "Your guess: W1.")
    says(explorer, re.compile(r"Epoch (3[1-9]|[4-9]\d|[12]\d\d) of"))
    keys.stays("Settings")

    # Scrub, step, and change the speed.
    keys.tab_to("[aria-label='epoch']", "Shift+Tab")
    keys.press("Home")  # stops the film, of which a frame may still be on its way
    says(explorer, "Epoch 0 of 300.")
    keys.press("ArrowRight", "ArrowRight")
    says(explorer, "Epoch 2 of 300.")
    keys.stays("epoch")
    keys.tab_to("[title='On by one frame']")
    keys.press("Space")
    says(explorer, "Epoch 3 of 300.")
    keys.stays("On by one frame")
    keys.tab_to("select")
    keys.press("ArrowDown")
    expect(explorer.locator("select").first).to_have_value("2 ×")

    # Reset: its button stands elsewhere once the film is gone.
    keys.tab_to("[title='Back to the first weights']")
    keys.press("Enter")
    says(explorer, "First weights.")
    expect(explorer.locator(".widget-play")).to_have_count(0)
    keys.stays("Reset")
    keys.tab_to("[data-k='0']")  # the keyboard leaves the button again


@pytest.mark.parametrize("name", LESSONS)
def test_every_slider_of_the_lessons_explorers_moves_by_keyboard(lab: Probe, name: str) -> None:
    lab.python(f"{name}.reset()")
    if name == "hinges":
        lab.python("hinges.set(bend2=1, bend3=1)")  # a hinge without a bend shows nothing
    explorer = lab.look_at(name)
    sliders = explorer.locator(".noUi-handle:visible")
    assert sliders.count()
    for k in range(sliders.count()):
        slider, words = sliders.nth(k), explorer.locator(".nn-words").text_content()
        label, value = slider.get_attribute("aria-label"), slider.get_attribute("aria-valuetext")
        slider.press("ArrowRight")
        expect(explorer.locator(".nn-words")).not_to_have_text(words)
        assert label
        assert slider.get_attribute("aria-valuetext") != value


def test_a_house_that_is_set_and_set_back_at_once_stays_there(lab: Probe) -> None:
    """The page must not send back, a little rounded, what it was told to show."""
    lab.look_at("house")
    lab.python("house.reset(); first = repr(house)")
    lab.python("house.set(area=2560, bedrooms=4, distance=14.3, age=5); house.reset()")
    lab.page.wait_for_timeout(1000)
    lab.python("assert repr(house) == first, repr(house)")


def test_a_guess_is_made_by_keyboard_is_kept_and_is_the_same_in_both_views(lab: Probe) -> None:
    lab.python("guess.reset()")
    lab.look_at("guess")
    keys = Keys(lab, "guess")
    guess, too = lab["guess"], lab["guess-too"]
    for view in (guess, too):
        answers = view.get_by_role("group", name='Which way <b>&"?')
        expect(answers.get_by_role("radio")).to_have_count(4)
    keys.tab_to("button")
    keys.press("Enter")
    expect(guess.get_by_role("alert")).to_have_text("Choose one of the answers first.")
    keys.tab_to(".nn-answers input", "Shift+Tab")
    keys.press("ArrowDown")
    for view in (guess, too):
        expect(view.get_by_role("radio", checked=True)).to_have_count(1)
        expect(view.get_by_role("alert")).to_have_count(0)
    chosen = lab.python("print(guess.radio.chosen)")
    keys.press("ArrowDown")
    lab.page.wait_for_timeout(300)
    assert int(lab.python("print(guess.radio.chosen)")) == (int(chosen) + 1) % 4
    lab.python("guess.set(chosen=1)")
    keys.tab_to("button")
    keys.press("Space")
    for view in (guess, too):
        says(view, "Your guess: down.")
        expect(view.get_by_role("button")).to_have_count(0)
        expect(view.get_by_role("radio", name="b) down")).to_be_checked()
    lab.page.wait_for_timeout(400)
    keys.at()  # the keyboard is still in the question, whose answers can be read
    keys.tab_to(".nn-answers input", "Shift+Tab")
    keys.press("ArrowDown", "ArrowDown", "Space")
    too.get_by_text('a) up <b>&"', exact=True).click(force=True)
    lab.page.wait_for_timeout(300)
    for view in (guess, too):
        expect(view.get_by_role("radio", name="b) down")).to_be_checked()
        says(view, "Your guess: down.")
    lab.python("guess.happened('up')")
    says(guess, "Your guess: down. It was: up.")


def test_a_quiz_is_answered_again_by_mouse(lab: Probe) -> None:
    quiz = lab.look_at("quiz")
    for answer, said in (("a) 3", "3: Not this one. One more."), ("b) 4", "4: Right. Counted.")):
        quiz.get_by_text(answer, exact=True).click()
        quiz.get_by_role("button", name="This is my answer").click()
        expect(quiz.locator(".nn-words")).to_have_text(said)


# The instructor's tools


def test_votes_are_counted_by_keyboard_and_seen_in_both_views(lab: Probe) -> None:
    lab.python("tally.reset()")
    tally, too = lab.look_at("tally"), lab["tally-too"]
    keys = Keys(lab, "tally")
    boxes = too.get_by_role("spinbutton")
    expect(boxes).to_have_count(2)
    keys.tab_to("[aria-label='votes for a) 3']")
    keys.page.keyboard.type("12")
    keys.press("Enter")
    keys.stays("votes for b) 4")
    keys.page.keyboard.type("9")
    keys.press("ArrowUp", "ArrowUp", "ArrowDown")
    for view in (tally, too):
        says(view, "22 votes.")
        expect(view.locator(".nn-now")).to_have_text(["12 (55%)", "10 (45%)"])
    expect(boxes.nth(0)).to_have_value("12")
    expect(boxes.nth(1)).to_have_value("10")
    wide = [bar.bounding_box()["width"] for bar in tally.locator(".nn-now .nn-bar").all()]
    assert wide[1] == pytest.approx(wide[0] * 10 / 12, abs=1)

    keys.page.keyboard.type(" men")
    expect(tally.get_by_role("alert")).to_contain_text("the count of b) must be a whole number")
    keys.press("Tab")
    expect(tally.get_by_role("spinbutton").nth(1)).to_have_value("10")  # as it is still counted
    keys.tab_to("[title^='Keep these bars']")
    keys.press("Space")
    keys.tab_to("[aria-label='votes for b) 4']", "Shift+Tab")
    keys.page.keyboard.type("20")
    for view in (tally, too):
        says(view, "20 votes, 22 in the vote before: a) 12 → 0, b) 10 → 20.")
        expect(view.locator(".nn-before")).to_have_text(["before: 12 (55%)", "before: 10 (45%)"])
    keys.tab_to("[title='No votes']")
    keys.press("Enter", "Enter")
    says(too, "No votes yet.")
    keys.tab_to("[title^='Take back']", "Shift+Tab")
    keys.press("Enter")
    says(too, "b) 10 → 20.")
    expect(boxes.nth(1)).to_have_value("20")


def test_fast_typing_is_counted_while_the_kernel_is_busy(lab: Probe) -> None:
    lab.python("tally.reset()")
    keys = Keys(lab, "tally")
    keys.tab_to("[aria-label='votes for a) 3']")
    lab.page.evaluate(
        """() => {
            const code = "import time\\nwith tally.lock: time.sleep(1)";
            jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({ code });
        }"""
    )
    keys.page.keyboard.type("123")
    keys.press("Enter")
    keys.page.keyboard.type("45")
    keys.press("ArrowUp")
    says(lab["tally"], "169 votes.")
    boxes = lab["tally"].get_by_role("spinbutton")
    expect(boxes.nth(0)).to_have_value("123")
    expect(boxes.nth(1)).to_have_value("46")
    assert lab.python("print(tally.state['counts'])") == "(123, 46)"


def test_a_timer_runs_in_both_views_by_keyboard_and_ends_in_words(lab: Probe) -> None:
    lab.python("timer.reset()")
    timer, too = lab.look_at("timer"), lab["timer-too"]
    keys = Keys(lab, "timer")

    def shows(text: str | re.Pattern[str]) -> None:
        for view in (timer, too):
            expect(view.get_by_role("timer")).to_have_text(text)

    assert timer.get_by_role("timer").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") >= 64
    shows("5:00")
    keys.tab_to(".nn-hands button")
    keys.press("Space")
    shows(re.compile(r"4:5\d"))
    keys.stays("Pause")
    says(too, "Timer: 5 minutes, running.")
    keys.press("Space")
    says(too, "Timer: 5 minutes, paused.")
    keys.stays("Go on")
    stood = timer.get_by_role("timer").text_content()
    lab.page.wait_for_timeout(1200)
    shows(stood)
    keys.press("Tab", "Enter")
    shows(f"5:{stood[-2:]}")
    keys.press("Tab", "Space")
    shows("5:00")
    assert lab.python("print(timer)") == "Timer: 5 minutes, not started."

    # Every text that a screen reader is told of, from a little more than a minute on.
    ends = "import time; timer.clock.clock = {'minutes': 5, 'left': 60, 'ends': 1000 * (time.time() + %s)}"
    lab.python(ends % 63.5)
    shows(re.compile(r"1:0\d"))
    lab.page.wait_for_timeout(2500)  # "running" has been told
    timer.evaluate(
        """(timer) => {
            window.told = [];
            const tell = ([{ target }]) => { if (target.textContent) window.told.push(target.textContent); };
            for (const live of timer.querySelectorAll("[aria-live]")) {
                new MutationObserver(tell).observe(live, { childList: true });
            }
        }"""
    )
    expect(timer.locator(".nn-timer .nn-spoken")).to_have_text("1 minute left.", timeout=20_000)
    lab.python(ends % 2)
    shows("Time is up")
    says(too, "Timer: 5 minutes, time is up.")
    expect(timer.locator(".nn-up .nn-rest")).to_have_css("background-image", re.compile("repeating-linear"))
    lab.page.wait_for_timeout(1500)
    assert lab.page.evaluate("window.told") == ["1 minute left.", "Timer: 5 minutes, time is up."]
    assert lab.python("print(timer)") == "Timer: 5 minutes, time is up."
    timer.get_by_role("button", name="+1 minute").click()
    shows(re.compile(r"(1:00|0:5\d)"))
    timer.get_by_role("button", name="Reset").click()
    shows("5:00")


# Sizes


def test_a_question_with_four_answers_is_not_high(lab: Probe) -> None:
    for code in ("guess.reset()", "guess.set(answer='b')"):
        lab.python(code)
        assert lab.look_at("guess").evaluate("(choice) => choice.offsetHeight") <= 150


# What lies to the right of the cell's output and cannot be scrolled to, in pixels.
SPILLED = """(explorer) => {
    const output = explorer.closest(".jp-OutputArea-output");
    const edge = output.getBoundingClientRect().right + 1;
    const scrolls = (part) => part !== output &&
        (/auto|scroll/.test(getComputedStyle(part).overflowX) || scrolls(part.parentElement));
    return [...explorer.querySelectorAll("*")]
        .filter((part) => part.checkVisibility() && part.getBoundingClientRect().right > edge)
        .filter((part) => !scrolls(part.parentElement))
        .map((part) => part.outerHTML.slice(0, 100));
}"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (640, 360)])
def test_nothing_spills_out_of_the_output(lab: Probe, width: int, height: int) -> None:
    lab.page.set_viewport_size({"width": width, "height": height})  # 640 × 360: 1280 × 720 at a zoom of 200%
    spilled = {}
    for name, code, shown in [
        ("plain", "plain.train(); plain.set(open='sliders')", ".nn-drawer .noUi-handle"),
        ("plain", "plain.set(open='arithmetic', step=3)", ".nn-arithmetic .nn-matrices"),
        ("plain", "plain.set(open='slopes')", ".nn-drawer .nn-picture"),
        ("plain", "plain.set(open='settings')", ".nn-drawer select"),
        ("plain", "plain.set(neuron='h2')", ".nn-large"),
        ("asking", "", ".nn-question input"),
        ("compact", "compact.set(open='sliders')", ".nn-drawer .noUi-handle"),
        *((name, "", ".nn-words") for name in LESSONS),
        ("tally", "tally.set(counts=[999, 998], before=[999, 1], told=True)", ".nn-words"),
        ("timer", f"timer.clock.clock = {TIME_IS_UP}", ".nn-up"),
        ("timer", "timer.set(minutes=180)", ".nn-digits"),
    ]:
        lab.python(code)
        lab.look_at(name).locator(shown).first.wait_for()
        spilled[f"{name} {code}"] = lab[name].evaluate(SPILLED)
    lab.python("plain.reset(); plain.set(open='', neuron=-1)")
    lab.page.set_viewport_size({"width": 1280, "height": 720})
    assert {name: parts for name, parts in spilled.items() if parts} == {}


def test_it_fits_on_a_slide_with_its_cell(lab: Probe) -> None:
    lab.python("plain.reset(); plain.train(); plain.set(open='', neuron=-1)")
    plain = lab.look_at("plain")
    plain.locator(".widget-play").wait_for()
    expect(plain.locator(".nn-drawer > *")).to_have_count(0)
    heights = lab.cell("plain").evaluate(
        "(cell) => [cell.offsetHeight, cell.closest('.jp-WindowedPanel-outer').clientHeight]"
    )
    lab.python("plain.reset()")
    assert heights[0] <= heights[1]


# The sizes of all texts that are seen, and the texts that are wider than the chip or the circle around them.
TEXTS = """(explorer) => {
    const sizes = [], texts = document.createTreeWalker(explorer, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const part = texts.currentNode.parentElement;
        const seen = part.checkVisibility() && !part.closest(".nn-spoken, title, option");
        if (!seen || !texts.currentNode.data.trim()) continue;
        const cut = part.textContent.endsWith("…");
        const fitted = part.closest(".nn-noted"); // a slope with its power of ten may be small
        sizes.push([cut ? "0px" : fitted ? "12px" : getComputedStyle(part).fontSize, part.textContent]);
    }
    for (const part of explorer.querySelectorAll("input, select")) {
        sizes.push([getComputedStyle(part).fontSize, part.tagName]);
    }
    const wide = [...explorer.querySelectorAll("[data-k]")].filter((wire) => {
        const box = (css) => wire.querySelector(css).getBoundingClientRect();
        const [text, chip] = [box(".nn-number"), box(".nn-chip")];
        return text.width && (text.left < chip.left - 0.5 || text.right > chip.right + 0.5);
    });
    return [sizes, wide.map((wire) => wire.textContent)];
}"""


def test_texts_have_a_readable_size_on_live_slides(lab: Probe) -> None:
    lab.python("plain.train(); plain.set(open='slopes'); named.recall('saturated'); one.set(open='settings')")
    lab.python("film.set(open='arithmetic', step=3)")
    outputs = lab.page.locator(".jp-Notebook .jp-OutputArea-output")
    outputs.evaluate_all(
        "(all) => all.forEach((o) => { o.classList.add('reveal'); o.style.fontSize = '42px'; })"
    )
    found = {}
    for name in ("plain", "named", "asking", "compact", "one", "film", "tally", *LESSONS):
        lab.look_at(name).locator(".nn-words").wait_for()
        sizes, wide = lab[name].evaluate(TEXTS)
        found |= {text: size for size, text in sizes if not 12 <= float(size.removesuffix("px")) <= 30}
        found |= dict.fromkeys(wide, "too wide")
    outputs.evaluate_all(
        "(all) => all.forEach((o) => { o.classList.remove('reveal'); o.style.fontSize = ''; })"
    )
    lab.python("plain.reset(); film.set(open='sliders'); one.set(open='')")
    assert found == {}


# Two views, several runs, interrupts, messages


def test_two_views_of_one_explorer_stay_together(lab: Probe) -> None:
    one, two = lab["one"], lab["two"]
    lab.look_at("two")
    two.locator("[data-k='9']").press("ArrowRight")
    says(two, "Set by hand.")
    says(one, "Set by hand.")
    assert number(one, 9) == number(two, 9)
    one.locator("[data-k='9']").press("ArrowRight")  # goes on from what the other view did
    says(two, f"= {number(one, 9):.2f}.")
    two.get_by_role("button", name="Slopes").click()
    for view in (one, two):
        expect(view.locator(".nn-drawer .nn-picture")).to_have_count(1)
        expect(view.get_by_role("button", name="Slopes")).to_have_attribute("aria-pressed", "true")
    one.get_by_role("button", name="Train").click()
    for view in (one, two):
        says(view, re.compile(r"Epoch [1-9]\d* of 3000"))
    two.locator("[aria-label='epoch']").press("End")
    for view in (one, two):
        says(view, "Epoch 3000 of 3000.")
        expect(view.locator("[aria-label='epoch']")).to_have_attribute("aria-valuetext", "3000")


def test_a_page_too_busy_for_anywidget_hears_the_kernel_all_the_same(
    course: Course, probes: dict[str, Probe]
) -> None:
    """anywidget waits two seconds for a widget's module; here no time at all."""
    page = course.page()
    page.add_init_script(
        """AbortSignal.timeout = () => {
            const over = new AbortController();
            queueMicrotask(() => over.abort());
            return over.signal;
        };"""
    )
    cells = {name: CELLS[name] for name in ("setup", "film")} | {
        "votes": "votes = Tally('2 + 2?', ['3', '4']); votes"
    }
    busy = Probe(
        course, page, "/lab/tree/notebooks/busy.ipynb", cells, "[anywidget] Failed to initialize model."
    )
    picture = busy["film"].locator("img.nn-picture").first
    before = picture.get_attribute("src")
    busy.python("film.set(theta=(1,) * 13)")
    says(busy["film"], "W1[sleep, h1] = 1.00")
    expect(picture).not_to_have_attribute("src", before)
    busy.python("votes.set(counts=(3, 4))")
    expect(busy["votes"].locator(".nn-now")).to_have_text(["3 (43%)", "4 (57%)"])
    page.close()


def test_running_a_cell_again_closes_the_explorer_before(lab: Probe) -> None:
    def counted() -> list[str | int]:
        instances = lab.python("from ipywidgets.widgets import widget; print(len(widget._instances))")
        return [instances, lab.page.locator(".nn-explorer").count()]

    counts = []
    for _ in range(3):
        old = lab.look_at("plain").element_handle()
        lab.enter("plain")
        lab.page.evaluate("jupyterapp.commands.execute('notebook:run-cell')")
        lab.page.wait_for_function("(old) => !old.isConnected", arg=old)
        says(lab["plain"], "First weights.")
        counts.append(counted())
    assert counts == counts[:1] * 3
    assert counts[0][1] == len(lab.cells) - 1
    lab["plain"].locator("[data-k='0']").press("ArrowRight")
    says(lab["plain"], "Set by hand.")


def test_an_interrupt_while_the_film_plays_leaves_a_usable_explorer(lab: Probe) -> None:
    film = lab.look_at("film")
    film.get_by_role("button", name="Train").click()
    says(film, re.compile(r"Epoch [1-9]\d* of 3000"))
    for _ in range(3):
        lab.interrupt()
        lab.page.wait_for_timeout(150)
    film.locator("[aria-label='epoch']").press("End")
    says(film, "Epoch 3000 of 3000.")
    film.locator("[data-k='4']").press("ArrowRight")
    says(film, "Set by hand.")
    film.get_by_role("button", name="Reset").click()
    says(film, "First weights.")


@pytest.mark.parametrize("how", ["button", "interrupt"])
def test_a_long_training_can_be_stopped_and_keeps_its_film(lab: Probe, how: str) -> None:
    if how == "button" and int(version("ipykernel").split(".")[0]) < 7:
        pytest.skip("this kernel answers one message after the other: its interrupt stops a training")
    slow = lab.look_at("long")
    slow.get_by_role("button", name="Train").click()
    stop = slow.get_by_role("button", name="Stop training")
    stop.wait_for()
    lab.page.wait_for_function("(bar) => bar.value > 0.01", arg=slow.locator("progress").element_handle())
    if how == "button":
        stop.click()
    else:
        lab.interrupt()
    expect(slow.locator(".nn-message")).to_contain_text("You stopped the training at epoch")
    expect(stop).to_be_hidden()
    slow.locator("[aria-label='epoch']").press("End")
    says(slow, re.compile(r"Epoch ([1-9]\d*) of \1\."))
    slow.get_by_role("button", name="Reset").click()
    says(slow, "First weights.")


def test_a_frame_is_few_messages_and_all_panels_agree_after_it(lab: Probe) -> None:
    film = lab.look_at("film")
    film.locator(".nn-drawer [role='slider']").nth(12).wait_for()
    film.get_by_role("button", name="Train").click()
    says(film, re.compile(r"Epoch [1-9]\d* of 3000"))
    lab.frames.clear()
    lab.page.wait_for_timeout(2000)
    frames = list(lab.frames)
    bundles = [frame for frame in frames if b'"states"' in frame]
    kinds = {}
    for frame in frames:
        kind = re.search(rb'"msg_type": ?"(\w+)"', frame)
        kinds[kind[1].decode() if kind else "?"] = kinds.get(kind[1].decode() if kind else "?", 0) + 1
    print(f"{len(frames)} messages for {len(bundles)} frames of the film: {kinds}")
    film.locator("[aria-label='epoch']").press("End")
    says(film, "Epoch 3000 of 3000.")
    lab.page.wait_for_timeout(300)
    readouts = film.locator(".nn-drawer .widget-readout").all_inner_texts()
    shown = [number(film, k) for k in range(13)]
    assert [float(text.replace("−", "-")) for text in readouts] == shown
    assert f"= {shown[0]:.2f}" in film.locator(".nn-words").inner_text().replace("−", "-")
    assert shown == [float(x) for x in lab.python("print(*(f'{x:.2f}' for x in film.net.theta))").split()]
    assert len(bundles) > 10
    assert len(frames) <= 4 * len(bundles) + 8  # busy, echo, frame, idle; and one at either end cut in two


# The next class


def test_reset_everything_stops_films_and_timers_and_forgets_answers(lab: Probe) -> None:
    film, timer, guess = lab.look_at("film"), lab["timer"], lab["guess"]
    lab.python("guess.set(answer='b'); timer.reset(); tally.set(counts=[1, 2])")
    film.get_by_role("button", name="Train").click()
    says(film, re.compile(r"Epoch [1-9]\d* of 3000"))
    timer.get_by_role("button", name="Start").click()
    expect(timer.get_by_role("timer")).to_have_text(re.compile(r"4:5\d"))
    said = "Back at the start: 17 figures, 2 questions, 1 tally, 1 timer."
    assert lab.python("reset_everything()") == said
    lab.page.wait_for_timeout(500)
    says(film, "First weights.")
    expect(timer.get_by_role("timer")).to_have_text("5:00")
    expect(guess.get_by_role("radio", checked=True)).to_have_count(0)
    says(lab["tally-too"], "No votes yet.")
    expect(lab["asking"].locator(".nn-question input")).to_be_visible()
