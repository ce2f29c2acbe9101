"""The history: filtered, searched, paged, compared, exported, and published from again."""

import csv
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from autosky_desktop.actions import exporting
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.plan import Hold, Model, Options
from autosky_desktop.domain.publication import Publication
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.publish.history.card import HistoryCard
from autosky_desktop.ui.publish.history.detail_values import sums
from autosky_desktop.ui.publish.history.rows import history_of
from autosky_desktop.ui.theme.fonts import TextStyle, advance
from autosky_desktop.ui.widgets.status import pill_size
from autosky_desktop.ui.widgets.table.cells import text_rect
from autosky_desktop.ui.widgets.table.long_table import LongModel, LongTable
from tests.support.evening import ERP, Evening, a_publication, ago, an_evening
from tests.support.person import LEFT, Person, cell, texts, visible
from tests.ui.publish.form.test_forms import choose, page

DAY = 86_400


def a_past(number: int, **more: object) -> Publication:
    """Version 41 yesterday, and one each day before."""
    begun = ago(DAY * (number + 1))
    usual: dict[str, object] = {
        "id": f"r{number}", "version": 41 - number, "requested_at": begun, "started_at": begun,
        "ended_at": begun + timedelta(minutes=15), "note": f"Release {41 - number}",
    }  # fmt: skip
    return a_publication(**{**usual, **more})


LONG = [a_past(number) for number in range(450)]


def history(evening: Evening) -> HistoryCard:
    return page(evening).records.history


async def open_history(me: Person, evening: Evening, *runs: Publication) -> LongTable[Publication]:
    evening.plane.published = list(runs)
    evening.show(publications=runs[:20])
    await me.opens_tab("Publish")
    await me.sees("Passed: Preparation server is running")
    return history(evening).table


