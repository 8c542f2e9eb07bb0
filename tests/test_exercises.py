"""Exercises: right answers pass, wrong ones are answered in words, and no answer breaks the check."""

import builtins
import functools
import importlib
import pkgutil
import re
import sys
import textwrap
import threading
from types import SimpleNamespace

import numpy as np
import pytest
from explorers import students

import nnlib
import nnlib.exercises
from nnlib.exercises import engine, lesson02, lesson03, lesson04, lesson05


def all_exercises():
    """Every exercise of every lesson, by its lesson and its name."""
    found = {}
    for module in pkgutil.iter_modules(nnlib.exercises.__path__):
        if module.name.startswith("lesson"):
            lesson = importlib.import_module(f"nnlib.exercises.{module.name}")
            found |= {
                f"{module.name}.{value.name}": value
                for value in vars(lesson).values()
                if isinstance(value, engine.Exercise) and value not in found.values()
            }
    return found


EXERCISES = all_exercises()
every = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)

# For each exercise, a second right answer: in loops, by another formula, step by step.
SECOND = {
    "lesson00.free_hours": """
        left = 24
        for hours in (sleep, study):
            left -= hours
        return left""",
    "lesson01.dot": """
        return sum(one * other for one, other in zip(x, w))""",
    "lesson01.length": """
        return np.linalg.norm(x)""",
    "lesson01.cosine": """
        total = 0
        for one, other in zip(a, b):
            total += one * other
        return total / np.sqrt(sum(a**2)) / np.sqrt(sum(b**2))""",
    "lesson01.matvec": """
        y = np.zeros(len(W))
        for i in range(len(W)):
            for j in range(len(x)):
                y[i] += W[i, j] * x[j]
        return y""",
    "lesson02.predict": """
        return np.array([w * area + b for area in x])""",
    "lesson02.mse": """
        total = 0
        for one, other in zip(y_hat, y):
            total += (one - other) ** 2
        return total / len(y)""",
    "lesson02.gradient": """
        dw = db = 0
        for area, price in zip(x, y):
            residual = w * area + b - price
            dw += 2 * residual * area / len(x)
            db += 2 * residual / len(x)
        return [dw, db]""",
    "lesson02.step": """
        return np.array([w, b]) - rate * np.array([dw, db])""",
    "lesson03.relu": """
        if z > 0:
            return z
        return 0""",
    "lesson03.sigmoid": """
        return (1 + np.tanh(z / 2)) / 2""",
    "lesson03.neuron": """
        z = b
        for k in range(len(x)):
            z += x[k] * w[k]
        return np.where(z > 0, z, 0.0)""",
    "lesson03.waking_bias": """
        b = 0
        b -= w * start
        return b""",
    "lesson04.to_shares": """
        shares = np.zeros(scores.shape)
        for row in range(len(scores)):
            for column in range(scores.shape[1]):
                shares[row, column] = 0.01 * scores[row, column]
        return shares""",
    "lesson04.neuron": """
        z = b
        for k in range(len(x)):
            z += x[k] * w[k]
        return (1 + np.tanh(z / 2)) / 2""",
    "lesson04.forward": """
        y_hat = []
        for x in X:
            a = [1 / (1 + np.exp(-(sum(x * W1[:, j]) + b1[j]))) for j in range(W1.shape[1])]
            z = b2[0]
            for j in range(len(a)):
                z = z + a[j] * W2[j, 0]
            y_hat.append([np.exp(z) / (1 + np.exp(z))])
        return np.array(y_hat)""",
    "lesson04.output_delta": """
        def loss(z):
            return (1 / (1 + np.exp(-z)) - y) ** 2

        z = np.log(y_hat / (1 - y_hat))
        return (loss(z + 1e-5) - loss(z - 1e-5)) / 2e-5""",
    "lesson04.weight_slopes": """
        dW = np.zeros((a_prev.shape[1], delta.shape[1]))
        for a, d in zip(a_prev, delta):
            dW += a[:, None] * d
        return dW""",
    "lesson04.first_slope": """
        slope = delta
        for rate in (w, a - a**2, x):
            slope *= rate
        return slope""",
    "lesson04.step": """
        after = []
        for number, slope in zip(theta, grad):
            after.append(number - slope * learning_rate)
        return np.array(after)""",
    "lesson05.contributions": """
        dollars = []
        for j in range(len(b1)):
            z = b1[j]
            for i in range(len(x)):
                z += x[i] * W1[i, j]
            dollars.append(z * w2[j] if z > 0 else 0)
        return np.array(dollars)""",
    "lesson05.standardise": """
        scaled = X.copy()
        for j in range(X.shape[1]):
            mean = sum(X_train[:, j]) / len(X_train)
            variance = sum((X_train[:, j] - mean) ** 2) / len(X_train)
            scaled[:, j] = (scaled[:, j] - mean) / variance**0.5
        return scaled""",
}


