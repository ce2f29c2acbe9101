"""Qt's application, and leaving it: quitting is a question to the main coroutine, not an event."""

import gc

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

COLLECT_EVERY = 30_000
"""Milliseconds."""
WORTH_COLLECTING = 5_000
"""Objects made and not freed since the last time."""


def _collect() -> None:
    if gc.get_count()[0] > WORTH_COLLECTING:
        gc.collect()


class Application(QApplication):
    """Turns every way out (menu, last window, session end) into one signal.

    `QApplication.quit()` would take the loop away from under the clean-up.
    """

    quit_asked = Signal()

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self.setApplicationName("autosky-desktop")
        self.setApplicationDisplayName("Autosky Desktop")
        self.setDesktopFileName("autosky-desktop")
        self.setQuitOnLastWindowClosed(False)
        self._collect_here()

    def _collect_here(self) -> None:
        """Collect garbage on this thread only: on another one it would destroy widgets there."""
        gc.disable()
        # what is imported by now lives as long as we do: no collection looks at it again
        gc.freeze()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        timer.timeout.connect(_collect)
        timer.start(COLLECT_EVERY)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.quit_asked.emit()
            return True
        return super().event(event)
