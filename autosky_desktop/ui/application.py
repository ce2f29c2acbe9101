"""Qt's application, and leaving it: quitting is a question to the main coroutine, not an event."""

import gc
import logging
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QEvent,
    QEventLoop,
    QMessageLogContext,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from autosky_desktop.system.folders import APPLICATION
from autosky_desktop.ui.speaking import take_up
from autosky_desktop.words import command_line
from autosky_desktop.words.labels import desktop as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.ui.frame.window import MainWindow

LONGEST_FIRST_PAINT = 1_000
COLLECT_EVERY = 120_000
"""Milliseconds, both."""
WORTH_COLLECTING = 5_000
"""Objects made and not freed since the last time."""


LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_what_qt_says() -> None:
    """Send Qt's messages to the log from now on, instead of to standard error, which a windowed
    program may not have. Why there can be no window is said on standard error all the same: no log
    has begun, and Qt ends the process.
    """
    before: list[str] = []

    def tell(kind: QtMsgType, _where: QMessageLogContext, message: str) -> None:
        logging.getLogger("qt").log(LEVELS.get(kind, logging.WARNING), "%s", message)
        if Application.made:
            return
        before.append(message.strip())
        if kind is QtMsgType.QtFatalMsg:
            if sys.stderr:
                sys.stderr.write(command_line.no_window(before[0]) + "\n")
                sys.stderr.flush()
            os._exit(1)

    qInstallMessageHandler(tell)


def _collect() -> None:
    if gc.get_count()[0] > WORTH_COLLECTING:
        gc.collect()


class Application(QApplication):
    """Turns every way out (menu, last window, session end) into one signal.

    `QApplication.quit()` would take the loop away from under the clean-up. `data` is the folder of
    the control plane on this computer where another than the usual one was given.
    """

    quit_asked = Signal()
    made = False
    """Whether there was a screen for one."""

    def __init__(self, arguments: list[str], data: Path | None = None) -> None:
        super().__init__(arguments)
        Application.made = True
        self.data = data
        self.setApplicationName("autosky-desktop")
        self.setApplicationDisplayName("Autosky Desktop")
        self.setDesktopFileName(APPLICATION)
        self.setQuitOnLastWindowClosed(False)
        take_up()
        self._collect_here()

    def _collect_here(self) -> None:
        """Collect garbage on this thread only: on another one it would destroy widgets there."""
        gc.disable()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.VeryCoarseTimer)
        timer.timeout.connect(_collect)
        timer.start(COLLECT_EVERY)

    def show_first(self, window: "MainWindow") -> None:
        """Show the window and let Qt paint it, before asyncio is even imported.

        The only loop of Qt's own that we run: there is no coroutine yet that it could be inside,
        nor one that could act, so that keys and clicks wait.
        """
        loop = QEventLoop()
        shown = window.servers_painted if window.environment else window.painted
        shown.connect(loop.quit)
        QTimer.singleShot(LONGEST_FIRST_PAINT, loop.quit)  # a hidden window is never painted
        window.show()
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)

    def say_that_it_hangs(self) -> None:
        """Tell the person that the program runs already and hangs; return when that was read."""
        from PySide6.QtWidgets import QMessageBox

        text = _(labels.RUNS_AND_HANGS)
        told = QMessageBox(
            QMessageBox.Icon.Warning, "Autosky Desktop", text, QMessageBox.StandardButton.Close
        )
        loop = QEventLoop()
        told.finished.connect(loop.quit)
        told.show()
        loop.exec()

    @staticmethod
    def settle() -> None:
        """Collect garbage once, as all that is needed is loaded, and never look at what is left."""
        gc.collect()
        gc.freeze()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Quit:
            self.quit_asked.emit()
            return True
        return super().event(event)
