"""The lessons in a real browser: opened by the run command, run, moved, saved, and opened again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import (
    Course,
    Locator,
    Page,
    browsing,
    changed,
    epoch,
    new_page,
    number,
    picture,
    run_all,
    says,
    selected,
    served,
)
from server import LESSON

NETWORK = "/lab/tree/notebooks/04_sleep_study_scores.ipynb"


@pytest.fixture
def course(archive: Path, tmp_path: Path) -> Iterator[Course]:
    with served(archive, tmp_path / "home") as course:
        yield course


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    with browsing(chromium) as browser:
        yield new_page(browser)


def press_on(page: Page, explorer: Locator, control: Locator, key: str) -> None:
    """Press a key on a control of an explorer and wait for the next picture."""
    before = picture(explorer)
    control.focus()
    control.press(key)
    assert changed(page, explorer, before)


BY_HAND = ".nn-explorer:has([data-k='0'][role='slider'])"  # all of its weights are in the learner's hand
TRAINED = ".nn-explorer:has(button.mod-primary)"


@pytest.mark.browser
def test_a_learner_opens_runs_moves_trains_saves_and_comes_back(course: Course, page: Page) -> None:
    # The first page greets with no dialog and no pop-up, and runs.
    course.open(page, LESSON)
    assert page.locator(".jp-Dialog").count() == 0
    run_all(page)
    assert page.locator(".jp-toast-message, .Toastify__toast").count() == 0
    first = page.locator(".nn-explorer").first
    press_on(page, first, first.locator("[data-k='0']"), "ArrowRight")
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")

    # The network lesson runs from top to bottom.
    course.open(page, NETWORK)
    run_all(page)
    by_hand, trained = page.locator(BY_HAND).first, page.locator(TRAINED).first
    by_hand.scroll_into_view_if_needed()
    says(by_hand, "First weights.")  # showing the sliders has moved nothing

    # A slider by keyboard: it has a name, and the number on the line, the words and the picture follow.
    slider = by_hand.locator(".noUi-handle").first
    assert slider.get_attribute("aria-label") == "W1[sleep, h1]"
    start = number(by_hand, 0)
    press_on(page, by_hand, slider, "ArrowRight")
    assert number(by_hand, 0) == pytest.approx(round(start, 1) + 0.1, abs=0.005)
    says(by_hand, f"W1[sleep, h1] = {number(by_hand, 0):.2f}")
    assert slider.get_attribute("aria-valuetext") == f"{number(by_hand, 0):.2f}"

    # A click on a line selects it; arrow keys then move it, and the slider follows.
    line = by_hand.locator("[data-k='10']")
    line.locator(".nn-hit").click(force=True)
    selected(by_hand, 10)
    start = number(by_hand, 10)
    press_on(page, by_hand, line, "ArrowUp")
    assert number(by_hand, 10) == pytest.approx(round(start, 1) + 0.1, abs=0.005)
    assert by_hand.locator(".widget-readout").first.inner_text() == f"{number(by_hand, 10):.2f}"
    says(by_hand, "Set by hand.")

    # Many keys at once, on a slider and on two lines: every one of them arrives, where it belongs.
    keys = [
        (by_hand.locator(".noUi-handle").first, 5),  # the slider of the selected line, the tenth
        (by_hand.locator("[data-k='3']"), 4),
        (by_hand.locator("[data-k='7']"), 3),
    ]
    start = {k: round(number(by_hand, k), 1) for k in (10, 3, 7)}
    page.evaluate(
        """(keys) => { for (const [control, times] of keys) {
            control.focus();
            for (let n = 0; n < times; n++) control.dispatchEvent(new KeyboardEvent("keydown", {
                key: "ArrowRight", code: "ArrowRight", bubbles: true, cancelable: true }));
        } }""",
        [[control.element_handle(), times] for control, times in keys],
    )
    wanted = pytest.approx({10: 0.5, 3: 0.4, 7: 0.3}, abs=0.005)
    for _ in range(10):  # the slider's last move may come after those of the lines
        page.wait_for_timeout(500)
        moved = {k: number(by_hand, k) - start[k] for k in start}
        if moved == wanted:
            break
    assert moved == wanted

    # Pressed, Train plays; a click on each of the 13 lines and biases arrives meanwhile.
    trained.scroll_into_view_if_needed()
    trained.get_by_role("button", name="Train").click()
    for _ in range(3):  # the film stops to ask
        trained.get_by_role("button", name="Skip").click()
    says(trained, re.compile(r"Epoch [1-9]\d* of 3000"))
    before, arrived = epoch(trained), 0
    for k in range(13):
        trained.locator(f"[data-k='{k}'] .nn-chip").click()
        selected(trained, k)
        arrived += 1
    assert arrived == 13
    assert 0 < before < epoch(trained) < 3000

    # A hand on a weight stops the film, and its move stays.
    trained.locator("[data-k='6']").press("ArrowRight")
    says(trained, "Set by hand.")
    moved = number(trained, 6)
    page.wait_for_timeout(500)
    assert number(trained, 6) == moved
    says(trained, "Set by hand.")

    # The film can be scrubbed by keyboard.
    scrub = trained.locator(".noUi-handle").first
    press_on(page, trained, scrub, "End")
    says(trained, "Epoch 3000 of 3000.")
    press_on(page, trained, scrub, "ArrowLeft")
    says(trained, "Epoch 2990 of 3000.")

    # The server stopped and started, the first lesson opened again as it was saved: it lives after Run All.
    course.server.stop()
    course.start()
    course.open(page, LESSON)
    run_all(page)
    first = page.locator(".nn-explorer").first
    press_on(page, first, first.locator("[data-k='0']"), "ArrowLeft")
    assert page.errors == []