@pytest.fixture(autouse=True)
def _afresh(monkeypatch):
    """No exercise has been passed yet, and none has given a hint."""
    for exercise in EXERCISES.values():
        exercise.yours, exercise._hinted = None, 0
    monkeypatch.setattr(engine, "SECONDS", 20.0)  # this machine may be busy


def written(exercise, body, **names):
    """The function that the learner has written: with this body, in a notebook with np and nnlib's names."""
    call = f"({', '.join(exercise.arguments)})"
    source = f"def {exercise.name}{call}:\n" + textwrap.indent(textwrap.dedent(body).strip(), "    ")
    return run(source.replace("right(...)", f"right{call}"), right=right(exercise), **names)[exercise.name]


def right(exercise):
    """The solution; what it returns can be reckoned with, also where it is a pair of numbers."""

    @functools.wraps(exercise._solution)
    def solution(*arguments):
        result = exercise._solution(*arguments)
        return np.array(result) if isinstance(result, tuple) else result

    return solution


def run(source, **names):
    cells = {"np": np, **{name: getattr(nnlib, name) for name in nnlib.__all__}, **names}
    exec(source, cells)
    return cells


def inputs_of(exercise):
    return [exercise._given(np.random.default_rng(k)) for k in range(engine.ROUNDS)]


def answered(exercise, body, **names):
    """What the learner is told about a function with this body; it has not passed."""
    verdict = exercise.check(written(exercise, body, **names))
    assert not verdict
    assert exercise.yours is None
    assert not re.search("!|just|simply|obviously|Traceback", verdict.words)
    return verdict.words


def is_pair(exercise):
    """Whether the solution returns two numbers with a comma between them."""
    return isinstance(exercise._solution(*inputs_of(exercise)[0]), tuple)


# The lessons' exercises


@every
def test_an_exercise_has_hints_mistakes_and_words_for_each(exercise):
    texts = [*exercise.hints, exercise._done, *(words for words, _ in exercise.mistakes)]
    assert len(exercise.hints) >= 2
    assert len(exercise.mistakes) >= 3
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert not re.search(r"!|\b(just|simply|obviously)\b", text), text


@every
def test_its_inputs_are_the_same_every_time_and_its_answers_are_not_all_the_same(exercise):
    inputs = inputs_of(exercise)
    for arguments, again in zip(inputs, inputs_of(exercise), strict=True):
        assert len(arguments) == len(exercise.arguments)
        assert all(map(np.array_equal, arguments, again))
    answers = engine._answers(exercise._solution, inputs)
    assert all(np.isfinite(answer).all() for answer in answers)
    assert not engine._agree(answers, [answers[0]] * len(answers))


@every
@pytest.mark.parametrize(
    "body",
    [
        "...",
        "pass",
        "return ...",
        '"""What it does."""',
        '"""What it does."""\n...',
        "raise NotImplementedError",
    ],
)
def test_a_placeholder_is_not_done_yet(exercise, body):
    words = f"Not done yet: put your own lines into {exercise.name} in place of the dots."
    assert answered(exercise, body) == words


@pytest.mark.parametrize(
    "body",
    ["z = ...\nreturn 1 / (1 + np.exp(-z))", "return np.array(...)", "return [..., 1.0]", "return x + ..."],
)
def test_dots_that_are_left_in_some_line_are_not_done_yet(body):
    assert answered(lesson04.neuron, body).startswith("Not done yet: ")


@every
def test_each_mistake_gets_its_own_words_and_no_others(exercise):
    for words, function in exercise.mistakes:
        verdict = exercise.check(function)
        assert (verdict.passed, verdict.words) == (False, f"Not yet. {words}")
        assert exercise.yours is None


@every
def test_the_solution_passes_and_so_does_its_code_pasted_into_a_cell(exercise):
    pasted = run(exercise.solution().words)[exercise.name]
    for function in (exercise._solution, pasted):
        verdict = exercise.check(function)
        assert (verdict.passed, verdict.words) == (True, f"Right: {exercise._done}")
        assert exercise.yours is function


@pytest.mark.parametrize("name", EXERCISES)
def test_a_right_answer_in_another_style_passes(name):
    assert name in SECOND, f"write a second right answer to {name}"
    verdict = EXERCISES[name].check(written(EXERCISES[name], SECOND[name]))
    assert verdict, verdict.words


@every
@pytest.mark.parametrize(
    "body",
    [
        "return np.array(right(...))",  # of shape () where one number is wanted
        "return np.asarray(right(...), dtype=np.float32)[()]",
        "return np.float64(right(...)) if np.ndim(right(...)) == 0 else right(...)",
        "print('here')\nreturn right(...)",
        "return right(...) + 1e-12",
        "import warnings\nwarnings.warn('old', DeprecationWarning)\nreturn right(...)",
    ],
)
def test_what_is_as_good_as_right_passes(exercise, body, capsys):
    verdict = exercise.check(written(exercise, body))
    assert verdict, verdict.words
    assert capsys.readouterr() == ("", "")


