"""The stored lessons: what strict nbval does not look at, and that what it looks at is really compared."""

import ast
import builtins
import copy
import json
import re
import subprocess
import symtable
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nnlib.course.earlier import names_made

ROOT = Path(__file__).resolve().parent.parent
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
ROLES = {"slide", "subslide", "fragment", "skip", "notes", "-"}
# Words that tell a stuck learner that it is easy.
EASY = re.compile(
    r"\b(simply|just|obviously|trivially|clearly|of course|easy|easily)\b|!(?!\[|=)", re.IGNORECASE
)
MARKS = re.compile(r"NBVAL_|raises-exception|nbval-", re.IGNORECASE)

Notebook = dict[str, Any]


def read(path: Path) -> Notebook:
    return json.loads(path.read_text(encoding="utf-8"))


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def paragraphs(text: str) -> list[str]:
    """The paragraphs and list entries of a text cell, without tables and code."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    lines = [line for line in text.splitlines() if not line.lstrip().startswith(("|", "<"))]
    return re.split(r"\n\s*\n|\n\s*(?:[-*]|\d+\.)\s", "\n".join(lines))


class Images(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.alts: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.alts.append(dict(attributes).get("alt") or "")


def faults(notebook: Notebook) -> list[str]:
    """Everything that is wrong with a stored lesson, in words."""
    found = []
    metadata = notebook["metadata"]
    if metadata.get("kernelspec", {}).get("name") != "python3":
        found.append("the kernelspec is not python3, so JupyterLab asks for a kernel")
    if metadata.get("language_info", {}).get("name") != "python":
        found.append("the language is not python, so JupyterLab asks for a kernel")
    if "widgets" in metadata:
        found.append("widget state is stored")
    counts = [
        c["execution_count"] for c in notebook["cells"] if c["cell_type"] == "code" and source(c).strip()
    ]
    if counts != list(range(1, len(counts) + 1)):
        found.append("it was not stored as run once, from top to bottom")
    if len({cell["id"] for cell in notebook["cells"]}) != len(notebook["cells"]):
        found.append("two cells share an id")
    for number, cell in enumerate(notebook["cells"]):
        found += [f"cell {number}: {fault}" for fault in cell_faults(cell)]
    return found + told_too_soon(notebook)


def told_too_soon(notebook: Notebook) -> list[str]:
    """The results that stand on the slide that asks for a guess."""
    found, asked = [], set[str]()
    for number, cell in enumerate(notebook["cells"]):
        role = cell["metadata"].get("slideshow", {}).get("slide_type")
        if role in ("slide", "subslide"):
            asked = set()
        if role != "skip":
            told = asked.intersection(re.findall(r"(\w+)\.happened\(", source(cell)))
            found += [f"cell {number}: tells {name} on the slide of its question" for name in told]
            asked.update(re.findall(r"(\w+) = Choice\(", source(cell)))
    return found


def cell_faults(cell: dict[str, Any]) -> list[str]:
    text, found = source(cell), []
    if cell["metadata"].get("slideshow", {}).get("slide_type") not in ROLES:
        found.append("no slideshow role")
    if text.startswith("Choice(") and "right=" in text and not cell["metadata"].get("jupyter"):
        found.append("a quiz shows its answers: hide the cell's source")
    if MARKS.search(text) or MARKS.search(json.dumps(cell["metadata"])):
        found.append("a mark that keeps nbval from looking")
    if cell["cell_type"] == "markdown":
        found += [f"over 60 words: {p[:40]!r}" for p in paragraphs(text) if len(p.split()) > 60]
        found += [f"{match[0]!r}" for match in EASY.finditer(re.sub(r"`[^`]*`", "", text))]
        if re.search(r"!\[\s*\]\(", text):
            found.append("a picture without alt text")
        return found
    if len(text.splitlines()) > 15:
        found.append("over 15 lines of code")
    for output in cell["outputs"]:
        data = output.get("data", {})
        plain = "".join(data.get("text/plain", []))
        if output["output_type"] == "error" or output.get("name") == "stderr":
            found.append("an error or a warning is stored")
        if any("widget" in kind for kind in data):
            found.append("a widget view is stored")
        if re.search(r"0x[0-9a-f]{6,}|VBox\(|Slider\(|<Figure", plain + "".join(output.get("text", []))):
            found.append(f"a reader without a kernel sees {plain[:40]!r}")
        images = Images()
        images.feed("".join(data.get("text/html", [])))
        if any(kind.startswith("image/") for kind in data) or not all(len(alt) > 20 for alt in images.alts):
            found.append("a picture without words that stand for it")
    return found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_stored_lesson_has_no_fault(path: Path) -> None:
    assert faults(read(path)) == []
    assert path.stat().st_size < 1_000_000


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_begins_with_what_it_gives_and_takes_and_ends_with_a_recap(path: Path) -> None:
    texts = [source(cell) for cell in read(path)["cells"] if cell["cell_type"] == "markdown"]
    top = "\n\n".join(texts[:6])
    _, _, able = top.partition("**What you will be able to do**\n\n")
    assert able.split("\n\n")[0].count("- ") >= 3
    assert re.search(r"\*\*\d+ minutes\*\*", top)
    assert any(re.search(r"^(# |\*\*)Recap", text, re.MULTILINE) for text in texts)
    if not path.stem.startswith("00"):
        assert "| symbol | what it is | shape | unit |" in top


@pytest.mark.parametrize(("colab", "line"), [(False, "-e .."), (True, "--no-deps anywidget psygnal -e ..")])
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_the_first_cell_that_wants_nnlib_says_what_to_type_where_it_is_missing(
    path: Path, colab: bool, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    codes = [source(cell) for cell in read(path)["cells"] if cell["cell_type"] == "code"]
    first = next(code for code in codes if "nnlib" in code)
    monkeypatch.chdir(ROOT / "notebooks")
    monkeypatch.setitem(sys.modules, "nnlib", None)
    monkeypatch.delitem(sys.modules, "nnlib.explore", raising=False)
    if colab:
        monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    with pytest.raises(ModuleNotFoundError) as error:
        exec(first, {})
    said = str(error.value)
    assert re.match(r"nnlib[.\w]* is not installed in the Python that runs this page: ", said)
    assert f": {sys.executable}\n" in said
    assert said.endswith(f"\n%pip install -q {line}")


def names_of(code: str) -> tuple[set[str], set[str]]:
    """The names that a cell makes, and those that it needs."""

    def needed(table: symtable.SymbolTable) -> set[str]:
        inner = {name for child in table.get_children() for name in needed(child)}
        return inner | {s.get_name() for s in table.get_symbols() if s.is_referenced() and s.is_global()}

    top = symtable.symtable(code, "cell", "exec")
    symbols = top.get_symbols()
    return names_made(code), needed(top) | {s.get_name() for s in symbols if s.is_referenced()}


def unknown_names(cells: list[dict[str, Any]]) -> list[str]:
    """The names that these cells need and that none of them, or of those before it, makes."""
    known, unknown = set(dir(builtins)) | {"__name__"}, []
    for cell in cells:
        if cell["cell_type"] == "code":
            makes, needs = names_of(source(cell).replace("??", ""))
            known |= makes
            unknown += sorted(needs - known)
    return unknown


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_each_part_starts_on_its_own(path: Path) -> None:
    cells = read(path)["cells"]
    starts = [k for k, cell in enumerate(cells) if source(cell).startswith("# Part ")] or [0]
    for start, end in zip(starts, [*starts[1:], len(cells)], strict=True):
        assert unknown_names(cells[start:end]) == [], source(cells[start]).splitlines()[0]


def test_a_part_that_leans_on_another_is_found() -> None:
    cells = [c for c in read(ROOT / "notebooks" / "04_sleep_study_scores.ipynb")["cells"] if source(c)]
    first = next(k for k, cell in enumerate(cells) if source(cell).startswith("# Part B"))
    assert {"nn", "np", "X", "new_network"} <= set(unknown_names([*cells[first + 3 :]]))


def values(code: str) -> dict[str, str]:
    """The statement that gives each name of a cell its value; imports aside."""
    found = {}
    for statement in ast.parse(code).body:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            text = ast.unparse(statement)
            found |= dict.fromkeys(names_of(text)[0], text)
    return found


def overwritten(cells: list[dict[str, Any]]) -> list[str]:
    """The names that have another value when a cell is run again at the end of the lesson."""
    codes = [source(c).replace("??", "") for c in cells if c["cell_type"] == "code"]
    at_end = {name: text for code in codes for name, text in values(code).items()}
    now: dict[str, str] = {}
    found = []
    for code in codes:
        makes, needs = names_of(code)
        needs |= set(re.findall(r"practice\.(\w+)\.check\(\)", code))
        found += [name for name in sorted(needs - makes & now.keys()) if now.get(name) != at_end.get(name)]
        now |= values(code)
    return found


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_every_cell_can_be_run_again_after_run_all(path: Path) -> None:
    assert overwritten(read(path)["cells"]) == []


def test_a_name_that_means_something_else_later_is_found() -> None:
    codes = ["y = 1", "def relu(z):\n    return z", "practice.relu.check()", "print(y)", "y = 2", "relu = 3"]
    cells = [{"cell_type": "code", "source": code} for code in codes]
    assert overwritten(cells) == ["relu", "y"]


def plant(change: Callable[[Notebook], None]) -> list[str]:
    notebook = copy.deepcopy(read(LESSONS[0]))
    change(notebook)
    return faults(notebook)


def first_code(notebook: Notebook) -> dict[str, Any]:
    return next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda n: first_code(n).update(execution_count=None), "run once"),
        (lambda n: first_code(n).update(execution_count=7), "run once"),
        (lambda n: first_code(n)["metadata"].update(tags=["raises-exception"]), "nbval"),
        (lambda n: first_code(n).update(source=["# NBVAL_SKIP\n"]), "nbval"),
        (lambda n: first_code(n).update(source=["x\n"] * 16), "15 lines"),
        (lambda n: first_code(n)["outputs"].append({"output_type": "stream", "name": "stderr"}), "warning"),
        (
            lambda n: [c.update(metadata={"slideshow": {"slide_type": "-"}}) for c in n["cells"]],
            "its question",
        ),
        (lambda n: n["metadata"].update(widgets={}), "widget state"),
        (lambda n: n["metadata"].pop("kernelspec"), "kernel"),
        (lambda n: n["cells"][0]["metadata"].clear(), "role"),
        (lambda n: n["cells"][0].update(source=["This is simply a sum."]), "simply"),
        (lambda n: n["cells"][0].update(source=["word " * 61]), "60 words"),
        (lambda n: n["cells"][0].update(source=["![](picture.png)"]), "alt text"),
        (
            lambda n: first_code(n)["outputs"].append(
                {
                    "output_type": "display_data",
                    "data": {"text/html": ["<img src='data:image/png;base64,AA'>"]},
                }
            ),
            "words that stand for it",
        ),
    ],
)
def test_a_planted_fault_is_found(change: Callable[[Notebook], None], word: str) -> None:
    assert any(word in fault for fault in plant(change))


def store(*paths: Path) -> None:
    subprocess.run(
        [sys.executable, ROOT / "notebooks" / "store.py", *paths], check=True, capture_output=True, cwd=ROOT
    )


def test_storing_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    copy = tmp_path / LESSONS[0].name
    copy.write_bytes(LESSONS[0].read_bytes())
    store(copy)
    once = copy.read_bytes()
    store(copy)
    assert copy.read_bytes() == once


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="outputs are compared on Linux only")
def test_a_changed_number_in_a_stored_output_fails_the_tests(tmp_path: Path) -> None:
    notebook = read(LESSONS[0])
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    printed = next(output for output in outputs if "predicted" in "".join(output.get("text", [])))
    shown = next(output["data"] for output in outputs if "text/html" in output.get("data", {}))
    for output, key in [(printed, "text"), (shown, "text/html")]:
        good = "".join(output[key])
        output[key] = re.sub(r"\d(?=\.)", lambda m: str((int(m[0]) + 1) % 10), good, count=1)
        assert output[key] != good
    (tmp_path / "changed.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    settings = ["-q", "-n0", "-p", "no:cacheprovider", f"--rootdir={ROOT}", "-c", ROOT / "pyproject.toml"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *settings, tmp_path / "changed.ipynb"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout + run.stderr
    assert re.search(r"\b2 failed", run.stdout), run.stdout
