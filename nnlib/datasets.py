"""The course's data, in real units, from the CSV files in data/."""

import csv
import os
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .checks import Array, as_finite, as_table, as_texts
from .network import Network
from .sales import WHERE, Sales, read_sales
from .storage import load
from .tables import Dataset, read_csv


def test_scores() -> Dataset:
    """Three students: hours of sleep, hours of study, and the test score in points of 100."""
    return read_csv(data_folder() / "test_scores.csv", ["sleep", "study"], ["score"])


test_scores.__test__ = False  # type: ignore[attr-defined]  # the name begins like a test's; pytest must not run it


def class_scores() -> Dataset:
    """A simulated class of 200: hours of sleep, hours of study, and the test score in points of 100.

    The true rule stands in data/make_class_scores.py: best near 8 hours of sleep, and study that saturates.
    """
    return read_csv(data_folder() / "class_scores.csv", ["sleep", "study"], ["score"])


def houses() -> Dataset:
    """2,000 simulated houses: area (square feet), bedrooms, distance (miles), age (years), price (dollars).

    The distance is that to the city. The true rule is `house_rule`; data/make_houses.py adds
    the chance.
    """
    return read_csv(data_folder() / "houses.csv", ["area", "bedrooms", "distance", "age"], ["price"])


HOUSE_NOISE = 0.27  # standard deviation of the logarithm of what chance multiplies a price by


def house_rule(X: object) -> Array:
    """The true rule behind `houses`: what houses X (rows, 4) cost on average, in dollars, (rows, 1)::

        price    = 80,000 + area · (area / 2,000)^0.3 · by_place · by_age
                   − 10,000 · (bedrooms − 3) + 3,000 · max(0, age − 100)
        by_place = 107 + 200 · e^−(distance / 10.5)²    dollars per square foot: dear near the city
        by_age   = 1 + 0.3 · ((age − 55) / 50)²         houses of middle age are the cheapest

    A bedroom more in the same area makes the rooms smaller: it takes from the price. From exactly 100 years
    on a house is historic: each further year adds 3,000 dollars.
    """
    table = as_table(X, "X", 4, "the rule")
    if table[:, 0].min() < 0:
        raise ValueError(f"X has an area of {table[:, 0].min():g}; it must be 0 or more in every row.")
    area, bedrooms, distance, age = table[:, :1], table[:, 1:2], table[:, 2:3], table[:, 3:]
    with np.errstate(all="ignore"):
        by_place = 107 + 200 * np.exp(-((distance / 10.5) ** 2))
        by_age = 1 + 0.3 * ((age - 55) / 50) ** 2
        house = area * (area / 2000) ** 0.3 * by_place * by_age
        price: Array = 80_000 + house - 10_000 * (bedrooms - 3) + 3_000 * np.maximum(0, age - 100)
    return as_finite(price, "a price")


def best_house_prices(X: object) -> Array:
    """The best predictions that anyone can make for `houses`, in dollars, (rows, 1).

    Chance makes half of the prices of such houses higher than these and half lower; nothing else is off by
    less on average.
    """
    best: Array = house_rule(X) * np.exp(-(HOUSE_NOISE**2) / 2)
    return best


def house_network() -> Network:
    """A 4-5-1 ReLU network that is trained already: from the four inputs of `houses` to dollars, unscaled.

    How its weights were found, and which of them were held at 0, stands in data/make_house_network.py.
    """
    return load(data_folder() / "house_network.json")


def house_sales(path: str | Path | None = None) -> Sales:
    """House sales around Seattle, May 2014 to May 2015, from the public file kc_house_data.csv: 21,613 rows.

    The columns are those of `houses`. `dropped` counts the rows that cannot be used, as one with 33 bedrooms;
    what is dropped, and how distance and age are found, stands in `nnlib.sales.read_sales`.

    Parameters
    ----------
    path : the file; None takes the one that `house_sales_file` finds.

    Raises
    ------
    FileNotFoundError : no such file; says where to get it.
    ValueError : a file that cannot be read, or more than half of its rows cannot be used.
    """
    path = house_sales_file() if path is None else path
    if path is None:
        raise FileNotFoundError(f"the file of the house sales is not here. {WHERE}")
    return read_sales(path)


def house_sales_file() -> Path | None:
    """Where kc_house_data.csv is, None where it is not: the course runs without it.

    The environment variable HOUSE_SALES_CSV names the file, and set to nothing means none; where it is not
    set, the file is looked for in the folder data.

    Raises
    ------
    FileNotFoundError : HOUSE_SALES_CSV names a file that is not there.
    """
    named = os.environ.get("HOUSE_SALES_CSV")
    if named == "":
        return None
    path = Path(named).expanduser() if named else data_folder() / "kc_house_data.csv"
    if os.path.isfile(path):
        return path
    if named:
        raise FileNotFoundError(
            f"the environment variable HOUSE_SALES_CSV names {path}, and there is no such file. Give it the "
            "whole path of kc_house_data.csv, or unset it."
        )
    return None


class Reviews(NamedTuple):
    """Short texts, and what each says of its film: "good" or "bad"."""

    texts: list[str]
    labels: list[str]


def reviews() -> Reviews:
    """Twelve short film reviews, written for this course."""
    with open(data_folder() / "reviews.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return Reviews([row["text"] for row in rows], [row["label"] for row in rows])


def word_counts(texts: Sequence[str], words: Sequence[str]) -> Array:
    """How often each text holds each word: (texts, words); large or small letters are the same."""
    found = [Counter(re.findall(r"[^\W\d_]+", text.lower())) for text in as_texts(texts, "texts")]
    wanted = [word.lower() for word in as_texts(words, "words")]
    return np.array([[float(counts[word]) for word in wanted] for counts in found]).reshape(
        len(found), len(wanted)
    )


def data_folder() -> Path:
    """Where the CSV files are: inside the package once installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"
