"""PySide6 keeps the references it was lent.

PySide6 6.12.0 on Python 3.11 gives back one reference to None too many for each call from Qt into
Python, and the process aborts after a few thousand events. pyproject.toml keeps us below it; this
test says when the pin may go. From Python 3.12 on None is immortal and nothing can be lost.
"""

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, QTimerEvent, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

CALLS = 400
SLACK = 100
"""Other code takes and drops references too; a leak of one a call is four times this."""


class Counter(QObject):
    """Counts what Qt calls in it."""

    emitted = Signal(object, tuple)

    def __init__(self) -> None:
        super().__init__()
        self.calls = 0

    def timerEvent(self, event: QTimerEvent) -> None:
        self.calls += 1

    def count(self, *_: object) -> None:
        self.calls += 1


def by_timer_events(counter: Counter, qtbot: QtBot) -> None:
    timer = counter.startTimer(0)
    qtbot.waitUntil(lambda: counter.calls >= CALLS)
    counter.killTimer(timer)


def by_single_shots(counter: Counter, qtbot: QtBot) -> None:
    for _ in range(CALLS):
        QTimer.singleShot(0, counter.count)


def by_signals(counter: Counter, qtbot: QtBot) -> None:
    counter.emitted.connect(counter.count)
    for _ in range(CALLS):
        counter.emitted.emit(None, ())


def by_paints(counter: Counter, qtbot: QtBot) -> None:
    class Canvas(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:
            counter.count()

    canvas = Canvas()
    qtbot.addWidget(canvas)
    with qtbot.waitExposed(canvas):
        canvas.show()
    for _ in range(CALLS):
        canvas.repaint()


def by_runnables(counter: Counter, qtbot: QtBot) -> None:
    class Errand(QRunnable):
        def run(self) -> None:
            counter.count()

    pool = QThreadPool()
    pool.setMaxThreadCount(1)
    for _ in range(CALLS):
        pool.start(Errand())
    pool.waitForDone()


@pytest.mark.parametrize("value", [None, True], ids=str)
@pytest.mark.parametrize(
    "call", [by_timer_events, by_single_shots, by_signals, by_paints, by_runnables]
)
def test_calls_from_qt_lose_no_reference(
    call: Callable[[Counter, QtBot], None],
    value: object,
    qapp: QApplication,
    qtbot: QtBot,
) -> None:
    counter = Counter()
    before = sys.getrefcount(value)
    call(counter, qtbot)
    qtbot.waitUntil(lambda: counter.calls >= CALLS)
    assert sys.getrefcount(value) - before > -SLACK
