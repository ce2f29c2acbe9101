"""The one way to write: rows, the events that tell of them and the environment's summary at once.

A reader of the event table can therefore never learn of something that did not happen, and never
miss something that did.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from sqlalchemy import Select, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.server.coordination.memory import MemoryCoordination
from autosky_desktop.server.coordination.port import Coordination, WorkerNews
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.errors import StorageUnavailable
from autosky_desktop.server.environments import queries as environment_queries
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.servers import queries as server_queries
from autosky_desktop.server.transactions.transaction import PendingRows, Transaction

EVENTS_KEPT = 10_000
LONGEST_LEAP = 2**30
KEPT_FOR = timedelta(hours=24)
CALLS_KEPT_FOR = timedelta(days=30)
"""A publication may hold for weeks, and then ask again for what it asked for before."""


class NoSuchEnvironment(LookupError):
    """Raised for an environment that never was, or that was removed."""


class UnitOfWork:
    """Writes for the whole process, one transaction after another; without `coordination`, it is
    the only process that does.
    """

    def __init__(
        self, engine: AsyncEngine, bus: Bus, now: Now, coordination: Coordination | None = None
    ) -> None:
        self.coordination: Coordination = coordination or MemoryCoordination()
        self._engine = writing(engine)
        self._bus = bus
        self._now = now
        # SQLite's own queue for the write lock is a poll with pauses; ours is not.
        self._turn = asyncio.Lock()
        self._moving = asyncio.Event()
        self._moving.set()
        self._failures = 0
        # A database put back from a backup would give ids again that it gave in the past it has
        # lost: by a leap at every start, whoever still knows that past knows no id of this one.
        self._leap = 1 + secrets.randbelow(LONGEST_LEAP)

    @asynccontextmanager
    async def without_events(self) -> AsyncIterator[AsyncConnection]:
        """Begin a write that no event tells of."""
        async with self.turn(), self._begun() as connection:
            yield connection

    @asynccontextmanager
    async def of_rights(self) -> AsyncIterator[AsyncConnection]:
        """Begin a write after which each stream asks anew who listens to it."""
        async with self.without_events() as connection:
            yield connection
        self._bus.rights_changed()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Let nobody else write within the block. Raises StorageUnavailable if the storage was
        unavailable to the one before: each of many would wait for what the first has waited for in
        vain.
        """
        failures = self._failures
        await self._take_turn()
        try:
            if self._failures != failures:
                raise StorageUnavailable("it was not available to the one before")
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def _begun(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.begin() as connection:
                await self.coordination.begin(connection)
                yield connection
        except StorageUnavailable:
            self._failures += 1
            raise

    async def _take_turn(self) -> None:
        while True:
            await self._moving.wait()
            await self._turn.acquire()
            if self._moving.is_set():
                return
            self._turn.release()

    @asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Let nobody write within the block: it is the moment to cancel those who might.

        A write that is cancelled half-way keeps SQLite's lock until its connection is collected.
        The one that is under way ends first; all the others that wait, wait on: there may be
        thousands.
        """
        self._moving.clear()
        try:
            async with self._turn:
                yield
        finally:
            self._moving.set()

    @asynccontextmanager
    async def transaction(
        self, environment: str, *, begin: Mapping[str, object] | None = None
    ) -> AsyncIterator[Transaction]:
        """Begin one transaction on the environment; `begin` is the row
        of a new one. Raises
        NoSuchEnvironment when it does not exist, StorageError when the write fails.
        """
        async with (
            self.turn(),
            self.transactions_in_turn([environment], begin=begin) as transactions,
        ):
            if not transactions:
                raise NoSuchEnvironment(environment)
            yield transactions[environment]

    @asynccontextmanager
    async def transactions(
        self, environments: Collection[str], *, preload: Sequence[str] = ()
    ) -> AsyncIterator[dict[str, Transaction]]:
        """Begin one transaction on those of the environments that exist. `preload` are those
        whose servers and instances will be asked for, read at once. Raises StorageError.
        """
        async with self.turn(), self.transactions_in_turn(environments, preload=preload) as found:
            yield found

    @asynccontextmanager
    async def transactions_in_turn(
        self,
        environments: Collection[str] | Select[tuple[str]],
        *,
        preload: Sequence[str] = (),
        begin: Mapping[str, object] | None = None,
    ) -> AsyncIterator[dict[str, Transaction]]:
        """Do as `transactions` when the caller has the turn; `environments` may be a query."""
        table, writes = schema.environment, PendingRows()
        async with self._begun() as connection:
            if begin is not None:
                await _begin(connection, begin)
            there = table.c.id.in_(environments), table.c.removed_at.is_(None)
            # In one order: two that lock the same rows in another would wait for each other.
            query = select(table).where(*there).order_by(table.c.id)
            query = query.with_for_update(key_share=True)
            rows = (await connection.execute(query)).all()
            now = self._now()
            worker = self.coordination.worker
            found = {row.id: Transaction(connection, row, now, writes, worker) for row in rows}
            if preload:
                await _preload(connection, found, preload)
            yield found
            await writes.flush_publications(connection)
            await _read_latest(connection, found)
            for transaction in found.values():
                await transaction.finish()
            news = await writes.flush(connection, self._now, leap=self._leap)
            if news:
                await self.coordination.tell(connection, news)
        if news:
            self._leap = 0
            self._bus.wake(confirmed=news is WorkerNews.CONFIRMED)

    async def purge(self) -> None:
        """Delete old events, answers and calls. The newest event stays: its id must not come
        again.
        """
        event, answer, call = schema.event, schema.idempotency, schema.provider_call
        now = self._now()
        horizon = now - KEPT_FOR
        async with self.without_events() as connection:
            newest = await events.last_id(connection)
            kept = select(event.c.id).order_by(event.c.id.desc()).limit(1).offset(EVENTS_KEPT)
            old = or_(event.c.id <= kept.scalar_subquery(), event.c.at < horizon)
            await connection.execute(delete(event).where(old, event.c.id < newest))
            await connection.execute(delete(answer).where(answer.c.at < horizon))
            await connection.execute(delete(call).where(call.c.at < now - CALLS_KEPT_FOR))


async def _begin(connection: AsyncConnection, row: Mapping[str, object]) -> None:
    """Write the row of a new environment, or of one that was removed and is back."""
    table = schema.environment
    again = {name: value for name, value in row.items() if name not in ("id", "revision")}
    removed = table.c.id == row["id"], table.c.removed_at.is_not(None)
    back = update(table).where(*removed).values(**again, removed_at=None, told=None)
    if (await connection.execute(back)).rowcount == 0:
        await connection.execute(insert(table).values(row))


async def _preload(
    connection: AsyncConnection, transactions: dict[str, Transaction], chosen: Sequence[str]
) -> None:
    servers = await server_queries.placed_among(connection, chosen)
    instances = await environment_queries.instances_among(connection, chosen)
    for environment in transactions.keys() & set(chosen):
        transactions[environment].preload(servers[environment], instances[environment])


async def _read_latest(connection: AsyncConnection, transactions: dict[str, Transaction]) -> None:
    wanting = [name for name, transaction in transactions.items() if transaction.needs_latest]
    if wanting:
        for name, latest in (await publications.latest_among(connection, wanting)).items():
            transactions[name].preload_latest(latest)
