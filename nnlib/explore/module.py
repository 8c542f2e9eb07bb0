"""The JavaScript of a widget, as its page gets it."""

from pathlib import Path

HERE = Path(__file__).parent


def module(name: str) -> str:
    """The module `name`.js, after what all modules share (common.js)."""
    return "".join((HERE / file).read_text(encoding="utf-8") for file in ("common.js", f"{name}.js"))
