"""What the learner writes: each exercise with its solution, hints and typical mistakes in one place."""

from .engine import Exercise, Verdict, exercise

__all__ = ["Exercise", "Verdict", "exercise"]
