"""Where each neuron, line and number of a network stands in its picture, in pixels.

One geometry for the live diagram (explore/diagram.py) and the still one (plots.py), and the colours that
every picture of the course shares.
"""

import math
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from functools import partial

from .network import Network

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
BLACK, GREY, LIGHT = "#000000", "#767676", "#E6E6E6"
POSITIVE, NEGATIVE, DATA, PREDICTION, LOSS, REFERENCE = BLUE, VERMILLION, BLACK, GREEN, PURPLE, GREY


INPUT, NUMBER, BIAS = (92, 64), (50, 20), (62, 20)  # width and height of the boxes
CROWD = 40  # lines between two layers; with more, their numbers overlap wherever they stand
SWEEPS = 4  # how often each number may move aside for the others


def number(value: float, digits: int = 2) -> str:
    """The number as the pictures write it: a real minus sign, never "−0.00", no more digits than have room.

    `text` in explore/diagram.js is the same rule.
    """
    if not abs(value) < 1e6:
        return _power(value)
    decimals = max(0, min(digits, 4 - len(str(int(abs(value))))))
    # of two equally near numbers the larger, as the page does: Python alone would write 0.12 for 0.125
    text = str(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def given(value: float) -> str:
    """A number of the data, as it came: "3", "0.25", "251300"."""
    if abs(value) >= 9999.5:
        return number(value, 0)
    return f"{value:.4g}".replace("-", "−") if value == 0 or abs(value) >= 1e-4 else _power(value)


def short(value: float) -> str:
    """A loss with three digits that count: "0.0567", and "3.9 × 10⁻⁶" where zeros would hide them."""
    if value == 0 or 0.0005 <= value < 999.5:
        return f"{value:.3g}"
    return f"{value:.0f}" if 1 <= value < 1e6 else _power(value)


def _power(value: float) -> str:
    if not math.isfinite(value):
        return f"{value}"
    digits, power = f"{abs(value):.1e}".split("e")
    return f"{'−' if value < 0 else ''}{digits} × 10{str(int(power)).translate(_RAISED)}"


_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True)
class Node:
    """An input, or a neuron with its bias below it."""

    name: str
    layer: int  # 0 for the inputs
    index: int
    x: float
    y: float


@dataclass(frozen=True)
class Wire:
    """One entry of theta: a weight on its line, or a bias (then `start` is None)."""

    label: str  # W1[sleep, h1]
    spoken: str  # weight from sleep to h1
    start: Node | None
    end: Node
    x: float  # where its number stands
    y: float


@dataclass(frozen=True)
class Slot:
    """A place for a changing text beside or inside a node."""

    node: Node
    x: float
    y: float
    style: str  # "", "big" or "small"; with "start" the text begins at x instead of being centred


@dataclass
class Layout:
    """The picture of one network: `nodes` layer by layer, `wires` in the order of theta, `slots` for texts.

    An input has two slots (its value with unit, its scaled value), a neuron two (z, a), and an output
    three more beside it (prediction in real units, the unit, the true value).
    """

    net: Network
    width: int = 520
    height: int = 0  # 0: as high as the largest layer needs, 350 at most
    radius: float = 31.0
    nodes: list[list[Node]] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = self.net.neuron_names()
        most = max(len(layer) for layer in names)
        self.height = self.height or min(350, 34 + 106 * most)
        spacing = min(106.0, (self.height - 30) / most)
        self.radius = min(self.radius, 0.28 * spacing)
        middle, span = (self.height - 16) / 2, spacing * (most - 1)
        left, right = 52.0, self.width - 112.0
        for k, column in enumerate(names):
            # a little nearer to the outputs: the numbers on the first lines need room beside the inputs
            share = k / (len(names) - 1)
            x = left + (right - left) * (share + 0.08 * math.sin(math.pi * share))
            gap = span / (len(column) - 1) if len(column) > 1 else 0.0
            top = middle - gap * (len(column) - 1) / 2
            self.nodes.append([Node(name, k, i, x, top + gap * i) for i, name in enumerate(column)])
        for node in self.nodes[0]:
            self.slots += [Slot(node, node.x, node.y + 1, "big"), Slot(node, node.x, node.y + 20, "small")]
        for layer in self.nodes[1:]:
            for node in layer:
                self.slots += [
                    Slot(node, node.x, node.y - 11, "small"),
                    Slot(node, node.x, node.y + 7, "big"),
                ]
        for node in self.nodes[-1]:
            x = node.x + self.radius + 8
            self.slots.append(Slot(node, x, node.y - 18, "big start"))
            self.slots += [
                Slot(node, x, node.y + 1, "small start"),
                Slot(node, x, node.y + 19, "small start"),
            ]
        labels = iter(self.net.labels())
        for before, after in zip(self.nodes, self.nodes[1:], strict=False):
            lines = [(start, end) for start in before for end in after]
            for (start, end), (x, y) in zip(lines, self._places(lines), strict=True):
                spoken = f"weight from {start.name} to {end.name}"
                self.wires.append(Wire(next(labels), spoken, start, end, x, y))
            for end in after:
                below = end.y + self.radius + 13
                self.wires.append(Wire(next(labels), f"bias of {end.name}", None, end, end.x, below))

    def _places(self, lines: list[tuple[Node, Node]]) -> list[tuple[float, float]]:
        """Where on its line each number stands: as near as it can to the best place, clear of the others."""
        choices = [self._along(start, end) for start, end in lines]
        places = [found[0] for found in choices]

        def overlap(k: int, place: tuple[float, float]) -> float:
            gaps = (
                (NUMBER[0] + 1 - abs(place[0] - x), NUMBER[1] + 1 - abs(place[1] - y))
                for other, (x, y) in enumerate(places)
                if other != k
            )
            return sum(across * down for across, down in gaps if across > 0 and down > 0)

        for _ in range(SWEEPS if len(lines) <= CROWD else 0):
            for k, found in enumerate(choices):
                places[k] = min(found, key=partial(overlap, k))
        return places

    def _along(self, start: Node, end: Node) -> list[tuple[float, float]]:
        """The places on a line that are clear of its ends, the best first."""
        length = end.x - start.x
        # near the inputs, where the lines of a neighbour have not yet crossed these
        best = 0.42 if start.layer == 0 else 0.5
        neuron = max(self.radius, BIAS[0] / 2)
        beside = INPUT[0] / 2 if start.layer == 0 else neuron
        first = (beside + NUMBER[0] / 2 + 1) / length
        last = 1 - (neuron + NUMBER[0] / 2 + 1) / length
        shares = [first + (last - first) * k / 40 for k in range(41)] if first < last else []
        shares.sort(key=lambda share: abs(share - best))
        return [(start.x + share * length, start.y + share * (end.y - start.y)) for share in (best, *shares)]
