"""The curve builder: hinges added up to follow a target curve, by hand or by least squares."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from ..activations import linear, relu
from ..checks import Array, as_number, as_text, as_texts, between, choose, count, one_of
from ..style import number, short, straight
from .base import Explorer, button, menu
from .parts.expression import Unreadable, typed_curve
from .parts.hinge_picture import HIGH, LOW, MOST_HINGES, HingePicture, X
from .parts.own import Function, OwnActivation
from .parts.sliders import fine_slider, held

GOAL = 0.02  # share of the target's variance below which the loss is good enough
ASKED = 101  # points at which the sum is compared with the target
PLACES = (2.0, 5.0, 8.0, 0.0, 3.5, 6.5, 9.0, 1.0)  # where the hinges stand at first
REACH = 4  # of a slider for a bend or the offset; more when a fit needs it
HIGHEST = 1e9  # of a bend or the offset
OWN = "my own"
CONTROLS = ("target", "count", "fit")
TARGETS = {
    "triangle": "0 0, 3 0, 5 2, 7 0, 10 0",
    "steps": "0 0, 2 0, 3 2, 5 2, 6 4, 10 4",
    "wave": "sin(x)",
    "hill": "4 - (x - 5)**2 / 6",
}


class HingeExplorer(Explorer):
    """Add up to eight hinges, each with a place and a bend, to follow a target curve from x = 0 to x = 10.

    The sum is offset + bend₁ · f(x − place₁) + … with f = relu: a network with one input, as many hidden
    neurons as hinges, and a linear output.

    Parameters
    ----------
    target : one of TARGETS, or a text as `typed_curve` reads it.
    hinges : how many there are at first.
    activations : "relu", "linear", or both; the first is on, and with both there is a switch.
    show : the controls besides the sliders: "target" (another one), "count" (of hinges), "fit".
    my_activation : the learner's relu, of one number, or its `Exercise`.

    Raises
    ------
    ValueError : a target that cannot be read, more than eight hinges, or an unknown activation or control.
    """

    def __init__(
        self,
        target: str = "triangle",
        hinges: int = 3,
        *,
        activations: Sequence[str] = ("relu", "linear"),
        show: Sequence[str] = CONTROLS,
        my_activation: Function | None = None,
    ) -> None:
        known = {"relu": OwnActivation(my_activation, relu), "linear": OwnActivation(None, linear)}
        given = as_texts(activations, "activations", least=1)
        names = [one_of(name, known, "activation of a hinge") for name in given]
        self.rules = {name: known[name] for name in names}
        self.verdict = known["relu"].verdict()
        self._hinge = lru_cache(maxsize=256)(self._new_hinge)
        self._typed = lru_cache(maxsize=32)(lambda text: typed_curve(text, LOW, HIGH))
        if as_text(target, "target") not in TARGETS:
            self._typed(target)  # says why, if it cannot be read
        first: dict[str, Any] = {"target": "triangle", "typed": "", "own": "", "hinges": hinges}
        first |= {"activation": names[0], "offset": 0.0}
        for k, place in enumerate(PLACES, start=1):
            first |= {f"at{k}": place, f"bend{k}": 1.0 if k == 1 else 0.0}
        self.curve = HingePicture(width=404, height=290)
        self._make_controls(first)
        self.sliders_box = ipywidgets.HBox(layout={"width": "432px"}).add_class("nn-row")
        panels = ipywidgets.HBox([self.curve, self.sliders_box]).add_class("nn-panels")
        fit, spread, reset = self.buttons
        parts = {"target": [self.target, self.typed], "count": [self.count], "fit": [fit, spread]}
        shown = {name: choose(name, parts, "control") for name in as_texts(show, "show")}
        top = [*shown.get("target", []), *shown.get("count", [])]
        switch = [self.switch] if len(self.rules) > 1 else []
        bottom = [self.offset, *switch, *shown.get("fit", []), reset]
        above = [ipywidgets.HBox(top).add_class("nn-row")] if top else []
        below = ipywidgets.HBox(bottom).add_class("nn-row")
        self.hidden = [*self.sliders.values(), self.target, self.typed, self.count, self.switch, fit, spread]
        super().__init__(first, [*above, panels, below])
        self._connect()
        self.first = self.follow(first, {"target" if target in TARGETS else "typed": target})
        self.show(dict(self.first))

    def _make_controls(self, first: dict[str, Any]) -> None:
        self.sliders = {}
        for k in range(1, MOST_HINGES + 1):
            at, bend = f"at{k}", f"bend{k}"
            self.sliders[at] = fine_slider(f"at {k}", first[at], LOW, HIGH, label_width=52)
            self.sliders[bend] = fine_slider(f"bend {k}", first[bend], -REACH, REACH, label_width=52)
        self.offset = fine_slider("offset", first["offset"], -REACH, REACH, label_width=50)
        for slider in self.sliders.values():
            slider.layout.width = "206px"
        self.target = menu("target", [*TARGETS, OWN], 160)
        self.typed = ipywidgets.Text(
            description=OWN, continuous_update=False, placeholder="sin(x) + x/3, or 0 1, 2 5, 4 3"
        )
        self.typed.layout.width, self.typed.style.description_width = "340px", "64px"
        self.count = menu("hinges", range(MOST_HINGES + 1), 115, 50)
        self.switch = ipywidgets.ToggleButtons(options=list(self.rules))
        self.switch.style.button_width = "60px"
        self.buttons = []
        for name, icon, tooltip in (
            ("Fit", "magic", "Find the best bends and offset for these places, by least squares"),
            ("Spread", "arrows-h", "Place the hinges at equal distances"),
            ("Reset", "undo", "Back to the first hinges"),
        ):
            self.buttons.append(button(name, icon, "88px", tooltip))

    def _connect(self) -> None:
        for name, slider in (*self.sliders.items(), ("offset", self.offset)):
            self.bind(slider, name)
        for widget, name in ((self.target, "target"), (self.typed, "typed"), (self.count, "hinges")):
            self.bind(widget, name)
        self.bind(self.switch, "activation")
        jobs: tuple[Callable[[], None], ...] = (self.fit, self.spread, self.reset)
        for each, job in zip(self.buttons, jobs, strict=True):
            self.on_press(each, job)

    # Moves

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; a typed text that cannot be read leaves the target as it was."""
        state = super().follow(state, changes)
        between(state["hinges"], "hinges", 0, MOST_HINGES)
        state["activation"] = one_of(state["activation"], self.rules, "activation of this explorer")
        for name in changes.keys() & {*self.sliders, "offset"}:
            if name.startswith("at"):
                state[name] = held(state[name], name, self.sliders[name])
            else:  # of a bend or the offset the slider grows with what it is to hold
                state[name] = as_number(state[name], name)
                if abs(state[name]) > HIGHEST:
                    raise ValueError(f"{name} goes from {-HIGHEST:g} to {HIGHEST:g}; got {state[name]:g}.")
        if as_text(state["typed"], "typed").strip() and "typed" in changes:
            try:
                self._typed(state["typed"])
            except Unreadable:
                return state  # notice says why
            return {**state, "target": OWN, "own": state["typed"]}
        state["target"] = one_of(state["target"], (*TARGETS, OWN), "target")
        if state["target"] == OWN and not state["own"]:
            raise ValueError("type a curve of your own first, into the field beside it.")
        return state

    def fit(self) -> None:
        """Move the bends and the offset to where the mean squared error is least, for these places."""
        numbers = self.numbers(self.state)
        columns = np.column_stack([np.ones(len(numbers["asked"])), *numbers["hinges at asked"]])
        offset, *bends = np.linalg.lstsq(columns, numbers["asked"], rcond=None)[0].round(9).tolist()
        self.set(offset=offset, **{f"bend{k}": bend for k, bend in enumerate(bends, start=1)})

    def spread(self) -> None:
        """Place the hinges at equal distances, from where the target begins."""
        typed, n = self.numbers(self.state)["typed curve"], self.state["hinges"]
        self.set(
            **{f"at{k + 1}": round(typed.start + (typed.end - typed.start) * k / n, 3) for k in range(n)}
        )

    # From the state to what is shown

    def _new_hinge(self, activation: str, place: float, start: float, end: float) -> tuple[Array, Array, str]:
        """A hinge over X and then where the target is given: as shown, by nnlib's rule, and trouble."""
        x = np.concatenate([X, np.linspace(start, end, ASKED)])
        shown, right, trouble = self.rules[activation](x - place)
        return shown, right, trouble

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Each hinge, their sum, the target, and the loss."""
        typed = self._typed(TARGETS.get(state["target"], state["own"]))
        n, span = state["hinges"], (typed.start, typed.end)
        places = [state[f"at{k}"] for k in range(1, n + 1)]
        bends = np.array([state[f"bend{k}"] for k in range(1, n + 1)])
        hinges = [self._hinge(state["activation"], place, *span) for place in places]
        shown, right = (np.array([hinge[j] for hinge in hinges]).reshape(n, len(X) + ASKED) for j in (0, 1))
        total, asked = state["offset"] + bends @ shown, typed.rule(np.linspace(*span, ASKED))
        differs = self.rules[state["activation"]].own is not None
        return {
            **state,
            "typed curve": typed,
            "places": places,
            "bends": bends,
            "parts": bends[:, None] * shown[:, : len(X)],
            "sum": total[: len(X)],
            "reference": state["offset"] + bends @ right[:, : len(X)] if differs else None,
            "asked": asked,
            "hinges at asked": shown[:, len(X) :],
            "loss": float(((total[len(X) :] - asked) ** 2).mean()),
            "goal": max(GOAL * float(asked.var()), 1e-3),
            "trouble": next((hinge[2] for hinge in hinges if hinge[2]), ""),
        }

    def notice(self, numbers: dict[str, Any]) -> str:
        """What is wrong with a typed text, or with the learner's function."""
        lines = [numbers["trouble"]]
        if numbers["typed"].strip():
            try:
                self._typed(numbers["typed"])
            except Unreadable as error:
                lines.append(f"{error} The target is still {self._target_name(numbers)}.")
        return "\n".join(line for line in lines if line)

    def draw(self, numbers: dict[str, Any]) -> None:
        reach, largest = REACH, float(np.abs([*numbers["bends"], numbers["offset"]]).max())
        while reach < largest:
            reach *= 10
        for name, slider in (*self.sliders.items(), ("offset", self.offset)):
            if not name.startswith("at") and slider.max != reach:
                slider.min, slider.max = -reach, reach
        shown = list(self.sliders.values())[: 2 * numbers["hinges"]]
        if self.sliders_box.children != tuple(shown):
            self.sliders_box.children = shown
        self.curve.show(numbers, self.words(numbers))

    def _target_name(self, numbers: dict[str, Any]) -> str:
        return f"the {numbers['target']}" if numbers["target"] in TARGETS else numbers["own"]

    def words(self, numbers: dict[str, Any]) -> str:
        """How near the sum is to the target, what it is made of, and what it says beyond."""
        listed = ", ".join(
            f"{number(place)} (bend {number(bend)})"
            for place, bend in zip(numbers["places"], numbers["bends"], strict=True)
        )
        noun = "hinge" if numbers["activation"] == "relu" else "neuron"
        n, end = count(numbers["hinges"], noun), number(X[-1], 0)
        lines = [
            f"{n}, {numbers['activation']}: mean squared error {short(numbers['loss'])} against "
            f"{self._target_name(numbers)}. {self._reached(numbers)}",
            f"At x = {end}, where no target was given, the sum is {number(numbers['sum'][-1])}."
            + self._as_line(numbers),
            "" if numbers["trouble"] or numbers["activation"] == "linear" else self.verdict,
            f"Offset {number(numbers['offset'])}; {noun}s at {listed or 'no place'}.",
        ]
        return "\n".join(line for line in lines if line)

    def seen(self, words: str) -> str:
        """All but the last line: the sliders show what it says."""
        return words.rsplit("\n", 1)[0]

    def _reached(self, numbers: dict[str, Any]) -> str:
        used = int((numbers["bends"] != 0).sum())
        if numbers["loss"] >= numbers["goal"]:
            return f"Goal: below {short(numbers['goal'])}."
        said = f"Goal reached with {count(used, 'hinge')}."
        if numbers["target"] == "triangle":
            said += " No fewer can do it." if used <= 3 else " Three can do it."
        return said

    def _as_line(self, numbers: dict[str, Any]) -> str:
        """The one line that linear hinges make."""
        if numbers["activation"] != "linear":
            return ""
        slope, places = float(numbers["bends"].sum()), np.array(numbers["places"])
        height = numbers["offset"] - float(numbers["bends"] @ places)
        return f" All together are one straight line: {straight(slope, 'x', height)}."

    def picture(self) -> Image.Image:
        return self.curve.image()
