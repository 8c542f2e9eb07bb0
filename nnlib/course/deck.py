"""`python3 -m nnlib deck 04` writes a lesson as slides into one HTML file, for a room without internet.

The slides show the outputs that are stored in the lesson: no Python is behind them, and no slider moves.
nbconvert fills the template deck.html.j2; reveal.js, from the package pyreveal, is written into the file.
"""

import base64
import html
import importlib.util
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .present import EXTRA, CannotPresent, find_lesson, for_slides, lessons

HELP = """\
usage: python3 -m nnlib deck LESSON [FOLDER]

Writes a lesson as slides into one HTML file, for example: python3 -m nnlib deck 04
It opens with a double click, without internet. Its pictures are those stored in the lesson; no slider moves.
The file goes into the folder decks, or into the one named. `deck all` writes every lesson.
In the slides: Space shows the next one, S the notes for the teacher in a window of their own, ? all keys.
"""
MARK = "nnlib deck"  # how a file of ours begins: no other file is overwritten
OTHER_PAGE = re.compile(r"\[([^\]]*)\]\(([^)\s#]+\.(?:ipynb|md|pdf))(?:#[^)\s]*)?\)")


def main(root: Path, wanted: Sequence[str]) -> int:
    """Write the lesson named first in `wanted`, or all of them, into the folder named second."""
    if not 1 <= len(wanted) <= 2 or any(word.startswith("-") for word in wanted):
        print(HELP, end="")
        return 0 if {"-h", "--help"} & set(wanted) else 1
    if not all(importlib.util.find_spec(name) for name in ("nbconvert", "pyreveal")):
        print(EXTRA.format(python=sys.executable, root=root), end="", file=sys.stderr)
        return 1
    folder = Path(wanted[1]) if len(wanted) == 2 else root / "decks"
    try:
        chosen = lessons(root) if wanted[0] == "all" else [find_lesson(root, wanted[0])]
        for lesson in chosen:
            print(f"Written: {write(lesson, folder, chosen)}")
    except CannotPresent as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def write(lesson: Path, folder: Path, together: Sequence[Path]) -> Path:
    """Write the lesson's deck into the folder; its links lead to the lessons that are written `together`."""
    deck = folder / f"{lesson.stem}.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if deck.exists() and MARK not in deck.read_text(encoding="utf-8", errors="replace")[:200]:
            raise CannotPresent(f"{deck} is there already, and is no deck of ours. Name another folder.")
        deck.write_text(page(lesson, together), encoding="utf-8")
    except OSError as error:
        raise CannotPresent(f"{deck} cannot be written: {error.strerror}. Name another folder.") from None
    return deck


def page(lesson: Path, together: Sequence[Path] = ()) -> str:
    """The lesson as one page of HTML."""
    import nbconvert
    import nbformat

    notebook = nbformat.read(lesson, as_version=4)
    title = re.search(r"^# (.+)", notebook.cells[0].source, re.MULTILINE)
    for cell in notebook.cells:
        prepare(cell, [each.name for each in together])
    slides: Any = nbconvert.SlidesExporter  # is without types
    exporter = slides(
        template_file=str(Path(__file__).with_name("deck.html.j2")),
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
    )
    body, _ = exporter.from_notebook_node(
        notebook, {"deck": {"mark": MARK, "title": title[1] if title else lesson.stem, **reveal()}}
    )
    return str(body)


def prepare(cell: Any, together: Sequence[str]) -> None:
    """Change what cannot stay as it is where nothing can be opened, moved or answered."""
    for_slides(cell)
    if cell.cell_type == "markdown":
        cell.source = OTHER_PAGE.sub(lambda link: deck_link(link, together), cell.source)
        return
    if cell.metadata.get("jupyter", {}).get("source_hidden"):  # the question stands below, the answer in here
        cell.metadata.transient = {"remove_source": True}
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        shown = data.get("text/html", "").replace("<p>Not answered yet.</p>", "")
        if shown.startswith("<img"):  # its words, which are its alt text too
            words = html.escape(data["text/plain"].replace("\n\n", "\n"))
            shown += f'<p class="words" aria-hidden="true">{words}</p>'
        if shown:
            data["text/html"] = shown


def deck_link(link: re.Match[str], together: Sequence[str]) -> str:
    """The link leads to the deck of that lesson, if it is written too; otherwise only its words stay."""
    words, place = link.groups()
    return f"[{words}]({Path(place).stem}.html)" if place in together else words


def reveal() -> dict[str, Any]:
    """The parts of reveal.js, to be written into the page."""
    package = importlib.util.find_spec("pyreveal")
    assert package is not None
    assert package.origin is not None
    dist = Path(package.origin).with_name("revealjs") / "dist"
    scripts = [dist / "reveal.js", dist / "plugin" / "notes.js"]
    return {
        "reveal_css": (dist / "reveal.css").read_text(encoding="utf-8"),
        "scripts": [base64.b64encode(script.read_bytes()).decode() for script in scripts],
    }
