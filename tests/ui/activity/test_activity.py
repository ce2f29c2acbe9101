"""The record, as a card and as a tab: found, filtered, paged and kept live."""

from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QScrollArea

from autosky_desktop.domain.errors import NotUnderstood
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.activity.page import ActivityTab
from autosky_desktop.ui.widgets.input.select import Select
from autosky_desktop.ui.widgets.table.table import RecordTable
from tests.support.evening import ERP, LIVE, NOW, Evening, ago, an_activity, an_evening
from tests.support.person import Person, visible
from tests.ui.frame.test_foreign_words import EVIL, taken_for_markup
from tests.ui.frame.test_whole_window import check_buttons

LONG = [an_activity(number) for number in range(1000)]


def chooses(name: str, text: str) -> None:
    """In one of the filters."""
    [select] = [it for it in visible(Select) if it.accessibleName() == name]
    select.setCurrentIndex(select.findText(text))


def page(evening: Evening) -> ActivityTab:
    assert evening.desktop.window.page
    found = evening.desktop.window.page.tab("activity")
    assert isinstance(found, ActivityTab)
    return found


def newest(evening: Evening, *entries: object) -> None:
    evening.store.details(ERP).activity.replace(entries)  # type: ignore[arg-type]


async def test_the_card_shows_the_last_four_and_leads_to_all(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await me.sees("Nothing has happened in this environment since you connected it.")
        evening.plane.record = LONG[:6]
        newest(evening, *LONG[:6])
        await me.sees("What: Restart of WEB-ERP-PROD-01 requested")
        [table] = [it for it in visible(RecordTable) if it.accessibleName() == "Recent activity"]
        assert table.model().rowCount() == 4
        await me.presses("Show all activity")
        assert evening.desktop.window.tab == "activity"
        await me.until(lambda: page(evening).table.model().rowCount() == 6, "all six")


async def test_what_is_under_way_is_running_until_it_is_seen_done(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        running = an_activity(0, outcome="running")
        newest(evening, running)
        await me.sees("Result: Running, 42 s")
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Result: Not confirmed")
        evening.store.set_connection(LIVE)
        evening.store.details(ERP).activity.put(msgspec.structs.replace(running, outcome="done"))
        await me.sees("Result: Done")


async def test_older_entries_come_as_one_scrolls_and_new_ones_by_themselves(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.record = LONG
        newest(evening, *LONG[:50])
        QTest.keyClick(evening.desktop.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        table = page(evening).table
        await me.until(lambda: table.model().rowCount() == 200, "the first page")
        bar = table.verticalScrollBar()
        bar.setValue(bar.maximum())
        await me.until(lambda: table.model().rowCount() == 400, "the second page")
        assert bar.value() < bar.maximum() / 2 + 1000

        before, looked_at = bar.value(), table.indexAt(table.rect().center()).data()
        evening.store.details(ERP).activity.put(an_activity(-1, target="DB-ERP-PROD-01"))
        assert table.model().rowCount() == 401
        assert bar.value() > before
        assert table.indexAt(table.rect().center()).data() == looked_at
        asked = [it for it in evening.plane.asked if it.startswith("activity")]
        assert asked == ["activity {} from 0", "activity {} from 200"]


@pytest.mark.parametrize(
    ("name", "text", "rows", "asked"),
    [
        ("Filter activity by kind", "Stops", 2, "activity {'kind': 'stop-server'} from 0"),
        ("Filter activity by person", "By schedule", 1, "activity {'by': ''} from 0"),
        ("Filter activity by person", "bob", 1, "activity {'by': 'bob'} from 0"),
    ],
)
async def test_the_record_is_filtered(
    qloop: object, me: Person, name: str, text: str, rows: int, asked: str
) -> None:
    async with an_evening() as evening:
        evening.plane.record = [
            *LONG[:3],
            an_activity(3, kind="stop-server", by="bob"),
            an_activity(4, kind="stop-server", by=None),
        ]
        await me.opens_tab("Activity")
        table = page(evening).table
        await me.until(lambda: table.model().rowCount() == 5, "everything")
        chooses(name, text)
        await me.until(lambda: table.model().rowCount() == rows, "what matches")
        assert evening.plane.asked[-1] == asked
        evening.store.details(ERP).activity.put(an_activity(-1))
        assert table.model().rowCount() == rows  # it does not match
        chooses(name, {"kind": "Everything", "person": "Everybody"}[name.split()[-1]])
        await me.until(lambda: table.model().rowCount() == 6, "everything")


async def test_a_day_is_from_midnight_to_midnight_here(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        yesterday = an_activity(1, at=NOW - timedelta(days=1), kind="stop-server")
        evening.plane.record = [an_activity(0), yesterday]
        await me.opens_tab("Activity")
        table = page(evening).table
        await me.until(lambda: table.model().rowCount() == 2, "everything")
        chooses("Filter activity by day", "Yesterday")
        await me.until(lambda: table.model().rowCount() == 1, "yesterday")
        await me.sees("What: Stop of WEB-ERP-PROD-01 requested")
        chooses("Filter activity by day", "Another day")
        await me.sees("No activity matches these filters.")
        await me.presses("Show everything")
        await me.until(lambda: table.model().rowCount() == 2, "everything")


async def test_a_record_that_cannot_be_read_says_so_and_is_asked_for_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.record_error = NotUnderstood("half an answer")
        newest(evening, LONG[0])
        await me.opens_tab("Activity")
        await me.sees("The activity could not be read. The control plane's answer could not")
        await me.sees("What: Restart of WEB-ERP-PROD-01 requested")
        evening.plane.record_error, evening.plane.record = None, LONG[:3]
        await me.presses("Try again")
        await me.until(lambda: page(evening).table.model().rowCount() == 3, "the record")
        await me.no_longer_sees("The activity could not be read.")


async def test_offline_what_is_known_stays_and_the_rest_comes_with_the_line(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.record = LONG[:3]
        newest(evening, LONG[0])
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.opens_tab("Activity")
        await me.sees("This is what was known at")
        assert not me.offers("Export activity")
        evening.store.set_connection(LIVE)
        await me.until(lambda: page(evening).table.model().rowCount() == 3, "the record")
        assert me.offers("Export activity")


async def test_an_empty_record_says_so(qloop: object, me: Person) -> None:
    async with an_evening():
        await me.opens_tab("Activity")
        await me.sees("Nothing has happened in this environment since you connected it.")


async def test_what_was_missed_between_two_snapshots_is_read(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.record = LONG[500:]
        newest(evening, *LONG[500:550])
        await me.opens_tab("Activity")
        table = page(evening).table
        await me.until(lambda: table.model().rowCount() == 200, "the first page")
        evening.plane.record = LONG
        newest(evening, *LONG[:50])  # 450 happened while nobody listened
        await me.until(lambda: table.model().rowCount() == 200, "the first page again")
        model = page(evening)._model
        assert [model.record(row).id for row in range(200)] == [it.id for it in LONG[:200]]


async def test_a_shutdown_is_told_with_its_times(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        at = {"moved_from": ago(1991), "moved_to": ago(-1609)}
        moved = an_activity(0, kind="move-shutdown", target="PREP-ERP-PROD-01", **at)
        newest(evening, moved)
        hours = [it.astimezone().strftime("%H:%M") for it in at.values()]
        await me.sees(f"Shutdown of PREP-ERP-PROD-01 moved from {hours[0]} to {hours[1]}")


@pytest.mark.parametrize("width", [1280, 1024])
async def test_everything_fits_and_has_a_name(qloop: object, me: Person, width: int) -> None:
    async with an_evening(width, 640) as evening:
        evening.plane.record = [
            an_activity(0, target="WEB-" * 30, by="a.long.name@" * 6, outcome="running"),
            an_activity(1, kind="<b>odd</b>", target="", detail="No room. " * 40, outcome="failed"),
            an_activity(2, kind="publish", target="", version=42, by=None),
        ]
        await me.opens_tab("Activity")
        await me.sees("Server or version: Version 42", "What: Publication of version 42")
        chooses("Filter activity by day", "Another day")
        await me.sees("No activity matches these filters.")
        assert check_buttons() >= 4
        area = next(visible(QScrollArea))
        assert area.widget().minimumSizeHint().width() <= area.viewport().width()
        evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        await me.sees("Not connected since")
        assert check_buttons() >= 4


async def test_the_filters_and_the_export_are_reached_by_keys(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.plane.record = LONG[:3]
        window = evening.desktop.window
        QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        await me.sees("What: Restart of WEB-ERP-PROD-01 requested")
        window.header.tabs.setFocus()
        passed = []
        for _ in range(6):
            QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
            passed.append(window.focusWidget().accessibleName())
        assert passed[:5] == [
            "Filter activity by kind",
            "Filter activity by person",
            "Filter activity by day",
            "Export activity",
            "Activity",
        ]


async def test_what_a_control_plane_records_is_no_markup(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        odd = an_activity(
            0, kind=EVIL, by=EVIL, target=EVIL, outcome=EVIL, detail=EVIL, reason=EVIL
        )
        evening.plane.record = [odd]
        newest(evening, odd)
        await me.sees(f"By whom: {EVIL}")
        await me.opens_tab("Activity")
        await me.sees(f"Server or version: {EVIL}")
        assert taken_for_markup() == []


async def test_what_nobody_looks_at_does_not_grow_for_ever(
    qloop: object, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("autosky_desktop.ui.activity.page.MOST", 250)
    async with an_evening() as evening:
        evening.plane.record = LONG
        newest(evening, *LONG[:50])
        QTest.keyClick(evening.desktop.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        table = page(evening).table
        await me.until(lambda: table.model().rowCount() == 200, "the first page")
        bar = table.verticalScrollBar()
        bar.setValue(bar.maximum())
        await me.until(lambda: table.model().rowCount() == 400, "the second page")
        evening.store.details(ERP).activity.put(an_activity(-1))
        assert table.model().rowCount() == 401  # somebody is down there
        evening.desktop.window.show_tab("servers")
        evening.store.details(ERP).activity.put(an_activity(-2))
        assert table.model().rowCount() == 52
        evening.desktop.window.show_tab("activity")
        await me.until(lambda: table.model().rowCount() == 202, "the first page again")
