"""Days and times: typed digit by digit, stepped through, chosen from a calendar one can read."""

from collections.abc import Iterator
from datetime import date, time

import pytest
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QTableView, QWidget

from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.tokens import DARK, LIGHT, Tokens, high_contrast
from autosky_desktop.ui.widgets.input.date_field import Calendar, DateField
from autosky_desktop.ui.widgets.input.time_field import TimeField, read
from tests.support.person import Person

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def fields(qapp: QApplication) -> Iterator[tuple[DateField, TimeField, QLineEdit]]:
    """A day, a time and what comes after them."""
    window = QWidget()
    day, clock, after = DateField(), TimeField(), QLineEdit()
    row = QHBoxLayout(window)
    for field in (day, clock, after):
        row.addWidget(field)
    day.setDate(QDate(2026, 11, 24))
    clock.show_clock(time(22, 0))
    window.show()
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    yield day, clock, after
    window.deleteLater()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("00:03", time(0, 3)), ("0003", time(0, 3)), ("22.00", time(22)), ("22h", time(22)),
        ("9", time(9)), ("930", time(9, 30)), (" 7:05 ", time(7, 5)), ("22h30", time(22, 30)),
        ("", None), ("22:", None), ("22:3", None), ("24:00", None), ("12:60", None),
        ("12:000", None), ("noon", None),
    ],
)  # fmt: skip
def test_a_time_as_people_write_it(text: str, meant: time | None) -> None:
    assert read(text) == meant


@pytest.mark.parametrize("typed", ["00:03", "0003", "0.03"])
def test_a_time_is_typed_digit_by_digit(fields, typed: str) -> None:
    _, clock, _ = fields
    clock.setFocus()
    QTest.keyClick(clock, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(clock, typed)
    assert clock.clock == time(0, 3)
    QTest.keyClick(clock, Qt.Key.Key_Tab)
    assert clock.lineEdit().text() == "00:03"


async def test_after_a_click_what_is_typed_takes_the_place_of_what_was_there(
    qloop: object, me: Person, fields
) -> None:
    _, clock, _ = fields
    QTest.mouseClick(clock.lineEdit(), LEFT, pos=QPoint(20, 10))
    clock.setFocus(Qt.FocusReason.MouseFocusReason)
    await me.until(lambda: clock.lineEdit().selectedText() == "22:00", "all of it selected")
    QTest.keyClicks(clock, "00")
    assert clock.clock == time(0, 0)


def test_half_a_time_means_none_and_is_left_as_it_was_typed(fields) -> None:
    _, clock, after = fields
    clock.setFocus()
    clock.selectAll()
    QTest.keyClicks(clock, "22:")
    assert clock.clock is None
    after.setFocus()
    assert clock.lineEdit().text() == "22:"


@pytest.mark.parametrize(
    ("at", "key", "then"),
    [
        (0, Qt.Key.Key_Up, time(23, 59)), (1, Qt.Key.Key_Down, time(21, 59)),
        (5, Qt.Key.Key_Up, time(23, 0)), (4, Qt.Key.Key_Down, time(22, 58)),
    ],
)  # fmt: skip
def test_up_and_down_go_by_the_part_the_cursor_is_in(fields, at: int, key, then: time) -> None:
    _, clock, _ = fields
    clock.show_clock(time(22, 59))
    clock.setFocus()
    clock.lineEdit().setCursorPosition(at)
    QTest.keyClick(clock, key)
    assert clock.clock == then


def test_after_midnight_the_day_begins_anew(fields) -> None:
    _, clock, _ = fields
    clock.show_clock(time(23, 59))
    clock.setFocus()
    clock.lineEdit().setCursorPosition(5)
    QTest.keyClick(clock, Qt.Key.Key_Up)
    assert clock.clock == time(0, 0)


def test_tab_goes_from_the_day_to_the_time_and_back(fields) -> None:
    day, clock, after = fields
    day.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(day, Qt.Key.Key_Tab)
    assert clock.hasFocus()
    QTest.keyClick(clock, Qt.Key.Key_Tab)
    assert after.hasFocus()
    QTest.keyClick(after, Qt.Key.Key_Backtab)
    QTest.keyClick(clock, Qt.Key.Key_Backtab)
    assert day.hasFocus()


def test_typing_a_day_begins_with_its_number(fields) -> None:
    day, _, after = fields
    after.setFocus()
    day.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClicks(day, "27")
    assert day.day == date(2026, 11, 27)


def test_no_day_of_another_century_can_be_chosen(fields) -> None:
    day, _, _ = fields
    for asked, nearest in (
        (QDate(9999, 12, 31), date(2100, 12, 31)),
        (QDate(1752, 9, 14), date(2000, 1, 1)),
    ):
        day.setDate(asked)
        assert day.day == nearest


@pytest.mark.parametrize("tokens", [LIGHT, DARK, high_contrast(LIGHT), high_contrast(DARK)])
def test_the_calendar_can_be_read_in_every_theme(qapp: QApplication, tokens: Tokens) -> None:
    before = theme.tokens()
    theme.current().wear(tokens)
    calendar = Calendar()
    try:
        calendar.setSelectedDate(QDate(2026, 11, 24))
        calendar.resize(350, 260)
        calendar.show()
        assert QTest.qWaitForWindowExposed(calendar)
        view = calendar.findChild(QTableView)
        assert isinstance(view, QTableView)
        seen = view.grab().toImage()
        counted: dict[str, int] = {}
        for x in range(seen.width()):
            for y in range(seen.height()):
                name = seen.pixelColor(x, y).name()
                counted[name] = counted.get(name, 0) + 1
        paper, ink = QColor(tokens.surface).name(), QColor(tokens.text).name()
        assert max(counted, key=lambda it: counted[it]) == paper
        assert counted.get(ink, 0) > 100
        assert counted.get(QColor(tokens.accent).name(), 0) > 100
    finally:
        theme.current().wear(before)
        calendar.deleteLater()


def test_a_time_is_pasted_over_the_one_that_stands(fields) -> None:
    _, clock, _ = fields
    clock.setFocus()
    QTest.keyClick(clock, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QApplication.clipboard().setText("13:15")
    QTest.keyClick(clock, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert clock.clock == time(13, 15)


def test_a_day_can_be_read_whole(fields) -> None:
    day, _, _ = fields
    day.setDate(QDate(2026, 11, 30))
    needs = day.fontMetrics().horizontalAdvance(day.text())
    line = day.lineEdit()
    right = day.width() - line.geometry().left() - needs
    assert right >= 24
    assert line.width() >= needs + 5  # Qt keeps two points free at each end, and the cursor
