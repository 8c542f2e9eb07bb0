"""One message a frame: it says what the separate messages would have said, and none is lost."""

from threading import Thread

import ipywidgets
import numpy as np
import pytest
import traitlets
from explorers import looked_at, on_page, students
from ipywidgets.widgets.widget import _put_buffers

from nnlib.explore.base import Page, everything_in
from nnlib.explore.parts.bundle import Bundled, bundled

pytestmark = pytest.mark.usefixtures("strict")


class Number(Bundled):
    """A number, and bytes beside it."""

    value = traitlets.Float(0.0).tag(sync=True)
    other = traitlets.Float(0.0).tag(sync=True)
    png = traitlets.Bytes(b"").tag(sync=True)


class Browser:
    """What the page knows of each widget, from the messages alone."""

    def __init__(self, monkeypatch):
        self.known, self.messages, self.sent = {}, [], 0
        monkeypatch.setattr(
            ipywidgets.Widget,
            "_send",
            lambda widget, *message, **more: self.receive(widget, *message, **more),
        )

    def receive(self, widget, message, buffers=None):
        if widget.comm is None:
            return
        if message["method"] == "custom":
            states = {"states": message["content"]["states"]}
            _put_buffers(states, [["states", *path] for path in message["content"]["paths"]], buffers)
            states = states["states"]
        elif message["method"] == "update":
            state = message["state"]
            _put_buffers(state, message["buffer_paths"], buffers)
            states = {widget.model_id: state}
        else:
            return
        self.messages.append((type(widget).__name__, message["method"], len(states)))
        for name, state in states.items():
            self.known.setdefault(name, {}).update(state)

    def hand(self, widget, **state):
        """A hand changes a widget in the page, which then tells Python."""
        self.known.setdefault(widget.model_id, {}).update(state)
        on_page(widget, **state)

    def agrees_with(self, explorer):
        """Whether the page knows of every widget what Python holds."""
        for root in (explorer, *explorer.hidden):
            for widget in everything_in(root):
                known = self.known.get(widget.model_id, {})
                held = widget.get_state(list(known))
                assert {name: _plain(value) for name, value in known.items()} == {
                    name: _plain(value) for name, value in held.items()
                }, type(widget).__name__
        return True


def _plain(value):
    if isinstance(value, memoryview):
        return bytes(value)
    return list(value) if isinstance(value, (list, tuple)) else value


@pytest.fixture
def browser(monkeypatch):
    """The page's side of every message."""
    return Browser(monkeypatch)


HANDS = {
    "a slider": lambda explorer, hand: hand(explorer.parameters.sliders[3], value=1.7),
    "the film": lambda explorer, hand: hand(explorer.film.play, playing=True, value=7),
    "a scrub": lambda explorer, hand: hand(explorer.film.scrub, index=20),
    "the diagram": lambda explorer, hand: hand(
        explorer.diagram, moves={"2": [explorer.diagram.seen + 1, 0.4]}
    ),
    "a row": lambda explorer, hand: hand(explorer.example, index=2),
    "a line": lambda explorer, hand: hand(explorer.diagram, selected=8),
    "a neuron": lambda explorer, hand: hand(explorer.diagram, neuron=1),
    "a drawer": lambda explorer, hand: hand(explorer.drawer_buttons["slopes"], value=True),
    "a step": lambda explorer, hand: (
        hand(explorer.drawer_buttons["arithmetic"], value=True),
        hand(explorer.arithmetic, step=3),
    ),
    "sliders again": lambda explorer, hand: hand(explorer.drawer_buttons["sliders"], value=True),
    "a far weight": lambda explorer, hand: explorer.set(**{"b2[score]": 70}),
    "training": lambda explorer, hand: explorer.train_button.click(),
    "a film's frame": lambda explorer, hand: hand(explorer.film.play, value=3, playing=True),
    "another network": lambda explorer, hand: explorer.set(hidden=2),
    "a slider of it": lambda explorer, hand: hand(explorer.parameters.sliders[3], value=-0.7),
    "a new start": lambda explorer, hand: explorer.new_button.click(),
    "a question": lambda explorer, hand: explorer.ask("What?"),
    "an answer": lambda explorer, hand: hand(explorer.page, reply=[9, "that"]),
    "reset": lambda explorer, hand: explorer.reset_button.click(),
}


@pytest.mark.parametrize("ready", [True, False], ids=["in bundles", "one by one"])
def test_after_every_move_the_page_knows_what_python_holds(browser, ready):
    explorer = students(epochs=30, open="sliders")
    explorer.train()
    explorer.page.ready = ready
    for name, move in HANDS.items():
        browser.messages.clear()
        move(explorer, browser.hand)
        assert browser.agrees_with(explorer), name
        assert any(kind == "custom" for _, kind, _ in browser.messages) == ready, name


def test_in_bundles_the_page_is_told_what_it_would_be_told_one_by_one(browser):
    known = []
    for ready in (True, False):
        explorer = students(epochs=30, open="sliders")
        looked_at(explorer).train()
        explorer.page.ready = ready
        browser.known.clear()
        for name in ("a slider", "the film", "the diagram", "a row", "a scrub", "a far weight"):
            HANDS[name](explorer, browser.hand)
        parts = {
            "diagram": explorer.diagram,
            "surface": explorer.prediction,
            "loss": explorer.loss_curve,
            "words": explorer.page,
            "play": explorer.film.play,
            "scrub": explorer.film.scrub,
            **dict(zip(explorer.parameters.labels, explorer.parameters.sliders, strict=True)),
        }
        known.append(
            {
                name: {key: _plain(value) for key, value in browser.known.get(part.model_id, {}).items()}
                for name, part in parts.items()
            }
        )
    assert known[0] == known[1]
    assert all(known[0].values())