def test_a_function_of_any_kind_passes():
    class Neuron:
        def __call__(self, x, w, b):
            return lesson04.neuron._solution(x, w, b)

    def keeps_more(x, w, b, more=3):
        return lesson04.neuron._solution(x, w, b)

    for function in (
        lambda x, w, b: lesson04.neuron._solution(x, w, b),
        lambda *numbers: lesson04.neuron._solution(*numbers),
        functools.partial(keeps_more, more=4),
        keeps_more,
        Neuron(),
    ):
        assert lesson04.neuron.check(function)
        assert lesson04.neuron.yours is function


# Numbers that are not right


@every
def test_the_right_number_for_one_input_is_not_right_for_all(exercise):
    for arguments in inputs_of(exercise)[:3]:
        answered(exercise, "return copied", copied=exercise._solution(*arguments))


@every
def test_a_constant_is_told_that_it_is_one(exercise):
    first, *others = (np.shape(exercise._solution(*arguments)) for arguments in inputs_of(exercise))
    if set(others) == {first}:
        words = answered(exercise, f"return np.full({first}, 0.625)[()]")
        assert words.startswith(f"Not yet. Your {exercise.name} returns ")
        assert words.endswith(" whatever it is given.")
        assert "0.625" in words


@every
@pytest.mark.parametrize(
    "body",
    [
        "return right(...) + random.normal()",
        "memory.append(0)\nreturn right(...) + len(memory)",
        "memory.append(0)\nreturn right(...) + (len(memory) > 12)",
    ],
)
def test_what_changes_from_one_call_to_the_next_is_told_so(exercise, body):
    words = answered(exercise, body, random=np.random.default_rng(1), memory=[])
    assert words == (
        f"Not yet. Your {exercise.name} returns something else each time, for the same input. "
        f"Its result must depend on {', '.join(exercise.arguments)} and nothing else."
    )


def test_one_array_that_is_filled_again_and_again_is_no_excuse_for_wrong_numbers():
    table = np.zeros((3, 1))
    assert "something else" not in answered(
        lesson04.to_shares, "table[:] = scores\nreturn table", table=table
    )
    assert lesson04.to_shares.check(
        written(lesson04.to_shares, "table[:] = scores / 100\nreturn table", table=table)
    )


def test_a_rounded_result_is_told_so():
    words = "Not yet. You round the result. Return it in full; it can be rounded where it is printed."
    assert answered(lesson04.neuron, "return round(right(...), 2)") == words
    assert answered(lesson04.forward, "return right(...).round(3)") == words


def test_other_numbers_are_shown_with_their_input_and_what_they_should_be():
    assert answered(lesson04.neuron, "return right(...) + 0.25") == (
        "Not yet. For\n    x = [-0.9209, -1.8361]\n    w = [-1.9339,  1.2531]\n    b = 0.8255\n"
        "your neuron returns 0.8258; it should be 0.5758."
    )


def test_numbers_that_differ_late_are_shown_until_they_differ():
    words = answered(lesson04.neuron, "return right(...) * 1.00002")
    result, right = re.search(r"returns (\S+); it should be (\S+)\.$", words).groups()
    assert min(len(result), len(right)) >= 8
    assert result != right


def test_a_small_number_below_0_is_not_shown_as_minus_0():
    assert engine._written(np.array([-0.0, 1.5, -1e-9, -0.25])) == "[ 0.  ,  1.5 ,  0.  , -0.25]"
    assert engine._written(np.array([-0.0, 2.5e9])) == "[0.0e+00, 2.5e+09]"
    assert [engine._written(value) for value in (-0.0, -1e-9, -2)] == ["0", "-1e-09", "-2"]
    assert "-0." in repr(lesson05.contributions._solution(*inputs_of(lesson05.contributions)[0]))
    words = answered(lesson05.contributions, "return right(...) * 3")
    assert re.search(r" 0\. .*; it should be .* 0\. ", words)
    assert not re.search(r"-0\.(?!\d)", words)


# Names of the page

NEVER = "Your contributions never uses the {} that it is given. Inside the function use {}, not {}, which {}."
A_NAME, NAMES = "is a name of the page", "are names of the page"


