"""One neuron with one input: its sum z, a straight line, and what its activation makes of it."""

from collections.abc import Sequence
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..activations import ACTIVATIONS
from ..checks import as_number, as_numbers, as_shape, as_text, as_texts, between, count, in_short, one_of
from ..style import capital, number, straight
from .base import Explorer, button, menu
from .parts.neuron_picture import NeuronCurve, Sum, flat, sums_around
from .parts.own import Function, OwnActivation
from .parts.problem import with_unit
from .parts.sliders import fine_slider, held

SIZE = {"width": 380, "height": 280}
FARTHEST = 10**6  # the end of a slider
NUDGE = 1e-4  # how far z is moved to feel the slope of a learner's function
SATURATES = ("sigmoid", "tanh")


def _ends(span: object, name: str) -> tuple[int, int]:
    """The two ends of a slider; ValueError says what came instead."""
    low, high = as_shape(span, (2,), name).tolist()
    if not (-FARTHEST <= low < high <= FARTHEST and low.is_integer() and high.is_integer()):
        raise ValueError(
            f"{name} must be two whole numbers, the lower one first, as in (-2, 2); got {in_short(span)}."
        )
    return int(low), int(high)


class NeuronExplorer(Explorer):
    """Move the weight and the bias of one neuron with one input, and switch its activation.

    Parameters
    ----------
    x (rows,) : the input of each row, in real units.
    name, unit : of the input, as in "study" and "hours".
    row_name : what a row is, as in "student".
    w, b : where the sliders stand at first.
    w_range, b_range : from where to where they go, whole numbers.
    activations : the first is on; with more than one there is a switch.
    my_activation : the learner's function for the first of them, of one number, or its `Exercise`.

    Raises
    ------
    ValueError : no row, or something else than numbers; an activation that nnlib does not know.
    """

    def __init__(
        self,
        x: object,
        name: str = "x",
        unit: str = "",
        row_name: str = "row",
        *,
        w: float = 1.0,
        b: float = 0.0,
        w_range: tuple[int, int] = (-2, 2),
        b_range: tuple[int, int] = (-10, 10),
        activations: Sequence[str] = ("linear", "relu"),
        my_activation: Function | None = None,
    ) -> None:
        self.x = as_numbers(x, "x").ravel()
        if not self.x.size:
            raise ValueError("x has no rows; at least one is needed.")
        self.name, self.unit = as_text(name, "name"), as_text(unit, "unit")
        self.row_name = as_text(row_name, "row_name")
        w, b = as_number(w, "w"), as_number(b, "b")
        given = as_texts(activations, "activations", least=1)
        names = [one_of(name, ACTIVATIONS, "activation") for name in given]
        own = {names[0]: my_activation}
        self.rules = {name: OwnActivation(own.get(name), ACTIVATIONS[name]) for name in names}
        self.verdicts = {name: rule.verdict() for name, rule in self.rules.items()}
        self.sum = Sum(self.x, f"{name} ({unit})" if unit else name, **SIZE)
        self.curve = NeuronCurve(row_name, **SIZE)
        self.grid = sums_around(w * np.array(self.sum.span) + b)  # stays, so that no axis jumps
        self._make_controls(w, b, _ends(w_range, "w_range"), _ends(b_range, "b_range"))
        pictures = ipywidgets.HBox([self.sum, self.curve]).add_class("nn-panels")
        shown = [
            *self.sliders,
            self.example,
            self.reset_button,
            *([self.switch] if len(self.rules) > 1 else []),
        ]
        row = ipywidgets.HBox(shown).add_class("nn-row")
        first = {"w": w, "b": b, "activation": names[0], "example": 0}
        super().__init__(self.follow(first, {}), [pictures, row])
        for widget, key in zip((*self.sliders, self.switch, self.example), first.keys(), strict=True):
            self.bind(widget, key)
        self.on_press(self.reset_button, self.reset)
        self.show(self.state)

    def _make_controls(self, w: float, b: float, *ranges: tuple[int, int]) -> None:
        self.sliders = [
            fine_slider(label, value, *span, label_width=70, key=0 if span[1] - span[0] > 50 else -1)
            for label, value, span in zip(("weight w", "bias b"), (w, b), ranges, strict=True)
        ]
        self.switch = ipywidgets.ToggleButtons(options=list(self.rules))
        self.switch.style.button_width = "82px"
        rows = [(f"{self.row_name} {k + 1}", k) for k in range(len(self.x))]
        self.example = menu("show", rows, 165)
        self.reset_button = button("Reset", "undo", "82px")
        self.hidden = [self.switch]

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; ValueError for a value that does not fit."""
        state = super().follow(state, changes)
        for key, slider in zip("wb", self.sliders, strict=True):
            state[key] = held(state[key], key, slider)
        state["activation"] = one_of(state["activation"], self.rules, "activation here")
        state["example"] = between(state["example"], "example", 0, len(self.x) - 1)
        return state

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """The sums, the outputs and the slope that follow from w, b and the activation."""
        w, b, rule = state["w"], state["b"], self.rules[state["activation"]]
        z, axis = w * self.x + b, np.linspace(*self.sum.span, 241)
        z_axis = w * axis + b
        around = z[state["example"]] + np.array([-NUDGE, NUDGE])
        a, a_axis, curve, near = (rule(sums) for sums in (z, z_axis, self.grid, around))
        slope = ACTIVATIONS[state["activation"]].slope(z[state["example"]])
        if rule.own is not None:
            slope = (near.shown[1] - near.shown[0]) / (2 * NUDGE)
        return {
            **state,
            "x": self.x,
            "axis": axis,
            "z_axis": z_axis,
            "a_axis": a_axis.shown,
            "start": -b / w if w else None,
            "trouble": next((part.trouble for part in (a, a_axis, curve, near) if part.trouble), ""),
            "zoom": {
                "name": "the neuron",
                "activation": state["activation"],
                "z": z,
                "a": a.shown,
                "slope": float(slope),
                "grid": self.grid,
                "curve": curve.shown,
                "reference": None if rule.own is None else curve.right,
            },
        }

    def draw(self, numbers: dict[str, Any]) -> None:
        words = self.words(numbers)
        for picture in (self.sum, self.curve):
            picture.show(numbers, words)

    def words(self, numbers: dict[str, Any]) -> str:
        """The neuron, one row's sum, output and slope, and on how many rows it is active."""
        zoom, k = numbers["zoom"], numbers["example"]
        lines = [
            f"z = {straight(numbers['w'], self.name, numbers['b'])}, "
            f"a = {numbers['activation']}(z). {self._starts(numbers)}".rstrip(),
            f"{capital(self.row_name)} {k + 1} ({self.name} {with_unit(self.x[k], self.unit)}): "
            f"z {number(zoom['z'][k])}, a {number(zoom['a'][k])}, slope {number(zoom['slope'], 4)}. "
            f"{self._active(numbers)}".rstrip(),
            "" if numbers["trouble"] else self.verdicts[numbers["activation"]],
        ]
        return "\n".join(line for line in lines if line)

    def _starts(self, numbers: dict[str, Any]) -> str:
        if numbers["start"] is None:
            return f"With w = 0 it does not look at {self.name}."
        return f"z is 0 where {self.name} is {with_unit(numbers['start'], self.unit, 2)}."

    def _active(self, numbers: dict[str, Any]) -> str:
        """On how many rows a rectifier is active, or an S is flat."""
        zoom, rows = numbers["zoom"], count(len(self.x), self.row_name)
        if numbers["activation"] == "relu":
            active = int((zoom["z"] > 0).sum())
            dead = "" if active else " It is dead: slope 0 on every row, so no step of training moves it."
            return f"Active on {active} of {rows}, slope 0 on the rest.{dead}"
        if numbers["activation"] in SATURATES:
            return f"Saturated (next to no slope) on {int(flat(zoom, zoom['z']).sum())} of {rows}."
        return ""

    def picture(self) -> Image.Image:
        return plots.beside([self.sum.image()], [self.curve.image()])
