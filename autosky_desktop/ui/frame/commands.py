"""The commands of a window: how one is declared, and the main menu, keys and list made of them."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import NamedTuple, TypeVar, cast

from PySide6.QtCore import QEvent, QObject, SignalInstance
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from autosky_desktop.store.store import Store
from autosky_desktop.ui.widgets.menu import Menu
from autosky_desktop.ui.widgets.wording import Wording
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

Do = TypeVar("Do", bound=Callable[..., object])


class Listed(Enum):
    """The menu in which a command stands; those in none are done by their keys and the palette."""

    MAIN = auto()
    HELP = auto()
    NOWHERE = auto()


class Command(NamedTuple):
    """A command as it is declared, with its texts as they are looked up when it is made. `keys` may
    be several, after one another.

    `after_line` begins a group in its menu. `scaling` says, where it is only for Scaling
    environments, why it is off in another one. `found` False: not by the palette.
    """

    name: str
    keys: str = ""
    listed: Listed = Listed.MAIN
    after_line: bool = False
    scaling: str = ""
    found: bool = True


def command(
    name: str,
    keys: str = "",
    listed: Listed = Listed.MAIN,
    *,
    after_line: bool = False,
    scaling: str = "",
    found: bool = True,
) -> Callable[[Do], Do]:
    """Declare a method to be a command, with the fields of `Command`."""

    def declare(do: Do) -> Do:
        vars(do)["command"] = Command(name, keys, listed, after_line, scaling, found)
        return do

    return declare


def declared(kind: type) -> dict[str, Command]:
    """Return the commands of that class by the names of their methods, in the order of these."""
    every = {name: getattr(it, "command", None) for name, it in vars(kind).items()}
    return {name: it for name, it in every.items() if isinstance(it, Command)}


class Commands:
    """The commands that a window has. They belong to it, so that their keys work wherever the focus
    is. `found` are those that the palette finds.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self.all: list[QAction] = []
        self.found: list[QAction] = []
        self.menu, self.help = QMenu(window), Menu(window)
        self._names: list[tuple[QAction, str]] = []
        self._menus: Mapping[Listed, QMenu] = {Listed.MAIN: self.menu, Listed.HELP: self.help}
        keys = _KeysOfCommands(self.all, window)
        QApplication.instance().focusChanged.connect(keys.follow)  # type: ignore[union-attr]
        Wording(window, self._word)

    def _word(self) -> None:
        self.help.setTitle(_(labels.HELP))
        for action, name in self._names:
            action.setText(_(name))

    def add_all(self, of: object, opened: SignalInstance, store: Store) -> None:
        """Add all commands of an object; `opened` tells which environment they act in."""
        for method, told in declared(type(of)).items():
            action = self.add(told, getattr(of, method))
            if told.scaling:
                _need_scaling(action, told.scaling, opened, store)

    def add(self, told: Command, do: Callable[[], object]) -> QAction:
        """Add one command, at the end of its menu."""
        action = QAction(_(told.name), self._window)
        action.setShortcuts([QKeySequence(key) for key in told.keys.split(" ") if key])
        action.triggered.connect(lambda: do())
        self._window.addAction(action)
        self.all.append(action)
        self._names.append((action, told.name))
        if told.found:
            self.found.append(action)
        if menu := self._menus.get(told.listed):
            if menu is self.help and menu.isEmpty():
                self.menu.addMenu(menu)
            if told.after_line:
                menu.addSeparator()
            menu.addAction(action)
        return action


def _need_scaling(action: QAction, reason: str, opened: SignalInstance, store: Store) -> None:
    """Switch the command off, for that reason, while an environment is `opened` that is not
    Scaling.
    """

    def allow(environment: str) -> None:
        record = store.environments.get(environment)
        scaling = record is None or record.is_scaling
        action.setEnabled(scaling)
        action.setStatusTip("" if scaling else _(reason))

    opened.connect(allow)


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