@pytest.mark.parametrize("name", ["a slider", "the film", "a scrub", "the diagram", "a row", "a line"])
def test_a_frame_is_one_message(browser, name):
    explorer = students(epochs=30, open="sliders")
    explorer.train()
    explorer.page.ready = True
    HANDS["a row"](explorer, browser.hand)
    explorer.set(example=0)
    browser.messages.clear()
    HANDS[name](explorer, browser.hand)
    ours = [message for message in browser.messages if message[1] == "custom"]
    assert len(ours) == 1
    assert {widget for widget, *_ in browser.messages} <= {"Page", "HBox", "Dropdown"}


def test_pictures_arrive_whole(browser):
    explorer = students()
    explorer.page.ready = True
    explorer.set(theta=np.linspace(-1, 1, 13))
    for panel in (explorer.prediction, explorer.loss_curve):
        assert bytes(browser.known[panel.model_id]["png"]) == panel.png
        assert panel.png.startswith(b"\x89PNG")
    assert explorer.prediction.png != explorer.loss_curve.png


def test_before_the_page_is_ready_every_widget_speaks_for_itself(browser):
    page, one = Page(), Number()
    with bundled(page):
        one.value = 1.0
        assert browser.messages == [("Number", "update", 1)]
        one.value = 2.0
    assert browser.messages == [("Number", "update", 1)] * 2
    on_page(page, ready=True)
    browser.messages.clear()
    with bundled(page):
        one.value = 3.0
        assert browser.messages == []
    assert browser.messages == [("Page", "custom", 1)]
    assert browser.known[one.model_id]["value"] == 3.0


def test_a_page_that_becomes_ready_in_the_middle_of_a_frame_loses_nothing(browser):
    page, one, two = Page(), Number(), Number()
    with bundled(page):
        one.value = 1.0
        page.ready = True
        two.value = 2.0
    assert browser.known[one.model_id] == {"value": 1.0}
    assert browser.known[two.model_id] == {"value": 2.0}


def test_a_bundle_within_a_bundle_is_part_of_it(browser):
    page, other, one, two = Page(ready=True), Page(ready=True), Number(), Number()
    with bundled(page):
        one.value = 1.0
        with bundled(other):
            two.value = 2.0
        assert browser.messages == []
        one.other = 3.0
        one.value = 4.0
    assert browser.messages == [("Page", "custom", 2)]
    assert browser.known[one.model_id] == {"value": 4.0, "other": 3.0}
    assert browser.known[two.model_id] == {"value": 2.0}


def test_a_held_widget_joins_the_bundle(browser):
    page, one = Page(ready=True), Number()
    with bundled(page), one.hold_sync():
        one.value, one.png = 1.0, b"picture"
    assert browser.messages == [("Page", "custom", 1)]
    assert {name: _plain(value) for name, value in browser.known[one.model_id].items()} == {
        "value": 1.0,
        "png": b"picture",
    }


def test_a_frame_without_changes_is_no_message(browser):
    with bundled(Page(ready=True)):
        pass
    assert browser.messages == []


def test_a_frame_that_fails_sends_what_has_changed(browser):
    page, one = Page(ready=True), Number()

    def interrupted():
        with bundled(page):
            one.value = 1.0
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert browser.known[one.model_id] == {"value": 1.0}
    one.value = 2.0  # and the bundle is closed
    assert browser.messages[-1] == ("Number", "update", 1)


def test_what_is_closed_within_a_frame_is_left_out(browser):
    page, one, two = Page(ready=True), Number(), Number()
    gone = one.model_id
    with bundled(page):
        one.value, two.value = 1.0, 2.0
        one.close()
    assert gone not in browser.known
    assert browser.known[two.model_id] == {"value": 2.0}
    browser.messages.clear()
    with bundled(page):
        two.value = 3.0
        page.close()
    assert browser.messages == []


def test_an_explorer_closed_by_its_own_film_goes_quietly(browser):
    explorer = students(epochs=10)
    explorer.train()
    explorer.page.ready = True
    explorer.film.scrub.observe(lambda _: explorer.close(), "value")
    on_page(explorer.film.play, playing=True, value=3)
    assert explorer.comm is None


def test_two_frames_in_the_answer_to_one_move_both_arrive(browser):
    page, one = Page(ready=True), Number()

    def answer(change):
        one.unobserve_all()
        for value in (2.0, 1.0):  # the second is what the page had sent
            with bundled(page):
                one.value = value

    one.observe(answer, "value")
    browser.hand(one, value=1.0)
    assert one.value == 1.0
    assert browser.known[one.model_id]["value"] == 1.0


def test_another_thread_is_not_held_up_by_a_bundle(browser):
    page, one, two = Page(ready=True), Number(), Number()
    with bundled(page):
        one.value = 1.0
        other = Thread(target=lambda: setattr(two, "value", 2.0))
        other.start()
        other.join()
        assert browser.known == {two.model_id: {"value": 2.0}}
    assert browser.known[one.model_id] == {"value": 1.0}
