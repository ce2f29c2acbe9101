"""Watching what the store holds, for as long as a widget lives."""

from typing import Any, Protocol

from PySide6.QtWidgets import QWidget


class Watchable(Protocol):
    """Tells its watchers of differences: the store, and each of its tables."""

    def watch(self, watcher: Any, /) -> None: ...
    def unwatch(self, watcher: Any, /) -> None: ...


def watch_while_alive(widget: QWidget, watched: Watchable, watcher: Any) -> None:
    """Have `watcher` called until `widget` is destroyed.

    Pages go when their environment is removed; a watcher that outlives its page would touch
    widgets that are no more, at every change.
    """
    watched.watch(watcher)
    widget.destroyed.connect(lambda: watched.unwatch(watcher))
