"""Is everything there that the course needs? Asked by `python3 -m nnlib` and by the first lesson."""

import sys
from importlib import util

DISTRIBUTION = "neural-networks-by-hand"
PACKAGES = {  # module: the name to be shown
    "jupyterlab": "JupyterLab",
    "ipykernel": "ipykernel",
    "ipywidgets": "ipywidgets",
    "anywidget": "anywidget",
    "matplotlib": "Matplotlib",
    "numpy": "NumPy",
    "PIL": "Pillow",
}


def missing() -> list[str]:
    """Name what this Python lacks to open the course."""
    from importlib import metadata  # slow to import, and only this asks for it

    needed = dict(PACKAGES)
    if sys.platform == "emscripten":  # in a browser's own Python: JupyterLab is the page around it
        del needed["jupyterlab"]
    names = [name for module, name in needed.items() if util.find_spec(module) is None]
    try:
        # A lesson runs in the folder notebooks/: it finds nnlib only if nnlib is installed.
        metadata.version(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        names.append(f"nnlib (the package {DISTRIBUTION})")
    return names


def check_installation() -> None:
    """Print whether everything is installed that the lessons need, and what to do if not."""
    if names := missing():
        print(f"Not installed: {', '.join(names)}.")
        print("In the folder of the course, run: python3 -m pip install -e .")
    else:
        print("Everything is installed.")
