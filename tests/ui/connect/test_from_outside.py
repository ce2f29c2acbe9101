"""Connections from the tray, and what comes of a session after its window was seen."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu

from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.secrets import Scope, Subject
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.plane_files import Owed, OwedConnections
from autosky_desktop.ui.tray.menu import TrayMenu
from tests.support.connect_window import FILE, Connectable, connectable
from tests.support.evening import ERP, LIVE
from tests.support.person import Person
from tests.support.publishing import NOW

ACCOUNT = "ERPPROD\\svc-maintenance"


class Doing:
    """Writes down which line of the menu was chosen."""

    def __init__(self) -> None:
        self.did: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *given: self.did.append((name, *given))


def tray(it: Connectable, doing: Doing) -> TrayMenu:
    store, known = it.evening.store, it.evening.desktop.connections
    none, nothing = lambda: (), lambda: None
    return TrayMenu(store, cast("Any", doing), nothing, nothing, none, known, lambda: NOW)


async def opened(it: Connectable, me: Person) -> None:
    await it.asks()
    await it.connects()
    await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")
    await me.until(lambda: QApplication.activeModalWidget() is None, "the end of the window")


async def test_the_tray_lists_open_and_recent_connections(qloop: object, me: Person) -> None:
    async with connectable() as it:
        await opened(it, me)
        doing = Doing()
        menu = tray(it, doing)
        assert f"{FILE.name} as {ACCOUNT}, open since 18:33" in [a.text() for a in menu.actions()]
        recent = next(a.menu() for a in menu.actions() if a.text() == "Recent connections")
        assert isinstance(recent, QMenu)
        [again] = recent.actions()
        assert again.text() == f"{FILE.name} as {ACCOUNT}…"
        again.trigger()
        connected = [did for did in doing.did if did[0] == "connect"]  # the menu asks more of it
        assert connected == [("connect", ERP, FILE.id, ACCOUNT)]
        menu.deleteLater()


async def test_what_is_to_be_told_waits_with_what_else_is_remembered_of_its_control_plane(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with connectable() as it:
        it.evening.preferences.go_to(tmp_path)
        await opened(it, me)
        assert [owed.server for owed in OwedConnections(tmp_path).load()] == [FILE.id]
        assert not it.owed.there()


async def test_what_was_asked_before_it_was_known_who_is_there_serves_nobody_else(
    qloop: object, me: Person, tmp_path: Path
) -> None:
    async with connectable() as it:
        await it.credentials.remember(
            ACCOUNT, Scope.SERVER, Subject(FILE.id, FILE.name), Secret("of the first")
        )
        await it.asks()
        await me.sees("Kept for this server.")
        first = it.evening.desktop.connections._services
        it.evening.preferences.go_to(tmp_path)
        await me.no_longer_sees("Kept for this server.")
        await it.asks()
        await me.no_longer_sees("Kept for this server.")
        second = it.evening.desktop.connections._services
        assert second is not first
        assert second.credentials.find(server=FILE.id, environment=ERP) is None
        assert it.evening.desktop.connections.trust.pins == []
        await me.presses("Cancel")


async def test_a_recent_connection_asks_as_whom_it_was(qloop: object, me: Person) -> None:
    async with connectable() as it:
        it.evening.desktop.navigation.connect_to("erp-production", FILE.id, "ERPPROD\\ana")
        await me.sees("Connect to FILE-ERP-PROD-01")
        await me.sees("Private address 10.20.0.31")
        dialog = QApplication.activeModalWidget()
        assert dialog
        assert dialog.form.account() == "ERPPROD\\ana"  # type: ignore[attr-defined]
        await me.presses("Cancel")
        it.evening.desktop.navigation.connect_to("erp-production")
        await me.sees("Connect to PREP-ERP-PROD-01")


async def test_a_password_that_is_refused_late_is_asked_for_again(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        await it.credentials.remember(
            ACCOUNT, Scope.SERVER, Subject(FILE.id, FILE.name), Secret("old")
        )
        await it.asks()
        await me.sees("Kept for this server.")
        await me.presses("Connect")
        await me.until(lambda: it.evening.desktop.connections.sessions(), "a session")
        assert it.access.there
        it.access.there.sessions[0].ends(ConnectionOutcome.WRONG_PASSWORD)
        await me.sees("The server refused this user or password.")
        assert not it.credentials.entries
        assert it.heard[-1] == "ended wrong-password"


async def test_what_could_not_be_recorded_is_said_and_recorded_later(
    qloop: object, me: Person
) -> None:
    async with connectable() as it:
        plane: Any = it.evening.plane
        begun = plane.connection_begun

        async def offline(*_: object, key: str) -> None:
            raise Offline("gone")

        plane.connection_begun = offline
        await opened(it, me)
        assert it.said[0].startswith("This connection is not recorded yet")
        plane.connection_begun = begun
        it.evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
        assert not it.heard
        it.evening.store.set_connection(LIVE)
        await me.until(lambda: it.heard == [f"begun {FILE.id} as {ACCOUNT}"], "the report")


async def test_a_client_that_asks_itself_is_handed_none(qloop: object, me: Person) -> None:
    async with connectable() as it:
        assert it.access.there
        it.access.there.takes_password = False
        await it.asks()
        await me.sees("The client on this computer asks for the password itself.")
        await me.types("Password", "marker")
        await me.presses("Copy password")
        assert QGuiApplication.clipboard().text() == "marker"
        await me.presses("Connect")
        await me.until(lambda: it.access.there and it.access.there.secrets == [None], "a session")
        QGuiApplication.clipboard().clear()


async def test_what_an_earlier_start_could_not_tell_is_told(qloop: object, me: Person) -> None:
    begun = ConnectionBegun(account=ACCOUNT, address="10.20.0.31", protocol="rdp")
    owed = Owed(
        operator="ana", server=FILE.id, begun=begun,
        begin_key="a", end_key="b", outcome=ConnectionOutcome.CLOSED,
    )  # fmt: skip
    async with connectable() as it:
        it.owed.save([owed])
        it.evening.desktop.connections.begin()
        await me.until(lambda: len(it.heard) == 2, "both reports")
        assert it.heard == [f"begun {FILE.id} as {ACCOUNT}", "ended closed"]
        assert not it.owed.there()
