"""What the network explorer shows: its panels, their arrangement, and its state in words.

Here numbers become pictures and words; what the learner can do is in network.py.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

import ipywidgets
import numpy as np
from PIL import Image

from .. import plots
from ..checks import one_of, one_or_more
from ..layout import Layout
from ..losses import Loss
from ..network import Network
from ..style import capital, given, number, short
from .base import Explorer, button, close_all, menu, one_at_a_time
from .parts.arithmetic import Arithmetic, Stage, Walk
from .parts.diagram import Diagram
from .parts.figure import LivePicture
from .parts.film import Film
from .parts.gradients import Gradients, signed
from .parts.model import Model
from .parts.neuron_picture import NeuronCurve
from .parts.own import Own
from .parts.panels import FIELD, Curve, LossCurve, Predictions, Surface
from .parts.parameters import MANY, Parameters
from .parts.problem import Problem, with_unit
from .parts.settings import SETTINGS, Settings, Switches, y_out_of_reach

DRAWERS = {  # the icon and the text of each one's button
    "sliders": ("sliders", ""),  # how many there are depends on the network
    "arithmetic": ("list-ol", "One example"),
    "slopes": ("area-chart", "Slopes"),
    "settings": ("cog", "Settings"),
}
VIEWS = ("diagram", "surface", "loss", "film", "zoom", *DRAWERS)
LISTED = 5  # rows or neurons at most that are put into words one by one
BREAK = "\n\n"  # between what is always said and what an open drawer shows


class Board(Explorer):
    """The panels of a network explorer; they share its state."""

    net: Network  # the learner's
    problem: Problem
    model: Model
    film: Film
    loss: str | Loss
    own: Own
    states: dict[str, dict[str, Any]]
    views: Sequence[str] = VIEWS  # what `show` may name besides parameters
    sliders_stay = False  # shown without a drawer
    _ghost: tuple[float, ...]  # where the learner's hand left the parameters

    # The panels

    def _make_pictures(self, settings: Settings) -> None:
        problem, size = self.problem, {"width": 300, "height": 212}
        titles, n_in, span = problem.titles(), self.net.n_in, problem.span()
        self.prediction: Curve | Surface | Predictions
        if n_in == 1:
            self.prediction = Curve(problem.X, problem.y, titles[:2], span, **size)
        elif n_in == 2:
            self.prediction = Surface(problem.X, problem.y, titles[:3], span, **size)
        else:
            self.prediction = Predictions(problem.y, titles[n_in], span, **size)
        self.model = self._model(self.net, problem)
        first_loss = self.model.loss_at(self.net.theta)
        self.loss_curve = LossCurve(settings.epochs, first_loss, width=300, height=138)

    def _new_walk(self) -> Walk:
        problem = self.problem
        return Walk(
            self.net,
            self.model.loss,
            x_scaler=problem.x_scaler,
            y_scaler=problem.y_scaler,
            units=problem.units,
            rows=len(problem.X),
        )

    def _model(self, net: Network, problem: Problem) -> Model:
        field = FIELD if isinstance(self.prediction, Surface) else None
        return Model(net, problem, self.loss, self.prediction.grid, field, self.own)

    def _make_controls(self, settings: Settings) -> None:
        problem = self.problem
        self.parameters = self._make_parameters()
        self.diagram = Diagram(Layout(self.net))
        self.arithmetic = Arithmetic()
        self.zoomed = Arithmetic(large=True)
        self.switches = Switches(settings, len(problem.X))
        rows = [(f"{problem.row_name} {k + 1}", k) for k in range(len(problem.X))]
        self.example = menu("show", rows, 185)
        self.train_button = button("Train", "graduation-cap", "82px", "Train from where the sliders stand")
        self.train_button.button_style = "primary"
        self.reset_button = button("Reset", "undo", "82px", "Back to the first weights")
        self.new_button = button("New start", "random", "108px", "Other random first weights")
        self.drawer_buttons = {
            name: ipywidgets.ToggleButton(icon=icon, description=text, layout={"width": "auto"})
            for name, (icon, text) in DRAWERS.items()
        }
        self.hidden = [self.diagram, self.prediction, self.loss_curve, self.arithmetic, self.zoomed]
        self.hidden += [self.switches, self.parameters.chosen, self.parameters.drawer, *self.film.controls]
        self.hidden += [self.train_button, self.reset_button, self.new_button, *self.drawer_buttons.values()]
        self._rows = [ipywidgets.HBox() for _ in range(5)]
        self._film_row, self._states_row, self._panels, self._hand_row, self._drawer_row = self._rows
        for row in self._rows:
            row.add_class("nn-panels" if row is self._panels else "nn-row")
        self._column, self.drawer = ipywidgets.VBox(), ipywidgets.Box()
        self.drawer.add_class("nn-drawer")

    def _make_parameters(self) -> Parameters:
        return Parameters(self.answer, self._moved)

    def _hold(self, net: Network) -> None:
        """Give the panels that are made for one network's shape this network."""
        if net is not self.net:
            self.diagram.change(Layout(net))
        self.net = net
        self.neurons = [name for layer in net.neuron_names()[1:] for name in layer]
        self.parameters.hold(net)
        self._fix()
        self._forget_pictures()
        self.walk = self._new_walk()
        labels = self.parameters.labels
        every = f"All {len(labels)} sliders" if len(labels) <= MANY else "Sliders of one neuron"
        self.drawer_buttons["sliders"].description = every

    @cached_property
    def gradients(self) -> Gradients:
        """The slopes' picture; made when it is first asked for."""
        return Gradients(self.parameters.labels, width=600, height=165)

    @cached_property
    def neuron_curve(self) -> NeuronCurve:
        """The zoom's picture; made when it is first asked for."""
        return NeuronCurve(self.problem.row_name, width=320, height=340)

    def _forget_pictures(self) -> None:
        """Close the pictures that were made for one network's shape."""
        for name in ("gradients", "neuron_curve"):
            if name in self.__dict__:
                close_all(self.__dict__.pop(name))

    # What is there to see, and in the learner's hand

    def _staged(self, show: str | Sequence[str]) -> tuple[list[str], list[str]]:
        """The views, and the parameters in hand (none named: all), of what `show` names."""
        labels = self.net.labels()
        names = one_or_more(show, "show")
        hand = [name for name in names if name in labels]
        return [one_of(name, self.views, "view") for name in names if name not in labels], hand

    def close(self) -> None:
        """Remove the explorer and everything in it from the page and from memory."""
        self._forget_pictures()
        if hasattr(self, "parameters"):  # an explorer that could not be made has none
            self.parameters.close()
        super().close()

    def _fix(self) -> None:
        """Fix the parameters that are not in the learner's hand; none, if this network has none of those."""
        labels = self.parameters.labels
        hand = set(self._in_hand) & set(labels) or set(labels)
        self.parameters.fixed = {k for k, label in enumerate(labels) if label not in hand}
        self.diagram.fixed = sorted(self.parameters.fixed)

    @one_at_a_time
    def stage(self, *show: str) -> None:
        """Show these views, and put these parameters into the learner's hand, from now on."""
        self._views, self._in_hand = self._staged(show or self.views)
        self._fix()
        self._arrange()
        selected = self.state["selected"]
        if selected in self.parameters.fixed:
            selected = self._first_in_hand()
        opened, neuron = self.state["open"], self.state["neuron"]
        opened, neuron = opened if opened in self._views else "", neuron if "zoom" in self._views else -1
        self.show({**self.state, "selected": selected, "open": opened, "neuron": neuron})

    def _arrange(self) -> None:
        """The panels in rows; those that are not staged are not there."""
        views = self._views
        self.diagram.zooms = "zoom" in views
        self._show_film_controls()
        self._panels.children = [*([self.diagram] if "diagram" in views else []), self._column]
        buttons = [button for name, button in self.drawer_buttons.items() if name in views]
        self._hand_row.children = [self.parameters.chosen, self.example]
        self._drawer_row.children = buttons

    def _show_film_controls(self) -> None:
        """Only once there is a film are there controls to play it."""
        film = self.film.controls if self.film.epochs else []
        controls = [self.train_button, *film] if "film" in self._views else []
        self._film_row.children = [*controls, self.reset_button, self.new_button]

    def _first_in_hand(self) -> int:
        """The first parameter that the learner can move."""
        return next(k for k in range(len(self.parameters.labels)) if k not in self.parameters.fixed)

    # From the state to what is shown

    @property
    def settings(self) -> Settings:
        """The switches as they stand."""
        return Settings(**{name: self.state[name] for name in SETTINGS})

    @one_at_a_time
    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Sums, outputs, predictions, loss and the surface that follow from the state."""
        numbers = self.model.numbers(state, slopes=state["open"] == "slopes")
        numbers["on_film"] = self._on_film(state)
        numbers["source"] = self._source(numbers)
        if state["open"] == "arithmetic" or state["neuron"] >= 0:
            numbers["stage"] = self._stage(state)
        return numbers

    def _stage(self, state: dict[str, Any]) -> Stage:
        """The step of the arithmetic that is shown; for a zoom, the neuron's own sum."""
        k, step = state["example"], state["step"]
        if state["neuron"] >= 0:
            step = self.walk.titles.index(f"forward: {self.neurons[state['neuron']]}")
        stage = self.walk.stage(step, state["theta"], self.problem.X[k], self.problem.y[k])
        if self.own.changes_predictions:
            return replace(stage, title=f"{stage.title}, by nnlib's rules")
        return stage

    def _on_film(self, state: dict[str, Any]) -> bool:
        film = self.film
        return bool(film.epochs) and state["theta"] == film.frames[film.nearest(state["epoch"])]

    def _source(self, numbers: dict[str, Any]) -> str:
        if numbers["on_film"]:
            return f"Epoch {numbers['epoch']} of {self.film.epochs[-1]}."
        return "First weights." if numbers["theta"] == self.first["theta"] else "Set by hand."

    def notice(self, numbers: dict[str, Any]) -> str:
        """What went wrong in the training, or in the learner's function."""
        film = self.film.trouble if numbers["on_film"] and not numbers["hides"] else ""
        reach = y_out_of_reach(self.problem, self.model.targets)
        return "\n".join(line for line in (numbers["trouble"], film, reach) if line)

    def words(self, numbers: dict[str, Any]) -> str:
        """The row's prediction, everybody's, the loss, where these weights come from, and what is open."""
        problem, k, selected = self.problem, numbers["example"], numbers["selected"]
        row = capital(problem.row(k))
        own = f"{self.parameters.labels[selected]} = {number(numbers['theta'][selected])}"
        if self._ghost:
            own += f" (your hand: {number(self._ghost[selected])})"
        if numbers["hides"]:
            return (
                f"{row}. {numbers['source']} Selected: {own}.\nWaiting for your guess: {numbers['question']}"
            )
        best = "" if numbers["best"] is None else f"; best by hand {short(numbers['best'])}"
        lines = [
            f"{row}: predicted {number(numbers['row'][0], 1)}, "
            f"true {problem.output} {with_unit(problem.y[k, 0], problem.unit)}. "
            f"All predictions are off by {with_unit(numbers['off'], problem.unit, 1)} on average.",
            f"{numbers['source']} Loss {short(numbers['loss'])}{best}. Selected: {own}.",
        ]
        if numbers["guess"]:
            lines.append(f"Your guess: {numbers['guess']}.")
        return "\n".join(lines) + self._more_words(numbers)

    def seen(self, words: str) -> str:
        """The first lines; the rest says what an open drawer shows."""
        return words.split(BREAK)[0]

    def _more_words(self, numbers: dict[str, Any]) -> str:
        """What is seen besides the first panels; after a BREAK, what an open drawer shows."""
        first = [numbers["question"], numbers["difference"], self._awaited(), self._marked(numbers["marks"])]
        drawer = []
        if numbers["neuron"] >= 0:
            drawer.append(self.neuron_curve.words(numbers))
        if "stage" in numbers:
            drawer += [f"{capital(numbers['stage'].title)}:", *numbers["stage"].lines]
        if numbers["open"] == "slopes":
            drawer.append(self.gradients.words(numbers))
        return "".join(f"\n{line}" for line in first if line) + (BREAK + "\n".join(drawer) if drawer else "")

    def _awaited(self) -> str:
        """What will be the learner's own once it passes its check."""
        names = " and ".join(self.own.awaited)
        return f"Drawn by nnlib's {names}, until yours passes its check above." if names else ""

    def _marked(self, marks: list[str]) -> str:
        """Which neurons are dead or saturated."""
        marked = [f"{name} is {mark}" for name, mark in zip(self.neurons, marks, strict=True) if mark]
        if len(marked) > LISTED:
            marked = [f"{len(marked)} of {len(marks)} neurons are dead or saturated"]
        return f"For every {self.problem.row_name}: {', '.join(marked)}." if marked else ""

    def draw(self, numbers: dict[str, Any]) -> None:
        """Move the diagram, the pictures and what is open to these numbers."""
        theta = list(numbers["theta"])
        self.parameters.widen(max(map(abs, [*theta, *self._ghost])))
        limit = self.parameters.limit
        self.page.question = numbers["question"]
        self.page.ghosts = [0.5 + value / (2 * limit) for value in self._ghost]
        with self.diagram.hold_sync():
            self._draw_diagram(theta, numbers)
        pictures = self._pictures(numbers)
        if self._column.children != tuple(pictures):
            self._column.children = pictures
        for panel in pictures:
            panel.show(numbers, self._alt(panel, numbers))
        self._draw_drawer(numbers)

    def _pictures(self, numbers: dict[str, Any]) -> list[LivePicture]:
        """The pictures beside the diagram: none while the results wait, and one for a zoom."""
        if numbers["hides"]:
            return []
        if numbers["neuron"] >= 0:
            return [self.neuron_curve]
        panels = (("surface", self.prediction), ("loss", self.loss_curve))
        return [panel for view, panel in panels if view in self._views]

    def _alt(self, panel: LivePicture, numbers: dict[str, Any]) -> str:
        if panel is self.prediction:
            return f"Predicted {self.problem.output}: {self._listed(numbers)}."
        if panel is self.loss_curve:
            return f"Loss {short(numbers['loss'])} at epoch {numbers['epoch']}."
        return self.neuron_curve.words(numbers)

    def _draw_diagram(self, theta: list[float], numbers: dict[str, Any]) -> None:
        diagram, stage = self.diagram, numbers.get("stage")
        diagram.limit, diagram.key = self.parameters.limit, self.parameters.key
        diagram.theta, diagram.selected = theta, numbers["selected"]
        diagram.texts, diagram.fills = self._texts(numbers), _shades(numbers)
        diagram.marks = [] if numbers["hides"] else numbers["marks"]
        diagram.notes = [] if numbers["hides"] else [signed(slope) for slope in numbers.get("slopes", ())]
        diagram.lit = list(stage.wires) if stage else []
        diagram.neuron = numbers["neuron"]

    def _draw_drawer(self, numbers: dict[str, Any]) -> None:
        """What is opened below: one of the drawers, or the arithmetic of the neuron that is zoomed on."""
        opened, content = numbers["open"], None
        if opened == "sliders":
            content = self.parameters.drawer
        elif opened == "settings":
            content = self.switches
        elif numbers["hides"]:
            pass
        elif numbers["neuron"] >= 0:
            self.zoomed.show(replace(numbers["stage"], matrices=()), 0, 1)
            content = self.zoomed
        elif opened == "arithmetic":
            self.arithmetic.show(numbers["stage"], numbers["step"], len(self.walk.titles))
            content = self.arithmetic
        elif opened == "slopes":
            self.gradients.show(numbers, self.gradients.words(numbers))
            content = self.gradients
        children = () if content is None else (content,)
        if self.drawer.children != children:
            self.drawer.children = children

    def _set_controls(self) -> None:
        """The network and everything that can be moved stand at the state, also after a move that failed."""
        super()._set_controls()
        theta, selected, opened = list(self.state["theta"]), self.state["selected"], self.state["open"]
        self.net.theta = self.diagram.theta = theta
        self.diagram.neuron = self.state["neuron"]
        self.parameters.show(theta, selected, self.sliders_stay or opened == "sliders")
        self.film.show(self.state["epoch"])
        for name, toggle in self.drawer_buttons.items():
            toggle.value = name == opened
        if opened == "settings":
            self.switches.show(self.settings)

    def _listed(self, numbers: dict[str, Any]) -> str:
        y = self.problem.y[:, 0]
        if len(y) > LISTED:
            return f"{len(y)} rows, off by {number(numbers['off'], 1)} on average"
        pairs = zip(numbers["predictions"], y, strict=True)
        return ", ".join(f"{number(predicted, 1)} (true {given(true)})" for predicted, true in pairs)

    def _texts(self, numbers: dict[str, Any]) -> list[str]:
        """The texts of the diagram; of what waits for a guess, a question mark."""
        texts = self.problem.node_texts(numbers["example"], numbers["z"], numbers["a"], numbers["row"])
        if numbers["hides"]:
            n_in, n_out = self.net.n_in, self.net.n_out
            for i in range(2 * n_in, len(texts) - 3 * n_out):
                texts[i] = "?" if i % 2 else ""
            for i in range(len(texts) - 3 * n_out, len(texts), 3):
                texts[i] = "→ ?"
        return texts

    @one_at_a_time
    def picture(self) -> Image.Image | None:
        """Diagram, prediction and loss side by side, for readers without a kernel."""
        numbers = self.numbers(self.state)
        self.model.net.theta = numbers["theta"]
        left, right = [], []
        if "diagram" in self._views:
            texts, fills = self._texts(numbers), _shades(numbers)
            left.append(plots.diagram(self.model.net, texts, fills, numbers["selected"]).image())
        if not numbers["hides"]:
            right = [panel.image() for panel in self._pictures(numbers)]
            left += [panel.image() for panel in self.drawer.children if isinstance(panel, LivePicture)]
        return plots.beside(left, right) if left or right else None


def _shades(numbers: dict[str, Any]) -> list[float]:
    shades: list[float] = np.clip(numbers["a"], 0.0, 1.0).tolist()
    return [0.0] * len(shades) if numbers["hides"] else shades
