"""The network as a live diagram: a number on every line and neuron, every line a slider of its own.

The SVG is made here and put in the page once; afterwards only numbers travel (diagram.js).
"""

from html import escape
from pathlib import Path

import anywidget
import traitlets

from ..layout import BIAS, INPUT, NUMBER, Layout, Wire

HERE = Path(__file__).parent


class Diagram(anywidget.AnyWidget):
    """The diagram of a network; click or Tab to a line or bias, then arrow keys move it.

    theta : the weights and biases; set from Python.
    texts, fills : one text per `Layout.slots`, one shade from 0 to 1 per neuron; set from Python.
    selected : the parameter that the learner chose.
    moves : what the page's hand did, {k: [count, value]}; an entry stays until `seen` reaches its count, so
        that moves of several lines, sent while the kernel was busy, all arrive.
    """

    _esm = (HERE / "diagram.js").read_text(encoding="utf-8")
    svg = traitlets.Unicode().tag(sync=True)
    theta = traitlets.List(traitlets.Float()).tag(sync=True)
    texts = traitlets.List(traitlets.Unicode()).tag(sync=True)
    fills = traitlets.List(traitlets.Float()).tag(sync=True)
    selected = traitlets.Int(-1).tag(sync=True)
    moves = traitlets.Dict().tag(sync=True)
    seen = traitlets.Int(0).tag(sync=True)
    limit = traitlets.Float(5.0).tag(sync=True)
    step = traitlets.Float(0.1).tag(sync=True)

    def __init__(self, layout: Layout, **settings: object) -> None:
        super().__init__(svg=svg(layout), theta=layout.net.theta.tolist(), **settings)

    def fresh_moves(self) -> dict[int, float]:
        """The moves that were not seen before, oldest first; from now on they are."""
        moves = sorted((count, int(k), value) for k, (count, value) in self.moves.items())
        fresh = {k: value for count, k, value in moves if count > self.seen}
        if fresh:
            self.seen = moves[-1][0]
        return fresh


def svg(layout: Layout) -> str:
    """The picture without its numbers, which diagram.js writes in."""
    net = layout.net
    name = f"Network {'-'.join(str(len(layer)) for layer in layout.nodes)}: every line and bias is a slider"
    parts = [
        f'<svg width="{layout.width}" height="{layout.height}" viewBox="0 0 {layout.width} {layout.height}" '
        f'role="group" aria-label="{escape(name)}">'
    ]
    parts += [_wire(k, wire) for k, wire in enumerate(layout.wires) if wire.start]
    for node in layout.nodes[0]:
        parts.append(
            f'<rect class="nn-chip" x="{node.x - INPUT[0] / 2:.1f}" y="{node.y - INPUT[1] / 2:.1f}" '
            f'width="{INPUT[0]}" height="{INPUT[1]}" rx="8"/>'
        )
        parts.append(f'<text x="{node.x:.1f}" y="{node.y - 19:.1f}">{escape(node.name)}</text>')
    for n, node in enumerate(node for layer in layout.nodes[1:] for node in layer):
        where, above = (
            f'cx="{node.x:.1f}" cy="{node.y:.1f}" r="{layout.radius:.1f}"',
            node.y - layout.radius - 9,
        )
        parts.append(f'<circle class="nn-ground" {where}/><circle class="nn-node" data-fill="{n}" {where}/>')
        parts.append(f'<text x="{node.x:.1f}" y="{above:.1f}">{escape(node.name)}</text>')
    parts += [_wire(k, wire) for k, wire in enumerate(layout.wires) if not wire.start]
    for t, slot in enumerate(layout.slots):
        style = " ".join(f"nn-{word}" for word in slot.style.split())
        parts.append(f'<text data-t="{t}" class="{style}" x="{slot.x:.1f}" y="{slot.y:.1f}"></text>')
    assert len(layout.wires) == net.theta.size
    return "".join([*parts, "</svg>"])


def _wire(k: int, wire: Wire) -> str:
    bias = wire.start is None
    width, height = BIAS if bias else NUMBER
    parts = [
        f'<g data-k="{k}" tabindex="0" role="slider"',
        f' aria-label="{escape(wire.label)}, {escape(wire.spoken)}"',
        ' data-prefix="b ">' if bias else ">",
    ]
    if wire.start:
        ends = f'x1="{wire.start.x:.1f}" y1="{wire.start.y:.1f}" x2="{wire.end.x:.1f}" y2="{wire.end.y:.1f}"'
        parts += [f'<line class="nn-wire" {ends}/><line class="nn-hit" {ends}/>']
    parts += [
        f'<rect class="nn-chip" x="{wire.x - width / 2:.1f}" y="{wire.y - height / 2:.1f}" ',
        f'width="{width}" height="{height}" rx="5"/>',
        f'<text class="nn-number" x="{wire.x:.1f}" y="{wire.y:.1f}"></text></g>',
    ]
    return "".join(parts)
