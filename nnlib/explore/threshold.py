"""Pass or fail: a sigmoid gives the probability, a threshold makes a decision of it, and both are judged."""

from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..activations import sigmoid
from ..checks import ShapeError, as_numbers, as_text
from ..layers import Dense
from ..losses import BinaryCrossEntropy
from ..network import Network
from ..optimizers import Adam
from ..style import number, short, straight
from ..training import fit
from .base import Explorer, button
from .parts.own import Function, OwnActivation, not_shown
from .parts.sliders import fine_slider, held
from .parts.threshold_picture import CASES, Counts, Probabilities

W_REACH, B_REACH = 5, 32  # of the sliders, up and down
EPOCHS, RATE = 3000, 0.05  # of the fit, by Adam on standardised hours
SURE = 1e-9  # how near to 0 or 1 a probability may come in the log loss


class ThresholdExplorer(Explorer):
    """Move the weight and bias of one sigmoid neuron, and the threshold above which it says "pass".

    Parameters
    ----------
    x (rows,) : the input of each row, in real units.
    passed (rows,) : 1 for a pass, 0 for a fail.
    name, unit : of the input.
    w, b, threshold : where the sliders stand at first.
    my_activation : the learner's sigmoid, of one number, or its `Exercise`.

    Raises
    ------
    ShapeError : not as many passes as inputs, or no row.
    ValueError : something else than numbers; passes that are not 0 or 1.
    """

    def __init__(
        self,
        x: object,
        passed: object,
        name: str = "x",
        unit: str = "",
        *,
        w: float = 0.5,
        b: float = 0.0,
        threshold: float = 0.5,
        my_activation: Function | None = None,
    ) -> None:
        self.x, self.passed = as_numbers(x, "x").ravel(), as_numbers(passed, "passed").ravel()
        if len(self.x) != len(self.passed) or not len(self.x):
            raise ShapeError(
                f"x has {len(self.x)} and passed has {len(self.passed)} values; every row needs one of each."
            )
        if not np.isin(self.passed, (0, 1)).all():
            raise ValueError("passed must be 1 for a pass and 0 for a fail, and nothing else.")
        self.name, self.unit = as_text(name, "name"), as_text(unit, "unit")
        self.rule = OwnActivation(my_activation, sigmoid)
        self.verdict = self.rule.verdict()
        label = f"{name} ({unit})" if unit else name
        self.curve = Probabilities(self.x, self.passed, label, width=480, height=270)
        self.table = Counts(width=290, height=270)
        first = {"w": w, "b": b, "threshold": threshold}
        self.sliders = [
            fine_slider("weight w", w, -W_REACH, W_REACH, label_width=70),
            fine_slider("bias b", b, -B_REACH, B_REACH, label_width=70),
            fine_slider("threshold", threshold, 0, 1, label_width=70, key=-2),
        ]
        for slider in self.sliders:
            slider.layout.width = "212px"
        self.fit_button = button("Fit", "magic", "70px", "Find the w and b with the least log loss")
        self.reset_button = button("Reset", "undo", "82px")
        panels = ipywidgets.HBox([self.curve, self.table]).add_class("nn-panels")
        row = ipywidgets.HBox([*self.sliders, self.fit_button, self.reset_button]).add_class("nn-row")
        super().__init__(self.follow(first, {}), [panels, row])
        for slider, key in zip(self.sliders, first, strict=True):
            self.bind(slider, key)
        self.on_press(self.fit_button, self.fit)
        self.on_press(self.reset_button, self.reset)
        self.show(self.state)

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; ValueError for a value beyond the sliders' ends."""
        state = super().follow(state, changes)
        for key, slider in zip(("w", "b", "threshold"), self.sliders, strict=True):
            state[key] = held(state[key], key, slider)
        return state

    def fit(self) -> None:
        """Train w and b: logistic regression, a network of one sigmoid neuron with the log loss."""
        middle, width = float(self.x.mean()), float(self.x.std()) or 1.0
        net = Network([Dense(1, 1, "sigmoid")], seed=0)
        X, y = ((self.x - middle) / width)[:, None], self.passed[:, None]
        fit(net, X, y, epochs=EPOCHS, optimizer=Adam(RATE), loss="bce")
        w = float(net.layers[0].W[0, 0]) / width
        w = min(max(w, -W_REACH), W_REACH)
        b = float(net.layers[0].b[0]) - middle * w
        self.set(w=round(w, 3), b=round(min(max(b, -B_REACH), B_REACH), 3))

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """The probabilities, what is decided from them, and how good both are."""
        w, b = state["w"], state["b"]
        p, curve = self.rule(w * self.x + b), self.rule(w * self.curve.axis + b)
        trouble = p.trouble or curve.trouble
        shown, line = (p.right, curve.right) if trouble else (p.shown, curve.shown)
        if not trouble and (min(shown.min(), line.min()) < 0 or max(shown.max(), line.max()) > 1):
            trouble = not_shown(f"your {self.rule.name} leaves the range from 0 to 1")
            shown, line = p.right, curve.right
        says = shown >= state["threshold"]
        cases = np.where(self.passed == 1, np.where(says, 0, 1), np.where(says, 2, 3))
        sure = np.clip(shown, SURE, 1 - SURE)
        return {
            **state,
            "curve": line,
            "reference": None if self.rule.own is None or trouble else curve.right,
            "cases": cases,
            "counts": np.bincount(cases, minlength=len(CASES)),
            "right": int((says == (self.passed == 1)).sum()),
            "loss": BinaryCrossEntropy().value(sure[:, None], self.passed[:, None]),
            "trouble": trouble,
        }

    def draw(self, numbers: dict[str, Any]) -> None:
        words = self.words(numbers)
        for picture in (self.curve, self.table):
            picture.show(numbers, words)

    def words(self, numbers: dict[str, Any]) -> str:
        """The neuron, where it begins to say pass, the four counts, accuracy and log loss."""
        listed = ", ".join(f"{name} {n}" for (name, *_), n in zip(CASES, numbers["counts"], strict=True))
        lines = [
            f"Probability of a pass = sigmoid({straight(numbers['w'], self.name, numbers['b'])}); "
            f"says pass from {number(numbers['threshold'])} on.",
            f"Right for {numbers['right']} of {len(self.x)}: {listed}. Log loss {short(numbers['loss'])}.",
            "" if numbers["trouble"] else self.verdict,
        ]
        return "\n".join(line for line in lines if line)

    def picture(self) -> Image.Image:
        return plots.beside([self.curve.image()], [self.table.image()])
