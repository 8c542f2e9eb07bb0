"""A latecomer's cell: what a section needs is run, and nothing of it is shown."""

import re
from pathlib import Path

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_notebooks import LESSONS, read, source, unknown_names

import nnlib as nn
from nnlib.course.rejoin import _cells_before, rejoin


def sections(cells: list[dict]) -> list[str]:
    texts = [source(cell) for cell in cells if cell["cell_type"] == "markdown"]
    return [found[1] for text in texts if (found := re.match(r"##? ([^.:\n]+)", text))]


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_section_of_every_lesson_has_what_it_needs(path: Path) -> None:
    cells = [dict(cell, source=source(cell)) for cell in read(path)["cells"]]
    names = sections(cells)
    assert len(set(names)) == len(names) > 5
    for name, following in zip(names, [*names[1:], None], strict=True):
        before = _cells_before(name, cells)
        both = len(before) if following is None else len(_cells_before(following, cells))
        if both <= len(before):
            continue  # a new part begins, or there is nothing to be run here
        here = [{"cell_type": "code", "source": code} for code in _cells_before(following, cells)]
        assert unknown_names(here) == [], name


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, root: Path) -> InteractiveShell:
    """A shell as a kernel has one, in the folder of the lessons."""
    shell = InteractiveShell()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    monkeypatch.chdir(root / "notebooks")
    return shell


def test_the_names_of_the_cells_before_are_there(
    shell: InteractiveShell, capsys: pytest.CaptureFixture
) -> None:
    rejoin("01", "6")
    assert re.fullmatch(r"(\d+) of \1 cells ran\. Go on with 6\.\n", capsys.readouterr().out)
    assert shell.user_ns["nn"] is nn
    assert "length" in shell.user_ns
    assert "texts" not in shell.user_ns  # part A's


def test_it_is_the_lesson_as_it_was_last_saved(
    shell: InteractiveShell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    new = nbformat.v4
    texts = ["# Title", "# Part A: first", "## 1. One", "## 10. Ten"]
    codes = ["too_early = 1", "mine = 2\nmine", "print('shown')\nmissing", "late = 3"]
    cells = [
        cell
        for t, c in zip(texts, codes, strict=True)
        for cell in (new.new_markdown_cell(t), new.new_code_cell(c))
    ]
    nbformat.write(new.new_notebook(cells=cells), tmp_path / "07_mine.ipynb")
    monkeypatch.chdir(tmp_path)
    rejoin("07", " 10 ")
    said = capsys.readouterr().out
    assert said.startswith("1 of 2 cells ran. Go on with 10.\n\nOne cell stopped with NameError(")
    assert said.endswith("print('shown')\nmissing\n")
    assert shell.user_ns["mine"] == 2
    assert not {"too_early", "late"} & shell.user_ns.keys()


def test_no_such_lesson_and_no_such_section(shell: InteractiveShell) -> None:
    with pytest.raises(ValueError, match=r"^there is no lesson '4' in .*; the lessons here: 00, 01, .*05\.$"):
        rejoin("4", "B5")
    with pytest.raises(
        ValueError, match=r"^the lesson has no section 'B'; it has: The sleep/study network; Part A"
    ):
        rejoin("04", "B")


def test_outside_a_notebook(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    with pytest.raises(RuntimeError, match=r"^rejoin runs the cells of a lesson: call it in a cell"):
        rejoin("04", "Part B")
