"""A table that the learner fills: which activation for which job, and what there is to say about each."""

from collections.abc import Mapping
from typing import Any

from ..activations import ACTIVATIONS
from ..checks import did_you_mean
from .advice import described
from .engine import Verdict

Answers = Mapping[str, tuple[bool, str]]  # by activation: whether it fits, and why

ENDS_AT_1 = (False, "It never gives more than 1. Which house costs 1 dollar?")
NO_SLOPE = "Its slope is 0 everywhere, so training cannot move anything through it."
FADES = "Far from z = 0 its slope fades, so relu is more usual today."

JOBS: dict[str, Answers] = {
    "output: price of a house in dollars": {
        "linear": (True, "A price may be any number: nothing is squeezed or cut off."),
        "relu": (
            False,
            "It fits as long as it is awake; where it is silent, it gives 0 and no slope to learn by.",
        ),
        "sigmoid": ENDS_AT_1,
        "tanh": ENDS_AT_1,
        "step": (False, "It knows two answers, 0 and 1."),
    },
    "output: probability of a pass": {
        "sigmoid": (True, "From 0 to 1, as a probability is, and with a slope to learn by."),
        "linear": (False, "It leaves the range from 0 to 1; there is no probability of 1.7."),
        "relu": (False, "It has no upper end; there is no probability of 1.7."),
        "tanh": (False, "It goes down to −1; there is no probability of −0.4."),
        "step": (False, f"It says 0 or 1, never how sure it is. {NO_SLOPE}"),
    },
    "output: change of mood, from −1 to 1": {
        "tanh": (True, "From −1 to 1, and 0 in the middle."),
        "sigmoid": (False, "It goes from 0 to 1: no mood could become worse."),
        "linear": (False, "It leaves the range from −1 to 1."),
        "relu": (False, "It is never negative: no mood could become worse."),
        "step": (False, "It knows two answers, 0 and 1."),
    },
    "hidden layer that must bend": {
        "relu": (
            True,
            "It bends, and on its upper side the slope is 1 however far out z is: today's usual choice.",
        ),
        "tanh": (True, f"It bends, and its outputs lie around 0. {FADES}"),
        "sigmoid": (True, f"It bends, and lesson 04 uses it. {FADES}"),
        "linear": (False, "Without a bend the layer collapses with the next one into a single line."),
        "step": (False, f"It bends, but cannot be trained. {NO_SLOPE}"),
    },
    "a neuron that is silent up to 100 years, then grows": {
        "relu": (True, "With b = −100 · w it gives 0 up to there, and grows from there on."),
        "linear": (False, "It is never silent: below 100 years it gives negative numbers."),
        "sigmoid": (False, "It is never quite silent, and far above 100 years it hardly grows."),
        "tanh": (False, "Below 100 years it gives −1 or so, which is not silent."),
        "step": (False, "Silent it is, but 101 and 130 years are the same to it, and it cannot be trained."),
    },
}


class Table:
    """A dictionary that the learner fills, from each job to the name of an activation."""

    def __init__(self, jobs: Mapping[str, Answers]) -> None:
        self.jobs = jobs

    def check(self, table: Any = None) -> Verdict:
        """Go through the learner's table, job by job."""
        if not isinstance(table, Mapping):
            given = "nothing" if table is None else described(table)
            return Verdict(False, f"check was given {given}. Give it your table, as in check(my_table).")
        found = {" ".join(str(job).split()): name for job, name in table.items()}
        said = [self._about(job, found[job]) for job in self.jobs if job in found]
        passed = [ok for ok, _ in said]
        lines = [f"{'✓' if ok else '·'} {words}" for ok, words in said]
        lines += [f"· {job}: this row is missing in your table." for job in self.jobs if job not in found]
        for job in found.keys() - self.jobs.keys():
            lines.append(f"· {job}: this row is not asked for.{did_you_mean(job, self.jobs)}")
        done = passed == [True] * len(self.jobs) == [True] * len(lines)
        head = "Right in every row." if done else f"Right in {sum(passed)} of {len(self.jobs)} rows."
        return Verdict(done, "\n".join([head, *lines]))

    def _about(self, job: str, name: object) -> tuple[bool, str]:
        """Whether this activation fits this job, and what there is to say about it."""
        if name is None or name is ... or not str(name).strip(" ._?…"):
            return False, f"{job}: still open. Write one of {', '.join(ACTIVATIONS)}."
        known = str(getattr(name, "name", name)).strip().lower()  # nn.relu may stand there as well
        if known not in ACTIVATIONS:
            hint = did_you_mean(known, ACTIVATIONS)
            return False, f"{job}: {str(name)!r:.40} is none of {', '.join(ACTIVATIONS)}.{hint}"
        fits, why = self.jobs[job][known]
        return fits, f"{job}: {known}. {'' if fits else 'Not this one. '}{why}"

    def hint(self) -> Verdict:
        """What to look at."""
        return Verdict(
            False,
            "For an output, ask which numbers are possible: any, from 0 to 1, from −1 to 1. For a hidden "
            "neuron, ask whether it bends, and whether it has a slope to learn by.",
        )

    def solution(self) -> Verdict:
        """The table as it may be filled."""
        rows = [f'    "{job}": "{next(iter(answers))}",' for job, answers in self.jobs.items()]
        return Verdict(False, "\n".join(["my_table = {", *rows, "}"]), code=True)


which_activation = Table(JOBS)
