"""Every screen and state that the window has, opened as a person would, on records made by hand."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, cast

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.domain.inbox import Entry, Kept
from autosky_desktop.domain.plan import Hold
from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.session import Session
from autosky_desktop.store.connection import Connection, Line
from autosky_desktop.ui.background_parts import SystemParts
from autosky_desktop.ui.tray.host import TrayHost
from tests.support.connect_window import FILE, Connectable
from tests.support.evening import (
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    a_support_server,
    ago,
    an_activity,
    an_environment,
)
from tests.support.looking import is_painted
from tests.support.notifier import FakeNotifier
from tests.support.person import Person
from tests.support.watching import SEVEN, Kepts, Quiet, stops_at
from tests.ui.publish.test_history import a_past
from tests.ui.publish.test_runs import a_run, a_scheduled
from tests.ui.servers.conftest import DAILY

Open = Callable[[Connectable, Person], Awaitable[object]]

SCREENS: dict[str, Open] = {}
"""What opens each of them, by what it is called."""

WEB = a_support_server("WEB-ERP-PROD-01", type="Web", status="restarting", since=ago(42))
REPLICA = a_support_server("DB-ERP-PROD-02", type="Database replica", status="stopped")
PEOPLE = [
    Session(id=name, account=name, instance="i", since=ago(600))
    for name in ("ana", "bob", "eva.maria.de.souza")
]
HOLD = Hold(first=2)


def screen(name: str) -> Callable[[Open], Open]:
    def keep(opening: Open) -> Open:
        SCREENS[name] = opening
        return opening

    return keep


def servers(evening: Evening, **more: object) -> None:
    environment = an_environment(daily_stop="19:00", longest_extension_hours=12)
    prep = a_preparation_server(**{"shutdown": DAILY, **more})
    evening.show(prep, a_support_server(), REPLICA, FILE, WEB, environment=environment)


def runs(evening: Evening, *those: Publication) -> None:
    past = [a_past(number) for number in range(6)]
    evening.plane.published = [*those, *past]
    evening.show(publications=[*those, *past])


@screen("servers")
async def _servers(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.record = [an_activity(number) for number in range(6)]
    await me.sees("No publication is in the way")


@screen("servers, with letters of long names")
async def _long(it: Connectable, me: Person) -> None:
    name = "DATABASE-ERP-PRODUCTION-COMPANY-{:03}-03"
    many = [a_support_server(name.format(number), public_ip=None) for number in range(24)]
    it.evening.show(a_preparation_server(), *many)
    await me.sees("Find a server")


@screen("servers, stopped")
async def _stopped(it: Connectable, me: Person) -> None:
    servers(it.evening, status="stopped", shutdown=None)
    await me.until(lambda: me.offers("Start server PREP-ERP-PROD-01"), "the button")


@screen("servers, starting")
async def _starting(it: Connectable, me: Person) -> None:
    servers(it.evening, status="starting", since=ago(42), shutdown=None)
    await me.sees("Starting, 42 s")


@screen("servers, about to stop")
async def _near(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.store.set_clock_ahead(timedelta(minutes=22))
    await me.sees("in 4 min")


@screen("servers, without a shutdown")
async def _no_shutdown(it: Connectable, me: Person) -> None:
    servers(it.evening, shutdown=None)
    await me.sees("The server runs until")


@screen("servers, not connected")
async def _offline(it: Connectable, me: Person) -> None:
    servers(it.evening)
    retry = NOW + timedelta(seconds=12)
    it.evening.store.set_connection(Connection(Line.OFFLINE, NOW, retry))
    await me.sees("Not connected since")


@screen("starting")
async def _beginning(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    it.evening.store.set_connection(Connection(Line.STARTING, NOW))
    await me.sees("The control plane on this computer is starting.")


@screen("no environments")
async def _empty(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    it.evening.store.tell()
    await me.sees("No environments")


@screen("cannot start")
async def _error(it: Connectable, me: Person) -> None:
    it.evening.store.environments.replace([])
    cause = CannotStart("data-folder", "[Errno 13] Permission denied: '/home/ana/.local/share'")
    it.evening.store.set_connection(Connection(Line.FAILED, NOW, None, cause))
    await me.sees("The environments could not be shown")


def publish_tab(tab: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        runs(it.evening)
        await me.opens_tab("Publish")
        await me.opens_tab(tab)
        await me.sees("Passed: Preparation server is running", "<b>1</b> instance")

    return opening


for model in ("Optimized", "Standard", "Keep users connected", "Request user reconnection",
              "Scheduled"):  # fmt: skip
    SCREENS[f"publish, {model.lower()}"] = publish_tab(model)


@screen("publish, scheduled list")
async def _list(it: Connectable, me: Person) -> None:
    runs(it.evening, a_scheduled(), a_scheduled(id="other", note="", publisher="ana",
         scheduled_for=NOW + timedelta(days=9)))  # fmt: skip
    await me.opens_tab("Publish")
    await me.opens_tab("Scheduled")
    await me.sees("2 waiting for ERP Production")


def publish_run(seen: str, *those: Publication) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        runs(it.evening, *those)
        await me.opens_tab("Publish")
        await me.sees(seen)

    return opening


def a_failure() -> Publication:
    steps = a_publication("succeeded", "skipped", "failed", "pending").steps
    broken = [msgspec.structs.replace(it, reason="image-failed") if it.state == "failed" else it
              for it in steps]  # fmt: skip
    return a_run(state="failed", steps=broken, ended_at=NOW, instances_replaced=0)


HELD = a_run(state="waiting", waiting_for="go-on", hold=HOLD)
SCREENS["publish, running"] = publish_run("Publishing version 42", a_run())
SCREENS["publish, held"] = publish_run("Look at it, then go on", HELD)
SCREENS["publish, failed"] = publish_run("The image could not be made.", a_failure())
SCREENS["publish, done"] = publish_run(
    "Details of the publication of Today 17:33", a_publication(id="now", version=42, replaces=41)
)


def then(before: str, *presses: str, seen: str) -> Open:
    """Go on from a screen by pressing buttons, until something is seen."""

    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS[before](it, me)
        for name in presses:
            await me.presses(name)
        await me.sees(seen)

    return opening


SCREENS |= {
    "question of publishing": then("publish, optimized", "Publish version 42",
                                   seen="Publish version 42 to ERP Production?"),
    "question of ending sessions": then("publish, optimized", "Terminate sessions",
                                        "Publish version 42", seen="Type ERP Production"),
    "question of stopping a publication": then("publish, running", "Stop publication",
                                               seen="Stop the publication of version 42?"),
    "question of going back": then("publish, held", "Return to version 41",
                                   seen="Return to version 41?"),
    "question of trying again": then("publish, failed", "Try again",
                                     seen="Try the publication of version 42 again?"),
    "question of moving": then("publish, scheduled list",
                               "Move publication of Fri 27 Nov 22:00",
                               seen="Optimized is scheduled for Fri 27 Nov 22:00."),
    "question of cancelling": then("publish, scheduled list",
                                   "Cancel publication of Fri 27 Nov 22:00",
                                   seen="will not start"),
    "question of starting": then("servers, stopped", "Start server PREP-ERP-PROD-01",
                                 seen="Start PREP-ERP-PROD-01?"),
    "question of cancelling a shutdown": then("servers", "Cancel scheduled shutdown",
                                              seen="Keep PREP-ERP-PROD-01 running tonight?"),
    "question of a shutdown time": then("servers, without a shutdown", "Set a shutdown time",
                                        seen="Let it run"),
    "settings, general": then("servers", "Settings", seen="Theme"),
}  # fmt: skip


@screen("details of a publication")
async def _details(it: Connectable, me: Person) -> None:
    await SCREENS["publish, done"](it, me)
    await me.sees("Passed: Preparation server is running", "<b>1</b> instance")
    await me.until(lambda: is_painted(it.evening.desktop.window), "all of it painted")
    await me.clicks_cell("Actions for the publication of Today 17:33")
    await me.chooses("Details")
    await me.sees("Close")


@screen("question of extending until")
async def _until(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.presses("Extend execution")
    await me.chooses("Extend until…")
    await me.sees("Stop at 20:30", "Extend to")


def question_of(action: str, seen: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        servers(it.evening)
        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.chooses(action)
        await me.sees(seen)

    return opening


SCREENS["question of stopping"] = question_of("Stop server…", "Stop PREP-ERP-PROD-01?")


@screen("question of restarting")
async def _restarting(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.clicks_cell("Actions for DB-ERP-PROD-01")
    await me.chooses("Restart…")
    await me.sees("Restart DB-ERP-PROD-01?")


def settings_page(tab: str) -> Open:
    async def opening(it: Connectable, me: Person) -> None:
        await SCREENS["settings, general"](it, me)
        await me.opens_tab(tab)

    return opening


for page in ("Email", "Connecting", "Passwords"):
    SCREENS[f"settings, {page.lower()}"] = settings_page(page)


@screen("instances")
async def _instances(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.people = list(PEOPLE)
    await me.presses("Show all instances")
    await me.sees("3 sessions, read ")


@screen("connect as")
async def _connect(it: Connectable, _me: Person) -> None:
    it.evening.show(a_preparation_server(), FILE)
    await it.asks()


@screen("palette")
async def _palette(it: Connectable, me: Person) -> None:
    servers(it.evening)
    QTest.keyClick(it.evening.desktop.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    await me.sees("Command palette")


def told(news: str, minutes: int, **more: Any) -> Entry:
    """So many minutes ago."""
    usual: dict[str, Any] = {"environment": "staging", "name": "ERP Staging", "version": 41}
    return Entry(id=news, news=news, told_at=ago(60 * minutes), **{**usual, **more})


TOLD = (
    told("failed", 30, step=3),
    told("published", 90, read=True),
    told("refused", 100, server="p", server_name="PREP-ERP-STAGING-01", at=NOW, read=True,
         text="The control plane does not answer."),
    told("missed", 24 * 60, server="p", server_name="PREP-ERP-STAGING-01", at=NOW),
)  # fmt: skip


@screen("notifications")
async def _inbox(it: Connectable, me: Person) -> None:
    it.evening.show(environment=stops_at(SEVEN))
    background = it.evening.desktop.background
    kept, notifier = Kepts(Kept(entries=TOLD)), cast("Any", FakeNotifier())
    outside = SystemParts(kept, notifier, Quiet, TrayHost(lambda: False))
    background.watch(lambda: outside)
    background.begin()
    it.evening.store.set_clock_ahead(timedelta(minutes=17))
    background.show_inbox()
    await me.sees("Preparation server stops at 19:00")


@screen("activity")
async def _activity(it: Connectable, me: Person) -> None:
    servers(it.evening)
    it.evening.plane.record = [an_activity(number) for number in range(60)]
    await me.opens_tab("Activity")
    await me.sees("WEB-ERP-PROD-01")


@screen("activity, empty")
async def _no_activity(it: Connectable, me: Person) -> None:
    servers(it.evening)
    await me.opens_tab("Activity")
    await me.sees("Nothing")
