"""Sliders that hold any number they are given, and travel with the rest of the frame."""

from typing import Any

import ipywidgets

from ...checks import as_number
from .bundle import Bundled

FINE = 1 / 1024  # a slider's step
DIGITS = 3  # of a number set by hand: every one of them has a step of its own
ECHO = 1e-9  # share of a slider's range that no hand can move


class Slider(Bundled, ipywidgets.FloatSlider):
    """A slider whose changes travel with the rest of the frame."""

    def set_key(self, key: int) -> None:
        """Let an arrow key move it by 10 ** key; explorer.js does so."""
        for name in self._dom_classes:
            if name.startswith("nn-key"):
                self.remove_class(name)
        self.add_class(f"nn-key{key}")


def on_slider(value: float) -> float:
    """The value on the slider's own scale.

    A FloatSlider in the page rounds what it is given to its steps, and if that changed anything, it sends
    the rounded value back as if a hand had moved it: a trained weight would be changed by being shown. With
    a step that is a power of two, and whole numbers at the ends, 2^m · 5^n apart with n up to 2, a value on
    the scale is exact, and nothing is sent back.
    """
    return round(value / FINE) * FINE


def by_hand(change: Any) -> float | None:
    """The number that a hand set; None where the page repeats what it was shown, with rounding errors."""
    moved = abs(change["new"] - change["old"]) > max(FINE / 2, ECHO * change["owner"].max)
    return round(change["new"], DIGITS) if moved else None


def fine_slider(
    label: str, value: float, low: float, high: float, label_width: int = 100, key: int = -1
) -> Slider:
    """A slider between two whole numbers that holds what it is given; an arrow key moves it by 10 ** key."""
    slider = Slider(value=on_slider(as_number(value, label)), min=low, max=high, step=FINE, description=label)
    slider.layout.width, slider.style.description_width = f"{label_width + 175}px", f"{label_width}px"
    slider.add_class("nn-fine")
    slider.set_key(key)
    return slider


def held(value: object, name: str, slider: Slider) -> float:
    """The number, if the slider can hold it; ValueError otherwise."""
    number = as_number(value, name)
    if not slider.min <= number <= slider.max:
        raise ValueError(f"{name} goes from {slider.min:g} to {slider.max:g}; got {number:g}.")
    return number
