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
from autosky_desktop.ui.widgets.table.long_table import LongModel, LongTable
from autosky_desktop.ui.widgets.table.model import Column
from autosky_desktop.ui.widgets.table.packed_records import OPEN, TOGETHER, PackedRecords
from tests.support.evening import a_publication, ago

PAGES = 3 * OPEN
MANY = PAGES * TOGETHER
ROW = 37
RUNS = {f"packed-{number}" for number in range(MANY)}


def a_run(number: int, note: str = "") -> Publication:
    """As it comes from the control plane."""
    at = ago(3600 * (number + 1))
    made = a_publication(
        id=f"packed-{number}", version=MANY - number, requested_at=at, started_at=at, note=note
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
def packed() -> PackedRecords[Publication]:
    full: PackedRecords[Publication] = PackedRecords()
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


def test_only_what_was_looked_at_lately_is_whole(packed: PackedRecords[Publication]) -> None:
    assert whole() <= OPEN * TOGETHER
    assert len(packed) == MANY
    assert list(packed) == [f"packed-{number}" for number in range(MANY)]


@pytest.mark.parametrize("number", [0, TOGETHER - 1, TOGETHER, MANY // 2, MANY - 1])
def test_what_was_packed_is_what_it_was(packed: PackedRecords[Publication], number: int) -> None:
    assert packed[f"packed-{number}"] == a_run(number)


def test_all_can_be_read_and_most_are_packed_again(packed: PackedRecords[Publication]) -> None:
    assert [it.version for it in packed.values()] == list(range(MANY, 0, -1))
    assert whole() <= (OPEN + 1) * TOGETHER  # the last one is still held by the loop


def test_a_change_to_a_packed_one_is_packed_with_it(packed: PackedRecords[Publication]) -> None:
    packed["packed-5"] = a_run(5, "Hotfix")
    del packed["packed-6"]
    assert sum(1 for it in packed.values() if it.id) == MANY - 1  # everything was opened since
    assert packed["packed-5"].note == "Hotfix"
    assert packed.get("packed-6") is None
    assert len(packed) == MANY - 1


def test_what_was_emptied_is_filled_again(packed: PackedRecords[Publication]) -> None:
    packed.clear()
    assert (len(packed), "packed-5" in packed, whole()) == (0, False, 0)
    packed["packed-5"] = a_run(5)
    assert packed["packed-5"] == a_run(5)


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
    table.select_records(["packed-3", f"packed-{MANY - 1}"], "packed-3")
    table.verticalScrollBar().setValue(MANY // 2 * ROW)
    QApplication.processEvents()
    assert [it.id for it in table.selected_records()] == ["packed-3", f"packed-{MANY - 1}"]
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
