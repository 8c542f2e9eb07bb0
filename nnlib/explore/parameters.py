"""Sliders for the weights and biases, one for each: the selected one in view, all of them behind a button."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ipywidgets

FINE = 1 / 1024  # a slider's step
DIGITS = 3  # of a number set by hand: every one of them has a step of its own
LIMIT = 4.0  # of a slider, at first


def on_slider(value: float) -> float:
    """The value on the slider's own scale.

    A FloatSlider in the page rounds what it is given to its steps, and if that changed anything, it sends
    the rounded value back as if a hand had moved it: a trained weight would be changed by being shown. With
    a step and a range that are powers of two, a value on the scale is exact, and nothing is sent back.
    """
    return round(value / FINE) * FINE


def fine_slider(label: str, value: float, limit: float) -> ipywidgets.FloatSlider:
    """A slider from -limit to limit, a power of two, that holds what it is given; its keys: explorer.js."""
    slider = ipywidgets.FloatSlider(
        value=on_slider(value), min=-limit, max=limit, step=FINE, description=label
    )
    slider.layout.width, slider.style.description_width = "275px", "100px"
    slider.add_class("nn-fine")
    return slider


class Parameters:
    """The sliders of a network's parameters.

    chosen : holds the selected parameter's slider; drawer : all sliders, opened and closed by `button`.
    Each parameter has a slider of its own, so that a move that the page sends late cannot reach another one.
    """

    def __init__(self, labels: Sequence[str], theta: Sequence[float]) -> None:
        self.labels = labels
        self.limit = LIMIT
        self.sliders = [
            fine_slider(label, value, self.limit) for label, value in zip(labels, theta, strict=True)
        ]
        self.chosen = ipywidgets.HBox([self.sliders[0]])
        self.chosen.add_class("nn-chosen")
        self.button = ipywidgets.ToggleButton(description=f"All {len(labels)} sliders", icon="sliders")
        self.drawer = ipywidgets.GridBox()
        self.drawer.layout.grid_template_columns = "repeat(auto-fill, 278px)"

    def connect(
        self, answer: Callable[..., Any], moved: Callable[..., None], opened: Callable[[], None]
    ) -> None:
        """Call `moved(k, value)` when a hand moves parameter k, `opened()` when the drawer opens or closes.

        Both through `answer`, which shows errors.
        """

        def slid(k: int, change: Any) -> None:
            moved(k, round(change["new"], DIGITS))

        def toggled(change: Any) -> None:
            self.drawer.children = self.sliders if change["new"] else []
            opened()

        for k, slider in enumerate(self.sliders):
            slider.observe(answer(partial(slid, k)), "value")
        self.button.observe(answer(toggled), "value")

    def show(self, theta: Sequence[float], selected: int) -> None:
        """Put the sliders where the parameters are; those that nobody sees are left alone."""
        for k, slider in enumerate(self.sliders):
            if k == selected or self.drawer.children:
                slider.value = on_slider(theta[k])
        if self.chosen.children != (self.sliders[selected],):
            self.chosen.children = [self.sliders[selected]]

    def widen(self, needed: float) -> None:
        """Double the sliders' range until it holds `needed`."""
        if self.limit < needed:  # seldom, and this is asked at every move
            while self.limit < needed:
                self.limit *= 2
            self._set_limits()

    def narrow(self) -> None:
        """Back to the range of the beginning."""
        self.limit = LIMIT
        self._set_limits()

    def _set_limits(self) -> None:
        for slider in self.sliders:
            slider.min, slider.max = -self.limit, self.limit
