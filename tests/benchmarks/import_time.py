"""How long `import nnlib` takes beside `import numpy`: python tests/benchmarks/import_time.py

Each import runs in a fresh process, in turn with the others; the median counts. The second ratio
leaves out the start of Python itself. Compiled files are used, as they are after the first import.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from ratios import Ratio

REPETITIONS = 41
CODES = {"Python alone": "pass", "numpy": "import numpy", "nnlib": "import nnlib"}
LATER = ("matplotlib", "ipywidgets", "anywidget")  # imported when they are first needed
ROOT = Path(__file__).resolve().parents[2]


def seconds(code: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, env=environment)
    return time.perf_counter() - start


def main() -> list[Ratio]:
    times: dict[str, list[float]] = {name: [] for name in CODES}
    with tempfile.TemporaryDirectory() as compiled:
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        seconds(f"import sys, nnlib; assert not {{*{LATER}}} & {{*sys.modules}}", environment)
        seconds(CODES["nnlib"], environment)
        for _ in range(REPETITIONS):
            for name, code in CODES.items():
                times[name].append(seconds(code, environment))
    medians = {name: statistics.median(values) * 1e3 for name, values in times.items()}
    print("| | ms in a fresh process |\n|---|---:|")
    for name, median in medians.items():
        print(f"| {name} | {median:.1f} |")
    alone = medians["Python alone"]
    whole = medians["nnlib"] / medians["numpy"]
    net = (medians["nnlib"] - alone) / (medians["numpy"] - alone)
    print(f"\nimport nnlib takes {whole:.2f} of import numpy (target 1.3);")
    print(f"{net:.2f} without Python's own start.")
    return [Ratio("import nnlib", "import numpy", whole, 1.3)]


if __name__ == "__main__":
    main()
