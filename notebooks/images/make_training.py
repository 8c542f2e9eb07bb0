"""Make training.gif: the network of lesson 04 in training, its thirteen sliders moving by themselves.

    python3 notebooks/images/make_training.py

A real JupyterLab shows the explorer; its film is halted at each frame and photographed. That needs the extra
`test`, and Chromium.
"""

import io
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat
import numpy as np
from PIL import Image

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(HERE.parent)]
from browser import browsing, new_page, run_all, served  # noqa: E402
from conftest import find_browser  # noqa: E402
from store import METADATA  # noqa: E402

from nnlib.explore.parts.figure import palette  # noqa: E402

CODE = """
import nnlib as nn
from nnlib.explore import NetworkExplorer

X, y, inputs, outputs = nn.datasets.test_scores()
layers = [nn.Dense(2, 3, "sigmoid"), nn.Dense(3, 1, "sigmoid")]
net = nn.Network(layers, seed=0, input_names=inputs, output_names=outputs)
scalers = {"x_scaler": nn.MaxScaler().fit(X), "y_scaler": nn.MaxScaler(100).fit(y)}
named = {"units": ["hours", "hours", "points"], "row_name": "student"}
explorer = NetworkExplorer(net, X, y, **scalers, **named, optimizer=nn.SGD(3), open="sliders")
explorer.train()
explorer.set(epoch=0)
explorer
"""
STEP = 10  # epochs from one frame of the film to the next
EPOCHS = sorted({0, *(STEP * np.geomspace(1, 3000 / STEP, 34).round().astype(int)).tolist()})
FRAME, FIRST, LAST = 120, 900, 2500  # milliseconds
WIDTH = 900  # pixels
COURSE, OTHERS = 66, 60  # colours: those of the course, which are rare, and the most frequent ones


def photographs(folder: Path) -> list[Image.Image]:
    """The explorer in the browser at each of the epochs."""
    shutil.copytree(ROOT, folder / "course", ignore=shutil.ignore_patterns(".*", "__pycache__"))
    cell = nbformat.v4.new_code_cell(CODE)
    (folder / "course" / "film.ipynb").write_text(
        nbformat.writes(nbformat.v4.new_notebook(cells=[cell], metadata=METADATA))
    )
    chromium = find_browser()
    if chromium is None:
        sys.exit("No browser was found: install Chromium, or name one in the environment variable CHROMIUM.")
    taken = []
    with served(folder / "course", folder / "home") as course, browsing(chromium) as browser:
        page = new_page(browser)
        page.set_viewport_size({"width": 1280, "height": 1100})
        course.open(page, "/lab/tree/film.ipynb")
        page.evaluate("jupyterapp.shell.collapseLeft()")
        run_all(page)
        explorer = page.locator(".nn-explorer").first
        for epoch in EPOCHS:
            page.evaluate(
                """(code) => jupyterapp.shell.currentWidget.sessionContext.session.kernel
                    .requestExecute({ code }).done.then(() => null)""",
                f"explorer.set(epoch={epoch})",
            )
            explorer.locator(f".nn-words:has-text('Epoch {epoch} of')").wait_for()
            page.wait_for_timeout(150)
            taken.append(Image.open(io.BytesIO(explorer.screenshot())).convert("RGB"))
    return taken


def main() -> None:
    """Put the photographs together."""
    with tempfile.TemporaryDirectory() as folder:
        frames = photographs(Path(folder))
    width, height = frames[0].size
    size = (WIDTH, round(height * WIDTH / width))
    small = [frame.resize(size, Image.Resampling.LANCZOS) for frame in frames]
    frequent = small[len(small) // 2].quantize(OTHERS).getpalette()[: 3 * OTHERS]
    colours = Image.new("P", (1, 1))  # the same for all frames, so that only what moves is stored
    colours.putpalette(palette().getpalette()[: 3 * COURSE] + frequent)
    small = [frame.quantize(palette=colours, dither=Image.Dither.NONE) for frame in small]
    times = [FIRST, *[FRAME] * (len(small) - 2), LAST]
    path = HERE / "training.gif"
    small[0].save(path, save_all=True, append_images=small[1:], duration=times, loop=0, optimize=True)
    print(f"{path.relative_to(ROOT)}: {len(small)} frames, {path.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
