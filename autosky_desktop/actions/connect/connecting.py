"""One connection from the press of a button until its session is seen, step by step.

A stopped server is started by the usual request; nothing else ever starts one. No secret leaves
before it is settled who answers there, and it is wiped as soon as the client has it.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol as Port

from msgspec import Struct

from autosky_desktop.actions.connect.destination import settled, target
from autosky_desktop.actions.connect.recording import ConnectionRecords, Report
from autosky_desktop.actions.connect.tunnelling import OpensTunnels, TunnelOnTheWay
from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.connecting import (
    CannotConnect,
    ConnectRequest,
    ConnectStep,
    HostCheck,
    Name,
    Trouble,
    TrustVerdict,
    starts_first,
)
from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol, Route, address
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import AutoskyError, Refused
from autosky_desktop.domain.publication import StepState
from autosky_desktop.domain.server import Power, Server, ServerState
from autosky_desktop.store.store import Store
from autosky_desktop.system import clock
from autosky_desktop.system.connect.launcher import Launcher, Running
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Hostile, Target

log = logging.getLogger(__name__)

PAUSE = 0.25
"""Seconds between two looks whether the port answers."""

PATIENCE = 8.0
"""Seconds after which a server that was running already is tried no more."""

UNFORESEEN = "unforeseen"
"""Why it failed, where only the log knows more."""


OUTCOMES = {
    Trouble.SIMULATED: ConnectionOutcome.UNREACHABLE,
    Trouble.CHANGED: ConnectionOutcome.UNTRUSTED,
    Trouble.NAMED_OTHERWISE: ConnectionOutcome.UNTRUSTED,
    Trouble.UNTRUSTWORTHY: ConnectionOutcome.UNTRUSTED,
    Trouble.DECLINED: ConnectionOutcome.UNTRUSTED,
    Trouble.NO_SECRET: ConnectionOutcome.CANCELLED,
}
"""What is recorded of an attempt that came to no session; of any other, that the client failed."""


class ServerAccess(OpensTunnels, Port):
    """The services of this computer that a connection needs."""

    async def answers(self, target: Target) -> bool: ...

    async def look(self, target: Target, named: str | None) -> HostCheck:
        """Return a look at who answers. Raises CannotConnect."""

    def pin(self, target: Target, look: HostCheck) -> None: ...

    def launcher(self, protocol: Protocol) -> Launcher | None:
        """Return the client for the protocol; None if this computer has none."""

    def missing(self, protocol: Protocol) -> CannotConnect:
        """Return the error that there is no client, with what to install."""

    async def open(self, launcher: Launcher, target: Target, secret: Secret | None) -> Running:
        """Open a session. Raises CannotConnect."""


class Source(Port):
    """The source of the secret, which is asked when the secret is needed, and not before."""

    async def take(self) -> Secret | None:
        """Return the secret; None if none is handed over. Raises CannotConnect."""

    def forget(self) -> None: ...


class OpenSession(Struct, frozen=True, kw_only=True):
    """A session that was seen to be up. `id` is its own, for those that are open at once."""

    id: str
    request: ConnectRequest
    running: Running
    report: Report
    since: datetime


def known_now(
    store: Store, environment: str, server: Server | Instance
) -> Server | Instance | None:
    """Return the server or instance as it is known now; None: it is not."""
    details = store.details(environment)
    if isinstance(server, Instance):
        return details.instances.get(server.id)
    return details.servers.get(server.id)


SessionsOn = Callable[[str], Sequence[OpenSession]]
"""Returns the sessions that are open on the server of that id."""

Doubt = Callable[[HostCheck], Awaitable[bool]]


class Connecting:
    """One connection on its way to a session. `changed` is called with every step until nobody
    watches any more; `trusts` is asked before somebody new is trusted. `fetches` is true while it
    waits for the keychain, or for a command, to say the password.
    """

    def __init__(
        self,
        request: ConnectRequest,
        source: Source,
        access: ServerAccess,
        records: ConnectionRecords,
        intents: Intents,
        store: Store,
        now: Callable[[], datetime],
        changed: Callable[[], None],
        trusts: Doubt,
    ) -> None:
        self.request = request
        self._changed, self._trusts = changed, trusts
        self.only_waits = self.fetches = False
        self.trouble: CannotConnect | None = None
        self._report: Report | None = None
        self._source, self._access, self._records = source, access, records
        self._intents, self._store, self._now = intents, store, now
        self._endpoint = request.endpoint
        known = known_now(store, request.environment, request.server)
        self.starts = starts_first(known or request.server)
        self._tunnel = TunnelOnTheWay(request.server, access, intents, waits=self.starts)
        self.steps = [ConnectStep(name) for name in _names(request, starts=self.starts)]
        for step in self.steps:
            if step.name is Name.STARTING:
                step.usual = request.endpoint.usual_start_seconds

    def let_go(self) -> None:
        """Stop looking, because nobody watches any more: wait for the answer, but open nothing."""
        self.only_waits = True
        self._source.forget()

    async def run(self) -> OpenSession | None:
        """Return the session; None when `trouble` says why not, or when it `only_waits`."""
        try:
            return await self._run()
        except CannotConnect as cause:
            self._fail(cause)
        except Hostile as cause:
            self._fail(CannotConnect(Trouble.HOSTILE, cause.field))
        except AutoskyError as cause:
            first = self.steps[0].state is not StepState.SUCCEEDED
            word = Trouble.NOT_STARTED if self.starts and first else Trouble.FAILED
            self._fail(CannotConnect(word, cause=cause))
        except Exception:
            log.exception("A connection to %r failed unexpectedly", self.request.server.name)
            self._fail(CannotConnect(Trouble.FAILED, UNFORESEEN))
        finally:
            self._source.forget()
            self._tunnel.end()
        return None

    async def _run(self) -> OpenSession | None:
        self._server()
        self._launcher(self._aim())
        if self.starts:
            await self._start()
            self._endpoint = await self._intents.endpoint(self.request.server.id)
            if not address(self._endpoint, self.request.way):
                raise CannotConnect(Trouble.NO_ADDRESS)
        aim = self._aim()
        try:
            dialled = aim
            if self.request.way is Route.TUNNEL:
                with _Doing(self, Name.TUNNEL):
                    dialled = await self._tunnel.dialled(aim)
            with _Doing(self, Name.ANSWERING):
                await self._answer(dialled)
            if self.only_waits:
                return None
            with _Doing(self, Name.OPENING):
                return await self._open(await self._settle(dialled))
        except CannotConnect as cause:
            if self._report is None:
                await self._record(cause)
            raise

    def _aim(self) -> Target:
        """Return the target. Raises Hostile for the endpoint of another server, because that would
        be judged by what this one is known by.
        """
        if self._endpoint.server != self.request.server.id:
            raise Hostile("server")
        return target(
            self._endpoint, self.request.server.name, self.request.account, self.request.way
        )

    def _launcher(self, aim: Target) -> Launcher:
        """Return the launcher. It is looked for first, so that no server is started for nothing."""
        launcher = self._access.launcher(aim.protocol)
        if launcher is None:
            self.begin(Name.OPENING)
            raise self._access.missing(aim.protocol)
        return launcher

    def begin(self, name: Name) -> ConnectStep:
        step = next(it for it in self.steps if it.name is name)
        step.state, step.since = StepState.RUNNING, self._now()
        self._tell()
        return step

    def end(self, step: ConnectStep) -> None:
        step.state, step.until = StepState.SUCCEEDED, self._now()
        self._tell()

    def _fail(self, trouble: CannotConnect) -> None:
        log.info("No connection to %r: %s", self.request.server.name, trouble)
        self.trouble = trouble
        running = (it for it in self.steps if it.state is StepState.RUNNING)
        ahead = (it for it in self.steps if it.state is not StepState.SUCCEEDED)
        if step := next(running, None) or next(ahead, None):
            step.state, step.until = StepState.FAILED, self._now()
        self._tell()

    def _tell(self) -> None:
        if not self.only_waits:
            self._changed()

    async def _start(self) -> None:
        with _Doing(self, Name.REQUEST):
            if ServerState(self._server().status) is ServerState.STOPPED:
                await self._intents.power(self.request.server.id, Power.START).send()
        with _Doing(self, Name.STARTING):
            await self._runs()

    async def _runs(self) -> None:
        """Wait until the store has the server running. Raises CannotConnect if it stops again."""
        servers = self._store.details(self.request.environment).servers
        heard = asyncio.Event()

        def tell(_diff: object) -> None:
            heard.set()

        servers.watch(tell)
        try:
            moved = False
            while (state := ServerState(self._server().status)) is not ServerState.RUNNING:
                if moved and state is ServerState.STOPPED:
                    raise CannotConnect(Trouble.STOPPED_AGAIN)
                moved = moved or state is not ServerState.STOPPED
                heard.clear()
                await heard.wait()
        finally:
            servers.unwatch(tell)

    def _server(self) -> Server | Instance:
        """Return the server as it is known now. Raises CannotConnect if it is there no more."""
        environment = self.request.environment
        known = known_now(self._store, environment, self.request.server)
        if known is None and self._store.details(environment).revision is not None:
            raise CannotConnect(Trouble.GONE)
        return known or self.request.server

    async def _answer(self, aim: Target) -> None:
        """Wait until the server answers; one that was started is waited for until the person gives
        up. No attempt is cut short: ssh gives each address of a name its own time.
        """
        simulated = self._endpoint.simulated
        endless = self.starts and not simulated
        until = clock.steady() + PATIENCE
        while not await self._access.answers(aim):
            if not endless and clock.steady() > until:
                gone = Trouble.SIMULATED if simulated else ConnectionOutcome.UNREACHABLE
                raise CannotConnect(gone)
            await asyncio.sleep(PAUSE)

    async def _settle(self, aim: Target) -> Target:
        look = await self._access.look(aim, self._endpoint.fingerprint)
        if look.verdict in (TrustVerdict.CHANGED, TrustVerdict.NAMED_OTHERWISE):
            raise CannotConnect(Trouble(look.verdict.value), cause=look)
        if look.verdict in (TrustVerdict.NEW, TrustVerdict.NAMED_ANEW, TrustVerdict.RENEWED):
            if not await self._trusts(look):
                raise CannotConnect(Trouble.DECLINED)
            self._access.pin(aim, look)
        return settled(aim, look)

    async def _open(self, aim: Target) -> OpenSession:
        launcher = self._launcher(aim)
        secret = await self._secret() if launcher.takes_password else None
        self._report = report = await self._begun()
        outcome = ConnectionOutcome.CLIENT_FAILED  # also by an error that nobody foresaw
        try:
            running = await self._access.open(launcher, aim, secret)
            self._source.forget()
            session = await self._shown(running, report)
            outcome = ConnectionOutcome.OPEN
            return session
        except CannotConnect as cause:
            outcome = _outcome(cause)
            raise
        except asyncio.CancelledError:
            outcome = ConnectionOutcome.CANCELLED
            raise
        finally:
            if outcome is not ConnectionOutcome.OPEN:
                await self._records.end(report, outcome)

    async def _record(self, cause: CannotConnect) -> None:
        """Have an attempt recorded that ended before a client was to be opened."""
        try:
            report = await self._begun()
        except Refused as refused:
            log.warning("A connection that failed was not recorded: %s", refused)
        else:
            await self._records.end(report, _outcome(cause))

    async def _secret(self) -> Secret | None:
        self.fetches = True
        try:
            return await self._source.take()
        finally:
            self.fetches = False

    async def _begun(self) -> Report:
        aim = self._aim()
        begun = ConnectionBegun(
            account=self.request.account, address=aim.host, protocol=aim.protocol.value
        )
        server = self.request.server
        return await self._records.begin(server.id, begun, to_instance=isinstance(server, Instance))

    async def _shown(self, running: Running, report: Report) -> OpenSession:
        try:
            if not await running.shown():
                ended = await running.ended()
                raise CannotConnect(ended.outcome, ended.reason or str(ended.code or ""))
        except asyncio.CancelledError:
            running.close()
            raise
        return OpenSession(
            id=f"{self.request.server.id}-{running.pid}", request=self.request,
            running=self._tunnel.handed_to(running),
            report=report, since=self._now(),
        )  # fmt: skip


class _Doing:
    """One step under way; whoever asked for it says how it fails."""

    def __init__(self, connecting: Connecting, name: Name) -> None:
        self._connecting, self._name = connecting, name

    def __enter__(self) -> None:
        self._step = self._connecting.begin(self._name)

    def __exit__(self, kind: object, _cause: object, _trace: object) -> None:
        if kind is None:
            self._connecting.end(self._step)


def _names(request: ConnectRequest, *, starts: bool) -> list[Name]:
    left_out = set() if starts else {Name.REQUEST, Name.STARTING}
    if request.way is not Route.TUNNEL:
        left_out.add(Name.TUNNEL)
    return [name for name in Name if name not in left_out]


def _outcome(cause: CannotConnect) -> ConnectionOutcome:
    if isinstance(cause.trouble, ConnectionOutcome):
        return cause.trouble
    return OUTCOMES.get(cause.trouble, ConnectionOutcome.CLIENT_FAILED)
