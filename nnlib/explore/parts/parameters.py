"""Sliders for the weights and biases, one for each: the selected one in view, all of them in a drawer."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ipywidgets

from ...network import Network
from .sliders import Slider, by_hand, fine_slider, on_slider

LIMIT = 4.0  # of a slider, at first
MUCH = 1e6  # from here on numbers are shown with a power of ten, and keys take larger steps
MANY = 40  # parameters; of more, the drawer holds one neuron's


def by_neuron(net: Network) -> list[list[int]]:
    """For each neuron, layer by layer, the entries of theta that lead into it: its weights and its bias."""
    found, start = [], 0
    for layer in net.layers:
        n, end = layer.n_out, start + layer.n_in * layer.n_out
        found += [[*range(start + j, end, n), end + j] for j in range(n)]
        start = end + n
    return found


class Parameters:
    """The sliders of a network's parameters.

    chosen : holds the selected parameter's slider; drawer : all sliders that are in the learner's hand, or
        those into the selected parameter's neuron where there are too many.
    limit, key : how far the sliders go from 0, and by which power of ten an arrow key moves them.
    Each parameter has a slider of its own, so that a move that the page sends late cannot reach another one.
    """

    def __init__(
        self,
        answer: Callable[..., Any],
        moved: Callable[[int, float], None],
        limit: float = LIMIT,
        key: int = -1,
    ) -> None:
        self._answer, self._moved = answer, moved
        self.limit, self.key = self._first = limit, key
        self.fixed: set[int] = set()  # entries that are not in the learner's hand
        self.labels: list[str] = []
        self.sliders: list[Slider] = []
        self.chosen = ipywidgets.HBox()
        self.chosen.add_class("nn-chosen")
        self.drawer = ipywidgets.GridBox()

    def hold(self, net: Network) -> None:
        """Make the sliders of this network, in place of those of the one before; through `answer`."""

        def slid(k: int, change: Any) -> None:
            if (value := by_hand(change)) is not None:
                self._moved(k, value)

        self.close()
        self.labels, self._into = net.labels(), by_neuron(net)
        wide = min(190, max(100, 8 * max(map(len, self.labels))))
        self.drawer.layout.grid_template_columns = f"repeat(auto-fill, {wide + 178}px)"
        self.sliders = [
            fine_slider(label, value, -self.limit, self.limit, wide, self.key)
            for label, value in zip(self.labels, net.theta.tolist(), strict=True)
        ]
        for k, slider in enumerate(self.sliders):
            slider.add_class(f"nn-p{k}")
            slider.observe(self._answer(partial(slid, k)), "value")
        self.chosen.children = self.drawer.children = ()

    def close(self) -> None:
        """Remove the sliders from the page."""
        for slider in self.sliders:
            for part in (slider, slider.layout, slider.style):
                part.close()

    def show(self, theta: Sequence[float], selected: int, opened: bool) -> None:
        """Put the sliders where the parameters are; those that nobody sees are left alone."""
        drawn = self.in_drawer(selected) if opened else []
        for k in {selected, *drawn}:
            self.sliders[k].value = on_slider(theta[k])
        children = tuple(self.sliders[k] for k in drawn)
        if self.drawer.children != children:
            self.drawer.children = children
        chosen = (self.sliders[selected],) if selected not in self.fixed else ()
        if self.chosen.children != chosen:
            self.chosen.children = chosen

    def in_drawer(self, selected: int) -> list[int]:
        """The entries whose sliders the drawer holds while this one is selected."""
        entries: Sequence[int] = range(len(self.sliders))
        if len(entries) > MANY:
            entries = next(group for group in self._into if selected in group)
        return [k for k in entries if k not in self.fixed]

    def widen(self, needed: float) -> None:
        """Double the sliders' range until it holds `needed`."""
        if self.limit < needed:  # seldom, and this is asked at every move
            while self.limit < needed:
                self.limit *= 2
            self._set_limits()

    def narrow(self) -> None:
        """Back to the range of the beginning."""
        self.limit = self._first[0]
        self._set_limits()

    def _set_limits(self) -> None:
        usual = self.limit < MUCH
        self.key = self._first[1] if usual else round(math.log10(self.limit)) - 2
        for slider in self.sliders:
            slider.min, slider.max = -self.limit, self.limit
            slider.readout_format = ".2f" if usual else ".1e"
            slider.set_key(self.key)
