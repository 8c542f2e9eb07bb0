"""The exercise of lesson 00: small enough to meet check, hint and solution."""

from typing import Any

from .engine import exercise


@exercise(
    given=lambda rng: (float(rng.integers(0, 13)), float(rng.integers(0, 7))),
    hints=[
        "A day has 24 hours. What is left of it after the sleep?",
        "And what is left of that after the study?",
        "return 24 - sleep - study",
    ],
    done="24 hours, less sleep, less study. All exercises of the course work like this one.",
)
def free_hours(sleep: float, study: float) -> Any:
    return 24 - sleep - study


@free_hours.mistake("These are the hours that are taken. What is left of 24?")
def _(sleep: float, study: float) -> Any:
    return sleep + study


@free_hours.mistake("The study is added: a minus is wanted before it too.")
def _(sleep: float, study: float) -> Any:
    return 24 - sleep + study


@free_hours.mistake("The study is still missing.")
def _(sleep: float, study: float) -> Any:
    return 24 - sleep


@free_hours.mistake("The sleep is still missing.")
def _(sleep: float, study: float) -> Any:
    return 24 - study


@free_hours.mistake("The sign is turned round: begin with 24.")
def _(sleep: float, study: float) -> Any:
    return sleep + study - 24


@free_hours.mistake(
    "That is what 3 and 5 give. Use the names sleep and study, so that it holds for everybody."
)
def _(sleep: float, study: float) -> Any:
    return 16
