"""The house explorer: a house's price, neuron by neuron, in dollars that add up; what an input does to it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import Array, as_number, as_numbers, one_of, one_or_more
from ..layout import Layout
from ..network import Network
from ..style import dollars, given, number
from .base import Explorer, button, menu
from .parts.diagram import Diagram
from .parts.figure import LivePicture
from .parts.house_pictures import Changes, Contributions, Sweep, thousands
from .parts.own import Function, OwnRule
from .parts.pricing import FEATURES, NAMES, Feature, Pricing, contributions
from .parts.sliders import fine_slider

VIEWS = {"contributions": "contributions", "sweep": "sweep", "changes": "small changes"}  # as in the menu
EQUAL = 5000  # dollars that two equal prices may be apart


class HouseExplorer(Explorer):
    """Move one house's inputs, switch neurons off, and see what each neuron adds to the price.

    State: area, bedrooms, distance and age of the house; `off`, the names of the neurons that are switched
    off; `neuron`, the one whose sum is written out, or ""; `view`, "contributions", "sweep" or "changes";
    `sweep`, the input along which the price is drawn; `kept`, the inputs of a house to compare with, or None.

    Parameters
    ----------
    net : a `Network` 4-n-1 in real units, with n ReLU neurons (10 at most) and a linear output in dollars;
        for one that was trained on scaled numbers, `in_real_units` gives it.
    X (rows, 4) : the houses of the data: area, bedrooms, distance, age. Far from them, a price is a guess.
    house (4,) : the house that is shown at first; None for the first of X.
    show : which of the views can be chosen; the first is shown at first.
    my_contributions : contributions(x, W1, b1, w2) of the learner, or its exercise, shown instead of nnlib's.
    truth : the true rule of a simulated town, truth(X) → (rows, 1) dollars; drawn beside a sweep.
    state : anything else of the state, as in off=["h3"].

    Raises
    ------
    ShapeError, ValueError : a network, houses or names that do not fit.
    """

    def __init__(
        self,
        net: Network,
        X: object,
        house: object = None,
        *,
        show: Sequence[str] = tuple(VIEWS),
        my_contributions: Function | None = None,
        truth: Callable[[Array], Array] | None = None,
        **state: Any,
    ) -> None:
        self.pricing = Pricing(net, X, truth)
        self.net, self.neurons = net, self.pricing.neurons
        self.rule = OwnRule("contributions", my_contributions, contributions)
        names = one_or_more(show, "show") or [""]
        self.views = [one_of(name, VIEWS, "view") for name in names]
        inputs = self.pricing.X[0] if house is None else as_numbers(house, "house").ravel()
        if len(inputs) != len(FEATURES):
            raise ValueError(f"a house needs {', '.join(NAMES)}: 4 numbers; got {len(inputs)}.")
        rest = {"off": (), "neuron": "", "view": self.views[0], "sweep": "age", "kept": None, "limited": ""}
        first = {**dict.fromkeys(NAMES, 0.0), **rest}
        first = self.follow(first, {**dict(zip(NAMES, inputs.tolist(), strict=True)), **state})
        self._make(net)
        super().__init__(first, self._rows())
        self._connect()
        self.show(self.state)

    # The controls

    def _make(self, net: Network) -> None:
        size = {"width": 385, "height": 340}
        self.steps = [f"{f.name} {sign}{given(f.step)}" for f in FEATURES for sign in "+−"]
        self.pictures: dict[str, LivePicture] = {
            "contributions": Contributions(self.neurons, **size),
            "sweep": Sweep(**size),
            "changes": Changes(self.steps, **size),
        }
        self.diagram = Diagram(Layout(net, width=432, height=340))
        self.diagram.fixed = list(range(net.theta.size))
        self.diagram.written = [*map(_written, net.theta[:-1]), thousands(net.theta[-1])]
        self.sliders = [fine_slider(f.label, f.low, f.low, f.high, 130, f.key) for f in FEATURES]
        for slider, feature in zip(self.sliders, FEATURES, strict=True):
            slider.layout.width, slider.readout_format = "405px", "d" if feature.grid >= 1 else ".1f"
        self.switches = [
            ipywidgets.ToggleButton(value=True, description=name, layout={"width": "62px"})
            for name in self.neurons
        ]
        chosen = [(text, view) for view, text in VIEWS.items() if view in self.views]
        self.view, self.sweep = menu("view", chosen, 195), menu("along", NAMES, 165)
        self.keep_button = button("Keep this house", "thumb-tack", "150px", "To compare the next one with")
        self.reset_button = button("Reset", "undo", "82px")
        self.beside = ipywidgets.Box()
        self.hidden = [*self.pictures.values(), self.view, self.sweep]

    def _rows(self) -> list[ipywidgets.Widget]:
        self.view_row = ipywidgets.HBox()
        rows = [
            ipywidgets.HBox([self.diagram, self.beside]),
            ipywidgets.HBox(self.sliders),
            ipywidgets.HBox([ipywidgets.Label("on:"), *self.switches, self.keep_button, self.reset_button]),
            self.view_row,
        ]
        for row in rows:
            row.add_class("nn-panels" if row is rows[0] else "nn-row")
        return rows

    def _connect(self) -> None:
        for slider, name in zip(self.sliders, NAMES, strict=True):
            self.bind(slider, name)
        for switch, name in zip(self.switches, self.neurons, strict=True):
            switch.observe(self.answer(partial(self._switched, name)), "value")
        self.bind(self.view, "view")
        self.bind(self.sweep, "sweep")
        self.diagram.observe(self.answer(lambda change: self._chose(change["new"])), "neuron")
        self.on_press(self.keep_button, self.keep)
        self.on_press(self.reset_button, self.reset)

    def _switched(self, name: str, change: Any) -> None:
        off = set(self.state["off"]) - {name} if change["new"] else {*self.state["off"], name}
        self.set(off=off)

    def _chose(self, k: int) -> None:
        self.set(neuron=self.neurons[k] if 0 <= k < len(self.neurons) else "")

    def keep(self) -> None:
        """Keep the house that is shown, to compare the next one with it."""
        self.set(kept=tuple(self.state[name] for name in NAMES))

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; an input is rounded, and held within what its slider can show."""
        state = {**super().follow(state, changes), "limited": ""}
        for feature in FEATURES:
            value = as_number(state[feature.name], feature.name)
            state[feature.name] = kept = self._held(feature, value)
            if not feature.low <= value <= feature.high:
                state["limited"] += self._why(feature, value, kept)
        chosen = [one_of(name, self.neurons, "neuron") for name in one_or_more(state["off"], "off")]
        state["off"] = tuple(name for name in self.neurons if name in chosen)
        state["neuron"] = one_of(state["neuron"], ("", *self.neurons), "neuron")
        state["view"] = one_of(state["view"], self.views, "view")
        state["sweep"] = one_of(state["sweep"], NAMES, "input")
        return state

    @staticmethod
    def _held(feature: Feature, value: float) -> float:
        value = round(value / feature.grid) * feature.grid
        return round(min(max(value, feature.low), feature.high), 1)

    def _why(self, feature: Feature, value: float, kept: float) -> str:
        n = NAMES.index(feature.name)
        low, high = self.pricing.low[n], self.pricing.high[n]
        data = f"in the data it goes from {given(low)} to {given(high)}"
        return f"{feature.said(value)}: the slider ends at {given(kept)}, {data}. "

    # From the state to what is shown

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Sums, outputs and dollars of every neuron, the price, and what the chosen view needs."""
        pricing, x = self.pricing, np.array([state[name] for name in NAMES])
        on = np.array([name not in state["off"] for name in self.neurons])
        outcome = self.rule(x, pricing.W, pricing.b, pricing.w)
        z, parts = x @ pricing.W + pricing.b, outcome.shown * on
        numbers = {
            **state,
            "x": x,
            "z": z,
            "parts": parts,
            "off": ~on,
            "silent": z <= 0,
            "ends": pricing.ends(parts),
            "guess": pricing.beyond(x),
            "trouble": outcome.trouble,
            "own": self.rule.compared(outcome, "neuron"),
            "kept ends": None,
        }
        if state["kept"] is not None:
            numbers["kept parts"] = pricing.parts(np.array(state["kept"])) * on
            numbers["kept ends"] = pricing.ends(numbers["kept parts"])
        if state["view"] == "sweep":
            numbers |= pricing.swept(x, on, state["sweep"])
        elif state["view"] == "changes":
            numbers["changes"] = pricing.changed(x, on)
        return numbers

    def draw(self, numbers: dict[str, Any]) -> None:
        picture, words = self.pictures[numbers["view"]], self.words(numbers)
        self._draw_diagram(numbers)
        picture.show(numbers, words)
        if self.beside.children != (picture,):
            self.beside.children = (picture,)
            choice = [self.view] if len(self.views) > 1 else []
            self.view_row.children = [*choice, *([self.sweep] if numbers["view"] == "sweep" else [])]

    def _draw_diagram(self, numbers: dict[str, Any]) -> None:
        """The lines of the neurons that fire are strong, as strong as what runs along them matters."""
        fires = ~numbers["silent"] & ~numbers["off"]
        inwards = np.abs(self.pricing.W) * self.pricing.spread[:, None]
        inwards = np.where(self.pricing.W == 0, -1, 2.5 * inwards / (inwards.max(axis=0) + 1e-300) * fires)
        outwards = np.abs(numbers["parts"])
        outwards = 2.5 * outwards / (outwards.max() + 1e-300)
        with self.diagram.hold_sync():
            self.diagram.strengths = [*inwards.ravel().tolist(), *[0.0] * len(fires), *outwards.tolist(), 0.0]
            self.diagram.texts = self._texts(numbers)
            self.diagram.fills = [*np.where(fires, 0.75, 0.0).tolist(), 0.0]
            self.diagram.marks = [*("off" if off else "" for off in numbers["off"]), ""]
            neuron, n = numbers["neuron"], len(self.neurons)
            k = self.neurons.index(neuron) if neuron else -1
            self.diagram.neuron = k
            lit = [*range(k, 4 * n, n), 4 * n + k, 5 * n + k] if neuron else []
            self.diagram.lit = [entry for entry in lit if self.net.theta[entry]]

    def _texts(self, numbers: dict[str, Any]) -> list[str]:
        texts = []
        for feature, value in zip(FEATURES, numbers["x"], strict=True):
            texts += [f"{given(value)} {feature.unit}".rstrip().replace("square feet", "sq ft"), ""]
        for z, off in zip(np.maximum(0, numbers["z"]), numbers["off"], strict=True):
            texts += ["", "off" if off else given(round(float(z), 2 if z < 10 else 0))]
        return [*texts, "", "", f"→ {dollars(numbers['ends'][-1])}", "", ""]

    def _set_controls(self) -> None:
        super()._set_controls()
        for switch, name in zip(self.switches, self.neurons, strict=True):
            switch.value = name not in self.state["off"]
            switch.icon = "check" if switch.value else "ban"

    # In words

    def notice(self, numbers: dict[str, Any]) -> str:
        """What went wrong, where an input was held, and why a price is a guess."""
        lines = (numbers["trouble"], numbers["limited"].strip(), numbers["guess"])
        return "\n".join(line for line in lines if line)

    def words(self, numbers: dict[str, Any]) -> str:
        """The house, its price as a sum of dollars, who is silent, and what the view shows."""
        house = ", ".join(f.said(v) for f, v in zip(FEATURES, numbers["x"], strict=True))
        lines = [
            f"House: {house}.",
            self._sum(numbers),
            self._neuron(numbers),
            self._view(numbers),
            self._compared(numbers),
            numbers["own"],
        ]
        return "\n".join(line for line in lines if line)

    def _sum(self, numbers: dict[str, Any]) -> str:
        ends = numbers["ends"]
        text = f"Price {dollars(ends[-1])} = base {dollars(ends[0])}"
        for name, amount in zip(self.neurons, np.diff(ends), strict=True):
            if amount:
                text += f" {'−' if amount < 0 else '+'} {name} {dollars(abs(amount))}"
        silent = _listed(self.neurons, numbers["silent"] & ~numbers["off"])
        off = _listed(self.neurons, numbers["off"])
        return f"{text}.{silent and f' Silent: {silent}.'}{off and f' Off: {off}.'}"

    def _neuron(self, numbers: dict[str, Any]) -> str:
        """The sum of the chosen neuron, and what comes of it."""
        if not numbers["neuron"]:
            return ""
        k = self.neurons.index(numbers["neuron"])
        terms = [
            f"{given(w)} · {f.name} {given(x)}"
            for w, f, x in zip(self.pricing.W[:, k], FEATURES, numbers["x"], strict=True)
            if w
        ]
        z, b, w = numbers["z"][k], self.pricing.b[k], self.pricing.w[k]
        text = (
            f"{numbers['neuron']}: {' + '.join(terms)} {'−' if b < 0 else '+'} {given(abs(b))} = {given(z)}"
        )
        text = text.replace("+ −", "− ")
        if z <= 0:
            return f"{text}: not above 0, so it is silent and adds nothing."
        return f"{text}; it fires, and {given(z)} · {dollars(w)} = {dollars(z * w)}."

    def _view(self, numbers: dict[str, Any]) -> str:
        if numbers["view"] == "sweep":
            bends = [f"{name} at {number(place, 1)}" for place, name in numbers["bends"]]
            low, high = numbers["curve"][[0, -1]]
            axis = numbers["axis"]
            return (
                f"Along {numbers['label']}, from {given(axis[0])} to {given(axis[-1])}: "
                f"from {dollars(low)} to {dollars(high)}, "
                + (
                    f"with a bend where a neuron wakes or falls silent: {', '.join(bends)}."
                    if bends
                    else "straight."
                )
                + (f" The true rule here: {dollars(numbers['true'])}." if self.pricing.truth else "")
            )
        if numbers["view"] == "changes":
            changes = numbers["changes"]
            # of two equally large ones, that which raises the price
            change, row = max((abs(c), c, k) for k, c in enumerate(changes.ravel()) if np.isfinite(c))[1:]
            return f"Of these small changes the largest: {self.steps[row]}, {dollars(change)}."
        return ""

    def _compared(self, numbers: dict[str, Any]) -> str:
        """The kept house beside this one: are they equal in price, and do the same neurons fire?"""
        if numbers["kept"] is None:
            return ""
        house = ", ".join(given(value) for value in numbers["kept"])
        fires, other = numbers["parts"] != 0, numbers["kept parts"] != 0
        gap = abs(numbers["ends"][-1] - numbers["kept ends"][-1])
        close = f"{dollars(gap)} apart" + (f", within {dollars(EQUAL)}" if gap <= EQUAL else "")
        here, there = _listed(self.neurons, fires), _listed(self.neurons, other)
        differ = f"different neurons fire ({here} here, {there} there)"
        same = "the same neurons fire" if here == there else differ
        return f"Kept house ({house}): {dollars(numbers['kept ends'][-1])}. Prices {close}; {same}."

    def picture(self) -> Image.Image:
        """The diagram and the view, for readers without a kernel."""
        live = self.diagram
        diagram = plots.diagram(
            self.net, live.texts, live.fills, written=live.written, strengths=live.strengths
        )
        return plots.beside([diagram.image()], [self.pictures[self.state["view"]].image()])


def _written(weight: float) -> str:
    """Three digits of a weight, for which there is room: "−280", "0.25", "−63k"."""
    scale, unit = (1000, "k") if abs(weight) >= 9999.5 else (1, "")
    return given(float(f"{weight / scale:.3g}")) + unit


def _listed(names: Sequence[str], chosen: Array) -> str:
    return ", ".join(name for name, here in zip(names, chosen, strict=True) if here)
