"""Whatever an explorer is made of or its controls are set to: shown, or refused in nnlib's own words."""

import inspect
import math
import re
from itertools import product
from typing import Any

import numpy as np
import pytest
from explorers import EXPLORERS, looked_at
from support import LONG
from test_fuzz import DEEP, HUGE, SELF, TINY, is_own

from nnlib import explore
from nnlib.checks import in_short

BAD = [
    object(), [], HUGE, math.nan, None, "", "12", 2j, math.inf, TINY, -1, 10**400, {}, {"a": 1}, [None],
    [[1, 2], [3]], [HUGE, 1.0], np.array([["1"]]), np.array(None), np.array(3.0), b"12", len, DEEP, SELF,
]  # fmt: skip


def some(values: list[Any], n: int) -> list[Any]:
    """The first of the values, or all where there is time: to make an explorer or to move it takes long."""
    return values if LONG else values[:n]


def words_of(explorer: Any) -> str:
    """Its state in words, all of its pictures drawn."""
    words = repr(looked_at(explorer))
    assert not re.search(r"\bnan\b", words)
    return words


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", EXPLORERS)
def test_the_controls_of_an_explorer(name: str) -> None:
    make, controls = EXPLORERS[name]
    explorer = make()
    first = words_of(explorer)
    for value, control in product(some(BAD, 4), controls):
        try:
            explorer.set(**{control: value})
        except Exception as error:
            assert is_own(error), f"{name}.set({control}={in_short(value)}): {error!r}"  # noqa: PT017
            assert repr(explorer) == first  # a value that does not fit changes nothing
        assert not re.search(r"\bnan\b", repr(explorer))
        if control == controls[-1]:
            words_of(explorer)
        explorer.reset()
        first = repr(explorer)


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("name", EXPLORERS)
def test_what_an_explorer_is_made_of(name: str) -> None:
    make, _ = EXPLORERS[name]
    arguments = [p.name for p in inspect.signature(getattr(explore, name)).parameters.values() if p.kind < 4]
    for value, argument in product(some(BAD, 2), arguments):
        if (value, argument) == (None, "net"):
            continue
        try:
            words_of(make(**{argument: value}))
        except Exception as error:
            assert is_own(error), f"{name}({argument}={in_short(value)}): {error!r}"  # noqa: PT017
