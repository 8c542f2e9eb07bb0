"""`python3 -m nnlib present 04` shows a lesson as slides whose sliders are alive.

A copy of the lesson is run on the course's own Jupyter server before the slides open on it: the page takes
the running kernel over, with every widget that the cells have made. The lesson itself is left as it is, and
the copy is removed at the end.
"""

import importlib.util
import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

HELP = """\
usage: python3 -m nnlib present LESSON [JUPYTER OPTIONS]

Shows a lesson as slides with live sliders, for example: python3 -m nnlib present 04
Every option is passed on to Jupyter; --no-browser prints the address and opens nothing.
Space shows the next slide, T the notes for the teacher in a window of their own. Ctrl+C here ends it.
"""
EXTRA = """\
Slides need some more packages, in the versions that fit together. To install:
  {python} -m pip install -e "{root}[present]"
"""
WRAPPED = re.compile(r"<details><summary>.*</summary>\s*(.*?)\s*</details>", re.DOTALL)
GRACE = 3  # seconds for a server that was told to stop
PATIENCE = 60  # seconds for the server to start; a cell may take as long without a sign of life


class CannotPresent(Exception):
    """Why there are no slides, in words."""


def lessons(root: Path) -> list[Path]:
    """Every lesson, in order."""
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def find_lesson(root: Path, wanted: str) -> Path:
    """The lesson whose file name begins with the number, as in "04" or "4"."""
    numbered = {path.stem[:2]: path for path in lessons(root)}
    lesson = numbered.get(wanted.zfill(2))
    if lesson is None:
        raise CannotPresent(f"There is no lesson {wanted!r}. Choose one of {', '.join(numbered)}.")
    return lesson


def main(root: Path, command: Sequence[str], wanted: Sequence[str], environment: dict[str, str]) -> int:
    """Run the lesson named first in `wanted`, and show it; `command` starts the server."""
    if not wanted or wanted[0].startswith("-"):
        print(HELP, end="")
        return 0 if {"-h", "--help"} & set(wanted) else 1
    if importlib.util.find_spec("jupyterlab_rise") is None:
        print(EXTRA.format(python=sys.executable, root=root), end="", file=sys.stderr)
        return 1
    try:
        lesson = find_lesson(root, wanted[0])
    except CannotPresent as reason:
        print(reason, file=sys.stderr)
        return 1
    copy = lesson.with_name(f"present_{lesson.name}")
    shutil.copyfile(lesson, copy)
    try:
        with subprocess.Popen([*command, "--ServerApp.open_browser=False"], env=environment) as server:
            before = signal.signal(
                signal.SIGTERM, lambda *_: server.terminate()
            )  # or it would be left behind
            try:
                return _present(server, copy, root, opens="--no-browser" not in wanted)
            finally:
                signal.signal(signal.SIGTERM, before)
    finally:
        copy.unlink(missing_ok=True)


def _present(server: "subprocess.Popen[bytes]", copy: Path, root: Path, opens: bool) -> int:
    try:
        info = _running(server)
        place = copy.relative_to(root).as_posix()
        print(f"Running the lesson {copy.stem.removeprefix('present_')}; some seconds …", flush=True)
        _run(copy, _session(info, place))
        address = f"{info['url']}rise/{place}?token={info['token']}"
        print(f"The slides: {address}\nCtrl+C here ends them.", flush=True)
        if opens:
            webbrowser.open(address)
        return server.wait()
    except CannotPresent as reason:
        print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:  # a terminal tells the server too
        return 0
    finally:
        _end(server)


def _end(server: "subprocess.Popen[bytes]") -> None:
    """Let the server stop; if nobody has told it to, tell it."""
    try:
        server.wait(timeout=GRACE)
    except subprocess.TimeoutExpired:
        server.terminate()


