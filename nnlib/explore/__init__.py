"""The interactive layer: sliders and pictures that move together. What it promises stands in base.py."""

from .base import Explorer
from .choice import Choice
from .diagram import Diagram
from .figure import LivePicture
from .network import NetworkExplorer

__all__ = ["Choice", "Diagram", "Explorer", "LivePicture", "NetworkExplorer"]
