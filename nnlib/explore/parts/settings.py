"""The switches: what a training depends on besides the rows, and the controls that set it."""

from collections.abc import Callable
from copy import copy
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import ipywidgets
import numpy as np

from ...activations import ACTIVATIONS, Activation
from ...checks import between, one_of, positive, whole
from ...layers import Dense
from ...network import Network
from ...optimizers import SGD, Adam, Optimizer
from .problem import SCALINGS, Problem, scaling_of

OPTIMIZER_KINDS = ("sgd", "momentum", "adam")
MOMENTUM = 0.9
MOST_UNITS, MOST_LAYERS = 10, 2
LARGEST = 2**31 - 1  # epochs, and the largest seed


@dataclass(frozen=True)
class Settings:
    """What is switched; every change is checked, and retrains.

    hidden, layers : hidden units a layer (0 for no hidden layer), and hidden layers.
    batch_size : rows a step, at most all of them.
    seed : of the first weights; 0 for the network's own. New weights also take it where the shape changes.
    """

    learning_rate: float
    activation: str
    hidden: int
    layers: int
    batch_size: int
    optimizer: str
    epochs: int
    scale_X: str
    scale_y: str
    seed: int = 0

    @classmethod
    def of(cls, problem: Problem, optimizer: Optimizer, epochs: int, batch_size: int | None) -> "Settings":
        """The settings with which an explorer begins."""
        hidden = problem.net.layers[:-1]
        rows = len(problem.X)
        return cls(
            learning_rate=optimizer.learning_rate,
            activation=hidden[0].activation.name if hidden else "sigmoid",
            hidden=hidden[0].n_out if hidden else 0,
            layers=max(1, len(hidden)),
            batch_size=rows if batch_size is None else min(rows, whole(batch_size, "batch_size")),
            optimizer=kind_of(optimizer),
            epochs=between(epochs, "epochs", 1, LARGEST),
            scale_X=scaling_of(problem.x_scaler),
            scale_y=scaling_of(problem.y_scaler),
        )

    def changed(self, rows: int, given: "Settings", **changes: Any) -> "Settings":
        """The settings after these changes; ValueError in words for one that cannot be.

        given : those with which the explorer began; whatever they are, one can go back to them.
        """
        menus = {
            "optimizer": OPTIMIZER_KINDS,
            "scale_X": SCALINGS,
            "scale_y": SCALINGS,
            "activation": ACTIVATIONS,
        }
        ends = {"hidden": (0, MOST_UNITS), "layers": (1, MOST_LAYERS), "batch_size": (1, rows)}
        checked: dict[str, Any] = {}
        for name, value in changes.items():
            if isinstance(value, (str, int, float)) and value == getattr(given, name):
                checked[name] = getattr(given, name)
            elif name in menus:
                checked[name] = one_of(value, menus[name], name)
            elif name == "learning_rate":
                checked[name] = positive(value, name)
            else:
                checked[name] = between(value, name, *ends.get(name, (0 if name == "seed" else 1, LARGEST)))
        return replace(self, **checked)

    def builds(self, other: "Settings") -> bool:
        """Whether the other settings need a network of another build."""
        return (self.activation, self.hidden, self.layers) != (other.activation, other.hidden, other.layers)

    def starts(self, other: "Settings") -> bool:
        """Whether the other settings need other first weights."""
        return self.builds(other) or self.seed != other.seed

    def network(self, like: Network) -> Network:
        """A network of this build, from the seed, with the names and the output of another."""
        hidden = [self.hidden] * self.layers if self.hidden else []
        sizes = [like.n_in, *hidden, like.n_out]
        first, last = like.layers[0].activation, like.layers[-1].activation
        kind = first if first.name == self.activation else self.activation  # it may be the learner's own
        kinds: list[str | Activation] = [*[kind] * len(hidden), last]
        shapes = zip(sizes, sizes[1:], kinds, strict=False)
        layers = [Dense(n_in, n_out, kind) for n_in, n_out, kind in shapes]
        return Network(layers, seed=self.seed, input_names=like.input_names, output_names=like.output_names)

    def as_optimizer(self, given: Optimizer) -> Optimizer:
        """The optimizer; the given one with this learning rate where it is of this kind."""
        if kind_of(given) == self.optimizer:
            new = copy(given)
            new.learning_rate = self.learning_rate
            return new
        if self.optimizer == "adam":
            return Adam(self.learning_rate)
        return SGD(self.learning_rate, momentum=MOMENTUM if self.optimizer == "momentum" else 0.0)


