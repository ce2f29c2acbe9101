"""Links lead the window to a place, or say in a sentence that they lead nowhere."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest
from PySide6.QtGui import QGuiApplication

from autosky_desktop.domain.errors import Refused
from autosky_desktop.domain.problem import Problem
from autosky_desktop.domain.publication import LocatedPublication
from autosky_desktop.domain.server import LocatedServer
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.widgets.dialog import Dialog, Scrim
from autosky_desktop.ui.widgets.table.table import RecordTable
from tests.support.evening import (
    ERP,
    LIVE,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    a_support_server,
    an_evening,
)
from tests.support.keys import focus
from tests.support.looking import is_painted
from tests.support.person import Person, said, visible
from tests.support.planes import A_PLANE, ANOTHER_PLANE
from tests.ui.publish.run.test_runs import a_run, a_scheduled

GONE = Problem(type="about:blank", title="Not found", status=404, code="not-found")


@asynccontextmanager
async def an_evening_with_a_publication() -> AsyncIterator[Evening]:
    """The control plane knows of one more than is shown."""

    async def find(identity: str) -> LocatedPublication:
        if identity != "old-run":
            raise Refused(GONE)
        run = msgspec.structs.asdict(a_publication(id="old-run", version=12))
        return LocatedPublication(environment="payroll", **run)

    async def find_server(identity: str) -> LocatedServer:
        known = {"prep": a_preparation_server(), "db-07": a_support_server("DB-07")}
        if identity not in known:
            raise Refused(GONE)
        return LocatedServer(environment="payroll", **msgspec.structs.asdict(known[identity]))

    async with an_evening(1024, 640) as evening:
        evening.show(a_preparation_server(), *(a_support_server(f"DB-{it:02}") for it in range(9)))
        navigation = evening.desktop.navigation
        navigation.find, navigation.find_server = find, find_server
        yield evening


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


async def test_a_link_opens_its_environment_and_raises_the_window(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        window = evening.desktop.window
        window.hide()
        evening.desktop.navigation.arrive("autosky://environment/payroll")
        assert (window.isVisible(), window.environment) == (True, "payroll")


async def test_a_link_to_this_control_plane_opens_its_environment(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.desktop.navigation.arrive(f"autosky://environment/payroll?plane={A_PLANE}")
        await me.until(lambda: evening.desktop.window.environment == "payroll", "Payroll")


async def test_a_link_to_a_publication_opens_its_details(qloop: object, me: Person) -> None:
    async with an_evening_with_a_publication() as evening:
        evening.desktop.navigation.arrive("autosky://publication/old-run")
        await me.sees("Details of version 12")
        assert evening.desktop.window.environment == "payroll"
        await me.presses("Close")


async def test_a_link_to_a_server_shows_its_row_and_takes_the_keyboard_there(
    qloop: object, me: Person
) -> None:
    async with an_evening_with_a_publication() as evening:
        evening.desktop.navigation.arrive("autosky://environment/payroll")
        await me.types("Find a server", "DB-03")
        evening.desktop.navigation.arrive("autosky://environment/erp-production")
        evening.desktop.navigation.arrive("autosky://server/db-07")
        await me.until(lambda: evening.desktop.window.environment == "payroll", "Payroll")
        table = await me.until(lambda: isinstance(focus(), RecordTable) and focus(), "the table")
        assert isinstance(table, RecordTable)
        assert [it.name for it in table.selected_records()] == ["DB-07"]
        row = table.visualRect(table.currentIndex())
        await me.until(lambda: table.visibleRegion().contains(row), "the row in view")
        evening.desktop.navigation.arrive("autosky://server/prep")
        await me.until(lambda: said(focus()) == "Actions for PREP-ERP-PROD-01", "its actions")
        assert evening.plane.asked == []


async def test_of_many_links_the_newest_is_answered_over_a_window_that_is_darkened_once(
    qloop: object, me: Person
) -> None:
    async with an_evening_with_a_publication() as evening:
        arrive, window = evening.desktop.navigation.arrive, evening.desktop.window
        for link in ("server/no", "server/no", "environment/no", "publication/old-run"):
            arrive(f"autosky://{link}")
        await me.sees("Details of version 12")
        await me.until(lambda: len(dialogs()) == 1, "one dialog")
        arrive("autosky://server/nope")
        await me.sees("This server was not found")
        await me.until(lambda: len(dialogs()) == 1, "one dialog")
        scrims = [it for it in window.findChildren(Scrim) if it.isVisible()]
        assert len(scrims) == 1
        await me.presses("Close")
        await me.until(lambda: not dialogs(), "none")


def dialogs() -> set[Dialog]:
    return set(visible(Dialog))


async def test_links_are_copied_from_the_menus_of_servers(qloop: object, me: Person) -> None:
    async with an_evening_with_a_publication():
        await me.clicks_cell("Actions for DB-07")
        await me.chooses("Copy link")
        assert clipboard() == f"autosky://server/db-07?plane={A_PLANE}"
        await me.presses("Actions for PREP-ERP-PROD-01")
        await me.chooses("Copy link")
        assert clipboard() == f"autosky://server/prep?plane={A_PLANE}"


async def test_links_are_copied_wherever_a_publication_is_shown(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.show(publications=[a_scheduled(), a_run(), a_publication(id="old-run")])
        await me.opens_tab("Publish")
        await me.presses("Copy link to this publication")
        assert clipboard() == f"autosky://publication/now?plane={A_PLANE}"
        await me.until(lambda: is_painted(evening.desktop.window), "all of it painted")
        await me.clicks_cell("Actions for the publication of Today 17:33")
        await me.chooses("Copy link")
        assert clipboard().startswith("autosky://publication/")
        QGuiApplication.clipboard().clear()
        evening.desktop.navigation.show_publication(ERP, 41)
        await me.presses("Copy link")
        assert clipboard() == f"autosky://publication/old-run?plane={A_PLANE}"
        await me.presses("Close")
        await me.opens_tab("Scheduled")
        await me.clicks_cell("Actions for the publication of Fri 27 Nov 22:00")
        await me.chooses("Copy link")
        assert clipboard() == f"autosky://publication/later?plane={A_PLANE}"


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("autosky://environment/nowhere", "This environment was not found"),
        ("autosky://publication/nowhere", "This publication was not found"),
        ("autosky://server/nowhere", "This server was not found"),
        ("autosky://server/prep?stop", "This link leads nowhere"),
        (f"autosky://environment/payroll?plane={ANOTHER_PLANE}", "to another control plane"),
        ("<b>x</b>", "This link leads nowhere"),
    ],
)
async def test_a_link_to_nowhere_is_a_sentence(
    qloop: object, me: Person, link: str, told: str
) -> None:
    async with an_evening_with_a_publication() as evening:
        before = evening.desktop.window.environment
        evening.desktop.navigation.arrive(link)
        await me.sees(told)
        assert evening.desktop.window.environment == before
        await me.presses("Close")


async def test_a_link_waits_until_the_control_plane_is_heard(qloop: object, me: Person) -> None:
    async with an_evening() as evening:
        evening.store.set_connection(LineStatus(Line.STARTING, NOW))
        evening.desktop.navigation.arrive("autosky://environment/payroll")
        assert evening.desktop.window.environment != "payroll"
        evening.store.set_connection(LIVE)
        assert evening.desktop.window.environment == "payroll"
