"""The daemon of the rig: what is sent is shown, and what is pressed comes back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from desktop_notifier import Button, DesktopNotifier

from tests.support.notifications import NotificationDaemon
from tests.support.person import Person


@asynccontextmanager
async def a_reminder(pressed: list[str]) -> AsyncIterator[DesktopNotifier]:
    notifier = DesktopNotifier(app_name="Autosky Desktop")
    buttons = [
        Button(title, on_pressed=lambda title=title: pressed.append(title))
        for title in ("Extend 1 h", "Cancel shutdown")
    ]
    title, text = "PREP-ERP-PROD-01 stops at 19:00 UTC", "In 10 minutes <b>& more</b>"
    await notifier.send(title, text, buttons=buttons)
    yield notifier


async def test_what_is_sent_is_shown_and_a_pressed_button_comes_back(
    qloop: object, notification_daemon: NotificationDaemon
) -> None:
    daemon, me = notification_daemon, Person()
    pressed: list[str] = []
    async with a_reminder(pressed):
        shown = (await me.until(daemon.shown, "a notification"))[0]
        assert shown.title == "PREP-ERP-PROD-01 stops at 19:00 UTC"
        assert "In 10 minutes" in shown.text
        assert daemon.buttons() == {"Extend 1 h", "Cancel shutdown"}

        daemon.press("Extend 1 h", shown.title)
        await me.until(lambda: pressed, "the button")
        assert pressed == ["Extend 1 h"]
        assert len(daemon.ever_shown()) == 1


async def test_a_killed_daemon_shows_again_when_it_is_back(
    qloop: object, notification_daemon: NotificationDaemon
) -> None:
    daemon, me = notification_daemon, Person()
    daemon.kill()
    daemon.start()
    async with a_reminder([]):
        await me.until(daemon.shown, "a notification")
        daemon.dismiss()
        await me.until(lambda: daemon.count() == 0, "an empty screen")
        assert daemon.shown() == []
