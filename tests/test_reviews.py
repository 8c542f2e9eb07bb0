"""The reviews: their scores against plain arithmetic, every weight swept, reviews of all kinds."""

import numpy as np
import pytest
from explorers import ODD, is_drawn, on_page, pixels
from matplotlib.colors import to_rgb
from support import says

from nnlib import datasets
from nnlib.explore import ReviewExplorer
from nnlib.style import GREEN, ORANGE, REFERENCE

pytestmark = pytest.mark.usefixtures("strict")

TEXTS, LABELS = datasets.reviews()
WORDS = ["great", "funny", "love", "slow", "long", "boring"]
RNG = np.random.default_rng(1)


def reviews(**settings):
    return ReviewExplorer(TEXTS, LABELS, WORDS, **settings)


@pytest.fixture(scope="module")
def shared():
    explorer = reviews()
    yield explorer
    explorer.close()


@pytest.fixture
def explorer(shared):
    shared.reset()
    return shared


def plain_scores(weights):
    """Word by word, as one would by hand."""
    scores = []
    for text in TEXTS:
        letters = "".join(c if c.isalpha() else " " for c in text.lower())
        scores.append(sum(weights.get(word, 0) for word in letters.split()))
    return np.array(scores)


def has(explorer, colour):
    return count(explorer, colour) > 0


def count(explorer, colour):
    picture = np.asarray(pixels(explorer.scores.png))
    return (picture == [round(255 * part) for part in to_rgb(colour)]).all(axis=-1).sum()


def test_twelve_reviews_half_of_them_good():
    assert len(TEXTS) == 12
    assert sorted(LABELS) == ["bad"] * 6 + ["good"] * 6
    assert len(set(TEXTS)) == 12


def test_words_are_counted_whole_in_large_and_small_letters():
    counts = datasets.word_counts(
        ["Slow, SLOW and slowly. It's great!", "", "Über-great 3"], ["slow", "Great"]
    )
    np.testing.assert_array_equal(counts, [[2, 1], [0, 0], [0, 1]])
    assert datasets.word_counts([], ["slow"]).shape == (0, 1)


def test_scores_are_those_of_plain_arithmetic(explorer):
    for _ in range(10):
        weights = dict(zip(WORDS, RNG.uniform(-2, 2, 6).round(2), strict=True))
        explorer.set(**weights)
        numbers = explorer.numbers(explorer.state)
        scores = plain_scores(weights)
        np.testing.assert_allclose(numbers["scores"][:12], scores, atol=1e-9)
        said = np.where(scores > 0, "good", "bad")
        assert numbers["right"] == (said == np.array(LABELS)).sum()
        assert repr(explorer).startswith(f"{numbers['right']} of 12 right.")


def test_every_weight_from_end_to_end(explorer):
    for word in WORDS:
        for weight in (-2.0, -0.7, 0.0, 0.1, 2.0):
            explorer.set(**{word: weight})
            assert is_drawn(explorer.scores)
            assert explorer.sliders[word].value == pytest.approx(weight, abs=1e-3)
            assert np.abs(explorer.numbers(explorer.state)["scores"]).max() <= explorer.scores.limit
    assert is_drawn(explorer.table)
    read_out = "4: Great actors, but slow and boring. Label bad; great × 1, slow × 1, boring × 1."
    assert read_out in explorer.table.alt


def test_it_begins_undecided(explorer):
    assert explorer.page.words == "0 of 12 right. Undecided: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12."
    assert not has(explorer, GREEN)
    assert not has(explorer, ORANGE)


def test_a_score_of_exactly_nothing_is_undecided_whatever_the_rounding(explorer):
    explorer.set(great=0.3, slow=-0.1, boring=-0.2)  # 0.3 − 0.1 − 0.2 is −2.8e-17 in Python
    numbers = explorer.numbers(explorer.state)
    assert numbers["scores"][3] == 0
    assert numbers["verdicts"][3] == "undecided"


