"""`python3 -m nnlib`: the command it starts, what it says, and two real starts at once."""

import contextlib
import importlib.metadata
import importlib.util
import json
import os
import platform
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from jupyter_server.services.kernels.websocket import KernelWebsocketHandler
from server import LESSON, Server, free_port

from nnlib.course.server import PromptConnection

installation = importlib.import_module("nnlib.course.installation")
launch = importlib.import_module("nnlib.__main__")


def test_command_opens_the_first_lesson_without_news() -> None:
    command = launch.command([], root=Path("course"))
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert command[3:] == [
        "--ServerApp.root_dir=course",
        f"--LabApp.default_url={LESSON}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--ServerApp.answer_yes=True",
    ]


def test_command_allows_root_only_for_root() -> None:
    assert "--ServerApp.allow_root=True" in launch.command([], as_root=True)
    assert not [option for option in launch.command([], as_root=False) if "root=" in option]


@pytest.mark.parametrize(
    "options",
    [
        ["--no-browser"],
        ["--port=9000"],
        ["--port", "9000"],
        ["--IdentityProvider.token=abc", "--no-browser"],
        ["--ip=0.0.0.0", "--debug"],
    ],
)
def test_command_passes_options_on_unchanged(options: list[str]) -> None:
    assert launch.command(options) == launch.command([]) + options


@pytest.mark.parametrize(
    ("option", "ours"),
    [
        ("--ServerApp.root_dir=elsewhere", "--ServerApp.root_dir"),
        ("--notebook-dir=elsewhere", "--ServerApp.root_dir"),
        ("--LabApp.default_url=/lab", "--LabApp.default_url"),
        ("--LabApp.news_url=https://example.org/news", "--LabApp.news_url"),
        ("--ServerApp.answer_yes=False", "--ServerApp.answer_yes"),
        ("-y", "--ServerApp.answer_yes"),
        ("--allow-root", "--ServerApp.allow_root"),
    ],
)
def test_the_learners_option_replaces_the_courses(option: str, ours: str) -> None:
    # Jupyter refuses to start with two values for one option.
    command = launch.command([option], as_root=True)
    assert command[-1] == option
    assert not [each for each in command[:-1] if each.partition("=")[0] == ours]
    assert len(command) == len(launch.command([], as_root=True))


def test_the_learners_own_jupyter_settings_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JUPYTER_CONFIG_PATH", raising=False)
    assert launch.environment()["JUPYTER_CONFIG_PATH"] == str(launch.SETTINGS)
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", "mine")
    assert launch.environment()["JUPYTER_CONFIG_PATH"] == f"{launch.SETTINGS}{os.pathsep}mine"


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_explains_and_starts_nothing(option: str, capsys: pytest.CaptureFixture) -> None:
    assert launch.main(["--no-browser", option]) == 0
    said = capsys.readouterr().out
    assert "python3 -m nnlib" in said
    assert "--no-browser" in said
    assert len(said.splitlines()) < 15


@pytest.mark.parametrize(
    ("command", "words"), [("present", "Shows a lesson as slides"), ("deck", "one HTML file")]
)
def test_the_command_line_leads_to_slides(root: Path, command: str, words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nnlib", command, "--help"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout


@pytest.mark.parametrize(("module", "name"), list(installation.PACKAGES.items()))
def test_says_which_package_is_missing(
    module: str, name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture, root: Path
) -> None:
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda each: None if each == module else find_spec(each))
    assert launch.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"Not installed in this Python: {name}. To install:\n")
    assert said.rstrip().endswith(f"-m pip install -e {subprocess.list2cmdline([str(root)])}")


