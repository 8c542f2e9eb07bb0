"""The base of every explorer: one state, the numbers that follow from it, and the pictures that show them.

Data flows one way round::

    a control moves → set(...) → state → numbers(state) → draw(numbers), words(numbers)

An explorer promises: its state in words (as its `repr`, as the pictures' alt text, and spoken when it
comes to rest); a picture where no kernel runs; errors shown in words, never swallowed; every control with a
name, a unit and a key; and a way back to its first state.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from threading import RLock
from typing import Any, TypeVar, cast

import anywidget
import ipywidgets
import traitlets
from IPython import get_ipython
from PIL import Image

from ..plots import html
from .parts.bundle import Bundled, bundled
from .parts.figure import LivePicture
from .parts.module import module, page_file
from .parts.sliders import Slider, by_hand, on_slider

Method = TypeVar("Method", bound=Callable[..., Any])


def one_at_a_time(method: Method) -> Method:
    """The method, but another thread that calls on the same explorer waits until it is done.

    Newer kernels answer the page's messages in several threads at once (Jupyter's subshells).
    """

    @wraps(method)
    def alone(self: "Explorer", *arguments: Any, **named: Any) -> Any:
        with self.lock:
            return method(self, *arguments, **named)

    return cast(Method, alone)


class Page(Bundled, anywidget.AnyWidget):
    """The explorer's words and messages, and the names and keys that the page owes every explorer.

    words, message : what is seen, and what went wrong; `spoken` is all of it, for those who cannot see.
    question : what the learner is asked, "" for nothing; `reply` is [count, answer], "" for skipped.
    progress : how far a training is, from 0 to 1, below 0 for none; `halted` counts the presses on Stop.
    ghosts : where a mark stands on the slider with the class `nn-p0`, `nn-p1` …, from 0 to 1.
    digit : [count, digit], pressed anywhere in the explorer; `held` counts the hands put on a slider.
    ready : set by the page once it can hand out bundles.
    """

    _esm = module("explorer")
    _css = page_file("explorer.css")
    words = traitlets.Unicode("").tag(sync=True)
    spoken = traitlets.Unicode("").tag(sync=True)
    message = traitlets.Unicode("").tag(sync=True)
    question = traitlets.Unicode("").tag(sync=True)
    reply = traitlets.List([0, ""]).tag(sync=True)
    progress = traitlets.Float(-1.0).tag(sync=True)
    halted = traitlets.Int(0).tag(sync=True)
    ghosts = traitlets.List(traitlets.Float()).tag(sync=True)
    digit = traitlets.List([0, 0]).tag(sync=True)
    held = traitlets.Int(0).tag(sync=True)
    ready = traitlets.Bool(False).tag(sync=True)


class Explorer(ipywidgets.VBox):
    """Controls and pictures that move together; a subclass gives `numbers`, `draw`, `words` and `picture`.

    Parameters
    ----------
    state : what the controls hold, by name; `reset` returns to it.
    children : the widgets to show, top to bottom; the words come after them.
    below : the widgets below the words.
    """

    strict = False  # tests set this: an error in a callback is then raised as well as shown
    hidden: Sequence[ipywidgets.Widget] = ()  # made, but not always among the children
    made: dict[str, tuple[str, list["Explorer"]]] = {}  # by cell: in which of its runs, and which
    living: list["Explorer"] = []  # all, in the order in which they were made, until they are closed

    def __init__(
        self,
        state: dict[str, Any],
        children: Sequence[ipywidgets.Widget],
        below: Sequence[ipywidgets.Widget] = (),
    ) -> None:
        self.first = dict(state)
        self.state = dict(state)
        self.page = Page()
        self._controls: list[tuple[ipywidgets.Widget, str, str]] = []
        self._drawing = False
        self.lock = RLock()
        super().__init__([*children, self.page, *below])
        self.add_class("nn-explorer")
        self.page.observe(self._look, "ready")
        self._replace()
        self.living.append(self)

    # A subclass gives these four …

    def numbers(self, state: dict[str, Any]) -> dict[str, Any]:
        """Every number that is shown; depends on nothing but the state and the data given at first."""
        raise NotImplementedError

    def draw(self, numbers: dict[str, Any]) -> None:
        """Show the numbers."""
        raise NotImplementedError

    def words(self, numbers: dict[str, Any]) -> str:
        """The numbers as one or a few lines of text."""
        raise NotImplementedError

    def picture(self) -> Image.Image | None:
        """What is seen, as one image for readers without a kernel; None where there is nothing to draw."""
        raise NotImplementedError

    # … and these where it has more to say.

    def seen(self, words: str) -> str:
        """Of these words, what is written out on the page; the rest can be seen there anyway."""
        return words

    def notice(self, numbers: dict[str, Any]) -> str:
        """What the learner must be told as long as these numbers are shown: what their "trouble" says."""
        return str(numbers.get("trouble", ""))

    # The rest is the same for all.

    def follow(self, state: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        """The state after these changes; ValueError for a name that the explorer does not have."""
        for name in changes:
            if name not in state:
                raise ValueError(f"this explorer has no {name!r}; set one of {', '.join(state)}.")
        return {**state, **changes}

    @one_at_a_time
    def set(self, *nameless: Any, **changes: Any) -> None:
        """Move controls from code, as in explorer.set(w=2.0); a value that does not fit changes nothing."""
        if nameless:
            raise TypeError(f"set needs names, as in explorer.set(name=value); got {nameless}.")
        self.show(self.follow(self.state, changes))

    @one_at_a_time
    def reset(self) -> None:
        """Back to the first state."""
        self.show(dict(self.first))

    def restart(self) -> None:
        """Back to how it was made, where that is more than its first state."""
        self.reset()

    @one_at_a_time
    def show(self, state: dict[str, Any]) -> None:
        """Take on a whole state: numbers, pictures, controls, words; an interrupt leaves the one before."""
        before = self.state
        try:
            self._show(state)
        except KeyboardInterrupt:
            self._show(before)
            raise

    def _show(self, state: dict[str, Any]) -> None:
        numbers = self.numbers(state)
        words, notice = self.words(numbers), self.notice(numbers)
        with self.quiet():
            self.draw(numbers)
            self.state = state
            self._set_controls()
            with self.page.hold_sync():
                self.page.words, self.page.spoken, self.page.message = self.seen(words), words, notice

    def bind(self, widget: ipywidgets.Widget, name: str, trait: str = "value") -> None:
        """Let a control move the state's entry of that name, and follow it."""

        def moved(change: Any) -> None:
            value = by_hand(change) if isinstance(widget, Slider) else change["new"]
            if value is not None:
                self.set(**{name: value})

        self._controls.append((widget, name, trait))
        widget.observe(self.answer(moved), trait)

    def on_press(self, button: ipywidgets.Button, act: Callable[[], None]) -> None:
        """Let a button do this."""
        button.on_click(self.answer(lambda _: act()))

    def answer(self, callback: Callable[[Any], None]) -> Callable[[Any], None]:
        """The callback, but its error is shown in words, and the controls return to the last good state."""

        def answered(event: Any) -> None:
            with self.lock:
                if self._drawing:  # this thread's own drawing moved the control
                    return
                try:
                    callback(event)
                except BaseException as error:
                    with self.quiet():
                        self._set_controls()
                    if not isinstance(error, Exception):  # an interrupt of the kernel
                        raise
                    self.page.message = f"{type(error).__name__}: {error}"
                    if self.strict:
                        raise

        return answered

    def _look(self, change: object) -> None:
        """The page is there: draw what it shows."""
        with self.lock:
            for widget in everything_in(self):
                if isinstance(widget, LivePicture):
                    widget.draw()

    def _set_controls(self) -> None:
        for widget, name, trait in self._controls:
            value = self.state[name]
            setattr(widget, trait, on_slider(value) if isinstance(widget, Slider) else value)

    @contextmanager
    def quiet(self) -> Iterator[None]:
        """Within this block a control that changes is no hand's move; what changes travels together."""
        with self.lock:
            before, self._drawing = self._drawing, True
            try:
                with bundled(self.page):
                    yield
            finally:
                self._drawing = before

    def _replace(self) -> None:
        """Close what an earlier run of the same cell made: ipywidgets would keep it alive for ever."""
        shell = get_ipython()
        knows = shell if hasattr(shell, "get_parent") else getattr(shell, "kernel", None)  # as in JupyterLite
        request: dict[str, Any] = getattr(knows, "get_parent", dict)()
        cell, run = request.get("metadata", {}).get("cellId"), request.get("header", {}).get("msg_id")
        if cell:
            earlier, explorers = self.made.get(cell, (run, []))
            if earlier != run:
                for explorer in explorers:
                    explorer.close()
                    _forget(explorer, getattr(shell, "user_ns", {}))
                explorers = []
            self.made[cell] = (run, [*explorers, self])

    def close(self) -> None:
        """Remove the explorer and everything in it from the page and from memory."""
        if self in self.living:
            self.living.remove(self)
        close_all(*self.hidden, *self.children)
        self.layout.close()
        super().close()

    def __repr__(self) -> str:
        return "\n".join(line for line in (self.page.message, self.page.spoken) if line)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        data = super()._repr_mimebundle_(**kwargs)
        data = dict(data[0] if isinstance(data, tuple) else data or {})
        data["text/plain"], picture = repr(self), self.picture()
        return data if picture is None else {**data, "text/html": html(picture, repr(self))}


