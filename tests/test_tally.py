"""The class tally: counts typed in, percents that are honest, votes compared, no count lost by one press.

How it works by keyboard, and what axe finds, is tested with the explorers in test_browser_explorer.py.
"""

from fractions import Fraction

import numpy as np
import pytest
from explorers import ODD, on_page
from hypothesis import given
from hypothesis import strategies as st
from ipywidgets.widgets.widget import _instances
from support import quick, says

from nnlib.explore import Choice, Tally
from nnlib.explore.tally import percents

pytestmark = pytest.mark.usefixtures("strict")


def made():
    return Tally("Which way?", ["up", "down", "it stays"])


def of_a_quiz():
    return Tally(Choice("2 + 2?", {"3": "One more.", "4": "Counted."}, right="4"))


def typing(tally, *texts):
    """The page sends what stands in the boxes."""
    on_page(tally.votes, typed=[tally.votes.typed[0] + 1, list(texts)])


def last_line(tally):
    return repr(tally).splitlines()[-1]


# Counts


def test_at_first_there_is_a_question_and_no_vote():
    tally = made()
    assert repr(tally) == "Which way?\na) up\nb) down\nc) it stays\nNo votes yet."
    assert tally.page.words == "No votes yet."
    assert tally.votes.question == "Which way?"
    assert tally.votes.answers == ["a) up", "b) down", "c) it stays"]
    assert tally.votes.lengths == [[0, 0, 0], []]
    assert tally.votes.written == [[], []]


def test_what_is_typed_is_counted_at_once():
    tally = made()
    typing(tally, "3", "", "")
    assert repr(tally).splitlines()[1:] == [
        *("a) up: 3 (100%)", "b) down: 0 (0%)", "c) it stays: 0 (0%)"),
        "3 votes.",
    ]
    typing(tally, "3", "12", "")
    typing(tally, "3", "12", " 7 ")
    assert tally.state["counts"] == (3, 12, 7)
    assert tally.votes.written == [["3 (14%)", "12 (55%)", "7 (32%)"], []]
    assert tally.votes.lengths == [[0.25, 1.0, 7 / 12], []]
    assert tally.page.words == last_line(tally) == "22 votes. Percents are rounded."
    typing(tally, "", "", "1")
    assert last_line(tally) == "1 vote."


def test_a_few_votes_do_not_fill_the_page():
    tally = made()
    tally.set(counts=[1, 5, 0])
    assert tally.votes.lengths[0] == [0.1, 0.5, 0.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-1", "the count of b) must be a whole number of 0 or more; got -1."),
        ("3.5", "the count of b) must be a whole number of 0 or more; got '3.5'."),
        ("many", "the count of b) must be a whole number of 0 or more; got 'many'."),
        ("1000", "the count of b) goes from 0 to 999; got 1000."),
    ],
)
def test_what_is_no_count_is_answered_in_words_and_changes_nothing(text, message, monkeypatch):
    tally = made()
    tally.set(counts=[3, 12, 7])
    monkeypatch.setattr(Tally, "strict", False)
    typing(tally, "3", text, "7")
    assert tally.page.message == f"ValueError: {message}"
    assert tally.state["counts"] == (3, 12, 7)
    typing(tally, "3", "13", "7")
    assert tally.page.message == ""


@pytest.mark.parametrize(
    "counts", [[3, 12, 7], (3, 12, 7), np.array([3, 12, 7]), {"a": 3, "down": 12, "C": 7}, iter([3, 12, 7])]
)
def test_code_gives_counts_as_a_list_or_by_name(counts):
    tally = made()
    tally.set(counts=counts)
    assert tally.state["counts"] == (3, 12, 7)
    assert tally.votes.counts == [3, 12, 7]
    tally.set(counts={"a": 4})  # the others stay
    assert tally.state["counts"] == (4, 12, 7)


