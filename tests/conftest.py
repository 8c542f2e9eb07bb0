"""What several tests share."""

import gc
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent


def find_browser() -> str | None:
    """The path of Chromium or Chrome, or of what the environment variable CHROMIUM names; None for none."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome"]
    return next((path for name in names if name and (path := shutil.which(name))), None)


def pytest_collection_finish() -> None:
    """What is imported and collected stays: the garbage collector need not look through it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def project_files() -> list[Path]:
    """Every file of the project, relative to the checkout: what git tracks, or will once it is added."""
    if (ROOT / ".git").exists() and shutil.which("git"):
        listing = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            capture_output=True,
            check=True,
            encoding="utf-8",
        ).stdout
        paths = {Path(name) for name in listing.split("\0") if name}
    else:  # an unpacked archive
        leave = shutil.ignore_patterns(*(ROOT / ".gitignore").read_text().replace("/", "").split())
        paths = set()
        for folder, folders, names in os.walk(ROOT):
            left_out = leave(folder, [*folders, *names])
            folders[:] = [name for name in folders if name not in left_out]
            paths |= {Path(folder, name).relative_to(ROOT) for name in names if name not in left_out}
    return sorted(path for path in paths if (ROOT / path).is_file())


def unpacked(files: list[Path], folder: Path) -> Path:
    """A copy of the project as an archive of the checkout unpacks: its files, and no git beside them."""
    for path in files:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, target)
    return folder


@pytest.fixture
def archive(project_files: list[Path], tmp_path: Path) -> Path:
    """An archive of the project, unpacked for one test."""
    return unpacked(project_files, tmp_path / "archive")


@pytest.fixture(scope="module")
def shared_archive(project_files: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of the project, unpacked for the tests of one file."""
    return unpacked(project_files, tmp_path_factory.mktemp("course") / "archive")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser for the tests; without one they are skipped, or fail where one is required."""
    if path := find_browser():
        return path
    missing = "no browser was found: install Chromium, or name one in the environment variable CHROMIUM"
    if os.environ.get("NNLIB_REQUIRE_BROWSER"):
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture(scope="module")
def course(shared_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The course, served for the tests of one file."""
    from browser import served

    with served(shared_archive, tmp_path_factory.mktemp("home") / "home") as course:
        yield course


@pytest.fixture
def page(chromium: str) -> Iterator[Any]:
    """A page in a browser of its own."""
    from browser import browsing, new_page

    with browsing(chromium) as browser:
        yield new_page(browser)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Errors in callbacks fail the test, and what the test put on the page is taken off it again."""
    from ipywidgets.widgets import widget

    from nnlib.explore import Explorer

    monkeypatch.setattr(Explorer, "strict", True)
    before = set(widget._instances)
    yield
    for name in set(widget._instances) - before:
        if name in widget._instances:
            widget._instances[name].close()
    # An error in a button's callback is raised too, but ipywidgets catches it there and writes it down.
    assert "Exception in callback" not in "".join(r.getMessage() for r in caplog.get_records("call"))
