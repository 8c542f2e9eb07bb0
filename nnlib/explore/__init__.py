"""The interactive layer: sliders and pictures that move together.

To read: base.py, which says what every explorer promises; threshold.py, a small one, with its sliders and
pictures (parts/sliders.py, figure.py); parts/bundle.py, how a frame travels; then the network explorer, from
parts/model.py over board.py to network.py, and last line.py, which is made of it.
"""

from .arrows import ArrowExplorer
from .base import Explorer
from .choice import Choice
from .hinges import HingeExplorer
from .houses import HouseExplorer
from .line import LineExplorer
from .network import NetworkExplorer
from .neuron import NeuronExplorer
from .parts.diagram import Diagram
from .parts.figure import LivePicture
from .products import ProductExplorer
from .reset import reset_everything
from .reviews import ReviewExplorer
from .stopping import StoppingExplorer
from .tally import Tally
from .threshold import ThresholdExplorer
from .timer import Timer

__all__ = [
    "ArrowExplorer",
    "Choice",
    "Diagram",
    "Explorer",
    "HingeExplorer",
    "HouseExplorer",
    "LineExplorer",
    "LivePicture",
    "NetworkExplorer",
    "NeuronExplorer",
    "ProductExplorer",
    "ReviewExplorer",
    "StoppingExplorer",
    "Tally",
    "ThresholdExplorer",
    "Timer",
    "reset_everything",
]
