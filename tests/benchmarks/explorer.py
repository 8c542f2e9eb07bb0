"""How fast the explorer answers a hand, beside `interact`, ipympl and plotly: tests/benchmarks/explorer.py

One JupyterLab and one headless Chromium (found on the path, or named in CHROMIUM) open a notebook with two
NetworkExplorers (2-3-1, and 4-10-10-1 on 200 rows) and three rivals that show the surface of the first: a
fresh Matplotlib figure by ipywidgets' `interact`, a kept one by ipympl, and plotly's, where these two are
installed. Three things are measured: the kernel's part of a move, the time from a key press to a changed
picture, and the film.
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
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Locator, Page, WebSocket, sync_playwright
from ratios import Ratio

from nnlib import __main__ as launcher

ROUNDS = 20  # of one key press for each contestant
CALM = 0.2  # seconds between two moves, for everything to come to rest
TURNS = 2  # of the kernel's moves
LAST = 2000  # epoch of the film that is waited for; it has a frame every 10
COUNTED = 400  # the same where messages are counted
HAS_IPYMPL = find_spec("ipympl") is not None
HAS_PLOTLY = find_spec("plotly") is not None
INTERACT_NAME, IPYMPL_NAME = "`interact`, a fresh figure", "ipympl, a kept figure"
PLOTLY_NAME = "plotly, a FigureWidget"
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

# The surface of the explorer's picture as a plain Matplotlib figure: what both rivals show.
SURFACE = """
plt.style.use(plots.STYLE)
net, panel = network(), explorer.prediction
points = scalers["x_scaler"].transform(panel.grid)
students = scalers["x_scaler"].transform(data.X)
colours, shades = ListedColormap(panel.colours), {"vmin": 0, "vmax": len(panel.colours) - 1}

def bands(value):
    net.theta = [value, *net.theta[1:]]
    return panel.bands(100 * net.predict(points))

def labels():
    return [f"{p:.1f} ({t:g})" for p, t in zip(100 * net.predict(students)[:, 0], data.y[:, 0])]

def drawn(figure, value):
    axes = figure.add_axes(panel.axes.get_position())
    image = axes.imshow(bands(value), colours, aspect="auto", origin="lower", extent=panel.box, **shades)
    axes.set(xlabel=panel.names[0], ylabel=panel.names[1], xticks=range(0, 13, 2))
    axes.set_title(f"predicted {panel.names[2]}", color="#009E73", fontweight="bold")
    axes.plot(*data.X[0], "o", ms=13, mfc="none", mec="#E69F00", mew=3)
    axes.plot(data.X[:, 0], data.X[:, 1], "ko", ms=6)
    texts = []
    for (x1, x2), label in zip(data.X, labels()):
        side, anchor = (13, "left") if x1 < 6 else (-13, "right")
        texts.append(axes.annotate(label, (x1, x2), (side, 0), textcoords="offset points",
                                   ha=anchor, va="center"))
    bar = figure.add_axes((0.83, 0.22, 0.05, 0.66))
    bar.imshow(np.arange(20)[:, None], colours, aspect="auto", origin="lower",
               extent=(0, 1, 0, 100), **shades)
    bar.tick_params(left=False, labelleft=False, bottom=False, labelbottom=False, right=True, labelright=True)
    return image, texts

def slider():
    return FloatSlider(value=-3.0, min=-4, max=4, step=0.1)
"""

INTERACT = """
%matplotlib inline
set_matplotlib_formats("retina", bbox_inches=None)  # as many pixels as the explorer's picture

def surface(value):
    drawn(plt.figure(figsize=panel.figure.get_size_inches()), value)
    plt.show()

interact(surface, value=slider());
"""

# The canvas of `%matplotlib widget`, made directly, so that it does not depend on the backend of `interact`.
IPYMPL = """
from ipympl.backend_nbagg import Canvas, FigureManager
from matplotlib.figure import Figure

canvas = Canvas(Figure(panel.figure.get_size_inches(), dpi=panel.figure.dpi))  # as many pixels, too
manager = FigureManager(canvas, 0)
canvas.toolbar_visible = canvas.header_visible = canvas.footer_visible = False
image, texts = drawn(canvas.figure, -3.0)

