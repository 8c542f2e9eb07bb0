"""`python3 -m nnlib deck`: what it writes and what it refuses; and every slide of every deck in the browser.

Making a deck needs the extra `present`; without it those tests are skipped.
"""

import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest

from nnlib.course.deck import main, prepare
from nnlib.course.present import lessons

ROOT = Path(__file__).resolve().parent.parent
LESSONS = lessons(ROOT)
needs_reveal = pytest.mark.skipif(
    importlib.util.find_spec("pyreveal") is None,
    reason='pyreveal is not installed: it comes with the extra "present"',
)


@pytest.mark.parametrize(
    ("wanted", "code"), [([], 1), (["--help"], 0), (["04", "a", "b"], 1), (["--all"], 1)]
)
def test_without_a_lesson_it_says_how_to_name_one(
    root: Path, wanted: list[str], code: int, capsys: pytest.CaptureFixture
) -> None:
    assert main(root, wanted) == code
    assert "python3 -m nnlib deck 04" in capsys.readouterr().out


@pytest.mark.parametrize("package", ["nbconvert", "pyreveal"])
def test_what_is_missing_is_said_with_the_command_that_installs_it(
    root: Path, package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == package else True)
    assert main(root, ["04"]) == 1
    assert f'{sys.executable} -m pip install -e "{root}[present]"' in capsys.readouterr().err


