"""Questions with answers to choose from: a guess that is kept, a quiz that explains, and what is refused.

How they work by keyboard, and what axe finds, is tested with the explorers in test_browser_explorer.py.
"""

from html.parser import HTMLParser

import pytest
from explorers import ODD, on_page
from ipywidgets.widgets.widget import _instances
from support import says

from nnlib.explore import Choice

pytestmark = pytest.mark.usefixtures("strict")

WHY = {
    "up": "The slope is positive: more of this number, more loss.",
    "down": "A step goes against the slope.",
    "nowhere": "Only a slope of 0 leaves it where it is.",
}


def guess():
    return Choice("Which way does the score go?", ["up", "down", "it stays"])


def quiz():
    return Choice("Which way does the weight go?", WHY, right="down")


def by_hand(choice, k):
    """Choose the answer of this number, from 0, and commit it."""
    on_page(choice.radio, chosen=k)
    choice.button.click()


def last_line(choice):
    return repr(choice).splitlines()[-1]


# A guess


def test_a_guess_is_asked_for():
    assert repr(guess()) == "Which way does the score go?\na) up\nb) down\nc) it stays\nNot answered yet."
    assert guess().page.words == "Not answered yet."  # the rest is seen in the radio buttons
    assert guess().radio.question == "Which way does the score go?"
    assert guess().radio.answers == ["a) up", "b) down", "c) it stays"]


def test_what_is_chosen_is_no_guess_until_it_is_committed():
    choice = guess()
    on_page(choice.radio, chosen=1)
    on_page(choice.radio, chosen=2)
    assert choice.state == {"chosen": 2, "answer": None}
    assert last_line(choice) == "Not answered yet."
    choice.button.click()
    assert choice.state == {"chosen": 2, "answer": "it stays"}
    assert last_line(choice) == "Your guess: it stays."


def test_a_guess_waits_and_is_shown_beside_what_happened():
    choice = guess()
    by_hand(choice, 0)
    said = choice.happened("down, by 3 points")
    assert said == "Your guess was: up. It was: down, by 3 points."
    assert last_line(choice) == choice.page.words == "Your guess: up. It was: down, by 3 points."


def test_what_happened_before_a_guess_is_shown_once_the_guess_is_made():
    choice = guess()
    on_page(choice.radio, chosen=1)
    assert choice.happened("down") == "Make your guess above: what happened then appears beside it."
    assert last_line(choice) == "Not answered yet."
    assert choice.radio.chosen == 1  # what was about to be guessed stays chosen
    choice.button.click()
    assert last_line(choice) == "Your guess: down. It was: down."


def test_what_happened_may_happen_again_and_may_be_any_value():
    choice = guess()
    choice.set(answer="a")
    for what, words in [(3, "3."), (2.5, "2.5."), ("up.", "up."), ("up\nand down", "up and down.")]:
        assert choice.happened(what) == f"Your guess was: up. It was: {words}"


def test_a_guess_once_made_is_kept():
    choice = guess()
    by_hand(choice, 0)
    assert (choice.radio.kept, choice.button.layout.display) == (True, "none")
    by_hand(choice, 1)  # from a view that did not know it yet
    assert choice.state == {"chosen": 0, "answer": "up"}
    assert choice.radio.chosen == 0
    choice.set(answer="down")  # from code
    assert last_line(choice) == "Your guess: down."
    choice.reset()
    assert (choice.radio.kept, choice.radio.chosen, choice.button.layout.display) == (False, -1, None)
    by_hand(choice, 2)
    assert last_line(choice) == "Your guess: it stays."


# A quiz


@pytest.mark.parametrize(("k", "verdict"), [(0, "Not this one."), (1, "Right."), (2, "Not this one.")])
def test_a_quiz_has_something_to_say_about_every_answer(k, verdict):
    choice = quiz()
    by_hand(choice, k)
    answer = list(WHY)[k]
    assert last_line(choice) == choice.page.words == f"{answer}: {verdict} {WHY[answer]}"


def test_a_quiz_does_not_tell_before_it_is_asked():
    choice = quiz()
    on_page(choice.radio, chosen=1)
    shown = repr(choice) + str(choice._repr_mimebundle_())
    assert "Right" not in shown
    assert not any(words in shown for words in WHY.values())


def test_a_quiz_may_be_answered_again():
    choice = quiz()
    for k, answer in enumerate(WHY):
        by_hand(choice, k)
        assert choice.state == {"chosen": k, "answer": answer}
        assert (choice.radio.kept, choice.button.layout.display) == (False, None)


