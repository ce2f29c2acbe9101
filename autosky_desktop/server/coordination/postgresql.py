"""Coordinates the workers of a team's control plane, which stand on one PostgreSQL database.

Loaded where a control plane is given the address of such a database, and nowhere else.
"""

import asyncio
import os
import platform
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import psycopg
from psycopg import AsyncConnection as Connection
from psycopg.conninfo import make_conninfo
from sqlalchemy import delete, func, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.server.coordination.heartbeat import (
    CONNECT_SECONDS,
    LEASE_SECONDS,
    NAME,
    Heartbeat,
)
from autosky_desktop.server.coordination.led_parts import LedParts
from autosky_desktop.server.coordination.listener import CHANNEL, Listener
from autosky_desktop.server.coordination.memory import MemoryCoordination
from autosky_desktop.server.coordination.port import Work, WorkerNews
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.errors import StorageError, StorageUnavailable
from autosky_desktop.server.db.postgresql import PATIENCE

LOOK_SECONDS = 0.1
"""How often it is looked whether a turn that another worker has is over."""

_TAKE_TURN = text(
    "INSERT INTO turn (name, worker) VALUES (:name, :worker) ON CONFLICT (name)"
    " DO UPDATE SET worker = excluded.worker WHERE turn.worker = excluded.worker"
)
_TELL = text("SELECT pg_notify(:channel, :told)")


class PostgresqlCoordination:
    """Agrees with other workers by the database. `address` is how this worker connects to it: by
    a name of its own, so that the others can end its connections. `placed` is set when environments
    were placed anew by another.
    """

    alone = False

    def __init__(
        self,
        address: URL,
        bus: Bus,
        leave: Callable[[], None],
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._here = MemoryCoordination()
        self.worker = self._here.worker
        self.address = address.update_query_dict({"application_name": NAME + self.worker})
        self.placed = asyncio.Event()
        self._bus, self._leave = bus, leave
        self._parts = LedParts()
        self._heartbeat = Heartbeat(
            self._connect, self.worker, self._parts, leave, lease_seconds=lease_seconds
        )
        self._listener = Listener(self._connect, self.worker, self._hear)
        self._unended = set[str]()

    @asynccontextmanager
    async def entered(self, engine: AsyncEngine) -> AsyncIterator[None]:
        """Be one of the workers within the block. Raises StorageError."""
        self._engine, self._writing = engine, writing(engine)
        try:
            await self._heartbeat.enter(f"{platform.node()}, process {os.getpid()}")
        except psycopg.Error as error:
            raise StorageUnavailable(str(error)) from error
        tasks = [
            asyncio.create_task(it)
            for it in (self._heartbeat.run(), self._listener.run(), self._end_turns())
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._heartbeat.close()

    async def living(self) -> frozenset[str]:
        query = select(schema.worker.c.id).where(schema.worker.c.gone.is_(False))
        async with self._engine.connect() as connection:
            return frozenset((await connection.scalars(query)).all())

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        async with self._here.turn(name):
            await self._take_turn(name)
            try:
                yield
            finally:
                await self._end_turn(name)

    async def lead(self, part: str, work: Work, *, shared_out: bool = False) -> None:
        await self._parts.lead(part, work, shared_out=shared_out)

    async def reading(self) -> int:
        async with self._writing.begin() as connection:
            number: int | None = await connection.scalar(select(schema.reading_number.next_value()))
        assert number is not None
        return number

    async def begin(self, connection: AsyncConnection) -> None:
        there = schema.worker.c.id == self.worker, schema.worker.c.gone.is_(False)
        if not await connection.scalar(select(func.count()).where(*there)):
            self._leave()
            raise StorageUnavailable("the other workers have given this one up")

    async def tell(self, connection: AsyncConnection, news: WorkerNews) -> None:
        told = {"channel": CHANNEL, "told": f"{self.worker} {news.value}"}
        await connection.execute(_TELL, told)

    async def _take_turn(self, name: str) -> None:
        self._unended.discard(name)
        while True:
            async with self._writing.begin() as connection:
                await self.begin(connection)
                asked = {"name": name, "worker": self.worker}
                if (await connection.execute(_TAKE_TURN, asked)).rowcount:
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def _end_turn(self, name: str) -> None:
        """End the turn; if that cannot be written now, it is when it can."""
        self._unended.add(name)
        ours = schema.turn.c.name == name, schema.turn.c.worker == self.worker
        try:
            async with self._writing.begin() as connection:
                await connection.execute(delete(schema.turn).where(*ours))
        except StorageError:
            return
        self._unended.discard(name)

    async def _end_turns(self) -> None:
        while True:
            await asyncio.sleep(1.0)
            for name in list(self._unended):
                async with self._here.turn(name):
                    if name in self._unended:
                        await self._end_turn(name)

    def _hear(self, news: WorkerNews) -> None:
        if news is WorkerNews.PLACED:
            self.placed.set()
        self._bus.wake(confirmed=news is WorkerNews.CONFIRMED)

    async def _connect(self) -> Connection:
        told = self.address.set(drivername="postgresql").render_as_string(hide_password=False)
        return await Connection.connect(
            make_conninfo(told, connect_timeout=CONNECT_SECONDS, **PATIENCE), autocommit=True
        )
