"""Every command of the window by name: in the main menu, and on the keyboard."""

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu


class Commands:
    """Commands belong to the window, so that their keys work wherever the focus is.

    `palette` is the one that opens the list of all: it is not in it.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.menu = QMenu(window)
        self.all: list[QAction] = []
        self.palette: QAction | None = None

    def add(
        self, text: str, keys: str, work: Callable[[], object], *, listed: bool = True
    ) -> QAction:
        """One command; `listed` False: by key only, as its place is elsewhere on the screen."""
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys.split(" ") if key])
        action.triggered.connect(lambda: work())
        self._window.addAction(action)
        self.all.append(action)
        if listed:
            self.menu.addAction(action)
        return action

    def rule(self) -> None:
        self.menu.addSeparator()
