"""Faults that mutmut does not make, one at a time in a copy of nnlib: python tests/benchmarks/mutants.py

A line is a file, the fault in words, and what is written in place of what. The tests are those that
pyproject.toml names for mutmut. The script ends with 1 if a fault passes all of them.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
FAULTS = """\
activations: ReLU leaks below 0: np.maximum(z, 0.0, => np.maximum(z, 0.01 * z,
activations: ReLU's slope at 0 is 1: np.sign(a, out=slope) => np.greater_equal(z, 0.0, out=slope)
activations: tanh's slope without the square: np.multiply(a, a, out=slope) => slope[...] = a
layers: no bias: z += self._b_rows => pass
layers: a bias for the first row alone: z += self._b_rows => z[:1] += self._b_rows[:1]
layers: W by columns: theta[:n].reshape(self.n_in, self.n_out) => theta[:n].reshape(-1, self.n_in).T
layers: dW transposed: (self.delta, self._dW) => (self.delta, self._dW); self._dW.flat = self._dW.T.copy()
layers: db is a mean, not a sum: self._db_row) => self._db_row); self._db /= len(self.delta)
layers: W reshaped, not transposed: dot(self._W.T, => dot(self._W.reshape(self.n_out, self.n_in),
layers: no slope of the layer before: previous.delta *= self => previous.delta[...] = self
layers: slope of the wrong layer: previous._activation.slope => self._activation.slope
layers: W bound, not copied into place: self._W[...] = as_shape => self._W = as_shape
layers: arrays freed in the wrong order: self._rooms.pop(rows, None) => self._rooms.get(rows)
losses: mse without 1/n in its slope: last.delta *= 2.0 / y.size => last.delta *= 2.0
losses: mse with 1/rows, not 1/entries: last.delta *= 2.0 / y.size => last.delta *= 2.0 / len(y)
losses: mae summed over the outputs: np.abs(y_hat - y).mean() => np.abs(y_hat - y).mean(axis=0).sum()
losses: bce with a slope of the wrong sign: out=last.delta) => out=last.delta); last.delta *= -1
network: theta is a copy: return self._theta => return self._theta.copy()
network: layers backward in forward order: range(len(layers) - 1, 0, -1) => range(1, len(layers))
optimizers: momentum kept over a reset: ...] | None = None => ...] | None = getattr(self, "_shape", None)
optimizers: the gradient overwritten: out=self._move) => out=grad); self._move = grad
optimizers: Adam's means not corrected: math.sqrt(1.0 - self.beta_2**self._t) => 1.0
training: y not shuffled with X: y.take(order, axis=0) => y
training: rows drawn with replacement: rng.permutation(len(X)) => rng.integers(len(X), size=len(X))
training: the last small batch dropped: range(0, len(X), size) => range(0, len(X) - size + 1, size)
training: frames of the film not copied: append(theta.copy()) => append(theta)
scaling: one mean for all columns: X.mean(axis=0), => np.full(X.shape[1], X.mean()),
scaling: the network itself brought to real units: deepcopy(net) => net
gradcheck: theta left nudged: theta[k] = value => pass
"""


def first_to_fail(folder: Path) -> str:
    """The first of the tests in that folder that fails, or an empty text."""
    options = ["-x", "-q", "--tb=no", "-p", "no:cacheprovider", *SETTINGS["pytest_add_cli_args"]]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *options, *SETTINGS["pytest_add_cli_args_test_selection"]],
        cwd=folder,  # python -m looks for nnlib here first
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},  # no bytecode of the fault before
        capture_output=True,
        text=True,
    )
    found = re.search(r"^(?:FAILED|ERROR) tests/([^\s\[]+)", run.stdout, re.MULTILINE)
    return found[1] if found else "pytest itself" if run.returncode else ""


def main(folder: Path) -> int:
    """Print a line for each fault."""
    missed = 0
    for part in ("nnlib", "tests", "data", "pyproject.toml"):
        copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
        copy(ROOT / part, folder / part)
    if failed := first_to_fail(folder):
        sys.exit(f"{failed} fails without any fault; mend that first.")
    print("| | fault | caught by |\n|---|---|---|")
    for line in FAULTS.splitlines():
        module, fault, change = line.split(": ", 2)
        old, new = change.split(" => ")
        path = folder / "nnlib" / f"{module}.py"
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            sys.exit(f"nnlib/{module}.py holds {text.count(old)} times, not once: {old}")
        path.write_text(text.replace(old, new), encoding="utf-8")
        caught = first_to_fail(folder)
        path.write_text(text, encoding="utf-8")
        print(f"| {module} | {fault} | {caught or '**nothing**'} |", flush=True)
        missed += not caught
    return 1 if missed else 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        sys.exit(main(Path(name)))
