"""Refreshing what a widget shows: as time goes by while it is seen, and as the store changes while
it lives.
"""

import logging
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from autosky_desktop.domain.guard import guarded

log = logging.getLogger(__name__)

SECOND = 1000
MINUTE = 60_000
SHORTEST = 1
LONGEST = 24 * 60 * MINUTE
"""Qt takes no pause of 25 days or more, and a clock that was wrong may ask for one."""


class Ticking(QObject):
    """Calls `tick`, which says in how many milliseconds it wants to be called again, or None.

    Hidden widgets cost nothing: nothing ticks, and the first look at them ticks at once.
    """

    def __init__(self, widget: QWidget, tick: Callable[[], int | None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._tick = tick
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.CoarseTimer)
        self._timer.timeout.connect(self.look)
        widget.installEventFilter(self)

    def now(self) -> None:
        """Tick now, and again when it is due."""
        pause: int | None = MINUTE
        with guarded(log, "Showing how time goes by"):
            pause = self._tick()
        if pause is None or not self._widget.isVisible():
            self._timer.stop()
        else:
            self._timer.start(min(max(pause, SHORTEST), LONGEST))

    def look(self) -> None:
        """Tick if somebody can see it."""
        if self._widget.isVisible():
            self.now()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Of Hide, nothing: a window that is collected hides after Python has emptied this object.
        if event.type() == QEvent.Type.Show:
            self.now()
        return super().eventFilter(watched, event)


def look_again() -> None:
    """Have all that shows how time goes by look at once: the computer slept, or its clock was set.

    Qt's timers stand still in a sleep, and would be late by what was left of their pauses.
    """
    for window in QApplication.topLevelWidgets():
        for ticking in window.findChildren(Ticking):
            ticking.look()


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
