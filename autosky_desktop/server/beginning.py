"""Prepares a control plane for its first answer: takes in the demo, reads what never was read."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.schedule import clock_time
from autosky_desktop.server.db import reads, schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.providers import demo
from autosky_desktop.server.providers.demo import DemoEnvironment
from autosky_desktop.server.usecases.observing import Observer

DAILY_STOP_AHEAD = timedelta(hours=8)
"""How far ahead the demo's daily stop is: beyond any run time, which ends its first evening."""


async def begin_with_demo(
    engine: AsyncEngine,
    recorder: Recorder,
    observer: Observer,
    now: Now,
    begin: Sequence[DemoEnvironment] = (),
) -> None:
    """Take the demo's environments, or those of `begin`, into an empty database, and read what
    was never read: without that first reading, the first answer would be an empty list.

    A demo that an older version began gets the environments that the demo gained since.
    """
    await _seed(recorder, now, begin)
    async with engine.connect() as connection:
        untold = await reads.untold(connection)
    await observer.read_all(untold)


async def _seed(recorder: Recorder, now: Now, begin: Sequence[DemoEnvironment]) -> None:
    async with recorder.transaction() as connection:
        known = set(await reads.environment_ids(connection))
        wanted = begin or demo.environments()
        theirs = known and (begin or known.isdisjoint(found.id for found in wanted))
        rows = [
            _row(found, position, now())
            for position, found in enumerate(wanted)
            if found.id not in known and not theirs
        ]
        if rows:
            await connection.execute(insert(schema.environment), rows)


def _row(found: DemoEnvironment, position: int, now: datetime) -> dict[str, object]:
    later = now + DAILY_STOP_AHEAD
    return {
        "id": found.id,
        "position": position,
        "name": found.name,
        "label": found.label,
        "kind": found.kind,
        "provider": "Demo",
        "time_zone": found.time_zone,
        "run_hours": found.run_hours,
        "demo": True,
        "current_version": found.current_version,
        "confirmed_at": now,
        "revision": 0,
        "daily_stop": clock_time(later, found.time_zone) if found.stops_daily else None,
    }
