"""One explorer as a page of its own, shown by Voilà; skipped where Voilà is not installed."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import browsing, changed, epoch, expect, new_page, number, picture, says
from server import free_port

pytest.importorskip("voila")

CELLS = [
    "import nnlib as nn\nfrom nnlib.explore import NetworkExplorer",
    "hours, scores, inputs, outputs = nn.datasets.test_scores()\n"
    'layers = [nn.Dense(2, 3, "sigmoid"), nn.Dense(3, 1, "sigmoid")]\n'
    "net = nn.Network(layers, seed=0, input_names=inputs, output_names=outputs)\n"
    "to_tenths, to_share = nn.MaxScaler(10).fit(hours), nn.MaxScaler(100).fit(scores)",
    "NetworkExplorer(net, hours, scores, x_scaler=to_tenths, y_scaler=to_share, optimizer=nn.SGD(3))",
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """Where Voilà shows a notebook with one explorer."""
    python = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(code) for code in CELLS],
        metadata={"kernelspec": python, "language_info": {"name": "python"}},
    )
    nbformat.write(notebook, tmp_path / "one.ipynb")
    port = free_port()
    isolated = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(
            [sys.executable, "-m", "voila", "one.ipynb", "--no-browser", f"--port={port}"],
            cwd=tmp_path,
            env=os.environ | isolated,
            stdout=log,
            stderr=log,
        ) as server,
    ):
        try:
            yield waited_for(f"http://127.0.0.1:{port}/voila/static/", server, tmp_path / "log")
        finally:
            server.terminate()


def waited_for(page: str, server: "subprocess.Popen[bytes]", log: Path) -> str:
    """Wait until the server answers, and return its address."""
    for _ in range(600):
        try:
            urllib.request.urlopen(page, timeout=30).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            break
        except OSError:
            assert server.poll() is None, log.read_text()
            time.sleep(0.1)
        else:
            break
    return page.removesuffix("voila/static/")


@pytest.mark.browser
def test_an_explorer_lives_in_voila(address: str, chromium: str) -> None:
    with browsing(chromium) as browser:
        page = new_page(browser)
        page.goto(address, wait_until="commit")
        explorer = page.locator(".nn-explorer")
        explorer.locator(".nn-words").wait_for(timeout=60_000)
        says(explorer, "First weights.")
        slider, start, shown = explorer.locator(".noUi-handle").first, number(explorer, 0), picture(explorer)
        slider.press("ArrowRight")
        assert changed(page, explorer, shown)
        assert number(explorer, 0) == pytest.approx(round(start, 1) + 0.1, abs=0.005)
        box, shown = explorer.locator(".noUi-base").first.bounding_box(), picture(explorer)
        page.mouse.click(box["x"] + 0.9 * box["width"], box["y"] + box["height"] / 2)
        assert changed(page, explorer, shown)
        assert number(explorer, 0) > 3
        explorer.get_by_role("button", name="Train").click()
        expect(explorer.locator(".nn-words")).to_contain_text(
            re.compile(r"Epoch [1-9]\d* of"), timeout=30_000
        )
        assert 0 < epoch(explorer) <= 3000
        assert page.errors == []