@pytest.mark.parametrize(
    ("body", "unused", "used", "which"),
    [
        ("return np.maximum(0, house @ W1 + b1) * w2", "x", "house", A_NAME),
        ("x = house\nreturn np.maximum(0, x @ W1 + b1) * w2", "x", "house", A_NAME),
        (
            "z = sum(house[i] * W1[i] for i in range(4))\nreturn np.maximum(0, z + b1) * w2",
            "x",
            "house",
            A_NAME,
        ),
        ("return a * w2", "x, W1, b1", "a", A_NAME),
        ("return a * dollars", "x, W1, b1, w2", "a, dollars", NAMES),
    ],
)
def test_numbers_of_the_page_in_place_of_what_is_given(body, unused, used, which):
    page = {"house": [2000, 3, 5, 99], "a": np.arange(5.0), "dollars": np.ones(5)}
    words = answered(lesson05.contributions, body, **page)
    assert words == "Not yet. " + NEVER.format(unused, unused, used, which)


def test_numbers_of_the_page_are_named_where_they_stop_the_function_too():
    never = "\n" + NEVER.format("x", "x", "X", A_NAME)
    for body in ("return np.maximum(0, X @ W1 + b1) * w2", "return X @ W1.T + b1 * w2"):
        assert answered(lesson05.contributions, body, X=np.ones((20, 4))).endswith(never)


def test_numbers_of_the_page_are_named_only_where_one_that_is_given_is_left_out():
    uses_all = "return base + np.array([w * sum(x) for w in w2]) + W1[0] + b1"
    assert "never uses" not in answered(lesson05.contributions, uses_all, base=2.0)
    no_number_of_the_page = "return np.array([w * len(x) for w in w2])"
    assert "never uses" not in answered(lesson05.contributions, no_number_of_the_page, base=2.0)


@every
def test_numbers_of_the_page_do_not_matter_in_a_right_answer(exercise):
    def hidden(*arguments):
        return right(exercise)(*arguments) + zero

    zero = 0
    call = ", ".join(exercise.arguments)
    names = run(f"def f({call}): return hidden({call}) + zero", hidden=hidden, zero=0)
    assert exercise.check(names["f"])
    assert exercise.check(lambda *given: hidden(*given))


# Functions that give nothing to compare

BOOLS = "True as a number is 1, False is 0: try "
NO_NUMBER = {
    "None": ("right(...)", "Your {name} returns nothing: end it with return and the result. It was given "),
    "prints": (
        "print(right(...))",
        "Your {name} prints and returns nothing. What is printed can be read, but no other code can use it: "
        "write return in place of print.",
    ),
    "text": ("return '<b>'", "Your {name} returns the text '<b>'; {kind} is wanted."),
    "long text": ("return 'a' * 999", "Your {name} returns the text 'aaa"),
    "a dictionary": ("return {}", "Your {name} returns a dict; {kind} is wanted."),
    "a set": ("return {1}", "Your {name} returns a set; {kind} is wanted."),
    "an object": ("return object()", "Your {name} returns an object; {kind} is wanted."),
    "a function": (
        "return np.exp",
        "Your {name} returns the function exp; {kind} is wanted. Write the brackets after the name, with "
        "what goes in.",
    ),
    "itself": (
        "return right",
        "Your {name} returns the function {name}; {kind} is wanted. Write the brackets after the name, with "
        "what goes in.",
    ),
    "a class": ("return float", "Your {name} returns the class float; {kind} is wanted. Write the brackets"),
    "a generator": (
        "yield right(...)",
        "Your {name} returns a generator; {kind} is wanted. Write return in place of yield.",
    ),
    "bool": ("return True", f"Your {{name}} returns True; {{kind}} is wanted. {BOOLS}"),
    "bools": (
        "return np.ones(2) > 0",
        f"Your {{name}} returns an array of bool; {{kind}} is wanted. {BOOLS}",
    ),
    "complex": ("return 1j", "Your {name} returns the complex number 0+1j; {kind} is wanted."),
    "too large": ("return 10**400", "Your {name} returns a number too large to work with; {kind} is wanted."),
    "NaN": ("return right(...) * np.nan", "Your {name} returns nan, which is no finite number. Look for"),
    "infinite": ("return right(...) + np.inf", "Your {name} returns inf, which is no finite number. Look"),
    "many numbers": (
        "return np.ones((7, 5))",
        "Your {name} returns an array of shape (7, 5); {kind} is wanted.",
    ),
    "asks": ("return input('x?')", "Your {name} asks with input(). Its numbers come in as {arguments}."),
    "leaves": (
        "raise SystemExit",
        "Your {name} calls exit, which would end Python. To leave a function, write return.",
    ),
    "sys.exit": ("import sys\nsys.exit()", "Your {name} calls exit, which would end Python."),
    "recursion": (
        "return outer[0](...)".replace("...", "*[1] * 9"),
        "Your {name} calls itself again and again, without an end. Take that call out of it.",
    ),
    "raises": ("raise ValueError('no <b>')", "Your {name} stopped with ValueError: no <b>\nIt was given "),
    "raises nothing": ("raise ValueError", "Your {name} stopped with ValueError.\nIt was given "),
    "NameError": (
        "return unheard_of(3)",
        "Your {name} stopped with NameError: name 'unheard_of' is not defined\nPython does not know the name "
        "unheard_of yet. If it is spelt right, run the cell with def unheard_of or unheard_of = …, then this "
        "one again.",
    ),
    "used too early": (
        "late += 1\nreturn late",
        "Your {name} stopped with UnboundLocalError: cannot access local variable 'late' where it is not "
        "associated with a value\nIt is used before it has a value: give it one in a line above.",
    ),
}


