"""The network as a live diagram: a number on every line and neuron, every line a slider of its own.

The SVG is made here and put in the page once for each layout; afterwards only numbers travel (diagram.js).
"""

from html import escape

import anywidget
import traitlets

from ...geometry import Box, Line, Node
from ...layout import Layout, Slot, Wire
from .bundle import Bundled
from .module import module

LATE = 1000  # moves of the network before may still arrive: they count as seen


class Diagram(Bundled, anywidget.AnyWidget):
    """The diagram of a network; click or Tab to a line or bias, then arrow keys move it.

    theta : the weights and biases; set from Python.
    texts, fills : one text per `Layout.slots`, one shade from 0 to 1 per neuron; set from Python.
    marks : "", "dead" or "saturated" for each neuron, or an empty list.
    notes : the slope of the loss for each entry of theta, as a text, shown instead of its value; or none.
    written : how each entry of theta is written, where its unit asks for more or fewer digits; or none.
    strengths : how strongly the line of each entry of theta is drawn, where the entries carry units and their
        sizes do not tell it, below 0 for not at all; or an empty list.
    lit : entries of theta that stand out; the others fade.
    fixed : entries of theta that the learner cannot move.
    selected : the parameter that the learner chose.
    neuron : the neuron that the learner zooms in on, counted layer by layer without the inputs; -1 for none.
    zooms : whether a neuron is a button, which zooms in on it.
    limit, key : how far an entry goes from 0, and by which power of ten an arrow key moves it.
    moves : what the page's hand did, {k: [count, value]}; an entry stays until `seen` reaches its count, so
        that moves of several lines, sent while the kernel was busy, all arrive.
    """

    _esm = module("diagram")
    svg = traitlets.Unicode().tag(sync=True)
    theta = traitlets.List(traitlets.Float()).tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    fills = traitlets.List(traitlets.Float()).tag(sync=True)
    marks = traitlets.List(traitlets.Unicode()).tag(sync=True)
    notes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    written = traitlets.List(traitlets.Unicode()).tag(sync=True)
    strengths = traitlets.List(traitlets.Float()).tag(sync=True)
    lit = traitlets.List(traitlets.Int()).tag(sync=True)
    fixed = traitlets.List(traitlets.Int()).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    neuron = traitlets.Int(-1).tag(sync=True)
    zooms = traitlets.Bool(True).tag(sync=True)
    moves = traitlets.Dict().tag(sync=True, echo_update=False)  # `seen` is the answer
    seen = traitlets.Int(0).tag(sync=True)
    limit = traitlets.Float(5.0).tag(sync=True)
    key = traitlets.Int(-1).tag(sync=True)

    def __init__(self, layout: Layout, **settings: object) -> None:
        super().__init__(svg=svg(layout), theta=layout.net.theta.tolist(), **settings)

    def change(self, layout: Layout) -> None:
        """Show another network; what stood at the entries and neurons of the one before is gone."""
        with self.hold_sync():
            self.svg, self.theta = svg(layout), layout.net.theta.tolist()
            self.texts, self.fills, self.marks, self.notes = [], [], [], []
            self.written, self.strengths, self.lit, self.fixed = [], [], [], []
            self.selected = self.neuron = -1
            self.seen += LATE

    def fresh_moves(self) -> dict[int, float]:
        """The moves that were not seen before, oldest first; from now on they are."""
        moves = sorted((count, int(k), value) for k, (count, value) in self.moves.items())
        fresh = {k: value for count, k, value in moves if count > self.seen}
        if fresh:
            self.seen = moves[-1][0]
        return fresh


