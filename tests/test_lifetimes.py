"""A long lesson leaves nothing behind, and an interrupt of the kernel leaves a usable explorer."""

import gc
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from explorers import EXPLORERS, made, on_page, students
from ipywidgets.widgets.widget import _instances
from matplotlib import pyplot
from matplotlib.figure import Figure
from support import LONG

from nnlib.explore import NetworkExplorer, board, hinges, houses, line_board, network

pytestmark = pytest.mark.usefixtures("strict")


def figures():
    return sum(issubclass(type(thing), Figure) for thing in gc.get_objects())


def moves(explorer, times):
    """A hand on a slider, and now and then on a line and a row."""
    for k in range(times):
        on_page(explorer.parameters.chosen.children[0], value=(k * 7 % 1000 - 500) / 125)
        if k % 10 == 0:
            on_page(explorer.example, index=k // 10 % 3)
            on_page(explorer.diagram, selected=k // 10 % 4)


def plays(explorer, times):
    """The train button and its film; now and then another network, the zoom, drawers, staging, states."""
    for k in range(times):
        explorer.train_button.click()
        on_page(explorer.film.play, value=1 + k % 5, playing=True)
        if k % 20 == 0:
            explorer.set(hidden=2)
            for opened in ("slopes", "arithmetic", "settings", "sliders"):
                on_page(explorer.drawer_buttons[opened], value=True)
            on_page(explorer.diagram, neuron=1)
            explorer.set(hidden=3)
            explorer.new_button.click()
            explorer.stage()
            explorer.train_button.click()
            explorer.ask("What?")
            explorer.set(guess="that")
            explorer.remember("now")
            explorer.stage("diagram", "film")


def test_moves_and_plays_leave_nothing_behind():
    n_moves = 10_000 if LONG else 1_000
    table = np.arange(9.0).reshape(3, 3)
    one = NetworkExplorer(made(3, 1), table, table[:, :1] / 9, show=["diagram"])  # the quickest to draw
    other = students(epochs=5, show=["diagram", "film"])
    for explorer in (one, other):
        explorer.page.ready = True

    def lesson(hands, films):
        moves(one, hands)
        plays(other, films)
        gc.collect()

    lesson(200, 41)
    remains = len(_instances), figures(), pyplot.get_fignums()
    blocks = sys.getallocatedblocks()
    lesson(n_moves * 4 // 5, n_moves * 4 // 250)
    assert sys.getallocatedblocks() - blocks < 4_000  # of Python's memory, by up to 8,000 moves
    tracemalloc.start()  # which counts pictures too, but makes everything four times slower
    try:
        lesson(10, 1)
        before = tracemalloc.get_traced_memory()[0]
        lesson(n_moves // 5, n_moves // 250)
        grown = tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()
    now = len(_instances), figures(), pyplot.get_fignums()
    assert all(after <= before for after, before in zip(now, remains, strict=True))
    assert grown < 1e6  # 5 MB for all ten thousand


SHOWN = {
    "HingeExplorer": hinges.CONTROLS,
    "HouseExplorer": tuple(houses.VIEWS),
    "LineExplorer": line_board.VIEWS,
    "NetworkExplorer": board.VIEWS,
}
ALONE = [(name, {"show": [part]}) for name, parts in SHOWN.items() for part in parts]


@pytest.mark.parametrize(
    ("name", "more"), [*((name, {}) for name in EXPLORERS), ("HingeExplorer", {"show": []}), *ALONE]
)
def test_an_explorer_that_is_closed_leaves_no_widget_behind(name, more):
    make, _ = EXPLORERS[name]
    before = set(_instances)
    explorer = make(**more)
    assert len(_instances) > len(before)
    explorer.close()
    assert set(_instances) == before


# Interrupts -----------------------------------------------------------------------------------------------

WHERE = {
    "the check of the move": lambda explorer: (explorer, "follow"),
    "the numbers": lambda explorer: (explorer.model, "numbers"),
    "the surface's numbers": lambda explorer: (explorer.model.net, "forward"),
    "the beginning of drawing": lambda explorer: (explorer, "draw"),
    "the diagram": lambda explorer: (explorer, "_draw_diagram"),
    "the surface": lambda explorer: (explorer.prediction, "update"),
    "the encoding": lambda explorer: (explorer.loss_curve, "encode"),
    "the end of drawing": lambda explorer: (explorer, "_draw_drawer"),
    "the controls": lambda explorer: (explorer.parameters, "show"),
    "the film's controls": lambda explorer: (explorer.film, "show"),
    "the words": lambda explorer: (explorer, "seen"),
}
MOVES = {
    "playing": lambda explorer: on_page(explorer.film.play, value=7),
    "scrubbing": lambda explorer: on_page(explorer.film.scrub, index=3),
    "a slider": lambda explorer: on_page(explorer.parameters.sliders[4], value=2.5),
    "code": lambda explorer: explorer.set(theta=np.linspace(-1, 1, 13), example=1, selected=4),
}


class Interrupt:
    """Calls a method, but the first time the kernel is interrupted: before it, or after."""

    def __init__(self, method, after):
        self.method, self.after, self.calls = method, after, 0

    def __call__(self, *given, **named):
        self.calls += 1
        if self.calls > 1:
            return self.method(*given, **named)
        if self.after:
            self.method(*given, **named)
        raise KeyboardInterrupt


def seen(explorer):
    """Everything that is on the screen, and the network."""
    film, parameters = explorer.film, explorer.parameters
    return (
        explorer.state,
        repr(explorer),
        explorer.net.theta.tolist(),
        explorer.diagram.theta,
        explorer.diagram.texts,
        explorer.diagram.fills,
        explorer.diagram.selected,
        [slider.value for slider in parameters.sliders],
        parameters.chosen.children,
        (film.play.value, film.scrub.value, explorer.example.value),
        explorer.prediction.png,
        explorer.prediction.alt,
        explorer.loss_curve.png,
        [explorer.page.words, explorer.page.spoken, explorer.page.message],
    )


@pytest.fixture(scope="module")
def filmed():
    """An explorer with a film, open sliders, at epoch 5."""
    explorer = students(epochs=10, open="sliders")
    explorer.train()
    yield explorer
    explorer.close()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("where", WHERE.values(), ids=WHERE)
@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_an_interrupt_in_the_middle_of_a_frame_leaves_the_frame_before(
    filmed, where, move, after, monkeypatch
):
    filmed.set(epoch=5, example=0, selected=0)
    filmed.film.start()
    before = seen(filmed)
    part, method = where(filmed)
    with monkeypatch.context() as patch:
        patch.setattr(part, method, Interrupt(getattr(part, method), after))
        with pytest.raises(KeyboardInterrupt):
            move(filmed)
    assert seen(filmed) == before
    assert tuple(filmed.net.theta) == filmed.state["theta"] == filmed.film.frames[5]
    with ThreadPoolExecutor(1) as pool:  # nothing is locked
        pool.submit(filmed.set, epoch=6).result(timeout=20)
    assert filmed.film.play.value == filmed.film.scrub.value == filmed.state["epoch"] == 6
    filmed.film.start()
    move(filmed)
    assert seen(filmed) != before


def test_the_film_plays_on_after_an_interrupt(filmed, monkeypatch):
    filmed.set(epoch=0)
    filmed.film.start()
    with monkeypatch.context() as patch:
        patch.setattr(filmed.prediction, "update", Interrupt(filmed.prediction.update, True))
        with pytest.raises(KeyboardInterrupt):
            on_page(filmed.film.play, value=1)
    for frame in (1, 2, 10):
        on_page(filmed.film.play, value=frame)
        assert filmed.state["epoch"] == filmed.film.scrub.value == frame
        assert f"Epoch {frame} of 10." in repr(filmed)


@pytest.mark.parametrize("move", [{"hidden": 2}, {"learning_rate": 1}], ids=["hidden", "learning rate"])
def test_an_interrupt_before_a_switch_is_thrown_leaves_everything(move, monkeypatch):
    explorer = students(epochs=10, open="sliders")
    explorer.train()
    before, net, frames = seen(explorer), explorer.net, explorer.film.frames
    with monkeypatch.context() as patch:
        patch.setattr(network, "losses_along", Interrupt(network.losses_along, True))
        with pytest.raises(KeyboardInterrupt):
            explorer.set(**move)
    assert (seen(explorer), explorer.net, explorer.film.frames) == (before, net, frames)
    explorer.set(**move)
    assert seen(explorer) != before
    assert f"Epoch 10 of 10. Loss {explorer.model.loss_at(explorer.net.theta):.3g}" in repr(explorer)