def _forget(closed: Explorer, names: dict[str, Any]) -> None:
    """IPython keeps every result, as Out[12] and _12: what is closed would fill the memory."""
    for kept in (names, names.get("Out", {})):
        for name in [
            name for name, value in kept.items() if value is closed and str(name).strip("_").isdecimal()
        ]:
            del kept[name]


def everything_in(widget: ipywidgets.Widget) -> Iterator[ipywidgets.Widget]:
    """The widget, its layout and style, and all below it."""
    yield widget
    for name in ("layout", "style"):
        part = getattr(widget, name, None)
        if isinstance(part, ipywidgets.Widget):
            yield part
    for child in getattr(widget, "children", ()):
        yield from everything_in(child)


def close_all(*roots: ipywidgets.Widget) -> None:
    """Close these widgets and everything in them."""
    for root in roots:
        for widget in list(everything_in(root)):
            widget.close()


def button(text: str, icon: str, width: str, tooltip: str = "") -> ipywidgets.Button:
    """A button with a text and an icon."""
    return ipywidgets.Button(description=text, icon=icon, tooltip=tooltip, layout={"width": width})


def menu(label: str, options: Any, width: int, label_width: int = 45, **more: Any) -> ipywidgets.Dropdown:
    """A menu of options, so many pixels wide with its label."""
    chosen = ipywidgets.Dropdown(options=options, description=label, layout={"width": f"{width}px"}, **more)
    chosen.style.description_width = f"{label_width}px"
    return chosen
