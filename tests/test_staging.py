"""What is there to see and when: staging, questions, named states, stops of the film, ghosts, speed, zoom."""

import base64
from itertools import pairwise

import numpy as np
import pytest
from explorers import ODD, Images, is_drawn, made, on_diagram, on_page, pixels, students
from support import says

from nnlib import SGD, reference
from nnlib.explore import Explorer, NetworkExplorer

pytestmark = pytest.mark.usefixtures("strict")

LABELS = made(2, 3, 1, input_names=["sleep", "study"], output_names=["score"]).labels()
DRAWERS = ("sliders", "arithmetic", "slopes", "settings")


def reply(explorer, answer):
    """The page sends what the learner says to a question."""
    on_page(explorer.page, reply=[explorer.page.reply[0] + 1, answer])


def press(explorer, digit):
    on_page(explorer.page, digit=[explorer.page.digit[0] + 1, digit])


def on_screen(widget):
    """Everything that is in the page below a widget."""
    found = [widget]
    for child in getattr(widget, "children", ()):
        found += on_screen(child)
    return found


def views(explorer):
    """Which views are on the screen."""
    seen = on_screen(explorer)
    parts = {
        "diagram": explorer.diagram,
        "surface": explorer.prediction,
        "loss": explorer.loss_curve,
        "film": explorer.train_button,
        **explorer.drawer_buttons,
    }
    return {name for name, widget in parts.items() if widget in seen}


# Staging --------------------------------------------------------------------------------------------------


def test_stage_by_stage_more_is_shown():
    explorer = students(show=["diagram"])
    assert views(explorer) == {"diagram"}
    explorer.stage("diagram", "surface")
    assert views(explorer) == {"diagram", "surface"}
    assert is_drawn(explorer.prediction)
    explorer.stage("loss", "film", "slopes")
    assert views(explorer) == {"loss", "film", "slopes"}
    assert is_drawn(explorer.loss_curve)
    explorer.stage()
    assert views(explorer) == {"diagram", "surface", "loss", "film", *DRAWERS}


def test_a_picture_that_is_staged_late_shows_where_the_network_stands():
    explorer, full = students(show=["diagram"], epochs=30), students(epochs=30)
    for each in (explorer, full):
        each.train()
        each.set(example=1, epoch=12)
    explorer.stage()
    assert explorer.prediction.png == full.prediction.png
    assert explorer.loss_curve.png == full.loss_curve.png
    assert repr(explorer) == repr(full)


def test_only_named_parameters_are_in_the_learners_hand():
    explorer = students(show=["diagram", "sliders", "b1[h1]", "W2[h2, score]"], open="sliders")
    assert explorer.diagram.fixed == [k for k in range(13) if k not in (6, 10)]
    assert [slider.description for slider in explorer.parameters.drawer.children] == [
        "b1[h1]",
        "W2[h2, score]",
    ]
    assert explorer.parameters.chosen.children[0].description == "b1[h1]"
    assert "Selected: b1[h1] = 0.00." in repr(explorer)
    on_page(explorer.diagram, selected=0)  # to be looked at
    assert explorer.parameters.chosen.children == ()
    assert "Selected: W1[sleep, h1] = 0.30." in repr(explorer)
    explorer.reset()
    assert explorer.parameters.chosen.children[0].description == "b1[h1]"


def test_parameters_are_put_into_the_hand_one_after_the_other():
    explorer = students(show=["diagram", "b2[score]"])
    explorer.stage("diagram", "b2[score]", "b1[h3]")
    assert explorer.diagram.fixed == [k for k in range(13) if k not in (8, 12)]
    assert explorer.parameters.chosen.children[0].description == "b2[score]"  # still selected
    explorer.stage("diagram", "b1[h3]")
    assert explorer.parameters.chosen.children[0].description == "b1[h3]"
    explorer.stage("diagram")
    assert explorer.diagram.fixed == []


def test_after_a_switch_the_parameters_in_hand_are_those_that_are_there():
    explorer = students(show=["diagram", "settings", "b1[h3]"], epochs=3)
    explorer.set(hidden=5)
    labels = explorer.net.labels()
    assert explorer.diagram.fixed == [k for k, label in enumerate(labels) if label != "b1[h3]"]
    assert explorer.parameters.chosen.children[0].description == "b1[h3]"
    explorer.set(hidden=2)  # there is no h3: then all are
    assert explorer.diagram.fixed == []
    explorer.set(hidden=3)
    assert explorer.parameters.chosen.children[0].description == "b1[h3]"


