"""The network explorer: every weight and bias in hand, everything that depends on them in view, and the film.

The state is theta (the weights and biases), the row that is walked through, the selected parameter, the
epoch of the film, what is opened, and the settings. Moving by hand changes theta; moving along the film
takes theta from it; a switch builds and trains anew, and loads the film of that.
"""

import math
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import asdict
from functools import partial
from typing import Any

import ipywidgets
import numpy as np

from ..checks import Array, as_number, as_shape, as_text, between, choose, did_you_mean, in_short, one_of
from ..losses import Loss
from ..network import Network
from ..optimizers import Optimizer, get_optimizer
from ..scaling import Scaler
from ..training import History
from .base import close_all, one_at_a_time
from .board import DRAWERS, VIEWS, Board
from .parts.bundle import bundled
from .parts.film import Film, as_film, losses_along
from .parts.model import Model
from .parts.own import Function, Own
from .parts.problem import Problem
from .parts.settings import SETTINGS, Settings
from .parts.trainer import Trainer

KEYS = 9  # named states that have a key
SETTABLE = ("theta", "example", "selected", "epoch", "open", "neuron", "step", "question", "guess")


class NetworkExplorer(Board):
    """Move every weight and bias of `net` by hand, train it, and scrub through the training like a film.

    Parameters
    ----------
    net : the `Network`; it moves along, so that code below sees the weights that the sliders show. After code
        has changed them, `explorer.set()` shows them. Where a switch builds another, that is `explorer.net`.
    X (rows, n_in), y (rows, n_out) : the data in real units.
    x_scaler, y_scaler : fitted scalers between real units and the network's numbers; None for none.
    units : the unit of each input and output, as in ("hours", "hours", "points").
    row_name : what a row is, as in "student".
    loss, optimizer, epochs, batch_size : what the train button does; batch_size None for all rows.
    show : which of VIEWS are there; with names of parameters among them, as in "b1[h1]", only these are in
        the learner's hand.
    open : the drawer that is open at first: "sliders", "arithmetic", "slopes" or "settings".
    states : named states, each the changes that lead to it: {"dead unit": {"b1[h1]": -8}}; keys 1 to 9.
    stops : questions by epoch, {300: "Which slider has moved furthest?"}; the film stops there to ask.
    question : hides the results until the learner has answered it or skipped it.
    my_forward, my_activation, my_loss : functions of the learner that are drawn instead of nnlib's, which
        stands behind them in grey; what each is given and returns: `nnlib.explore.parts.own`.

    Raises
    ------
    ShapeError, ValueError : data, scalers or settings that do not fit the network.
    """

    settable: Sequence[str] = SETTABLE  # of the state, besides parameters and settings
    more_state: Mapping[str, Any] = {}  # what a subclass adds to the state
    own_kind: type[Own] = Own

    def __init__(
        self,
        net: Network,
        X: object,
        y: object,
        *,
        x_scaler: Scaler | None = None,
        y_scaler: Scaler | None = None,
        units: Sequence[str] = (),
        row_name: str = "row",
        loss: str | Loss = "mse",
        optimizer: str | Optimizer = "sgd",
        epochs: int = 3000,
        batch_size: int | None = None,
        show: Sequence[str] = VIEWS,
        open: str = "",
        states: Mapping[str, Mapping[str, Any]] | None = None,
        stops: Mapping[int, str] | None = None,
        question: str = "",
        my_forward: Function | None = None,
        my_activation: Function | None = None,
        my_loss: Function | None = None,
    ) -> None:
        if not isinstance(net, Network):
            raise ValueError(f"NetworkExplorer needs a Network first; got a {type(net).__name__}.")
        self.net = self._given = net
        self._given_theta = net.theta.copy()
        self.problem = self._given_problem = Problem(net, X, y, x_scaler, y_scaler, units, row_name)
        self.optimizer, self.loss = get_optimizer(optimizer), loss
        self.own = self.own_kind(my_forward, my_activation, my_loss)
        settings = Settings.of(self.problem, self.optimizer, epochs, batch_size)
        self._given_settings = settings
        self.film, self.trainer = Film(stops), Trainer()
        self._ghost: tuple[float, ...] = ()
        self.states: dict[str, dict[str, Any]] = {}
        known = states or {}
        if not isinstance(known, Mapping) or not all(isinstance(each, Mapping) for each in known.values()):
            raise ValueError(
                'states must be changes by name, as in {"dead unit": {"b1[h1]": -8}}; '
                f"got {in_short(states)}."
            )
        self._make_pictures(settings)
        state = {
            "theta": tuple(net.theta.tolist()),
            "example": 0,
            "selected": 0,
            "epoch": 0,
            "best": None,  # the lowest loss that a hand has found, before any training
            "open": _drawer(open),
            "neuron": -1,  # the one that is zoomed on
            "step": 0,  # of the arithmetic
            "question": as_text(question, "question"),
            "hides": bool(question),  # whether the question hides the results
            "guess": "",
            **asdict(settings),
            **self.more_state,
        }
        self._views, self._in_hand = self._staged(show)
        self._make_controls(settings)
        super().__init__(state, self._rows, [self.drawer])
        self._connect()
        self._hold(net)
        self._arrange()
        self.state["selected"] = self._first_in_hand()
        for name, changes in known.items():
            self.remember(name, **changes)
        self.show(self.state)

    def _connect(self) -> None:
        self.bind(self.example, "example")
        self.bind(self.diagram, "selected", "selected")
        self.bind(self.arithmetic, "step", "step")
        self.diagram.observe(self.answer(lambda change: self._zoom(change["new"])), "neuron")
        for name, button in self.drawer_buttons.items():
            button.observe(self.answer(self._toggle(name)), "value")
        self.diagram.observe(self.answer(lambda _: self._moved_in_diagram()), "moves")
        self.film.connect(self.answer, lambda epoch: self.set(epoch=epoch), self._ask_at_stop)
        self.switches.connect(self.answer, self.set)
        self.on_press(self.train_button, self._train_and_play)
        self.on_press(self.reset_button, self.reset)
        self.on_press(self.new_button, self.new_start)
        self.page.observe(self.answer(lambda _: self._replied(str(self.page.reply[1]))), "reply")
        self.page.observe(self.answer(lambda _: self._recall_by_key(int(str(self.page.digit[1])))), "digit")
        self.page.observe(self.answer(lambda _: self.film.stop()), "held")
        self.trainer.connect(self.page)

    def _toggle(self, name: str) -> Any:
        return lambda change: self.set(open=name if change["new"] else "")

    def _zoom(self, neuron: int) -> None:
        self.set(neuron=neuron if "zoom" in self._views else self.state["neuron"])

    # Moves

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; a parameter goes by its label, and an epoch brings its frame."""
        labels = self.parameters.labels
        for name in changes.keys() - labels - set(self.settable):
            hint = did_you_mean(name, [*labels, *self.settable, *SETTINGS])
            raise ValueError(
                f"this explorer has no {name!r}; set {', '.join(self.settable)}, a setting "
                f"({', '.join(SETTINGS)}), or a parameter by its name, as in set(**{{{labels[0]!r}: 0.5}}). "
                f"The parameters are {', '.join(labels)}.{hint}"
            )
        if "epoch" in changes and changes.keys() & {"theta", *labels}:
            raise ValueError("an epoch brings its own weights and biases; set either the epoch or them.")
        # the network may have been changed in code since: what it holds now is what the hand goes on from
        unchanged = tuple(self.net.theta.tolist()) == state["theta"]
        theta = as_shape(changes.get("theta", self.net.theta), (len(labels),), "theta").tolist()
        for label in changes.keys() & set(labels):
            theta[labels.index(label)] = as_number(changes[label], label)
        rest = {name: value for name, value in changes.items() if name != "theta" and name not in labels}
        state = self._checked(super().follow(state, rest), rest)
        if "epoch" in rest:
            frame = self.film.nearest(state["epoch"])
            return {**state, "epoch": self.film.epochs[frame], "theta": self.film.frames[frame]}
        if tuple(theta) != state["theta"]:
            best = state["best"]
            if unchanged and not self.film.epochs:  # trained weights do not count
                best = min(self.model.shown_loss(theta), math.inf if best is None else best)
            return {**state, "theta": tuple(theta), "best": best}
        return state

    def _checked(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state with what depends on other parts of it, or ValueError."""
        labels = self.parameters.labels
        if isinstance(state["selected"], str):
            if state["selected"] not in labels:
                raise ValueError(f"{state['selected']!r} is no parameter; choose one of {', '.join(labels)}.")
            state["selected"] = labels.index(state["selected"])
        neurons = self.neurons
        if isinstance(state["neuron"], str):
            state["neuron"] = choose(state["neuron"], {n: k for k, n in enumerate(neurons)}, "neuron")
        rows, steps = len(self.problem.X), len(self.walk.titles)
        for name, count in (("selected", len(labels)), ("example", rows), ("step", steps)):
            state[name] = between(state[name], name, 0, count - 1)
        state["neuron"] = between(state["neuron"], "neuron", -1, len(neurons) - 1)
        state["open"] = _drawer(state["open"])
        if "open" in changes:
            state["neuron"] = -1 if state["open"] else state["neuron"]
        elif changes.get("neuron", -1) != -1:
            state["open"] = ""
        if "question" in changes:
            state["question"] = str(state["question"])
            state["hides"], state["guess"] = bool(state["question"]), ""
        if "guess" in changes:
            state.update(question="", hides=False, guess=str(state["guess"]))
        return state

    @one_at_a_time
    def set(self, *nameless: Any, **changes: Any) -> None:
        """Move controls from code, as in explorer.set(example=1); a value that does not fit changes nothing.

        A setting (learning_rate, hidden …) builds or trains anew; set it alone, before the rest.
        """
        switched = changes.keys() & set(SETTINGS)
        if nameless or not switched:
            super().set(*nameless, **changes)
        elif switched != changes.keys():
            others = ", ".join(sorted(changes.keys() - switched))
            raise ValueError(f"set {', '.join(sorted(switched))} first, and {others} in a second call.")
        else:
            self._switch(self.settings.changed(len(self.problem.X), self._given_settings, **changes))

    def _moved(self, k: int, value: float) -> None:
        self._by_hand(**{self.parameters.labels[k]: value}, selected=k)

    def _moved_in_diagram(self) -> None:
        labels = self.parameters.labels
        with bundled(self.page):  # what was seen and what came of it: between the two a key would be lost
            moves = {k: value for k, value in self.diagram.fresh_moves().items() if k < len(labels)}
            if moves:
                self._by_hand(**{labels[k]: value for k, value in moves.items()}, selected=[*moves][-1])

    def _by_hand(self, **changes: Any) -> None:
        self.film.stop()
        self.set(**changes)

    # Training, and its film

    @one_at_a_time
    def train(self) -> None:
        """Train from where the sliders stand, keep the film, and go to its end."""
        self._train(frame=-1)

    def _train(self, frame: int) -> None:
        theta = tuple(self.net.theta.tolist())
        by_hand = theta not in (self.first["theta"], *self.film.frames)
        history, trouble = self._trained(self.model, self.settings, self.net.theta)
        self._load(history, trouble, ghost=theta if by_hand else ())
        self.set(epoch=self.film.epochs[frame])

    def _trained(self, model: Model, settings: Settings, theta: Array) -> tuple[History, str]:
        return self.trainer.train(model, settings, settings.as_optimizer(self.optimizer), theta)

    @one_at_a_time
    def watch(self, history: History, trouble: str = "", *, frame: int = -1) -> None:
        """Take the film of a training that `fit(..., record=...)` made, and go to one of its frames.

        trouble : what to say beside the film, where the training did not end well.
        frame : 0 for the first frame, -1 for the last.
        """
        self._load(as_film(history, self.net.theta.size, "watch"), trouble)
        self.set(epoch=self.film.epochs[frame])

    def _load(self, history: History, trouble: str, ghost: tuple[float, ...] = ()) -> None:
        losses = _finite_losses(history, self.model)
        self._ghost = ghost
        self._forget_stop()
        with self.quiet():
            self.film.load(history, losses, trouble)
            self.parameters.narrow()
        self.loss_curve.follow(self.film.epochs, losses[: len(self.film.epochs)])
        self._show_film_controls()

    def _train_and_play(self) -> None:
        self._train(frame=0)
        if 0 in self.film.stops:
            self._ask_at_stop(self.film.stops[0])
        else:
            self.film.start()

    def _switch(self, settings: Settings) -> None:
        """Build and train with these settings, and show the film of it where the one before stood."""
        before = self.settings
        if settings == before:
            return
        net, film = self._built(settings), self.film
        if settings.starts(before):
            theta = self._first_weights(net, settings.seed)
        else:
            theta = np.array(film.frames[0] if film.epochs else self.net.theta)
        problem = self._given_problem.rescaled(net, x_scaler=settings.scale_X, y_scaler=settings.scale_y)
        model = self._model(net, problem)
        history, trouble = self._trained(model, settings, theta)
        _finite_losses(history, model)  # from here on nothing fails
        epoch = self.state["epoch"] if film.epochs else settings.epochs
        changed = {**asdict(settings), "theta": tuple(theta.tolist()), "best": None}
        self.problem, self.model = problem, model
        if net is not self.net:
            changed |= {"neuron": -1, "step": 0}
            with self.quiet():
                self._hold(net)
            changed["selected"] = self._first_in_hand()
        else:
            self.walk = self._new_walk()
        if settings.starts(before):
            self.first = {**self.first, "theta": changed["theta"]}
        self.state = {**self.state, **changed}
        self.net.theta = theta
        self._load(history, trouble)
        super().set(epoch=epoch)

    def _built(self, settings: Settings) -> Network:
        """The network of these settings; the given one, or the present one, where it is of this build."""
        for net, its in ((self._given, self._given_settings), (self.net, self.settings)):
            if not settings.builds(its):
                return net
        return settings.network(self._given)

    def _first_weights(self, net: Network, seed: int) -> Array:
        """The first weights of this seed; 0 is the given network's own."""
        if net is self._given and seed == self._given_settings.seed:
            return self._given_theta.copy()
        pupil, rng = deepcopy(net), np.random.default_rng(seed)
        for layer in pupil.layers:
            layer.initialize(rng)
        return pupil.theta

    @one_at_a_time
    def reset(self) -> None:
        """Back to the first weights, without a film; settings, and the best loss by hand, are kept."""
        self._ghost = ()
        self._forget_stop()
        with self.quiet():
            self.film.unload()
            self.parameters.narrow()
        self.loss_curve.forget(self.settings.epochs, self.model.loss_at(self.first["theta"]))
        self._show_film_controls()
        start = {name: self.first[name] for name in ("theta", "example", "epoch")}
        self.show({**self.state, **start, "selected": self._first_in_hand()})

    @one_at_a_time
    def restart(self) -> None:
        """Reset, with the settings, the question and the network that were given, and its weights of then."""
        net, self.problem = self._given, self._given_problem
        self.film.stop()
        self.model = self._model(net, self.problem)
        if self.net is net:
            self.walk = self._new_walk()
        else:
            with self.quiet():
                self._hold(net)
        self.first = {**self.first, "theta": tuple(self._given_theta.tolist())}
        self.state = {**self.first, "selected": self._first_in_hand()}
        self.reset()

    @one_at_a_time
    def new_start(self) -> None:
        """Draw other random first weights."""
        seed, theta = self.state["seed"], self.first["theta"]
        while theta == self.first["theta"]:  # the net's own seed draws the same ones again
            seed += 1
            theta = tuple(self._first_weights(self.net, seed).tolist())
        self.first = {**self.first, "theta": theta}
        self.state["seed"] = seed
        self.reset()

    # Questions and named states

    @one_at_a_time
    def ask(self, question: str) -> None:
        """Hide the results until the learner has answered this question, or skipped it."""
        self.set(question=question)

    def _ask_at_stop(self, question: str) -> None:
        if self.state["hides"]:  # another guess is awaited already
            self.film.start()
        else:
            self.show({**self.state, "question": question, "guess": ""})

    def _forget_stop(self) -> None:
        """What a stop of the film asks ends with the film."""
        if not self.state["hides"]:
            self.state = {**self.state, "question": ""}

    def _replied(self, answer: str) -> None:
        if not self.state["question"]:  # answered already
            return
        stopped = not self.state["hides"]
        self.set(guess=answer)
        if stopped:
            self.film.start()

    @one_at_a_time
    def remember(self, name: str, **changes: Any) -> None:
        """Keep a state under a name: these changes, or, without any, everything as it is now."""
        kept = ("theta", "example", "selected", *SETTINGS)
        if not changes.keys() & set(SETTINGS):  # with settings, the rest may belong to another network
            self.follow(self.state, changes)
        self.states[str(name)] = changes or {key: self.state[key] for key in kept}
        self._states_row.children = self._state_buttons()

    @one_at_a_time
    def recall(self, name: str) -> None:
        """Go to a named state."""
        if name not in self.states:
            listed = ", ".join(self.states) or "there is none yet: explorer.remember(name) keeps one"
            raise ValueError(f"no state is named {name!r}; the named states: {listed}.")
        changes = self.states[name]
        self.film.stop()
        settings = {key: value for key, value in changes.items() if key in SETTINGS}
        if settings:
            self.set(**settings)
        self.set(**{key: value for key, value in changes.items() if key not in SETTINGS})

    def _state_buttons(self) -> list[ipywidgets.Button]:
        close_all(*self._states_row.children)
        buttons = []
        for n, name in enumerate(self.states, start=1):
            key = f"{n} " if n <= KEYS else ""
            button = ipywidgets.Button(description=f"{key}{name}", layout={"width": "auto"})
            self.on_press(button, partial(self.recall, name))
            buttons.append(button)
        return buttons

    def _recall_by_key(self, digit: int) -> None:
        names = list(self.states)
        if 1 <= digit <= len(names):
            self.recall(names[digit - 1])


def _finite_losses(history: History, model: Model) -> list[float]:
    losses = losses_along(history, model.loss_at)
    if not np.isfinite(losses[0]):
        raise ValueError("the loss is infinite or undefined from this film's first frame on.")
    return losses


def _drawer(name: object) -> str:
    return one_of(name, DRAWERS, "drawer") if name else ""
