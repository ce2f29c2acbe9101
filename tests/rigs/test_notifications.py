"""The system's notifications, with a real daemon: they keep the contract that the fake keeps."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest

from autosky_desktop.system.freedesktop import FreedesktopNotifications
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

    async def test_without_a_session_bus_nothing_is_shown(
        self, qloop: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
        notifier = FreedesktopNotifications("Autosky Desktop", Path("/nowhere.png"))
        assert not await notifier.show(REMINDER, print)
        await notifier.close()
