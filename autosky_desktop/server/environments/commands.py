"""Reads the provider because somebody asked: answers at once, then reads, and tells of the end."""

import asyncio
import logging
import uuid
from collections.abc import Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind, Outcome
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.operation import Differences, Operation, OperationKind, OperationState
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Server
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity.entries import DONE, RequestEnding
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.poller import Poller, halt_of
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.providers.provider import ProviderError
from autosky_desktop.server.providers.retry import refusal_of, retry_briefly
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.servers import queries as server_queries
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

STORAGE_PAUSE_SECONDS = 5.0
UNEXPECTED = "unexpected"
"""The reason of an update that failed by an error nobody foresaw."""

_OURS = uuid.UUID("5b0f6a52-6c86-4c59-8a3c-8f2f4f5a7c13")

T = TypeVar("T")

log = logging.getLogger(__name__)


class RecordedState(Struct, frozen=True):
    """The recorded state of an environment, each of its parts by id."""

    servers: Mapping[str, Server]
    instances: Mapping[str, Instance]


class ProviderUpdates:
    """Runs one update at a time in an environment: a second request is told of the first."""

    def __init__(
        self,
        engine: AsyncEngine,
        poller: Poller,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
    ) -> None:
        self._engine = engine
        self._poller = poller
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._alive: set[str] = set()
        self._begun: asyncio.Queue[Operation] = asyncio.Queue()

    async def begin(self, environment: str, *, principal: Principal, key: str) -> Operation:
        """Begin the operation, or return the one that runs. Raises Refusal."""
        try:
            async with self._unit_of_work.transaction(environment) as transaction:
                operation = await self._begin(transaction, principal, key)
                owner = await environments.owner(transaction.connection, operation.id)
        except LookupError as error:
            raise Refusal(Code.NOT_FOUND, f"no environment {environment}") from error
        ours = owner == self._unit_of_work.coordination.worker and operation.id not in self._alive
        if operation.state == OperationState.RUNNING and ours:
            self._alive.add(operation.id)
            self._begun.put_nowait(operation)
        return operation

    async def run(self) -> None:
        """Carry out what was begun, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                operation = await self._begun.get()
                group.create_task(self.carry_out(operation))

    async def carry_out(self, operation: Operation) -> None:
        """Carry out one operation. Without room to write, it waits for room: until then nobody is
        told that it ended.
        """
        while True:
            with guarded(log, f"provider update {operation.id}", but=(StorageError,)):
                try:
                    await self._carry_out(operation)
                except StorageError as error:
                    log.warning("a provider update waits for the storage: %s", error)
                    await asyncio.sleep(STORAGE_PAUSE_SECONDS)
                    continue
            self._alive.discard(operation.id)
            return

    async def _begin(self, transaction: Transaction, principal: Principal, key: str) -> Operation:
        identity = str(uuid.uuid5(_OURS, f"{principal.id}\n{key}"))
        known = await environments.find_operation(transaction.connection, identity)
        if known is not None:
            return known
        for other in await environments.operations(transaction.connection, transaction.identity):
            if await self._goes_on(transaction, other):
                return other
        operation = Operation(
            id=identity,
            environment=transaction.identity,
            kind=OperationKind.PROVIDER_UPDATE.value,
            state=OperationState.RUNNING.value,
            by=principal.name,
            by_id=principal.id,
            started_at=transaction.now,
        )
        await transaction.operation(operation)
        entry = self._activity_log.entry(
            ActivityKind.PROVIDER_UPDATE.value, principal=principal, key=key
        )
        await entries.write(transaction, entry, subject=identity)
        return operation

    async def _goes_on(self, transaction: Transaction, operation: Operation) -> bool:
        """Return whether it is being carried out, here or by another worker."""
        owner = await environments.owner(transaction.connection, operation.id)
        if owner == transaction.worker:
            return operation.id in self._alive
        living = await self._unit_of_work.coordination.living()
        return operation.state == OperationState.RUNNING and owner in living

    async def _carry_out(self, operation: Operation) -> None:
        with guarded(log, f"provider update {operation.id}", but=(ProviderError, StorageError)):
            try:
                found = await self._read(operation.environment)
            except ProviderError as error:
                await self._end(operation, error=error)
            else:
                await self._end(operation, differences=found)
            return
        await self._end(operation)

    async def _read(self, environment: str) -> Differences:
        before = await self._known(environment)
        await retry_briefly(lambda: self._poller.read(environment))
        return differences(before, await self._known(environment))

    async def _known(self, environment: str) -> RecordedState:
        async with self._engine.connect() as connection:
            servers = await server_queries.in_environment(connection, environment)
            instances = await environments.instances(connection, environment)
        return RecordedState({s.id: s for s in servers}, {i.id: i for i in instances})

    async def _end(
        self,
        operation: Operation,
        *,
        differences: Differences | None = None,
        error: ProviderError | None = None,
    ) -> None:
        """Record the end: the differences that it brought, the provider's error, or else a failure
        that nobody foresaw.
        """
        async with self._unit_of_work.transaction(operation.environment) as transaction:
            if error is not None:
                refusal = refusal_of(error)
                transaction.halt = halt_of(error)
                await fail(transaction, operation, refusal.code.value, refusal.detail)
                return
            if differences is None:
                await fail(transaction, operation, UNEXPECTED)
                return
            await transaction.operation(
                replace(
                    operation,
                    state=OperationState.SUCCEEDED.value,
                    ended_at=transaction.now,
                    differences=differences,
                )
            )
            await entries.conclude_of(transaction, operation.id, lambda _: DONE)


async def fail(
    transaction: Transaction, operation: Operation, reason: str | None, detail: str = ""
) -> None:
    """Record that the operation failed, and that what was asked for did."""
    await transaction.operation(
        replace(
            operation,
            state=OperationState.FAILED.value,
            ended_at=transaction.now,
            reason=reason,
            detail=detail,
        )
    )
    ending = RequestEnding(outcome=Outcome.FAILED.value, reason=reason, detail=detail)
    await entries.conclude_of(transaction, operation.id, lambda _: ending)


def differences(before: RecordedState, after: RecordedState) -> Differences:
    servers = _in_both(before.servers, after.servers)
    instances = _in_both(before.instances, after.instances)
    both: list[tuple[Server | Instance, Server | Instance]] = [*servers, *instances]
    old = before.servers.keys() | before.instances.keys()
    new = after.servers.keys() | after.instances.keys()
    return Differences(
        statuses=sum(a.status != b.status for a, b in both),
        addresses=sum(_addresses(a) != _addresses(b) for a, b in both),
        versions=sum(a.version != b.version for a, b in instances)
        + sum(a.platform_version != b.platform_version for a, b in servers),
        sessions=sum(a.sessions != b.sessions for a, b in instances),
        appeared=len(new - old),
        gone=len(old - new),
    )


def _in_both(before: Mapping[str, T], after: Mapping[str, T]) -> list[tuple[T, T]]:
    return [(before[identity], after[identity]) for identity in before.keys() & after.keys()]


def _addresses(it: Server | Instance) -> tuple[str | None, str | None]:
    return it.public_ip, it.private_ip
