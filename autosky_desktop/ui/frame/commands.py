"""The commands of the window, each by its name: in the main menu, and on the keyboard."""

from collections.abc import Callable, Sequence
from typing import cast

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from autosky_desktop.store.store import Store


class Commands:
    """The window's commands. They belong to the window, so that their keys work wherever the focus
    is.

    `palette` is the command that opens the list of all others: it is not in that list.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.menu = QMenu(window)
        self.all: list[QAction] = []
        self.palette: QAction | None = None
        keys = _KeysOfCommands(self.all, window)
        QApplication.instance().focusChanged.connect(keys.follow)  # type: ignore[union-attr]

    def add(
        self, text: str, keys: str, work: Callable[[], object], *, listed: bool = True
    ) -> QAction:
        """Add a command. `listed` False: by key only, as its place is elsewhere on the screen."""
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys.split(" ") if key])
        action.triggered.connect(lambda: work())
        self._window.addAction(action)
        self.all.append(action)
        if listed:
            self.menu.addAction(action)
        return action

    def need_scaling(
        self, actions: Sequence[QAction], opened: SignalInstance, store: Store, reason: str
    ) -> None:
        """Switch these commands off, for that reason, while an environment is `opened` that is not
        Scaling.
        """

        def allow(environment: str) -> None:
            record = store.environments.get(environment)
            scaling = record is None or record.is_scaling
            for action in actions:
                action.setEnabled(scaling)
                action.setStatusTip("" if scaling else reason)

        opened.connect(allow)

    def rule(self) -> None:
        self.menu.addSeparator()


class _KeysOfCommands(QObject):
    """Lets the commands' keys work inside text fields too.

    A field takes the keys that Qt's platform knows for editing: on X11 Ctrl+E, the end of a line.
    Only what has the focus is looked at: a filter over all events would cost each of them.
    """

    def __init__(self, commands: list[QAction], window: QMainWindow) -> None:
        super().__init__(window)
        self._commands = commands

    def follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old:
            old.removeEventFilter(self)
        if new and new.window() is self.parent():
            new.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is not QEvent.Type.ShortcutOverride:
            return False
        pressed = QKeySequence(cast("QKeyEvent", event).keyCombination())
        if not any(pressed in action.shortcuts() for action in self._commands):
            return False
        event.ignore()
        return True