def test_what_is_not_staged_any_more_is_closed():
    explorer = students(open="slopes")
    explorer.stage("diagram", "surface")
    assert (explorer.drawer.children, explorer.diagram.notes) == ((), [])
    assert views(explorer) == {"diagram", "surface"}
    explorer.stage()
    explorer.set(neuron="h1")
    explorer.stage("diagram", "surface")
    assert explorer.diagram.neuron == -1
    assert views(explorer) == {"diagram", "surface"}


def test_a_click_on_a_neuron_zooms_only_where_the_zoom_is_staged():
    explorer = students(show=["diagram", "surface"])
    on_page(explorer.diagram, neuron=1)
    assert explorer.diagram.neuron == -1
    assert views(explorer) == {"diagram", "surface"}
    explorer.stage("diagram", "surface", "zoom")
    on_page(explorer.diagram, neuron=1)
    assert explorer.neuron_curve in on_screen(explorer)


def test_a_stage_that_is_misspelt_changes_nothing():
    explorer = students(show=["diagram", "b1[h1]"])
    before = views(explorer), explorer.diagram.fixed
    with says(
        ValueError,
        "'surfaces' is no view that nnlib knows; choose one of diagram, surface, loss, film, zoom, sliders, "
        "arithmetic, slopes, settings. Did you mean 'surface'?",
    ):
        explorer.stage("diagram", "surfaces")
    assert (views(explorer), explorer.diagram.fixed) == before


# Drawers and the zoom -------------------------------------------------------------------------------------


def test_one_drawer_is_open_at_a_time():
    explorer = students()
    for name, other in pairwise([*DRAWERS, "sliders"]):
        on_page(explorer.drawer_buttons[name], value=True)
        assert [each for each in DRAWERS if explorer.drawer_buttons[each].value] == [name]
        assert len(explorer.drawer.children) == 1
        on_page(explorer.drawer_buttons[other], value=True)
        assert not explorer.drawer_buttons[name].value
    on_page(explorer.drawer_buttons["sliders"], value=False)
    assert explorer.drawer.children == ()


@pytest.mark.parametrize("name", DRAWERS)
def test_a_drawer_that_is_open_from_the_beginning(name):
    explorer = students(open=name)
    assert explorer.drawer_buttons[name].value
    assert len(explorer.drawer.children) == 1


def test_a_drawer_that_is_misspelt():
    with says(
        ValueError,
        "'slider' is no drawer that nnlib knows; choose one of sliders, arithmetic, slopes, settings. "
        "Did you mean 'sliders'?",
    ):
        students(open="slider")


def test_slopes_are_those_of_plain_maths():
    explorer = students(open="slopes")
    points = [(3 / 10, 5 / 5), (5 / 10, 1 / 5), (10 / 10, 2 / 5)]
    _, slopes = reference.loss_and_gradient(explorer.state["theta"], points, [0.75, 0.82, 0.93])
    shown = [float(note.replace("−", "-")) for note in explorer.diagram.notes]
    assert shown == pytest.approx(list(slopes), rel=0.01)
    on_page(explorer.drawer_buttons["slopes"], value=False)
    assert explorer.diagram.notes == []


def test_a_neuron_is_zoomed_on_by_click_and_by_name_and_left_again():
    explorer = students(open="sliders")
    for n, name in enumerate(("h1", "h2", "h3", "score")):
        on_page(explorer.diagram, neuron=n)
        assert not {explorer.prediction, explorer.loss_curve, explorer.parameters.drawer} & set(
            on_screen(explorer)
        )
        assert {explorer.neuron_curve, explorer.zoomed} <= set(on_screen(explorer))
        assert is_drawn(explorer.neuron_curve)
        assert f"\nForward: {name}:\n" in repr(explorer)
        seen = repr(explorer)
        on_page(explorer.diagram, neuron=-1)
        assert views(explorer) >= {"surface", "loss"}
        explorer.set(neuron=name)
        assert repr(explorer) == seen
        explorer.set(neuron=-1)
    on_page(explorer.diagram, neuron=1)
    on_page(explorer.drawer_buttons["arithmetic"], value=True)  # a drawer takes the zoom's place
    assert explorer.diagram.neuron == -1
    assert views(explorer) >= {"surface", "loss"}
    with pytest.raises(
        ValueError, match="'h4' is no neuron that nnlib knows; choose one of h1, h2, h3, score"
    ):
        explorer.set(neuron="h4")


