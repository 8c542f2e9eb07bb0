"""What lesson 01 says about its reviews: how many weights can get right, with six words and with seven."""

import numpy as np
import pytest

from nnlib import datasets

texts, labels = datasets.reviews()
good = np.array(labels) == "good"
WORDS = ["great", "funny", "love", "slow", "long", "boring"]
WEIGHTS = {"great": 1, "funny": 1, "love": 1.5, "slow": -0.5, "long": -0.5, "boring": -2, "not": -2}


def right(words):
    scores = datasets.word_counts(texts, words) @ np.array([WEIGHTS[word] for word in words])
    return (scores > 0) == good


def number_of(text):
    return next(k for k, each in enumerate(texts) if each.startswith(text))


def test_the_weights_that_the_lesson_names_get_ten_right():
    assert right(WORDS).sum() == 10


def test_two_pairs_have_equal_vectors_and_opposite_labels_so_ten_is_the_best():
    counts = datasets.word_counts(texts, WORDS)
    pairs = [
        {i, j}
        for i in range(12)
        for j in range(i)
        if np.array_equal(counts[i], counts[j]) and labels[i] != labels[j]
    ]
    assert sorted(map(sorted, pairs)) == [[0, 7], [1, 6]]  # without a review in common: two are lost


def test_with_the_word_not_eleven_are_right_and_four_stand_against_each_other():
    words = [*WORDS, "not"]
    assert right(words).sum() == 11
    names = ["Funny from", "Not funny", "Boring from", "Not boring"]
    counts = datasets.word_counts(texts, words)
    vectors = np.array([counts[number_of(name)] for name in names])
    signs = np.array([1 if good[number_of(name)] else -1 for name in names])
    # Each score must have its sign; but with these signs the four scores add up to 0, whatever the weights.
    np.testing.assert_array_equal(signs, [1, -1, -1, 1])
    np.testing.assert_array_equal(signs @ vectors, np.zeros(7))


@pytest.mark.parametrize(("slow", "says"), [(-0.4, "good"), (-0.6, "bad")])
def test_review_4_flips_where_the_weight_of_slow_is_minus_one_half(slow, says):
    score = datasets.word_counts(texts[3:4], WORDS)[0] @ [1, 1, 2, slow, 0, -0.5]
    assert ("good" if score > 0 else "bad") == says


def test_the_bill_and_its_two_wrong_answers():
    amounts, prices = np.array([2, 4, 1]), np.array([3, 1.5, 2])
    assert amounts @ prices == 14
    assert amounts.sum() + prices.sum() == 13.5
    assert amounts.sum() * prices.sum() == 45.5
