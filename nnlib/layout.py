"""Where each neuron, line and number of a network stands in its picture, in pixels.

One geometry for the live diagram (explore/parts/diagram.py) and the still one (plots.py).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .geometry import BESIDE, BIAS, NUMBER, PILL, Box, Line, Node, Place, columns, compact_columns, spread
from .network import Network

FEW = 12  # lines between two layers of a compact picture whose numbers may all show
SMALLEST, LETTER = 8.0, 0.62  # font size in pixels; the width of a letter or digit as a share of it


def fitted(text: str, room: float) -> tuple[str, float]:
    """The text, closed up or cut where the smallest font would not do, and the font size that fills the room.

    `fit` in explore/page/diagram.js is the same rule.
    """
    most = math.floor(room / (SMALLEST * LETTER))
    text = text if len(text) <= most else text.replace(" × ", "×")  # the power of ten counts most
    text = text if len(text) <= most else f"{text[: most - 1]}…"
    return text, room / (LETTER * max(1, len(text)))


@dataclass(frozen=True)
class Wire:
    """One entry of theta: a weight on its line, or a bias (then `start` is None)."""

    label: str  # W1[sleep, h1]
    spoken: str  # weight from sleep to h1
    start: Node | None
    end: Node
    line: Line | None
    stub: Box | None  # of a bias whose number hides: where to reach it
    x: float  # where its number stands
    y: float
    width: float
    height: float
    shown: bool  # always, or only where its end neuron is in hand


@dataclass(frozen=True)
class Slot:
    """A place for a text beside or inside a node."""

    node: Node
    x: float
    y: float
    style: str  # "", "big", "mid", "small", "tiny"; "start": begins at x; "hand": if in hand; "hidden"
    room: float  # the width it may take


@dataclass
class Layout:
    """The picture of one network: `nodes` layer by layer, `wires` in the order of theta, places for texts.

    `names` are one place for each node. Of `slots` an input has two (its value with unit, its scaled value),
    a neuron two (z, a), and an output three more beside it (prediction in real units, unit, true value).

    With more than three units in a layer, or more than two layers of neurons, the picture is compact: a
    neuron shows a alone, and numbers that would overlap show only for the neuron in hand. Without `biases`
    it has none in its picture: that of one layer is then a product of a matrix and a vector.
    """

    net: Network
    width: int = 520
    height: int = 0  # 0: as high as the largest layer needs, 350 at most
    compact: bool = field(init=False)
    biases: bool = True
    nodes: list[list[Node]] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    names: list[Slot] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)

    def __post_init__(self) -> None:
        names = self.net.neuron_names()
        most = max(len(layer) for layer in names)
        self.height = self.height or min(350, 34 + 106 * most)
        self.compact = most > 3 or len(names) > 3
        self.nodes = (compact_columns if self.compact else columns)(names, self.width, self.height)
        for node in self.nodes[0]:
            self._input_texts(node)
        for node in self.neurons:
            self._neuron_texts(node)
        for node in self.nodes[-1]:
            self._output_texts(node)
        labels = iter(self.net.labels())
        for before, after in pairwise(self.nodes):
            pairs = [(start, end) for start in before for end in after]
            lines = [self._line(start, end) for start, end in pairs]
            places, size, shown = self._numbers(lines, before[0], after[0])
            for (start, end), line, place in zip(pairs, lines, places, strict=True):
                spoken = f"weight from {start.name} to {end.name}"
                self.wires.append(Wire(next(labels), spoken, start, end, line, None, *place, *size, shown))
            for end in after if self.biases else ():
                self.wires.append(self._bias(next(labels), end))

    @property
    def neurons(self) -> list[Node]:
        """Layer by layer, without the inputs."""
        return [node for layer in self.nodes[1:] for node in layer]

    # Lines and their numbers

    def _line(self, start: Node, end: Node) -> Line:
        if not self.compact:
            return start.x, start.y, end.x, end.y
        return start.x + start.width / 2, start.y, end.x - end.width / 2, end.y

    def _numbers(
        self, lines: list[Line], start: Node, end: Node
    ) -> tuple[Sequence[Place], tuple[float, float], bool]:
        """The places of the numbers between two columns, their size, and whether all of them show."""
        inner = start.x + self._reach(start) + 1, end.x - max(end.width, not end.tight and BIAS[0]) / 2 - 1
        # near the inputs, where the lines of a neighbour have not yet crossed these
        best = 0.42 if start.layer == 0 else 0.5
        places, overlap = spread(tuple(lines), inner, best)
        if not self.compact or (overlap == 0 and len(lines) <= FEW):
            return places, NUMBER, True
        # those into one neuron stand clear of one another, and so do those out of one
        gap = lines[0][2] - lines[0][0]
        width = min(float(NUMBER[0]), gap - 6)
        least = (width / 2 + (self._below() - PILL[0]) / 2 + 1) / gap
        share = start.pitch / (start.pitch + end.pitch) if math.isfinite(start.pitch) else 1.0
        share = min(1 - least, max(least, share))
        pitch = min((1 - share) * start.pitch, share * end.pitch)
        one = math.inf in (start.pitch, end.pitch) and not start.tight and len(lines) <= FEW
        size = width, max(12.0, min(float(NUMBER[1]), pitch - 1))
        return [(x1 + share * (x2 - x1), y1 + share * (y2 - y1)) for x1, y1, x2, y2 in lines], size, one

    def _bias(self, label: str, end: Node) -> Wire:
        spoken, side = f"bias of {end.name}", end.width / 2
        if not end.tight:
            below = end.y + end.height / 2 + (14 if self.compact else 13)
            return Wire(label, spoken, None, end, None, None, end.x, below, self._below(), BIAS[1], True)
        if end.layer == len(self.nodes) - 1:
            x = end.x + side + BESIDE / 2
            return Wire(label, spoken, None, end, None, None, x, end.y, BESIDE - 2, NUMBER[1], True)
        stub = Box(end.x - 10, end.y + end.height / 2 + 6.5, 18, 10)
        width = min(float(BIAS[0]), self._gap() - self._free() - 3)
        place = end.x + side + width / 2 + 2, end.y, width, NUMBER[1]
        return Wire(label, spoken, None, end, None, stub, *place, False)

    def _gap(self) -> float:
        """Between two columns of a compact picture."""
        (start, *_), (end, *_) = self.nodes[:2]
        return end.x - end.width / 2 - start.x - start.width / 2

    def _below(self) -> float:
        """The width of a bias below its neuron."""
        return min(float(BIAS[0]), PILL[0] + 2 * self._free() - 2) if self.compact else BIAS[0]

    def _free(self) -> float:
        """How much of a gap the numbers in it leave at each side."""
        return max(3.0, (self._gap() - NUMBER[0]) / 2)

    def _reach(self, node: Node) -> float:
        """How far to the right of its middle a node goes, with the bias that stands below or beside it."""
        if node.layer == 0:
            return node.width / 2
        return node.width / 2 + BIAS[0] + 2 if node.tight else max(node.width, BIAS[0]) / 2

    # Texts

    def _input_texts(self, node: Node) -> None:
        room = node.width - 6
        if node.tight:
            self.names.append(Slot(node, node.x, node.y - 7, "small", room))
            self.slots += [
                Slot(node, node.x, node.y + 8, "mid", room - 4),
                Slot(node, 0, 0, "hidden", self.width),
            ]
        else:
            self.names.append(Slot(node, node.x, node.y - 19, "", room))
            self.slots.append(Slot(node, node.x, node.y + 1, "big", room))
            self.slots.append(Slot(node, node.x, node.y + 20, "small", room))

    def _neuron_texts(self, node: Node) -> None:
        top = node.y - node.height / 2
        if node.tight:
            hand = "" if node.layer == len(self.nodes) - 1 else " hand"
            self.names.append(Slot(node, node.x + 1, top - 6, f"tiny start{hand}", 70))
        else:
            room = min(104.0, PILL[0] + self._gap() - 4) if self.compact else 104
            if self.compact and node.layer == len(self.nodes) - 1:
                room = self._below() + 10  # its prediction stands beside it
            self.names.append(Slot(node, node.x, top - (10 if self.compact else 9), "", room))
        if self.compact:
            self.slots += [
                Slot(node, 0, 0, "hidden", self.width),
                Slot(node, node.x, node.y, "mid", node.width - 4),
            ]
        else:
            self.slots.append(Slot(node, node.x, node.y - 11, "small", 56))
            self.slots.append(Slot(node, node.x, node.y + 7, "big", 60))

    def _output_texts(self, node: Node) -> None:
        beside = node.width / 2 + BESIDE if node.tight else self._below() / 2
        x = node.x + beside + (6 if self.compact else 8)
        texts = [("big", -18), ("small", 1), ("small", 19)]
        if node.tight:
            texts = [("mid", -7), ("hidden", 0), ("tiny", 7)]
        self.slots += [Slot(node, x, node.y + y, f"{style} start", self.width - x - 2) for style, y in texts]
