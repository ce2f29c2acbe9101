"""What a control plane does before its first answer: take in the demo, read what never was read."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import SCALING
from autosky_desktop.domain.schedule import clock_time
from autosky_desktop.server.db import reads, schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.providers import demo
from autosky_desktop.server.providers.demo import DemoEnvironment
from autosky_desktop.server.usecases.observing import Observer

DAILY_STOP_AHEAD = timedelta(hours=8)
"""Of the demo: more than any run time, so that its first evening is as its run time says."""


async def begin_with_demo(
    engine: AsyncEngine,
    recorder: Recorder,
    observer: Observer,
    now: Now,
    begin: Sequence[DemoEnvironment] = (),
) -> None:
    """Take the demo's environments, or those of `begin`, into an empty database, and read what
    was never read: without that first reading, the first answer would be an empty list.
    """
    await _seed(recorder, now, begin or demo.environments())
    async with engine.connect() as connection:
        untold = await reads.untold(connection)
    await observer.read_all(untold)


async def _seed(recorder: Recorder, now: Now, begin: Sequence[DemoEnvironment]) -> None:
    async with recorder.transaction() as connection:
        if await reads.environment_ids(connection):
            return
        later = now() + DAILY_STOP_AHEAD
        rows = [
            {
                "id": found.id,
                "position": position,
                "name": found.name,
                "label": found.label,
                "kind": SCALING,
                "provider": "Demo",
                "time_zone": found.time_zone,
                "run_hours": found.run_hours,
                "demo": True,
                "current_version": found.current_version,
                "confirmed_at": now(),
                "revision": 0,
                "daily_stop": clock_time(later, found.time_zone) if found.stops_daily else None,
            }
            for position, found in enumerate(begin)
        ]
        await connection.execute(insert(schema.environment), rows)
