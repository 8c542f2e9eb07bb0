"""`python3 -m nnlib present`: which lesson, what is missing, and a lesson as slides with live sliders."""

import importlib
import importlib.util
import re
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from server import Server

from nnlib.present import CannotPresent, find_lesson, main

RISE = importlib.util.find_spec("jupyterlab_rise") is not None


@pytest.mark.parametrize("wanted", ["04", "4"])
def test_a_lesson_is_found_by_its_number(root: Path, wanted: str) -> None:
    assert find_lesson(root, wanted).name == "04_sleep_study_scores.ipynb"


@pytest.mark.parametrize("wanted", ["09", "four", "../04"])
def test_no_such_lesson(root: Path, wanted: str) -> None:
    words = rf"^There is no lesson {re.escape(repr(wanted))}\. Choose one of 00, 01, .*05\.$"
    with pytest.raises(CannotPresent, match=words):
        find_lesson(root, wanted)


@pytest.mark.parametrize(("wanted", "code"), [([], 1), (["--help"], 0), (["-h"], 0), (["--no-browser"], 1)])
def test_without_a_lesson_it_says_how_to_name_one(
    root: Path, wanted: list[str], code: int, capsys: pytest.CaptureFixture
) -> None:
    assert main(root, ["never started"], wanted, {}) == code
    assert "python3 -m nnlib present 04" in capsys.readouterr().out


def test_what_is_missing_is_said_with_the_command_that_installs_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert main(root, ["never started"], ["04"], {}) == 1
    assert f'{sys.executable} -m pip install -e "{root}[present]"' in capsys.readouterr().err


@pytest.mark.skipif(not RISE, reason='jupyterlab-rise is not installed: it comes with the extra "present"')
def test_a_server_that_does_not_start_is_named_and_the_copy_removed(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    (tmp_path / "notebooks").mkdir()
    lesson = tmp_path / "notebooks" / "00_start_here.ipynb"
    lesson.write_bytes((root / "notebooks" / lesson.name).read_bytes())
    assert main(tmp_path, [sys.executable, "-c", "raise SystemExit(3)"], ["0"], {}) == 1
    assert "Jupyter has stopped" in capsys.readouterr().err
    assert [path.name for path in lesson.parent.iterdir()] == [lesson.name]


@pytest.fixture(scope="module")
def presented(shared_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = tmp_path_factory.mktemp("home") / "home"
    server = Server(shared_archive, home, port, command=["present", "02"])
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


@pytest.mark.skipif(not RISE, reason='jupyterlab-rise is not installed: it comes with the extra "present"')
@pytest.mark.browser
def test_the_slides_open_with_sliders_that_move(
    presented: Server, shared_archive: Path, chromium: str
) -> None:
    from browser import browsing, new_page, slider_moves_on_slides

    address = presented.waited_for(r"The slides: (\S+)", seconds=90)
    before = (shared_archive / "notebooks" / "02_linear_regression.ipynb").read_bytes()
    with browsing(chromium) as browser:
        page = new_page(browser)
        page.goto(address)
        slider_moves_on_slides(page)
    lesson = shared_archive / "notebooks" / "02_linear_regression.ipynb"
    assert lesson.read_bytes() == before
    copy = lesson.with_name(f"present_{lesson.name}")
    assert copy.is_file()
    assert presented.stop() == 0
    assert not copy.exists()
