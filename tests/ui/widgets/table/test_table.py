"""A table of servers: differences arrive, nothing the person does is disturbed by them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QStyle
from pytestqt.qtbot import QtBot

from autosky_desktop.store.table import Diff
from autosky_desktop.ui.theme.theme import Theme
from autosky_desktop.ui.widgets.table.cells import _CHOSEN, content_rect, icon_rect
from autosky_desktop.ui.widgets.table.model import runs
from autosky_desktop.ui.widgets.table.table import Column, RecordTable, RecordTableModel
from autosky_desktop.words.states import StatusKind

LEFT = Qt.MouseButton.LeftButton
NAME, ADDRESS, STATUS, DATE, MENU = range(5)


@dataclass(frozen=True)
class Machine:
    id: str
    name: str
    address: str | None = "203.0.113.31"
    running: bool = True


def columns() -> tuple[Column[Machine], ...]:
    running, stopped = (StatusKind.OK, "Running"), (StatusKind.IDLE, "Stopped")
    return (
        Column("Name", lambda it: it.name, kind="name", sort=lambda it: it.name, weight=3),
        Column("Public IP", lambda it: it.address, kind="address", missing="None", weight=3),
        Column(
            "Status",
            kind="status",
            status=lambda it: running if it.running else stopped,
            sort=lambda it: it.running,
            weight=2,
        ),
        Column("Date", lambda _it: "Fri 20 Nov 19:04", kind="date-info", width=180),
        Column("", kind="menu", width=52, accessible=lambda it: f"Actions for {it.name}"),
    )


Model = RecordTableModel[Machine]


@pytest.fixture
def model() -> Model:
    return make([Machine("1", "DB-01"), Machine("2", "FILE-01", None), Machine("3", "WEB-01")])


def make(machines: list[Machine], *, descending: bool = False) -> Model:
    model: Model = RecordTableModel(columns(), order=lambda it: it.name, descending=descending)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    model.apply(Diff(added=tuple(machines)))
    return model


@pytest.fixture
def table(model: Model, qtbot: QtBot) -> RecordTable[Machine]:
    table = RecordTable(model)
    table.setAccessibleName("Support servers")
    qtbot.addWidget(table)
    table.resize(980, table.height())
    table.show()
    qtbot.waitExposed(table)
    return table


def names(model: Model) -> list[str]:
    return [model.record(row).name for row in range(model.rowCount())]


def press_icon(table: RecordTable[Machine], model: Model, row: int, column: int) -> QPoint:
    rect = table.visualRect(model.index(row, column))
    spec = model.columns[column]
    return icon_rect(content_rect(rect, column), spec, model.record(row)).center()


def test_rows_stand_in_order_wherever_they_are_added(model: Model) -> None:
    model.apply(Diff(added=(Machine("4", "CACHE-01"), Machine("5", "ETL-01"))))
    assert names(model) == ["CACHE-01", "DB-01", "ETL-01", "FILE-01", "WEB-01"]


def test_newest_first_puts_a_new_record_on_top() -> None:
    model = make([Machine("1", "40"), Machine("2", "41")], descending=True)
    model.apply(Diff(added=(Machine("3", "42"),)))
    model.apply(Diff(removed=("1",)))
    assert names(model) == ["42", "41"]


def test_a_renamed_server_moves_and_stays_selected(
    model: Model, table: RecordTable[Machine]
) -> None:
    table.setCurrentIndex(model.index(0, 0))
    model.apply(Diff(changed=(Machine("1", "ZZ-01"),)))
    assert names(model) == ["FILE-01", "WEB-01", "ZZ-01"]
    assert table.currentIndex().row() == 2


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("name", ["A", "DC", "G", "X"])
@pytest.mark.parametrize("who", ["1", "2", "3"])
def test_any_move_keeps_order_and_places(who: str, name: str, descending: bool) -> None:
    model = make([Machine("1", "D"), Machine("2", "F"), Machine("3", "W")], descending=descending)
    model.apply(Diff(changed=(Machine(who, name),)))
    assert names(model) == sorted(names(model), reverse=descending)
    assert [model.row_of(model.record(row).id) for row in range(3)] == [0, 1, 2]


def test_a_change_is_told_once_for_rows_that_touch(model: Model, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    stopped = [replace(model.record(row), running=False) for row in range(3)]
    model.apply(Diff(changed=tuple(stopped)))
    assert told == [(0, 2)]


def test_rows_that_go_are_taken_in_runs() -> None:
    assert list(runs([5, 1, 2, 9, 3], falling=True)) == [(9, 9), (5, 5), (1, 3)]


def test_a_difference_about_unknown_records_changes_nothing(model: Model) -> None:
    model.apply(Diff(removed=("9",), changed=(Machine("8", "X"),)))
    assert names(model) == ["DB-01", "FILE-01", "WEB-01"]


def test_sorting_keeps_the_current_server(model: Model, table: RecordTable[Machine]) -> None:
    model.apply(Diff(changed=(Machine("3", "WEB-01", running=False),)))
    table.setCurrentIndex(model.index(0, 1))
    model.sort(STATUS)
    assert names(model) == ["WEB-01", "DB-01", "FILE-01"]
    assert (table.currentIndex().row(), table.currentIndex().column()) == (1, 1)


def test_cells_are_read_with_their_column(table: RecordTable[Machine]) -> None:
    said = QAccessible.queryAccessibleInterface(table)
    assert said.role() is QAccessible.Role.Table
    children = [said.child(place) for place in range(said.childCount())]
    cells = [it for it in children if it.role() is QAccessible.Role.Cell]
    assert [it.text(QAccessible.Text.Name) for it in cells[5:10]] == [
        "Name: FILE-01", "Public IP: None", "Status: Running", "Date: Fri 20 Nov 19:04",
        "Actions for FILE-01",
    ]  # fmt: skip


def test_the_table_is_as_high_as_its_rows(model: Model, table: RecordTable[Machine]) -> None:
    before = table.height()
    model.apply(Diff(added=(Machine("4", "X-01"),)))
    assert table.height() == before + 37


def test_columns_share_the_width_and_never_scroll(table: RecordTable[Machine]) -> None:
    widths = [table.columnWidth(column) for column in range(5)]
    assert sum(widths) == table.viewport().width()
    assert widths[DATE] == 180


def test_a_column_goes_where_there_is_no_room(qtbot: QtBot) -> None:
    note = Column[Machine]("Note", lambda it: it.name, hide_below=900)
    table = RecordTable(RecordTableModel((*columns(), note), order=lambda it: it.name))
    qtbot.addWidget(table)
    table.show()
    for width, hidden in ((1000, False), (800, True)):
        table.resize(width, 200)
        assert table.isColumnHidden(5) is hidden


def test_the_copy_icon_copies_and_says_so(
    model: Model, table: RecordTable[Machine], qtbot: QtBot
) -> None:
    qtbot.mouseClick(table.viewport(), LEFT, pos=press_icon(table, model, 0, ADDRESS))
    assert QGuiApplication.clipboard().text() == "203.0.113.31"
    assert table._look.copied == ("1", ADDRESS)


def test_there_is_nothing_to_copy_where_no_address_is(
    model: Model, table: RecordTable[Machine], qtbot: QtBot
) -> None:
    QGuiApplication.clipboard().setText("before")
    qtbot.mouseClick(table.viewport(), LEFT, pos=press_icon(table, model, 1, ADDRESS))
    assert QGuiApplication.clipboard().text() == "before"


def test_the_information_icon_asks_for_details(
    model: Model, table: RecordTable[Machine], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(table.info_requested) as asked:
        qtbot.mouseClick(table.viewport(), LEFT, pos=press_icon(table, model, 2, DATE))
    assert asked.args == [model.record(2)]


def test_the_dots_ask_for_the_menu(model: Model, table: RecordTable[Machine], qtbot: QtBot) -> None:
    place = table.visualRect(model.index(1, MENU)).center()
    with qtbot.waitSignal(table.menu_requested) as asked:
        qtbot.mouseClick(table.viewport(), LEFT, pos=place)
    assert asked.args[0] == model.record(1)


@pytest.mark.parametrize(
    "press",
    [
        lambda bot, table: bot.keyClick(table, Qt.Key.Key_Menu),
        lambda bot, table: bot.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier),
    ],
    ids=["menu key", "shift f10"],
)
def test_the_keyboard_asks_for_the_menu_once(
    model: Model,
    table: RecordTable[Machine],
    qtbot: QtBot,
    press: Callable[[QtBot, RecordTable[Machine]], None],
) -> None:
    asked: list[Machine] = []
    table.menu_requested.connect(lambda record, _place: asked.append(record))
    table.setCurrentIndex(model.index(2, 0))
    with qtbot.waitSignal(table.menu_requested):
        press(qtbot, table)
    assert asked == [model.record(2)]


def test_enter_and_copy_work_on_the_current_cell(
    model: Model, table: RecordTable[Machine], qtbot: QtBot
) -> None:
    table.setCurrentIndex(model.index(0, STATUS))
    with qtbot.waitSignal(table.activated_record):
        qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "Running"


def test_a_changed_row_fades_once_and_then_rests(
    model: Model, table: RecordTable[Machine], qtbot: QtBot
) -> None:
    model.apply(Diff(changed=(Machine("1", "DB-01", running=False),)))
    assert table._fade.active
    qtbot.waitUntil(lambda: not table._fade.active)


def test_where_everything_moves_nothing_is_pointed_at(
    model: Model, table: RecordTable[Machine], qtbot: QtBot
) -> None:
    many = [Machine(str(number), f"DB-{number}") for number in range(100, 120)]
    model.apply(Diff(added=tuple(many)))
    model.apply(Diff(changed=tuple(replace(it, running=False) for it in many)))
    assert not table._fade.active


def test_a_row_does_not_fade_for_what_time_alone_changes(qtbot: QtBot) -> None:
    columns = (
        Column[Machine]("Name", lambda it: it.name),
        Column[Machine]("Time", lambda it: it.address, ticks=True),
    )
    model: Model = RecordTableModel(columns, order=lambda it: it.name)
    model.apply(Diff(added=(Machine("1", "DB-01", "0:41"),)))
    with qtbot.assertNotEmitted(model.records_changed):
        model.apply(Diff(changed=(Machine("1", "DB-01", "0:42"),)))
    with qtbot.waitSignal(model.records_changed):
        model.apply(Diff(changed=(Machine("1", "DB-02", "0:42"),)))


def test_nothing_fades_for_a_person_who_wants_no_motion(
    model: Model, table: RecordTable[Machine], look: Theme
) -> None:
    look.reduce_motion(True)
    try:
        model.apply(Diff(changed=(Machine("1", "DB-01", running=False),)))
        assert not table._fade.active
    finally:
        look.reduce_motion(False)


def test_a_row_that_fades_stops_when_somebody_wants_no_motion(
    model: Model, table: RecordTable[Machine], look: Theme
) -> None:
    model.apply(Diff(changed=(Machine("1", "DB-01", running=False),)))
    assert table._fade.active
    look.reduce_motion(True)
    try:
        table._fade._step()
        assert not table._fade.active
    finally:
        look.reduce_motion(False)


def test_selection_survives_removals_above(model: Model, table: RecordTable[Machine]) -> None:
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().setCurrentIndex(model.index(2, 0), flags.ClearAndSelect | flags.Rows)
    model.apply(Diff(removed=("1", "2")))
    assert table.current_record() == Machine("3", "WEB-01")
    assert table.selectionModel().isRowSelected(0)


def test_what_stands_for_a_chosen_row_is_what_qt_means_by_it() -> None:
    assert QStyle.StateFlag.State_Selected.value == _CHOSEN
