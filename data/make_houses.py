"""Makes houses.csv, 2,000 simulated houses: python data/make_houses.py

The true rule, which a network has to find, is `nnlib.datasets.house_rule`. The noise is a factor that is 1 on
average, e^(0.27 · normal − 0.27² / 2): two prices in three lie within about 27% of the rule.

The constants are chosen so that the town copies what is known of 21,613 real sales in King County around
Seattle (tests/test_houses.py lists these facts); the premium at 100 years is an addition.
"""

import csv
from pathlib import Path

import numpy as np

from nnlib.datasets import HOUSE_NOISE, house_rule

SEED, HOUSES = 1210, 2000
COLUMNS = ["area", "bedrooms", "distance", "age", "price"]


def houses() -> np.ndarray:
    """Area, bedrooms, distance, age and price of every house, (2000, 5).

    Old houses lie near the city and are smaller; larger ones have more bedrooms.
    """
    rng = np.random.default_rng(SEED)
    age = np.floor(114 * rng.beta(1.04, 1.55, HOUSES))
    distance = ((15.1 - 0.095 * age) * rng.gamma(3.6, 1 / 3.6, HOUSES)).clip(0.5).round(1)
    area = np.exp(7.57 - 0.0032 * age + 0.012 * distance + rng.normal(0, 0.4, HOUSES)).round(-1)
    bedrooms = (3.35 + 1.35 * np.log(area / 2000) + rng.normal(0, 0.62, HOUSES)).round().clip(1, 8)
    noise = np.exp(rng.normal(0, HOUSE_NOISE, HOUSES) - HOUSE_NOISE**2 / 2)
    X = np.column_stack([area, bedrooms, distance, age])
    price = (house_rule(X)[:, 0] * noise).round(-3)
    return np.column_stack([X, price])


if __name__ == "__main__":
    with open(Path(__file__).with_name("houses.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(
            [f"{value:g}" if value < 1e5 else f"{value:.0f}" for value in row] for row in houses()
        )
