"""When users are disconnected, and how often they are warned before that."""

import pytest

from autosky_desktop.ui.publish.form.timing import Timing


@pytest.mark.usefixtures("qtbot")
def test_fewer_minutes_leave_the_nearest_warning_and_are_told_without_what_lies_between() -> None:
    timing = Timing()
    timing.put(10, 5)
    told = list[tuple[int, int]]()
    timing.changed.connect(lambda: told.append((timing.minutes, timing.again_minutes)))
    timing._minutes.setValue(3)
    assert set(told) == {(3, 2)}
