"""Commands have their keys wherever the focus is."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.frame.commands import Command, Commands


def test_a_key_of_a_command_that_a_field_knows_too_is_the_commands(qtbot: QtBot) -> None:
    """Undo stands for any key that the platform has for editing: on X11 Ctrl+E is one."""
    window = QMainWindow()
    qtbot.addWidget(window)
    field = QLineEdit()
    window.setCentralWidget(field)
    done: list[str] = []
    told = Command("Do it", "Ctrl+Z")
    Commands(window).add(told, lambda: done.append("done"))
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    field.setFocus()
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (done, field.text()) == (["done"], "abc")
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert field.selectedText() == "abc"
