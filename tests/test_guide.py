"""The instructor guide: its tables are complete, its minutes add up, what it quotes is there."""

import ast
import importlib.util
import re
import zlib
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from test_notebooks import EASY, paragraphs, read, source

from nnlib import MaxScaler, datasets, reference

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "notebooks" / "instructor_guide.md"
TEXT = GUIDE.read_text(encoding="utf-8")
LESSONS = {path.stem[:2]: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
# In a teacher's note a sentence begins with its minutes: "… the sign of b. 6 minutes."
MINUTES = re.compile(r"(?:^|[.:!?] )(\d+) minutes")
TIMED = [number for number in LESSONS if f"\n## Lesson {number}\n" in TEXT]


def rows(text: str) -> list[list[str]]:
    """The cells of each row of the tables in this text, without the heads."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    heads = {k for k, line in enumerate(lines) if set(line) <= set("|-: ")}
    kept = [line for k, line in enumerate(lines) if not {k, k + 1} & heads]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in kept]


def part_of_guide(heading: str) -> str:
    """The guide from this heading to the next of its level."""
    (level, _) = heading.split(" ", 1)
    _, _, rest = TEXT.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(rf"^{level} ", rest, maxsplit=1, flags=re.MULTILINE)[0]


class Section:
    """A heading of a lesson; `own` are the cells up to the next one, `all` up to the next of its level."""

    def __init__(self, title: str, level: int) -> None:
        self.title, self.level = title, level
        self.own: list[dict] = []
        self.all: list[dict] = []

    def minutes(self) -> int:
        notes = [cell for cell in self.own if cell["metadata"]["slideshow"]["slide_type"] == "notes"]
        texts = [" ".join(source(cell).split()).replace("</summary> ", ". ") for cell in notes]
        return sum(int(minutes) for text in texts for minutes in MINUTES.findall(text))

    def holds_an_experiment(self) -> bool:
        codes = [cell for cell in self.all if cell["cell_type"] == "code"]
        tried = re.compile(r"Choice\(|Explorer\(|\.check\(")
        return any(cell["outputs"] or tried.search(source(cell)) for cell in codes)


@cache
def sections(number: str) -> list[Section]:
    """The sections of a lesson in order."""
    found: list[Section] = []
    for cell in read(LESSONS[number])["cells"]:
        heading = re.match(r"(#+) (.+)", source(cell)) if cell["cell_type"] == "markdown" else None
        if heading:
            found.append(Section(heading[2], len(heading[1])))
        found[-1].own.append(cell)
        for k, section in enumerate(found):
            if all(later.level > section.level for later in found[k + 1 :]):
                section.all.append(cell)
    return found


@cache
def announced(number: str) -> dict[str, int]:
    """The minutes that a lesson announces to its reader: of each part, of Deeper, and in all."""
    text = " ".join(" ".join(source(c) for c in read(LESSONS[number])["cells"][:8]).split())
    parts = re.findall(r"\b([A-C]) \([^)]*\)(?: takes)? \**(\d+)", text)
    found = {f"Part {letter}": int(minutes) for letter, minutes in parts}
    if deeper := re.search(r"\*Deeper\* (\d+)", text):
        found["Deeper"] = int(deeper[1])
    total = sum(found.values())
    if len(parts) == 0:
        total = int(re.search(r"\*\*(\d+) minutes\*\*", text)[1])
    elif f"**{total} minutes**" not in text:  # lesson 04 announces its parts alone
        assert text.count(" minutes**") == len(parts)
    return found | {"all": total}


def planned(number: str, label: str) -> int:
    """The minutes of what a plan calls by this label."""
    if label in LESSONS:
        return announced("00")["all"] if label == "00" else 45
    if label in announced(number):
        return announced(number)[label]
    (k,) = [k for k, s in enumerate(sections(number)) if s.title == label or s.title.startswith(f"{label}. ")]
    minutes = sections(number)[k].minutes()
    for later in sections(number)[k + 1 :]:
        if sections(number)[k].level == 1 or later.level <= sections(number)[k].level:
            break
        minutes += later.minutes()
    return minutes


# The minutes


@pytest.mark.parametrize("number", TIMED)
def test_the_minutes_of_a_lesson_are_those_of_its_notes_and_add_up(number: str) -> None:
    table = rows(part_of_guide(f"## Lesson {number}").split("\n### ")[0])
    of = {section.title: section.minutes() for section in sections(number)}
    seen: list[str] = []
    sums: dict[str, int] = {}
    stated: dict[str, tuple[int, int, int]] = {}
    for name, minutes in table:
        if bold := re.fullmatch(r"\*\*(.+)\*\* \(announced (\d+)(?:, and (\d+) for \*Deeper\*)?\)", name):
            stated[bold[1]] = (int(bold[2]), int(bold[3] or 0), int(minutes.strip("*")))
            if bold[1] != "Lesson":
                assert bold[1] in of
                sums[bold[1]] = 0
            continue
        titles = name.removesuffix(" (the opening)").split("; ")
        assert int(minutes) == sum(of[title] for title in titles), name
        seen += titles
        if sums:
            sums[list(sums)[-1]] += int(minutes)
    assert len(seen) == len(set(seen))
    assert {title for title, minutes in of.items() if minutes} <= set(seen)
    assert stated.pop("Lesson") == (
        announced(number)["all"] - announced(number).get("Deeper", 0),
        announced(number).get("Deeper", 0),
        sum(of.values()),
    )
    for part, (said, _, minutes) in stated.items():
        assert (said, minutes) == (announced(number)[part.split(":")[0]], sums[part]), part
    assert len(stated) == len([name for name in announced(number) if name.startswith("Part")])


PLANS = [
    (heading[1], f"### {plan}")
    for heading in re.finditer(r"^## Lesson (\d\d)\n(.*?)(?=^## )", TEXT, re.MULTILINE | re.DOTALL)
    for plan in re.findall(r"^### (Plan: .+)$", heading[2], re.MULTILINE)
] + [("00", "## A one-day workshop")]


def plan_text(number: str, heading: str) -> str:
    if heading.startswith("## "):
        return part_of_guide(heading)
    _, _, rest = part_of_guide(f"## Lesson {number}").partition(f"\n{heading}\n")
    return rest.split("\n### ")[0]


@pytest.mark.parametrize(("number", "heading"), PLANS)
def test_a_plan_adds_up_and_says_what_to_cut(number: str, heading: str) -> None:
    text, clock, reached, done = plan_text(number, heading), 0, {25: "", 35: ""}, list[str]()
    for until, minutes, what in rows(text):
        clock += int(minutes)
        assert clock == int(until), what
        labels = re.findall(r"\*\*(.+?)\*\*", what)
        wanted = sum(planned(number, label) for label in labels)
        if what.startswith("part of "):
            assert int(minutes) < wanted, what
        elif labels:
            assert int(minutes) == wanted, what
            done += labels
        for at in reached:
            if labels and clock <= at:
                reached[at] = labels[-1]
    assert len(done) == len(set(done)) + heading.startswith(
        "## "
    )  # the workshop has two sittings of lesson 04
    total = re.search(r"Plan: (\d+) minutes", heading)
    assert clock == (int(total[1]) if total else 360)
    if clock >= 45:
        for at, label in reached.items():
            assert f"\n- Minute {at}: **{label}** is done" in text, f"{heading}: {label} at minute {at}"
        assert text.count("If not: ") == 2


@pytest.mark.parametrize("number", [number for number in LESSONS if number != "00"])
def test_every_lesson_has_a_plan_of_45_and_of_90_minutes(number: str) -> None:
    plans = " ".join(heading for at, heading in PLANS if at == number)
    assert "Plan: 45 minutes" in plans
    assert "Plan: 90 minutes" in plans


# Where each idea is met


@pytest.mark.parametrize(
    ("heading", "letter", "last"),
    [("## Concepts", "C", 27), ("## Questions", "Q", 8), ("## Beliefs", "M", 21)],
)
def test_every_idea_is_named_once_and_met_in_an_experiment(heading: str, letter: str, last: int) -> None:
    table = rows(part_of_guide(heading))
    assert [row[0] for row in table] == [f"{letter}{k}" for k in range(1, last + 1)]
    for row in table:
        assert all(row), row[0]
        places = re.findall(r"\[(\d\d)\] ([^;]+)", row[2])
        assert places, row[0]
        assert "; ".join(f"[{number}] {title}" for number, title in places) == row[2], row[0]
        for number, title in places:
            named = [section for section in sections(number) if section.title == title.strip()]
            assert len(named) == 1, f"{row[0]}: lesson {number} has no section {title}"
            assert named[0].holds_an_experiment(), f"{row[0]}: {title}"


def test_the_exercises_that_the_concepts_name_are_there() -> None:
    modules = [importlib.import_module(f"nnlib.exercises.lesson{number}") for number in LESSONS]
    named = {name for row in rows(part_of_guide("## Concepts")) for name in re.findall(r"`(\w+)`", row[4])}
    assert len(named) > 15
    assert [name for name in named if not any(hasattr(module, name) for module in modules)] == []


# Links and quotations


def test_links_and_anchors_lead_somewhere() -> None:
    defined = dict(re.findall(r"^\[(\d\d)\]: (\S+)$", TEXT, re.MULTILINE))
    assert defined == {number: path.name for number, path in LESSONS.items()}
    headings = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    anchors = re.findall(r"\]\(#([^)]+)\)", TEXT)
    assert len(anchors) > 10
    assert set(anchors) <= slugs
    for name in set(re.findall(r"`((?:tests|notebooks|nnlib|binder|images)/[\w./]*)`", TEXT)):
        assert (ROOT / name).exists() or (ROOT / "notebooks" / name).exists(), name


def messages() -> str:
    """Every text of nnlib, with … for what is filled in, and every text of the lessons."""
    found = []
    for path in sorted((ROOT / "nnlib").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
                found.append("".join(map(str, parts)))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    cells = [source(cell) for path in LESSONS.values() for cell in read(path)["cells"]]
    return "\n".join([*found, *cells])


def test_every_message_on_the_card_is_a_real_one() -> None:
    card = rows(part_of_guide("## A card for helpers"))
    assert len(card) >= 15
    assert all(len(row) == 3 and row[1].count("?") + row[1].count(".") for row in card)
    quoted = [text for row in card for cell in row for text in re.findall(r'"([^"]+)"', cell)]
    assert len(quoted) >= 15
    known = messages()
    assert [text for text in quoted if text not in known] == []


@pytest.mark.parametrize("number", [number for number in TIMED if number != "00"])
def test_the_numbers_of_the_answers_stand_in_the_lesson(number: str) -> None:
    table = rows(part_of_guide(f"## Lesson {number}").split("\n### Say and ask\n")[1])
    cells = read(LESSONS[number])["cells"]
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    known = "".join([*map(source, cells), *("".join(output.get("text", [])) for output in outputs)])
    for answer in [row[1] for row in table]:
        for said in re.findall(r"\d[\d,.]*\d", re.sub(r"`[^`]*`", "", answer)):
            plain = said.replace(",", "")
            assert re.search(rf"(?<!\d){re.escape(plain)}", known.replace(",", "")), f"{said} in {answer}"


def test_the_guide_is_plain_and_short() -> None:
    prose = re.sub(r"```.*?```|`[^`\n]*`", "", TEXT, flags=re.DOTALL)
    assert EASY.findall(prose) == []
    assert [p for p in paragraphs(TEXT) if len(p.split()) > 60] == []
    assert "notebooks/instructor_guide.md" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_letter_is_drawn_with_as_many_hinges_as_the_guide_says() -> None:
    x = np.linspace(0, 10, 101)
    for corners, heights in [([0, 5, 10], [4, 0, 4]), ([0, 2, 5, 8, 10], [0, 4, 1, 4, 0])]:  # V, M
        hinges = [np.maximum(0, x - place) for place in corners[:-1]]
        columns = np.column_stack([np.ones(101), *hinges])
        y = np.interp(x, corners, heights)
        for fewer, fits in [(columns, True), (columns[:, :-1], False)]:
            bends = np.linalg.lstsq(fewer, y, rcond=None)[0]
            assert (np.abs(fewer @ bends - y).max() < 1e-9) == fits
        assert len(hinges) == {3: 2, 5: 4}[len(corners)]


@pytest.mark.usefixtures("strict")
def run_example(heading: str) -> dict:
    """The names that the example under this heading makes."""
    (code,) = re.findall(r"```python\n(.*?)```", part_of_guide(heading), re.DOTALL)
    names: dict = {}
    exec(code, names)
    return names


def test_the_example_of_a_tally_runs() -> None:
    tally = run_example("### Tools for the hour")["tally"]
    tally.set(counts=[3, 12, 7])
    assert "12" in repr(tally)


def test_the_example_of_a_latecomer_names_a_section() -> None:
    (lesson, section) = re.search(r'nn\.rejoin\("(\d\d)", "(\w+)"\)', TEXT).groups()
    assert any(each.title.startswith(f"{section}. ") for each in sections(lesson))


def test_the_example_of_another_data_set_runs() -> None:
    names = run_example("### Another data set")
    assert repr(names["explorer"]).startswith("Week 1 of 3 (rain 2 days, temperature 30 °C): predicted ")


# The sheet


@pytest.fixture(scope="module")
def sheet() -> ModuleType:
    path = ROOT / "notebooks" / "images" / "make_sheet.py"
    spec = importlib.util.spec_from_file_location("make_sheet", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def texts_of(pdf: bytes) -> list[str]:
    """What is written in the PDF, in the order of drawing."""
    streams = re.findall(rb"/FlateDecode >>\s*stream\n(.*?)\nendstream", pdf, re.DOTALL)
    drawn = b"".join(map(zlib.decompress, streams))
    return [text.decode("cp1252") for text in re.findall(rb"\(([^()]*)\) Tj", drawn)]


def test_the_sheet_is_what_its_script_makes(sheet: ModuleType, tmp_path: Path) -> None:
    for name in ("one.pdf", "two.pdf"):
        sheet.write(tmp_path / name)
    made, stored = (tmp_path / "one.pdf").read_bytes(), sheet.SHEET.read_bytes()
    assert made == (tmp_path / "two.pdf").read_bytes()
    assert texts_of(stored) == texts_of(made)  # the bytes around them may differ with Matplotlib's release
    assert len(texts_of(made)) > 150
    assert stored.count(b"/Type /Page\n") + stored.count(b"/Type /Page ") == 2
    assert b"Date" not in stored
    boxes = re.findall(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", stored)
    assert boxes
    assert all(float(w) <= 595.3 and float(h) <= 792 for w, h in boxes)  # A4's width, letter's height


def test_the_answers_of_the_sheet_are_nnlibs_and_those_of_a_pencil(sheet: ModuleType) -> None:
    hours, _, _, _ = datasets.test_scores()
    x = MaxScaler().fit(hours).transform(hours)[sheet.STUDENT]
    theta = sheet.network().theta
    hidden, share = reference.forward(theta, x)
    found = sheet.answers()
    assert [float(value) for value in found[:2]] == pytest.approx(x)
    by_table = []  # as a pencil does it: a is read from the table, where z has one decimal
    for k in range(3):
        products = [x[0] * theta[k], x[1] * theta[3 + k]]
        z = sum(products) + theta[6 + k]
        assert z == pytest.approx(round(z, 1))
        by_table.append(round(reference.sigmoid(round(z, 1)), 2))
        wanted = [*products, z, hidden[k]]
        assert [float(value) for value in found[2 + 4 * k : 6 + 4 * k]] == pytest.approx(wanted, abs=0.005)
        assert by_table[-1] == float(found[5 + 4 * k])
    products = [round(a * w, 2) for a, w in zip(by_table, theta[9:12], strict=True)]
    z = sum(products) + theta[12]
    by_pencil = [*products, z, round(reference.sigmoid(round(z, 1)), 2)]
    assert [float(value) for value in found[14:19]] == pytest.approx(by_pencil)
    assert found[18:] == [f"{share:.2f}", "73", "-9"]
    assert f"The answer is {found[19]} points for student {sheet.STUDENT + 1}" in TEXT
    drawn = texts_of(sheet.SHEET.read_bytes())
    second = drawn[drawn.index("Answers") :]
    places = iter(second)
    assert all(value in places for value in found), "the answers stand on the second page, in this order"
