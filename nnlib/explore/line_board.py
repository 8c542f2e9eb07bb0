"""What the line explorer shows: the line, its loss as a slice and as a bowl, and its state in words."""

import math
from collections.abc import Sequence
from functools import reduce
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import Array
from ..style import capital, given, number, short, straight
from .base import button, one_at_a_time
from .network import NetworkExplorer
from .parts.bowl import Bowl, Residuals, Slice, Valley, reach_of
from .parts.figure import LivePicture
from .parts.gradients import signed
from .parts.panels import LossCurve
from .parts.parameters import Parameters
from .parts.problem import with_unit
from .parts.settings import Settings

PICTURES = ("line", "slice", "bowl", "loss")
VIEWS = (*PICTURES, "film")
WINS = 0.05  # so close to the lowest loss, as a share of it, is as good as the lowest


class LineBoard(NetworkExplorer):
    """The panels of a line explorer; they share its state."""

    views: Sequence[str] = VIEWS
    sliders_stay = True
    x: Array  # the rows, (n,) each
    y: Array
    valley: Valley
    first_reach: float  # how far the sliders and the axes of w and b go at first
    most_moves: int  # that count in a contest; 0 for none

    # The panels

    def _make_pictures(self, settings: Settings) -> None:
        problem, size = self.problem, {"width": 270, "height": 225}
        self.prediction = Residuals(self.x, self.y, problem.titles(), problem.span(), **size)
        self.bowl, self.slice = Bowl(self.valley, **size), Slice(self.valley, **size)
        self.model = self._model(self.net, problem)
        self.loss_curve = LossCurve(settings.epochs, self.model.loss_at(self.net.theta), **size)

    def _make_controls(self, settings: Settings) -> None:
        super()._make_controls(settings)
        self.step_button = button("One step", "shoe-prints", "112px", "One step of gradient descent")
        self.threshold = ipywidgets.BoundedFloatText(
            value=self.more_state["threshold"],
            min=0,
            max=1e300,
            description="stop at loss",
            continuous_update=False,
        )
        controls = self.switches.controls
        for control, wide in (
            (controls["learning_rate"], 80),
            (controls["epochs"], 90),
            (self.threshold, 110),
        ):
            control.layout.width, control.style.description_width = f"{wide + 95}px", "auto"
        self._column.layout.flex_flow, self._column.layout.grid_gap = "row wrap", "8px"
        self.hidden = [*self.hidden, self.bowl, self.slice, self.step_button, self.threshold]

    def _make_parameters(self) -> Parameters:
        limit = 2.0 ** math.ceil(math.log2(self.first_reach))
        return Parameters(self.answer, self._moved, limit, key=round(math.log10(limit)) - 2)

    def _connect(self) -> None:
        super()._connect()
        self.bind(self.threshold, "threshold")
        self.on_press(self.step_button, self.one_step)

    def _arrange(self) -> None:
        views, controls = self._views, self.switches.controls
        self._show_film_controls()
        self._panels.children = [self._column]
        fixed = self.parameters.fixed
        sliders = [slider for k, slider in enumerate(self.parameters.sliders) if k not in fixed]
        for slider in sliders:
            slider.layout.width, slider.style.description_width = "310px", "20px"
        self._hand_row.children = [*sliders, self.example]
        settings = [controls["learning_rate"], controls["epochs"], self.threshold] if "film" in views else []
        self._drawer_row.children = settings

    def _show_film_controls(self) -> None:
        film = self.film.controls if self.film.epochs else []
        controls = [self.train_button, self.step_button, *film] if "film" in self._views else []
        self._film_row.children = [*controls, self.reset_button]

    def _pictures(self, numbers: dict[str, Any]) -> list[LivePicture]:
        made = dict(zip(PICTURES, (self.prediction, self.slice, self.bowl, self.loss_curve), strict=True))
        return [] if numbers["hides"] else [made[view] for view in PICTURES if view in self._views]

    def _alt(self, panel: LivePicture, numbers: dict[str, Any]) -> str:
        if panel in (self.prediction, self.loss_curve):
            return super()._alt(panel, numbers)
        w, b = map(number, numbers["theta"])
        name, slope = "wb"[numbers["selected"]], signed(numbers["slope"])
        kind = f"along {name}, slope {slope}" if panel is self.slice else "over w and b"
        return f"Loss {kind}; at w = {w}, b = {b} it is {short(numbers['loss'])}."

    def _draw_diagram(self, theta: list[float], numbers: dict[str, Any]) -> None:
        """There is none to draw."""

    def _set_controls(self) -> None:
        super()._set_controls()
        self.switches.show(self.settings)

    @one_at_a_time
    def picture(self) -> Image.Image | None:
        """The pictures side by side, for readers without a kernel."""
        images = [panel.image() for panel in self._pictures(self.numbers(self.state))]
        return reduce(lambda row, image: plots.beside([row], [image]), images) if images else None

    # From the state to what is shown

    @one_at_a_time
    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """What the network explorer shows, and the point's way over the bowl."""
        numbers = super().numbers(state)
        theta, film = state["theta"], self.film
        numbers["reach"] = reach_of(np.array(theta), self.first_reach)
        numbers["slope"] = float(self.valley.slopes(np.array(theta))[state["selected"]])
        numbers["ghost"], numbers["rival"] = self._ghost, ()
        if numbers["on_film"]:
            numbers["trail"] = film.frames[: film.nearest(state["epoch"]) + 1]
        else:
            numbers["trail"] = state["trail"]
        if self.most_moves and state["moves"] >= self.most_moves:
            numbers["rival"] = self.valley.descent(
                self.first["theta"], state["learning_rate"], self.most_moves
            )
        return numbers

    def words(self, numbers: dict[str, Any]) -> str:
        """The line, one row's prediction, the loss and its slope, and how training or contest stand."""
        if numbers["hides"]:
            return super().words(numbers)
        problem, k, (w, b) = self.problem, numbers["example"], numbers["theta"]
        best = "" if numbers["best"] is None else f"; best by hand {short(numbers['best'])}"
        name, views = "wb"[numbers["selected"]], self._views
        slope = f" Its slope along {name} is {signed(numbers['slope'])}." if "slice" in views else ""
        lines = [
            f"{problem.output} = {straight(w, problem.names[0], b)}. "
            f"{capital(problem.row(k))}: predicted {number(numbers['row'][0], 1)}, "
            f"true {given(problem.y[k, 0])}.",
            f"{numbers['source']} Loss {short(numbers['loss'])}{best}.{slope} "
            f"Off by {with_unit(numbers['off'], problem.unit, 1)} on average.",
            self._contest(numbers),
            self._reached(numbers),
            f"Your guess: {numbers['guess']}." if numbers["guess"] else "",
        ]
        return "\n".join(line for line in lines if line) + self._more_words(numbers)

    def _above(self, loss: float) -> str:
        """A loss, and by how much it is above the lowest that a line can have."""
        above = loss / self.valley.scale - 1
        return f"{short(loss)}, {above:.{0 if above > 0.1 else 1}%} above the lowest"

    def _contest(self, numbers: dict[str, Any]) -> str:
        """How many moves are made, how near the best of them is, and in the end how descent did."""
        if not self.most_moves:
            return ""
        used, best = min(numbers["moves"], self.most_moves), numbers["best"]
        if not used:
            return f"{self.most_moves} moves. Within {WINS:.0%} of the lowest loss you win."
        by_hand = (
            "" if best is None else f": your best is {self._above(best)}"
        )  # trained weights do not count
        told = f"Move {used} of {self.most_moves}{by_hand}."
        if best is not None and best <= (1 + WINS) * self.valley.scale:
            told += " You win."
        if used == self.most_moves:
            loss = self.model.loss_at(numbers["rival"][-1])
            told += f" Gradient descent after {used} steps: {self._above(loss)}."
        return told

    def _reached(self, numbers: dict[str, Any]) -> str:
        """Whether the film came down to the loss that is low enough."""
        threshold, film = numbers["threshold"], self.film
        if not threshold or not numbers["on_film"]:
            return ""
        reached = self.model.loss_at(film.frames[-1]) <= threshold
        after = f"reached after {film.epochs[-1]}" if reached else f"not reached in {film.epochs[-1]}"
        return f"A loss of {short(threshold)} or less: {after} epochs."
