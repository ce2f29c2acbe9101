"""A long table keeps few whole records, and nobody notices."""

import gc

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.table import Diff
from autosky_desktop.ui.widgets.long_table import LongModel, LongTable
from autosky_desktop.ui.widgets.shelf import OPEN, TOGETHER, Shelf
from autosky_desktop.ui.widgets.table_model import Column
from tests.support.evening import a_publication, ago

PAGES = 3 * OPEN
MANY = PAGES * TOGETHER
ROW = 37
RUNS = {f"shelf-{number}" for number in range(MANY)}


def a_run(number: int, note: str = "") -> Publication:
    """As it comes from the control plane."""
    at = ago(3600 * (number + 1))
    made = a_publication(
        id=f"shelf-{number}", version=MANY - number, requested_at=at, started_at=at, note=note
    )
    return msgspec.json.decode(msgspec.json.encode(made), type=Publication)


def a_page(page: int) -> tuple[Publication, ...]:
    return tuple(a_run(number) for number in range(page * TOGETHER, (page + 1) * TOGETHER))


def records(table: LongTable[Publication]) -> LongModel[Publication]:
    model = table.model()
    assert isinstance(model, LongModel)
    return model


def whole() -> int:
    gc.collect()
    return sum(isinstance(it, Publication) and it.id in RUNS for it in gc.get_objects())


@pytest.fixture
def shelf() -> Shelf[Publication]:
    full: Shelf[Publication] = Shelf()
    for page in range(PAGES):
        full.update({it.id: it for it in a_page(page)})
    return full


@pytest.fixture
def table(qtbot: QtBot) -> LongTable[Publication]:
    columns = (
        Column[Publication]("Version", lambda it: f"{it.version}", sort=lambda it: it.version),
        Column[Publication]("Note", lambda it: it.note),
    )
    model = LongModel(columns, order=lambda it: it.requested_at, descending=True)
    for page in range(PAGES):
        model.apply(Diff(added=a_page(page)))
    shown = LongTable(model, most_rows=10, several=True)
    qtbot.addWidget(shown)
    shown.resize(600, 400)
    shown.show()
    qtbot.waitExposed(shown)
    return shown


def test_only_what_was_looked_at_lately_is_whole(shelf: Shelf[Publication]) -> None:
    assert whole() <= OPEN * TOGETHER
    assert len(shelf) == MANY
    assert list(shelf) == [f"shelf-{number}" for number in range(MANY)]


@pytest.mark.parametrize("number", [0, TOGETHER - 1, TOGETHER, MANY // 2, MANY - 1])
def test_what_was_packed_is_what_it_was(shelf: Shelf[Publication], number: int) -> None:
    assert shelf[f"shelf-{number}"] == a_run(number)


def test_all_can_be_read_and_most_are_packed_again(shelf: Shelf[Publication]) -> None:
    assert [it.version for it in shelf.values()] == list(range(MANY, 0, -1))
    assert whole() <= (OPEN + 1) * TOGETHER  # the last one is still held by the loop


def test_a_change_to_a_packed_one_is_packed_with_it(shelf: Shelf[Publication]) -> None:
    shelf["shelf-5"] = a_run(5, "Hotfix")
    del shelf["shelf-6"]
    assert sum(1 for it in shelf.values() if it.id) == MANY - 1  # everything was opened since
    assert shelf["shelf-5"].note == "Hotfix"
    assert shelf.get("shelf-6") is None
    assert len(shelf) == MANY - 1


def test_an_empty_shelf_is_filled_again(shelf: Shelf[Publication]) -> None:
    shelf.clear()
    assert (len(shelf), "shelf-5" in shelf, whole()) == (0, False, 0)
    shelf["shelf-5"] = a_run(5)
    assert shelf["shelf-5"] == a_run(5)


def test_scrolling_back_shows_the_same_rows(table: LongTable[Publication]) -> None:
    bar = table.verticalScrollBar()
    first = table.grab().toImage()
    for page in range(PAGES):
        bar.setValue(page * TOGETHER * ROW)
        QApplication.processEvents()
    assert table.rowAt(0) == (PAGES - 1) * TOGETHER
    bar.setValue(0)
    assert table.grab().toImage() == first
    assert whole() <= OPEN * TOGETHER


def test_what_is_selected_stays_so_and_is_told_whole(table: LongTable[Publication]) -> None:
    table.select_records(["shelf-3", f"shelf-{MANY - 1}"], "shelf-3")
    table.verticalScrollBar().setValue(MANY // 2 * ROW)
    QApplication.processEvents()
    assert [it.id for it in table.selected_records()] == ["shelf-3", f"shelf-{MANY - 1}"]
    assert table.model().index(3, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "Note: "


def test_a_new_one_and_a_change_leave_the_view_where_it_is(table: LongTable[Publication]) -> None:
    table.verticalScrollBar().setValue(MANY // 2 * ROW)
    seen = records(table).record(table.rowAt(0)).id
    records(table).apply(Diff(added=(a_run(-1),), changed=(a_run(4, "Hotfix"),)))
    assert records(table).record(table.rowAt(0)).id == seen
    assert table.model().rowCount() == MANY + 1
    assert records(table).record(5).note == "Hotfix"


def test_the_keyboard_goes_from_end_to_end(table: LongTable[Publication]) -> None:
    table.setCurrentIndex(table.model().index(0, 0))
    ctrl = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(table, Qt.Key.Key_End, ctrl)
    assert table.current_record() == a_run(MANY - 1)
    QTest.keyClick(table, Qt.Key.Key_Home, ctrl)
    assert table.current_record() == a_run(0)


def test_they_are_sorted_another_way(table: LongTable[Publication]) -> None:
    table.model().sort(0, Qt.SortOrder.AscendingOrder)
    assert records(table).record(0).version == 1
    assert records(table).record(MANY - 1).version == MANY
