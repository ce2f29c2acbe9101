"""The bench of lateness: 1,000 scheduled publications, each in an environment of its own.

    python tests/bench/lateness.py [--schedules 1000] [--seconds 300] [--together 20]

A control plane of its own process; the moments are spread over five minutes, and 20 of them are
all the same second. Late is from the moment until the feed tells that it is started; how long the
first step then waits for its turn on this machine is told, too. Ends with 1 when it is missed.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[2]))

import msgspec
from sqlalchemy import insert, select

from autosky_desktop.domain.plan import Plan
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.environments import queries as environment_queries
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.rules import blank_steps
from tests.support.serving import serving

BAR_SECONDS = 2.0
AHEAD = timedelta(seconds=20)
STILL = ("--speed", "0.005", "--servers", "1", "--environments")
PATIENCE = 120.0
LOOK_SECONDS = 1.0


def moments(schedules: int, seconds: float, together: int) -> Iterator[datetime]:
    chance, first = random.Random(1), now() + AHEAD
    for _ in range(schedules - together):
        yield first + timedelta(seconds=chance.uniform(0, seconds))
    for _ in range(together):
        yield first + timedelta(seconds=seconds / 2)


def planned(number: int, at: datetime) -> Publication:
    return Publication(
        id=f"p{number}",
        version=1,
        plan=Plan(),
        state="scheduled",
        publisher="Ana",
        requested_by="ana",
        requested_at=now(),
        steps=blank_steps(),
        scheduled_for=at,
        time_zone="America/Sao_Paulo",
    )


async def seed(folder: Path, given: argparse.Namespace) -> None:
    engine = await open_storage(folder)
    async with writing(engine).begin() as connection:
        environments = await environment_queries.ids(connection)
        when = moments(given.schedules, given.seconds, given.together)
        runs = [planned(number, at) for number, at in enumerate(when)]
        rows = [
            {"environment": where, **msgspec.structs.asdict(run)}
            for where, run in zip(environments, runs, strict=True)
        ]
        await connection.execute(insert(schema.publication), rows)
    await engine.dispose()


async def told(folder: Path) -> tuple[list[float], list[float]]:
    """Return the seconds from each moment until its start was told, and until its first step."""
    engine, event = await open_storage(folder), schema.event
    started, begun = dict[str, float](), dict[str, float]()
    async with engine.connect() as connection:
        query = select(event).where(event.c.kind == "publication").order_by(event.c.id)
        for row in await connection.execute(query):
            run = msgspec.json.decode(row.body, type=Publication)
            assert run.scheduled_for
            if run.state != "scheduled":
                started.setdefault(run.id, (row.at - run.scheduled_for).total_seconds())
            if run.started_at:
                begun.setdefault(run.id, (run.started_at - run.scheduled_for).total_seconds())
    await engine.dispose()
    return sorted(started.values()), sorted(begun.values())


async def waiting(folder: Path) -> int:
    engine = await open_storage(folder)
    async with engine.connect() as connection:
        left = await publications.due(connection, datetime.max.replace(tzinfo=UTC))
    await engine.dispose()
    return len(left)


def at(share: float, ordered: list[float]) -> float:
    return ordered[min(len(ordered) - 1, round(len(ordered) * share))]


def line(what: str, late: list[float]) -> str:
    return (
        f"  {what:22} {len(late)}: p50 {statistics.median(late):.2f} s, "
        f"p99 {at(0.99, late):.2f}, most {late[-1]:.2f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schedules", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--together", type=int, default=20)
    given = parser.parse_args()
    with TemporaryDirectory() as home:
        folder, size = Path(home) / "data", (*STILL, str(given.schedules))
        with serving(folder, *size):
            pass
        asyncio.run(seed(folder, given))
        with serving(folder, *size):
            time.sleep(AHEAD.total_seconds() + given.seconds)
            until = time.monotonic() + PATIENCE
            while asyncio.run(waiting(folder)) and time.monotonic() < until:
                time.sleep(LOOK_SECONDS)
        started, begun = asyncio.run(told(folder))
    print(line("started", started))
    print(line("first step begun", begun))
    late, all_of_them = at(0.99, started), len(started) == given.schedules
    good = late <= BAR_SECONDS and all_of_them and started[0] >= 0
    print(
        f"{given.schedules} schedules, {given.together} of them in one second: "
        f"p99 {late:.2f} s late (bar {BAR_SECONDS:.0f} s): {'ok' if good else 'MISSED'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
