"""The interactive layer: sliders and pictures that move together. What it promises stands in base.py."""

from .arrows import ArrowExplorer
from .base import Explorer
from .choice import Choice
from .diagram import Diagram
from .figure import LivePicture
from .hinges import HingeExplorer
from .line import LineExplorer
from .network import NetworkExplorer
from .products import ProductExplorer
from .reviews import ReviewExplorer
from .threshold import ThresholdExplorer
from .unit import NeuronExplorer

__all__ = [
    "ArrowExplorer",
    "Choice",
    "Diagram",
    "Explorer",
    "HingeExplorer",
    "LineExplorer",
    "LivePicture",
    "NetworkExplorer",
    "NeuronExplorer",
    "ProductExplorer",
    "ReviewExplorer",
    "ThresholdExplorer",
]
