"""Two arrows in hand: their dot product as a sum of products, as a projection, and beside the cosine."""

import math
from functools import partial
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from ..checks import Array, as_number, as_shape
from ..style import number
from .base import Explorer, button
from .parts import equations
from .parts.arithmetic import Arithmetic, Stage
from .parts.arrow_picture import LONGEST, Arrows
from .parts.bundle import Bundled
from .parts.equations import Plain
from .parts.own import Function, OwnRule
from .parts.sliders import fine_slider

RIGHT_ANGLE = 0.0005  # a cosine this small is shown as 0.00
SHORTEST = 1e-100  # a shorter arrow has no length: its numbers would be too small to divide by


def dot(x: Array, w: Array) -> float:
    """Σ xᵢ wᵢ."""
    return float(np.dot(x, w))


def cosine(a: Array, b: Array) -> float:
    """a · b ÷ (length of a × length of b), for two vectors that are not zero."""
    # one after the other: the product of two very small lengths would be 0
    return float(np.dot(a / np.linalg.norm(a), b / np.linalg.norm(b)))


class NumberField(Bundled, ipywidgets.BoundedFloatText):
    """A field for an exact number whose changes travel with the rest of the frame."""


class ArrowExplorer(Explorer):
    """Two vectors as arrows: turn and stretch them, or type their coordinates, and read a · b and the cosine.

    State: length_a, angle_a, length_b, angle_b, angles in degrees; `set` takes a=(x, y) and b=(x, y) too.

    Parameters
    ----------
    a, b : the two vectors (2,) at first, each at most 25 long.
    angles : whether projection, cosine and angle are shown; False for a first look at the dot product.
    my_dot : dot(x, w) of the learner, or its exercise, drawn instead of nnlib's.
    my_cosine : the same for cosine(a, b); not called for a vector without length, which has no cosine.

    Raises
    ------
    ShapeError, ValueError : a vector that is not two finite numbers, or longer than 25.
    """

    def __init__(
        self,
        a: object = (5, 1),
        b: object = (10, 2),
        *,
        angles: bool = True,
        my_dot: Function | None = None,
        my_cosine: Function | None = None,
    ) -> None:
        self.angles = angles
        self.own_dot, self.own_cosine = OwnRule("dot", my_dot, dot), OwnRule("cosine", my_cosine, cosine)
        start = {"length_a": 0.0, "angle_a": 0.0, "length_b": 0.0, "angle_b": 0.0}
        state = self.follow(start, {"a": a, "b": b})
        self.arrows, self.lines = Arrows(320, 312), Arithmetic()
        self.fields = {(name, axis): self._field(name, axis) for name in "ab" for axis in "xy"}
        sliders = {
            "length_a": fine_slider("length of a", 0, 0, LONGEST, 90),
            "angle_a": fine_slider("angle of a, °", 0, -180, 180, 90, key=0),
            "length_b": fine_slider("length of b", 0, 0, LONGEST, 90),
            "angle_b": fine_slider("angle of b, °", 0, -180, 180, 90, key=0),
        }
        reset = button("Reset", "undo", "82px")
        rows = []
        for name in "ab":
            fields = [self.fields[name, axis] for axis in "xy"]
            row = ipywidgets.HBox([*fields, sliders[f"length_{name}"], sliders[f"angle_{name}"]])
            rows.append(row.add_class("nn-row"))
        panels = ipywidgets.HBox([self.arrows, ipywidgets.VBox([self.lines, reset])]).add_class("nn-panels")
        super().__init__(state, [*rows, panels])
        for key, slider in sliders.items():
            self.bind(slider, key)
        for (name, axis), field in self.fields.items():
            field.observe(self.answer(partial(self._typed, name, axis)), "value")
        self.on_press(reset, self.reset)
        self.show(self.state)

    def _field(self, name: str, axis: str) -> NumberField:
        field = NumberField(min=-LONGEST, max=LONGEST, step=0.5, description=f"{name}: {axis}")
        field.layout.width, field.style.description_width = "104px", "32px"
        return field

    def _typed(self, name: str, axis: str, event: object) -> None:
        x, y = vector(self.state, name)
        value = self.fields[name, axis].value
        self.set(**{name: (value, y) if axis == "x" else (x, value)})

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; a=(x, y) and b=(x, y) become a length and an angle."""
        changes = dict(changes)
        for name in changes.keys() & {"a", "b"}:
            x, y = as_shape(changes.pop(name), (2,), name)
            changes[f"length_{name}"] = math.hypot(x, y)
            if x or y:  # without a length there is no angle: the one before is kept
                changes[f"angle_{name}"] = math.degrees(math.atan2(y, x))
        for key in changes.keys() & state.keys():
            changes[key] = value = as_number(changes[key], key)
            if key.startswith("length") and not 0 <= value <= LONGEST:
                raise ValueError(
                    f"an arrow is from 0 to {LONGEST} long here; {key[-1]} would be {number(value)}. "
                    "Type smaller coordinates."
                )
            if key.startswith("length") and value < SHORTEST:
                changes[key] = 0.0
            if key.startswith("angle") and not -180 <= value <= 180:
                raise ValueError(f"an angle goes from −180 to 180 degrees; {key} would be {number(value)}.")
        return super().follow(state, changes)

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Coordinates, dot product, cosine (None for a vector without length), angle and projection."""
        a, b = vector(state, "a"), vector(state, "b")
        product = self.own_dot(a, b)
        shown, right = float(product.shown), float(product.right)
        lengths = state["length_a"], state["length_b"]
        numbers: dict[str, Any] = {"a": a, "b": b, "lengths": lengths, "dot": shown, "right": right}
        numbers |= {"trouble": [product.trouble], "own": [self.own_dot.compared(product)]}
        numbers["dot differs"] = not product.agrees
        numbers |= {"cosine": None, "angle": None, "projection": None, "reference": None}
        if self.angles and min(lengths) > 0:
            likeness = self.own_cosine(a, b)
            numbers["cosine"], numbers["true_cosine"] = float(likeness.shown), float(likeness.right)
            numbers["angle"] = abs((state["angle_a"] - state["angle_b"] + 180) % 360 - 180)
            numbers["trouble"].append(likeness.trouble)
            numbers["own"].append(self.own_cosine.compared(likeness))
            numbers["cosine differs"] = not likeness.agrees
        if self.angles and lengths[1] > 0:
            numbers["projection"], numbers["reference"] = shown / lengths[1], right / lengths[1]
        return {**numbers, "lines": self._lines(numbers)}

    def notice(self, numbers: dict[str, Any]) -> str:
        """What went wrong in the learner's functions."""
        return "\n".join(filter(None, numbers["trouble"]))

    def draw(self, numbers: dict[str, Any]) -> None:
        self.arrows.show(numbers, self._where(numbers))
        self.lines.show(Stage("In numbers", -1, (), tuple(numbers["lines"]), ()), 0, 1)

    def _lines(self, numbers: dict[str, Any]) -> list[str]:
        """The arithmetic, each line true as printed."""
        (ax, ay), (bx, by) = numbers["a"], numbers["b"]
        pairs: list[tuple[float, float]] = [(Plain(ax), Plain(bx)), (Plain(ay), Plain(by))]
        lines = [equations.products("a · b", pairs, Plain(numbers["right"]))]
        if numbers["dot differs"]:
            lines.append(f"your dot = {number(numbers['dot'])}")
        if not self.angles:
            return lines
        lines += [f"length of {name} = {number(n)}" for name, n in zip("ab", numbers["lengths"], strict=True)]
        if numbers["cosine"] is None:
            return [*lines, "cosine: none, for a vector of length 0 points nowhere"]
        parts: equations.Parts = [Plain(numbers["right"]), " ÷ (", numbers["lengths"][0], " × "]
        parts += [numbers["lengths"][1], ")"]
        lines.append(
            equations.equation(
                "cosine", parts, lambda p, u, v: p / (u * v), numbers["true_cosine"], noise=1e-9
            )
        )
        if numbers["cosine differs"]:
            lines.append(f"your cosine = {number(numbers['cosine'])}")
        lines.append(f"angle between = {number(numbers['angle'], 1)}°")
        lines.append(f"a reaches along b = {number(numbers['projection'])}")
        return lines

    def words(self, numbers: dict[str, Any]) -> str:
        """The two vectors, how they stand to each other, the learner's functions, and the arithmetic."""
        first = f"{self._where(numbers)} {self._says(numbers)}".rstrip()
        return "\n".join(filter(None, [first, *numbers["own"], *numbers["lines"]]))

    def seen(self, words: str) -> str:
        """Without the arithmetic, which stands beside the picture."""
        return words.split("\na · b = ")[0]

    def _where(self, numbers: dict[str, Any]) -> str:
        (ax, ay), (bx, by) = numbers["a"], numbers["b"]
        return f"a = ({coordinate(ax)}, {coordinate(ay)}), b = ({coordinate(bx)}, {coordinate(by)})."

    def _says(self, numbers: dict[str, Any]) -> str:
        """How the two arrows stand to each other."""
        if min(numbers["lengths"]) == 0:
            none = "a" if numbers["lengths"][0] == 0 else "b"
            return f"{none} has no length: it points nowhere, the dot product is 0, and there is no cosine."
        if not self.angles:
            return ""
        likeness = numbers["true_cosine"]
        if abs(likeness) < RIGHT_ANGLE:
            return "They stand at a right angle: the dot product is 0."
        if abs(likeness) > 1 - 1e-6:
            return f"They point {'the same way' if likeness > 0 else 'in opposite directions'}."
        way = "partly the same way" if likeness > 0 else "partly in opposite directions"
        return f"They point {way}, {number(numbers['angle'], 1)}° apart."

    def picture(self) -> Image.Image:
        """The arrows, for readers without a kernel."""
        return self.arrows.image()

    def _set_controls(self) -> None:
        super()._set_controls()
        for (name, axis), field in self.fields.items():
            field.value = round(float(vector(self.state, name)["xy".index(axis)]), 2)


def vector(state: dict[str, Any], name: str) -> Array:
    """The coordinates (2,) of the arrow `name`, without the rounding errors of sine and cosine."""
    angle = math.radians(state[f"angle_{name}"])
    length = state[f"length_{name}"]
    return np.array([round(length * math.cos(angle), 12), round(length * math.sin(angle), 12)])


def coordinate(value: float) -> str:
    """A coordinate without zeros at its end: "5", "3.54"."""
    return equations.printed(Plain(value)).text if abs(value) >= 0.005 else "0"
