"""Everything back at the start, for the next class."""

from collections import Counter
from collections.abc import Sequence

from .base import Explorer
from .choice import Choice
from .tally import Tally
from .timer import Timer

KINDS = {Choice: ("question", "questions"), Tally: ("tally", "tallies"), Timer: ("timer", "timers")}
FIGURE = ("figure", "figures")


def reset_everything() -> None:
    """Bring everything that the cells have made back to how it was when it was made, and say what that was.

    These are figures with their films, settings, questions and networks, guesses, tallies and timers. A
    network gets back the weights with which it was given to a figure. What was typed into cells stays.
    """
    counted: Counter[tuple[str, str]] = Counter()
    failed = []
    # The last one first: of a network that two figures hold, the first has the last word.
    for explorer in reversed(Explorer.living.copy()):
        if not explorer.page.spoken:  # it could not be made
            continue
        try:
            explorer.restart()
            counted[KINDS.get(type(explorer), FIGURE)] += 1
        except Exception as error:
            failed.append(f"{type(explorer).__name__} ({type(error).__name__}: {error})")
    print(_said(counted, failed))


def _said(counted: Counter[tuple[str, str]], failed: Sequence[str]) -> str:
    listed = [(counted[kind], *kind) for kind in (FIGURE, *KINDS.values()) if counted[kind]]
    done = ", ".join(f"{n} {one if n == 1 else many}" for n, one, many in listed)
    said = f"Back at the start: {done or 'nothing; no cell has made a figure yet'}."
    return f"{said} Not reset, run its cell again: {'; '.join(failed)}." if failed else said
