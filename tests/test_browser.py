"""The first lesson in a real browser: opened, run, moved, saved, and opened again."""

import pytest
from browser import Course, Page, press_on, run_all
from server import LESSON


@pytest.mark.browser
def test_a_learner_opens_runs_moves_saves_and_comes_back(course: Course, page: Page) -> None:
    # The first page greets with no dialog and no pop-up, and runs.
    course.open(page, LESSON)
    assert page.locator(".jp-Dialog").count() == 0
    run_all(page)
    assert page.locator(".jp-toast-message, .Toastify__toast").count() == 0
    first = page.locator(".nn-explorer").first
    press_on(page, first, first.locator("[data-k='0']"), "ArrowRight")
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")

    # The server stopped and started, the first lesson opened again as it was saved: it lives after Run All.
    course.server.stop()
    course.start()
    course.open(page, LESSON)
    run_all(page)
    first = page.locator(".nn-explorer").first
    press_on(page, first, first.locator("[data-k='0']"), "ArrowLeft")
    assert page.errors == []
