"""A reminder in a real daemon: its button comes back into the window, and the answer is shown."""

from datetime import timedelta
from pathlib import Path

from autosky_desktop.system.freedesktop import FreedesktopNotifications
from autosky_desktop.ui.theme import theme
from tests.support.background import SEVEN, Mover, a_watched_evening
from tests.support.notifications import NotificationDaemon
from tests.support.person import Person

TEN = "Preparation server stops at 19:00, in 10 min"
TWO = "Preparation server stops at 19:00, in 2 min"


def titles(daemon: NotificationDaemon) -> list[str]:
    return [it.title for it in daemon.shown()]


async def test_a_button_in_a_real_notification_extends_and_the_answer_is_shown(
    qloop: object, qapp: object, notification_daemon: NotificationDaemon
) -> None:
    theme.install(qapp)  # type: ignore[arg-type]
    daemon, me = notification_daemon, Person()
    notifier = FreedesktopNotifications("Autosky Desktop", Path("/nowhere.png"))
    async with a_watched_evening(notifier=notifier) as it:
        mover = Mover(it.evening)
        it.passes(17)
        await me.until(lambda: TEN in titles(daemon), TEN)
        assert daemon.buttons(TEN) == {"Extend 1 h", "Until…", "Cancel shutdown", "Open"}
        assert "Daily schedule." in daemon.shown()[-1].text

        it.passes(25)
        await me.until(lambda: titles(daemon) == [TWO], "the newer one alone")

        daemon.press("Extend 1 h", TWO)
        confirmed = "PREP-ERP-PROD-01 stops at 20:00"
        await me.until(lambda: titles(daemon) == [confirmed], confirmed)
        assert [request.to for request in mover.asked] == [SEVEN + timedelta(hours=1)]


async def test_a_button_leads_to_the_window_at_the_right_place(
    qloop: object, qapp: object, notification_daemon: NotificationDaemon
) -> None:
    theme.install(qapp)  # type: ignore[arg-type]
    daemon, me = notification_daemon, Person()
    notifier = FreedesktopNotifications("Autosky Desktop", Path("/nowhere.png"))
    async with a_watched_evening(notifier=notifier) as it:
        it.passes(17)
        await me.until(lambda: TEN in titles(daemon), TEN)
        it.evening.desktop.window.hide()
        daemon.press("Until…", TEN)
        await me.sees("Extend PREP-ERP-PROD-01 until when?")
        assert it.evening.desktop.window.isVisible()
