"""The system's notifications, with a real daemon: they keep the contract that the fake keeps."""

import asyncio
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from autosky_desktop.system.freedesktop import FreedesktopNotifications
from autosky_desktop.system.notifications import LibraryNotifications, Note
from tests.contracts.notifier import REMINDER, NotifierContract, Screen
from tests.support.notifications import NotificationDaemon
from tests.support.person import Person


class Dunst:
    def __init__(self, daemon: NotificationDaemon) -> None:
        self.daemon = daemon

    def titles(self) -> list[str]:
        return [it.title for it in self.daemon.shown()]

    def body(self, title: str) -> str:
        return unescape(next(it.text for it in self.daemon.shown() if it.title == title))

    def press(self, title: str, words: str) -> None:
        self.daemon.press(words, title)


Made = tuple[FreedesktopNotifications, Screen]


class TestFreedesktopNotifications(NotifierContract):
    @pytest.fixture
    def made(self, qloop: object, notification_daemon: NotificationDaemon) -> Made:
        made = FreedesktopNotifications("Autosky Desktop", Path("/nowhere.png"))
        return made, Dunst(notification_daemon)

    @pytest.fixture
    def gone(
        self, notification_daemon: NotificationDaemon, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[], None]:
        return notification_daemon.kill

    async def test_a_daemon_that_came_back_shows_the_next_one(
        self, qloop: object, made: Made, notification_daemon: NotificationDaemon
    ) -> None:
        notifier, screen = made
        assert await notifier.show(REMINDER, print)
        notification_daemon.kill()
        assert not await notifier.show(REMINDER, print)
        notification_daemon.start()
        assert await notifier.show(REMINDER, print)
        await Person().until(lambda: REMINDER.title in screen.titles(), "the note")
        await notifier.close()

    async def test_a_note_that_is_taken_away_while_it_ends_does_no_harm(
        self, qloop: object, made: Made
    ) -> None:
        notifier, _ = made
        assert await notifier.show(REMINDER, print)
        notifier._pressed(next(iter(notifier._shown.values()))[0], "extend")
        taking_away = set(notifier._closing)
        await asyncio.sleep(0)  # so that it waits for its answer
        await notifier.close()
        assert [await it for it in taking_away] == [None]

    @pytest.mark.parametrize(
        "address", ["unix:path=/nowhere", "tcp:host=localhost,port=9", "nonsense", ";"]
    )
    async def test_without_a_session_bus_nothing_is_shown(
        self, qloop: object, monkeypatch: pytest.MonkeyPatch, address: str
    ) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        notifier = FreedesktopNotifications("Autosky Desktop", Path("/nowhere.png"))
        assert not await notifier.show(REMINDER, print)
        await notifier.close()


async def test_the_library_for_the_other_systems_shows_replaces_and_tells_what_was_pressed(
    qloop: object, notification_daemon: NotificationDaemon
) -> None:
    """It speaks to this one as well, though it leaves what was pressed on the screen."""
    notifier, screen = (
        LibraryNotifications("Autosky Desktop", Path("/nowhere.png")),
        Dunst(notification_daemon),
    )
    me = Person()
    pressed: list[str] = []
    assert await notifier.show(Note(key="prep", title="in 30 min", body=""), pressed.append)
    assert await notifier.show(REMINDER, pressed.append)
    await me.until(lambda: screen.titles() == [REMINDER.title], "the newer note alone")
    screen.press(REMINDER.title, "Extend 1 h")
    await me.until(lambda: pressed == ["extend"], "the press")
    notification_daemon.kill()
    assert not await notifier.show(REMINDER, pressed.append)
    await notifier.close()
