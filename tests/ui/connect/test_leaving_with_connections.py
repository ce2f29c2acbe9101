"""Quitting while a connection waits, or has yet to be recorded: nobody finds out afterwards."""

from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.errors import Offline
from tests.support.connect_window import STOPPED, connectable
from tests.support.person import Person

QUESTION = "Quit while connections are waiting?"


async def test_a_server_that_starts_to_be_connected_to_is_named(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with connectable(STOPPED) as it:
        await it.asks(STOPPED)
        await it.connects(button="Start and connect")
        await me.until(lambda: it.heard == ["start file-erp-prod-01"], "the start")
        window = QApplication.activeModalWidget()
        assert window
        window.close()
        it.evening.desktop._quitter.quit()
        await me.sees(QUESTION)
        await me.sees("FILE-ERP-PROD-01 is being started so that you can connect.")
        await me.presses("Keep it open")
        assert quits == []

        it.becomes(status="running")
        await me.until(lambda: it.said, "the end of waiting")
        it.evening.desktop._quitter.quit()
        assert quits == [True]


async def test_a_connection_that_is_not_recorded_is_said_to_be_later(
    qloop: object, me: Person, quits: list[bool]
) -> None:
    async with connectable() as it:

        async def offline(*_: object, key: str) -> None:
            raise Offline("gone")

        it.evening.plane.connection_begun = offline  # type: ignore[attr-defined]
        await it.asks()
        await it.connects()
        await me.until(lambda: it.said, "that it is not recorded")
        it.evening.desktop._quitter.quit()
        await me.sees(QUESTION)
        await me.sees("One connection is not recorded yet. It is recorded when Autosky Desktop")
        await me.presses("Quit")
        assert quits == [True]
