"""The glossary: each term once, in one sentence, and met by a link in the section that it names."""

import re
from functools import cache
from urllib.parse import unquote

import pytest
from test_guide import LESSONS, ROOT, sections
from test_notebooks import source

GLOSSARY = ROOT / "notebooks" / "glossary.md"
ENTRY = re.compile(r"## (.+)\n\n(.+)\n\nMet in \[lesson (\d\d), (.+?)\]\((\w+\.ipynb)#(.+)\)\.\n")
ENTRIES = ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))
LINK = re.compile(r"\[([^\]]+)\]\(glossary\.md#([\w-]+)\)")
OTHER_WORDS = {"dead neuron": "dead", "test rows": "test", "validation rows": "*validation* rows"}
# The sections in which a word stands before it is explained: they say where that is, or need it as a name.
BEFORE = {
    "label": ["[01] 1. One word flips a review"],  # the cell before calls labels what each review means
    "layer": ["[02] C1. A weighted sum", "[02] Recap"],  # as "hidden layer", which is explained there
    "log loss": ["[03] C2. Pass or fail"],
    "loss": ["[00] 4. Move a slider", "[02] A1. One house, one guess"],
    "momentum": ["[04] Two curves"],
    "neuron": ["[00] The course", "[03] Activations"],  # the figure first, then what its parts are called
    "probability": ["[01] 8. Good or bad?"],
    "regression": ["[02] C1. A weighted sum"],  # in the name of the lesson's method
    "scaling": ["[01] 7. Most alike"],
    "slope": ["[02] A3. One number for how wrong"],
}


def slug(term: str) -> str:
    return term.replace(" ", "-")


def prose(cell: dict) -> str:
    """What a learner reads in a cell of text, without headings, code and tables of symbols."""
    if cell["cell_type"] != "markdown" or cell["metadata"]["slideshow"]["slide_type"] == "notes":
        return ""
    text = source(cell)
    if "What you will be able to do" in text or "<summary>Symbols" in text:
        return ""
    to_a_lesson, other_link = r"\[[^\]]*\]\([^)]*ipynb\)", r"(?<=\])\([^)]*\)"
    return re.sub(rf"^#.*$|`[^`]*`|{to_a_lesson}|{other_link}", "", text, flags=re.MULTILINE)


@cache
def linked() -> dict[str, list[tuple[str, str, str]]]:
    """For each term: the lessons, sections and words of the links that lead to it."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for number in LESSONS:
        for section in sections(number):
            for cell in section.own:
                for words, term in LINK.findall(source(cell)):
                    found.setdefault(term, []).append((number, section.title, words))
    return found


def test_the_terms_stand_in_order_and_each_in_one_sentence() -> None:
    terms = [term for term, *_ in ENTRIES]
    assert len(terms) == GLOSSARY.read_text(encoding="utf-8").count("\n## ") > 50
    assert terms == sorted(set(terms))
    for term, sentence, *_ in ENTRIES:
        assert sentence[0].isupper(), term
        assert sentence.count(".") == 1, term
        assert sentence.endswith("."), term
        assert len(sentence.split()) <= 35, term


@pytest.mark.parametrize(("term", "number", "title", "file", "anchor"), [(e[0], *e[2:]) for e in ENTRIES])
def test_a_term_is_linked_once_in_the_section_that_explains_it(
    term: str, number: str, title: str, file: str, anchor: str
) -> None:
    assert file == LESSONS[number].name
    heading = unquote(anchor).replace("-", " ")
    assert heading.rstrip(".") == title.replace("-", " ").rstrip(".")
    ((lesson, section, words),) = linked()[slug(term)]
    assert (lesson, section.rstrip(".")) == (number, title)
    assert OTHER_WORDS.get(term, term) in " ".join(words.lower().split())


def test_every_link_leads_to_a_term() -> None:
    assert set(linked()) == {slug(term) for term, *_ in ENTRIES}


@pytest.mark.parametrize(("term", "number", "title"), [(e[0], e[2], e[3]) for e in ENTRIES])
def test_no_term_is_used_before_it_is_explained(term: str, number: str, title: str) -> None:
    word = re.compile(rf"(?<![\w-]){term}(?:e?s)?(?![\w-])", re.IGNORECASE)
    early = []
    for lesson in [lesson for lesson in LESSONS if lesson <= number]:
        for section in sections(lesson):
            if (lesson, section.title.rstrip(".")) == (number, title):
                break
            if any(word.search(prose(cell)) for cell in section.own):
                early.append(f"[{lesson}] {section.title}")
    assert early == BEFORE.get(term, [])
