"""`python3 -m nnlib present`: which lesson, and what is missing; test_slides.py looks at what it shows."""

import importlib
import importlib.util
import re
import sys
from pathlib import Path

import pytest
from jupyter_client import BlockingKernelClient
from jupyter_client.connect import write_connection_file

from nnlib.course import present
from nnlib.course.present import CannotPresent, find_lesson, main

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


def test_a_kernel_that_does_not_answer_is_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, _ = write_connection_file(str(tmp_path / "kernel-none.json"))
    client = BlockingKernelClient(connection_file=file)
    client.load_connection_file()
    monkeypatch.setattr(present, "PATIENCE", 1)
    with (
        pytest.raises(CannotPresent, match=r"^The kernel has not answered for 1 seconds\.$"),
        present._channels(client),
    ):
        pass
