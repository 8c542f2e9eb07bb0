"""One message a frame: what the widgets of an explorer send while it draws travels together.

Every message from the kernel costs about half a millisecond, and a frame of a film moves thirteen sliders and
five pictures. The page hands each widget its part (explorer.js).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ipywidgets
from ipywidgets.widgets.widget import _remove_buffers

_open: ContextVar["dict[Bundled, set[str]] | None"] = ContextVar("open bundle", default=None)


def bundling() -> bool:
    """Whether a bundle is open: a page is there, and waits for what is sent."""
    return _open.get() is not None


class Bundled(ipywidgets.Widget):
    """A widget whose changes join the bundle that is open, if one is."""

    def send_state(self, key: str | Iterable[str] | None = None) -> None:
        bundle = _open.get()
        if bundle is None:
            super().send_state(key)
        else:
            keys = self.keys if key is None else [key] if isinstance(key, str) else key
            bundle.setdefault(self, set()).update(keys)

    def bundled_state(self, keys: Iterable[str]) -> dict[str, Any]:
        """What the page will know of this widget; as ipywidgets does it in `send_state`."""
        state: dict[str, Any] = self.get_state(keys)
        self._property_lock.update((name, state[name]) for name in self._property_lock.keys() & state.keys())
        return state


@contextmanager
def bundled(carrier: ipywidgets.Widget) -> Iterator[None]:
    """Within this block, collect what `Bundled` widgets send; at its end `carrier` sends it all.

    A bundle within a bundle is part of it. The carrier must be alive in the page: until its `ready` is set
    by the page, every widget sends for itself.
    """
    if bundling() or not carrier.ready:
        yield
        return
    bundle: dict[Bundled, set[str]] = {}
    token = _open.set(bundle)
    try:
        yield
    finally:
        _open.reset(token)
        content: dict[str, Any] = {w.model_id: w.bundled_state(keys) for w, keys in bundle.items() if w.comm}
        if content and carrier.comm:
            content, paths, buffers = _remove_buffers(content)
            carrier.send({"states": content, "paths": paths}, buffers)
