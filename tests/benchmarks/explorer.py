"""How fast the explorer answers a hand, beside ipywidgets' `interact`: python tests/benchmarks/explorer.py

One JupyterLab and one headless Chromium (found on the path, or named in CHROMIUM) open a notebook with a
NetworkExplorer and an `interact` whose fresh Matplotlib figure shows the same surface. Three things are
measured: the kernel's part of a move, the time from a key press to a changed picture, and the film.
"""

import json
import os
import platform
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Page, WebSocket, sync_playwright

from nnlib import __main__ as launcher

ROUNDS = 40  # of one key press for each contestant
CALM = 0.25  # seconds between two moves, for everything to come to rest
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]

EXPLORER = """
import json, statistics, time
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import ListedColormap
from matplotlib_inline.backend_inline import set_matplotlib_formats
from ipywidgets import FloatSlider, interact
from nnlib import SGD, Dense, MaxScaler, Network, datasets, plots
from nnlib.explore import NetworkExplorer

data = datasets.test_scores()
names = {"input_names": data.input_names, "output_names": data.output_names}
scalers = {"x_scaler": MaxScaler().fit(data.X), "y_scaler": MaxScaler(100).fit(data.y)}

def network():
    return Network([Dense(2, 3, "sigmoid"), Dense(3, 1, "sigmoid")], seed=0, **names)

explorer = NetworkExplorer(network(), data.X, data.y, **scalers, units=["hours", "hours", "points"],
                           row_name="student", optimizer=SGD(3.0))
weight = explorer.parameters.labels[0]
explorer.set(**{weight: -3.0})
explorer
"""

INTERACT = """
plt.style.use(plots.STYLE)
set_matplotlib_formats("retina", bbox_inches=None)  # as many pixels as the explorer's picture
net, panel = network(), explorer.prediction
points = scalers["x_scaler"].transform(panel.grid)
students = scalers["x_scaler"].transform(data.X)
colours = ListedColormap(panel.colours)

def surface(value):
    net.theta = [value, *net.theta[1:]]
    bands = panel.bands(100 * net.predict(points))
    figure = plt.figure(figsize=panel.figure.get_size_inches())
    axes = figure.add_axes(panel.axes.get_position())
    axes.imshow(bands, colours, aspect="auto", origin="lower", extent=panel.box, vmin=0, vmax=20)
    axes.set(xlabel=panel.names[0], ylabel=panel.names[1], xticks=range(0, 13, 2))
    axes.set_title(f"predicted {panel.names[2]}", color="#009E73", fontweight="bold")
    axes.plot(*data.X[0], "o", ms=13, mfc="none", mec="#E69F00", mew=3)
    axes.plot(data.X[:, 0], data.X[:, 1], "ko", ms=6)
    for (x1, x2), predicted, true in zip(data.X, 100 * net.predict(students)[:, 0], data.y[:, 0]):
        side, anchor = (13, "left") if x1 < 6 else (-13, "right")
        axes.annotate(f"{predicted:.1f} ({true:g})", (x1, x2), (side, 0), textcoords="offset points",
                      ha=anchor, va="center")
    bar = figure.add_axes((0.83, 0.22, 0.05, 0.66))
    bar.imshow(np.arange(20)[:, None], colours, aspect="auto", origin="lower", extent=(0, 1, 0, 100), vmax=20)
    bar.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False, right=True, labelright=True)
    plt.show()

interact(surface, value=FloatSlider(value=-3.0, min=-4, max=4, step=0.1));
"""

# In the kernel: the time spent on each message from the page; the messages sent, if counted.
METER = """
kernel = get_ipython().kernel
answer, send = kernel.shell_handlers["comm_msg"], kernel.session.send
spent, sent = [], []

def answered(*message):
    start = time.perf_counter()
    result = answer(*message)
    spent.append(time.perf_counter() - start)
    return result

def counted(stream, kind, *rest, buffers=None, **more):
    message = send(stream, kind, *rest, buffers=buffers, **more)
    if kind == "comm_msg":
        bulk = sum(memoryview(part).nbytes for part in buffers or [])
        sent.append(bulk + sum(map(len, kernel.session.serialize(message))))
    return message

def measure(move, values):
    kernel.session.send = counted
    sent.clear()
    for value in values[:10]:
        move(value)
        time.sleep(0.05)  # the page shows it
    kernel.session.send = send
    walls, works = [], []
    for value in values[10:]:
        wall, work = time.perf_counter(), time.thread_time()
        move(value)
        works.append(time.thread_time() - work)
        walls.append(time.perf_counter() - wall)
        time.sleep(0.05)
    print(json.dumps([walls, works, len(sent) / 10, sum(sent) / 10]))

from nnlib.explore.parameters import on_slider

def slide(value):
    explorer.parameters.chosen.children[0].set_state({"value": on_slider(value)})  # as the page sends it

def turn(value):
    explorer.diagram.set_state({"moves": {"0": [explorer.diagram.seen + 1, value]}})

def frame(epoch):
    explorer.set(epoch=epoch)

def rewind(drawer):
    explorer.drawer_buttons["sliders"].value = drawer
    explorer.reset()
    explorer.train()
    explorer.set(epoch=0)

kernel.shell_handlers["comm_msg"] = answered
"""

