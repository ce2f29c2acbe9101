"""Prepares a control plane for its first answer.

It takes in the demo, reads what never was read, and closes what an earlier process left open.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind, Outcome
from autosky_desktop.domain.local_time import clock_time
from autosky_desktop.domain.reasons import PowerReason
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.entries import RequestEnding
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.dialects import WriteTurn, take_turn
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.commands import fail
from autosky_desktop.server.environments.placements import placements
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.environments.reconcile import LEADS_TO
from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.demo_seed import DemoEnvironment
from autosky_desktop.server.providers.registry import ProviderRegistry
from autosky_desktop.server.providers.simulated.plugin import NAME as SIMULATED
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.words.provider import DEMO

DAILY_STOP_AHEAD = timedelta(hours=8)
"""How far ahead the demo's daily stop is: beyond any run time, which ends its first evening."""
INTERRUPTED = PowerReason.INTERRUPTED.value
NOBODY_GOES_ON_WITH = (ActivityKind.END_SESSIONS, ActivityKind.PROVIDER_UPDATE)


async def begin_with_demo(
    engine: AsyncEngine,
    unit_of_work: UnitOfWork,
    poller: Poller,
    now: Now,
    registry: ProviderRegistry | None = None,
    begin: Sequence[DemoEnvironment] | None = (),
    *,
    empty: bool = False,
) -> None:
    """Take the demo's environments, or those of `begin` (None: nothing), into an empty database
    unless that is to stay `empty`, and read what was never read: without that reading, the first
    answer would be an empty list.

    A demo that an older version began gets the environments that the demo gained since.
    """
    if begin is not None:
        await _seed(unit_of_work, now, begin, empty=empty)
    async with engine.connect() as connection:
        untold = await environments.untold(connection)
    if registry is not None:
        registry.put_all(await placements(engine))
    await poller.read_all(untold)


async def _seed(
    unit_of_work: UnitOfWork, now: Now, begin: Sequence[DemoEnvironment], *, empty: bool
) -> None:
    async with unit_of_work.without_events() as connection:
        await take_turn(connection, WriteTurn.START)
        known = set(await environments.ids_ever(connection))
        if empty and not known:
            return
        wanted = begin or demo_seed.environments()
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
        "provider": SIMULATED,
        "provider_title": DEMO,
        "time_zone": found.time_zone,
        "run_hours": found.run_hours,
        "demo": True,
        "current_version": found.current_version,
        "confirmed_at": now,
        "revision": 0,
        "daily_stop": clock_time(later, found.time_zone) if found.stops_daily else None,
    }


async def close_interrupted(
    engine: AsyncEngine, unit_of_work: UnitOfWork, poller: Poller, living: Collection[str] = ()
) -> None:
    """Close what is open, except what workers that go on are on. Servers on their way are left to
    the next reading, publications to their workflows.
    """
    async with engine.connect() as connection:
        operations = await environments.running_operations(connection, but=living)
        on_their_way = await activities.unseen_somewhere(connection, list(LEADS_TO), but=living)
        asked = await activities.unseen_somewhere(connection, NOBODY_GOES_ON_WITH, but=living)
    poller.left_over(on_their_way)
    for operation in operations:
        async with unit_of_work.transaction(operation.environment) as transaction:
            await fail(transaction, operation, INTERRUPTED)
    ending = RequestEnding(outcome=Outcome.FAILED.value, reason=INTERRUPTED)
    for identity, environment in asked:
        async with unit_of_work.transaction(environment) as transaction:
            await entries.conclude(transaction, identity, ending)