@every
@pytest.mark.parametrize(("body", "words"), NO_NUMBER.values(), ids=NO_NUMBER)
def test_what_is_no_number_is_answered_in_words(exercise, body, words, capsys):
    def again(*numbers):
        return again(*numbers)

    shape = np.shape(exercise._solution(*inputs_of(exercise)[0]))
    kind = f"an array of shape {shape}" if shape else "one number"
    if is_pair(exercise):
        kind = "a pair of numbers"
    wanted = words.format(name=exercise.name, kind=kind, arguments=", ".join(exercise.arguments))
    said = answered(exercise, body, outer={0: again})
    assert said.startswith(wanted)
    assert said == wanted or not wanted.endswith(".") or "ValueError." in wanted or "exit" in wanted
    assert len(said) < 500
    assert capsys.readouterr() == ("", "")


@every
def test_a_list_is_answered_in_words(exercise):
    if is_pair(exercise):  # in square brackets it is as good
        return
    words = answered(exercise, "return [1.0, 2.0]")
    if np.ndim(exercise._solution(*inputs_of(exercise)[0])):
        assert words.endswith(" is wanted. Wrap it: return np.array(result).")
    else:
        assert words.endswith("; one number is wanted. Return the number alone, without brackets.")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return 1.5", "Your gradient returns the number 1.5; a pair of numbers is wanted."),
        ("return 1, 2, 3", "Your gradient returns an array of shape (3,); a pair of numbers is wanted."),
        (
            "return [x, w]",
            "Of what your gradient returns, number 1 is an array of shape (7,); one number is wanted there. "
            "Is a mean or a sum missing?",
        ),
        ("return 1.5, None", "Of what your gradient returns, number 2 is None; one number is wanted there."),
        ("return 1.5, ...", "Not done yet: put your own lines into gradient in place of the dots."),
    ],
)
def test_a_pair_that_is_none_is_answered_in_words(body, words):
    assert answered(lesson02.gradient, body) == words


@every
def test_a_function_that_changes_its_input_is_told_which(exercise):
    for name, value in zip(exercise.arguments, inputs_of(exercise)[0], strict=True):
        if np.ndim(value):
            words = answered(exercise, f"result = right(...)\n{name} *= 2\nreturn result")
            assert words == (
                f"Your {exercise.name} changes its input {name}: whoever calls it finds other numbers there "
                f"afterwards. Make a new variable, or begin with {name} = {name}.copy()."
            )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("return right(...).T", "(1, 3); {}. Rows and columns are swapped: try .T."),
        ("return right(...).ravel()", "(3,); {}. Try .reshape(-1, 1)."),
        ("return right(...).ravel() + right(...)", "(3, 3); {}. A row has met a column somewhere: give both"),
        ("return right(...)[:2]", "(2, 1); {}."),
    ],
)
def test_an_array_of_another_shape_is_told_what_may_help(body, words):
    begin = "Your to_shares returns an array of shape "
    assert answered(lesson04.to_shares, body).startswith(
        begin + words.format("an array of shape (3, 1) is wanted")
    )


@pytest.mark.parametrize(
    ("exercise", "body", "words"),
    [
        (
            lesson05.contributions,
            "return (np.maximum(0, x @ W1 + b1) * w2).sum()",
            "what all five add together",
        ),
        (lesson05.contributions, "return np.maximum(0, x @ W1.T + b1) * w2", "turn one round with .T"),
        (lesson05.standardise, "return (X - X_train.mean(1)) / X_train.std(1)", "axis=1 goes along each row"),
        (lesson05.standardise, "return (X - X.mean(0)) / X.std(0)", "Take them from X_train"),
        (
            lesson05.standardise,
            "s = dict(axis=1, keepdims=True)\nreturn (X - X_train.mean(**s)) / X_train.std(**s)",
            "the mean of each column is axis=0. keepdims is not needed.",
        ),
        (lesson05.contributions, "z = x @ W1 + b1\nreturn max(z) * w2", "np.maximum(0, z)"),
        (lesson05.contributions, "return right(...) + 210_000", "Leave the base price out: it is added once"),
        (
            lesson05.contributions,
            "return right(...).sum() + 210_000",
            "Leave the base out, and keep the five",
        ),
        (lesson05.standardise, "X -= X_train.mean(0)\nreturn X / X_train.std(0)", "changes its input X: "),
    ],
)
def test_a_mistake_is_known_by_what_came_before_it_ended(exercise, body, words):
    assert words in answered(exercise, body)


