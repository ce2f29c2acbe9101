"""The parts of the program that a connection's window needs, and the sessions that came of it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from autosky_desktop.actions.connect.connecting import (
    Connecting,
    Doubt,
    OpenSession,
    ServerAccess,
    Source,
    known_now,
)
from autosky_desktop.actions.connect.destination import target
from autosky_desktop.actions.connect.recording import ConnectionRecords
from autosky_desktop.actions.connect.secret_source import FromKeychain, FromVault, Typed
from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.connecting import (
    CannotConnect,
    ConnectRequest,
    Trouble,
    starts_first,
)
from autosky_desktop.domain.connection import LONGEST_NAME, ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.endpoint import Endpoint, Route, address
from autosky_desktop.domain.environment import Environment, Instance
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.secrets import Credential, KeychainFailed
from autosky_desktop.domain.server import Server
from autosky_desktop.domain.text import title
from autosky_desktop.store.store import Store
from autosky_desktop.system.connect import console
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.probe import has_address_in
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Hostile
from autosky_desktop.system.settings import Preferences
from autosky_desktop.system.tasks import Nursery

log = logging.getLogger(__name__)


class OpenConnections:
    """The open sessions. `began` is called with each new one, `ended` with how one ended."""

    def __init__(
        self,
        records: ConnectionRecords,
        began: Callable[[OpenSession], None],
        ended: Callable[[OpenSession, Ended], None],
    ) -> None:
        self._records, self._began, self._ended = records, began, ended
        self._sessions: dict[str, OpenSession] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def on(self, server: str = "") -> list[OpenSession]:
        """Return the sessions on that server (an id), or all of them; the newest first."""
        every = reversed(self._sessions.values())
        return [it for it in every if server in ("", it.request.server.id)]

    async def follow(self, session: OpenSession) -> None:
        """Follow the session until it has ended and that is recorded."""
        self._sessions[session.id] = session
        self._began(session)
        ended = Ended(outcome=ConnectionOutcome.LEFT)
        with guarded(log, "Following a session"):
            ended = await session.running.ended()
        if self._sessions.pop(session.id, None) is None:
            return  # it was left before
        await self._records.end(session.report, ended.outcome)
        self._ended(session, ended)

    async def leave(self) -> None:
        """Stop following all of them; they go on."""
        left, self._sessions = list(self._sessions.values()), {}
        for session in left:
            session.running.leave()
        outcome = ConnectionOutcome.LEFT
        await asyncio.gather(*(self._records.end(it.report, outcome) for it in left))


@dataclass(frozen=True)
class ConnectServices:
    """The parts that a connection's window works with.

    `ready`: a server answers whose window was closed meanwhile, or `trouble` says why not.
    """

    store: Store
    intents: Intents
    tasks: Nursery
    preferences: Preferences
    access: ServerAccess
    credentials: Credentials
    records: ConnectionRecords
    sessions: OpenConnections
    now: Callable[[], datetime]
    ready: Callable[[ConnectRequest, CannotConnect | None], None]
    choose_client: Callable[[], None]
    under_way: list[Connecting] = field(default_factory=list)

    def connecting(
        self, request: ConnectRequest, source: Source, changed: Callable[[], None], trusts: Doubt
    ) -> Connecting:
        return Connecting(
            request, source, self.access, self.records, self.intents, self.store, self.now,
            changed, trusts,
        )  # fmt: skip

    async def run(self, connecting: Connecting) -> OpenSession | None:
        """Run the connection as `Connecting.run` does; meanwhile it is `under_way`."""
        self.under_way.append(connecting)
        try:
            return await connecting.run()
        finally:
            self.under_way.remove(connecting)

    def server(self, environment: str, server: Server | Instance) -> Server | Instance:
        """Return the server or instance as it is known now."""
        return known_now(self.store, environment, server) or server

    async def endpoint(self, server: Server | Instance) -> Endpoint:
        """Ask the control plane how to connect. Raises AutoskyError."""
        if isinstance(server, Instance):
            return await self.intents.endpoint_of_instance(server.id)
        return await self.intents.endpoint(server.id)

    def source(
        self, environment: Environment, server: Server | Instance, account: str, typed: Secret
    ) -> Source:
        """Return the source of the password: what was typed, else what is remembered, else what the
        vault's command says.
        """
        command = self.preferences.settings.vault_command
        if typed:
            return Typed(typed)
        if known := self.remembered(environment.id, server.id, account):
            return FromKeychain(self.credentials, known)
        if command:
            return FromVault(
                command, server=server.name, environment=environment.name, account=account
            )
        return Typed(typed)

    def remembered(self, environment: str, server: str, account: str) -> Credential | None:
        if not account:
            return None
        return self.credentials.find(server=server, environment=environment, account=account)

    async def forget(self, environment: str, server: str, account: str) -> None:
        """Forget what is remembered of that account there; what fails costs comfort alone."""
        if known := self.remembered(environment, server, account):
            try:
                await self.credentials.forget(known.id)
            except (KeychainFailed, CannotWrite) as cause:
                log.warning("A refused password was not forgotten: %s", cause)

    async def open_console(self, endpoint: Endpoint, server: Server, account: str) -> None:
        """Open the console of the server, and have that recorded: nobody sees it end. Raises
        CannotConnect.
        """
        assert endpoint.console
        begun = ConnectionBegun(
            account=account, address=title(endpoint.console.uri)[:LONGEST_NAME], protocol="console"
        )
        report = await self.records.begin(server.id, begun)
        outcome = ConnectionOutcome.CLIENT_FAILED
        try:
            await asyncio.to_thread(console.opened, endpoint.console, title(server.name))
            outcome = ConnectionOutcome.LEFT
        except ClientMissing as cause:
            raise CannotConnect(Trouble.NO_CONSOLE, str(cause)) from None
        except ClientFailed as cause:
            raise CannotConnect(ConnectionOutcome.CLIENT_FAILED, cause.reason) from None
        except Hostile as cause:
            raise CannotConnect(Trouble.HOSTILE, cause.field) from None
        finally:
            await self.records.end(report, outcome)

    def follow(self, session: OpenSession) -> None:
        self.tasks.spawn(self.sessions.follow(session), name="session")

    async def reaches(
        self, endpoint: Endpoint, server: Server | Instance, way: Route
    ) -> bool | None:
        """Return whether this computer gets there that way; None where that cannot be told.

        A server that is off does not answer whoever asks.
        """
        if way is Route.TUNNEL:
            return None if self.access.opens_tunnels() else False
        if way is Route.PRIVATE and has_address_in(endpoint.network):
            return True
        if starts_first(server) or way is Route.GATEWAY:
            return None
        try:
            aim = target(endpoint, server.name, endpoint.account or "x", way)
        except Hostile:
            return False
        return await self.access.answers(aim)


def is_near(endpoint: Endpoint, way: Route) -> bool:
    """Return whether that address is in this computer's own network."""
    return (
        way is Route.PRIVATE and bool(address(endpoint, way)) and has_address_in(endpoint.network)
    )
