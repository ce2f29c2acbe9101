"""Tells where to connect to, and records who did: as whom, when, and how it ended.

| what the desktop tells            | connection | its entry in the record                     |
|-----------------------------------|------------|---------------------------------------------|
| begun                             | `open`     | `connect`, running                          |
| begun, again with the same key    | as it is   | unchanged: it is the same connection        |
| ended: `closed`                   | `closed`   | done                                        |
| ended: `left`, or `open`          | `left`     | done, reason `left`: nobody saw it end      |
| ended: any other word             | that word  | failed, the word being the reason           |
| ended, again                      | as it is   | unchanged: the first report stays           |
| ended, by somebody else           | as it is   | unchanged, and refused: not theirs to tell  |
| nothing for a week (`OPEN_FOR`)   | `left`     | done, reason `left`: nobody saw it end      |

A session may last for days and outlives its desktop, so neither a start of the control plane nor
a desktop that went away says anything of it. After a week without a word the desktop is taken to
have been killed: the record then says that the end was not seen, and claims no length of it.

A desktop sends no secret, and what has a field we do not know is refused before anything of it is
kept.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind, Outcome
from autosky_desktop.domain.connection import (
    Connection,
    ConnectionBegun,
    ConnectionEnded,
    ConnectionOutcome,
)
from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Server
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity.entries import DONE, RequestEnding
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.connections import queries as connections
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.retry import retry_or_refuse
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import NoSuchEnvironment, UnitOfWork

OPEN_FOR = timedelta(days=7)

Lookup = Callable[[AsyncEngine, str], Awaitable[tuple[str, Server | Instance]]]
"""Returns a server or an instance by its id, and its environment. Raises Refusal."""
BeginTunnel = Callable[[str, str], Awaitable[Tunnel]]
"""Begins a tunnel in that environment, to that server or instance. Raises ProviderError."""


class ConnectionCommands:
    """Looks up endpoints, and records when connections to servers and instances begin and end."""

    def __init__(
        self,
        engine: AsyncEngine,
        provider: Provider,
        begin_tunnel: BeginTunnel,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
        now: Now,
    ) -> None:
        self._engine = engine
        self._provider, self._begin_tunnel = provider, begin_tunnel
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._now = now

    async def endpoint(self, find: Lookup, machine: str) -> Endpoint:
        """Ask the provider for the endpoint now: a start may change the address. Raises Refusal."""
        environment, _ = await find(self._engine, machine)
        return await retry_or_refuse(lambda: self._provider.endpoint(environment, machine))

    async def tunnel(self, find: Lookup, machine: str) -> Tunnel:
        """Have the provider begin a tunnel. What opens it is kept nowhere. Raises Refusal."""
        environment, _ = await find(self._engine, machine)
        return await retry_or_refuse(lambda: self._begin_tunnel(environment, machine))

    async def begin(
        self,
        find: Lookup,
        machine: str,
        request: ConnectionBegun,
        *,
        principal: Principal,
        key: str,
    ) -> Connection:
        """Record that a connection begins, once for the same key. Raises Refusal."""
        _refuse_unreadable(request)
        environment, to = await find(self._engine, machine)
        entry = self._activity_log.entry(
            ActivityKind.CONNECT.value, principal=principal, key=key, target=to.name
        )
        async with self._unit_of_work.transaction(environment) as transaction:
            if known := await connections.find(transaction.connection, entry.id):
                return known[1]
            begun = Connection(
                id=entry.id,
                server=to.id,
                account=request.account,
                address=request.address,
                protocol=request.protocol,
                by=principal.name,
                by_id=principal.id,
                at=entry.at,
            )
            await connections.begin(transaction.connection, environment, begun)
            await entries.write(transaction, replace(entry, account=request.account))
            return begun

    async def end(
        self, identity: str, request: ConnectionEnded, *, principal: Principal
    ) -> Connection:
        """Record how the connection ended. A second report changes nothing. Raises Refusal."""
        async with self._engine.connect() as connection:
            found = await connections.find(connection, identity)
        if found is None or found[1].by_id != principal.id:
            raise Refusal(Code.NOT_FOUND, f"no connection {identity} of yours")
        async with self._unit_of_work.transaction(found[0]) as transaction:
            return await _ended(transaction, identity, request.outcome)

    async def close_forgotten(self) -> None:
        """Close the connections not heard of for OPEN_FOR: nobody saw them end."""
        async with self._engine.connect() as connection:
            forgotten = await connections.open_since_before(connection, self._now() - OPEN_FOR)
        for environment, known in forgotten:
            with suppress(NoSuchEnvironment):
                async with self._unit_of_work.transaction(environment) as transaction:
                    await _ended(transaction, known.id, ConnectionOutcome.LEFT)


async def _ended(transaction: Transaction, identity: str, outcome: ConnectionOutcome) -> Connection:
    found = await connections.find(transaction.connection, identity)
    assert found is not None  # none is ever taken away
    known = found[1]
    if known.ended_at is not None:
        return known
    ended = replace(known, outcome=_as_kept(outcome).value, ended_at=transaction.now)
    await connections.end(transaction.connection, ended)
    await entries.conclude(transaction, identity, _ending(ended))
    return ended


def _as_kept(outcome: ConnectionOutcome) -> ConnectionOutcome:
    """Return the outcome to record: an end reported as `open` is one that nobody saw."""
    return ConnectionOutcome.LEFT if outcome is ConnectionOutcome.OPEN else outcome


def _ending(ended: Connection) -> RequestEnding:
    if ended.outcome == ConnectionOutcome.CLOSED:
        return DONE
    left = ended.outcome == ConnectionOutcome.LEFT
    outcome = Outcome.DONE if left else Outcome.FAILED
    return RequestEnding(outcome=outcome.value, reason=ended.outcome)


def _refuse_unreadable(request: ConnectionBegun) -> None:
    """Raise Refusal for a name that would break the record's lines or turn them round."""
    for name in ("account", "address", "protocol"):
        if not getattr(request, name).isprintable():
            raise Refusal(Code.INVALID_REQUEST, f"{name} holds a character that cannot be shown")