def test_the_base_price_of_lesson_05_is_that_of_its_network():
    assert nnlib.datasets.house_network().layers[1].b == [lesson05.BASE]


def test_the_houses_of_lesson_05_have_silent_neurons_and_such_as_take_from_the_price():
    inputs = inputs_of(lesson05.contributions)
    assert 0.2 < np.mean([x @ W1 + b1 < 0 for x, W1, b1, _ in inputs]) < 0.8
    assert 0.2 < np.mean([w2 < 0 for *_, w2 in inputs]) < 0.8


def test_an_array_and_a_number_in_each_others_place():
    assert answered(lesson04.neuron, "return np.array([right(...)])") == (
        "Your neuron returns an array of shape (1,); one number is wanted. "
        "Add .item() to take the number out."
    )
    assert answered(lesson04.to_shares, "return 0.5") == (
        "Your to_shares returns the number 0.5; an array of shape (3, 1) is wanted."
    )


@every
def test_the_arguments_are_looked_at_first(exercise):
    call = f"def {exercise.name}({', '.join(exercise.arguments)}):"
    n = len(exercise.arguments)
    for function, takes in ((lambda: 1, "no argument"), (lambda p, q, r, s, t, u: 1, "p, q, r, s, t, u")):
        assert exercise.check(function).words == (
            f"Your {exercise.name} takes {takes}; it must take {n} argument{'s' * (n > 1)}: "
            f"begin it with {call}"
        )
    if n > 1:
        turned = run(f"def {exercise.name}({', '.join(reversed(exercise.arguments))}): return 1")
        assert exercise.check(turned[exercise.name]).words == (
            f"The arguments of your {exercise.name} have another order: begin it with {call}"
        )


def test_an_error_names_the_learners_line_and_what_was_given(tmp_path):
    cell = tmp_path / "cell.py"
    cell.write_text("def neuron(x, w, b):\n    z = x @ np.ones(3)\n    return z\n")
    names = {"np": np}
    exec(compile(cell.read_text(), cell, "exec"), names)
    words = lesson04.neuron.check(names["neuron"]).words
    assert words.startswith(
        "Your neuron stopped in the line\n    z = x @ np.ones(3)\nwith ValueError: matmul: "
    )
    assert "\nIt was given x of shape (2,), w of shape (2,), b = 0.8255." in words
    assert words.endswith("as in (3, 2) @ (2, 4). Swap the two, or turn one round with .T.")


def test_shapes_that_do_not_fit_are_answered_with_the_difference_of_two_signs():
    words = lesson04.forward.check(lambda X, W1, b1, W2, b2: X * W1).words
    assert "could not be broadcast" in words
    assert words.endswith("For sums of products, rows of the one by columns of the other, write @.")


LARGEST = "max takes one number after the other; for an array write np.maximum(0, z)."
LARGER = "For an array: np.maximum(0, z), which compares each number with 0."


@pytest.mark.parametrize(
    ("exercise", "body", "words"),
    [
        (lesson02.mse, "return np.mean((y_hat - y)^2)", "A power is written with two stars: ** 2."),
        (lesson02.predict, "return x @ w + b", "a single number: multiply by it with *."),
        (lesson03.neuron, "return max(x * w + b, 0)", "to be added up, as x @ w does?"),
        (lesson03.relu, "return np.max(0, z)", "as an integer"),
        (lesson03.relu, "return np.max(0, z)", LARGER),
        (lesson05.contributions, "if x > 0:\n    return w2", "to be added up, as x @ w does?"),
        (lesson05.contributions, "m = max(0, 1)\nif x > m:\n    return w2", "to be added up, as x @ w does?"),
        (lesson05.contributions, "z = x @ W1 + b1\na = max(0, z)\nreturn a * w2", LARGEST),
        (lesson05.contributions, "relu = lambda z: max(z, 0)\nreturn relu(x @ W1) * w2", LARGEST),
        (lesson05.contributions, "z = x @ W1\nreturn min(0, z)", LARGEST.replace("max", "min")),
        (lesson05.contributions, "z = x @ W1 + b1\na = np.max(0, z)\nreturn a * w2", LARGER),
        (lesson05.contributions, "return np.min(0, x @ W1)", LARGER.replace("max", "min")),
        (lesson05.contributions, "return np.maximum(x @ W1 + b1) * w2", LARGER),
        (lesson05.contributions, "return np.minimum(x @ W1 + b1) * w2", LARGER.replace("max", "min")),
        (
            lesson03.relu,
            "if z < 0:\n    return 0\nelif z > 0:\n    return z",
            "It was given z = 0; every way",
        ),
        (lesson03.sigmoid, "return np.exp(z) / (1 + np.exp(z))", "It was given z = 800."),
    ],
)
def test_what_stops_a_beginner_is_answered_with_what_to_try(exercise, body, words):
    said = answered(exercise, body)
    assert words in said
    assert ("imum(0, z)" in said) == ("imum(0, z)" in words or words == "as an integer")


