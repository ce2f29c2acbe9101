"""The support servers: found, sorted, copied, and several of them asked at once."""

from msgspec import structs
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.server import Power, Server
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.servers.support import SupportCard
from autosky_desktop.ui.widgets.table.table import RecordTable
from tests.support.evening import (
    Evening,
    Plane,
    a_preparation_server,
    a_support_server,
    an_environment,
    an_evening,
)
from tests.support.person import Person, visible

Key = Qt.Key
ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier

DB = a_support_server("DB-01", private_ip="10.20.0.10")
FILE = a_support_server("FILE-01", private_ip="10.20.0.9", type="File", public_ip=None)
WEB = a_support_server("WEB-01", private_ip="10.20.0.100", type="Web", status="stopped")


def shown(evening: Evening, *more: Server) -> RecordTable[Server]:
    evening.show(a_preparation_server(), DB, FILE, WEB, *more)
    return card().table


def card() -> SupportCard:
    return next(visible(ServersPage)).support


def names(table: RecordTable[Server]) -> list[str]:
    model = table.model()
    return [str(model.data(model.index(row, 0))) for row in range(model.rowCount(QModelIndex()))]


async def look_for(me: Person, text: str) -> None:
    me.key(Key.Key_F, CTRL)
    field = await me.until(
        lambda: next((it for it in visible(QLineEdit) if it is card().finder), None), "the field"
    )
    assert field.hasFocus()
    QTest.keyClicks(field, text)


async def test_a_server_is_found_by_name_address_status_or_type(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        await look_for(me, "file")
        assert names(table) == ["FILE-01"]
        await me.sees("1 of 3 servers")
        for text, found in (("0.100", "WEB-01"), ("STOPPED", "WEB-01"), ("database", "DB-01")):
            await look_for(me, text)
            assert names(table) == [found]
        me.key(Key.Key_Escape)
        assert names(table) == ["DB-01", "FILE-01", "WEB-01"]
        me.key(Key.Key_Escape)
        assert not card().finder.isVisible()
        assert table.hasFocus()


async def test_what_nobody_is_called_is_said(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening)
        await look_for(me, "xyz")
        await me.sees("No server matches “xyz”")
        me.key(Key.Key_Escape)
        await me.no_longer_sees("No server matches")
        await look_for(me, "xyz")
        await me.presses("Clear")
        await me.no_longer_sees("No server matches")
        assert names(card().table) == ["DB-01", "FILE-01", "WEB-01"]


async def test_a_search_follows_what_changes(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        await look_for(me, "stopped")
        stopped = a_support_server("DB-01", status="stopped")
        shown_now = [a_preparation_server(), stopped, FILE]
        evening.show(*shown_now)
        assert names(table) == ["DB-01"]
        evening.show(*shown_now, a_support_server("AUX-01", status="stopped"))
        assert names(table) == ["AUX-01", "DB-01"]
        me.key(Key.Key_Escape)
        assert names(table) == ["AUX-01", "DB-01", "FILE-01"]


async def test_a_search_keeps_what_is_selected(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        table.select_records([FILE.id], FILE.id)
        await look_for(me, "0")
        await look_for(me, "file")
        assert [it.name for it in table.selected_records()] == ["FILE-01"]


async def test_enter_and_down_lead_from_the_field_to_what_was_found(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        await look_for(me, "file")
        for key in (Key.Key_Return, Key.Key_Down):
            card().finder.setFocus()
            me.key(key)
            assert table.hasFocus()


async def test_many_servers_have_the_field_from_the_start(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        shown(evening, *(a_support_server(f"APP-{number}") for number in range(5)))
        await me.sees("Find a server")


async def test_every_column_sorts_from_head_and_keyboard(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        head = table.horizontalHeader()
        place = head.sectionViewportPosition(2) + 20
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 10))
        assert names(table) == ["FILE-01", "DB-01", "WEB-01"]  # by number, not by letter
        assert table.model().headerData(2, Qt.Orientation.Horizontal) == "Private IP ↑"
        table.setFocus()
        table.setCurrentIndex(table.model().index(0, 4))
        QTest.keyClick(table, Key.Key_Down, ALT)
        assert names(table) == ["WEB-01", "FILE-01", "DB-01"]
        assert table.model().headerData(4, Qt.Orientation.Horizontal) == "Type ↓"
        assert table.model().headerData(2, Qt.Orientation.Horizontal) == "Private IP"


async def test_several_are_stopped_with_one_question(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        table.select_records([DB.id, FILE.id, WEB.id], DB.id)
        await me.presses("Actions for 3 selected servers")
        await me.chooses("Stop 2 servers…")
        await me.sees("Stop 2 servers?")
        await me.sees("37 sessions are cut off")
        await me.sees("DB-01, FILE-01")
        await me.sees("WEB-01: Already stopped")
        assert not me.offers("Stop 2 servers")  # production: the name is typed first
        await me.types("Type ERP Production to confirm", "erp production")
        await me.presses("Stop 2 servers")
        await me.until(lambda: len(evening.plane.asked) == 2, "two requests")
        assert sorted(evening.plane.asked) == ["stop db-01", "stop file-01"]
        await me.no_longer_sees("Stop 2 servers?")


async def test_several_are_chosen_with_shift(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        table.setFocus()
        table.setCurrentIndex(table.model().index(0, 0))
        QTest.keyClick(table, Key.Key_Down, SHIFT)
        await me.sees("Actions for 2 selected servers")
        QTest.keyClick(table, Key.Key_Return)
        await me.chooses("Restart 2 servers…")
        await me.sees("Restart 2 servers?")
        await me.presses("Go back")
        assert evening.plane.asked == []


async def test_the_selection_survives_what_changes(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = shown(evening)
        table.select_records([DB.id, WEB.id], WEB.id)
        evening.show(a_preparation_server(), a_support_server("DB-01", status="stopping"), WEB)
        assert [it.name for it in table.selected_records()] == ["DB-01", "WEB-01"]
        record = table.current_record()
        assert record
        assert record.name == "WEB-01"


class Failing(Plane):
    """Reaches all but one server, once."""

    async def power(self, server: str, power: Power, *, key: str, hours: int | None = None) -> None:
        await super().power(server, power, key=key, hours=hours)
        if server == "file-01" and self.asked.count("restart file-01") == 1:
            raise Offline("cut")


async def test_what_one_refuses_keeps_none_of_the_others(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        plane = evening.plane
        plane.__class__ = Failing
        evening.show(a_preparation_server(), DB, FILE, environment=an_environment(label="staging"))
        card().table.select_records([DB.id, FILE.id], DB.id)
        await me.presses("Actions for 2 selected servers")
        await me.chooses("Restart 2 servers…")
        await me.presses("Restart 2 servers")
        await me.sees("FILE-01: The control plane does not answer.")
        await me.presses("Try again")
        await me.no_longer_sees("Restart 2 servers?")
        assert sorted(plane.asked) == ["restart db-01", "restart file-01", "restart file-01"]


async def test_two_of_the_same_name_are_both_asked(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        twin = structs.replace(DB, id="db-01-b")
        staging = an_environment(label="staging")
        evening.show(a_preparation_server(), DB, twin, environment=staging)
        card().table.select_records([DB.id, twin.id], DB.id)
        await me.presses("Actions for 2 selected servers")
        await me.chooses("Restart 2 servers…")
        await me.presses("Restart 2 servers")
        await me.no_longer_sees("Restart 2 servers?")
        assert sorted(evening.plane.asked) == ["restart db-01", "restart db-01-b"]