def test_dead_and_saturated_neurons_are_marked_and_named():
    explorer = students(net=made(2, 3, 1, activations=["relu", "sigmoid"]))
    explorer.set(theta=[1, -1, 0, 1, -1, 0, 0, 0, -1, 9, 0, 0, 9])
    assert explorer.diagram.marks == ["", "dead", "dead", "saturated"]
    assert "\nFor every student: h2 is dead, h3 is dead, y is saturated." in repr(explorer)
    explorer.set(theta=np.ones(13) / 4)
    assert explorer.diagram.marks == [""] * 4
    assert "dead" not in repr(explorer)


# A question hides the results until it is answered --------------------------------------------------------


def results(explorer):
    """Every number on the screen that follows from the weights, as it is written."""
    numbers = explorer.numbers({**explorer.state, "open": "slopes"})
    texts = {f"{value:.1f}" for value in [*numbers["row"], *numbers["predictions"], numbers["off"]]}
    texts |= {f"{value:.2f}".replace("-", "−") for value in [*numbers["z"], *numbers["a"]]}
    return texts | {f"{numbers['loss']:.3g}"}


def nothing_leaks(explorer):
    """Assert that nothing on the screen, spoken, or kept without a kernel gives the results away."""
    given = " ".join(map(str, [*LABELS, 0.3, explorer.state["theta"]]))
    secret = {text for text in results(explorer) if text not in given}
    data = explorer._repr_mimebundle_()
    (image,) = Images(data["text/html"]).found
    page = explorer.page
    selected = explorer.state["theta"][explorer.state["selected"]]
    said = [repr(explorer), page.words, page.spoken, page.message, data["text/plain"], image["alt"]]
    own = f"= {selected:.2f}".replace("-", "−")
    for text in [each.replace(own, "") for each in said]:
        assert not [word for word in text.rstrip(".").split() if word.strip(".,;:") in secret]
        for hint in ("predicted", "off by", "Loss", "best", "dead", "saturated", "diverge", "loss is"):
            assert hint not in text
    outputs = explorer.diagram.texts[4:]
    assert outputs == ["", "?"] * 4 + [
        "→ ?",
        "points",
        f"true {explorer.problem.y[explorer.state['example'], 0]:.0f}",
    ]
    assert set(explorer.diagram.fills) == {0.0}
    assert (explorer.diagram.marks, explorer.diagram.notes) == ([], [])
    seen = on_screen(explorer)
    hidden = {explorer.prediction, explorer.loss_curve, explorer.arithmetic, explorer.zoomed}
    hidden |= {explorer.__dict__.get(name) for name in ("gradients", "neuron_curve")}
    assert not hidden & set(seen)
    assert int(image["width"]) == 520  # the diagram alone


def test_a_question_hides_every_result_until_the_guess():
    explorer = students(question="What will Ada score?", epochs=30)
    nothing_leaks(explorer)
    assert explorer.page.question == "What will Ada score?"
    assert repr(explorer) == (
        "Student 1 of 3 (sleep 3 hours, study 5 hours). First weights. Selected: W1[sleep, h1] = 0.30.\n"
        "Waiting for your guess: What will Ada score?"
    )
    plain = students(epochs=30)
    reply(explorer, "70")
    assert explorer.page.question == ""
    assert repr(explorer) == f"{plain!r}\nYour guess: 70."
    assert explorer.diagram.texts == plain.diagram.texts
    assert explorer.diagram.fills == plain.diagram.fills
    assert explorer.prediction.png == plain.prediction.png
    assert views(explorer) == views(plain)