def moved(change):
    image.set_data(bands(change["new"]))
    for text, label in zip(texts, labels()):
        text.set_text(label)
    canvas.draw_idle()

hand = slider()
hand.observe(moved, "value")
rival = VBox([hand, canvas])
rival.add_class("rival")
"""

# A FigureWidget: the field, the points with their labels. The page draws it; its image is of fewer pixels.
PLOTLY = """
import plotly.graph_objects as go

n = len(panel.colours)
steps = [[k / n, colour] for k, colour in enumerate(panel.colours)]
scale = [*steps, *[[(k + 1) / n, colour] for k, colour in enumerate(panel.colours)]]
rows, columns = bands(0).shape
low_x, high_x, low_y, high_y = panel.box
across, up = np.linspace(low_x, high_x, columns), np.linspace(low_y, high_y, rows)
field = go.Heatmap(x=across, y=up, z=bands(-3.0), zmin=0, zmax=n - 1, colorscale=sorted(scale))
dots = go.Scatter(x=data.X[:, 0], y=data.X[:, 1], text=labels(), mode="markers+text",
                  textposition="top center")
width, height = (100 * panel.figure.get_size_inches()).round().tolist()
live = go.FigureWidget([field, dots], go.Layout(width=width, height=height, showlegend=False,
                       xaxis_title=panel.names[0], yaxis_title=panel.names[1]))

def told(change):
    with live.batch_update():
        live.data[0].z, live.data[1].text = bands(change["new"]), labels()

finger = slider()
finger.observe(told, "value")
plotted = VBox([finger, live])
plotted.add_class("plotted")
"""

LARGE = """
from nnlib import StandardScaler

rng = np.random.default_rng(0)
X = rng.uniform(0, 10, (200, 4))
y = X @ [[1.0], [2.0], [-1.0], [0.5]] + 3 * np.sin(X[:, :1])
layers = [Dense(4, 10, "relu"), Dense(10, 10, "relu"), Dense(10, 1)]
large = NetworkExplorer(Network(layers, seed=0), X, y, x_scaler=StandardScaler().fit(X),
                        y_scaler=StandardScaler().fit(y), optimizer=SGD(0.05))
large
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
    for value in values[:5]:
        move(value)
        time.sleep(0.05)  # the page shows it
    kernel.session.send = send
    walls, works = [], []
    for value in values[5:]:
        wall, work = time.perf_counter(), time.thread_time()
        move(value)
        works.append(time.thread_time() - work)
        walls.append(time.perf_counter() - wall)
        time.sleep(0.03)
    print(json.dumps([walls, works, len(sent) / 5, sum(sent) / 5]))

kernel.shell_handlers["comm_msg"] = answered
"""

# In the kernel: the two explorers, and hands that move them.
SUBJECTS = """
from nnlib.explore.parts.sliders import on_slider

explorers = {"2-3-1": explorer, "4-10-10-1": large}
subject = explorer  # the one that is moved

def slide(value):
    subject.parameters.chosen.children[0].set_state({"value": on_slider(value)})  # as the page sends it

def turn(value):
    subject.diagram.set_state({"moves": {"0": [subject.diagram.seen + 1, value]}})

def frame(epoch):
    subject.set(epoch=epoch)

def prepare(name, film=False, **opened):
    global subject
    for each in explorers.values():
        each.set(open="", neuron=-1)
    subject = explorers[name]
    subject.reset()
    if film:
        subject.train()
        subject.set(epoch=0)
    subject.set(**opened)
    assert subject.page.ready, "the page shows no such explorer"
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

# In the page: the same for a canvas. Its time is taken when a picture has been drawn on it; only then are its
# pixels looked at, whether any has changed.
START_CANVAS = """(box) => {
  const canvas = box.querySelector("canvas"), proto = CanvasRenderingContext2D.prototype;
  const { drawImage } = proto, context = canvas.getContext("2d");
  const pixels = () => new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
  const before = pixels();
  let start;
  addEventListener("keydown", (e) => { start = e.timeStamp; }, { capture: true, once: true });
  window.lap = new Promise((done, fail) => {
    proto.drawImage = function (...rest) {
      drawImage.apply(this, rest);
      const now = performance.now();
      if (this.canvas !== canvas || start === undefined) return;
      if (pixels().every((pixel, n) => pixel === before[n])) return;
      proto.drawImage = drawImage;
      done(now - start);
    };
    setTimeout(() => fail(new Error("the key changed no canvas within 5 seconds")), 5000);
  });
}"""