SETTINGS = tuple(field.name for field in fields(Settings))


def kind_of(optimizer: Optimizer) -> str:
    """Which of OPTIMIZER_KINDS it is; its own name for another."""
    if isinstance(optimizer, SGD):
        return "momentum" if optimizer.momentum else "sgd"
    return type(optimizer).__name__.lower()


class Switches(ipywidgets.GridBox):
    """A control for every setting."""

    def __init__(self, settings: Settings, rows: int) -> None:
        self.controls: dict[str, ipywidgets.Widget] = {
            "learning_rate": _number("learning rate", ipywidgets.BoundedFloatText, max=1e300, step=0.1),
            "optimizer": _choice("optimizer", OPTIMIZER_KINDS, settings.optimizer),
            "batch_size": _number("rows a step", ipywidgets.BoundedIntText, min=1, max=rows),
            "epochs": _number("epochs", ipywidgets.BoundedIntText, min=1, max=LARGEST, step=100),
            "hidden": _number("hidden units", ipywidgets.IntSlider, max=max(MOST_UNITS, settings.hidden)),
            "layers": _choice("hidden layers", range(1, MOST_LAYERS + 1), settings.layers),
            "activation": _choice("activation", ACTIVATIONS, settings.activation),
            "scale_X": _choice("scale X by", SCALINGS, settings.scale_X),
            "scale_y": _choice("scale y by", SCALINGS, settings.scale_y),
            "seed": _number("seed", ipywidgets.BoundedIntText, max=LARGEST),
        }
        self.show(settings)
        super().__init__(list(self.controls.values()))
        self.layout.grid_template_columns = "repeat(auto-fill, 270px)"

    def show(self, settings: Settings) -> None:
        """Put the controls where the settings are."""
        for name, value in asdict(settings).items():
            self.controls[name].value = value

    def connect(self, answer: Callable[..., Any], switch: Callable[..., None]) -> None:
        """Call `switch(name=value)` when a control moves, through `answer`, which shows errors."""

        def connected(name: str) -> Callable[[Any], None]:
            return lambda change: switch(**{name: change["new"]})

        for name, control in self.controls.items():
            control.observe(answer(connected(name)), "value")


def _number(label: str, kind: Any, **range_: Any) -> ipywidgets.Widget:
    return _styled(kind(description=label, **({"min": 0} | range_)))


def _choice(label: str, options: Any, given: object) -> ipywidgets.Widget:
    return _styled(ipywidgets.Dropdown(options=list(dict.fromkeys([*options, given])), description=label))


def _styled(control: ipywidgets.Widget) -> ipywidgets.Widget:
    control.layout.width, control.style.description_width = "265px", "105px"
    if hasattr(control, "continuous_update"):
        control.continuous_update = False
    return control


def y_out_of_reach(problem: Problem, targets: "np.ndarray[Any, Any]") -> str:
    """A word where the output's activation cannot reach the targets."""
    kind = problem.net.layers[-1].activation.name
    low, high = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}.get(kind, (-np.inf, np.inf))
    if low <= targets.min() and targets.max() <= high:
        return ""
    outside = targets.max() if targets.max() > high else targets.min()
    advice = "scale y by its maximum" if problem.y.min() >= 0 else "take a network with a linear output"
    return (
        f"The output's {kind} stays between {low:g} and {high:g}, but the network is to reach {outside:.3g}: "
        f"{advice}."
    )