MOVES = {
    "a slider": lambda explorer: on_page(explorer.parameters.chosen.children[0], value=-2.5),
    "the diagram": lambda explorer: on_diagram(explorer, {12: 3.75}),
    "a line": lambda explorer: on_page(explorer.diagram, selected=9),
    "another row": lambda explorer: on_page(explorer.example, index=2),
    "training": lambda explorer: explorer.train_button.click(),
    "training in code": lambda explorer: explorer.train(),
    "scrubbing": lambda explorer: (explorer.train(), on_page(explorer.film.scrub, index=17)),
    "playing": lambda explorer: (explorer.train_button.click(), on_page(explorer.film.play, value=11)),
    "a switch": lambda explorer: explorer.set(activation="tanh"),
    "the settings": lambda explorer: on_page(explorer.drawer_buttons["settings"], value=True),
    "the sliders": lambda explorer: on_page(explorer.drawer_buttons["sliders"], value=True),
    "the arithmetic": lambda explorer: on_page(explorer.drawer_buttons["arithmetic"], value=True),
    "the slopes": lambda explorer: on_page(explorer.drawer_buttons["slopes"], value=True),
    "the zoom": lambda explorer: on_page(explorer.diagram, neuron=1),
    "a new start": lambda explorer: explorer.new_button.click(),
    "reset": lambda explorer: explorer.reset_button.click(),
    "a dead unit": lambda explorer: (explorer.set(activation="relu"), explorer.set(**{"b1[h1]": -9})),
    "a named state": lambda explorer: press(explorer, 1),
    "a stage": lambda explorer: explorer.stage(),
}


@pytest.mark.parametrize("move", MOVES.values(), ids=MOVES)
def test_while_a_question_waits_no_move_gives_the_results_away(move):
    explorer = students(epochs=30, states={"far": {"b2[score]": 2.5}}, stops={5: "And now?"})
    explorer.ask("What will Ada score?")
    move(explorer)
    nothing_leaks(explorer)
    assert explorer.page.question == "What will Ada score?"
    assert "Waiting for your guess: What will Ada score?" in repr(explorer)
    reply(explorer, "70")
    assert "Your guess: 70." in repr(explorer)
    assert "predicted" in repr(explorer)


def test_a_training_that_diverges_says_so_only_after_the_guess():
    net = made(2, 3, 1, activations=["sigmoid", "linear"])
    explorer = students(net=net, epochs=30, question="What will a learning rate of a million do?")
    explorer.set(learning_rate=1e6)
    assert explorer.page.message == ""
    nothing_leaks(explorer)
    reply(explorer, "nothing")
    assert explorer.page.message.startswith("the loss is ")


def test_a_question_can_be_skipped_and_another_asked():
    explorer = students()
    plain = repr(explorer)
    explorer.ask("Higher or lower?")
    nothing_leaks(explorer)
    reply(explorer, "")
    assert repr(explorer) == plain
    assert explorer.page.question == ""
    explorer.ask("Really?")
    nothing_leaks(explorer)
    explorer.set(guess="yes")  # from code
    assert repr(explorer) == f"{plain}\nYour guess: yes."
    explorer.ask("Once more?")
    assert "yes" not in repr(explorer)
    nothing_leaks(explorer)
    explorer.ask("")
    assert repr(explorer) == plain


def test_a_reply_that_comes_twice_counts_once():
    explorer = students(question="What will Ada score?")
    reply(explorer, "70")
    reply(explorer, "62.1")  # it is there to be read now
    assert "Your guess: 70." in repr(explorer)


def test_what_a_learner_answers_is_shown_as_it_is():
    explorer = students(question=f"{ODD}?")
    reply(explorer, ODD)
    assert repr(explorer).endswith(f"\nYour guess: {ODD}.")
    html = explorer._repr_mimebundle_()["text/html"]
    assert "<b>" not in html
    assert Images(html).others == []


def test_the_still_picture_while_a_question_waits_is_the_same_for_all_hidden_results():
    explorer = students(question="What?")
    pictures = []
    for k in range(2):
        explorer.set(**{"b2[score]": 0.001 * k})  # too little to be seen on the line itself
        (image,) = Images(explorer._repr_mimebundle_()["text/html"]).found
        pictures.append(pixels(base64.b64decode(image["src"].split(",")[1])))
    assert np.array_equal(*map(np.asarray, pictures))


# Named states ---------------------------------------------------------------------------------------------

STATES = {
    "dead unit": {"b1[h1]": -8},
    "third student": {"example": 2, "selected": "b2[score]"},
    "all zero": {"theta": [0] * 13},
    "wide": {"hidden": 6, "learning_rate": 1, "W1[sleep, h6]": 0.75},
    "slopes": {"open": "slopes"},
}


def is_at(explorer, name):
    state, theta = explorer.state, explorer.state["theta"]
    if name == "dead unit":
        return theta[6] == explorer.net.theta[6] == -8 and theta[:6] == explorer.first["theta"][:6]
    if name == "third student":
        return (state["example"], state["selected"]) == (2, 12) and "Student 3 of 3" in repr(explorer)
    if name == "all zero":
        return set(theta) == {0.0} and "predicted 50.0" in repr(explorer)
    if name == "wide":
        return (state["hidden"], state["learning_rate"], theta[5]) == (6, 1.0, 0.75)
    return state["open"] == "slopes" and len(explorer.drawer.children) == 1


