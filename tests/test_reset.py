"""Everything back at the start: what learners moved, trained, switched and answered, and their networks."""

import pytest
from explorers import made, on_page, students

from nnlib import SGD, MaxScaler, datasets, fit
from nnlib.explore import (
    ArrowExplorer,
    Choice,
    Explorer,
    HouseExplorer,
    LineExplorer,
    NetworkExplorer,
    Tally,
    Timer,
    reset_everything,
)

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture(autouse=True)
def living(monkeypatch):
    """No explorer but those of the test."""
    monkeypatch.setattr(Explorer, "living", [])


def said(capsys):
    reset_everything()
    return capsys.readouterr().out


def test_everything_is_counted(capsys):
    assert said(capsys) == "Back at the start: nothing; no cell has made a figure yet.\n"
    kept = [ArrowExplorer(), Choice("Which way?", ["up", "down"])]
    assert said(capsys) == "Back at the start: 1 figure, 1 question.\n"
    kept += [Choice("2 + 2?", [3, 4], right=4), Tally("Which way?", ["up", "down"]), Timer(), students()]
    assert said(capsys) == "Back at the start: 2 figures, 2 questions, 1 tally, 1 timer.\n"
    kept[0].close()
    assert said(capsys) == "Back at the start: 1 figure, 2 questions, 1 tally, 1 timer.\n"


def test_what_the_learners_did_is_undone(capsys):
    house = HouseExplorer(datasets.house_network(), datasets.houses().X)
    guess, tally, timer = Choice("Which way?", ["up", "down"]), Tally("Which?", ["a", "b"]), Timer(5)
    explorers = [house, guess, tally, timer]
    before = [(explorer.state, repr(explorer)) for explorer in explorers]
    house.set(age=50, off=["h1"], view="sweep")
    house.keep()
    guess.set(answer="down")
    tally.set(counts=[3, 4])
    tally.again()
    on_page(timer.clock, clock={"minutes": 6, "left": 100, "ends": 1e12})
    said(capsys)
    assert [(explorer.state, repr(explorer)) for explorer in explorers] == before


def seen(explorer):
    """Everything that is on the screen."""
    diagram, pictures = explorer.diagram, explorer._column.children
    return [
        dict(explorer.state),
        repr(explorer),
        [explorer.page.words, explorer.page.question, explorer.page.ghosts],
        [diagram.theta, diagram.texts, diagram.fills, diagram.selected, diagram.notes, diagram.neuron],
        [slider.value for slider in explorer.parameters.sliders],
        [slider.description for slider in explorer.parameters.chosen.children],
        [type(part).__name__ for part in explorer.drawer.children],
        [picture.png for picture in pictures],
        [row.children for row in (explorer._film_row, explorer._panels, explorer._hand_row)],
        explorer.example.value,
    ]


MOVES = {
    "by hand": lambda e: e.set(**{"b1[h1]": -3.0}, example=1, selected=2, neuron="h2"),
    "trained": lambda e: e.train(),
    "playing": lambda e: (e.train_button.click(), on_page(e.film.play, value=3)),
    "new start": lambda e: (e.new_start(), e.new_start()),
    "new start, trained": lambda e: (e.new_start(), e.train()),
    "more neurons": lambda e: e.set(hidden=5),
    "no layer, another seed": lambda e: (e.set(hidden=0), e.set(seed=3)),
    "another activation": lambda e: (e.set(activation="relu"), e.set(learning_rate=0.01)),
    "another training": lambda e: e.set(optimizer="adam", epochs=7, batch_size=1),
    "no scaling": lambda e: (e.set(scale_X="none"), e.set(scale_y="standard")),
    "asked": lambda e: (e.ask("What comes?"), e.set(guess="this")),
    "open": lambda e: e.set(open="slopes"),
    "in code": lambda e: fit(e.net, [[1, 1]], [[1]], epochs=3, optimizer=SGD(1)),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_a_network_explorer_returns_to_how_it_was_made(move, capsys):
    net = made(2, 3, 1, seed=4)
    explorer = students(net=net, epochs=10, open="arithmetic", stops={5: "Which one has moved furthest?"})
    before = seen(explorer)
    move(explorer)
    assert said(capsys) == "Back at the start: 1 figure.\n"
    assert seen(explorer) == before
    assert explorer.net is net
    assert net.theta.tolist() == made(2, 3, 1, seed=4).theta.tolist()
    assert not explorer.film.epochs
    assert not explorer.film.play.playing
    explorer.train()  # and can go on from there as at first
    other = students(net=made(2, 3, 1, seed=4), epochs=10, open="arithmetic")
    other.train()
    assert seen(explorer)[:8] == seen(other)[:8]


def test_an_open_question_hides_the_results_again(capsys):
    explorer = students(question="What does b1[h1] do?")
    before = seen(explorer)
    explorer.set(guess="It lifts.")
    explorer.train()
    assert "Your guess" in repr(explorer)
    said(capsys)
    assert seen(explorer) == before
    assert explorer.page.question == "What does b1[h1] do?"


def test_a_line_begins_its_contest_anew(capsys):
    line = LineExplorer([1, 2, 3], [2, 3, 5], moves=3, epochs=20)
    before = line.state, repr(line)
    line.set(w=1.0)
    line.one_step()
    line.set(learning_rate=0.05)
    line.new_start()
    line.train()
    said(capsys)
    assert (line.state, repr(line)) == before


def test_a_network_in_two_figures_is_as_the_first_one_got_it(capsys):
    X, y, *_ = datasets.test_scores()
    net = made(2, 3, 1, seed=4)
    first = net.theta.tolist()
    scalers = {"x_scaler": MaxScaler().fit(X), "y_scaler": MaxScaler(100).fit(y)}
    figures = [NetworkExplorer(net, X, y, **scalers)]
    fit(net, scalers["x_scaler"].transform(X), y / 100, epochs=5, optimizer=SGD(1))
    figures.append(NetworkExplorer(net, X, y, **scalers))
    assert net.theta.tolist() != first
    said(capsys)
    assert net.theta.tolist() == first


def test_one_that_fails_is_named_and_the_others_are_reset(capsys, monkeypatch):
    broken, guess = ArrowExplorer(), Choice("Which way?", ["up", "down"])
    last = Timer(5)
    guess.set(answer="up")
    last.set(minutes=3)
    monkeypatch.setattr(broken, "numbers", lambda state: 1 / 0)
    assert said(capsys) == (
        "Back at the start: 1 question, 1 timer. "
        "Not reset, run its cell again: ArrowExplorer (ZeroDivisionError: division by zero).\n"
    )
    assert guess.state["answer"] is None
    assert last.state["minutes"] == 5


def test_what_could_not_be_made_is_left_alone(capsys):
    with pytest.raises(ValueError, match="no 'b9'"):
        students(states={"odd": {"b9": 1.0}})
    assert said(capsys) == "Back at the start: nothing; no cell has made a figure yet.\n"
