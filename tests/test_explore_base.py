"""The base of every explorer: state, words, errors in words, what GitHub shows, an end without remains."""

import base64
import configparser
import re

import ipywidgets
import pytest
from explorers import ODD, Images, on_page, pixels
from ipywidgets.widgets.widget import _instances
from PIL import Image
from support import says

from nnlib.explore import Explorer, base

pytestmark = pytest.mark.usefixtures("strict")


class Double(Explorer):
    """Twice a number; `broken` names the method that fails."""

    broken = ""

    def __init__(self, name="w"):
        self.name = name
        self.shown = None
        self.slider = ipywidgets.FloatSlider(value=1.0, min=-5, max=5, description=name)
        self.spare = ipywidgets.FloatSlider()
        super().__init__({"w": 1.0}, [ipywidgets.HBox([self.slider])])
        self.hidden = [self.spare]
        self.bind(self.slider, "w")
        self.show(self.state)

    def fail(self, where):
        if self.broken == where:
            raise RuntimeError(f"planted in {where}")

    def numbers(self, state):
        self.fail("numbers")
        return {"double": 2 * state["w"]}

    def draw(self, numbers):
        self.fail("draw")
        self.shown = numbers["double"]

    def words(self, numbers):
        self.fail("words")
        return f"2 × {self.name} = {numbers['double']:g}"

    def picture(self):
        return Image.new("RGB", (40, 20), "white") if self.name else None


def test_a_control_moves_the_numbers_the_picture_and_the_words():
    explorer = Double()
    for value in (-5.0, 0.0, 2.5, 5.0):
        on_page(explorer.slider, value=value)
        assert explorer.state == {"w": value}
        assert explorer.shown == 2 * value
        assert repr(explorer) == explorer.page.words == f"2 × w = {2 * value:g}"


def test_code_moves_the_controls_and_reset_returns_to_the_first_state():
    explorer = Double()
    explorer.set(w=3.0)
    assert explorer.slider.value == 3
    explorer.reset()
    assert (explorer.slider.value, explorer.state, explorer.shown) == (1, {"w": 1.0}, 2)


def test_a_name_that_the_explorer_does_not_have():
    explorer = Double()
    with says(ValueError, "this explorer has no 'v'; set one of w."):
        explorer.set(v=1.0)
    assert explorer.state == {"w": 1.0}


@pytest.mark.parametrize("where", ["numbers", "draw", "words"])
def test_an_error_in_a_callback_is_raised_in_tests(where):
    explorer = Double()
    explorer.broken = where
    with pytest.raises(RuntimeError, match=f"planted in {where}"):
        on_page(explorer.slider, value=2.0)


@pytest.mark.parametrize("where", ["numbers", "draw", "words"])
def test_an_error_in_a_callback_is_shown_to_a_learner_and_the_control_returns(where, monkeypatch):
    monkeypatch.setattr(Explorer, "strict", False)
    explorer = Double()
    explorer.broken = where
    on_page(explorer.slider, value=2.0)
    assert explorer.page.message == f"RuntimeError: planted in {where}"
    assert repr(explorer) == f"RuntimeError: planted in {where}\n2 × w = 2"
    assert explorer.state == {"w": 1.0}
    assert explorer.slider.value == 1
    explorer.broken = ""
    on_page(explorer.slider, value=3.0)
    assert repr(explorer) == "2 × w = 6"  # and the message is gone


def test_what_is_shown_without_a_kernel():
    explorer = Double()
    data = explorer._repr_mimebundle_()
    assert data["text/plain"] == "2 × w = 2"
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == explorer.model_id
    images = Images(data["text/html"])
    assert images.others == []
    (image,) = images.found
    assert image["alt"] == "2 × w = 2"
    kind, code = image["src"].split(",")
    assert kind == "data:image/png;base64"
    assert pixels(base64.b64decode(code)).size == (40, 20)
    assert image["width"] == "20"  # twice as sharp as the page


def test_without_a_picture_the_words_remain():
    data = Double(name="")._repr_mimebundle_()
    assert "text/html" not in data
    assert data["text/plain"] == "2 ×  = 2"


def test_names_are_escaped():
    html = Double(name=ODD)._repr_mimebundle_()["text/html"]
    assert "<b>" not in html
    images = Images(html)
    assert images.found[0]["alt"] == f"2 × {ODD} = 2"
    assert images.others == []


def test_the_comparison_of_notebooks_leaves_out_pixels_and_nothing_else(root):
    rules = configparser.ConfigParser()
    rules.read(root / "tests" / "nbval.cfg")
    html = Double()._repr_mimebundle_()["text/html"]
    compared = re.sub(rules["picture"]["regex"], rules["picture"]["replace"], html)
    assert compared == '<img alt="2 × w = 2" width="20" src="data:image">'


def test_close_leaves_no_widget_behind():
    before = set(_instances)
    Double().close()
    assert set(_instances) == before


class Shell:
    """A kernel that runs cells."""

    def __init__(self):
        self.run, self.user_ns = 0, {}

    def begin(self, cell):
        self.run += 1
        self.request = {"header": {"msg_id": str(self.run)}, "metadata": {"cellId": cell} if cell else {}}

    def get_parent(self):
        return self.request


def test_running_a_cell_again_closes_what_it_made_before(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(base, "get_ipython", lambda: shell)
    monkeypatch.setattr(Explorer, "made", {})
    shell.begin("one")
    two_in_one_cell = [Double(), Double()]
    shell.begin("two")
    other = Double()
    shell.begin(None)  # a callback, or a frontend that does not name its cells
    nameless = Double()
    shell.begin("one")
    again = Double()
    is_open = [explorer.comm is not None for explorer in (*two_in_one_cell, other, nameless, again)]
    assert is_open == [False, False, True, True, True]


def test_the_memory_of_a_closed_explorer_is_free_although_ipython_keeps_results(monkeypatch):
    shell = Shell()
    monkeypatch.setattr(base, "get_ipython", lambda: shell)
    monkeypatch.setattr(Explorer, "made", {})
    shell.begin("one")
    first = Double()
    shell.user_ns = {"_1": first, "_": first, "Out": {1: first, 2: "kept"}, "_2": "kept", "mine": first}
    shell.begin("one")
    Double()
    assert shell.user_ns == {"_": first, "Out": {2: "kept"}, "_2": "kept", "mine": first}
