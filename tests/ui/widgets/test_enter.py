"""Enter presses what has the keyboard, and a key that is held presses nothing more."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from autosky_desktop.domain.server import Server
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.reminders.bell import Bell, Gear
from autosky_desktop.ui.widgets.button import Button, MenuButton
from autosky_desktop.ui.widgets.dialog import Dialog
from autosky_desktop.ui.widgets.field import CopyButton
from autosky_desktop.ui.widgets.table.model import Column, RecordTableModel
from autosky_desktop.ui.widgets.table.table import RecordTable
from tests.support.evening import a_support_server
from tests.support.keys import NONE

BUTTONS = (
    lambda: Button("Move…"),
    lambda: Button("Show", "link"),
    CopyButton,
    Bell,
    Gear,
    MenuButton,
)


def still_held(target: QWidget) -> None:
    """Enter again, as the keyboard repeats a key by itself."""
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, NONE, "\r", True)
    QApplication.sendEvent(target, event)


@pytest.mark.parametrize("make", BUTTONS)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_presses_a_button_as_space_does(qtbot: QtBot, make: type, key: Qt.Key) -> None:
    window, around, button = QMainWindow(), QWidget(), make()
    assert isinstance(button, QAbstractButton)
    qtbot.addWidget(window)
    QVBoxLayout(around).addWidget(button)
    window.setCentralWidget(around)
    window.show()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    qtbot.keyClick(button, key)
    still_held(button)
    assert pressed == [True]


def test_an_enter_that_opened_a_question_does_not_answer_it(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.show()
    dialog = Dialog(window, "Start DB-01?", acting="Start", stays=True)
    acted: list[bool] = []
    dialog.acted.connect(lambda: acted.append(True))
    dialog.open()
    for target in (dialog.acting, dialog):
        still_held(target)
    assert not acted
    qtbot.keyClick(dialog.acting, Qt.Key.Key_Return)
    assert acted


def test_a_key_that_is_held_opens_the_menu_of_a_row_once(qtbot: QtBot) -> None:
    model: RecordTableModel[Server] = RecordTableModel(
        (Column("Name", lambda it: it.name),), order=lambda it: it.name
    )
    table = RecordTable(model)
    qtbot.addWidget(table)
    model.apply(Diff(added=(a_support_server(),)))
    table.setCurrentIndex(model.index(0, 0))
    opened: list[object] = []
    table.activated_record.connect(opened.append)
    still_held(table)
    assert not opened
    qtbot.keyClick(table, Qt.Key.Key_Return)
    assert len(opened) == 1
