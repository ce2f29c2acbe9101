"""The panel under the bell: what is unread, how one goes through it by keys, and what clearing
leaves."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from autosky_desktop.domain.environment import Publishing
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.system.plane_files import KeptReminders
from autosky_desktop.ui.reminders.inbox import Inbox
from autosky_desktop.ui.theme import theme
from autosky_desktop.ui.theme.fonts import scaled
from autosky_desktop.ui.theme.tokens import DARK, LIGHT
from autosky_desktop.ui.widgets.refreshing import Ticking
from tests.support import looking
from tests.support.background import SEVEN, Kepts, Mover, Watched, a_watched_evening, stops_at
from tests.support.evening import ERP, NOW, an_environment
from tests.support.person import Person, cells, said, visible

Key, CTRL, SHIFT = (
    Qt.Key,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def an_entry(number: int, news: str = "published", **more: Any) -> Entry:
    """Told so many minutes ago."""
    usual: dict[str, Any] = {"environment": ERP, "name": "ERP Production", "version": 40}
    told = NOW - timedelta(minutes=number)
    return Entry(id=f"e{number}", news=news, told_at=told, **{**usual, **more})


def kept(*entries: Entry) -> Kepts:
    return Kepts(Kept(entries=entries))


def panel(it: Watched) -> Inbox:
    found = it.evening.desktop.window.panel
    assert isinstance(found, Inbox)
    return found


def heard(it: Watched) -> list[str]:
    """What somebody who listens hears of each entry."""
    return [text for _index, text in cells(panel(it).list)]


def focus() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key) -> None:
    QTest.keyClick(focus(), key)


def open_by_key(it: Watched) -> None:
    window = it.evening.desktop.window
    QTest.keyClick(window.focusWidget() or window, Key.Key_R, CTRL | SHIFT)


async def test_entries_stand_newest_first_each_with_where_and_when(
    qloop: object, me: Person
) -> None:
    entries = (
        an_entry(1, "failed", version=3, step=3, name="ERP Staging", reason="image-failed"),
        an_entry(90, read=True),
        an_entry(24 * 60, "missed", server="p", server_name="PREP-ERP-PROD-01", at=NOW),
    )
    async with a_watched_evening(at=None, kept=kept(*entries)) as it:
        await me.presses("Notifications, 2 unread")
        failed, published, missed = heard(it)
        assert failed == (
            "Unread. Publication of version 3 failed at step 3. ERP Staging. "
            "The image could not be made. 18:32"
        )
        assert published == (
            "Version 40 is published to ERP Production. Users get it when they sign in. 17:03"
        )
        assert missed == (
            "Unread. Missed: preparation server was to stop at 18:33. ERP Production, "
            "PREP-ERP-PROD-01. You could not be told in time. Mon 23 Nov 18:33"
        )


async def test_unread_is_told_by_a_mark_and_by_heavier_letters(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(an_entry(1), an_entry(2, read=True))) as it:
        it.services.show_inbox()
        try:
            for tokens in (DARK, LIGHT):  # letters that change are the old ones after a new theme
                theme.current().wear(tokens)
                weights = [
                    next(
                        label.font().weight()
                        for label in panel(it).list.line(row).findChildren(QLabel)
                        if label.isVisible() and label.text().startswith("Version")
                    )
                    for row in (0, 1)
                ]
                marks = [panel(it).list.line(row)._dot.isVisible() for row in (0, 1)]
                assert weights[0] > weights[1]
                assert marks == [True, False]
        finally:
            theme.current().wear(LIGHT)


async def test_an_entry_is_read_when_one_comes_to_it(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(*map(an_entry, (1, 2, 3)))) as it:
        open_by_key(it)
        await me.sees("Notifications, 2 unread")
        assert heard(it)[0].startswith("Unread."), "it looks so while one is at it"
        press(Key.Key_Down)
        await me.sees("Notifications, 1 unread")
        assert [text.startswith("Unread.") for text in heard(it)] == [False, True, True]
        press(Key.Key_End)
        await me.sees("Notifications, 0 unread")
        press(Key.Key_Up)
        assert [text.startswith("Unread.") for text in heard(it)] == [False, False, False]
        assert panel(it).list.currentRow() == 1


async def test_all_can_be_marked_as_read(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(*map(an_entry, (1, 2, 3)))) as it:
        await me.presses("Notifications, 3 unread")
        await me.presses("Mark all as read")
        await me.sees("Notifications, 0 unread")
        assert not any(text.startswith("Unread.") for text in heard(it))
        assert not me.offers("Mark all as read")
        assert panel(it).isAncestorOf(focus()), "what turned grey left the keyboard in the panel"


async def test_clearing_leaves_what_still_waits_until_it_is_answered(
    qloop: object, me: Person
) -> None:
    running = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOW)
    held = an_environment(publishing=Publishing(
        version=42, step=5, steps=6, publisher="ana", since=NOW, waits_for_you=True))  # fmt: skip
    failed = an_environment("payroll", "Payroll", failed_version=7, failed_at=NOW, failed_step=2)
    entries = (an_entry(1), an_entry(2, "failed", step=1, answered=True))
    async with a_watched_evening(kept=kept(*entries)) as it:
        it.passes(17)
        it.evening.show(environment=stops_at(SEVEN, held))
        it.evening.store.environments.put(failed)
        await me.presses("Notifications, 5 unread")
        await me.presses("Clear")
        waiting = [
            "Publication of version 7 failed at step 2",
            "Publication of version 42 waits for you",
            "Preparation server stops at 19:00, in 10 min",
        ]
        assert sorted(it.removeprefix("Unread. ").split(".")[0] for it in heard(it)) == sorted(
            waiting
        )
        assert not me.offers("Clear"), "nothing else is there"
        answered = stops_at(SEVEN, an_environment(publishing=running))
        it.evening.store.environments.put(answered)
        await me.until(lambda: len(heard(it)) == 2, "the hold gone once it was answered")


async def test_read_and_cleared_survive_a_restart(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    KeptReminders(lambda: tmp_path).save(Kept(entries=tuple(map(an_entry, (1, 2, 3)))))
    async with a_watched_evening(at=None, kept=KeptReminders(lambda: tmp_path)) as it:
        open_by_key(it)
        await me.sees("Notifications, 2 unread")
    async with a_watched_evening(at=None, kept=KeptReminders(lambda: tmp_path)) as it:
        await me.presses("Notifications, 2 unread")
        await me.presses("Clear")
        await me.sees("No notifications.")
    async with a_watched_evening(at=None, kept=KeptReminders(lambda: tmp_path)):
        await me.presses("Notifications, 0 unread")
        await me.sees("No notifications.")


async def test_the_number_at_the_bell_is_that_of_what_nobody_has_looked_at(
    qloop: object, me: Person
) -> None:
    running = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOW)
    held = msgspec.structs.replace(running, waits_for_you=True)
    failed = an_environment("payroll", "Payroll", failed_version=7, failed_at=NOW, failed_step=2)
    memory = kept(*map(an_entry, (1, 2, 3)))
    async with a_watched_evening(at=None, kept=memory) as it:
        await me.presses("Notifications, 3 unread")
        await me.presses("Mark all as read")
        await me.presses("Clear")
        await me.sees("Notifications, 0 unread")
        await me.presses("Close")
        it.evening.show(environment=an_environment(publishing=held))
        it.evening.store.environments.put(failed)
        await me.sees("Notifications, 2 unread")
        it.evening.store.environments.put(an_environment(publishing=running))
        await me.sees("Notifications, 1 unread")
    async with a_watched_evening(at=None, kept=memory) as it:
        it.evening.store.environments.put(failed)
        await me.sees("Notifications, 1 unread")
        await me.presses("Notifications, 1 unread")
        await me.sees("Notifications, 0 unread")


async def test_what_a_newer_version_told_is_shown_as_far_as_it_is_understood(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    (tmp_path / "reminders.json").write_text(
        '{"told": {}, "muted": true, "entries": [{"id": "x", "news": "eclipse", "tint": 7, '
        '"told_at": "2026-11-24T18:00:00Z", "environment": "e", "name": "ERP Production", '
        '"text": "The moon is in the way."}]}'
    )
    async with a_watched_evening(at=None, kept=KeptReminders(lambda: tmp_path)) as it:
        await me.presses("Notifications, 1 unread")
        assert heard(it) == ["Unread. ERP Production. The moon is in the way. 18:00"]


async def test_escape_closes_it_and_the_keyboard_is_where_it_was(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(an_entry(1))) as it:
        search = it.evening.desktop.window.sidebar.search
        search.setFocus()
        open_by_key(it)
        assert focus() is panel(it).list
        press(Key.Key_Escape)
        assert not panel(it).isVisible()
        assert focus() is search
        open_by_key(it)
        search.setFocus()  # beside it: it stays
        assert panel(it).isVisible()
        open_by_key(it)
        assert focus() is panel(it).list, "the key goes to what is open already"
        open_by_key(it)
        assert not panel(it).isVisible(), "and from within closes it"


async def test_the_bell_opens_and_closes_it(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None) as it:
        await me.presses("Notifications, 0 unread")
        assert panel(it).isVisible()
        await me.presses("Notifications, 0 unread")
        assert not panel(it).isVisible()


async def test_it_stands_over_the_page_and_gives_way_to_the_keyboard(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=None, kept=kept(an_entry(1))) as it:
        window = it.evening.desktop.window
        window.resize(QSize(1280, 820))
        width = window.header.width()
        it.services.show_inbox()
        assert window.header.width() == width, "nothing behind it moves"
        hidden = next(it for it in visible(QWidget) if said(it) == "Force provider update")
        hidden.setFocus()
        assert not panel(it).isVisible(), "what has the keyboard can be seen"
        assert focus() is hidden


async def test_beside_a_wide_page_it_stays_while_one_works(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(an_entry(1))) as it:
        window = it.evening.desktop.window
        window.resize(QSize(1920, 1080))
        it.services.show_inbox()
        looking.settle()
        right = window.header.mapTo(window, window.header.rect().topRight()).x()
        assert right < panel(it).x(), "the page is not covered"
        next(w for w in visible(QWidget) if said(w) == "Force provider update").setFocus()
        assert panel(it).isVisible()
        await me.presses("Show details for ERP Production")
        assert panel(it).isVisible()
        window.resize(QSize(1280, 820))
        assert panel(it).covers
        assert panel(it).geometry().right() == window.rect().right()


async def test_enter_leads_to_what_an_entry_is_about(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(an_entry(1))) as it:
        open_by_key(it)
        press(Key.Key_Return)
        await me.until(lambda: it.evening.desktop.window.tab == "publish", "its publication")
        assert not panel(it).isVisible(), "it would cover that"


async def test_the_tab_key_goes_from_entry_to_entry_by_their_buttons(
    qloop: object, me: Person
) -> None:
    entries = (an_entry(1, "failed", step=2, environment="other"), an_entry(2))
    async with a_watched_evening(at=None, kept=kept(*entries)) as it:
        it.services.remind.add(an_entry(0, "waits", environment="third"))
        open_by_key(it)
        passed = []
        for _ in range(4):
            press(Key.Key_Tab)
            passed.append((said(focus()), panel(it).list.currentRow()))
        assert passed == [
            ("Show publication for ERP Production", 0),
            ("Show details for ERP Production", 1),
            ("Try again for ERP Production", 1),
            ("Show details for ERP Production", 2),
        ]
        await me.sees("Notifications, 0 unread")


async def test_news_that_come_in_move_nobody_from_where_they_are(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(an_entry(1), an_entry(2))) as it:
        open_by_key(it)
        for key in (Key.Key_Tab, Key.Key_Tab):
            press(key)
        assert panel(it).list.currentRow() == 1
        at = focus()
        it.services.remind.add(an_entry(0, "failed", step=2, environment="other"))
        assert focus() is at
        assert panel(it).list.currentRow() == 2
        await me.sees("Notifications, 1 unread")
        line = panel(it).list.line(0)
        await me.until(line.buttons[0].isVisible, "its buttons")
        panel(it).list.setFocus()
        press(Key.Key_Tab)
        assert panel(it).list.currentRow() == 0, "Tab goes down from the newest"


async def test_who_is_at_an_entry_that_goes_is_at_the_next(qloop: object, me: Person) -> None:
    waits = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOW, waits_for_you=True)
    goes_on = Publishing(version=42, step=5, steps=6, publisher="ana", since=NOW)
    async with a_watched_evening(at=None, kept=kept(an_entry(1))) as it:
        it.evening.store.environments.put(an_environment(publishing=waits))
        open_by_key(it)
        await me.sees("Notifications, 1 unread")
        it.evening.store.environments.put(an_environment(publishing=goes_on))
        await me.sees("Notifications, 0 unread")
        assert focus() is panel(it).list


async def test_it_opens_at_the_newest_wherever_one_was_before(qloop: object, me: Person) -> None:
    async with a_watched_evening(at=None, kept=kept(*map(an_entry, (1, 2, 3)))) as it:
        open_by_key(it)
        press(Key.Key_End)
        assert panel(it).list.currentRow() == 2
        press(Key.Key_Escape)
        open_by_key(it)
        assert panel(it).list.currentRow() == 0


async def test_time_goes_by_in_what_is_open(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        Mover(it.evening)
        it.passes(17)
        await me.presses("Notifications, 1 unread")
        await me.sees("Preparation server stops at 19:00, in 10 min")
        it.evening.store.set_clock_ahead(timedelta(minutes=19))
        panel(it)._tick()
        assert any("in 8 min" in text for text in heard(it))
        [clock] = panel(it).list.findChildren(Ticking)
        assert clock._timer.isActive(), "and goes by itself"


@pytest.mark.parametrize("size", [QSize(1024, 640), QSize(1280, 820)])
@pytest.mark.parametrize("growth", [1.0, 1.5, 2.0])
async def test_buttons_of_an_entry_have_room(
    qloop: object, me: Person, size: QSize, growth: float
) -> None:
    theme.current().use_text_size(growth)
    try:
        async with a_watched_evening() as it:
            it.evening.desktop.window.resize(size)
            it.passes(17)
            it.services.show_inbox()
            looking.settle()
            line = panel(it).list.line(0)
            assert len(line.buttons) == 4
            for button in line.buttons:
                assert button.width() >= button.sizeHint().width()
                place = QRect(button.mapTo(line, QPoint()), button.size())
                assert line.rect().contains(place)
            assert panel(it).width() >= min(scaled(400), size.width() - 64)
    finally:
        theme.current().use_text_size(None)


@pytest.mark.parametrize("before", [3, 4, 5, 6])
async def test_one_that_makes_the_list_scroll_is_shown(
    qloop: object, me: Person, before: int
) -> None:
    async with a_watched_evening(kept=kept(*map(an_entry, range(1, before + 1)))) as it:
        it.evening.desktop.window.resize(1024, 640)
        it.services.show_inbox()
        await me.sees("Version 40 is published")
        it.passes(17)
        await me.sees("Preparation server stops at 19:00")
