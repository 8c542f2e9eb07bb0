"""A timer for exercises, with digits that can be read from the back of a room."""

from typing import Any

import anywidget
import traitlets

from ..checks import positive
from ..style import given
from .base import Explorer
from .parts.module import module

LONGEST = 180  # minutes
TOUCH = 0.05  # seconds that do not count


class Clock(anywidget.AnyWidget):
    """The digits, the bar and the buttons; the time runs in the page, whether or not the kernel is busy.

    clock : minutes, how long in all; left, the seconds left when it stood still last; ends, the time on the
        page's clock in milliseconds at which it will be up, 0 while it stands still.
    """

    _esm = module("timer")
    clock = traitlets.Dict().tag(sync=True)
    first = traitlets.Float().tag(sync=True)  # the minutes to which Reset returns


class Timer(Explorer):
    """A timer for an exercise, with Start, Pause, one minute more, and Reset; it says when the time is up.

    Parameters
    ----------
    minutes : how long, above 0 and at most 180.

    Raises
    ------
    ValueError : no such number.
    """

    def __init__(self, minutes: float = 5) -> None:
        first = _standing(minutes)
        self.clock = Clock(clock=first, first=first["minutes"])
        super().__init__(first, [self.clock])
        self.clock.observe(self.answer(lambda change: self.show(dict(change["new"]))), "clock")
        self.show(self.state)

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state with another length, not started; the rest is for the buttons."""
        if changes.keys() - {"minutes"}:
            raise ValueError("a timer has only its minutes to set, as in timer.set(minutes=3).")
        return {**state, **_standing(changes.get("minutes", state["minutes"]))}

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        return dict(state)

    def draw(self, numbers: dict[str, Any]) -> None:
        self.clock.clock = dict(numbers)

    def words(self, numbers: dict[str, Any]) -> str:
        """How long it is and whether it runs; never the time left, which would be old at once."""
        minutes, left = numbers["minutes"], numbers["left"]
        if numbers["ends"]:
            said = "running"
        elif left == 0:
            said = "time is up"
        else:
            said = "paused" if left < 60 * minutes - TOUCH else "not started"
        return f"Timer: {given(minutes)} {'minute' if minutes == 1 else 'minutes'}, {said}."

    def picture(self) -> None:
        return None


def _standing(minutes: object) -> dict[str, Any]:
    """The clock with all its time left."""
    length = positive(minutes, "minutes", f" A timer goes up to {LONGEST} minutes, as in Timer(5).")
    if length > LONGEST:
        raise ValueError(f"a timer goes up to {LONGEST} minutes; got {length:g}.")
    return {"minutes": length, "left": 60 * length, "ends": 0}