def test_an_answer_goes_before_a_letter_and_by_its_exact_text_first():
    tally = Tally("Which?", ["b", "w", "W"])
    tally.set(counts={"b": 1, "W": 2})
    assert tally.state["counts"] == (1, 0, 2)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([1, 2], "counts must be 3 numbers, one for each answer, as in counts=[3, 4, 5]; got [1, 2]."),
        (
            [1, 2, 3, 4],
            "counts must be 3 numbers, one for each answer, as in counts=[3, 4, 5]; got [1, 2, 3, 4].",
        ),
        ("123", "counts must be 3 numbers, one for each answer, as in counts=[3, 4, 5]; got '123'."),
        (7, "counts must be 3 numbers, one for each answer, as in counts=[3, 4, 5]; got 7."),
        (None, "counts must be 3 numbers, one for each answer, as in counts=[3, 4, 5]; got None."),
        ([-1, 2, 3], "the count of a) must be a whole number of 0 or more; got -1."),
        ([1, 2.0, 3], "the count of b) must be a whole number of 0 or more; got 2.0."),
        ([1, True, 3], "the count of b) must be a whole number of 0 or more; got True."),
        ([1, 2, float("nan")], "the count of c) must be a whole number of 0 or more; got nan."),
        ([1, 2, "x"], "the count of c) must be a whole number of 0 or more; got 'x'."),
        ([1, 2, 10**5000], "the count of c) goes from 0 to 999; got a value of type int."),
        (
            {"left": 1},
            "'left' is no answer that nnlib knows; choose one of a, b, c, up, down, it stays.",
        ),
    ],
)
def test_counts_that_cannot_be_are_refused_in_words(counts, message):
    tally = made()
    tally.set(counts=[3, 12, 7])
    with says(ValueError, message):
        tally.set(counts=counts)
    assert tally.state["counts"] == (3, 12, 7)


@given(st.lists(st.integers(0, 999), min_size=2, max_size=8))
@quick
def test_percents_are_the_nearest_whole_ones(counts):
    votes = sum(counts)
    for value, percent in zip(counts, percents(counts), strict=True):
        exact = Fraction(100 * value, votes) if votes else 0
        assert abs(percent - exact) <= Fraction(1, 2)


@pytest.mark.parametrize(
    ("counts", "rounded"), [([1, 1, 1], True), ([1, 1, 2], False), ([1, 2, 0], False), ([0, 0, 0], False)]
)
def test_percents_that_do_not_add_up_are_said_to_be_rounded(counts, rounded):
    tally = made()
    tally.set(counts=counts)
    assert (sum(percents(counts)) not in (0, 100)) == rounded
    assert last_line(tally).endswith("Percents are rounded.") == rounded


# A second vote, and what was pressed by mistake


def test_a_second_vote_stands_beside_the_first_with_the_change_in_words():
    tally = made()
    tally.set(counts=[15, 4, 1])
    tally.again_button.click()
    assert tally.state == {"counts": (0, 0, 0), "before": (15, 4, 1), "told": False}
    assert repr(tally).splitlines()[1:] == [
        *("a) up: 15 (75%) before", "b) down: 4 (20%) before", "c) it stays: 1 (5%) before"),
        "No votes yet, 20 in the vote before.",
    ]
    assert tally.votes.written == [[], ["15 (75%)", "4 (20%)", "1 (5%)"]]
    typing(tally, "5", "11", "4")
    assert repr(tally).splitlines()[1:] == [
        *("a) up: 5 (25%)", "b) down: 11 (55%)", "c) it stays: 4 (20%)"),
        "20 votes, 20 in the vote before: a) 15 → 5, b) 4 → 11, c) 1 → 4.",
    ]
    assert tally.votes.lengths == [[5 / 15, 11 / 15, 4 / 15], [1.0, 4 / 15, 1 / 15]]
    tally.again_button.click()
    assert tally.state["before"] == (5, 11, 4)


def test_to_vote_again_needs_a_vote():
    tally = made()
    tally.again_button.click()
    assert tally.page.message == "Count the votes first, then vote again."
    assert tally.state == tally.first
    tally.set(counts=[1, 0, 0])
    tally.again_button.click()
    tally.again_button.click()  # a double click
    assert tally.page.message == "Count the votes first, then vote again."
    assert tally.state["before"] == (1, 0, 0)