# In the page: whether the notebook's kernel can be used.
READY = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"

# In the page: run code in the notebook's kernel, and return what it prints.
RUN = """async (code) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const future = kernel.requestExecute({ code });
  let printed = "";
  future.onIOPub = (message) => { printed += message.content.text ?? ""; };
  const reply = await future.done;
  if (reply.content.status !== "ok") throw new Error(reply.content.evalue);
  return printed;
}"""

# In the page: window.lap, the time from the next key to another picture in this box, loaded and decoded.
START = """(box) => {
  const before = box.querySelector("img").src;
  let start;
  addEventListener("keydown", (e) => { start = e.timeStamp; }, { capture: true, once: true });
  window.lap = new Promise((done, fail) => {
    const watch = new MutationObserver(async () => {
      const picture = box.querySelector("img");
      if (!picture || picture.src === before) return;
      watch.disconnect();
      await picture.decode();
      done(performance.now() - start);
    });
    watch.observe(box, { subtree: true, childList: true, attributes: true, attributeFilter: ["src"] });
    setTimeout(() => fail(new Error("the key changed no picture within 5 seconds")), 5000);
  });
}"""

# In the page: window.shown, when each picture of the film was loaded.
FILM = """(picture) => {
  window.shown = [];
  picture.onload = () => shown.push(performance.now());
}"""


def main() -> None:
    print(f"{os.cpu_count()} cores, no graphics card used, {platform.python_implementation()} ", end="")
    packages = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy")
    print(platform.python_version(), *(f"{name} {version(name)}" for name in packages), sep=", ", end=", ")
    with opened_notebook() as (page, sockets):
        show_kernel(page)
        show_browser(page)
        show_film(page, sockets)