@pytest.mark.parametrize("by", ["name", "key", "button"])
def test_a_named_state_is_recalled(by):
    explorer = students(states=STATES, epochs=5)
    buttons = [each.description for each in explorer._states_row.children]
    assert buttons == ["1 dead unit", "2 third student", "3 all zero", "4 wide", "5 slopes"]
    for n, name in enumerate(STATES, start=1):
        assert not is_at(explorer, name)
        if by == "name":
            explorer.recall(name)
        elif by == "key":
            press(explorer, n)
        else:
            explorer._states_row.children[n - 1].click()
        assert is_at(explorer, name)
        if name == "wide":
            explorer.set(hidden=3)


def test_a_key_without_a_state_does_nothing():
    explorer = students(states={"far": {"b2[score]": 2.5}})
    before = repr(explorer)
    for digit in (2, 9, 0):
        press(explorer, digit)
    assert repr(explorer) == before
    press(explorer, 1)
    press(explorer, 1)
    assert explorer.state["theta"][12] == 2.5


def test_a_state_recalled_stops_the_film():
    explorer = students(states={"far": {"b2[score]": 2.5}}, epochs=30)
    explorer.train_button.click()
    on_page(explorer.film.play, value=3)
    press(explorer, 1)
    assert not explorer.film.play.playing
    on_page(explorer.film.play, value=4)  # late
    assert explorer.state["theta"][12] == 2.5


def test_what_is_there_now_is_remembered_with_its_settings():
    explorer = students(epochs=20)
    explorer.set(hidden=2, activation="tanh")
    explorer.set(theta=np.linspace(-1, 1, 9), example=1, selected="b1[h2]")
    explorer.remember("mine")
    seen = explorer.page.words
    assert [each.description for each in explorer._states_row.children] == ["1 mine"]
    explorer.set(hidden=5, activation="relu", epochs=10)
    explorer.set(example=0)
    press(explorer, 1)
    assert explorer.page.words == seen
    explorer.remember("mine", example=2)  # another one under the name
    explorer.recall("mine")
    assert "Student 3 of 3" in repr(explorer)


def test_states_that_are_not_there():
    explorer = students()
    with says(
        ValueError,
        "no state is named 'x'; the named states: there is none yet: explorer.remember(name) keeps one.",
    ):
        explorer.recall("x")
    explorer.remember("one", example=1)
    with says(ValueError, "no state is named 'x'; the named states: one."):
        explorer.recall("x")
    before = repr(explorer)
    with pytest.raises(ValueError, match=r"Did you mean 'b1\[h3\]'"):
        explorer.remember("two", **{"b1[h4]": 1})
    assert (repr(explorer), list(explorer.states)) == (before, ["one"])


@pytest.mark.parametrize("states", [["far"], {"far": 3}, {"far": ["b1[h1]", -8]}])
def test_states_that_are_no_changes_by_name(states):
    with says(
        ValueError,
        f'states must be changes by name, as in {{"dead unit": {{"b1[h1]": -8}}}}; got {states!r}.',
    ):
        students(states=states)


def test_a_state_that_does_not_fit_any_more_is_answered_in_words(monkeypatch):
    monkeypatch.setattr(Explorer, "strict", False)
    explorer = students(states={"third": {"b1[h3]": 1}}, epochs=3)
    explorer.set(hidden=2)
    before = explorer.state
    press(explorer, 1)
    assert explorer.page.message.startswith("ValueError: this explorer has no 'b1[h3]'; ")
    assert explorer.state == before


def test_more_states_than_keys():
    explorer = students(states={f"state {n}": {"example": n % 3} for n in range(11)})
    buttons = [each.description for each in explorer._states_row.children]
    assert buttons[8:] == ["9 state 8", "state 9", "state 10"]
    explorer._states_row.children[10].click()
    assert explorer.state["example"] == 10 % 3


# Stops of the film ----------------------------------------------------------------------------------------


def play(explorer, *frames):
    """The page plays these frames, as long as it plays."""
    for frame in frames:
        if explorer.film.play.playing:
            on_page(explorer.film.play, value=frame)


