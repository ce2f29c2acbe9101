"""The windows behind the commands under Help: the keys, the log, and what this program is."""

import sys
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from autosky_desktop import __version__
from autosky_desktop.store.store import Store
from autosky_desktop.system import folders
from autosky_desktop.ui.theme.fonts import TextStyle, growth, set_style
from autosky_desktop.ui.widgets import keys
from autosky_desktop.ui.widgets.button import Button
from autosky_desktop.ui.widgets.dialog import CONNECT, DETAILS, Dialog
from autosky_desktop.ui.widgets.open_log import data_folder
from autosky_desktop.words import names
from autosky_desktop.words.labels import frame as labels
from autosky_desktop.words.language import _

KEYS = 720
"""The width of the list of keys."""
NO_ROOM_FOR_TWO = 1.25
"""With letters so much larger, two columns of keys are wider than a small window."""
Pairs = Sequence[tuple[str, str]]


def open_log_folder() -> None:
    """Open the folder of logs with the program that the person looks at folders with."""
    from PySide6.QtGui import QDesktopServices  # not for the first paint

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folders.logs())))


def show_keys(window: QWidget, commands: Iterable[QAction]) -> None:
    """Show every key of the window beside what it does, in two columns where there is room."""
    two = growth() < NO_ROOM_FOR_TWO
    width = KEYS if two else CONNECT
    dialog = Dialog(window, _(labels.KEYBOARD_SHORTCUTS), width=width)
    pairs = [*_of_commands(commands), *_of_forms()]
    rows = (len(pairs) + 1) // 2 if two else len(pairs)
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(6)
    for place, (text, pressed) in enumerate(pairs):
        what, which = QLabel(text), QLabel(pressed)
        what.setTextFormat(Qt.TextFormat.PlainText)
        which.setTextFormat(Qt.TextFormat.PlainText)
        which.setProperty("region", "keys")
        which.setAccessibleName(_(labels.COMMAND_KEYS).format(
            command=text, keys=pressed
        ))  # fmt: skip
        set_style(what, TextStyle.BODY)
        set_style(which, TextStyle.SMALL)
        column, row = divmod(place, rows)
        grid.addWidget(what, row, 3 * column)
        grid.addWidget(which, row, 3 * column + 1, Qt.AlignmentFlag.AlignLeft)
    grid.setColumnMinimumWidth(2, 12)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(3, 1)
    dialog.body.addLayout(grid)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def show_about(window: QWidget, store: Store) -> None:
    """Show which version this is, of what, and where it keeps its things."""
    dialog = Dialog(window, _(labels.ABOUT_AUTOSKY_DESKTOP), width=DETAILS)
    pairs = details(store)
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(1, 1)
    for row, (name, value) in enumerate(pairs):
        label, text = QLabel(name), QLabel(value)
        set_style(label, TextStyle.BODY, "text3")
        set_style(text, TextStyle.BODY)
        text.setTextFormat(Qt.TextFormat.PlainText)
        text.setWordWrap(True)
        text.setAccessibleName(f"{name}: {value}")
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(text, row, 1)
    dialog.body.addLayout(grid)
    folder, copy = (
        Button(_(labels.OPEN_LOG_FOLDER)),
        Button(_(labels.COPY)),
    )
    folder.clicked.connect(open_log_folder)
    copy.setAccessibleName(_(labels.COPY_THESE_DETAILS))
    told = "\n".join(f"{name}: {value}" for name, value in pairs)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(told))
    dialog.add_at_foot(folder)
    dialog.add_at_foot(copy)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def _of_commands(commands: Iterable[QAction]) -> Pairs:
    return [
        (action.text().rstrip("…"), keys.written(action.shortcut()))
        for action in commands
        if not action.shortcut().isEmpty()
    ]


def _of_forms() -> Pairs:
    return [
        (_(labels.PUBLISH_WHAT_FORM_HOLDS), keys.written(keys.PUBLISH_FORM)),
        (_(labels.WRITE_NOTE_ON_VERSION), keys.written(keys.NOTE)),
    ]


def details(store: Store) -> Pairs:
    """Return what About says of this program."""
    plane = _(labels.NOT_CONNECTED)
    if store.me:
        plane = _(labels.NAME_VERSION).format(
            name=names.plane(store.me.control_plane), version=store.me.version
        )
    python = ".".join(str(number) for number in sys.version_info[:3])
    return [
        (_(labels.VERSION), __version__),
        (_(labels.CONTROL_PLANE), plane),
        (_(labels.DATA_FOLDER), str(data_folder())),
        (_(labels.SETTINGS), str(folders.settings())),
        (_(labels.LOG_FOLDER), str(folders.logs())),
        (
            _(labels.BUILT_WITH),
            _(labels.QT_AND_PYTHON).format(qt=qVersion(), python=python),
        ),
        (
            _(labels.LICENCE),
            _(labels.LICENSES),
        ),
    ]
