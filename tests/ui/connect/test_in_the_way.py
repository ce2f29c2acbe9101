"""An open connection to a server that is about to go off is said where that is told or asked."""

from PySide6.QtWidgets import QApplication

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.server import Power, ScheduledShutdown, Server
from autosky_desktop.ui.background.parts import SystemParts
from autosky_desktop.ui.tray.host import TrayHost
from autosky_desktop.ui.widgets.elided import ElidedLabel
from tests.support.background import Kepts, Quiet, stops_at
from tests.support.connect_window import FILE, Connectable, connectable
from tests.support.connecting import an_endpoint
from tests.support.evening import a_preparation_server, ago, an_environment
from tests.support.notifier import FakeNotifier
from tests.support.person import Person, visible

PREP = a_preparation_server()
CONNECTED = "You are connected to it as ERPPROD\\svc-maintenance."


async def opened(it: Connectable, me: Person, server: Server = PREP) -> None:
    it.endpoint = an_endpoint(server.id)
    await it.asks(server)
    await it.connects()
    connections = it.evening.desktop.connections
    await me.until(lambda: connections.sessions(server.id), "a session")
    await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")


async def test_the_strip_says_so_within_the_last_half_hour(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await opened(it, me)
        await me.sees(f"{CONNECTED} ")
        assert it.access.there
        it.access.there.sessions[0].ends(ConnectionOutcome.CLOSED)
        await me.no_longer_sees(CONNECTED)


async def test_the_strip_leaves_room_for_what_is_in_the_way(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await opened(it, me)
        await me.sees(CONNECTED)
        [line] = [it for it in visible(ElidedLabel) if it.text().startswith(CONNECTED)]
        assert line.text() == f"{CONNECTED} At the end of its run time."
        assert line.fontMetrics().horizontalAdvance(CONNECTED) <= line.width()


async def test_the_strip_says_nothing_of_it_before(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await opened(it, me)
        await me.sees(CONNECTED)
        later = a_preparation_server(shutdown=ScheduledShutdown(at=ago(-1860)))
        it.evening.show(later)
        await me.no_longer_sees(CONNECTED)


async def test_stopping_or_restarting_says_so_first(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await opened(it, me, FILE)
        ask, erp = it.evening.desktop._power.ask, an_environment()
        for power, question in ((Power.STOP, "Stop FILE"), (Power.RESTART, "Restart FILE")):
            ask(erp, [FILE], power)
            await me.sees(question)
            await me.sees(CONNECTED)
            await me.presses("Go back")
        ask(erp, [PREP], Power.STOP)
        await me.sees("Stop PREP-ERP-PROD-01?")
        await me.no_longer_sees(CONNECTED)


async def test_the_reminder_says_so_too(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await opened(it, me)
        it.evening.show(environment=stops_at(ago(-600)))
        shown = FakeNotifier()
        desktop = it.evening.desktop
        desktop.background.watch(
            lambda: SystemParts(Kepts(), shown, Quiet, TrayHost(lambda: False))
        )
        desktop.background.begin()
        await me.until(lambda: shown.ever, "the reminder")
        assert shown.ever[0].body.endswith(f"Daily schedule. {CONNECTED}")