async def test_older_ones_come_as_one_scrolls(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = await open_history(me, evening, *LONG)
        await me.until(lambda: table.model().rowCount() == 200, "the first page")
        bar = table.verticalScrollBar()
        bar.setValue(bar.maximum())
        await me.until(lambda: table.model().rowCount() == 400, "the second page")
        bar.setValue(bar.maximum())
        await me.until(lambda: table.model().rowCount() == 450, "the last page")


async def test_results_and_models_are_filtered_where_the_record_is(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        failed = a_past(3, state="failed", model="standard")
        table = await open_history(me, evening, *LONG[:3], failed)
        assert not me.offers("Show everything")
        choose("Filter by result", "Failed")
        await me.until(lambda: table.model().rowCount() == 1, "the failed one")
        assert not me.offers("Show everything")  # something matches
        asked = "{'scheduled': 'false', 'state': 'failed'} from 0"
        await me.until(lambda: asked in evening.plane.read, "the question")
        choose("Filter by model", "Keep users connected")
        await me.sees("No publication matches these filters.")
        await me.presses("Show everything")
        await me.until(lambda: table.model().rowCount() == 4, "all of them")


async def test_pages_are_read_until_one_has_what_is_looked_for(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = await open_history(me, evening, *LONG, a_past(450, model="standard"))
        choose("Filter by model", "Standard")
        await me.until(lambda: table.model().rowCount() == 1, "the oldest one")


async def test_a_history_that_could_not_be_read_is_read_when_one_tries_again(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.history_error = Offline()
        await me.opens_tab("Publish")
        await me.sees("The history could not be read.")
        evening.plane.history_error, evening.plane.published = None, LONG[:30]
        await me.presses("Try again")
        await me.until(lambda: history(evening).table.model().rowCount() == 30, "the history")
        await me.no_longer_sees("The history could not be read.")


async def test_what_is_typed_is_looked_for(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = await open_history(me, evening, *LONG[:3])
        evening.plane.published = []
        await me.types("Find a publication", "release 40")
        await me.until(lambda: table.model().rowCount() == 1, "the one with that note")
        await me.until(
            lambda: "{'scheduled': 'false', 'search': 'release 40'} from 0" in evening.plane.read,
            "the question",
        )


async def test_a_model_has_a_log_of_its_own(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        standard = a_past(3, model="standard")
        table = await open_history(me, evening, *LONG[:3], standard)
        await me.opens_tab("Standard")
        await me.sees("Standard only")
        await me.until(lambda: table.model().rowCount() == 1, "the log of this model")
        assert table.accessibleName() == "Publishing log"
        await me.presses("Show all models")
        await me.sees("All models, newest first")
        await me.until(lambda: table.model().rowCount() == 4, "all of them")


async def test_an_empty_history_says_what_has_not_happened(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_history(me, evening)
        await me.sees("Nothing has been published from here yet.")
        assert not me.offers("Export history")
        assert not me.offers("Show everything")
        await me.opens_tab("Standard")
        await me.sees("Nothing has been published this way yet.")
        await me.opens_tab("Scheduled")
        await me.sees("No scheduled publication has run yet.")
        evening.store.details(ERP).publications.put(a_past(3, scheduled_for=ago(4 * DAY)))
        await me.until(lambda: me.offers("Export history"), "what to do with a record")
        await me.types("Find a publication", "nobody")
        await me.sees("No publication matches these filters.")
        await me.presses("Show everything")
        await me.until(lambda: history(evening).table.model().rowCount() == 1, "the past run")


async def test_past_runs_are_asked_for_where_the_record_is(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_history(me, evening, *LONG[:2], a_past(3, scheduled_for=ago(4 * DAY)))
        await me.opens_tab("Scheduled")
        await me.until(lambda: history(evening).table.model().rowCount() == 1, "the past run")
        asked = "{'scheduled': 'false', 'planned': 'true'} from 0"
        await me.until(lambda: asked in evening.plane.read, "the question")


async def test_two_are_compared(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        other = a_past(1, model="standard", platform_version="12.4.0")
        table = await open_history(me, evening, LONG[0], other)
        await me.clicks_cell("Version: 41")
        found = cell("Version: 40")
        assert found
        place = table.visualRect(found[0] and found[1]).center()
        QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, place)
        QTest.keyClick(table, Qt.Key.Key_Menu)
        await me.chooses("Compare with version 41")
        await me.sees("Versions 40 and 41")
        await me.sees("Model: Standard")
        await me.sees("Platform version: 12.4.0")
        await me.presses("Close")


async def test_three_are_not_compared_but_how_two_are_is_said(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        table = await open_history(me, evening, LONG[0], a_past(1), a_past(2))
        await me.clicks_cell("Version: 41")
        for version in ("Version: 40", "Version: 39"):
            found = cell(version)
            assert found
            place = table.visualRect(found[0] and found[1]).center()
            QTest.mouseClick(table.viewport(), LEFT, Qt.KeyboardModifier.ControlModifier, place)
        QTest.keyClick(table, Qt.Key.Key_Menu)
        await me.sees("Hold Ctrl and select two publications.")
        assert not any("Compare with version" in text for text in texts())


@pytest.mark.parametrize(
    ("retries", "said"), [(0, ""), (1, "tried again once"), (2, "tried again 2 times")]
)
def test_the_details_say_how_often_it_was_tried_again(retries: int, said: str) -> None:
    told = [part for part in sums(a_past(1, retries=retries)).split(" · ") if "tried" in part]
    assert told == ([said] if said else [])


async def test_details_are_copied_as_text(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await open_history(me, evening, LONG[0])
        await me.clicks_cell("Actions for the publication of Mon 23 Nov 18:33")
        await me.chooses("Copy details")
        text = QGuiApplication.clipboard().text()
        assert "Version: 41" in text
        assert "Note: Release 41" in text
        assert "1. Initial validation: Done" in text
        assert "Result: Completed" in text


async def test_every_option_that_was_chosen_is_read_whole(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        every = Options(block_instances=True, terminate_sessions=True, stop_preparation_server=True)
        evening.show(publications=[a_publication(options=every, hold=Hold(first=2))])
        await me.opens_tab("Publish")
        page(evening).records.open_details(a_publication())
        options = "Block instances, terminate sessions, stop preparation server, with a hold"
        await me.sees(f"Options: {options}")
        await me.sees("0 instances replaced · 0 sessions ended")
        for value in (it for it in visible(QLabel) if it.text() == options):
            assert value.width() >= value.sizeHint().width()
        await me.presses("Close")


async def test_what_is_missing_is_asked_for_when_the_line_is_back(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.plane.published = LONG[:30]
        evening.store.set_connection(LineStatus(Line.OFFLINE, ago(60)))
        await me.opens_tab("Publish")
        await me.sees("Publishing history")
        assert evening.plane.read == []
        evening.store.set_connection(LineStatus(Line.LIVE))
        await me.until(lambda: history(evening).table.model().rowCount() == 30, "the history")


async def test_the_whole_history_is_exported(qloop: object, me: Person, tmp_path: Path) -> None:
    async with an_evening() as evening:
        evening.plane.published = LONG
        source = history_of(ERP, evening.desktop._intents)
        target = tmp_path / "publications.csv"
        number = await exporting.export(source, {"scheduled": "false"}, target, lambda _n: None)
        rows = list(csv.reader(target.read_text(encoding="utf-8-sig").splitlines()))
        assert number == 450
        assert len(rows) == 451
        assert rows[1][1:4] == ["41", "Optimized", "Block instances"]
        assert rows[1][8] == "900"


@pytest.mark.parametrize("live", [True, False])
async def test_what_runs_is_the_first_row_and_what_is_to_come_is_none(
    qloop: object, me: Person, live: bool
) -> None:
    async with an_evening() as evening:
        table = await open_history(me, evening, *LONG[:2])
        details = evening.store.details(ERP).publications
        details.put(a_past(-2, id="later", state="scheduled", started_at=None, ended_at=None))
        assert table.model().rowCount() == 2
        if live:
            details.put(a_past(-1, id="now", state="running", started_at=ago(60), ended_at=None))
            await me.until(lambda: table.model().rowCount() == 3, "the running one")
            assert table.model().record(0).id == "now"
        assert [it for it in visible(LongTable) if it is table]


@pytest.mark.parametrize(("width", "height"), [(1024, 640), (1280, 820)])
async def test_nothing_usual_is_cut_in_the_smallest_window(
    qloop: object, me: Person, width: int, height: int
) -> None:
    async with an_evening(width, height) as evening:
        kinds = [it for it in Model if it is not Model.UNKNOWN]
        runs = [a_past(n, model=kind.value, state="failed") for n, kind in enumerate(kinds)]
        evening.plane.published = [*runs, *LONG[4:]]
        evening.show(publications=runs)
        await me.opens_tab("Publish")
        table = history(evening).table
        await me.until(lambda: table.verticalScrollBar().maximum() > 0, "more than are seen")
        for row in range(len(runs)):
            assert not cut(table, row) & {"Date", "Version", "Model", "Result", "Duration"}


def cut(table: LongTable[Publication], row: int) -> set[str]:
    """The columns whose text does not fit."""
    model = table.model()
    assert isinstance(model, LongModel)
    found = set()
    for place, spec in enumerate(model.columns):
        text = spec.shown(model.record(row))
        rect = text_rect(table.visualRect(model.index(row, place)), place, spec)
        style = TextStyle.BODY_MEDIUM if spec.kind == "date-info" else TextStyle.BODY
        wide = pill_size(text).width() if spec.status else advance(style, text)
        if wide > rect.width() and not table.isColumnHidden(place):
            found.add(spec.title)
    return found