@needs_reveal
def test_no_such_lesson(root: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(root, ["four"]) == 1
    assert capsys.readouterr().err.startswith("There is no lesson 'four'. Choose one of 00, 01, ")


@needs_reveal
def test_a_deck_is_written_again_but_no_other_file_is_overwritten(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    deck = tmp_path / "new" / "00_start_here.html"
    for _ in range(2):
        assert main(root, ["0", str(deck.parent)]) == 0
        assert capsys.readouterr().out == f"Written: {deck}\n"
    deck.write_text("my own page", encoding="utf-8")
    assert main(root, ["0", str(deck.parent)]) == 1
    assert "is no deck of ours. Name another folder." in capsys.readouterr().err
    assert deck.read_text(encoding="utf-8") == "my own page"


@needs_reveal
@pytest.mark.parametrize("problem", ["a file is there", "not writable"])
def test_a_folder_that_cannot_be_used_is_named(
    root: Path, problem: str, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    folder = tmp_path / "decks"
    if problem == "a file is there":
        folder.write_text("", encoding="utf-8")
    else:
        folder.mkdir(mode=0o555)
        if os.access(folder, os.W_OK):
            pytest.skip("the administrator may write everywhere")
    assert main(root, ["00", str(folder)]) == 1
    said = capsys.readouterr().err
    assert re.match(rf"{re.escape(str(folder))}.* cannot be written: .*\. Name another folder\.$", said)


def test_a_link_to_another_lesson_leads_to_its_deck_or_nowhere() -> None:
    for together, kept in [([], "See a line."), (["02_line.ipynb"], "See [a line](02_line.html).")]:
        cell = nbformat.v4.new_markdown_cell("See [a line](02_line.ipynb).")
        prepare(cell, together)
        assert cell.source == kept


def test_the_answer_to_a_question_is_not_shown() -> None:
    shown = {
        "text/html": "<p><b>Why?</b></p><ul><li>a) so</li></ul><p>Not answered yet.</p>",
        "text/plain": "",
    }
    output = nbformat.v4.new_output("display_data", data=shown)
    cell = nbformat.v4.new_code_cell('Choice("Why?", ["so"], right="so")', outputs=[output])
    prepare(cell, [])
    assert cell.metadata.transient == {"remove_source": True}
    assert cell.outputs[0].data["text/html"] == "<p><b>Why?</b></p><ul><li>a) so</li></ul>"


@pytest.fixture(scope="module")
def decks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("decks")
    assert main(ROOT, ["all", str(folder)]) == 0
    return folder


@needs_reveal
@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_deck_shows_each_cell_of_its_slides(decks: Path, lesson: Path) -> None:
    def ids(*roles: str) -> list[str]:
        return [c.id for c in cells if c.metadata.slideshow.slide_type in roles]

    cells = nbformat.read(lesson, as_version=4).cells
    deck = (decks / f"{lesson.stem}.html").read_text(encoding="utf-8")
    shown = re.findall(r'id="cell-id=([^"]+)"', deck)
    assert shown == [cell.id for cell in cells if cell.metadata.slideshow.slide_type != "skip"]
    assert deck.count('<aside class="notes">') == len(ids("notes"))
    assert deck.count('<div class="slide">') == len(ids("slide", "subslide"))
    addresses = re.findall(r'(?:src|href)="([^"#]{1,60})', deck)
    names = [each.with_suffix(".html").name for each in LESSONS]
    assert [each for each in addresses if not each.startswith("data:") and each not in names] == []


# What one slide shows when everything on it has appeared and is unfolded.
MEASURE = """async ([h, v]) => {
    Reveal.slide(h, v, 99);
    const slide = Reveal.getCurrentSlide().querySelector(".slide");
    slide.querySelectorAll("details").forEach((details) => { details.open = true; });
    await new Promise((done) => setTimeout(done, 50));  // an unfolded one tells the page so
    const texts = [...slide.querySelectorAll("*")].filter((e) => e.checkVisibility() && !e.closest("aside") &&
        [...e.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
    return {
        begins: slide.innerText.trim().slice(0, 60),
        height: slide.scrollHeight,
        width: slide.scrollWidth,
        smallest: Math.min(99, ...texts.map((e) => parseFloat(getComputedStyle(e).fontSize))),
        pictures: [...slide.querySelectorAll("img")].map((img) => ({
            alt: img.alt,
            // They are stored twice as large as the lesson shows them.
            scale: 2 * Math.min(img.clientWidth / img.naturalWidth, img.clientHeight / img.naturalHeight),
        })),
    };
}"""


@needs_reveal
@pytest.mark.browser
class TestInTheBrowser:
    @pytest.fixture
    def page(self, chromium: str) -> Iterator:
        from browser import browsing, new_page

        with browsing(chromium) as browser:
            page = new_page(browser)
            page.asked = []
            page.context.on("request", lambda request: page.asked.append(request.url))
            page.context.set_offline(True)
            yield page
            assert page.errors == []
            assert {url.partition(":")[0] for url in page.asked} <= {"file", "data"}

    @pytest.mark.parametrize("name", [lesson.stem for lesson in LESSONS])
    def test_every_slide_fits_and_can_be_read(self, decks: Path, page, name: str) -> None:
        page.goto((decks / f"{name}.html").as_uri())
        page.wait_for_function("Reveal.isReady()")
        places = page.evaluate(
            "Reveal.getSlides().map((s) => Reveal.getIndices(s)).map(({h, v}) => [h, v ?? 0])"
        )
        slides = [page.evaluate(MEASURE, place) for place in places]
        assert len(slides) > 10
        assert [slide for slide in slides if slide["height"] > 720 or slide["width"] > 1280] == []
        assert [slide for slide in slides if slide["smallest"] < 18] == []
        pictures = [picture for slide in slides for picture in slide["pictures"]]
        assert pictures
        assert [picture for picture in pictures if not picture["alt"] or picture["scale"] < 0.85] == []

    def test_the_notes_for_the_teacher_follow_in_a_window_of_their_own(self, decks: Path, page) -> None:
        from browser import expect

        page.goto((decks / "04_sleep_study_scores.html").as_uri())
        page.wait_for_function("Reveal.isReady()")
        with page.context.expect_page() as opened:
            page.keyboard.press("s")
        notes = opened.value.locator(".speaker-controls-notes")
        page.keyboard.press("Space")
        expect(notes).to_contain_text("nobody needs calculus today", timeout=20_000)
        expect(notes.get_by_text("nobody needs calculus today")).to_be_visible()  # unfolded
