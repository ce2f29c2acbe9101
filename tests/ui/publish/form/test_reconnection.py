"""When users are disconnected, and how often they are warned before that."""

import pytest
from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.plan import Hold, Plan
from autosky_desktop.ui.publish.form.hold import HoldFields
from autosky_desktop.ui.publish.form.reconnection import ReconnectionTimes


@pytest.mark.usefixtures("qtbot")
def test_fewer_minutes_leave_the_nearest_warning_and_are_told_without_what_lies_between() -> None:
    timing = ReconnectionTimes()
    timing.put(10, 5)
    told = list[tuple[int, int]]()
    timing.changed.connect(lambda: told.append((timing.minutes, timing.again_minutes)))
    timing._minutes.setValue(3)
    assert set(told) == {(3, 2)}


def test_one_minute_is_a_minute(qtbot: object) -> None:
    timing = ReconnectionTimes()
    timing.put(1, 0)
    assert timing._minutes.text() == "1 minute"
    timing.put(10, 0)
    assert timing._minutes.text() == "10 minutes"


def test_a_bake_of_a_minute(qapp: QApplication) -> None:
    holding = HoldFields()
    holding.put(Plan(hold=Hold(first=1, bake_seconds=60)))
    assert holding._then.currentText() == "1 minute, then go on"
