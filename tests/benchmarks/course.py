"""How long a lesson takes to open and to run, and how large the course is: tests/benchmarks/course.py

Each lesson is opened in JupyterLab as a learner does it, by `python3 -m nnlib` and Chromium, and run; then it
is run without a page. Sizes: the lessons as stored, nnlib as it is installed, and the wheel.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from explorer import READY, opened
from jupyter_client.manager import start_new_kernel
from nbclient import NotebookClient
from nbformat import read
from ratios import Ratio

ROOT = Path(__file__).resolve().parents[2]
PICTURES = "(figure) => [...figure.querySelectorAll('img')].map((image) => image.src).join()"
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def first_slider(lesson: Path, folder: Path) -> tuple[float, float]:
    """Seconds from opening a lesson and running it until a slider moves a picture, and until all has run."""
    shutil.copytree(
        lesson.parent, folder, dirs_exist_ok=True
    )  # what the server saves is not the course's own
    with opened(folder, lesson.name) as (page, start):
        page.wait_for_function(READY, timeout=90_000)
        page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
        figure = page.locator(".nn-explorer:has(.nn-picture):has([role=slider])").first
        figure.wait_for(state="attached", timeout=90_000)
        figure.scroll_into_view_if_needed()
        slider = figure.locator("[role=slider]:visible:not([aria-label='epoch'])").first
        before = figure.evaluate(PICTURES)
        slider.press("ArrowRight")
        handle = figure.element_handle()
        page.wait_for_function(f"([figure, before]) => ({PICTURES})(figure) !== before", arg=[handle, before])
        moved = time.perf_counter() - start
        page.wait_for_function(READY, timeout=300_000)
        return moved, time.perf_counter() - start


def alone(lesson: Path) -> float:
    """Seconds that the cells take in a kernel without a page."""
    notebook = read(lesson, as_version=4)
    manager, client = start_new_kernel(cwd=str(lesson.parent))
    client.stop_channels()
    start = time.perf_counter()
    NotebookClient(notebook, km=manager, resources={"metadata": {"path": lesson.parent}}).execute()
    return time.perf_counter() - start


def main() -> list[Ratio]:
    print("| lesson | s to the first slider | s until all has run | s without a page | kB stored |")
    print("|---|---:|---:|---:|---:|")
    for lesson in LESSONS:
        with tempfile.TemporaryDirectory() as folder:
            moved, ran = first_slider(lesson, Path(folder))
        size = lesson.stat().st_size / 1e3
        print(f"| {lesson.stem} | {moved:.1f} | {ran:.1f} | {alone(lesson):.1f} | {size:.0f} |", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder]
        subprocess.run([*pip, str(ROOT)], check=True)
        wheel = next(Path(folder).glob("*.whl")).stat().st_size
    files = [path for part in ("nnlib", "data") for path in (ROOT / part).rglob("*") if path.is_file()]
    sources = sum(path.stat().st_size for path in files if "__pycache__" not in path.parts)
    stored = sum(lesson.stat().st_size for lesson in LESSONS)
    print(f"\nnnlib with its data {sources / 1e6:.2f} MB, as a wheel {wheel / 1e6:.2f} MB;", end=" ")
    print(f"the six lessons {stored / 1e6:.2f} MB.")
    return []


if __name__ == "__main__":
    main()
