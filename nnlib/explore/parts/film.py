"""The film of a training: its frames, and the controls to play, pause, step and scrub through them."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np

from ...checks import Array, as_text, in_short, whole
from ...training import History
from ..base import button, menu
from .bundle import Bundled

FRAMES = 300  # of a film that the train button makes: about a quarter of a minute
INTERVAL = 40  # milliseconds from frame to frame; with what the page adds, about 20 frames a second


SPEEDS = {"½ ×": (2 * INTERVAL, 1), "1 ×": (INTERVAL, 1), "2 ×": (INTERVAL, 2), "4 ×": (INTERVAL, 4)}


class Play(Bundled, ipywidgets.Play):
    """Counts the frames; its changes travel with the rest of the frame."""


class Scrub(Bundled, ipywidgets.SelectionSlider):
    """Where the film stands; its changes travel with the rest of the frame."""


class Film:
    """Frames of theta, the epochs they belong to, and the widgets that move along them.

    No frames at first: then `controls` are not to be shown, and `nearest` says what to do.

    stops : questions by epoch; the film stops there once, to ask.
    """

    def __init__(self, stops: Mapping[int, str] | None = None) -> None:
        self.epochs: list[int] = []
        self.frames: list[tuple[float, ...]] = []
        self.trouble = ""  # how the training ended, where it did not end well
        if not isinstance(stops, Mapping | None):
            raise ValueError(
                f'stops must be questions by epoch, as in {{300: "Why?"}}; got {in_short(stops)}.'
            )
        self.stops = {
            whole(epoch, "the epoch of a stop", least=0): as_text(q, "the question of a stop")
            for epoch, q in (stops or {}).items()
        }
        self._asked: set[int] = set()
        self.play = Play(interval=INTERVAL, show_repeat=False, layout={"width": "90px"})
        self.scrub = Scrub(options=[("0", 0)], description="epoch")
        self.scrub.layout.width, self.scrub.style.description_width = "195px", "45px"
        self.back = button("", "step-backward", "40px", "Back one frame")
        self.ahead = button("", "step-forward", "40px", "On by one frame")
        self.speed = menu("speed", list(SPEEDS), 108, 48, value="1 ×")
        self.controls = [self.play, self.scrub, self.back, self.ahead, self.speed]
        self._hand_on = False

    def connect(
        self, answer: Callable[..., Any], go: Callable[[int], None], ask: Callable[[str], None]
    ) -> None:
        """Call `go(epoch)` when a control moves, and `ask(question)` at a stop; through `answer`."""

        def played(change: Any) -> None:
            if not self.epochs:
                return
            if self._hand_on:  # a frame that was still on its way
                self.play.value = self.nearest(self.scrub.value)
                return
            epoch = self.epochs[min(change["new"], len(self.epochs) - 1)]
            due = self._due(epoch)
            if due is None:
                go(epoch)
            else:
                self._asked.add(due)
                self.stop()
                go(due)
                ask(self.stops[due])

        def scrubbed(change: Any) -> None:
            self.stop()
            go(change["new"])

        def started(change: Any) -> None:
            if change["new"]:
                self._hand_on = False
            elif not self._hand_on and 0 < self.play.max - self.play.value < self.play.step:
                played({"new": self.play.max})  # a fast film's next step would lead past its end

        def sped(change: Any) -> None:
            self.play.interval, self.play.step = SPEEDS[change["new"]]

        self.play.observe(answer(played), "value")
        self.play.observe(answer(started), "playing")
        self.scrub.observe(answer(scrubbed), "value")
        self.speed.observe(answer(sped), "value")
        self.back.on_click(answer(lambda _: go(self.beside(-1))))
        self.ahead.on_click(answer(lambda _: go(self.beside(+1))))

    def _due(self, epoch: int) -> int | None:
        """The first stop that the film has reached, and not asked at yet."""
        due = [stop for stop in self.stops if self.scrub.value < stop <= epoch and stop not in self._asked]
        return min(due, default=None)

    def load(self, history: History, losses: Sequence[float], trouble: str = "") -> None:
        """Take the frames of a training, up to the first whose loss is not finite."""
        self.stop()
        self.trouble = trouble
        finite = np.isfinite(losses)
        n = len(losses) if finite.all() else int(finite.argmin())
        self.epochs = history.epochs[:n].tolist()
        self.frames = [tuple(frame) for frame in history.theta[:n].tolist()]
        self._asked.clear()
        self.play.max, self.play.value = n - 1, 0
        self.scrub.options = [(str(epoch), epoch) for epoch in self.epochs]

    def unload(self) -> None:
        """No film any more."""
        self.stop()
        self.epochs, self.frames = [], []
        self.scrub.options = [("0", 0)]

    def nearest(self, epoch: object) -> int:
        """The frame nearest to an epoch; ValueError where there is no film."""
        wanted = whole(epoch, "epoch", least=0)
        if not self.epochs:
            raise ValueError("there is no film yet: press Train, or call explorer.train(), first.")
        return int(np.abs(np.array(self.epochs) - min(wanted, self.epochs[-1])).argmin())

    def show(self, epoch: int) -> None:
        """Put the controls where the film stands."""
        if self.epochs:
            frame = self.nearest(epoch)
            self.play.value, self.scrub.value = frame, self.epochs[frame]

    def beside(self, frames: int) -> int:
        """The epoch of the frame so many after the one that is shown, or before it."""
        self.stop()
        return self.epochs[min(max(self.nearest(self.scrub.value) + frames, 0), len(self.epochs) - 1)]

    def start(self) -> None:
        """Play, from where the film stands."""
        self._hand_on = False
        self.play.playing = True

    def stop(self) -> None:
        """Stop: a hand moves something, and frames still on their way from the page must not undo that."""
        self._hand_on = True
        self.play.playing = False


def as_film(history: object, n_parameters: int, who: str) -> History:
    """The history itself, where it has a film of so many parameters; ValueError says what came instead."""
    if not isinstance(history, History):
        raise ValueError(f"{who} needs the History that fit returns; got a {type(history).__name__}.")
    if len(history.epochs) == 0 or history.theta.shape[1] != n_parameters:
        raise ValueError(
            f"this film has {history.theta.shape[0]} frames of {history.theta.shape[1]} numbers; fit "
            f"a network with {n_parameters} parameters and keep its film with record=1."
        )
    return history


def record_every(epochs: int) -> int:
    """How often to keep a frame."""
    return max(1, round(epochs / FRAMES))


def losses_along(history: History, loss: Callable[[Array], float]) -> list[float]:
    """The loss at each frame, infinite where it cannot be computed."""

    def at(theta: Array) -> float:
        try:
            return loss(theta)
        except (FloatingPointError, ValueError):  # too large, or no number any more
            return math.inf

    return [at(theta) for theta in history.theta]
