"""The command palette: everything that can be done, found by what it is called."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QListView, QMenu
from shiboken6 import isValid

from autosky_desktop.domain.plan import Hold
from autosky_desktop.ui.palette.palette import Palette, PaletteEntry, found, place_of
from autosky_desktop.ui.publish.history.again import AgainLine
from autosky_desktop.ui.publish.page import PublishPage
from autosky_desktop.ui.widgets.dialog import Dialog
from tests.support.connect_window import connectable
from tests.support.evening import (
    ERP,
    NOW,
    a_preparation_server,
    a_publication,
    a_support_server,
    ago,
    an_evening,
)
from tests.support.keys import press
from tests.support.person import Person, visible
from tests.support.walk import palette
from tests.ui.frame.test_by_keys import types_in_the_palette
from tests.ui.publish.run.test_runs import a_run, a_scheduled

Key = Qt.Key


def entry(text: str, where: str = "", reason: str = "") -> PaletteEntry:
    return PaletteEntry(text, lambda: None, where, reason=reason)


def names(entries: list[PaletteEntry]) -> list[str]:
    return [it.text for it in entries]


def shown() -> list[PaletteEntry]:
    palette = next(visible(Palette))
    return [palette.list.model().index(row, 0).data(Qt.ItemDataRole.UserRole)
            for row in range(palette.list.model().rowCount())]  # fmt: skip


def test_all_words_are_looked_for_in_name_and_environment() -> None:
    every = [entry("Stop DB-01", "Payroll"), entry("Stop DB-01", "ERP Staging"), entry("Settings")]
    assert [it.where for it in found(every, "payroll stop")] == ["Payroll"]
    assert found(every, "payroll restart") == []


def test_what_begins_with_the_text_comes_first_and_else_the_order_stays() -> None:
    every = [entry("Find a server"), entry("Restart DB-01"), entry("Start DB-01"), entry("Servers")]
    assert names(found(every, "start")) == ["Start DB-01", "Restart DB-01"]
    assert names(found(every, "")) == names(every)


def test_letter_case_and_accents_do_not_matter() -> None:
    assert names(found([entry("Open Produção São Paulo")], "producao SAO")) == [
        "Open Produção São Paulo"
    ]


def test_what_it_is_called_elsewhere_is_found_and_not_shown() -> None:
    it = PaletteEntry("Stop DB-01…", lambda: None, "Payroll", also="server")
    assert found([it], "stop server db-01") == [it]
    assert "server" not in it.spoken


async def test_a_failure_is_tried_again_by_name_until_something_newer_was_published(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        failed = a_run(state="failed", ended_at=ago(7000), started_at=ago(7200))
        for newer, offered in (([], ["Try the publication of version 42 again…"]),
                               ([a_publication(id="newer", version=42)], [])):  # fmt: skip
            evening.show(publications=[failed, *newer])
            texts = names(await palette(me))
            assert [it for it in texts if it.startswith("Try")] == offered


async def test_a_server_of_another_environment_is_stopped_by_its_name(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(), a_support_server("DB-07"))
        await types_in_the_palette(me, "stop db-07 payroll")
        assert [(it.text, it.where) for it in shown()] == [("Stop DB-07…", "Payroll")]
        await press(Key.Key_Return)
        await me.sees("Stop DB-07?")
        await press(Key.Key_Escape)
        assert evening.plane.asked == []


async def test_what_cannot_be_done_now_says_why_and_stays_open(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(), a_support_server("DB-07"))
        await types_in_the_palette(me, "start db-07 production")
        assert [(it.text, it.reason) for it in shown()] == [
            ("Start DB-07…", "Already running"),
            ("Restart DB-07…", ""),
        ]
        await press(Key.Key_Return)
        await me.sees("Command palette")
        assert evening.plane.asked == []


async def test_an_environment_is_opened_by_its_name(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        await types_in_the_palette(me, "payroll")
        await press(Key.Key_Return)
        await me.until(lambda: evening.desktop.window.environment == "payroll", "Payroll")


async def test_a_model_is_chosen_by_its_name(qloop: object, me: Person) -> None:
    async with an_evening():
        await types_in_the_palette(me, "publish keep users")
        await press(Key.Key_Return)
        page = await me.until(lambda: next(visible(PublishPage), None), "the Publish tab")
        assert page.forms.model == "keep-users-connected"


async def test_a_publication_that_waits_is_gone_on_with_by_name(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        held = a_publication(
            "succeeded", "skipped", "succeeded", "succeeded", "running", "pending",
            state="waiting", waiting_for="go-on", version=42, replaces=41, ended_at=None,
        )  # fmt: skip
        evening.show(publications=[held])
        await types_in_the_palette(me, "version 4")
        assert names(shown())[:3] == [
            "Go on with version 42",
            "Return to version 41…",
            "Stop the publication of version 42…",
        ]


async def test_an_earlier_version_and_the_settings_are_found(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(publications=[a_publication(), a_publication(id="old", version=40)])
        await types_in_the_palette(me, "publish version 41 again")
        assert [it.reason for it in shown()] == ["Already current."]
        await press(Key.Key_Escape)
        await types_in_the_palette(me, "publish version 40 again")
        assert [(it.text, it.reason) for it in shown()] == [("Publish version 40 again…", "")]
        await press(Key.Key_Escape)
        await types_in_the_palette(me, "settings passwords")
        await press(Key.Key_Return)
        await me.sees("Remembered passwords")


async def test_new_things_come_while_it_is_open_and_what_is_chosen_stays_chosen(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(), a_support_server("DB-02"))
        await types_in_the_palette(me, "connect db")
        await press(Key.Key_Down)
        listed = next(visible(QListView))
        assert listed.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == (
            "Connect to DB-02 as…, Payroll"
        )
        evening.show(a_preparation_server(), a_support_server("DB-01"), a_support_server("DB-02"))
        assert listed.model().rowCount() == 4
        assert listed.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole) == (
            "Connect to DB-02 as…, Payroll"
        )
        QTest.keyClick(listed.window(), Key.Key_Escape)


async def test_enter_does_nothing_once_what_was_chosen_is_gone(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        waits = a_run(state="waiting", waiting_for="go-on")
        evening.show(publications=[waits])
        await types_in_the_palette(me, "version 4")
        await press(Key.Key_Down)
        listed = next(visible(QListView))
        assert listed.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole).startswith("Return")
        evening.show(publications=[a_run()])
        assert not listed.currentIndex().isValid()
        await press(Key.Key_Return)
        assert listed.isVisible()
        assert evening.plane.asked == []
        evening.store.tell()
        assert not listed.currentIndex().isValid()
        await press(Key.Key_Up)
        assert listed.currentIndex().row() == listed.model().rowCount() - 1
        await press(Key.Key_Escape)


def test_an_entry_is_known_again_among_others_that_are_called_the_same() -> None:
    one, twin, other = entry("Connect", "ERP"), entry("Connect", "ERP"), entry("Stop", "ERP")
    assert place_of([one, twin, other], 1, [other, one, twin]) == 2
    assert place_of([one, twin, other], 1, [other, one]) == -1
    assert place_of([one, other], 1, [one]) == -1
    assert place_of([one, other], -1, [one, other]) == -1
    assert place_of([], -1, [one]) == 0


LEAVES = ("Quit", "Close the window")
OPENS_A_MENU = ("Actions for", "Main menu", "Extend execution")


def asks() -> bool:
    """Whether something wants an answer: a question, the choice of a file, a menu, or the form
    that publishes a version again.
    """
    top = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    if isinstance(top, QMenu | QFileDialog):
        return True
    if isinstance(top, Dialog):
        return not top.acting.isHidden()
    return any(visible(AgainLine))


@pytest.mark.parametrize("state", ["waiting", "failed"])
async def test_what_asks_first_ends_in_three_dots_and_nothing_else_does(
    qloop: object, me: Person, state: str
) -> None:
    held = a_run(state="waiting", waiting_for="go-on", hold=Hold(first=2))
    runs = [held if state == "waiting" else a_run(state="failed", ended_at=NOW), a_scheduled()]
    async with connectable() as it:
        it.evening.show(publications=[*runs, a_publication(id="old", version=40)])
        window = it.evening.desktop.window
        asked = 0
        # what acts at once comes last: it may be in the way of a question
        for entry in sorted(await palette(me), key=lambda it: not it.text.endswith("…")):
            text = entry.text
            if entry.reason or text in LEAVES or text.startswith(OPENS_A_MENU):
                continue
            entry.do()
            if text.endswith("…"):
                await me.until(asks, f"what {text} asks")
                asked += 1
            for _ in range(3):
                await asyncio.sleep(0)
            assert asks() == text.endswith("…"), text
            while top := QApplication.activePopupWidget() or QApplication.activeModalWidget():
                top.close()
                await me.until(lambda top=top: not isValid(top) or not top.isVisible(), "the end")
            for page in visible(PublishPage):
                page.discard()
            window.open(ERP)
            window.show_tab("servers")
            window.show()
        assert asked > 10
