"""A cell that is run before the one that makes its names: say which one that is.

After a restart of the kernel, or in an order of their own, learners meet `NameError: name 'net' is not
defined`. Below that error stands where in the lesson `net` is made.
"""

import json
import re
import symtable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

MADE = """
{name} is made in a cell further {place} that has not run since the kernel started. It has the line

    {line}

Run that cell first"""
ABOVE = ", or all cells above this one: Run ▸ Run All Above Selected Cell."


def watch(shell: Any) -> None:
    """Let this shell of IPython say it from now on."""

    def explained(shell: Any, kind: type, error: NameError, trace: Any, tb_offset: Any = None) -> None:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        request: dict[str, Any] = getattr(shell, "get_parent", dict)()
        cell, code = request.get("metadata", {}).get("cellId"), request.get("content", {}).get("code", "")
        if kind is NameError and error.name and cell and (hint := where(error.name, cell, code, Path())):
            print(hint)

    shell.set_custom_exc((NameError,), explained)


def where(name: str, cell: str, code: str, folder: Path) -> str:
    """In words, which other cell of the same notebook makes the name; "" if none is found.

    Parameters
    ----------
    name : the name that is not known.
    cell, code : the id of the cell that needs it, and what stands in it now.
    folder : where the notebook was saved, among others that may have a cell of that id.
    """
    found = [(cells, ids.index(cell)) for cells, ids in _notebooks(folder) if cell in ids]
    if not found:
        return ""
    cells, here = max(found, key=lambda each: SequenceMatcher(None, _source(each[0][each[1]]), code).ratio())
    above, below = range(here - 1, -1, -1), range(here + 1, len(cells))
    for place, numbers, more in (("up", above, ABOVE), ("down", below, ".")):
        for k in numbers:
            if cells[k]["cell_type"] == "code" and name in names_made(source := _source(cells[k])):
                line = next(line for line in source.splitlines() if re.search(rf"\b{name}\b", line))
                return MADE.format(name=name, place=place + _section(cells[:k]), line=line.strip()) + more
    return ""


def names_made(code: str) -> set[str]:
    """The names that a cell gives a value; none where it is not Python alone."""
    try:
        symbols = symtable.symtable(code, "cell", "exec").get_symbols()
    except SyntaxError:
        return set()
    return {s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace()}


def _notebooks(folder: Path) -> list[tuple[list[dict[str, Any]], list[str]]]:
    """The cells of every notebook in the folder, and their ids; what cannot be read is left out."""
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found.append((cells, [cell.get("id") for cell in cells]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def _source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def _section(cells: list[dict[str, Any]]) -> str:
    """The last heading in these cells, as in ', in "B5. One step back",'."""
    for cell in reversed(cells):
        heading = _source(cell).partition("\n")[0]
        if cell["cell_type"] == "markdown" and heading.startswith("#"):
            return f', in "{heading.lstrip("# ")}",'
    return ""
