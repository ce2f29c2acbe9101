"""Starts, stops and restarts servers, and moves their shutdowns, because somebody asked."""

from types import MappingProxyType

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import (
    MOVES,
    Power,
    Server,
    ServerRole,
    ServerState,
    ShutdownMove,
    ShutdownRequest,
)
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.retry import retry_or_refuse
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.servers import queries as servers
from autosky_desktop.server.servers import rules as shutdown_rules
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

POWER_KINDS = MappingProxyType(
    {
        Power.START: ActivityKind.START,
        Power.STOP: ActivityKind.STOP,
        Power.RESTART: ActivityKind.RESTART,
    }
)
SHUTDOWN_KINDS = MappingProxyType(
    {
        ShutdownMove.EXTEND: ActivityKind.MOVE_SHUTDOWN,
        ShutdownMove.SET: ActivityKind.SET_SHUTDOWN,
        ShutdownMove.SKIP: ActivityKind.SKIP_SHUTDOWN,
        ShutdownMove.CANCEL: ActivityKind.CANCEL_SHUTDOWN,
    }
)


class PowerCommands:
    """Starts, stops and restarts servers, and records who asked for it."""

    def __init__(
        self, engine: AsyncEngine, provider: Provider, poller: Poller, activity_log: ActivityLog
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._poller = poller
        self._activity_log = activity_log

    async def switch(
        self,
        identity: str,
        power: Power,
        *,
        principal: Principal,
        key: str,
        hours: int | None = None,
    ) -> Server:
        """Start, stop or restart the server and return it as accepted. Raises Refusal.

        `hours`: when a preparation server that is started switches itself off again.

        A repeat with the same key of what was begun and not answered goes on with it.
        """
        environment, server = await servers.get(self._engine, identity)
        if hours and (power is not Power.START or server.role != ServerRole.PREPARATION):
            raise Refusal(Code.INVALID_REQUEST, "hours go with the start of a preparation server")
        kind, name = POWER_KINDS[power].value, server.name
        entry = self._activity_log.entry(
            kind, principal=principal, key=key, target=name, count=hours
        )
        async with self._activity_log.request(environment, entry, subject=identity) as logged:
            if logged.done:
                return server
            if not logged.begun:
                _permit(server, power)
            await logged.begin()
            await retry_or_refuse(
                lambda: self._provider.power(environment, identity, power, key=key)
            )
        await self._poller.look(environment)
        return (await servers.get(self._engine, identity))[1]


def _permit(server: Server, power: Power) -> None:
    if (ServerState(server.status), power) not in MOVES:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} is {server.status}", state=server.status
        )


class ShutdownCommands:
    """Moves scheduled shutdowns, and records who asked for it."""

    def __init__(
        self, engine: AsyncEngine, unit_of_work: UnitOfWork, activity_log: ActivityLog
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log

    async def move(
        self, identity: str, request: ShutdownRequest, *, principal: Principal, key: str
    ) -> Server:
        """Move the shutdown, once for the same key, and return the moved server. Raises Refusal."""
        environment, server = await servers.get(self._engine, identity)
        entry = self._activity_log.entry(
            SHUTDOWN_KINDS[request.move].value, principal=principal, key=key, target=server.name
        )
        entry = replace(entry, moved_from=request.expected, moved_to=request.to)
        async with self._activity_log.request(environment, entry) as logged:
            if logged.done:
                return server
            async with self._unit_of_work.transaction(environment) as transaction:
                return await _move(transaction, identity, request, logged.entry)


async def _move(
    transaction: Transaction, identity: str, request: ShutdownRequest, entry: Activity
) -> Server:
    server = (await transaction.servers()).get(identity)
    if server is None:
        raise Refusal(Code.NOT_FOUND, f"no server {identity}")
    await _refuse_while_it_stops(transaction, server)
    assert entry.by is not None
    shutdown = shutdown_rules.moved(
        server, request, transaction.shutdown_rules, by=entry.by, now=transaction.now
    )
    after = replace(server, shutdown=shutdown)
    await transaction.server(after)
    done = replace(
        entry,
        outcome=Outcome.DONE.value,
        moved_to=shutdown.at if shutdown else None,
        ended_at=transaction.now,
    )
    await entries.write(transaction, done)
    return after


async def _refuse_while_it_stops(transaction: Transaction, server: Server) -> None:
    """Raise Refusal once the provider is told to stop it: a promise could not be kept."""
    unseen = await activities.unseen(transaction.connection, transaction.identity)
    kinds = {entry.kind for subject, entry in unseen if subject == server.id}
    if ActivityKind.SCHEDULED_SHUTDOWN in kinds:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} is being switched off", state=server.status
        )