@pytest.mark.parametrize("pressed", ["again_button", "reset_button"])
def test_no_count_is_lost_by_a_press(pressed):
    tally = made()
    assert tally.undo_button.disabled
    tally.set(counts=[3, 12, 7], before=[1, 2, 3])
    before, words = tally.state, repr(tally)
    getattr(tally, pressed).click()
    getattr(tally, pressed).click()  # nor by a double click
    after = tally.state
    assert after["counts"] == (0, 0, 0)
    assert not tally.undo_button.disabled
    tally.undo_button.click()
    assert (tally.state, repr(tally)) == (before, words)
    tally.undo_button.click()  # nor by Undo
    assert tally.state == after
    tally.undo_button.click()
    assert tally.state == before


def test_to_undo_needs_something_to_take_back():
    tally = made()
    tally.undo()
    assert tally.page.message == "There is no Vote again and no Reset to take back."


def test_the_vote_before_can_be_set_and_taken_away():
    tally = made()
    tally.set(counts=[1, 1, 2], before={"b": 4})
    assert tally.state["before"] == (0, 4, 0)
    for none in ([0, 0, 0], {"a": 0}):
        tally.set(before=none)
        assert tally.state["before"] == ()
        tally.set(before=[1, 0, 0])
    with says(ValueError, "before must be 3 numbers, one for each answer, as in before=[3, 4, 5]; got [4]."):
        tally.set(before=[4])
    with says(ValueError, "this explorer has no 'votes'; set one of counts, before, told."):
        tally.set(votes=[4])


# The answer


def test_the_right_answer_of_a_quiz_is_told_when_it_is_asked_for():
    tally = of_a_quiz()
    typing(tally, "7", "20")
    assert tally.votes.right == -1
    shown = repr(tally) + str(tally._repr_mimebundle_())
    assert "right" not in shown
    tally.tell_button.click()
    assert tally.votes.right == 1
    assert last_line(tally) == "27 votes. The right answer: b) 4."
    tally.again_button.click()
    assert tally.votes.right == -1


def test_a_guess_has_no_right_answer_to_tell():
    tally = Tally(Choice("Which way?", ["up", "down"]))
    assert tally.tell_button not in tally.children[1].children
    with says(ValueError, "this tally knows no right answer: make it of a Choice that has one."):
        tally.set(told=True)


def test_a_choice_is_not_changed_by_its_tally():
    choice = Choice("Which way?", ["up", "down"])
    tally = Tally(choice)
    tally.set(counts=[1, 2])
    assert (tally.question, tally.answers) == (choice.question, choice.answers)
    assert choice.state == choice.first
    tally.close()
    assert choice.comm is not None


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("", ["up", "down"]), "a Choice needs a question, as in Choice('Which way?', ['up', 'down'])."),
        (("Which way?",), "the answers must be a list, as in ['up', 'down']; got None."),
        (("Which way?", "up"), "the answers must be a list, as in ['up', 'down']; got 'up'."),
        (("Which way?", ["up"]), "a question needs 2 to 8 answers; got 1."),
        (("Which way?", range(9)), "a question needs 2 to 8 answers; got 9."),
    ],
)
def test_what_makes_no_question_is_refused_in_words(given, message):
    with says(ValueError, message):
        Tally(*given)


def test_a_choice_brings_its_answers():
    with says(ValueError, "a Tally of a Choice takes the answers from it: write Tally(choice)."):
        Tally(Choice("Which way?", ["up", "down"]), ["left", "right"])


# What remains of it


def test_a_static_reader_sees_the_bars():
    tally = Tally(f"Why {ODD}?", [f"one {ODD}", "two"])
    tally.set(counts=[5, 10])
    data = tally._repr_mimebundle_()
    assert data["text/plain"] == repr(tally)
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/html"] == (
        "<p><b>Why &lt;b&gt;&amp;&quot;?</b></p><table>"
        f"<tr><td>a) one &lt;b&gt;&amp;&quot;: 5 (33%)</td><td>{'█' * 15}</td></tr>"
        f"<tr><td>b) two: 10 (67%)</td><td>{'█' * 30}</td></tr></table><p>15 votes.</p>"
    )


def test_close_leaves_no_widget_behind():
    before = set(_instances)
    made().close()
    of_a_quiz_without_its_choice = Tally("2 + 2?", [3, 4])
    of_a_quiz_without_its_choice.close()
    assert set(_instances) == before