def test_one_word_flips_a_review():
    explorer = reviews(weights={"great": 1, "funny": 1, "love": 2, "boring": -0.5}, show="slow")
    assert list(explorer.sliders) == ["slow"]
    assert "Wrong: 4, 7, 8, 10. Undecided: 6, 12." in explorer.page.words
    assert has(explorer, GREEN)
    assert has(explorer, ORANGE)
    on_page(explorer.sliders["slow"], value=-1.0)
    assert explorer.page.words == "9 of 12 right. Wrong: 7, 8, 10."
    explorer.reset()
    assert explorer.page.words.startswith("6 of 12 right.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("GREAT, great, but slow!", "Your review: great × 2, slow × 1; score 1.50, good."),
        ("slow slow slow slow", "Your review: slow × 4; score −2.00, bad."),
        ("greatly slower", "Your review holds no known word: score 0, undecided."),
        ("great slow slow", "Your review: great × 1, slow × 2; score 0.00, undecided."),
        (ODD, "Your review holds no known word: score 0, undecided."),
        ("!?", "Your review holds no known word: score 0, undecided."),
        ("   ", None),
        ("", None),
        ("great " * 5000, "Your review: great × 5000; score 5000, good."),
    ],
)
def test_a_review_of_the_learners_own(explorer, text, words):
    explorer.set(great=1, slow=-0.5)
    on_page(explorer.field, value=text)
    lines = explorer.page.words.split("\n")
    assert lines[1:] == ([words] if words else [])
    assert is_drawn(explorer.scores)
    assert np.abs(explorer.numbers(explorer.state)["scores"]).max() <= explorer.scores.limit


def test_a_learners_dot_scores_and_its_difference_is_named():
    weights = dict.fromkeys(WORDS, 1.0)
    explorer = reviews(weights=weights, my_dot=lambda x, w: sum(x * w))
    assert "Your dot agrees with nnlib's." in explorer.page.words
    without = count(explorer, REFERENCE)
    last_only = reviews(weights=weights, my_dot=lambda x, w: x[-1] * w[-1])
    assert "Your dot differs from nnlib's: for review 5 it gives 0.00, nnlib 4.00." in last_only.page.words
    assert last_only.numbers(last_only.state)["scores"][1] == 1
    assert count(last_only, REFERENCE) > without + 500


@pytest.mark.parametrize(
    "function",
    [lambda x, w: None, lambda x, w: x * w, lambda x, w: 1 / 0, lambda x, w: float("nan"), lambda x, w: "a"],
)
def test_a_function_that_gives_no_number_is_told_and_nnlibs_is_drawn(function):
    explorer = reviews(weights={"great": 1}, my_dot=function)
    assert explorer.page.message.startswith("Your <lambda> ")
    assert explorer.page.message.endswith("What you see is nnlib's own.")
    np.testing.assert_allclose(explorer.numbers(explorer.state)["scores"][:12], plain_scores({"great": 1}))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("x", ["good"], ["a"]), "texts must be a list of texts, as in ['one', 'two']; got 'x'."),
        ((["x"], ["good"], "a"), "words must be a list of texts, as in ['one', 'two']; got 'a'."),
        (([], [], ["a"]), "1 to 16 reviews can be shown; got 0."),
        ((["x"], [], ["a"]), 'each review needs a label, "good" or "bad"; got 0 labels for 1 review: .'),
        (
            (["x"], ["ok"], ["a"]),
            'each review needs a label, "good" or "bad"; got 1 label for 1 review: \'ok\'.',
        ),
        ((["x"], ["good"], []), "the vocabulary must be 1 to 8 different words; got []."),
        ((["x"], ["good"], ["a", "A"]), "the vocabulary must be 1 to 8 different words; got ['a', 'a']."),
        (
            (["x"], ["good"], ["a b"]),
            "each entry of the vocabulary must be one word of letters; got ['a b'].",
        ),
    ],
)
def test_what_cannot_be_shown_is_told(given, message):
    with says(ValueError, message):
        ReviewExplorer(*given)


def test_weights_that_do_not_fit_are_told(explorer):
    with says(ValueError, "a weight goes from −2 to 2 here; that of 'slow' would be 3.00."):
        explorer.set(slow=3)
    with pytest.raises(ValueError, match="this explorer has no 'bad'"):
        explorer.set(bad=1)
    with pytest.raises(ValueError, match="this explorer has no 'dull'"):
        reviews(show=["dull"])


def test_long_texts_and_odd_names_are_cut_and_drawn():
    explorer = ReviewExplorer(["$x$ " * 40, ODD], ["good", "bad"], ["marvellously", "x"])
    explorer.set(x=0.1)
    assert is_drawn(explorer.table)
    assert explorer.picture().width == 2 * (explorer.table.width + explorer.scores.width)
    assert "1 4.0, 2 0.0" in repr(explorer)