def test_the_film_stops_at_its_epoch_asks_once_and_goes_on_after_the_answer():
    explorer = students(epochs=30, stops={12: "Which slider moved?", 20: "And now?"})
    explorer.train_button.click()
    play(explorer, *range(1, 31))
    assert (explorer.state["epoch"], explorer.film.scrub.value, explorer.film.play.value) == (12, 12, 12)
    assert not explorer.film.play.playing
    assert explorer.page.question == "Which slider moved?"
    assert repr(explorer).endswith("\nWhich slider moved?")
    assert "Loss" in repr(explorer)  # nothing is hidden
    on_page(explorer.film.play, value=13)  # late
    assert explorer.state["epoch"] == 12
    reply(explorer, "the first")
    assert explorer.film.play.playing
    assert explorer.page.question == ""
    assert "Your guess: the first." in repr(explorer)
    play(explorer, *range(13, 31))
    assert (explorer.state["epoch"], explorer.page.question) == (20, "And now?")
    reply(explorer, "")
    play(explorer, *range(21, 31))
    assert (explorer.state["epoch"], explorer.page.question) == (30, "")
    on_page(explorer.film.play, value=0)
    play(explorer, *range(1, 31))
    assert explorer.state["epoch"] == 30  # it has asked already


def test_a_new_training_asks_again():
    explorer = students(epochs=10, stops={4: "Why?"})
    for _ in range(2):
        explorer.train_button.click()
        play(explorer, *range(1, 11))
        assert (explorer.state["epoch"], explorer.page.question) == (4, "Why?")
        reply(explorer, "so")
    explorer.train_button.click()
    play(explorer, *range(1, 11))
    explorer.train_button.click()  # without an answer
    assert (explorer.page.question, explorer.film.play.playing) == ("", True)
    play(explorer, *range(1, 11))
    assert (explorer.state["epoch"], explorer.page.question) == (4, "Why?")


def test_a_stop_before_the_first_epoch():
    explorer = students(epochs=10, stops={0: "What will happen?"})
    explorer.train_button.click()
    assert (explorer.state["epoch"], explorer.page.question) == (0, "What will happen?")
    assert not explorer.film.play.playing
    reply(explorer, "it learns")
    play(explorer, *range(1, 11))
    assert (explorer.state["epoch"], explorer.page.question) == (10, "")


def test_a_stop_at_the_last_epoch_and_stops_beyond_it():
    explorer = students(epochs=10, stops={10: "Done?", 11: "never", 500: "never"})
    explorer.train_button.click()
    play(explorer, *range(1, 11))
    assert (explorer.state["epoch"], explorer.page.question) == (10, "Done?")
    reply(explorer, "yes")
    play(explorer, *range(1, 11))
    assert explorer.page.question == ""


@pytest.mark.parametrize(("speed", "step"), [("2 ×", 2), ("4 ×", 4)])
def test_a_fast_film_does_not_jump_over_a_stop(speed, step):
    explorer = students(epochs=30, stops={9: "nine", 10: "ten"})
    on_page(explorer.film.speed, index=explorer.film.speed.options.index(speed))
    explorer.train_button.click()
    for epoch, question in ((9, "nine"), (10, "ten")):
        play(explorer, *range(explorer.film.play.value + step, 31, step))
        assert (explorer.state["epoch"], explorer.page.question) == (epoch, question)
        reply(explorer, "")


def test_a_hand_that_scrubs_past_a_stop_is_not_asked():
    explorer = students(epochs=30, stops={12: "Why?"})
    explorer.train()
    assert explorer.page.question == ""
    for frame in (5, 25, 12, 3):
        on_page(explorer.film.scrub, index=frame)
        assert explorer.page.question == ""
    for _ in range(15):
        explorer.film.ahead.click()
    assert (explorer.state["epoch"], explorer.page.question) == (18, "")
    on_page(explorer.film.play, playing=True)
    play(explorer, *range(19, 31))
    assert (explorer.state["epoch"], explorer.page.question) == (30, "")


def test_reset_takes_a_stops_question_away():
    explorer = students(epochs=10, stops={4: "Why?"})
    explorer.train_button.click()
    play(explorer, *range(1, 11))
    explorer.reset_button.click()
    assert explorer.page.question == ""
    assert "Why?" not in repr(explorer)
    reply(explorer, "late")
    assert not explorer.film.play.playing
    assert "First weights." in repr(explorer)


