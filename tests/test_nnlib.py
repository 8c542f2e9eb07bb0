"""The module as a whole: what it names, what it imports, and the examples in its docstrings."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import pytest

import nnlib

OWN_MODULES = [
    module.name
    for module in pkgutil.iter_modules(nnlib.__path__)
    if not module.ispkg and module.name[0] != "_"
]


def test_every_public_name_is_there():
    assert all(hasattr(nnlib, name) for name in nnlib.__all__)
    assert set(nnlib.__all__) <= set(dir(nnlib))


def test_an_unknown_name():
    with pytest.raises(AttributeError, match=r"^nnlib has no 'Netwrok'\. Did you mean 'Network'\?$"):
        _ = nnlib.Netwrok


def test_import_leaves_the_heavy_packages_alone():
    heavy = {"matplotlib", "ipywidgets", "anywidget", "IPython", "torch", "sklearn", "importlib.metadata"}
    code = f"import sys, nnlib; print(*{heavy} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == []


@pytest.mark.parametrize("name", OWN_MODULES)
def test_the_examples_in_the_docstrings(name):
    module = importlib.import_module(f"nnlib.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("missing", "started_as", "passes"),
    [("numpy", "-m", True), ("numpy", "lesson.py", False), ("csv", "-m", False)],
)
def test_only_a_missing_numpy_passes_and_only_for_python_m(missing, started_as, passes):
    code = f"import sys; sys.modules[{missing!r}] = None; sys.argv[0] = {started_as!r}; import nnlib"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (run.returncode == 0) == passes
    assert ("ModuleNotFoundError" in run.stderr) != passes