def test_a_number_that_range_cannot_take_is_no_question_of_the_larger():
    assert "np.maximum(0, z)" not in answered(lesson05.contributions, "return [k for k in range(max(x))]")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            "return sigmoit(x)",
            " sigmoit yet. Did you mean 'sigmoid'? If it is spelt right, run the cell with ",
        ),
        (
            "return pandas",
            " pandas yet. If it is spelt right, run the cell with def pandas or pandas = …, then",
        ),
        (
            "return nn.sigmoid(0.0)",
            " nn yet. If it is spelt right, run the cell with import nnlib as nn, then ",
        ),
    ],
)
def test_a_name_that_python_does_not_know_yet(body, words):
    assert words in answered(lesson04.neuron, body)


def test_errors_that_cannot_be_printed_and_results_that_cannot_be_looked_at():
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError

        def __array__(self, *given, **named):
            raise RuntimeError

    assert answered(lesson04.neuron, "raise Odd", Odd=Odd).startswith("Your neuron stopped with Odd.\n")
    words = "Your neuron returns an Odd; one number is wanted."
    assert answered(lesson04.neuron, "return Odd()", Odd=Odd) == words
    assert answered(lesson04.neuron, "raise NameError('by hand')").startswith(
        "Your neuron stopped with NameError"
    )


# Time

ENDLESS = {
    "one line": "while True: pass",
    "lines": "n = 0\nwhile n < 1:\n    n = n * 2",
    "for": "for k in iter(int, 1):\n    k + 1",
    "comprehension": "return [k for k in iter(int, 1) if k]",
    "inner function": "def inner():\n    while True: pass\nreturn inner()",
    "catches errors": "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass",
    "catches all": "try:\n    while True: pass\nexcept BaseException:\n    return right(...)",
    "sleeps": "import time\nwhile True:\n    time.sleep(0.05)",
    "calls numpy": "while True: np.sum(x)",
}


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize("where", ["main thread", "another thread"])
def test_a_loop_without_end_is_stopped_and_the_trace_is_as_it_was(body, where, monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.1)
    function, said, before = written(lesson04.neuron, body), [], sys.gettrace()

    def debugger(frame, event, argument):
        return None

    def check():
        sys.settrace(debugger)
        try:
            said.extend([lesson04.neuron.check(function), sys.gettrace()])
        finally:
            sys.settrace(before)

    if where == "main thread":
        check()
    else:
        thread = threading.Thread(target=check, daemon=True)
        thread.start()
        thread.join(30)
    verdict, trace = said
    assert verdict.words == (
        "Stopped: your neuron ran for more than 0.1 seconds. Does a loop in it never end? "
        "A while needs something that changes in each round."
    )
    assert trace is debugger
    assert lesson04.neuron.yours is None


def test_the_limit_is_for_all_inputs_together(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 0.2)
    assert answered(lesson04.neuron, "import time\ntime.sleep(0.1)\nreturn right(...)").startswith(
        "Stopped: "
    )


def test_a_loop_of_many_rounds_is_no_loop_without_end(monkeypatch):
    monkeypatch.setattr(engine, "SECONDS", 60.0)
    body = "for k in range(2000):\n    np.mean(x)\nreturn right(...)"
    assert lesson04.neuron.check(written(lesson04.neuron, body))


@pytest.mark.parametrize(
    "body", ["return right(...)", "raise ValueError", "return input()", "raise SystemExit"]
)
def test_a_check_leaves_python_as_it_was(body):
    before = (sys.gettrace(), builtins.input, sys.stdout, np.geterr(), sys.getrecursionlimit())
    lesson04.neuron.check(written(lesson04.neuron, body))
    assert (sys.gettrace(), builtins.input, sys.stdout, np.geterr(), sys.getrecursionlimit()) == before


def test_an_interrupt_passes_through():
    lesson04.neuron.check(lesson04.neuron._solution)
    before = (sys.gettrace(), builtins.input, sys.stdout)
    with pytest.raises(KeyboardInterrupt):
        lesson04.neuron.check(written(lesson04.neuron, "raise KeyboardInterrupt"))
    assert (sys.gettrace(), builtins.input, sys.stdout) == before
    assert lesson04.neuron.yours is None


# In a notebook


@pytest.fixture
def notebook(monkeypatch):
    """The names that a notebook knows."""
    names = {}
    monkeypatch.setattr(engine, "get_ipython", lambda: SimpleNamespace(user_ns=names))
    return names


