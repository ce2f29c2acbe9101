"""The newest events as they are sent: read from the database and encoded once for all streams.

A stream that is slower than the news, or comes back from long ago, reads the table itself. What
waits for a stream is not more than one batch, however long it does not read.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.change import Change
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.people.principal import Audience

BATCH = 500
KEPT = 2_000


class EventsMissed(Exception):
    """Raised when what came after the position is no longer kept, or was never ours."""


class Broadcast:
    """Serves the newest events to all streams; there is one per process. A position is the id of
    the last event that a stream was told.
    """

    def __init__(self, engine: AsyncEngine, bus: Bus) -> None:
        self._engine = engine
        self._bus = bus
        self._reading = asyncio.Lock()
        self._ids: list[int] = []
        self._lines: list[bytes] = []
        self._environments: list[str] = []
        self._joined: dict[tuple[int, int, Audience], bytes] = {}
        self._begin: int | None = None
        self._wakes = 0
        self._positions: dict[object, int] = {}

    @contextmanager
    def reader(self) -> Iterator[Callable[[int], None]]:
        """Count one more stream within the block, which tells each position that it has reached."""
        reader = object()
        try:
            yield partial(self._positions.__setitem__, reader)
        finally:
            self._positions.pop(reader, None)

    def positions(self) -> list[int]:
        """Return how far each stream has been sent."""
        return list(self._positions.values())

    async def newest(self) -> int:
        async with self._engine.connect() as connection:
            return await events.last_id(connection)

    async def knows(self, position: int) -> bool:
        """Return whether a stream can go on from this position without missing anything."""
        async with self._engine.connect() as connection:
            return await events.exists(connection, position)

    async def after(self, position: int, audience: Audience = None) -> tuple[int, bytes]:
        """Return the position reached, and the events up to there that the audience may hear of.
        The position stays when there is no news.

        Raises EventsMissed.
        """
        await self._keep_up()
        assert self._begin is not None
        if position < self._begin:
            return await self._read_after(position, audience)
        first = bisect_right(self._ids, position)
        last = min(first + BATCH, len(self._ids))
        reached = self._ids[last - 1] if last > first else position
        return reached, self._batch(first, last, audience)

    def _batch(self, first: int, last: int, audience: Audience) -> bytes:
        """Join these events, once for all streams of an audience that are at the same place."""
        known = self._joined.get((first, last, audience))
        if known is None:
            told = zip(self._environments[first:last], self._lines[first:last], strict=True)
            known = b"".join(line for its, line in told if audience is None or its in audience)
            self._joined[first, last, audience] = known
        return known

    async def _keep_up(self) -> None:
        """Read the news, if there is any: a thousand streams ask after each event."""
        while self._begin is None or self._wakes != self._bus.wakes:
            async with self._reading:
                wakes = self._bus.wakes
                if self._begin is None:
                    self._begin = await self.newest()
                elif self._wakes != wakes:
                    await self._read_news()
                    self._wakes = wakes

    async def _read_news(self) -> None:
        more = True
        while more:
            rows = await self._rows(self._ids[-1] if self._ids else self._begin or 0)
            self._ids += [row.id for row in rows]
            self._lines += map(_line, rows)
            self._environments += [row.environment for row in rows]
            more = len(rows) == BATCH
        if (surplus := len(self._ids) - KEPT) > 0:
            self._begin = self._ids[surplus - 1]
            del self._ids[:surplus], self._lines[:surplus], self._environments[:surplus]
        self._joined.clear()

    async def _rows(self, position: int) -> list[Row[Any]]:
        async with self._engine.connect() as connection:
            return await events.after(connection, position, BATCH)

    async def _read_after(self, position: int, audience: Audience) -> tuple[int, bytes]:
        async with self._engine.connect() as connection:
            if not await events.exists(connection, position):
                raise EventsMissed
            rows = await events.after(connection, position, BATCH)
        told = [row for row in rows if audience is None or row.environment in audience]
        return (rows[-1].id if rows else position), b"".join(map(_line, told))


def _line(row: Row[Any]) -> bytes:
    change = Change(
        kind=row.kind,
        environment=row.environment,
        revision=row.revision,
        body=msgspec.Raw(row.body),
    )
    return b"id: %d\nevent: change\ndata: %b\n\n" % (row.id, msgspec.json.encode(change))
