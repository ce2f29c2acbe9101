"""Qt's application, and leaving it: quitting is a question to the main coroutine, not an event."""

import gc

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication


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
        # everything imported so far lives as long as we do: no collection looks at it again
        gc.freeze()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.quit_asked.emit()
            return True
        return super().event(event)
