"""Questions: the safe answer is easy, the dangerous one is deliberate."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QMainWindow
from pytestqt.qtbot import QtBot
from qasync import QEventLoop
from shiboken6 import isValid

from autosky_desktop.ui.widgets.dialog import Dialog, Scrim

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

Run = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def window(qtbot: QtBot) -> QMainWindow:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(1024, 640)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.fixture
def run(qapp: QApplication) -> Iterator[Run]:
    loop = QEventLoop(qapp)

    def run(work: Coroutine[Any, Any, Any]) -> Any:
        return loop.run_until_complete(asyncio.wait_for(work, 5))

    with loop:
        yield run


def question(window: QMainWindow, kind: str = "primary", **more: Any) -> Dialog:
    return Dialog(
        window,
        "Stop DB-ERP-PROD-01?",
        kind=kind,  # type: ignore[arg-type]
        acting="Stop server",
        safe="Go back",
        **more,
    )


def test_a_question_is_named_by_its_title(window: QMainWindow) -> None:
    interface = QAccessible.queryAccessibleInterface(question(window))
    assert interface.role() is QAccessible.Role.Dialog
    assert interface.text(QAccessible.Text.Name) == "Stop DB-ERP-PROD-01?"


@pytest.mark.parametrize(("press", "answer"), [("acting", True), ("safe", False)])
def test_a_question_is_answered_by_its_buttons(
    window: QMainWindow, qtbot: QtBot, run: Run, press: str, answer: bool
) -> None:
    async def ask() -> bool:
        dialog = question(window)
        asyncio.get_running_loop().call_soon(
            lambda: qtbot.mouseClick(getattr(dialog, press), Qt.MouseButton.LeftButton)
        )
        return await dialog.answer()

    assert run(ask()) is answer


def test_a_question_is_never_higher_than_the_screen(window: QMainWindow, qtbot: QtBot) -> None:
    screen = window.screen().availableGeometry()
    window.resize(1280, 2 * screen.height())
    dialog = question(window)
    words = QLabel("A line.\n" * 300)
    dialog.body.addWidget(words)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.height() > screen.height() / 2)
    assert screen.contains(dialog.geometry())
    assert dialog.acting.isVisible()
    dialog.reject()


def test_what_grows_at_the_edge_of_the_screen_stays_on_it(
    window: QMainWindow, qtbot: QtBot
) -> None:
    screen = window.screen().availableGeometry()
    dialog = question(window)
    words = QLabel("A line.")
    dialog.body.addWidget(words)
    window.move(0, screen.height() - 320)
    dialog.open()
    low = dialog.height()
    dialog.move(0, screen.height() - low)
    words.setText("A line.\n" * 12)
    qtbot.waitUntil(lambda: dialog.height() > low + 100)
    assert screen.contains(dialog.geometry())
    words.setText("A line.")
    qtbot.waitUntil(lambda: dialog.height() == low)
    assert screen.contains(dialog.geometry())
    dialog.reject()


def test_making_a_question_shows_nothing_yet(window: QMainWindow, qapp: QApplication) -> None:
    dialog = question(window)
    seen = [it for it in qapp.topLevelWidgets() if it.isVisible() and it is not window]
    assert dialog.isHidden()
    assert seen == []


def test_escape_is_the_safe_answer(window: QMainWindow, qtbot: QtBot, run: Run) -> None:
    async def ask() -> bool:
        dialog = question(window)
        asyncio.get_running_loop().call_soon(qtbot.keyClick, dialog, Qt.Key.Key_Escape)
        return await dialog.answer()

    assert run(ask()) is False


def test_giving_up_the_wait_closes_the_question(window: QMainWindow, run: Run) -> None:
    async def ask() -> bool:
        dialog = question(window)
        task = asyncio.ensure_future(dialog.answer())
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        return isValid(dialog)

    assert run(ask()) is False


def test_the_window_is_dark_while_a_question_is_open(window: QMainWindow) -> None:
    dialog = question(window)
    dialog.open()
    scrim = window.findChild(Scrim)
    assert scrim is not None
    assert scrim.isVisible()
    window.resize(1100, 700)
    assert scrim.size() == window.size()
    dialog.reject()
    assert dialog._scrim is None


def test_enter_acts_where_nothing_is_lost(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = question(window)
    dialog.open()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_enter_in_a_dangerous_question_needs_the_acting_button_focused(
    window: QMainWindow, qtbot: QtBot
) -> None:
    dialog = question(window, "destructive")
    field = QLineEdit()
    dialog.body.addWidget(field)
    field.setFocus()
    dialog.open()
    qtbot.waitExposed(dialog)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    dialog.acting.setFocus()
    with qtbot.waitSignal(dialog.accepted):
        qtbot.keyClick(dialog.acting, Qt.Key.Key_Return)


def test_a_dangerous_question_begins_at_the_safe_button(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = question(window, "destructive")
    dialog.open()
    assert dialog.focusWidget() is dialog.safe


def test_the_safe_button_comes_first(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = question(window)
    dialog.open()
    qtbot.waitExposed(dialog)
    assert dialog.safe.x() < dialog.acting.x()


def test_a_question_that_works_stays_open(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = question(window, stays=True)
    dialog.open()
    with qtbot.waitSignal(dialog.acted):
        dialog.acting.click()
    assert dialog.isVisible()


def test_a_long_question_scrolls_within_the_window(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = question(window)
    for number in range(60):
        dialog.body.addWidget(QLabel(f"Consequence {number}"))
    dialog.open()
    qtbot.waitExposed(dialog)
    assert dialog.height() == round(window.height() * 0.9)
    assert dialog.safe.isVisible()


def test_a_question_opens_over_the_middle_of_its_window(window: QMainWindow, qtbot: QtBot) -> None:
    """Also one whose height is only known by its width."""
    window.move(300, 120)
    dialog = question(window)
    long = QLabel("Unsaved work is lost and users get no warning. " * 8)
    long.setWordWrap(True)
    dialog.body.addWidget(long)
    dialog.open()
    qtbot.waitExposed(dialog)
    apart = dialog.geometry().center() - window.geometry().center()
    assert abs(apart.x()) <= 20
    assert abs(apart.y()) <= 60


def test_a_question_grows_with_what_it_says(window: QMainWindow, qtbot: QtBot) -> None:
    dialog = question(window)
    dialog.body.addWidget(QLabel("37 sessions end at once."))
    dialog.open()
    qtbot.waitExposed(dialog)
    before = dialog.height()
    dialog.body.addWidget(QLabel("4 instances are replaced."))
    qtbot.waitUntil(lambda: dialog.height() > before)


def test_an_enter_while_the_acting_button_is_grey_presses_nothing(
    window: QMainWindow, qtbot: QtBot
) -> None:
    dialog = question(window, stays=True)
    acted: list[bool] = []
    dialog.acted.connect(lambda: acted.append(True))
    dialog.open()
    assert dialog.focusWidget() is dialog.acting
    dialog.acting.setEnabled(False)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert dialog.isVisible()
    assert not acted
    dialog.acting.setEnabled(True)
    assert dialog.focusWidget() is dialog.acting
    qtbot.keyClick(dialog.acting, Qt.Key.Key_Return)
    assert acted


def test_the_acting_button_takes_the_focus_back_from_nobody(
    window: QMainWindow, qtbot: QtBot
) -> None:
    dialog = question(window, stays=True)
    dialog.open()
    dialog.acting.setEnabled(False)
    dialog.safe.setFocus()
    dialog.acting.setEnabled(True)
    assert dialog.focusWidget() is dialog.safe


def test_a_button_that_could_not_act_while_it_was_busy_has_the_focus_afterwards(
    window: QMainWindow, qtbot: QtBot
) -> None:
    dialog = question(window, stays=True)
    dialog.open()
    dialog.acting.show_busy("Stopping…")
    assert dialog.focusWidget() is dialog
    dialog.acting.show_ready()
    assert dialog.focusWidget() is dialog.acting