NOT_THERE = (
    "There is no function neuron of yours yet. Run the cell that begins with def neuron, then this one again."
)


def test_the_function_is_found_by_its_name(notebook):
    assert lesson04.neuron.check().words == NOT_THERE
    notebook["neuron"] = written(lesson04.neuron, "...")
    assert lesson04.neuron.check().words.startswith("Not done yet: ")
    notebook["neuron"] = written(lesson04.neuron, SECOND["lesson04.neuron"])
    assert lesson04.neuron.check()
    assert lesson04.neuron.yours is notebook["neuron"]


def test_outside_a_notebook_there_is_no_function_yet():
    assert lesson04.neuron.check().words == NOT_THERE


def test_a_function_of_another_name_is_told_to_take_the_right_one(notebook):
    notebook["neurone"] = lesson04.neuron._solution
    assert lesson04.neuron.check().words == (
        f"{NOT_THERE} Or is yours the one that is called neurone? Name it neuron."
    )
    assert lesson04.neuron.check(notebook["neurone"])


def test_the_exercise_itself_and_what_nnlib_has_are_not_the_learners(notebook):
    from nnlib.reference import forward

    notebook |= {"neuron": lesson04.neuron, "forward": forward}
    assert lesson04.neuron.check().words == NOT_THERE
    assert lesson04.forward.check().words == NOT_THERE.replace("neuron", "forward")
    assert lesson04.neuron.check(lesson04.neuron).words == NOT_THERE


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (0.53, "the number 0.53"),
        (np.float64(0.53), "the number 0.53"),
        (np.array(0.53), "the number 0.53"),
        (None, "None"),
        ("<b>", "the text '<b>'"),
        (np.ones(3), "an array of shape (3,)"),
        ([1], "a list"),
    ],
)
def test_what_is_no_function_is_answered_in_words(value, what, notebook):
    notebook["neuron"] = value
    assert lesson04.neuron.check().words == (
        f"neuron is {what} now, not a function. "
        "Run the cell that begins with def neuron again, then this one."
    )
    assert lesson04.neuron.check(value).words == (
        f"check was given {what}, not a function. Write the function's name without brackets after it, or "
        "nothing: check then looks for neuron."
    )


def test_a_function_is_the_learners_own_until_it_fails(notebook):
    exercise = lesson04.neuron
    notebook["neuron"] = exercise._solution
    wrong = [written(exercise, body) for body in ("...", "return 1.0", "raise ValueError")]
    for failing in [*wrong, None, exercise]:
        exercise.check(exercise._solution)
        assert exercise.yours is exercise._solution
        exercise.check(failing)
        assert exercise.yours is None


def test_the_explorer_draws_the_learners_forward_once_it_has_passed():
    explorer = students(my_forward=lesson04.forward)
    assert "Drawn by nnlib's forward, until yours passes its check above." in repr(explorer)
    lesson04.forward.check(written(lesson04.forward, SECOND["lesson04.forward"]))
    explorer = students(my_forward=lesson04.forward)
    assert "Your forward agrees with nnlib's." in repr(explorer)


@every
def test_hints_come_one_after_the_other_say_when_there_are_no_more_and_begin_again(exercise):
    n = len(exercise.hints)
    wanted = [f"Hint {k + 1} of {n}: {hint}" for k, hint in enumerate(exercise.hints)]
    for _ in range(2):
        assert [exercise.hint().words for _ in range(n)] == wanted
        assert exercise.hint().words.startswith("There are no more hints.")


def test_verdicts_say_the_same_as_text_and_as_html():
    raised = lesson04.neuron.check(written(lesson04.neuron, "raise ValueError('<b>&\"')"))
    for verdict in (raised, lesson04.neuron.hint(), lesson04.neuron.solution()):
        data = verdict._repr_mimebundle_()
        assert data["text/plain"] == repr(verdict) == verdict.words
        assert data["text/html"].endswith(f">{engine.escape(verdict.words)}</div>")
        assert data["text/html"].count("<") == 2
    assert "&lt;b&gt;&amp;&quot;" in raised._repr_mimebundle_()["text/html"]
    assert "monospace" in lesson04.neuron.solution()._repr_mimebundle_()["text/html"]


def test_the_solution_is_shown_as_the_learner_would_write_it():
    assert repr(lesson04.neuron.solution()) == (
        "def neuron(x, w, b):\n    z = np.dot(x, w) + b\n    return 1 / (1 + np.exp(-z))"
    )
    assert repr(lesson04.neuron) == "exercise neuron(x, w, b)"


def test_a_solution_whose_first_line_is_long_is_shown_whole():
    @engine.exercise(given=lambda rng: (rng.normal(),), hints=["…"], done="…")
    def doubled(
        x: float,
    ) -> float:
        return 2 * x

    assert doubled.code() == "def doubled(x):\n    return 2 * x"
