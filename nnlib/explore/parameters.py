"""Sliders for the weights and biases: one for the selected parameter, and one for each behind a button."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ipywidgets

FINE = 1 / 1024  # a slider's step
LIMIT = 4.0  # of a slider, at first


def on_slider(value: float) -> float:
    """The value on the slider's own scale.

    A FloatSlider in the page rounds what it is given to its steps, and if that changed anything, it sends
    the rounded value back as if a hand had moved it: a trained weight would be changed by being shown. With
    a step and a range that are powers of two, a value on the scale is exact, and nothing is sent back.
    """
    return round(value / FINE) * FINE


def fine_slider(
    label: str, value: float, limit: float, width: str, label_width: str
) -> ipywidgets.FloatSlider:
    """A slider from -limit to limit, a power of two, that holds what it is given; its keys: explorer.js."""
    slider = ipywidgets.FloatSlider(
        value=on_slider(value), min=-limit, max=limit, step=FINE, description=label
    )
    slider.layout.width, slider.style.description_width = width, label_width
    slider.add_class("nn-fine")
    return slider


class Parameters:
    """The sliders of a network's parameters.

    one : the selected parameter's slider; drawer : all sliders, opened and closed by `button`.
    `moved(k, value)` is called when a hand moves parameter k; `opened()` when the drawer opens or closes.
    """

    def __init__(self, labels: Sequence[str], theta: Sequence[float]) -> None:
        self.labels = labels
        self.limit = LIMIT
        self.selected = 0
        self.one = fine_slider(labels[0], theta[0], self.limit, "430px", "120px")
        self.sliders = [
            fine_slider(label, value, self.limit, "275px", "100px")
            for label, value in zip(labels, theta, strict=True)
        ]
        self.button = ipywidgets.ToggleButton(description=f"All {len(labels)} sliders", icon="sliders")
        self.drawer = ipywidgets.GridBox()
        self.drawer.layout.grid_template_columns = "repeat(auto-fill, 278px)"

    def connect(
        self, answer: Callable[..., Any], moved: Callable[..., None], opened: Callable[[], None]
    ) -> None:
        """Call back through `answer`, which shows errors."""

        def slid(k: int | None, change: Any) -> None:
            moved(self.selected if k is None else k, round(change["new"], 2))

        def toggled(change: Any) -> None:
            self.drawer.children = self.sliders if change["new"] else []
            opened()

        self.one.observe(answer(partial(slid, None)), "value")
        for k, slider in enumerate(self.sliders):
            slider.observe(answer(partial(slid, k)), "value")
        self.button.observe(answer(toggled), "value")

    def show(self, theta: Sequence[float], selected: int) -> None:
        """Put the sliders where the parameters are; those that nobody sees are left alone."""
        self.selected = selected
        with self.one.hold_sync():
            self.one.description, self.one.value = self.labels[selected], on_slider(theta[selected])
        if self.drawer.children:
            for slider, value in zip(self.sliders, theta, strict=True):
                slider.value = on_slider(value)

    def widen(self, needed: float) -> None:
        """Double the sliders' range until it holds `needed`."""
        while self.limit < needed:
            self.limit *= 2
        self._set_limits()

    def narrow(self) -> None:
        """Back to the range of the beginning."""
        self.limit = LIMIT
        self._set_limits()

    def _set_limits(self) -> None:
        for slider in (self.one, *self.sliders):
            slider.min, slider.max = -self.limit, self.limit
