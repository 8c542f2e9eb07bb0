"""What Binder makes of the folder binder/."""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement


def requirements(lines: list[str]) -> dict[str, str]:
    return {each.name: str(each.specifier) for each in map(Requirement, lines)}


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def test_binder_installs_what_the_package_needs_but_jupyterlab(root: Path, project: dict) -> None:
    # Binder brings its own JupyterLab and Notebook, which fit together.
    lines = (root / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    wanted = requirements(project["dependencies"])
    del wanted["jupyterlab"]
    assert requirements([line for line in lines if not line.startswith("#")]) == wanted


def test_binder_runs_a_python_that_the_package_allows(root: Path, project: dict) -> None:
    name, _, version = (root / "binder" / "runtime.txt").read_text(encoding="utf-8").strip().partition("-")
    assert name == "python"
    assert Requirement(f"python{project['requires-python']}").specifier.contains(version)


def test_binder_installs_the_package_itself_and_stops_at_an_error(root: Path) -> None:
    text = (root / "binder" / "postBuild").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert text.startswith("#!/bin/bash\n")
    assert lines[0] == "set -e"
    assert lines[1].endswith(" install --no-cache-dir --no-deps .")
    assert "\r" not in text
    if os.name == "posix":
        assert os.access(root / "binder" / "postBuild", os.X_OK)


@pytest.mark.skipif(
    importlib.util.find_spec("repo2docker") is None,
    reason='jupyter-repo2docker is not installed: it comes with the extra "dev"',
)
def test_binder_builds_from_these_files(archive: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."],
        cwd=archive,
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "Building conda environment for python=3.11" in said
    lines = said.splitlines()
    install = next(i for i, line in enumerate(lines) if line.endswith('-r "binder/requirements.txt"'))
    copied = lines.index("COPY --chown=0:0 src/ ${REPO_DIR}/")
    # The dependencies come before the project's files, so that a new commit finds their layer in the cache.
    assert install < copied < lines.index("RUN ./binder/postBuild")
