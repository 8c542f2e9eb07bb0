"""House sales of King County, around Seattle, from the public file kc_house_data.csv."""

import math
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from .checks import Array, as_path, count
from .tables import Dataset, Line, parsed_number, read_lines

COLUMNS = ["price", "bedrooms", "sqft_living", "yr_built", "date", "lat", "long"]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
SEATTLE = 47.6062, -122.3321  # degrees north and east
EARTH = 3958.8  # mean radius in miles
WHERE = (
    'Search the web for "House Sales in King County, USA" (public domain) and download kc_house_data.csv; '
    "then put it into the folder data, or name it in the environment variable HOUSE_SALES_CSV."
)


class Sales(Dataset):
    """A Dataset that says what it left out.

    Attributes
    ----------
    dropped : for each reason, in words, the number of rows that were left out for it; a row counts once.
    """

    dropped: dict[str, int]


def read_sales(path: str | Path) -> Sales:
    """X (sales, 4): area (square feet), bedrooms, distance (miles), age (years); y (sales, 1): dollars.

    The distance is that to Seattle, rounded to 0.1 as in houses.csv. The age is the year of the sale minus
    the year of building; a house sold the year before it was finished has age 0, not −1. Rows that cannot be
    used are left out and counted in `dropped`.

    Raises
    ------
    FileNotFoundError : no such file.
    ValueError : no CSV file, a missing column, no rows, or more than half of the rows cannot be used.
    """
    path = as_path(path, "kc_house_data.csv")
    if not os.path.isfile(path):
        raise FileNotFoundError(f"there is no file {path}. {WHERE}")
    names, lines = read_lines(path, COLUMNS)
    is_whole = np.array([len(line) == len(names) for _, line in lines])
    texts = _texts(names, lines)
    values = _values(texts)
    usable, dropped, examples = np.ones(len(lines), dtype=bool), {}, {}
    for reason, columns, bad in _reasons(is_whole, values):
        rows = np.flatnonzero(usable & bad)
        if len(rows):
            number, line = lines[rows[0]]
            odd = [name for name in columns if np.isnan(values[name][rows[0]])] or columns
            said = ", ".join(f"{name} {texts[name][rows[0]]!r}" for name in odd)
            said = said or f"{count(len(line), 'value')} for {count(len(names), 'column')}"
            dropped[reason], examples[reason] = len(rows), f"{reason}, as in line {number}: {said}"
        usable &= ~bad
    if 2 * usable.sum() < len(lines):
        most = max(dropped, key=dropped.__getitem__)
        raise ValueError(
            f"{path.name}: {len(lines) - usable.sum()} of {count(len(lines), 'row')} cannot be used. "
            f"Most often ({count(dropped[most], 'row')}): {examples[most]}. "
            "Take the file as it was downloaded, before a spreadsheet has saved it in another form."
        )
    age = np.maximum(values["age"], 0)
    X = np.column_stack([values["sqft_living"], values["bedrooms"], values["miles"].round(1), age])
    sales = Sales(
        X[usable], values["price"][usable, None], ["area", "bedrooms", "distance", "age"], ["price"]
    )
    sales.dropped = dropped
    return sales


def distance(latitude: Array, longitude: Array) -> Array:
    """Miles along the surface of the Earth to the middle of Seattle, by the haversine formula.

    distance = 2 R · arcsin √h,  h = sin²(Δφ / 2) + cos φ₁ · cos φ₂ · sin²(Δλ / 2)

    φ are the latitudes, λ the longitudes (given in degrees), R is the radius of the Earth.
    """
    north, east = np.radians(latitude), np.radians(longitude)
    north_city, east_city = np.radians(SEATTLE)
    h = np.sin((north - north_city) / 2) ** 2
    h += np.cos(north) * np.cos(north_city) * np.sin((east - east_city) / 2) ** 2
    miles: Array = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(h, 1)))  # rounding may bring h above 1
    return miles


def _texts(names: list[str], lines: list[Line]) -> dict[str, list[str]]:
    """Each column as text; a row whose values cannot be told apart is blank."""
    rows = [line if len(line) == len(names) else [""] * len(names) for _, line in lines]
    return {name: [row[names.index(name)].strip() for row in rows] for name in COLUMNS}


def _values(texts: dict[str, list[str]]) -> dict[str, Array]:
    """Each column as numbers, NaN where there is none (of a date, the year), with the miles and the age."""
    values = {
        name: np.array([_year(text) if name == "date" else parsed_number(text) for text in column])
        for name, column in texts.items()
    }
    values["miles"] = distance(values["lat"], values["long"])
    values["age"] = values["date"] - values["yr_built"]
    return values


def _year(text: str) -> float:
    """The year of a date like 20141013T000000 or 2014-10-13, NaN for none."""
    try:
        return float(datetime.fromisoformat(text).year)
    except ValueError:
        return math.nan


def _reasons(is_whole: Flags, values: dict[str, Array]) -> list[tuple[str, list[str], Flags]]:
    """What makes a row unusable, the columns that show it, and for each row whether it does."""
    numbers = [name for name in COLUMNS if name != "date"]
    is_missing: Flags = np.isnan(np.array([values[name] for name in numbers])).any(axis=0)
    price, area, rooms, lat = (values[name] for name in ("price", "sqft_living", "bedrooms", "lat"))
    far = (values["miles"] > 100) | (abs(lat) > 90) | (abs(values["long"]) > 180)
    return [
        ("too few or too many values", [], ~is_whole),
        ("a value missing or no number", numbers, is_missing),
        ("no date as in 20141013T000000", ["date"], np.isnan(values["date"])),
        ("price 0 or below", ["price"], price <= 0),
        ("area 0 or below", ["sqft_living"], area <= 0),
        ("bedrooms below 1 or above 20", ["bedrooms"], (rooms < 1) | (rooms > 20)),
        ("more than 100 miles from Seattle", ["lat", "long"], far),
        ("built after the year that follows the sale", ["date", "yr_built"], values["age"] < -1),
        ("built before 1800", ["yr_built"], values["yr_built"] < 1800),
    ]
