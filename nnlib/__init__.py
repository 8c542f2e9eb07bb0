"""Neural networks by hand: the small helper module behind the lessons, written to be read.

Reading order: reference, activations, layers, losses, network, optimizers, training, scaling,
gradcheck; checks, storage, datasets, tables and sales when they come up. `nnlib.explore` (the sliders) and
`nnlib.plots` (still pictures) are imported when they are first asked for, so that
`import nnlib` costs little more than NumPy.
"""

import sys
from importlib import import_module
from types import ModuleType

try:
    from . import checks, datasets, reference
    from .activations import Activation, linear, relu, sigmoid, step, tanh
    from .checks import ShapeError, TrainingDiverged
    from .course import earlier
    from .course.installation import check_installation
    from .course.rejoin import rejoin
    from .gradcheck import gradient_error, numerical_gradient
    from .layers import Dense
    from .losses import BinaryCrossEntropy, Loss, MeanAbsoluteError, MeanSquaredError
    from .network import Network, Step
    from .optimizers import SGD, Adam, Optimizer
    from .scaling import MaxScaler, StandardScaler, in_real_units
    from .storage import from_dict, load, save, to_dict
    from .training import History, fit, train
except ModuleNotFoundError as error:
    # Without NumPy the import ends here, except for `python3 -m nnlib`: there Python imports this package
    # first and runs __main__.py after it, which says in words what is missing and how to install it.
    # While it imports the package, sys.argv[0] is "-m"; only then does it become the path of __main__.py.
    if error.name == "numpy" and sys.platform == "emscripten":  # Python in the page itself, without a server
        raise ImportError(
            "This page could not fetch NumPy from the internet. Is there a connection? Then press ▶▶ in the "
            "bar above and choose Restart. If that does not help, the network may block Pyodide's server."
        ) from None
    if error.name != "numpy" or sys.argv[0] != "-m":
        raise

if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
    earlier.watch(shell)

__all__ = [
    "Activation", "linear", "step", "sigmoid", "tanh", "relu",
    "Loss", "MeanSquaredError", "MeanAbsoluteError", "BinaryCrossEntropy",
    "Dense", "Network", "Step",
    "Optimizer", "SGD", "Adam",
    "train", "fit", "History", "TrainingDiverged",
    "MaxScaler", "StandardScaler", "in_real_units",
    "numerical_gradient", "gradient_error",
    "to_dict", "from_dict", "save", "load",
    "datasets", "reference", "check_installation", "rejoin", "ShapeError",
]  # fmt: skip
LATER = ("explore", "plots")

__version__ = "0.1.0"


def __getattr__(name: str) -> ModuleType:
    if name in LATER:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"nnlib has no {name!r}.{checks.did_you_mean(name, __dir__())}")


def __dir__() -> list[str]:
    return sorted([*__all__, *LATER])
