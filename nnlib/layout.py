"""Where each neuron, line and number of a network stands in its picture, in pixels.

One geometry for the live diagram (explore/diagram.py) and the still one (plots.py), and the colours that
every picture of the course shares.
"""

import math
from dataclasses import dataclass, field

from .network import Network

BLUE, VERMILLION, GREEN, PURPLE, ORANGE = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00"
BLACK, GREY, LIGHT = "#000000", "#767676", "#E6E6E6"
POSITIVE, NEGATIVE, DATA, PREDICTION, LOSS, REFERENCE = BLUE, VERMILLION, BLACK, GREEN, PURPLE, GREY


def number(value: float, digits: int = 2) -> str:
    """The number as the pictures write it: a real minus sign, and never "−0.00"."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def short(value: float) -> str:
    """A loss with three digits that count: "0.0567", and "3.9 × 10⁻⁶" where zeros would hide them."""
    if value == 0 or value >= 0.0005:
        return f"{value:.3g}" if value < 1e6 else f"{value:.1e}"
    digits, power = f"{value:.1e}".split("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"


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
    height: int = 0  # 0: as high as the largest layer needs, 370 at most
    radius: float = 31.0
    nodes: list[list[Node]] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = self.net.neuron_names()
        most = max(len(layer) for layer in names)
        self.height = self.height or min(370, 34 + 112 * most)
        spacing = min(112.0, (self.height - 30) / most)
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
            for start in before:
                for end in after:
                    # near the start, where the lines of a neighbour have not yet crossed these
                    share = 0.42 if start.layer == 0 else 0.5
                    x = start.x + share * (end.x - start.x)
                    y = start.y + share * (end.y - start.y)
                    spoken = f"weight from {start.name} to {end.name}"
                    self.wires.append(Wire(next(labels), spoken, start, end, x, y))
            for end in after:
                below = end.y + self.radius + 13
                self.wires.append(Wire(next(labels), f"bias of {end.name}", None, end, end.x, below))
