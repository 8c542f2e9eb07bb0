"""A learner who runs a lesson's cells in any order: python tests/benchmarks/shuffles.py [50] [lesson ...]

Every lesson's code cells are run in so many seeded random orders, each in a fresh kernel. A cell must
work, or say which other cell it needs: by Python's NameError, with a hint below it once nnlib is imported
(nnlib/course/earlier.py). Anything else is listed, and the script then ends with 1.
"""

import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
SECONDS = 120  # for one cell
IMPORTED = "import sys; print('nnlib' in sys.modules)"


def run(client: BlockingKernelClient, code: str, cell: str) -> tuple[str, str, str]:
    """Run a cell with its id; return the error's name ("" for none), its words, and what was printed."""
    content = {
        "code": code,
        "silent": False,
        "store_history": True,
        "allow_stdin": False,
        "stop_on_error": False,
    }
    message = client.session.msg("execute_request", content, metadata={"cellId": cell})
    client.shell_channel.send(message)
    error, words, printed = "", "", ""
    while True:
        answer: dict[str, Any] = client.get_iopub_msg(timeout=SECONDS)
        kind, content = answer["msg_type"], answer["content"]
        if answer["parent_header"].get("msg_id") != message["header"]["msg_id"]:
            continue
        if kind == "stream":
            printed += content["text"]
        elif kind == "error":
            error, words = content["ename"], content["evalue"]
        elif kind == "status" and content["execution_state"] == "idle":
            return error, words, printed


def shuffled(path: Path, seed: int) -> tuple[Counter[str], list[str]]:
    """What became of the cells in the order of this seed: how many of each kind, and every fault in words."""
    cells = [
        cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"
    ]
    random.Random(seed).shuffle(cells)
    counts: Counter[str] = Counter()
    faults = []
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(path.parent))
    try:
        for cell in cells:
            imported = "True" in run(client, IMPORTED, "")[2]
            error, words, printed = run(client, "".join(cell["source"]), cell["id"])
            if not error:
                counts["worked"] += 1
            elif error == "NameError" and not imported and "is made in" not in printed:
                counts["named what is missing, before nnlib was imported"] += 1
            elif error == "NameError" and "Run that cell first" in printed:
                counts["said which cell it needs"] += 1
            else:
                counts["other"] += 1
                faults.append(f"{path.stem}, seed {seed}, cell {cell['id']}: {error}: {words}")
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return counts, faults


def main(times: int, lessons: list[str]) -> int:
    """Print a line for each lesson, and the faults."""
    all_faults = []
    print("| lesson | orders | cells | worked | said which cell | named it, before nnlib | other | minutes |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for path in sorted(NOTEBOOKS.glob("*.ipynb")):
        if lessons and path.stem[:2] not in lessons:
            continue
        start, total = time.monotonic(), Counter[str]()
        for seed in range(times):
            counts, faults = shuffled(path, seed)
            total += counts
            all_faults += faults
        kinds = [
            "worked",
            "said which cell it needs",
            "named what is missing, before nnlib was imported",
            "other",
        ]
        numbers = " | ".join(str(total[kind]) for kind in kinds)
        minutes = (time.monotonic() - start) / 60
        print(f"| {path.stem} | {times} | {total.total()} | {numbers} | {minutes:.1f} |", flush=True)
    print(*all_faults, sep="\n")
    return 1 if all_faults else 0


if __name__ == "__main__":
    sys.exit(main(int((sys.argv[1:] or ["50"])[0]), sys.argv[2:]))
