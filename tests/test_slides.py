"""Every slide of every lesson as `python3 -m nnlib present` shows it: its size, and that of its text.

These need the extra `present`, whose pins live slides want; without it they are skipped.
"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import Page, slider_moves_on_slides
from server import Server, free_port

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


@pytest.fixture
def presented(lesson: str, shared_archive: Path, tmp_path: Path) -> Iterator[Server]:
    """The lesson, presented as an instructor does it, but for the browser."""
    server = Server(shared_archive, tmp_path / "home", free_port(), command=["present", lesson[:2]])
    try:
        yield server
    finally:
        server.stop()  # killed, it would leave JupyterLab behind


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_slide_fits_the_screen(
    presented: Server, page: Page, shared_archive: Path, lesson: str
) -> None:
    file = shared_archive / "notebooks" / f"{lesson}.ipynb"
    copy = file.with_name(f"present_{file.name}")
    before = file.read_bytes()
    page.goto(presented.waited_for(r"The slides: (\S+)", seconds=300))
    cells = nbformat.read(copy, as_version=4).cells
    notes = [cell.source for cell in cells if cell.metadata.slideshow.slide_type == "notes"]
    assert all("details" not in note for note in notes)  # their window shows them as they are written
    outputs = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    live = ["application/vnd.jupyter.widget-view+json" in output for output in outputs].count(True)
    page.wait_for_function(
        "(n) => document.querySelectorAll('.reveal .nn-explorer').length === n", arg=live, timeout=300_000
    )
    title = page.locator(".reveal section.present h1").last
    edge = page.locator(".reveal section.present .jp-InputCollapser").first.bounding_box()
    assert edge is not None
    page.mouse.click(edge["x"] + edge["width"] / 2, edge["y"] + edge["height"] / 2)
    assert title.is_visible()
    if lesson == LESSONS[2]:
        slider_moves_on_slides(page)
    page.wait_for_timeout(1000)  # the explorers' pictures take their places
    slides = page.evaluate(MEASURE)
    assert len(slides) > 5
    assert [slide for slide in slides if slide[0] > HEIGHT] == []
    assert [slide for slide in slides if slide[1] < SMALLEST] == []
    assert presented.stop() == 0
    assert not copy.exists()
    assert file.read_bytes() == before
