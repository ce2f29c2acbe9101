"""The Servers tab, in each state of its servers."""

from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.servers.page import ServersPage
from tests.support.connect_window import Connectable
from tests.support.evening import (
    ERP,
    NOW,
    a_preparation_server,
    a_support_server,
    ago,
    an_activity,
    an_environment,
    an_update,
)
from tests.support.person import Person, visible
from tests.support.screens.registry import SCREENS, press, screen, servers
from tests.ui.publish.form.test_forms import choose
from tests.ui.publish.run.test_runs import a_run


@screen("servers")
async def _servers(it: Connectable, me: Person) -> None:
    servers(it.evening)
    for number in range(6):
        it.evening.store.details(ERP).activity.put(an_activity(number))
    await me.sees("Restarting, 42 s")


@screen("servers: with letters of long names")
async def _long(it: Connectable, me: Person) -> None:
    name = "DATABASE-ERP-PRODUCTION-COMPANY-{:03}-03"
    many = [a_support_server(name.format(number), public_ip=None) for number in range(24)]
    it.evening.show(a_preparation_server(), *many)
    await me.sees("Find a server")


@screen("servers: stopped")
async def _stopped(it: Connectable, me: Person) -> None:
    servers(it.evening, status="stopped", shutdown=None)
    await me.until(lambda: me.offers("Start server PREP-ERP-PROD-01"), "the button")


@screen("servers: starting")
async def _starting(it: Connectable, me: Person) -> None:
    servers(it.evening, status="starting", since=ago(42), shutdown=None)
    await me.sees("Starting, 42 s")


@screen("servers: about to stop")
async def _near(it: Connectable, me: Person) -> None:
    servers(it.evening, shutdown=ScheduledShutdown(at=ago(-250), reason="daily"))
    await me.sees("in 4 min")


@screen("servers: without a shutdown")
async def _no_shutdown(it: Connectable, me: Person) -> None:
    servers(it.evening, shutdown=None)
    await me.sees("The server runs until")


@screen("servers: shutdown just cancelled")
async def _cancelled(it: Connectable, me: Person) -> None:
    await SCREENS["question: of cancelling a shutdown"](it, me)
    await me.presses("Cancel all shutdowns")
    await me.until(lambda: it.evening.plane.asked, "the request")
    servers(it.evening, shutdown=None)
    await me.until(lambda: me.offers("Restore the shutdown at 19:00"), "the way back")


@screen("servers: a publication in the way of the shutdown")
async def _clash(it: Connectable, me: Person) -> None:
    held = ScheduledShutdown(at=ago(60), reason="daily", held=True)
    it.evening.show(a_preparation_server(shutdown=held), publications=[a_run()],
                    environment=an_environment(daily_stop="19:00"))  # fmt: skip
    await me.sees("Held until the publication of version 42 has ended.")


@screen("servers: loading")
async def _loading(it: Connectable, me: Person) -> None:
    details = it.evening.store.details("payroll")
    details.revision = None
    for table in (details.servers, details.instances):
        table.replace([])
    it.evening.desktop.window.open("payroll")
    await me.sees("Payroll, Production environment")


@screen("servers: stale")
async def _stale(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.environments.put(an_environment(confirmed_at=ago(130)))
    await me.sees("Confirmed 2 min")


@screen("servers: not connected")
async def _offline(it: Connectable, me: Person) -> None:
    servers(it.evening)
    retry = NOW + timedelta(seconds=12)
    it.evening.store.set_connection(LineStatus(Line.OFFLINE, NOW, retry))
    await me.sees("Not connected since")


@screen("servers: restarting control plane")
async def _restarting(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.set_connection(LineStatus(Line.RESTARTING, NOW))
    await me.sees("It is restarting; publications go on.")


@screen("servers: could not be read")
async def _unread(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.details(ERP).failure = Offline("gone")
    it.evening.store.tell()
    await me.sees("ERP Production could not be read.")


@screen("servers: another clock")
async def _clock(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.set_clock_ahead(timedelta(minutes=-3))
    await me.sees("This computer's clock is 3 min ahead of the control plane's.")


@screen("servers: asking the provider")
async def _asking(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.details(ERP).operations.put(an_update())
    await me.sees("Asking the provider… 3 s")


@screen("servers: none")
async def _none(it: Connectable, me: Person) -> None:
    details = it.evening.store.details(ERP)
    details.servers.replace([])
    details.instances.replace([])
    it.evening.store.environments.put(an_environment(preparation=None, sessions=0, instances=0))
    await me.sees("This environment has no preparation server.")


@screen("servers: found")
async def _found(it: Connectable, me: Person) -> None:
    servers(it.evening)
    press(it, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    page = next(visible(ServersPage))
    QTest.keyClicks(page.support.finder, "erp-prod-01")
    await me.sees("3 of 4 servers")


@screen("servers: nothing found")
async def _nothing_found(it: Connectable, me: Person) -> None:
    servers(it.evening)
    press(it, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(next(visible(ServersPage)).support.finder, "nobody")
    await me.sees("No server matches")


@screen("servers: several selected")
async def _selected(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.clicks_cell("Name: DB-ERP-PROD-01")
    table = next(visible(ServersPage)).support.table
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    await me.sees("4 selected", "4 of 4", "4 servers")


@screen("servers: many environments")
async def _many(it: Connectable, me: Person) -> None:
    many = [an_environment(f"e{n}", f"Site {n:03}", label=("staging", "production")[n % 2])
            for n in range(30)]  # fmt: skip
    failed = an_environment("f", "Payroll São Paulo", failed_version=7, failed_at=ago(60))
    unread = an_environment("u", "Warehouse", unreachable="The key has expired.",
                             trouble="credentials")  # fmt: skip
    it.evening.store.environments.replace([an_environment(), failed, unread, *many])
    await me.sees("need you")


@screen("servers: no environment found")
async def _nowhere(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.types("Find an environment", "xyz")
    await me.sees("No environment matches 'xyz'.")


@screen("servers: without the sidebar")
async def _no_sidebar(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.desktop.window.show_sidebar(shown=False)
    await me.sees("Restarting, 42 s")


@screen("activity")
async def _activity(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.record = [an_activity(number) for number in range(60)]
    await me.opens_tab("Activity")
    await me.sees("WEB-ERP-PROD-01")


@screen("activity: of another day")
async def _day(it: Connectable, me: Person) -> None:
    await SCREENS["activity"](it, me)
    choose("Filter activity by day", "Another day")
    await me.sees("No activity matches these filters.")


@screen("activity: empty")
async def _no_activity(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.opens_tab("Activity")
    await me.sees("Nothing")


@screen("activity: unread")
async def _unread_activity(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.record_error = Offline("gone")
    await me.opens_tab("Activity")
    await me.sees("could not be read")
