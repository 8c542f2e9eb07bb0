"""The explorers that the tests move, and hands that move them as the page would."""

import io
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image
from support import network_2_3_1

from nnlib import SGD, Adam, Dense, History, MaxScaler, Network, StandardScaler, datasets, fit
from nnlib.explore import (
    ArrowExplorer,
    Choice,
    HingeExplorer,
    HouseExplorer,
    LineExplorer,
    NetworkExplorer,
    NeuronExplorer,
    ProductExplorer,
    ReviewExplorer,
    StoppingExplorer,
    Tally,
    ThresholdExplorer,
    Timer,
)
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


def overfitted(rows: int = 40, epochs: int = 300, record: int | None = 10) -> tuple[Network, History]:
    """A network of 4-30-1 that has learned some houses by heart, and the film of that."""
    X, y, inputs, outputs = datasets.houses()
    X, y = (
        StandardScaler().fit(X[:rows]).transform(X[:rows]),
        StandardScaler().fit(y[:rows]).transform(y[:rows]),
    )
    net = made(4, 30, 1, activations=["relu", "linear"], seed=3, input_names=inputs, output_names=outputs)
    return net, fit(net, X, y, epochs=epochs, optimizer=Adam(0.01), record=record)


def stopping(rows: int = 40, **settings: Any) -> StoppingExplorer:
    """The explorer of early stopping: a network that overfits, with 60 houses to validate and 50 to test."""
    X, y, *_ = datasets.houses()
    net, history = overfitted(rows)
    given = {
        "net": net,
        "history": history,
        "train": (X[:rows], y[:rows]),
        "validation": (X[1200:1260], y[1200:1260]),
        "test": (X[1600:1650], y[1600:1650]),
        "x_scaler": StandardScaler().fit(X[:rows]),
        "y_scaler": StandardScaler().fit(y[:rows]),
        "unit": "dollars",
        "row_name": "house",
    }
    return StoppingExplorer(**(given | settings))


# Every explorer with a state to set: how one is made, whose arguments can be replaced, and what `set` takes.
X, Y = np.array([[0.3, 0.5], [0.5, 0.1], [1.0, 0.2]]), np.array([[0.75], [0.82], [0.93]])
EXPLORERS: dict[str, tuple[Callable[..., Any], list[str]]] = {
    "ArrowExplorer": (ArrowExplorer, ["a", "b", "length_a", "angle_b", "none"]),
    "Choice": (
        lambda question="Which?", answers=("up", "down"), **more: Choice(question, answers, **more),
        ["answer", "none"],
    ),
    "HingeExplorer": (
        HingeExplorer,
        ["target", "hinges", "activation", "bend1", "at1", "offset"],
    ),
    "HouseExplorer": (
        lambda net=None, X=None, **more: HouseExplorer(
            net or datasets.house_network(), datasets.houses().X[:3] if X is None else X, **more
        ),
        ["view", "sweep", "neuron", "off", "age", "area"],
    ),
    "LineExplorer": (
        lambda x=(1.0, 2.0), y=(1.0, 3.0), **more: LineExplorer(x, y, **{"epochs": 2, **more}),
        ["w", "b", "learning_rate", "threshold", "epochs", "example", "none"],
    ),
    "NetworkExplorer": (
        lambda net=None, X=X, y=Y, **more: NetworkExplorer(
            net or network_2_3_1(), X, y, **{"epochs": 2, **more}
        ),
        ["theta", "W1[x1, h1]", "example", "selected", "step", "learning_rate", "hidden", "seed", "none"],
    ),
    "NeuronExplorer": (
        lambda x=(1, 2), **more: NeuronExplorer(x, **more),
        ["w", "b", "activation", "example", "none"],
    ),
    "ProductExplorer": (
        lambda W=((1, 2), (3, 4)), x=(1, 2), **more: ProductExplorer(W, x, **more),
        ["W", "x", "step", "none"],
    ),
    "ReviewExplorer": (
        lambda texts=("a good film", "a slow one"), labels=("good", "bad"), words=("good", "slow"), **more: (
            ReviewExplorer(texts, labels, words, **more)
        ),
        ["good", "none"],
    ),
    "StoppingExplorer": (stopping, ["epoch", "none"]),
    "Tally": (
        lambda question="Which?", answers=("up", "down"): Tally(question, answers),
        ["counts", "before", "told", "none"],
    ),
    "ThresholdExplorer": (
        lambda x=(1, 2), passed=(0, 1), **more: ThresholdExplorer(x, passed, **more),
        ["w", "b", "threshold", "none"],
    ),
    "Timer": (Timer, ["minutes", "none"]),
}


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


def looked_at(explorer: Any) -> Any:
    """The explorer, its pictures drawn now and whenever they change."""
    explorer.page.ready = True
    explorer.page.ready = False
    return explorer


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