def svg(layout: Layout) -> str:
    """The picture without its numbers, which diagram.js writes in."""
    name = f"Network {'-'.join(str(len(layer)) for layer in layout.nodes)}: every line and bias is a slider"
    size = f'width="{layout.width}" height="{layout.height}" viewBox="0 0 {layout.width} {layout.height}"'
    kind = "nn-compact" if layout.compact else "nn-roomy"
    parts = [f'<svg {size} class="{kind}" role="group" aria-label="{escape(name)}">']
    parts += [
        _line(wire.line, f'class="nn-wire" data-line="{k}"')
        for k, wire in enumerate(layout.wires)
        if wire.line
    ]
    parts.append('<g class="nn-halos"></g>')
    parts += [_rect(node, 'class="nn-chip"', 8, _title(layout, node)) for node in layout.nodes[0]]
    for n, slot in enumerate(layout.names, start=-len(layout.nodes[0])):
        which = f'{_style("nn-name", slot)} data-name="{n}"' if n >= 0 else _style("nn-name", slot)
        parts.append(_text(slot, which, slot.room, slot.node.name))
    for n, node in enumerate(layout.neurons):  # Tab goes from a neuron to what leads into it
        parts.append(_neuron(layout, n, node))
        parts += [_wire(k, wire, n) for k, wire in enumerate(layout.wires) if wire.end is node]
    for t, slot in enumerate(layout.slots):
        parts.append(_text(slot, f'data-t="{t}" {_style("", slot)}', slot.room))
    return "".join([*parts, "</svg>"])


def _wire(k: int, wire: Wire, end: int) -> str:
    quiet = "" if wire.shown else ' class="nn-quiet"'
    parts = [
        f'<g data-k="{k}" data-end="{end}"{quiet} tabindex="0" role="slider"',
        f' aria-label="{escape(wire.label)}, {escape(wire.spoken)}"',
        ">" if wire.start else ' data-prefix="b ">',
    ]
    if wire.line and wire.start:
        parts.append(_line(_between(wire.line, wire.start, wire.end), 'class="nn-hit"'))
    if wire.stub:
        parts.append(_rect(wire.stub, 'class="nn-stub"', 4))
        parts.append(_text(wire.stub, 'class="nn-tiny"', wire.stub.width, "b"))
    parts += [_rect(wire, 'class="nn-chip"', 5), _text(wire, 'class="nn-number"', wire.width - 3)]
    return "".join([*parts, "</g>"])


def _neuron(layout: Layout, n: int, node: Node) -> str:
    corner = node.height / 2
    parts = [
        f'<g data-neuron="{n}" tabindex="0" role="button" aria-label="{escape(node.name)}, zoom in">',
        _title(layout, node),
        _rect(node, 'class="nn-ring"', corner + 3, more=3),
        _rect(node, 'class="nn-ground"', corner),
        _rect(node, f'class="nn-node" data-fill="{n}"', corner),
    ]
    return "".join([*parts, "</g>"])


def _title(layout: Layout, node: Node) -> str:
    """What the page shows while the pointer rests on a node: all its texts, written by diagram.js."""
    slots = " ".join(str(t) for t, slot in enumerate(layout.slots) if slot.node is node)
    return f'<title data-of="{slots}" data-name="{escape(node.name)}"></title>'


def _between(line: Line, start: Node, end: Node) -> Line:
    """The part of a line that lies between its two nodes."""
    x1, y1, x2, y2 = line
    rise = (y2 - y1) / (x2 - x1)
    left, right = max(x1, start.x + start.width / 2), min(x2, end.x - end.width / 2)
    return left, y1 + rise * (left - x1), right, y1 + rise * (right - x1)


def _line(line: Line, attributes: str) -> str:
    x1, y1, x2, y2 = line
    return f'<line {attributes} x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _rect(box: Box | Node | Wire, attributes: str, corner: float, inside: str = "", more: float = 0) -> str:
    """A rounded box; `more` at each side."""
    width, height = box.width + 2 * more, box.height + 2 * more
    return (
        f'<rect {attributes} x="{box.x - width / 2:.1f}" y="{box.y - height / 2:.1f}" '
        f'width="{width:.1f}" height="{height:.1f}" rx="{corner:.1f}">{inside}</rect>'
    )


def _style(kind: str, slot: Slot) -> str:
    names = [kind, *(f"nn-{word}" for word in slot.style.split())]
    return f'class="{" ".join(names).strip()}"'


def _text(place: Box | Wire | Slot, attributes: str, room: float, text: str = "") -> str:
    return (
        f'<text {attributes} x="{place.x:.1f}" y="{place.y:.1f}" data-room="{room:.1f}">{escape(text)}</text>'
    )
