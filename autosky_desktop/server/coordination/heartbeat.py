"""Keeps this worker's lease, gives up workers whose lease has run out, and shares out what is led.

All moments are the database's: the clocks of two computers differ. A worker whose process is
frozen, or which nothing reaches any more, loses its lease. Then its connections are ended, with
what they had begun; after that others may do what it led. It learns of that with its next beat, and
leaves.

Nobody leads this: each worker looks after all the others, for a leader that is frozen keeps its
lock. Who has lost touch itself knows nothing of the others: before it gives up anybody it has to
have kept its own lease for as long as one lasts, so that a restart of the database ends no worker.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import psycopg
from psycopg import AsyncConnection

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.coordination.led_parts import LedParts
from autosky_desktop.server.db.clock import steady

LEASE_SECONDS = 15.0
BEAT_SECONDS = 1.0
ANSWER_SECONDS = 5.0
"""How long an answer may take until the connection is taken for dead."""
NAME = "autosky-"
"""What the connections of a worker are called; its id follows."""
SWEEP = 7_710
"""The advisory lock of who looks after the others: one at a time."""

CONNECT_SECONDS = 5

ENTER = """
INSERT INTO worker (id, name, since, lease_until)
VALUES (%(me)s, %(name)s, clock_timestamp(), clock_timestamp() + %(lease)s::interval)
"""
RENEW = """
UPDATE worker SET lease_until = clock_timestamp() + %(lease)s::interval,
    since = CASE WHEN lease_until < clock_timestamp() THEN clock_timestamp() ELSE since END
WHERE id = %(me)s AND NOT gone
RETURNING since < clock_timestamp() - %(lease)s::interval
"""
GIVE_UP = """
UPDATE worker SET gone = true
WHERE NOT gone AND lease_until < clock_timestamp() AND pg_try_advisory_xact_lock(%(sweep)s)
RETURNING id
"""
END_CONNECTIONS = """
SELECT pg_terminate_backend(pid, 1000)
FROM pg_stat_activity JOIN worker ON application_name = %(called)s || worker.id
WHERE gone AND datname = current_database()
"""
CLEAR = """
WITH connected AS (SELECT application_name FROM pg_stat_activity),
    dead AS (
        SELECT id FROM worker
        WHERE gone AND %(called)s || id NOT IN (SELECT application_name FROM connected)
    ),
    parts AS (DELETE FROM led_part WHERE worker IN (SELECT id FROM dead)),
    turns AS (DELETE FROM turn WHERE worker IN (SELECT id FROM dead))
DELETE FROM worker WHERE gone AND lease_until < clock_timestamp() - interval '1 day'
"""
LEAVE = """
WITH parts AS (DELETE FROM led_part WHERE worker = %(me)s),
    turns AS (DELETE FROM turn WHERE worker = %(me)s)
DELETE FROM worker WHERE id = %(me)s
"""
LIVING = "SELECT count(*) FROM worker WHERE NOT gone"
LED = "SELECT part, worker FROM led_part"
TAKE = """
INSERT INTO led_part (part, worker) SELECT part, %(me)s FROM unnest(%(parts)s::text[]) AS part
ON CONFLICT DO NOTHING RETURNING part
"""
LET_GO = "DELETE FROM led_part WHERE worker = %(me)s AND part = ANY(%(parts)s)"

UNREACHABLE = (psycopg.OperationalError, psycopg.InterfaceError, OSError, TimeoutError)
"""What a database answers that is away; any other error is a mistake of ours."""

log = logging.getLogger(__name__)


class Heartbeat:
    """Beats on a connection of its own: what others ask of the database does not hold it up.
    `leave` is called when the others have given this worker up.
    """

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection]],
        worker: str,
        parts: LedParts,
        leave: Callable[[], None],
        *,
        lease_seconds: float = LEASE_SECONDS,
    ) -> None:
        self._connect, self._parts, self._leave = connect, parts, leave
        self._lease = lease_seconds
        self._about = {
            "me": worker,
            "lease": f"{lease_seconds} seconds",
            "sweep": SWEEP,
            "called": NAME,
        }
        self._worker = worker
        self._connection: AsyncConnection | None = None
        self._renewed_at = steady()

    async def enter(self, name: str) -> None:
        """Begin to be a worker, of that name. Raises psycopg.Error."""
        self._connection = await self._connect()
        await self._connection.execute(ENTER, {**self._about, "name": name})
        self._renewed_at = steady()

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            with guarded(log, "the heartbeat of this worker"):
                await self._beat_if_possible()
            if steady() - self._renewed_at > self._lease:
                self._parts.take_away_all()
            await asyncio.sleep(min(BEAT_SECONDS, self._lease / 5))

    async def close(self) -> None:
        """Leave what is this worker's to the others, if they can be told."""
        self._parts.take_away_all()
        with guarded(log, "leaving the other workers"):
            try:
                async with asyncio.timeout(ANSWER_SECONDS):
                    await (await self._connected()).execute(LEAVE, self._about)
            except UNREACHABLE as error:
                log.warning("the other workers will find out that this one has left: %s", error)
        await self._disconnect()

    async def _beat_if_possible(self) -> None:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._beat(await self._connected())
        except UNREACHABLE as error:
            log.warning("this worker's lease could not be renewed: %s", error)
            await self._disconnect()

    async def _beat(self, connection: AsyncConnection) -> None:
        renewed = await (await connection.execute(RENEW, self._about)).fetchone()
        if renewed is None:
            log.critical("the other workers have given this one up: it leaves")
            self._leave()
            return
        self._renewed_at = steady()
        if renewed[0]:
            await self._look_after_others(connection)
        await self._share_out(connection)

    async def _look_after_others(self, connection: AsyncConnection) -> None:
        """Give up whose lease has run out. What was theirs is free once they can write no more."""
        gone = [id_ for (id_,) in await _rows(connection, GIVE_UP, self._about)]
        if gone:
            log.warning("given up, for their leases have run out: workers %s", ", ".join(gone))
        await connection.execute(END_CONNECTIONS, self._about)
        await connection.execute(CLEAR, self._about)

    async def _share_out(self, connection: AsyncConnection) -> None:
        [(workers,)] = await _rows(connection, LIVING)
        led = dict(await _rows(connection, LED))
        changes = self._parts.look(led, self._worker, workers)
        if changes.unwanted:
            await connection.execute(LET_GO, {**self._about, "parts": changes.unwanted})
        if changes.wanted:
            asked = {**self._about, "parts": changes.wanted}
            self._parts.give([part for (part,) in await _rows(connection, TAKE, asked)])

    async def _connected(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._connect()
        return self._connection

    async def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()


async def _rows(
    connection: AsyncConnection, query: str, values: dict[str, Any] | None = None
) -> list[tuple[Any, ...]]:
    return await (await connection.execute(query.encode(), values)).fetchall()
