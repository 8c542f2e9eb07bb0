"""A typed curve: arithmetic is worked out, points are joined, and everything else is answered in words."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import quick

from nnlib.explore.parts.expression import FUNCTIONS, LONGEST, Unreadable, typed_curve

X = np.linspace(0, 10, 41)


def curve(text):
    return typed_curve(text, 0, 10)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x", lambda x: x),
        ("5", lambda x: 5.0),
        ("sin(x) + x/3", lambda x: math.sin(x) + x / 3),
        ("-x**2 / 10 + 2*x - 1", lambda x: -(x**2) / 10 + 2 * x - 1),
        ("2 ** -x", lambda x: 2**-x),
        ("abs(x - 5)", lambda x: abs(x - 5)),
        ("max(x, 3, 10 - x)", lambda x: max(x, 3, 10 - x)),
        ("min(x, 4)", lambda x: min(x, 4)),
        ("relu(x-3) - 2*relu(x - 5)", lambda x: max(x - 3, 0) - 2 * max(x - 5, 0)),
        ("sqrt(x) * exp(-x) * log(x + 1)", lambda x: math.sqrt(x) * math.exp(-x) * math.log(x + 1)),
        ("tanh(cos(pi * x)) + floor(x)", lambda x: math.tanh(math.cos(math.pi * x)) + math.floor(x)),
        ("tan(x/10)", lambda x: math.tan(x / 10)),
        ("  x − 2 · x ÷ 4 × 3 ", lambda x: x - 2 * x / 4 * 3),
        ("(" * 90 + "x" + ")" * 90, lambda x: x),
        ("-" * 190 + "x", lambda x: x),
    ],
)
def test_an_expression_is_worked_out(text, rule):
    typed = curve(text)
    assert (typed.start, typed.end, len(typed.points)) == (0, 10, 0)
    assert typed.rule(X) == pytest.approx([rule(x) for x in X], rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("text", ["0 1, 2 5, 4 3", "4 3; 0 1; 2 5;", "0 1,2 5,4 3,", "+0 1.0, 2. 5e0, 4 3"])
def test_points_are_joined_by_straight_lines(text):
    typed = curve(text)
    assert (typed.start, typed.end) == (0, 4)
    assert typed.points.tolist() == [[0, 1], [2, 5], [4, 3]]
    assert typed.rule(np.array([0, 1, 2, 3, 4.0])).tolist() == [1, 3, 5, 4, 3]


KNOWN = f"Known are x, pi, numbers, + - * / ** ( ) and {', '.join(FUNCTIONS)}."
MORE = f"This is more than arithmetic. {KNOWN}"
NO_END = "a division by 0, the logarithm of 0, or a power that is too large."


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Type a curve, as in"),
        ("x" * (LONGEST + 1), "This text has 201 characters; 200 at most can be read."),
        ("(((x", "A bracket is open, or one too many is closed."),
        ("2x", "Write each multiplication, as in 2*x."),
        ("y = 2*x", "Write only what stands to the right of the equals sign."),
        ("import os", "cannot be read. Write it as in sin(x)"),
        ("x; y", "cannot be read."),
        ("\0", "cannot be read."),
        ("x^2", "A power is written with two stars: x**2."),
        ("np.sin(x)", "Write sin(x), without what stands before the dot."),
        ("sin", "After sin comes what it works on, in brackets: sin(x)."),
        ("sine(x)", "'sine' has no meaning here. Did you mean 'sin'?"),
        ("y + 1", f"'y' has no meaning here. {KNOWN}"),
        ("max(x)", "max takes two numbers or more, as in max(x, 3); it was given 1."),
        ("sin(x, 2)", "sin takes one number, as in sin(x); it was given 2."),
        ("sin(x, base=2)", "sin takes numbers with commas between them, and nothing else."),
        ("1,5*x", "Within a number, write a point: 0.5."),
        ("'abc'", "'abc' is no number."),
        ("True", "True is no number."),
        ("1j*x", "1j is no number."),
        # what is no arithmetic is never worked out
        ("open('notes.txt')", "'open' has no meaning here."),
        ("__import__('os').system('ls')", MORE),
        ("x.__class__", MORE),
        ("().__class__.__bases__", MORE),
        ("[x for x in x]", MORE),
        ("lambda: x", MORE),
        ("(lambda x: x)(x)", MORE),
        ("x if x else 1", MORE),
        ("x > 3", MORE),
        ("x[0]", MORE),
        ("f'{x}'", MORE),
        ("(y := 3)", MORE),
        ("max(*x)", MORE),
        ("x // 2", MORE),
        # no value, or too large a one
        ("1/x", f"The curve has no end at x = 0: {NO_END}"),
        ("1/(x - 5)", f"The curve has no end at x = 5: {NO_END}"),
        ("9**9**9**9", f"The curve has no end at x = 0: {NO_END}"),
        ("9**9**9", f"The curve has no end at x = 0: {NO_END}"),
        ("x**-9**9**9", NO_END),
        ("exp(800)", NO_END),
        (
            "sqrt(x - 5)",
            "no value for some x between 0 and 4.99: 0 divided by 0, or the root or logarithm of",
        ),
        ("x/x", "The curve has no value at x = 0:"),
        ("x**4", "The curve reaches 10000; up to 1000 can be drawn. Divide it."),
        ("1" * 199, "up to 1000 can be drawn."),
        # points
        ("0 1", "One point makes no curve: type two or more, as in 0 1, 2 5."),
        ("0 1, 0 2", "Two points stand at x = 0; a curve has one height there."),
        ("0 1, 12 2", "The axis goes from 0 to 10; a point lies outside."),
        ("0 1, 2 5, 4", "Points are two numbers each, with a comma between points"),
        ("0 1, 2 9999", "The curve reaches 9999; up to 1000 can be drawn."),
        ("0 nan, 1 2", "cannot be read."),
        ("1e999 1, 1e999 2", "The axis goes from 0 to 10; a point lies outside."),
        ("0 1, 1 1e999", "The curve has no end at x = 1"),
        ("11 11," * 30 + "x", "cannot be read."),  # a slow pattern would try for years
    ],
)
def test_what_is_no_curve_is_answered_in_words(text, words):
    with pytest.raises(Unreadable) as error:
        curve(text)
    assert words in str(error.value)
    assert "!" not in str(error.value)


HOSTILE = [
    "open('/etc/passwd').read()", "__import__('os').system('ls')", "import os", "eval('1')", "exec('x=1')",
    "x.__class__.__mro__", "sin.__globals__", "pi.real", "().__class__.__base__.__subclasses__()",
    "getattr(x, 'tofile')('a')", "x.tofile('a')", "(lambda: open('a'))()", "[open('a') for x in x]",
    "f'{open(1)}'", "breakpoint()", "exit()", "max(open('a'), 1)", "sin(x, out=open('a'))", "abs(*open('a'))",
    "x @ open('a')", "open('a') if x else x", "x[open('a')]", "(y := open('a'))", "sin(open('a'))",
]  # fmt: skip
seen: list[str] = []  # what Python reports while somebody listens
listening = False


def listen(event: str, arguments: object) -> None:
    if listening:
        seen.append(event)


def test_nothing_is_opened_imported_or_run():
    global listening
    sys.addaudithook(listen)  # there is no way to take it off again: `listening` ends it
    curve("x")  # what is loaded once is loaded
    for text in HOSTILE:
        with pytest.raises(Unreadable):
            curve(text)
    seen.clear()
    listening = True
    try:
        for text in HOSTILE:
            with pytest.raises(Unreadable):
                curve(text)
    finally:
        listening = False
    assert set(seen) <= {"compile"}  # the parser that makes the tree
    assert len(seen) == len(HOSTILE)


signs = st.sampled_from(
    [*"x+-*/^%()., ;0159eE\n#'\"[]{}:=_~@&|<>!\\\0", "**", "1e999", "-1e999 ", "pi", "0 1,", "2 5", "(x)",
     "٣", *FUNCTIONS, "x.", "__", "lambda ", "import ", " if ", " else ", "True", "None", "1j", "½", "\ud800"]
)  # fmt: skip


@settings(quick, max_examples=300)
@given(st.lists(signs, max_size=12).map("".join) | st.text(max_size=8))
def test_any_text_is_a_curve_or_answered_in_words(text):
    try:
        typed = curve(text)
    except Unreadable as error:
        assert len(str(error).split()) > 4  # noqa: PT017  # either outcome is right
    else:
        assert np.abs(typed.rule(np.linspace(typed.start, typed.end, 9))).max() <= 1000
