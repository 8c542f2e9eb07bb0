"""The explorers that the tests move, and hands that move them as the page would."""

import io
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from nnlib import SGD, Dense, MaxScaler, Network, datasets
from nnlib.explore import NetworkExplorer
from nnlib.plots import SHARP

ODD = '<b>&"'  # a name that would break a page that does not escape it


def made(*sizes: int, activations: str | list[str] = "sigmoid", **settings: Any) -> Network:
    """A network of these layers."""
    names = [activations] * (len(sizes) - 1) if isinstance(activations, str) else activations
    layers = [Dense(*size, name) for size, name in zip(pairwise(sizes), names, strict=True)]
    return Network(layers, **settings)


def students(**settings: Any) -> NetworkExplorer:
    """The explorer of the sleep and study lesson."""
    hours, scores, inputs, outputs = datasets.test_scores()
    given = {
        "x_scaler": MaxScaler().fit(hours),
        "y_scaler": MaxScaler(100).fit(scores),
        "units": ["hours", "hours", "points"],
        "row_name": "student",
        "optimizer": SGD(3),
    }
    net = settings.pop("net", None) or made(2, 3, 1, input_names=inputs, output_names=outputs)
    return NetworkExplorer(net, hours, scores, **(given | settings))


def on_page(widget: ipywidgets.Widget, **state: Any) -> None:
    """The page sends a widget's new state to Python."""
    widget.set_state(state)


def on_diagram(explorer: NetworkExplorer, moves: dict[int, float]) -> None:
    """The page sends moves of lines in the diagram."""
    seen = explorer.diagram.seen
    on_page(
        explorer.diagram,
        moves={str(k): [seen + n, value] for n, (k, value) in enumerate(moves.items(), start=1)},
    )


def pixels(png: bytes) -> Image.Image:
    """The picture in a PNG."""
    return Image.open(io.BytesIO(png)).convert("RGB")


def is_drawn(widget: Any) -> bool:
    """Whether a live picture holds a PNG of its own size with something on it."""
    image = pixels(widget.png)
    wanted = (round(inches * 100) * SHARP for inches in widget.figure.get_size_inches())
    fits = all(
        side - 1 <= got <= side for got, side in zip(image.size, wanted, strict=True)
    )  # an old one cuts
    return fits and np.asarray(image).std() > 5 and bool(widget.alt)


class Images(HTMLParser):
    """The attributes of every <img> in some HTML; `others` are what else it holds."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attrs))
        else:
            self.others.append(tag)

    def handle_data(self, data: str) -> None:
        self.others.append(data)