def test_a_film_of_every_third_epoch_stops_at_the_frame_nearest_to_the_stop():
    explorer = students(epochs=900, stops={451: "Why?"})
    explorer.train_button.click()
    play(explorer, 140, 149, 150, 151, 152)
    assert (explorer.state["epoch"], explorer.page.question) == (450, "Why?")
    reply(explorer, "so")
    play(explorer, 151, 152)
    assert (explorer.state["epoch"], explorer.page.question) == (456, "")


@pytest.mark.parametrize(
    ("stops", "message"),
    [
        ({-1: "x"}, "the epoch of a stop must be a whole number of 0 or more; got -1."),
        ({"300": "x"}, "the epoch of a stop must be a whole number of 0 or more; got '300'."),
        ([300], 'stops must be questions by epoch, as in {300: "Why?"}; got [300].'),
    ],
)
def test_stops_that_are_no_epochs(stops, message):
    with says(ValueError, message):
        students(stops=stops)


# Speed ----------------------------------------------------------------------------------------------------


def test_a_fast_film_reaches_its_last_frame():
    explorer = students(epochs=30)
    on_page(explorer.film.speed, index=3)
    assert explorer.film.play.step == 4
    explorer.train_button.click()
    play(explorer, *range(4, 31, 4))
    assert explorer.state["epoch"] == 28
    on_page(explorer.film.play, playing=False)  # the page's own end: the next step would lead past the last
    assert (explorer.state["epoch"], explorer.film.play.value) == (30, 30)


def test_a_pause_stays_where_it_is():
    explorer = students(epochs=30)
    on_page(explorer.film.speed, index=3)
    explorer.train_button.click()
    play(explorer, 4, 8)
    on_page(explorer.film.play, playing=False)
    assert explorer.state["epoch"] == 8


def test_slow_is_half_as_fast_and_normal_is_normal_again():
    film = students(epochs=3).film
    normal = film.play.interval
    on_page(film.speed, index=0)
    assert (film.play.interval, film.play.step) == (2 * normal, 1)
    on_page(film.speed, index=1)
    assert (film.play.interval, film.play.step) == (normal, 1)


# Ghosts ---------------------------------------------------------------------------------------------------


def test_marks_stay_where_the_hand_had_left_the_sliders():
    explorer = students(epochs=30, open="sliders")
    assert explorer.page.ghosts == []
    by_hand = np.linspace(-3, 3, 13).round(2)
    for slider, value in zip(explorer.parameters.sliders, by_hand, strict=True):
        on_page(slider, value=value)
    explorer.train_button.click()
    for frame in (3, 30):
        on_page(explorer.film.play, value=frame)
        slider = explorer.parameters.sliders[0]
        share = (by_hand - slider.min) / (slider.max - slider.min)
        assert explorer.page.ghosts == pytest.approx(share)
        assert "(your hand: 3.00)" in repr(explorer)
    explorer.train()  # on from what was trained: no hand has moved since
    assert explorer.page.ghosts == []
    assert "your hand" not in repr(explorer)


def test_marks_are_on_the_sliders_however_far_the_hand_had_gone():
    line = made(1, 1, activations="linear")
    explorer = NetworkExplorer(line, [[0.0], [1.0]], [[0.0], [1.0]], optimizer=SGD(0.5), epochs=300)
    explorer.set(theta=[30, -2])
    explorer.train()
    assert explorer.state["theta"][0] == pytest.approx(1, abs=0.01)  # the training has gone far away
    slider = explorer.parameters.chosen.children[0]
    assert slider.max >= 30
    share = [(value - slider.min) / (slider.max - slider.min) for value in (30, -2)]
    assert explorer.page.ghosts == pytest.approx(share)


@pytest.mark.parametrize(
    "end",
    [
        lambda explorer: explorer.reset_button.click(),
        lambda explorer: explorer.new_button.click(),
        lambda explorer: explorer.set(learning_rate=1),
        lambda explorer: explorer.set(hidden=2),
    ],
    ids=["reset", "new start", "a switch", "another network"],
)
def test_marks_end_with_the_film(end):
    explorer = students(epochs=3)
    explorer.set(**{"b2[score]": -1})
    explorer.train()
    assert explorer.page.ghosts
    end(explorer)
    assert explorer.page.ghosts == []


def test_training_from_the_first_weights_leaves_no_marks():
    explorer = students(epochs=3)
    explorer.train()
    explorer.set(epoch=1)
    explorer.train()
    assert explorer.page.ghosts == []
