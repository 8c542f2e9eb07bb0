"""The JavaScript and the style sheet of a widget, as its page gets them."""

from pathlib import Path

PAGE = Path(__file__).parent.parent / "page"


def module(name: str) -> str:
    """The module `name`.js, after what all modules share (common.js)."""
    return page_file("common.js") + page_file(f"{name}.js")


def page_file(name: str) -> str:
    """The text of a file in the folder `page`."""
    return (PAGE / name).read_text(encoding="utf-8")
