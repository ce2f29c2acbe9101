"""The one way to write: rows, the events that tell of them and the environment's summary at once.

A reader of the event table can therefore never learn of something that did not happen, and never
miss something that did.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Row, Table, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.change import ChangeKind, Gone
from autosky_desktop.domain.environment import (
    Environment,
    Instance,
    InstanceState,
    Preparation,
    Publishing,
)
from autosky_desktop.domain.publication import Publication, StepState
from autosky_desktop.domain.server import Server, ServerRole
from autosky_desktop.server.db import reads, schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.engine import writing

EVENTS_KEPT = 10_000
KEPT_FOR = timedelta(hours=24)
CONFIRMED_EVERY = timedelta(seconds=15)
"""With the 40 s between readings where nothing changes, less than the minute to staleness."""


class Recording:
    """One transaction on one environment. Every put is an event and one revision."""

    def __init__(self, connection: AsyncConnection, row: Row[Any], now: datetime) -> None:
        self.connection = connection
        self.now = now
        self.identity: str = row.id
        self.run_hours: int = row.run_hours
        self.current_version: int | None = row.current_version
        self.confirmed_at: datetime = row.confirmed_at
        self._row = row
        self._revision: int = row.revision
        self._unsaid = False
        self._gone: defaultdict[Table, set[str]] = defaultdict(set)
        self._rows: defaultdict[Table, list[dict[str, object]]] = defaultdict(list)
        self._events: list[dict[str, object]] = []

    def server(self, server: Server, position: int) -> None:
        self._put(schema.server, server, position=position)
        self._tell(ChangeKind.SERVER, server)

    def server_gone(self, identity: str) -> None:
        """No kind of change tells of it: the revision it skips makes callers take a snapshot."""
        self._gone[schema.server].add(identity)
        self._revision += 1
        self._unsaid = True

    def instance(self, instance: Instance) -> None:
        self._put(schema.instance, instance)
        self._tell(ChangeKind.INSTANCE, instance)

    def instance_gone(self, identity: str) -> None:
        self._gone[schema.instance].add(identity)
        self._tell(ChangeKind.INSTANCE_GONE, Gone(id=identity))

    async def publication(self, publication: Publication) -> None:
        table = schema.publication
        values = msgspec.structs.asdict(publication)
        same = update(table).where(table.c.id == publication.id).values(values)
        if (await self.connection.execute(same)).rowcount == 0:
            new = insert(table).values(environment=self.identity, **values)
            await self.connection.execute(new)
        self._tell(ChangeKind.PUBLICATION, publication)

    def _put(self, table: Table, struct: Server | Instance, **more: object) -> None:
        values = msgspec.structs.asdict(struct)
        self._rows[table].append({"environment": self.identity, **values, **more})
        self._gone[table].add(struct.id)

    def _tell(self, kind: ChangeKind, body: msgspec.Struct) -> None:
        self._revision += 1
        self._events.append(
            {
                "environment": self.identity,
                "revision": self._revision,
                "kind": kind.value,
                "body": msgspec.json.encode(body),
            }
        )

    async def _flush(self) -> None:
        """Write the rows in few statements: a new environment has dozens of them."""
        for table, identities in self._gone.items():
            await self.connection.execute(delete(table).where(table.c.id.in_(identities)))
        for table, rows in self._rows.items():
            await self.connection.execute(insert(table), rows)

    async def finish(self, now: Now) -> bool:
        """Tell the environment's summary if it differs from the last one told. True: news.

        An event's time is when it is written, at the end of what may have been a long reading.
        """
        await self._flush()
        summary = await self._summary()
        told: Environment | None = self._row.told
        if self._unsaid or told is None or _differs(summary, told):
            told = msgspec.structs.replace(summary, revision=self._revision + 1)
            self._tell(ChangeKind.ENVIRONMENT, told)
        elif self._revision == self._row.revision:
            return False
        events = [{**event, "at": now()} for event in self._events]
        await self.connection.execute(insert(schema.event), events)
        table = schema.environment
        await self.connection.execute(
            update(table)
            .where(table.c.id == self.identity)
            .values(
                revision=self._revision,
                current_version=self.current_version,
                confirmed_at=self.confirmed_at,
                told=told,
            )
        )
        return True

    async def _summary(self) -> Environment:
        row = self._row
        servers = await reads.servers(self.connection, self.identity)
        instances = await reads.instances(self.connection, self.identity)
        running = await reads.open_publication(self.connection, self.identity)
        preparation = next((s for s in servers if s.role == ServerRole.PREPARATION), None)
        present = [i for i in instances if i.status != InstanceState.TERMINATED]
        reported = [i.sessions for i in present if i.sessions is not None]
        return Environment(
            id=row.id,
            name=row.name,
            label=row.label,
            kind=row.kind,
            provider=row.provider,
            time_zone=row.time_zone,
            run_hours=row.run_hours,
            revision=self._revision,
            confirmed_at=self.confirmed_at,
            current_version=self.current_version,
            preparation=_preparation(preparation) if preparation else None,
            sessions=sum(reported) if reported else None,
            instances=len(present),
            publishing=_publishing(running) if running else None,
            demo=row.demo,
        )


def _preparation(server: Server) -> Preparation:
    return Preparation(
        id=server.id, name=server.name, status=server.status, shutdown=server.shutdown
    )


def _publishing(run: Publication) -> Publishing:
    over = sum(
        step.state in (StepState.SUCCEEDED, StepState.SKIPPED, StepState.FAILED)
        for step in run.steps
    )
    return Publishing(
        version=run.version,
        step=min(over + 1, len(run.steps)),
        steps=len(run.steps),
        publisher=run.publisher,
        since=run.started_at or run.requested_at,
    )


def _differs(summary: Environment, told: Environment) -> bool:
    if summary.confirmed_at - told.confirmed_at >= CONFIRMED_EVERY:
        return True
    same = msgspec.structs.replace(summary, revision=told.revision, confirmed_at=told.confirmed_at)
    return same != told


class Recorder:
    """Writes for one process, one transaction after another."""

    def __init__(self, engine: AsyncEngine, bus: Bus, now: Now) -> None:
        self._engine = writing(engine)
        self._bus = bus
        self._now = now
        # SQLite's own queue for the write lock is a poll with pauses; ours is not.
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A write that nobody is told of."""
        async with self._turn, self._engine.begin() as connection:
            yield connection

    def together(self) -> AbstractContextManager[None]:
        """What is recorded within the block is told once, at its end."""
        return self._bus.held()

    @asynccontextmanager
    async def still(self) -> AsyncIterator[None]:
        """Nobody writes within the block: the moment to cancel those who might.

        A write that is cancelled half-way keeps SQLite's lock until its connection is collected.
        """
        async with self._turn:
            yield

    @asynccontextmanager
    async def recording(self, environment: str) -> AsyncIterator[Recording]:
        """Raises LookupError when there is no such environment, StorageError when it must."""
        table = schema.environment
        async with self.transaction() as connection:
            query = select(table).where(table.c.id == environment).with_for_update()
            row = (await connection.execute(query)).one_or_none()
            if row is None:
                raise LookupError(environment)
            recording = Recording(connection, row, self._now())
            yield recording
            news = await recording.finish(self._now)
        if news:
            self._bus.wake()

    async def purge(self) -> None:
        """Forget old events and answers. The newest event stays: its id must not come again."""
        event, answer = schema.event, schema.idempotency
        horizon = self._now() - KEPT_FOR
        async with self.transaction() as connection:
            newest = await connection.scalar(select(func.max(event.c.id))) or 0
            old = or_(event.c.id <= newest - EVENTS_KEPT, event.c.at < horizon)
            await connection.execute(delete(event).where(old, event.c.id < newest))
            await connection.execute(delete(answer).where(answer.c.at < horizon))
