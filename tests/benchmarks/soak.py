"""A long day with the explorers: python tests/benchmarks/soak.py [10000 moves] [100 runs] [lesson ...]

Every lesson is run once, in a process of its own. Then a hand moves the controls of all its explorers at
random (seeded), and every cell that makes an explorer is run again and again. Printed for each lesson: by how
much the process's memory grew over the moves and over the runs, and what was left behind.
"""

import gc
import json
import multiprocessing
import random
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from ipywidgets import widgets
from ipywidgets.widgets.widget import _instances
from matplotlib import pyplot

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
WARM = 0.5  # of the moves and runs come before the first look at the memory


class Lesson:
    """A lesson's cells, run in this process as its kernel would run them."""

    def __init__(self, path: Path) -> None:
        self.cells = [
            c for c in json.loads(path.read_text(encoding="utf-8"))["cells"] if c["cell_type"] == "code"
        ]
        self.shell = InteractiveShell.instance()
        self.shell.run_line_magic("cd", f"-q {path.parent}")
        self.runs = 0

    def run(self, cell: dict[str, Any]) -> None:
        """Run a cell, under its id."""
        self.runs += 1
        request = {"metadata": {"cellId": cell["id"]}, "header": {"msg_id": str(self.runs)}}
        self.shell.get_parent = lambda: request
        with capture_output():
            self.shell.run_cell("".join(cell["source"])).raise_error()
        getattr(self.shell.history_manager, "outputs", {}).clear()  # a kernel keeps none of these


def controls(explorer: Any) -> list[Any]:
    """Everything in an explorer that a hand can move now."""
    from nnlib.explore.base import everything_in

    kinds = (widgets.FloatSlider, widgets.IntSlider, widgets.Dropdown, widgets.ToggleButton, widgets.Checkbox)
    kinds += (widgets.Play, widgets.SelectionSlider, widgets.ToggleButtons, widgets.Button)
    found = {id(w): w for w in everything_in(explorer)}
    movable = [w for w in found.values() if isinstance(w, kinds) and not getattr(w, "disabled", False)]
    return movable + ([explorer.diagram] if hasattr(getattr(explorer, "diagram", None), "moves") else [])


def move(control: Any, chance: random.Random) -> None:
    """Send what the page would send, had a hand moved this control."""
    if isinstance(control, widgets.Button):
        control.click()
    elif isinstance(control, widgets.ToggleButton | widgets.Checkbox):
        control.set_state({"value": not control.value})
    elif isinstance(control, widgets.FloatSlider):
        control.set_state({"value": chance.uniform(control.min, control.max)})
    elif isinstance(control, widgets.IntSlider | widgets.Play):
        control.set_state({"value": chance.randint(control.min, control.max)})
    elif hasattr(control, "moves"):
        weight = chance.randrange(len(control.theta))
        control.set_state({"moves": {str(weight): [control.seen + 1, chance.uniform(-4, 4)]}})
    else:
        control.set_state({"index": chance.randrange(len(control.options))})


def megabytes(living: list[Any]) -> float:
    """What this process holds, all explorers being as they were made."""
    for explorer in living:
        explorer.restart()
    gc.collect()
    return psutil.Process().memory_info().rss / 1e6


def soaked(path: Path, moves: int, runs: int, answer: Any) -> None:
    """Run the lesson, move, run again; put what was found into the queue."""
    from nnlib.explore import Explorer

    lesson, chance, errors = Lesson(path), random.Random(0), set()
    start = time.monotonic()
    for cell in lesson.cells:
        lesson.run(cell)
    living = list(Explorer.living)
    for explorer in living:
        explorer.page.ready = True

    memory = megabytes(Explorer.living)
    for k in range(moves):
        if k == int(WARM * moves):
            memory, before = megabytes(Explorer.living), len(_instances)
        explorer = living[k % len(living)]
        with capture_output() as captured:
            move(chance.choice(controls(explorer)), chance)
        if captured.stderr or "Error" in explorer.page.message:
            errors.add(captured.stderr[-200:] or explorer.page.message)
    by_moves, left = megabytes(Explorer.living) - memory, len(_instances) - before

    again = [cell for cell in lesson.cells if cell["id"] in Explorer.made]
    n_living = len(living)
    for run in range(runs):
        if run == int(WARM * runs):
            memory, before = megabytes(Explorer.living), len(_instances)
        for cell in again:
            lesson.run(cell)
    by_runs, left_by_runs = megabytes(Explorer.living) - memory, len(_instances) - before
    left_by_runs += len(Explorer.living) - n_living
    numbers = [by_moves, left, len(again), by_runs, left_by_runs, len(pyplot.get_fignums())]
    answer.put(([n_living, *numbers, (time.monotonic() - start) / 60], sorted(errors)))


def main(moves: int, runs: int, lessons: list[str]) -> None:
    """Print a line for each lesson, then what the explorers said went wrong."""
    said = []
    print("| lesson | explorers | MB by moves | widgets | cells | MB by runs | widgets | figures | min |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if lessons and path.stem[:2] not in lessons:
            continue
        fresh = multiprocessing.get_context("spawn")
        answer = fresh.Queue()
        process = fresh.Process(target=soaked, args=(path, moves, runs, answer))
        process.start()
        numbers, errors = answer.get()
        process.join()
        row = [str(n) if isinstance(n, int) else f"{n:.1f}" for n in numbers]
        print(f"| {path.stem} | {' | '.join(row)} |", flush=True)
        said += [f"{path.stem}: {error}" for error in errors]
    print(*said, sep="\n")


if __name__ == "__main__":
    given = sys.argv[1:]
    main(int((given or ["10000"])[0]), int((given[1:] or ["100"])[0]), given[2:])
