"""Makes class_scores.csv, a simulated class of 200 students: python data/make_class_scores.py

The true rule, which a network has to find:

    score = 30 + 40 · e^−((sleep − 8) / 2.2)² + 25 · (1 − e^(−study / 2)) + noise

Sleep helps up to 8 hours and harms beyond; the first hours of study bring most; the noise has a standard
deviation of 3 points.
"""

import csv
from pathlib import Path

import numpy as np

SEED, STUDENTS, NOISE = 8, 200, 3.0


def true_score(sleep: np.ndarray, study: np.ndarray) -> np.ndarray:
    """The rule without its noise, in points."""
    return 30 + 40 * np.exp(-(((sleep - 8) / 2.2) ** 2)) + 25 * (1 - np.exp(-study / 2))


def students() -> list[tuple[float, float, int]]:
    """Hours of sleep and of study, and the score, of every student."""
    rng = np.random.default_rng(SEED)
    sleep = rng.uniform(4, 11, STUDENTS).round(1)
    study = rng.uniform(0, 8, STUDENTS).round(1)
    scores = np.clip(true_score(sleep, study) + rng.normal(0, NOISE, STUDENTS), 0, 100).round()
    return list(zip(sleep.tolist(), study.tolist(), scores.astype(int).tolist(), strict=True))


if __name__ == "__main__":
    with open(Path(__file__).with_name("class_scores.csv"), "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["sleep", "study", "score"])
        writer.writerows(students())
