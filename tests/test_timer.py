"""The timer: how long, what it says of itself, and lengths that cannot be.

How the time runs is tested in a browser, in test_browser_explorer.py.
"""

import pytest
from explorers import on_page
from ipywidgets.widgets.widget import _instances
from support import says

from nnlib.explore import Timer

pytestmark = pytest.mark.usefixtures("strict")

NOON = 1_780_000_000_000  # some time of day, in milliseconds


@pytest.mark.parametrize(
    ("minutes", "words"), [(5, "5 minutes"), (1, "1 minute"), (0.5, "0.5 minutes"), (180, "180 minutes")]
)
def test_a_timer_waits_to_be_started(minutes, words):
    timer = Timer(minutes)
    assert repr(timer) == timer.page.words == f"Timer: {words}, not started."
    assert timer.clock.clock == {"minutes": minutes, "left": 60 * minutes, "ends": 0}


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ({"minutes": 5, "left": 300, "ends": NOON}, "5 minutes, running"),
        ({"minutes": 5, "left": 17.2, "ends": 0}, "5 minutes, paused"),
        ({"minutes": 6, "left": 360, "ends": 0}, "6 minutes, not started"),
        ({"minutes": 5, "left": 0, "ends": 0}, "5 minutes, time is up"),
    ],
)
def test_it_says_what_the_page_does_and_never_the_time(clock, said):
    timer = Timer(5)
    on_page(timer.clock, clock=clock)
    assert repr(timer) == f"Timer: {said}."
    assert timer.clock.clock == timer.state == clock  # nothing is sent back
    timer.reset()
    assert timer.clock.clock == {"minutes": 5, "left": 300, "ends": 0}
    assert repr(timer) == "Timer: 5 minutes, not started."


def test_code_sets_another_length_and_reset_returns_to_the_first():
    timer = Timer()
    on_page(timer.clock, clock={"minutes": 5, "left": 300, "ends": NOON})
    timer.set(minutes=3)
    assert timer.clock.clock == {"minutes": 3, "left": 180, "ends": 0}
    timer.reset()
    assert timer.clock.clock == {"minutes": 5, "left": 300, "ends": 0}
    with says(ValueError, "a timer has only its minutes to set, as in timer.set(minutes=3)."):
        timer.set(left=3)


@pytest.mark.parametrize("minutes", [0, -1, "5", None, True, float("nan"), float("inf")])
def test_what_is_no_length_is_refused_in_words(minutes):
    for refused in (lambda: Timer(minutes), lambda: Timer(2).set(minutes=minutes)):
        with says(
            ValueError,
            f"minutes must be a finite number above 0; got {minutes!r}. "
            "A timer goes up to 180 minutes, as in Timer(5).",
        ):
            refused()


def test_a_lesson_has_an_end():
    with says(ValueError, "a timer goes up to 180 minutes; got 181."):
        Timer(181)


def test_the_same_timer_is_stored_as_the_same_text():
    data = Timer(5)._repr_mimebundle_()
    assert data["text/plain"] == "Timer: 5 minutes, not started."
    assert set(data) == {"text/plain", "application/vnd.jupyter.widget-view+json"}


def test_close_leaves_no_widget_behind():
    before = set(_instances)
    Timer().close()
    assert set(_instances) == before
