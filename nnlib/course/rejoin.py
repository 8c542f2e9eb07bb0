"""For a learner who comes late, or jumps ahead: run what a section of a lesson needs, and show none of it."""

import json
import re
from pathlib import Path
from typing import Any

from ..checks import in_short

HEADING = re.compile(r"##? (.+)")


def rejoin(lesson: str, section: str) -> None:
    """Run the cells from the beginning of the section's part up to the section, as they were last saved.

    Parameters
    ----------
    lesson : the two digits that the lesson's file name begins with, as in "04".
    section : how its heading begins, as in "B5", "7", "Part C" or "Deeper 2".

    Raises
    ------
    ValueError : no texts, no such lesson in this folder, or no such section in it.
    RuntimeError : called outside a notebook.
    """
    for value, name, example in ((lesson, "lesson", "04"), (section, "section", "B5")):
        if not isinstance(value, str):
            raise ValueError(f"the {name} must be a text, as in {example!r}; got {in_short(value)}.")
    from IPython import get_ipython
    from IPython.utils.capture import capture_output

    cells = _cells_before(section, _read(lesson))
    shell = get_ipython()
    if shell is None:
        raise RuntimeError("rejoin runs the cells of a lesson: call it in a cell of that lesson.")
    stopped = []
    for source in cells:
        with capture_output():
            result = shell.run_cell(source, silent=True)
        if not result.success:
            stopped.append(f"stopped with {result.error_in_exec or result.error_before_exec!r}:\n{source}")
    print(f"{len(cells) - len(stopped)} of {len(cells)} cells ran. Go on with {section.strip()}.")
    for why in stopped:
        print(f"\nOne cell {why}")


def _read(lesson: str) -> list[dict[str, Any]]:
    """The cells of the lesson in this folder, or in the folder notebooks/ below it."""
    found = sorted(path for place in (".", "notebooks") for path in Path(place).glob("[0-9][0-9]_*.ipynb"))
    for path in found:
        if path.name.startswith(f"{lesson}_"):
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            return [{**cell, "source": "".join(cell["source"])} for cell in cells]
    known = ", ".join(path.stem[:2] for path in found) or "none"
    raise ValueError(f"there is no lesson {lesson!r} in {Path.cwd()}; the lessons here: {known}.")


def _cells_before(section: str, cells: list[dict[str, Any]]) -> list[str]:
    """The code cells from the part's beginning up to the section's heading."""
    wanted = re.compile(re.escape(section.strip()) + r"(?!\w)", re.IGNORECASE)
    headings, part = [], 0
    for k, cell in enumerate(cells):
        if cell["cell_type"] == "markdown" and (heading := HEADING.match(cell["source"])):
            headings.append(heading[1])
            part = k if cell["source"].startswith("# Part ") else part
            if wanted.match(heading[1]):
                return [c["source"] for c in cells[part:k] if c["cell_type"] == "code"]
    raise ValueError(f"the lesson has no section {section!r}; it has: {'; '.join(headings)}.")
