"""Ticking costs nothing unseen, and outlives nothing it needs."""

import gc
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from autosky_desktop.ui.widgets.refreshing import MINUTE, Ticking


class Watch(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.ticks = 0
        self._ticking = Ticking(self, self._tick)

    def _tick(self) -> int:
        self.ticks += 1
        return 5


def test_it_ticks_while_it_is_seen_and_at_once_when_it_is_seen_again(qtbot: Any) -> None:
    watch = Watch()
    qtbot.addWidget(watch)
    assert watch.ticks == 0
    watch.show()
    qtbot.waitUntil(lambda: watch.ticks >= 3)
    watch.hide()
    hidden = watch.ticks
    other = Watch()
    qtbot.addWidget(other)
    other.show()
    qtbot.waitUntil(lambda: other.ticks >= 5)
    assert watch.ticks == hidden
    watch.show()
    assert watch.ticks == hidden + 1


def test_a_pause_of_years_is_one_that_qt_takes(qtbot: Any) -> None:
    """A clock that was once ahead asks for the time until it is right again."""
    widget = QWidget()
    qtbot.addWidget(widget)
    ticking = Ticking(widget, lambda: 400 * 24 * 60 * MINUTE)
    widget.show()
    ticking.now()


def test_a_tick_that_fails_is_not_the_last(qtbot: Any, caplog: pytest.LogCaptureFixture) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    pauses = [5, "no number", 5]

    def tick() -> int:
        return int(pauses.pop(0))

    ticking = Ticking(widget, tick)
    widget.show()
    qtbot.waitUntil(lambda: "failed unexpectedly" in caplog.text)
    ticking.now()
    assert pauses == []


def test_a_shown_window_may_be_collected(qtbot: Any) -> None:
    """The collector empties Python's part before Qt hides the window; errors fail the test."""
    watch = Watch()
    watch.show()
    del watch
    gc.collect()
