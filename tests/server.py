"""The course's own server, started as a learner starts it."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

LESSON = "/lab/tree/notebooks/00_start_here.ipynb"


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


class Server:
    """The course, started as a learner starts it, without a browser."""

    def __init__(self, root: Path, home: Path, port: int, *more: str, command: Sequence[str] = ()) -> None:
        home.mkdir(exist_ok=True)
        self.log = home / "log"
        isolated = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ["CONFIG", "DATA", "RUNTIME"]}
        options = ["--no-browser", f"--port={port}", "--IdentityProvider.token=abc", *more]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "nnlib", *command, *options],
                cwd=root,
                env=os.environ | isolated,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def address(self) -> str:
        """Wait for the address that JupyterLab prints, and return it without the lesson's part."""
        return self.waited_for(rf"(http://127\.0\.0\.1:\d+){re.escape(LESSON)}")

    def waited_for(self, pattern: str, seconds: int = 60) -> str:
        """Wait until the server says this, and return the pattern's first group."""
        for _ in range(10 * seconds):
            if found := re.search(pattern, self.said()):
                return found[1]
            assert self.process.poll() is None, self.said()
            time.sleep(0.1)
        raise AssertionError(f"not said in {seconds} seconds: {pattern}\n{self.said()}")

    def get(self, path: str) -> tuple[int, str, str]:
        """Ask for a page, again until the server listens; return its status, address and text."""
        address = self.address()
        for _ in range(100):
            try:
                with urllib.request.urlopen(address + path, timeout=30) as response:
                    return response.status, response.url, response.read().decode()
            except urllib.error.HTTPError as error:
                with error:
                    return error.code, error.url, error.read().decode()
            except urllib.error.URLError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.1)
        raise AssertionError(f"no answer after 10 seconds:\n{self.said()}")

    def stop(self) -> int:
        """End it, as Ctrl+C does in a terminal, and wait.

        Without a terminal, Ctrl+C soon after a save may make Jupyter wait for ever for one of its threads.
        """
        self.process.terminate()
        return self.process.wait(60)
