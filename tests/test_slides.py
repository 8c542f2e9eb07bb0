"""Every slide of every lesson as live slides: it fits a screen of 1280 × 720, and its text can be read.

These need the extra `present`, whose pins live slides want; without it they are skipped.
"""

from pathlib import Path

import pytest
from browser import Course, Page, run_all

pytest.importorskip("jupyterlab_rise")
pytestmark = pytest.mark.browser

LESSONS = sorted(path.stem for path in (Path(__file__).parent.parent / "notebooks").glob("*.ipynb"))
HEIGHT, SMALLEST = 716, 18  # px: the screen above the line that shows how far one has come, and any text

# Each slide in turn is shown alone; how high it is, how small its text, and how it begins.
MEASURE = """() => {
    const sections = [...document.querySelectorAll(".reveal .slides section")];
    const slides = sections.filter((section) => !section.querySelector("section"));
    for (const section of sections) section.hidden = false;
    const TEXTS = "h1, h2, h3, p, li, th, td, summary, pre, .jp-OutputArea-output div, .cm-line, .nn-words";
    const show = (section, display) => section.style.setProperty("display", display, "important");
    for (const section of sections) show(section, slides.includes(section) ? "none" : "block");
    return slides.map((slide) => {
        show(slide, "block");
        const texts = [...slide.querySelectorAll(TEXTS)].filter((e) => e.checkVisibility());
        // In a figure, its words; unless a drawer is open, for which all of it is made smaller.
        const WORDS = ".nn-explorer:not(:has(> .nn-drawer > *)) .nn-words";
        const sizes = texts.filter((e) => e.matches(WORDS) || !e.closest(".nn-explorer"))
            .map((e) => Math.round(10 * parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom) / 10);
        const found = [slide.scrollHeight, Math.min(99, ...sizes), slide.innerText.trim().slice(0, 60)];
        show(slide, "none");
        return found;
    });
}"""


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_slide_fits_the_screen(course: Course, page: Page, lesson: str) -> None:
    course.open(page, f"/lab/tree/notebooks/{lesson}.ipynb")
    run_all(page)
    explorers = page.locator(".nn-explorer").count()
    page.evaluate("jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("!document.querySelector('.jp-mod-dirty')")
    page.goto(f"{course.server.address()}/rise/notebooks/{lesson}.ipynb?token=abc")
    page.wait_for_selector(".reveal .slides section", timeout=60_000, state="attached")
    page.wait_for_function(
        "(n) => document.querySelectorAll('.reveal .nn-explorer').length >= n", arg=explorers
    )
    page.wait_for_timeout(1000)  # the explorers' pictures take their places
    slides = page.evaluate(MEASURE)
    assert len(slides) > 5
    assert [slide for slide in slides if slide[0] > HEIGHT] == []
    assert [slide for slide in slides if slide[1] < SMALLEST] == []
