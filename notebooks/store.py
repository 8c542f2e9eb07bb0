"""Run the lessons from a clean kernel and store them with their outputs.

    python3 notebooks/store.py                    every lesson
    python3 notebooks/store.py notebooks/04*      these

The stored file depends on the cells alone: timings, widget views and widget state are left out, so that
storing twice gives the same bytes. A lesson with a cell that raises, or that writes to stderr, is not stored.
"""

import json
import os
import sys
from itertools import count
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

HERE = Path(__file__).resolve().parent
# Without both names JupyterLab asks the learner to select a kernel.
METADATA = {
    "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
    "language_info": {"name": "python"},
}
VIEW = "application/vnd.jupyter.widget-view+json"
TIMINGS = ["execution", "ExecuteTime"]


class CannotStoreError(Exception):
    """The lesson cannot be stored; the message says which cell is to blame and why."""


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook, and name its nameless cells by counting: nbformat would draw their ids at random."""
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells = notebook["cells"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CannotStoreError(f"{path} is not a notebook: {error!r}") from error
    taken = {""}
    nameless = []
    for cell in cells:
        if cell.get("id", "") in taken:  # it has none, or that of the cell it was copied from
            nameless.append(cell)
        else:
            taken.add(cell["id"])
    free = (name for number in count(1) if (name := f"cell-{number}") not in taken)
    for cell, name in zip(nameless, free, strict=False):
        cell["id"] = name
    notebook.update(nbformat=4, nbformat_minor=5)
    return nbformat.reads(json.dumps(notebook), as_version=4)


def execute(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Run every cell in order in a new kernel, in the folder of the notebook."""
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        timeout=300,
        iopub_timeout=300,  # on a busy machine outputs come late, and would be left out
        raise_on_iopub_timeout=True,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    try:
        client.execute()
    except CellExecutionError as error:
        number = next(i for i, cell in enumerate(notebook.cells) if raised(cell))
        raise CannotStoreError(f"{path}, cell {number}, raised {error.ename}: {error.evalue}") from error
    except (CellTimeoutError, DeadKernelError) as error:
        raise CannotStoreError(f"{path}: {error}") from error
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise CannotStoreError(f"{path}, cell {number}, wrote to stderr: {output.text.strip()}")
            if output.output_type == "error":  # raised, but marked as allowed to
                raise CannotStoreError(f"{path}, cell {number}, raised {output.ename}: {output.evalue}")


def raised(cell: dict[str, Any]) -> bool:
    """Tell whether the cell's last run ended in an error."""
    return any(output["output_type"] == "error" for output in cell.get("outputs", []))


def strip(notebook: nbformat.NotebookNode) -> None:
    """Drop what differs from run to run or belongs to one machine."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for name in TIMINGS:
            cell.metadata.pop(name, None)
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(VIEW, None)


def store(path: Path) -> None:
    """Run one notebook and, if all went well, write it back."""
    notebook = read(path)
    execute(notebook, path)
    strip(notebook)
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")


def main(arguments: list[str]) -> int:
    """Store the notebooks named, or all of them; go on after a failure, and return the exit code."""
    os.environ["HOUSE_SALES_CSV"] = ""  # no output may come from a file that few machines have
    paths = [Path(argument) for argument in arguments] or sorted(HERE.glob("*.ipynb"))
    failures = 0
    for path in paths:
        try:
            store(path)
            print(f"stored {path.name}", flush=True)
        except CannotStoreError as error:
            failures += 1
            print(f"NOT stored: {error}", file=sys.stderr, flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