# In the page: the same for plotly, whose field is an <image> of an <svg>.
START_IMAGE = """(box) => {
  const source = () => {
    const image = box.querySelector(".heatmaplayer image");
    return image?.getAttribute("href") ?? image?.getAttribute("xlink:href");
  };
  const before = source();
  let start;
  addEventListener("keydown", (e) => { start = e.timeStamp; }, { capture: true, once: true });
  window.lap = new Promise((done, fail) => {
    const watch = new MutationObserver(async () => {
      const now = source();
      if (!now || now === before) return;
      watch.disconnect();
      await Object.assign(new Image(), { src: now }).decode();
      done(performance.now() - start);
    });
    watch.observe(box, { subtree: true, childList: true, attributes: true });
    setTimeout(() => fail(new Error("the key changed no field within 5 seconds")), 5000);
  });
}"""

# In the page: wait until the explorer's words tell this epoch of the film, or a later one.
REACHED = """(explorer, epoch) => new Promise((done, fail) => {
  const words = explorer.querySelector(".nn-words");
  const look = () => {
    if (Number(words.textContent.match(/Epoch (\\d+) of/)?.[1]) >= epoch) { watch.disconnect(); done(); }
  };
  const watch = new MutationObserver(look);
  watch.observe(words, { childList: true, characterData: true, subtree: true });
  setTimeout(() => fail(new Error("the film did not end within two minutes")), 120_000);
  look();
})"""

# In the page: window.shown, when each picture of the film was loaded.
FILM = """(picture) => {
  window.shown = [];
  picture.onload = () => shown.push(performance.now());
}"""


def main() -> list[Ratio]:
    print(f"{os.cpu_count()} cores, no graphics card used, {platform.python_implementation()} ", end="")
    packages = ["jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy"]
    packages += ["ipympl"] * HAS_IPYMPL + ["plotly"] * HAS_PLOTLY
    print(platform.python_version(), *(f"{name} {version(name)}" for name in packages), sep=", ", end=", ")
    if not HAS_IPYMPL:
        print("without ipympl (pip install ipympl)", end=", ")
    rivals = [IPYMPL] * HAS_IPYMPL + [PLOTLY] * HAS_PLOTLY
    cells = [EXPLORER, SURFACE, "from ipywidgets import VBox", *rivals, INTERACT, LARGE]
    with opened_notebook(cells) as (page, sockets):
        run(page, SUBJECTS)
        found = [*show_kernel(page), *show_browser(page)]
        if HAS_IPYMPL:
            run(page, "rival.close()")  # its canvases are layers of the page, and slow every frame
        if HAS_PLOTLY:
            run(page, "plotted.close()")
        return found + show_film(page, sockets)


def kernel_moves() -> dict[str, tuple[str, str]]:
    """What is measured in the kernel: by its name, what comes before, and the arguments of `measure`."""
    values, epochs = "np.linspace(-3, 3, 20).round(2).tolist()", "subject.film.epochs[1:21]"
    opened = {
        "": "",
        "sliders": 'open="sliders"',
        "arithmetic": 'open="arithmetic"',
        "slopes": 'open="slopes"',
    }
    everything = {**opened, "settings": 'open="settings"', "zoom": "neuron=0"}
    found = {}
    for net, views in (("2-3-1", everything), ("4-10-10-1", opened)):
        for view, change in views.items():
            where = f"{net}, {view} open" if view else net
            for name, move in (("a slider's move", "slide"), ("a move in the diagram", "turn")):
                found[f"{where}: {name}"] = (f"prepare({net!r}, {change})", f"{move}, {values}")
    films = (("2-3-1", ""), ("2-3-1", 'open="sliders"'), ("4-10-10-1", ""))
    for net, change in films:
        where = f"{net}, sliders open" if change else net
        found[f"{where}: a frame of the film"] = (
            f"prepare({net!r}, film=True, {change})",
            f"frame, {epochs}",
        )
    return found