def test_says_when_nnlib_itself_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def version(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    assert launch.main([]) == 1
    assert "nnlib (the package neural-networks-by-hand)" in capsys.readouterr().err


def test_says_what_is_missing_where_nothing_is_installed(root: Path) -> None:
    # Without site, this Python has its standard library alone.
    done = subprocess.run(
        [sys.executable, "-S", "-m", "nnlib"], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Not installed in this Python: JupyterLab, " in done.stderr
    assert "Traceback" not in done.stderr


def test_says_when_python_is_too_old(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=" + ".".join(map(str, launch.OLDEST))
    monkeypatch.setattr(launch, "OLDEST", (9, 0))
    assert launch.main(["--no-browser"]) == 1
    assert capsys.readouterr().err.startswith(
        f"The course needs Python 9.0 or newer; this is {platform.python_version()}, {sys.executable}.\n"
    )


def test_says_when_the_lessons_are_not_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr(launch, "ROOT", tmp_path)
    assert launch.main([]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        f"The lessons were not found: there is no notebooks/00_start_here.ipynb in {tmp_path}."
    )
    assert "python3 -m pip install -e . && python3 -m nnlib" in said


@pytest.mark.skipif(os.name != "posix", reason="replacing the process is done on POSIX systems only")
def test_root_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    started: list[list[str]] = []

    def execve(program: str, arguments: list[str], environment: dict[str, str]) -> None:
        started.append(arguments)
        raise SystemExit(0)  # like the real one, it does not return

    monkeypatch.setattr(os, "execve", execve)
    for user, told in [(0, True), (1000, False)]:
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        with pytest.raises(SystemExit):
            launch.main(["--no-browser"])
        assert ("You are root" in capsys.readouterr().out) is told
        assert ("--ServerApp.allow_root=True" in started[-1]) is told
        assert started[-1][-1] == "--no-browser"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> KernelWebsocketHandler:
    """The course's side of a connection to a page, which has closed it."""
    settings = json.loads((launch.SETTINGS / "jupyter_server_config.json").read_text(encoding="utf-8"))
    handler = KernelWebsocketHandler.__new__(KernelWebsocketHandler)
    handler.application = SimpleNamespace(settings=settings["ServerApp"]["tornado_settings"])
    handler.ws_connection = None
    return handler


def test_a_page_that_is_busy_for_minutes_keeps_its_connection(closed: KernelWebsocketHandler) -> None:
    assert closed.ping_timeout == 600_000
    assert closed.ping_interval == 30_000  # still asked so often, lest a proxy takes it for dead


def test_what_a_closed_connection_still_brings_is_dropped(closed: KernelWebsocketHandler) -> None:
    connection = PromptConnection(websocket_handler=closed)
    connection.channels = {"shell": None}
    # Read as a message of the old protocol, its first bytes promise a hundred million parts.
    connection.handle_incoming_message((6).to_bytes(8, "little") + bytes(48))


@pytest.fixture
def two_servers(root: Path, tmp_path: Path) -> Iterator[list[Server]]:
    """Start two copies that ask for the same port, the second when the first one answers."""
    port, servers = free_port(), []
    try:
        for name in ["one", "two"]:
            servers.append(Server(root, tmp_path / name, port))
            assert servers[-1].get("/api")[0] == 200
        yield servers
    finally:
        for server in servers:
            with contextlib.suppress(OSError):
                server.process.kill()
            server.process.wait()


def test_two_copies_run_at_once_and_end_quietly(two_servers: list[Server]) -> None:
    assert two_servers[0].address() != two_servers[1].address()
    for server in two_servers:
        status, _, body = server.get("/api")
        assert (status, '"version"' in body) == (200, True)
        assert server.get("/api/contents/notebooks/00_start_here.ipynb?content=0")[0] == 403  # no token
        status, _, body = server.get("/api/contents/notebooks/00_start_here.ipynb?content=0&token=abc")
        assert (status, '"type": "notebook"' in body) == (200, True)
        status, url, body = server.get("/?token=abc")  # the bare address leads to the lesson as well
        assert (status, LESSON in url) == (200, True)
        assert '"treePath": "notebooks/00_start_here.ipynb"' in body
        _, _, body = server.get("/lab/api/settings/@jupyterlab/apputils-extension:notification?token=abc")
        # JupyterLab asks "do you want news?" as long as this is "none".
        assert json.loads(body)["schema"]["properties"]["fetchNews"]["default"] == "false"
        assert json.loads(body)["schema"]["properties"]["checkForUpdates"]["default"] is False
    for server in two_servers:
        assert ("You are root" in server.said()) is launch.is_root()
        status = server.stop()
        if os.name == "posix":
            assert status == 0, server.said()
        assert "Traceback" not in server.said()
