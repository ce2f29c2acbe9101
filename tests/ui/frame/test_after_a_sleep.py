"""On waking, every time that is shown is right at once, and none goes on below zero."""

from datetime import timedelta

from PySide6.QtWidgets import QSystemTrayIcon

from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.ui.tray.picture import State, words
from tests.support.background import SEVEN, Watched, a_watched_evening, stops_at
from tests.support.evening import NOW, a_preparation_server
from tests.support.person import Person

LATER = NOW + timedelta(hours=7)


def show(it: Watched) -> None:
    server = a_preparation_server(shutdown=ScheduledShutdown(at=SEVEN, reason="daily"))
    it.evening.show(server, environment=stops_at(SEVEN))


async def test_the_time_until_a_shutdown_is_right_on_waking(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        show(it)
        await me.sees("Scheduled shutdown: today 19:00, in 26 min")
        it.sleeps(8)
        await me.sees("Scheduled shutdown: today 19:00, in 18 min")
        it.sleeps(60)
        await me.sees("Scheduled shutdown: today 19:00, due now")


async def test_an_environment_needs_somebody_from_the_hour_before_however_long_one_slept(
    qloop: object, me: Person
) -> None:
    async with a_watched_evening(at=LATER, tray=True) as it:
        assert it.services.tray is not None
        icon = it.services.tray.findChild(QSystemTrayIcon)
        await me.sees("ERP Production, Production, Running")
        assert words(State.RUNNING) in icon.toolTip()
        it.sleeps(6.5 * 60)
        await me.sees("1 needs you", "need you")
        assert words(State.NEEDS_YOU) in icon.toolTip()


async def test_an_open_question_follows_the_clock(qloop: object, me: Person) -> None:
    async with a_watched_evening() as it:
        it.evening.desktop.window.close()
        await me.sees("PREP-ERP-PROD-01 stops at 19:00, in 27 min.")
        it.sleeps(8)
        await me.sees("PREP-ERP-PROD-01 stops at 19:00, in 19 min.")
        it.sleeps(60)
        await me.sees("PREP-ERP-PROD-01 was to stop at 19:00.")
        await me.presses("Keep it open")
