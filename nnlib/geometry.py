"""Where the columns of a network's picture stand, and where on a line its number does (see layout.py)."""

import math
from dataclasses import dataclass
from functools import lru_cache, partial

INPUT, NUMBER, BIAS, RADIUS = (92, 64), (50, 20), (62, 20), 31  # width and height of the boxes
PILL, CHIP = (40, 21), 32  # a neuron of a compact picture; the height of an input in a tight column
BESIDE = 46  # width of a bias beside an output of a tight column
FAR = 140.0  # between two nodes of a compact column, at most
CROWD = 40  # lines between two layers; with more, no place is looked for
SWEEPS = 4  # how often each number may move aside for the others

Line = tuple[float, float, float, float]  # x1, y1, x2, y2
Place = tuple[float, float]


@dataclass(frozen=True)
class Box:
    """A rectangle around x, y."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Node:
    """An input, or a neuron with its bias."""

    name: str
    layer: int  # 0 for the inputs
    index: int
    x: float
    y: float
    width: float
    height: float
    pitch: float = math.inf  # how far below the next one of its column stands
    tight: bool = False  # no room for its name above it and its bias below it


def columns(names: list[list[str]], width: int, height: int) -> list[list[Node]]:
    """The nodes of a picture that has room for every number."""
    most = max(len(layer) for layer in names)
    spacing = min(106.0, (height - 30) / most)
    left, right = 52.0, width - 112.0
    found = []
    for k, column in enumerate(names):
        # a little nearer to the outputs: the numbers on the first lines need room beside the inputs
        share = k / (len(names) - 1)
        x = left + (right - left) * (share + 0.08 * math.sin(math.pi * share))
        size = (2 * RADIUS, 2 * RADIUS) if k else INPUT
        gap = spacing * (most - 1) / (len(column) - 1) if len(column) > 1 else 0.0
        top = (height - 16) / 2 - gap * (len(column) - 1) / 2
        found.append([Node(name, k, i, x, top + gap * i, *size, gap) for i, name in enumerate(column)])
    return found


def compact_columns(names: list[list[str]], width: int, height: int) -> list[list[Node]]:
    """The nodes of a picture where neurons are pills and tight columns have less beside them."""
    layers = len(names) - 1
    pitches = [_pitch(k, len(column), height) for k, column in enumerate(names)]
    first = INPUT[0] if layers < 4 else 72
    beside = 70 + BESIDE if pitches[-1][1] else 94
    gap = (width - 2 - first - beside - PILL[0] * layers) / layers
    found = []
    for k, (column, (pitch, tight)) in enumerate(zip(names, pitches, strict=True)):
        size = PILL if k else (first, CHIP if tight else INPUT[1])
        x = 2 + first + k * gap + (k - 0.5) * PILL[0] if k else 2 + first / 2
        above, below = _margins(k, tight)
        top = (above + height - below - pitch * (len(column) - 1)) / 2
        known = (*size, pitch if len(column) > 1 else math.inf, tight)
        found.append([Node(name, k, i, x, top + pitch * i, *known) for i, name in enumerate(column)])
    return found


def _margins(layer: int, tight: bool) -> tuple[float, float]:
    """What a node with its name, bias and texts needs above and below its middle."""
    if layer == 0:
        return (CHIP / 2 + 1,) * 2 if tight else (INPUT[1] / 2 + 2,) * 2
    return (PILL[1] / 2 + 12, PILL[1] / 2 + 13) if tight else (PILL[1] / 2 + 18, PILL[1] / 2 + 25)


def _pitch(layer: int, n: int, height: int) -> tuple[float, bool]:
    """How far apart the nodes of a column stand, and whether it is tight."""
    for tight in (False, True):
        above, below = _margins(layer, tight)
        pitch = min(FAR, (height - above - below) / max(1, n - 1))
        if n == 1 or pitch >= above + below:
            break
    return pitch, tight


@lru_cache(maxsize=64)  # every explorer of a network of the same shape asks for the same
def spread(
    lines: tuple[Line, ...], inner: tuple[float, float], best: float
) -> tuple[tuple[Place, ...], float]:
    """Where on its line each number stands, and how much they overlap then.

    Each is as near as it can be to the share `best` of its line, within the columns `inner`, and clear of
    the others.
    """
    choices = [_along(line, inner, best) for line in lines]
    places = [found[0] for found in choices]

    def overlap(k: int, place: Place) -> float:
        gaps = (
            (NUMBER[0] + 1 - abs(place[0] - x), NUMBER[1] + 1 - abs(place[1] - y))
            for other, (x, y) in enumerate(places)
            if other != k
        )
        return sum(across * down for across, down in gaps if across > 0 and down > 0)

    for _ in range(SWEEPS if len(lines) <= CROWD else 0):
        for k, found in enumerate(choices):
            places[k] = min(found, key=partial(overlap, k))
    crowded = len(lines) > CROWD or inner[0] + NUMBER[0] > inner[1]
    return tuple(places), math.inf if crowded else sum(overlap(k, place) for k, place in enumerate(places))


def _along(line: Line, inner: tuple[float, float], best: float) -> list[Place]:
    """The places on a line whose numbers lie within the columns `inner`, the best first."""
    x1, y1, x2, y2 = line
    first, last = ((edge - x1) / (x2 - x1) for edge in (inner[0] + NUMBER[0] / 2, inner[1] - NUMBER[0] / 2))
    shares = [first + (last - first) * k / 40 for k in range(41)] if first < last else []
    shares.sort(key=lambda share: abs(share - best))
    return [(x1 + share * (x2 - x1), y1 + share * (y2 - y1)) for share in (best, *shares)]
