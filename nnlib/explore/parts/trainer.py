"""The training behind the explorer's film: it shows how far it is, and can be stopped."""

from copy import deepcopy
from threading import Event
from time import monotonic
from typing import Any

from ...checks import Array, TrainingDiverged
from ...optimizers import Optimizer
from ...training import History, train
from ..base import Page
from .film import record_every
from .model import Model
from .settings import Settings

SHORT = 0.3  # seconds of a training that needs no bar
TOLD = 0.1  # seconds from one look of the bar to the next


class Trainer:
    """Trains a copy of a network and keeps the film."""

    def __init__(self) -> None:
        self._halted = Event()

    def connect(self, page: Page) -> None:
        """Show the bar on this page, and obey its stop button.

        Where the kernel answers one message after the other, the button waits for the end of the training;
        an interrupt of the kernel ends it everywhere.
        """
        self._page = page
        page.observe(lambda _: self._halted.set(), "halted")
        self.diverged = False  # whether the last training did

    def train(
        self, model: Model, settings: Settings, optimizer: Optimizer, theta: Array, enough: float = 0.0
    ) -> tuple[History, str]:
        """The film of a training from theta, and what to say where it did not reach its end.

        enough : the first epoch with a loss of so much or less is the last; 0 for none.
        """
        pupil = deepcopy(model.net)
        pupil.theta = theta
        history, every, trouble = History(theta.size), record_every(settings.epochs), ""
        history.keep(0, pupil.theta)
        self._halted.clear()
        run: dict[str, Any] = {"epochs": settings.epochs, "optimizer": optimizer, "loss": model.loss}
        done, told, self.diverged = 0, monotonic() + SHORT - TOLD, False
        try:
            for epoch, value in train(
                pupil, model.inputs, model.targets, **run, batch_size=settings.batch_size, seed=settings.seed
            ):
                done = int(epoch)
                history.loss.append(value)
                if done % every == 0:
                    history.keep(done, pupil.theta)
                if monotonic() - told > TOLD:
                    told, self._page.progress = monotonic(), done / settings.epochs
                    if self._halted.is_set():
                        break
                if enough and model.loss_at(pupil.theta) <= enough:
                    break
        except TrainingDiverged as error:
            trouble, self.diverged = f"{error} The film shows the epochs before.", True
        except KeyboardInterrupt:  # in the middle of an epoch: the film ends with its last frame
            self._halted.set()
            done = int(history.epochs[-1])
        finally:
            self._page.progress = -1.0
        if self._halted.is_set():
            trouble = f"You stopped the training at epoch {done}."
        if not self.diverged and history.epochs[-1] != done:
            history.keep(done, pupil.theta)
        return history, trouble
