"""The keyboard, whose keys are pressed on whatever has its focus."""

import asyncio

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from autosky_desktop.ui.frame.window import MainWindow
from tests.support.person import Person, said, visible

NONE = Qt.KeyboardModifier.NoModifier
MOST_STOPS = 60


async def press(*keys: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    for key in keys:
        target = QApplication.activePopupWidget() or focus()
        await Person().until(target.window().isActiveWindow, "an active window")
        QTest.keyClick(target, key, held)
        await asyncio.sleep(0)


def focus() -> QWidget:
    """Return what has the focus, in the question or else in the window."""
    window = QApplication.activeModalWidget() or next(visible(MainWindow))
    if not window.isActiveWindow():  # drawn in memory, no window follows a closed one
        window.activateWindow()
    return window.focusWidget() or window


async def reach(*names: str) -> None:
    """Press the Tab key until what has the focus is called so, or begins so."""
    passed = []
    for _ in range(MOST_STOPS):
        if said(focus()).startswith(names):
            return
        passed.append(said(focus()))
        await press(Qt.Key.Key_Tab)
    raise AssertionError(f"{' or '.join(names)} is not reached, but {passed}")