def _running(server: "subprocess.Popen[bytes]") -> dict[str, Any]:
    """What Jupyter tells of the server once it listens."""
    from jupyter_server.serverapp import list_running_servers

    for _ in range(PATIENCE * 10):
        for info in list_running_servers():
            if info["pid"] == server.pid and _listens(info["url"]):
                return dict(info)
        if server.poll() is not None:
            raise CannotPresent("Jupyter has stopped; its last lines above say why.")
        time.sleep(0.1)
    raise CannotPresent(f"Jupyter has not started in {PATIENCE} seconds.")


def _listens(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}api", timeout=PATIENCE):
            return True
    except urllib.error.HTTPError:  # an answer too
        return True
    except OSError:
        return False


def _session(info: dict[str, Any], place: str) -> str:
    """Let the server start a kernel for the notebook; the name of its connection file."""
    body = {"path": place, "name": place, "type": "notebook", "kernel": {"name": "python3"}}
    request = urllib.request.Request(
        f"{info['url']}api/sessions",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"token {info['token']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return f"kernel-{json.load(answer)['kernel']['id']}.json"


def _run(copy: Path, connection: str) -> None:
    """Run every code cell in that kernel, and keep in the file what they show."""
    import nbformat
    from jupyter_client.blocking.client import BlockingKernelClient
    from jupyter_core.paths import jupyter_runtime_dir
    from nbformat.sign import NotebookNotary

    notebook = nbformat.read(copy, as_version=4)
    for cell in notebook.cells:
        for_slides(cell)
    client = BlockingKernelClient(connection_file=str(Path(jupyter_runtime_dir(), connection)))
    client.load_connection_file()
    with _channels(client):
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in enumerate(cells, start=1):
            cell.execution_count, cell.outputs = count, _outputs(client, cell)
            if any(output.output_type == "error" for output in cell.outputs):
                print(f"Cell [{count}] stopped: {cell.outputs[-1].evalue}", file=sys.stderr)
    nbformat.write(notebook, copy)
    NotebookNotary().sign(notebook)  # widgets are shown only in a notebook that Jupyter trusts


def for_slides(cell: Any) -> None:
    """Unwrap the teacher's notes, which have a window of their own; fold the lines that make a question."""
    if cell.metadata.get("slideshow", {}).get("slide_type") == "notes":
        cell.source = WRAPPED.sub(r"\1", cell.source)
    elif cell.cell_type == "code" and "Choice(" in cell.source:
        cell.metadata["jupyter"] = {"source_hidden": True}  # explorer.css leaves nothing of it to be seen


@contextmanager
def _channels(client: Any) -> Iterator[None]:
    client.start_channels(hb=False)  # a kernel that is still importing misses heartbeats: not a dead one
    try:
        try:
            client.wait_for_ready(timeout=PATIENCE)
        except RuntimeError:
            raise CannotPresent(f"The kernel has not answered for {PATIENCE} seconds.") from None
        yield
    finally:
        client.stop_channels()


def _outputs(client: Any, cell: Any) -> list[Any]:
    """What the cell gives, once the kernel has nothing more to do for it."""
    from nbformat.v4 import output_from_msg

    content = {"code": cell.source, "silent": False, "store_history": True, "allow_stdin": False}
    # With its id an explorer knows which cell made it, and gives way when the cell is run again.
    asked = client.session.msg("execute_request", content, metadata={"cellId": cell.id})
    client.shell_channel.send(asked)
    outputs: list[Any] = []
    while True:
        try:
            message = client.get_iopub_msg(timeout=PATIENCE)
        except Empty:
            raise CannotPresent(f"A cell has shown nothing for {PATIENCE} seconds:\n{cell.source}") from None
        if message["parent_header"].get("msg_id") != asked["header"]["msg_id"]:
            continue
        kind = message["header"]["msg_type"]
        if kind == "status" and message["content"]["execution_state"] == "idle":
            return outputs
        if kind in ("stream", "display_data", "execute_result", "error"):
            outputs.append(output_from_msg(message))
