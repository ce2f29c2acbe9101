"""The line in a field that is stepped through stands where the text of other fields does."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication
from pytestqt.qtbot import QtBot

from autosky_desktop.ui.servers.shutdown.clock_field import ClockField
from autosky_desktop.ui.widgets.input.number import Number
from autosky_desktop.ui.widgets.input.time_field import TimeField

FIELDS: dict[str, Callable[[], QAbstractSpinBox]] = {
    "number": lambda: Number(1, 99),
    "time of the day": TimeField,
    "moment": lambda: ClockField(lambda: datetime(2026, 11, 30, 12, tzinfo=UTC)),
}


@pytest.mark.parametrize("make", FIELDS.values(), ids=FIELDS)
def test_it_stays_there_whatever_changes(
    make: Callable[[], QAbstractSpinBox], qtbot: QtBot
) -> None:
    field = make()
    qtbot.addWidget(field)
    field.show()
    line = field.lineEdit()
    field.setFixedWidth(240)
    QApplication.sendPostedEvents()
    at = (line.x(), line.y(), field.width() - line.width(), field.height() - line.height())
    assert at == (8, 2, 38, 4)
    for change in (QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.EnabledChange):
        line.setGeometry(0, 0, 10, 10)  # as Qt does at some of these
        QApplication.sendEvent(field, QEvent(change))
        assert (line.x(), line.y(), field.width() - line.width()) == (8, 2, 38)
