"""A cell that needs another: the hint below Python's NameError."""

import json
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell
from test_notebooks import LESSONS, read, source

from nnlib.course.earlier import names_made, watch, where

CELLS = [
    ("markdown", "first", "## B1. Weights\n\nHow much of each?"),
    ("code", "makes", "import math\nweights = [1, 2]"),
    ("code", "again", "%matplotlib inline\nweights = 3"),
    ("markdown", "next", "Add them."),
    ("code", "needs", "sum(weights)"),
    ("code", "later", "def total(values):\n    return sum(values)"),
]


@pytest.fixture
def notebook(tmp_path: Path) -> Path:
    """The folder of a saved notebook; beside it lies what only looks like one."""
    cells = [{"cell_type": kind, "id": name, "source": [text]} for kind, name, text in CELLS]
    (tmp_path / "b.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    for name, text in [("a", "not JSON"), ("c", "[]"), ("d", '{"cells": [1]}'), ("e", '{"cells": 1}')]:
        (tmp_path / f"{name}.ipynb").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_nearest_cell_above_is_named_with_its_section_and_its_line(notebook: Path) -> None:
    assert where("weights", "needs", "sum(weights)", notebook) == (
        '\nweights is made in a cell further up, in "B1. Weights", that has not run since the kernel '
        "started. It has the line\n\n    weights = [1, 2]\n\n"
        "Run that cell first, or all cells above this one: Run ▸ Run All Above Selected Cell."
    )


def test_a_cell_below_is_named_where_none_above_makes_it(notebook: Path) -> None:
    hint = where("total", "needs", "", notebook)
    assert 'total is made in a cell further down, in "B1. Weights",' in hint
    assert hint.endswith("    def total(values):\n\nRun that cell first.")


def test_of_two_notebooks_with_the_same_ids_it_is_the_one_that_looks_more_like_it(notebook: Path) -> None:
    other = [{"cell_type": "code", "id": name, "source": ["weights = 5"]} for name in ("makes", "needs")]
    (notebook / "a.ipynb").write_text(json.dumps({"cells": other}), encoding="utf-8")
    assert "[1, 2]" in where("weights", "needs", "sum(weights) + 1", notebook)
    assert "weights = 5" in where("weights", "needs", "weights * 5", notebook)


@pytest.mark.parametrize(("name", "cell"), [("weigths", "needs"), ("weights", "elsewhere")])
def test_nothing_is_said_of_what_no_cell_makes(name: str, cell: str, notebook: Path) -> None:
    assert where(name, cell, "", notebook) == ""


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("a, b = 1, 2", {"a", "b"}),
        ("import numpy as np", {"np"}),
        ("def f(x):\n    y = x", {"f"}),
        ("class C:\n    z = 1", {"C"}),
        ("print(a)", set()),
        ("%cd ..", set()),
    ],
)
def test_names_made(code: str, names: set[str]) -> None:
    assert names_made(code) == names


@pytest.fixture
def shell(notebook: Path, monkeypatch: pytest.MonkeyPatch) -> InteractiveShell:
    """A shell that runs the notebook's cell "needs"."""
    monkeypatch.chdir(notebook)
    shell = InteractiveShell()
    shell.get_parent = lambda: {"metadata": {"cellId": "needs"}, "content": {"code": "sum(weights)"}}
    watch(shell)
    return shell


def test_below_the_error_of_a_cell_stands_what_it_needs(
    shell: InteractiveShell, capsys: pytest.CaptureFixture
) -> None:
    result = shell.run_cell("sum(weights)")
    assert isinstance(result.error_in_exec, NameError)
    printed = capsys.readouterr().out
    assert printed.index("NameError") < printed.index("    weights = [1, 2]")


@pytest.mark.parametrize(
    "code", ["sum(weigths)", "1 / 0", "def f():\n    weights += 1\nf()", "raise NameError"]
)
def test_other_errors_stand_alone(shell: InteractiveShell, code: str, capsys: pytest.CaptureFixture) -> None:
    assert shell.run_cell(code).error_in_exec
    assert "is made in" not in capsys.readouterr().out


def test_a_shell_without_cells_shows_the_error_alone(
    shell: InteractiveShell, capsys: pytest.CaptureFixture
) -> None:
    del shell.get_parent
    shell.run_cell("sum(weights)")
    assert "NameError" in (printed := capsys.readouterr().out)
    assert "is made in" not in printed


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_names_that_the_cells_of_a_lesson_make_are_found_from_its_last_cell(path: Path) -> None:
    codes = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code" and source(cell)]
    last = codes.pop()
    names = {name for cell in codes for name in names_made(source(cell))}
    for name in sorted(names)[::8]:
        assert f"\n{name} is made in a cell further up" in where(name, last["id"], source(last), path.parent)