def show_kernel(page: Page) -> list[Ratio]:
    """The kernel's part: from a control's new value to the last message handed to the sockets."""
    measures = kernel_moves()
    found: dict[str, list[list[Any]]] = {name: [] for name in measures}
    for _ in range(TURNS):
        for name, (before, arguments) in measures.items():
            run(page, before)
            time.sleep(0.3)
            found[name].append(json.loads(run(page, f"measure({arguments})")))
    print("\n| in the kernel | median ms | 95th percentile | of 10 ms | processor time, ms | messages | kB |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    ratios = []
    for name, parts in found.items():
        walls, works = ([value for part in parts for value in part[k]] for k in (0, 1))
        messages, size = parts[-1][2:]
        work, share = statistics.median(works) * 1e3, statistics.median(walls) / 0.010
        sent = f"{messages:.3g} | {size / 1e3:.1f}"
        print(f"| {name} | {summary(walls, 1e3)} | {share:.2f} | {work:.1f} | {sent} |")
        ratios.append(Ratio(f"{name}, in the kernel", "10 ms", share, 1.0))
    run(page, "prepare('2-3-1')")
    return ratios


def show_browser(page: Page) -> list[Ratio]:
    """From a key press to a changed picture of the prediction."""
    hands = {}
    for n, net in enumerate(("2-3-1", "4-10-10-1")):
        explorer = page.locator(".nn-explorer").nth(n)
        panel = explorer.locator(".nn-panels .widget-vbox > *").first
        hands[f"explorer {net}, slider"] = (panel, explorer.locator(".nn-fine [role=slider]").first)
        hands[f"explorer {net}, line in the diagram"] = (panel, explorer.locator("[data-k='0']"))
    rivals = {INTERACT_NAME: page.locator(".widget-interact")}
    if HAS_IPYMPL:
        rivals[IPYMPL_NAME] = page.locator(".rival")
    if HAS_PLOTLY:
        rivals[PLOTLY_NAME] = page.locator(".plotted")
    starts = {IPYMPL_NAME: START_CANVAS, PLOTLY_NAME: START_IMAGE}
    hands |= {name: (box, box.locator("[role=slider]").first) for name, box in rivals.items()}
    times: dict[str, list[float]] = {name: [] for name in hands}
    kernel: dict[str, list[float]] = {name: [] for name in hands}
    run(page, "prepare('2-3-1', **{weight: -3.0}, selected=0)")
    run(page, "prepare('4-10-10-1', **{large.parameters.labels[0]: -3.0}, selected=0)")
    for k in range(ROUNDS):
        for name, (box, handle) in hands.items():
            back = k >= ROUNDS / 2 and name.startswith("explorer")  # two hands there move the same weight
            handle.evaluate("handle => handle.focus({ preventScroll: true })")
            run(page, "spent.clear()")
            time.sleep(CALM)
            box.evaluate(starts.get(name, START))
            page.keyboard.press("ArrowLeft" if back else "ArrowRight")
            times[name].append(page.evaluate("window.lap"))
            time.sleep(CALM)
            kernel[name].append(float(run(page, "print(sum(spent))")))
    columns = "".join(f" beside {name} |" for name in rivals)
    print("\n| from key press to changed picture | median ms | 95th percentile |", end="")
    print(f" of this in the kernel |{columns}\n|---|---:|---:|---:|{'---:|' * len(rivals)}")
    targets = {INTERACT_NAME: 0.4, IPYMPL_NAME: 0.5}
    found = []
    for name, values in times.items():
        median, own = statistics.median(values), statistics.median(kernel[name]) * 1e3
        beside = [median / statistics.median(times[rival]) for rival in rivals]
        ratios = "".join(f" {ratio:.2f} |" if "2-3-1" in name else " |" for ratio in beside)
        print(f"| {name} | {summary(values)} | {own:.1f} |{ratios}")
        if "2-3-1" in name:
            named = zip(rivals, beside, strict=True)
            found += [Ratio(f"{name}: key to picture", rival, r, targets.get(rival)) for rival, r in named]
    return found


def show_film(page: Page, sockets: list[WebSocket]) -> list[Ratio]:
    """The film of a training of 3,000 epochs up to LAST; then its first frames again, counted."""
    print(f"\n| the film | frames a second | of 20 | shown of {LAST // 10 + 1} |", end="")
    print(" in the kernel, ms a frame | messages to the page | from it | kB to the page |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    films = (
        ("2-3-1, sliders hidden", 0, "'2-3-1', film=True"),
        ("2-3-1, all 13 open", 0, "'2-3-1', film=True, open='sliders'"),
        ("4-10-10-1", 1, "'4-10-10-1', film=True"),
    )
    found = []
    for name, n, arguments in films:
        explorer = page.locator(".nn-explorer").nth(n)
        run(page, f"prepare({arguments})")
        shown, own = play(page, explorer, LAST)
        run(page, f"prepare({arguments})")
        with traffic(sockets) as (arrived, left):  # on its own, so that counting slows no time
            frames = len(play(page, explorer, COUNTED)[0])
        print(
            f"| {name} | {rate(shown):.1f} | {rate(shown) / 20:.2f} | {len(shown)} | {own * 1e3:.1f} |",
            end="",
        )
        print(
            f" {len(arrived) / frames:.1f} | {len(left) / frames:.1f} | {sum(arrived) / frames / 1e3:.1f} |"
        )
        found.append(Ratio(f"the film of {name}: time of a frame", "1/20 s", 20 / rate(shown), 1.0))
    return found


@contextmanager
def traffic(sockets: list[WebSocket]) -> Iterator[tuple[list[int], list[int]]]:
    """How many bytes each message has that comes to the page meanwhile, and each that leaves it."""
    arrived: list[int] = []
    left: list[int] = []

    def comes(data: str | bytes) -> None:
        arrived.append(len(data))

    def goes(data: str | bytes) -> None:
        left.append(len(data))

    for each in sockets:
        each.on("framereceived", comes)
        each.on("framesent", goes)
    yield arrived, left
    for each in sockets:
        each.remove_listener("framereceived", comes)
        each.remove_listener("framesent", goes)


def play(page: Page, explorer: Locator, until: int) -> tuple[list[float], float]:
    """Show the film until an epoch: when each surface came, and the kernel's seconds a frame."""
    time.sleep(1)
    explorer.locator(".nn-picture").first.evaluate(FILM)
    run(page, "spent.clear(); subject.film.start()")
    explorer.evaluate(REACHED, until)
    run(page, "subject.film.stop()")
    time.sleep(0.5)
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
def opened(folder: Path, notebook: str, height: int = 720) -> Iterator[tuple[Page, float]]:
    """A notebook of this folder in the browser, and the time at which it was asked for."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    chromium = next((path for name in names if name and (path := shutil.which(name))), None)
    if chromium is None:
        sys.exit("no browser was found: install Chromium, or name one in the environment variable CHROMIUM")
    with jupyterlab(folder, notebook) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": height})
            start = time.perf_counter()
            page.goto(address, wait_until="commit")
            yield page, start
        finally:
            browser.close()


@contextmanager
def opened_notebook(cells: list[str]) -> Iterator[tuple[Page, list[WebSocket]]]:
    """A notebook of these cells in the browser, all of them run, and the page's sockets."""
    with tempfile.TemporaryDirectory() as folder:
        write_notebook(Path(folder, "benchmark.ipynb"), cells)
        with opened(Path(folder), "benchmark.ipynb", 2400) as (page, _):
            print(f"Chromium {page.context.browser.version}", flush=True)
            sockets: list[WebSocket] = []
            page.on("websocket", lambda opened: sockets.append(opened))
            page.wait_for_function(READY, timeout=90_000)
            page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")
            page.wait_for_selector(".nn-explorer >> nth=1", timeout=90_000)
            page.wait_for_function(READY, timeout=90_000)
            time.sleep(3)
            run(page, METER)
            yield page, sockets


def write_notebook(path: Path, cells: list[str]) -> None:
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    notebook.cells = [nbformat.v4.new_code_cell(code.strip()) for code in cells]
    for cell in notebook.cells:
        cell.metadata = {"jupyter": {"source_hidden": True}}  # all outputs on one screen
    nbformat.write(notebook, path)


@contextmanager
def jupyterlab(folder: Path, notebook: str) -> Iterator[str]:
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
        yield f"http://127.0.0.1:{port}/lab/tree/{notebook}?token={token}&reset"
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
