"""Connecting to servers, from wherever it is asked for. Its parts are loaded with the first one."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QObject, Signal

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import Server, ServerRole
from autosky_desktop.store.store import Store
from autosky_desktop.system.settings import Preferences, Recent
from autosky_desktop.system.tasks import Nursery
from autosky_desktop.ui.frame.window import MainWindow
from autosky_desktop.words import connecting_menu
from autosky_desktop.words.labels import connect as labels
from autosky_desktop.words.language import _

if TYPE_CHECKING:
    from autosky_desktop.actions.connect.connecting import OpenSession, ServerAccess
    from autosky_desktop.actions.connect.recording import ConnectionRecords
    from autosky_desktop.actions.connect.services import ConnectServices
    from autosky_desktop.domain.connecting import CannotConnect, ConnectRequest
    from autosky_desktop.system.connect.credentials import Credentials
    from autosky_desktop.system.connect.launcher import Ended
    from autosky_desktop.system.connect.trust import Trust
    from autosky_desktop.system.plane_files import OwedConnections
    from autosky_desktop.ui.connect.dialog import ConnectDialog

MOST_RECENT = 5
LEAVING = 1.0
"""Seconds in which it is told that sessions were left."""


class Connections(QObject):
    """The connections to servers: opens the window that asks, and knows the sessions that are open.

    `told` asks for a notification: a title, a text, what a click on it does, and the name of a
    button that does the same. `client_asked`: the person wants to choose a client, in the settings.
    """

    told = Signal(str, str, object, str)
    client_asked = Signal()

    def __init__(
        self,
        window: MainWindow,
        store: Store,
        intents: Intents,
        preferences: Preferences,
        credentials: "Callable[[], Credentials]",
        tasks: Nursery,
        now: Callable[[], datetime],
    ) -> None:
        super().__init__()
        self.access: Callable[[], ServerAccess] = self._of_this_computer
        self._window, self._store, self._intents = window, store, intents
        self._preferences, self._credentials = preferences, credentials
        self._tasks, self._now = tasks, now
        self._dialog: ConnectDialog | None = None
        self._used = False
        self._of = preferences.plane_folder
        preferences.watch(self._plane_met)

    def begin(self) -> None:
        """Have the control plane record what an earlier start of this program could not."""
        if self._owed.there():
            self._line_changed()

    def ask(
        self, environment: str, server: Server | Instance, account: str = "", said: str = ""
    ) -> None:
        """Open the window that asks; `said` is why it asks again."""
        from autosky_desktop.ui.connect.dialog import ConnectDialog

        record = self._store.environments.get(environment)
        if record is None or self._dialog is not None:
            return
        dialog = ConnectDialog(
            self._window, record, server, self._services, account=account, said=said
        )
        self._dialog = dialog
        dialog.finished.connect(self._closed)
        dialog.open()

    def ask_of(self, environment: str, server: str = "", account: str = "") -> None:
        """Ask for a server or an instance by its id; empty: for the preparation server. The
        environment has to be read.
        """
        details = self._store.details(environment)
        if instance := details.instances.get(server):
            self.ask(environment, instance, account)
            return
        for it in details.servers:
            if it.id == server or (not server and it.role == ServerRole.PREPARATION):
                self.ask(environment, it, account)
                return

    def sessions(self, server: str = "") -> "list[OpenSession]":
        """Return the sessions open on that server (its id), or everywhere; the newest first."""
        return self._services.sessions.on(server) if self._used else []

    def unfinished(self) -> list[str]:
        """Say what becomes, when the program ends, of connections not open or not recorded yet."""
        under_way = self._services.under_way if self._used else []
        waiting = [it.request.server.name for it in under_way if it.starts]
        owed = len(self._records.sendable) if self._store.me and self._owed.there() else 0
        return connecting_menu.unfinished(waiting, owed)

    @property
    def recent(self) -> tuple[Recent, ...]:
        return self._preferences.settings.recent_connections

    async def close(self) -> None:
        """Stop following the sessions; they go on."""
        if not self._used:
            return
        try:
            async with asyncio.timeout(LEAVING):
                await self._services.sessions.leave()
        except TimeoutError:  # a control plane that hangs keeps nobody from quitting
            return

    @cached_property
    def _services(self) -> "ConnectServices":
        from autosky_desktop.actions.connect.services import ConnectServices, OpenConnections

        sessions = OpenConnections(self._records, self._began, self._ended)
        self._used = True
        return ConnectServices(
            self._store, self._intents, self._tasks, self._preferences, self.access(),
            self._credentials(), self._records, sessions, self._now, self._ready,
            self.client_asked.emit,
        )  # fmt: skip

    @cached_property
    def _records(self) -> "ConnectionRecords":
        from autosky_desktop.actions.connect.recording import ConnectionRecords

        self._store.watch(self._line_changed)
        return ConnectionRecords(self._intents, self._owed, lambda: self._store.me)

    def _plane_met(self) -> None:
        """Drop what was made for another control plane, of which the window knew before it met this
        one: whom that one's servers are, and their passwords, serve this one nothing.
        """
        if self._of == self._preferences.plane_folder:
            return
        self._of = self._preferences.plane_folder
        if self._dialog:
            self._dialog.reject()
        if self.__dict__.pop("_records", None):
            self._store.unwatch(self._line_changed)
        self.__dict__.pop("_services", None)
        self._used = False

    @property
    def _owed(self) -> "OwedConnections":
        from autosky_desktop.system.plane_files import OwedConnections

        return OwedConnections(self._preferences.plane_folder, self._preferences.lose)

    @property
    def trust(self) -> "Trust":
        """The servers of this control plane that this computer trusts."""
        from autosky_desktop.system.connect.trust import Trust

        return Trust(self._preferences.plane_folder)

    def _of_this_computer(self) -> "ServerAccess":
        from autosky_desktop.actions.connect.system_access import SystemServerAccess

        return SystemServerAccess(self._preferences, self.trust, self._now)

    def _closed(self) -> None:
        self._dialog = None

    def _line_changed(self) -> None:
        if self._store.connection.live and self._records.sendable:
            self._tasks.spawn(self._records.send_waiting(), name="reports")

    def _began(self, session: "OpenSession") -> None:
        request = session.request
        if not isinstance(request.server, Instance):  # the next version takes it away
            self._keep_recent(request)
        if session.report.owed:
            self.told.emit(
                _(labels.CONNECTION_NOT_RECORDED),
                _(labels.CONNECTION_TOLD_LATER).format(server=request.server.name),
                lambda: None,
                "",
            )  # fmt: skip

    def _keep_recent(self, request: "ConnectRequest") -> None:
        settings = self._preferences.settings
        now = Recent(request.environment, request.server.id, request.server.name, request.account)
        before = [it for it in settings.recent_connections if it != now]
        kept = (now, *before)[:MOST_RECENT]
        self._preferences.keep(msgspec.structs.replace(settings, recent_connections=kept))

    def _ended(self, session: "OpenSession", ended: "Ended") -> None:
        from autosky_desktop.domain.connection import ConnectionOutcome
        from autosky_desktop.words import connecting as words

        request = session.request
        if ended.outcome in words.QUIET:
            return
        text = words.ended(
            ended.outcome, server=request.server.name, account=request.account,
            word=request.endpoint.protocol, reason=ended.reason,
        )  # fmt: skip
        if ended.outcome is ConnectionOutcome.WRONG_PASSWORD:
            self._tasks.spawn(self._ask_again(request, text), name="wrong password")
            return
        title = _(labels.CONNECTION_TO_SERVER_HAS_ENDED)
        self.told.emit(
            title.format(server=request.server.name), text, self._again(request), _connect()
        )

    async def _ask_again(self, request: "ConnectRequest", text: str) -> None:
        """Forget the password that the server refused, since it serves nobody, and ask again."""
        await self._services.forget(request.environment, request.server.id, request.account)
        self._raise()
        self.ask(request.environment, request.server, request.account, text)

    def _ready(self, request: "ConnectRequest", trouble: "CannotConnect | None") -> None:
        """Notify that a server whose window was closed while it started answers, or why not."""
        from autosky_desktop.words import connecting as words

        name = request.server.name
        if trouble:
            title = _(labels.SERVER_DOES_NOT_ANSWER).format(server=name)
            text = words.why(trouble, server=name, account=request.account)
        else:
            title = _(labels.SERVER_ANSWERS).format(server=name)
            text = _(labels.CONNECT_TO_IT_AS_ACCOUNT)
            text = text.format(account=request.account)
        self.told.emit(title, text, self._again(request), _connect())

    def _again(self, request: "ConnectRequest") -> Callable[[], Any]:
        def ask() -> None:
            self._raise()
            self.ask_of(request.environment, request.server.id, request.account)

        return ask

    def _raise(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()


def _connect() -> str:
    return _(labels.CONNECT)