def show_kernel(page: Page) -> None:
    """The kernel's part: from a control's new value to the last message handed to the sockets."""
    values, epochs = "np.linspace(-3, 3, 50).round(2).tolist()", "explorer.film.epochs[1:51]"
    measures = {
        "a slider's move": ("explorer.reset()", f"slide, {values}"),
        "a move in the diagram": ("explorer.reset()", f"turn, {values}"),
        "a frame of the film, sliders hidden": ("rewind(False)", f"frame, {epochs}"),
        "a frame of the film, all 13 open": ("rewind(True)", f"frame, {epochs}"),
    }
    found: dict[str, list[list[Any]]] = {name: [] for name in measures}
    for _ in range(4):
        for name, (before, arguments) in measures.items():
            run(page, before)
            time.sleep(1)
            found[name].append(json.loads(run(page, f"measure({arguments})")))
        run(page, "explorer.drawer_buttons["sliders"].value = False")
    print("\n| in the kernel | median ms | 95th percentile | processor time, ms | messages | kB |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, parts in found.items():
        walls, works = ([value for part in parts for value in part[k]] for k in (0, 1))
        messages, size = parts[0][2:]
        work = statistics.median(works) * 1e3
        print(f"| {name} | {summary(walls, 1e3)} | {work:.1f} | {messages:.3g} | {size / 1e3:.1f} |")
    run(page, "explorer.reset()")


def show_browser(page: Page) -> None:
    """From a key press to a changed picture of the surface."""
    surface = page.locator(".jp-OutputArea-output:has(.nn-picture) .nn-panels .widget-vbox > *").first
    inner = page.locator(".jp-OutputArea-output:has(.nn-fine)")
    output = page.locator(".widget-interact")
    hands = {
        "explorer, slider": (surface, inner.locator(".nn-fine [role=slider]").first),
        "explorer, line in the diagram": (surface, inner.locator("[data-k='0']")),
        "`interact`, a fresh figure": (output, page.locator(".widget-interact [role=slider]")),
    }
    times: dict[str, list[float]] = {name: [] for name in hands}
    kernel: dict[str, list[float]] = {name: [] for name in hands}
    run(page, "explorer.set(**{weight: -3.0}, selected=0)")
    for k in range(ROUNDS):
        for name, (box, handle) in hands.items():
            back = k >= ROUNDS / 2 and name.startswith("explorer")  # two hands there move the same weight
            handle.evaluate("handle => handle.focus({ preventScroll: true })")
            run(page, "spent.clear()")
            time.sleep(CALM)
            box.evaluate(START)
            page.keyboard.press("ArrowLeft" if back else "ArrowRight")
            times[name].append(page.evaluate("window.lap"))
            time.sleep(CALM)
            kernel[name].append(float(run(page, "print(sum(spent))")))
    print(
        "\n| from key press to changed picture | median ms | 95th percentile | of this in the kernel |",
        end="",
    )
    print(" beside `interact` |\n|---|---:|---:|---:|---:|")
    rival = statistics.median(times["`interact`, a fresh figure"])
    for name, values in times.items():
        ratio = f"{statistics.median(values) / rival:.2f}" if name.startswith("explorer") else ""
        own = statistics.median(kernel[name]) * 1e3
        print(f"| {name} | {summary(values)} | {own:.1f} | {ratio} |")


def show_film(page: Page, sockets: list[WebSocket]) -> None:
    """The film of 3,000 epochs from its first frame to its last."""
    print("\n| the film | frames a second | shown of 301 | in the kernel, ms a frame |", end="")
    print(" messages to the page | from it | kB to the page |\n|---|---:|---:|---:|---:|---:|---:|")
    for name, drawer in (("sliders hidden", False), ("all 13 open", True)):
        shown, own = play(page, drawer)
        arrived: list[int] = []
        left: list[int] = []

        def comes(data: str | bytes, arrived: list[int] = arrived) -> None:
            arrived.append(len(data))

        def goes(data: str | bytes, left: list[int] = left) -> None:
            left.append(len(data))

        for each in sockets:  # a second showing is counted, so that counting slows no time
            each.on("framereceived", comes)
            each.on("framesent", goes)
        frames = len(play(page, drawer)[0])
        for each in sockets:
            each.remove_listener("framereceived", comes)
            each.remove_listener("framesent", goes)
        print(f"| {name} | {rate(shown):.1f} | {len(shown)} | {own * 1e3:.1f} |", end="")
        print(
            f" {len(arrived) / frames:.1f} | {len(left) / frames:.1f} | {sum(arrived) / frames / 1e3:.1f} |"
        )


def play(page: Page, drawer: bool) -> tuple[list[float], float]:
    """Show the film: when each surface came, and the kernel's seconds a frame."""
    run(page, f"rewind({drawer})")
    time.sleep(2)
    page.locator(".nn-picture").first.evaluate(FILM)
    run(page, "spent.clear(); explorer.film.start()")
    page.locator(".nn-words", has_text="Epoch 3000 of 3000").wait_for(timeout=120_000)
    time.sleep(1)
    shown = page.evaluate("window.shown")
    return shown, float(run(page, "print(sum(spent))")) / len(shown)


def rate(shown: list[float]) -> float:
    return 1e3 * (len(shown) - 1) / (shown[-1] - shown[0])


def summary(values: list[float], factor: float = 1.0) -> str:
    p95 = statistics.quantiles(values, n=20)[-1]
    return f"{statistics.median(values) * factor:.1f} | {p95 * factor:.1f}"


def run(page: Page, code: str) -> str:
    printed: str = page.evaluate(RUN, code)
    return printed


@contextmanager
def opened_notebook() -> Iterator[tuple[Page, list[WebSocket]]]:
    """The notebook in the browser with all cells run, and the page's sockets."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    chromium = next((path for name in names if name and (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("no browser was found: install Chromium, or name one in the environment variable CHROMIUM")
    with tempfile.TemporaryDirectory() as folder:
        write_notebook(Path(folder, "benchmark.ipynb"))
        with jupyterlab(Path(folder)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            try:
                print(f"Chromium {browser.version}", flush=True)
                page = browser.new_page(viewport={"width": 1280, "height": 1400})
                sockets: list[WebSocket] = []
                page.on("websocket", lambda opened: sockets.append(opened))
                page.goto(address)
                page.wait_for_function(READY, timeout=90_000)
                page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
                page.wait_for_selector(".widget-interact img", timeout=90_000)
                time.sleep(3)
                run(page, METER)
                yield page, sockets
            finally:
                browser.close()


def write_notebook(path: Path) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    notebook.cells = [nbformat.v4.new_code_cell(code.strip()) for code in (EXPLORER, INTERACT)]
    for cell in notebook.cells:
        cell.metadata = {"jupyter": {"source_hidden": True}}  # both outputs on one screen
    nbformat.write(notebook, path)


@contextmanager
def jupyterlab(folder: Path) -> Iterator[str]:
    """JupyterLab as `python3 -m nnlib` starts it, without this user's settings; the notebook's address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(8)
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={token}"]
    options += ["--LabApp.expose_app_in_browser=True"]
    own = {name: str(folder / name) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    server = subprocess.Popen(
        launcher.command(options, root=folder, as_root=launcher.is_root()),
        env={**launcher.environment(), **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}/api?token={token}"):
            if server.poll() is not None or time.monotonic() > end:
                sys.exit("JupyterLab did not start within a minute")
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/lab/tree/benchmark.ipynb?token={token}&reset"
    finally:
        server.terminate()  # its kernels with it
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1):
            return True
    except OSError:
        return False


if __name__ == "__main__":
    main()
