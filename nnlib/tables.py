"""Tables of numbers from CSV files, with words for a file that cannot be read."""

import csv
import io
import math
import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .checks import Array, as_path, as_texts, count

Line = tuple[int, list[str]]  # its number in the file, and its values as text


class Dataset(NamedTuple):
    """Rows to learn from: X (rows, inputs) and y (rows, outputs), float64 in real units."""

    X: Array
    y: Array
    input_names: list[str]
    output_names: list[str]


def read_csv(path: str | Path, inputs: Sequence[str], outputs: Sequence[str]) -> Dataset:
    """The named columns of a CSV file whose first line names its columns.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : no text, an empty file, a missing column, a value that is no finite number; names file,
        line and column.
    """
    path = as_path(path, "scores.csv")
    inputs, outputs = as_texts(inputs, "inputs"), as_texts(outputs, "outputs")
    names, lines = read_lines(path, [*inputs, *outputs])
    rows = [_row(f"{path.name}, line {number}", line, names, [*inputs, *outputs]) for number, line in lines]
    table = np.array(rows)
    X, y = table[:, : len(inputs)].copy(), table[:, len(inputs) :].copy()
    return Dataset(X, y, inputs, outputs)


def read_lines(path: Path, wanted: Sequence[str]) -> tuple[list[str], list[Line]]:
    """The names of a CSV file's columns, and its lines below them that are not blank.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : no text, an empty file, no rows, or not exactly one column of each wanted name.
    """
    if not os.path.isfile(path):  # Path.is_file fails for a name that is too long
        raise FileNotFoundError(f"there is no file {path}.")
    try:
        reader = csv.reader(io.StringIO(_text(path), newline=""))
        (_, first), *lines = [(reader.line_num, line) for line in reader] or [(1, [])]
    except csv.Error:
        raise ValueError(_no_text(path)) from None
    names = [name.strip() for name in first]
    if not any(names):
        raise ValueError(
            f"{path.name}, line 1: empty; the first line must name the columns {', '.join(wanted)}."
        )
    for found, odd in (
        ("no column", [name for name in wanted if name not in names]),
        ("more than one column", [name for name in wanted if names.count(name) > 1]),
    ):
        if odd:
            marks = {";": "semicolons", "\t": "tabs"}
            other = next((word for mark, word in marks.items() if mark in names[0]), "")
            hint = f" Between them stand {other}: save the table with commas in their place." if other else ""
            raise ValueError(
                f"{path.name}, line 1: {found} {', '.join(map(repr, odd))}; "
                f"the columns, split at commas, are {', '.join(names)}.{hint}"
            )
    rows = [(number, line) for number, line in lines if any(line)]
    if not rows:
        raise ValueError(f"{path.name}, line 2: no rows below the column names.")
    return names, rows


def parsed_number(text: str) -> float:
    """The number that a text is, NaN where it is no finite one."""
    try:
        value = math.nan if "_" in text else float(text)  # Python reads 1_0 as 10; a table does not
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _text(path: Path) -> str:
    """What stands in the file; ValueError says what it is where it is no text in UTF-8."""
    data = path.read_bytes()
    begin = data[:200].lstrip().lower()
    if data.startswith(b"PK\x03\x04") and b"[Content_Types].xml" in data:
        raise ValueError(
            f"{path.name} is a workbook of Excel. Open it there and save the table as CSV (UTF-8)."
        )
    if data.startswith((b"PK\x03\x04", b"\x1f\x8b")):
        raise ValueError(f"{path.name} is a packed file (zip). Unpack it first, and name the CSV file in it.")
    if begin.startswith((b"<!doctype", b"<html")):
        raise ValueError(f"{path.name} is a web page. Download the table itself, as a CSV file.")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ValueError(f"{path.name} is text in UTF-16. Save the table again as CSV (UTF-8).")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(_no_text(path)) from None
    if "\0" in text:
        raise ValueError(_no_text(path))
    return text


def _no_text(path: Path) -> str:
    return f"{path.name} is no CSV file of text; save the table as CSV (UTF-8)."


def _row(place: str, line: list[str], names: list[str], wanted: list[str]) -> list[float]:
    if len(line) != len(names):
        raise ValueError(f"{place}: {count(len(line), 'value')} for {count(len(names), 'column')}.")
    values = []
    for name in wanted:
        text = line[names.index(name)].strip()
        value = parsed_number(text)
        if math.isnan(value):
            raise ValueError(
                f"{place}, column {name!r}: {text!r} is no finite number. Write it as in 7.5, without a unit."
            )
        values.append(value)
    return values