def test_a_quiz_without_explanations():
    choice = Choice("2 + 2?", [3, 4], right=4)
    choice.set(answer=4)
    assert last_line(choice) == "4: Right."


# For both


@pytest.mark.parametrize("make", [guess, quiz])
def test_to_commit_nothing_is_answered_in_words_until_something_is_chosen(make):
    choice = make()
    choice.button.click()
    assert choice.page.message == "Choose one of the answers first."
    assert choice.state == choice.first
    on_page(choice.radio, chosen=0)
    assert choice.page.message == ""


@pytest.mark.parametrize("answer", ["down", "b", "B", "Down", " down "])
def test_answers_are_named_by_their_text_or_their_letter(answer):
    choice = guess()
    choice.set(answer=answer)
    assert choice.state == {"chosen": 1, "answer": "down"}
    assert choice.radio.chosen == 1


def test_a_text_goes_before_a_letter_and_a_number_is_a_text():
    letters = Choice("Which?", ["b", "a"])
    letters.set(answer="b")
    assert letters.state["chosen"] == 0
    cases = Choice("Which?", ["w", "W"])
    cases.set(answer="W")
    assert cases.state["chosen"] == 1
    numbers = Choice("How many of 100?", [5, 50, 1])
    numbers.set(answer=1)
    assert numbers.state["answer"] == "1"


def test_an_answer_that_there_is_not():
    choice = guess()
    choice.set(answer="a")
    with says(
        ValueError,
        "'dawn' is no answer that nnlib knows; choose one of a, b, c, up, down, it stays. "
        "Did you mean 'down'?",
    ):
        choice.set(answer="dawn")
    with says(ValueError, "chosen goes from -1 to 2; got 7."):
        quiz().set(chosen=7)
    with says(ValueError, "chosen must be a whole number of -1 or more; got 1.0."):
        quiz().set(chosen=1.0)
    assert choice.state["answer"] == "up"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"question": " "}, "a Choice needs a question, as in Choice('Which way?', ['up', 'down'])."),
        ({"answers": "up"}, "the answers must be a list, as in ['up', 'down']; got 'up'."),
        ({"answers": 3}, "the answers must be a list, as in ['up', 'down']; got 3."),
        ({"answers": None}, "the answers must be a list, as in ['up', 'down']; got None."),
        ({"answers": []}, "a question needs 2 to 8 answers; got 0."),
        ({"answers": ["up"]}, "a question needs 2 to 8 answers; got 1."),
        ({"answers": range(9)}, "a question needs 2 to 8 answers; got 9."),
        ({"answers": ["up", "up"]}, "each answer must be a text of its own; got ['up', 'up']."),
        ({"answers": ["up", ""]}, "each answer must be a text of its own; got ['up', '']."),
        ({"right": "left"}, "the right answer 'left' is not among the answers ['up', 'down']."),
        (
            {"answers": WHY},
            "answers with explanations make a quiz: name the right one, as in right='up'.",
        ),
    ],
)
def test_what_makes_no_question_is_refused_in_words(given, message):
    with says(ValueError, message):
        Choice(**({"question": "Which way?", "answers": ["up", "down"]} | given))


class Parts(HTMLParser):
    """The text in each element of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append([tag, ""])

    def handle_data(self, data):
        self.found[-1][1] += data


def test_a_static_reader_sees_the_question_the_answers_and_what_was_said():
    choice = Choice(f"Why {ODD}?", [f"one {ODD}", "two"])
    for said in ("Not answered yet.", f"Your guess: one {ODD}. It was: {ODD}."):
        data = choice._repr_mimebundle_()
        assert data["text/plain"] == f"Why {ODD}?\na) one {ODD}\nb) two\n{said}" == repr(choice)
        assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == choice.model_id
        assert Parts(data["text/html"]).found == [
            *(["p", ""], ["b", f"Why {ODD}?"], ["ul", ""]),
            *(["li", f"a) one {ODD}"], ["li", "b) two"], ["p", said]),
        ]
        choice.set(answer="a")
        choice.happened(ODD)


def test_the_same_choice_is_stored_as_the_same_text():
    stored = [make._repr_mimebundle_() for make in (guess(), guess())]
    for data in stored:
        del data["application/vnd.jupyter.widget-view+json"]
    assert stored[0] == stored[1]


def test_choices_on_one_page_answer_for_themselves():
    one, other = guess(), guess()
    by_hand(one, 0)
    assert (other.state["answer"], other.radio.chosen) == (None, -1)


def test_close_leaves_no_widget_behind():
    before = set(_instances)
    guess().close()
    assert set(_instances) == before
