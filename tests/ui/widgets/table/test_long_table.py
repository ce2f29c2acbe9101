"""A long table is quick because it moves what it has painted: nothing may be left behind."""

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from autosky_desktop.store.table import Diff
from autosky_desktop.ui.widgets.card import Card
from autosky_desktop.ui.widgets.status import spin
from autosky_desktop.ui.widgets.table.long_table import LongModel, LongTable
from autosky_desktop.ui.widgets.table.model import Column
from autosky_desktop.words.states import StatusKind

ROWS, SEEN = 400, 10


@dataclass(frozen=True)
class Run:
    id: str
    number: int
    busy: bool = False


class Runs(LongTable[Run]):
    """Number 399 first, in its card. `painted`: the numbers that were asked how they look."""

    def __init__(self, *, busy: int = -1) -> None:
        self.painted: set[int] = set()
        columns = (
            Column[Run]("Number", lambda it: f"Release {it.number}", kind="date-info"),
            Column[Run]("Result", kind="status", status=self._look_of),
        )
        self.runs: LongModel[Run] = LongModel(columns, order=lambda it: it.number, descending=True)
        super().__init__(self.runs, most_rows=SEEN)
        self.runs.apply(Diff(added=tuple(Run(f"r{n}", n, n == busy) for n in range(ROWS))))
        self.card = Card("Runs")
        self.card.set_table(self)
        self.card.resize(600, 500)

    def _look_of(self, run: Run) -> tuple[StatusKind, str]:
        self.painted.add(run.number)
        return (StatusKind.BUSY, "Publishing") if run.busy else (StatusKind.OK, "Completed")


def shown(qtbot: QtBot, table: Runs) -> Runs:
    qtbot.addWidget(table.card)
    table.card.show()
    qtbot.waitExposed(table.card)
    QApplication.processEvents()
    return table


def on_screen(table: Runs) -> QImage:
    QApplication.processEvents()
    return table.screen().grabWindow(table.card.winId()).toImage()


def scrolled(table: Runs, pixels: int) -> None:
    table.verticalScrollBar().setValue(pixels)


def same_as_painted_anew(table: Runs) -> bool:
    seen = on_screen(table)
    anew = table.card.grab().toImage()
    return seen.convertToFormat(anew.format()) == anew


@pytest.mark.parametrize("pixels", [1, 37, 120, 5_000, ROWS * 37])
def test_what_was_moved_looks_as_if_it_were_painted_there(qtbot: QtBot, pixels: int) -> None:
    table = shown(qtbot, Runs())
    scrolled(table, pixels)
    assert same_as_painted_anew(table)


def test_a_new_one_above_leaves_nothing_behind(qtbot: QtBot) -> None:
    table = shown(qtbot, Runs())
    scrolled(table, 333)
    on_screen(table)
    table.runs.apply(Diff(added=(Run("new", ROWS),)))
    assert same_as_painted_anew(table)


def test_only_the_rows_that_come_into_sight_are_painted(qtbot: QtBot) -> None:
    table = shown(qtbot, Runs())
    table.painted.clear()
    scrolled(table, 3 * 37)
    QApplication.processEvents()
    assert table.painted == {ROWS - 1 - row for row in (SEEN, SEEN + 1, SEEN + 2)}


def test_what_turns_goes_on_turning_where_it_was_moved_to(qtbot: QtBot) -> None:
    table = shown(qtbot, Runs(busy=ROWS - 4))
    qtbot.waitUntil(lambda: spin().turning)
    scrolled(table, 2 * 37)
    before, place = on_screen(table), table.visualRect(table.runs.index(3, 1))
    corner = table.viewport().mapTo(table.card, place.topLeft())
    turned = QRect(corner, place.size())
    qtbot.waitUntil(lambda: on_screen(table).copy(turned) != before.copy(turned))
