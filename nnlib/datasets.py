"""The course's data, in real units, from the CSV files in data/."""

import csv
import math
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .checks import Array, count


class Dataset(NamedTuple):
    """Rows to learn from: X (rows, inputs) and y (rows, outputs), float64 in real units."""

    X: Array
    y: Array
    input_names: list[str]
    output_names: list[str]


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

    The distance is that to the city. The true rule stands in data/make_houses.py.
    """
    return read_csv(data_folder() / "houses.csv", ["area", "bedrooms", "distance", "age"], ["price"])


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
    found = [Counter(re.findall(r"[^\W\d_]+", text.lower())) for text in texts]
    wanted = [word.lower() for word in words]
    return np.array([[float(counts[word]) for word in wanted] for counts in found]).reshape(-1, len(wanted))


def data_folder() -> Path:
    """Where the CSV files are: inside the package once installed from a wheel, beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


def read_csv(path: str | Path, inputs: Sequence[str], outputs: Sequence[str]) -> Dataset:
    """The named columns of a CSV file whose first line names its columns.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : an empty file, a missing column, a value that is no finite number; names file, line, column.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}.")
    with open(path, newline="", encoding="utf-8-sig") as file:
        try:
            reader = csv.reader(file)
            lines = [(reader.line_num, line) for line in reader]
        except (UnicodeDecodeError, csv.Error):
            raise ValueError(f"{path.name} is no CSV file of text; save the table as CSV (UTF-8).") from None
    wanted = [*inputs, *outputs]
    names = [name.strip() for name in lines[0][1]] if lines else []
    if not any(names):
        raise ValueError(
            f"{path.name}, line 1: empty; the first line must name the columns {', '.join(wanted)}."
        )
    for name in wanted:
        if names.count(name) != 1:
            found = "no column" if name not in names else "more than one column"
            raise ValueError(
                f"{path.name}, line 1: {found} {name!r}; "
                f"the columns, split at commas, are {', '.join(names)}."
            )
    rows = [
        _row(f"{path.name}, line {number}", line, names, wanted) for number, line in lines[1:] if any(line)
    ]
    if not rows:
        raise ValueError(f"{path.name}, line 2: no rows below the column names.")
    table = np.array(rows)
    X, y = table[:, : len(inputs)].copy(), table[:, len(inputs) :].copy()
    return Dataset(X, y, list(inputs), list(outputs))


def _row(place: str, line: list[str], names: list[str], wanted: list[str]) -> list[float]:
    if len(line) != len(names):
        raise ValueError(f"{place}: {count(len(line), 'value')} for {count(len(names), 'column')}.")
    values = []
    for name in wanted:
        text = line[names.index(name)].strip()
        try:
            value = math.nan if "_" in text else float(text)  # Python reads 1_0 as 10; a table does not
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise ValueError(
                f"{place}, column {name!r}: {text!r} is no finite number. Write it as in 7.5, without a unit."
            )
        values.append(value)
    return values
