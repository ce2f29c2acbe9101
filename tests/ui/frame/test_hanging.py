"""A second start beside one that hangs says so, and is over when that was read."""

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QMessageBox

from tests.support.person import visible


def test_it_is_said_until_it_was_read(qapp: Any, qtbot: object) -> None:
    read: list[str] = []

    def reads() -> None:
        [told] = visible(QMessageBox)
        read.append(told.text())
        [button] = told.findChildren(QAbstractButton)
        button.click()

    QTimer.singleShot(0, reads)
    qapp.say_that_it_hangs()
    assert "is already running, but it does not answer" in read[0]
    assert list(visible(QMessageBox)) == []
