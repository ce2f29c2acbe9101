"""Keeps scheduled publications at the hour that was meant when the rules of a zone change.

A government changes them at short notice, and a computer learns of it with an update.
"""

import logging
from datetime import datetime, timedelta, tzinfo

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.local_time import forget_rules, meant_at, zone_here
from autosky_desktop.domain.pause import rest
from autosky_desktop.domain.publication import Publication, PublicationState, WaitingFor
from autosky_desktop.domain.reasons import ZONE_RULES
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.schedule_commands import change
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

READ_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class ZoneRules:
    """Moves publications of zones whose rules differ from those last reckoned with."""

    def __init__(
        self, engine: AsyncEngine, unit_of_work: UnitOfWork, activity_log: ActivityLog, now: Now
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._now = now
        self._read_at = now()
        self._known: dict[str, tzinfo] = {}

    async def follow(self) -> None:
        """Move what is no longer at the hour meant. Rules that were not read anew are the same."""
        if not rest(self._read_at, READ_EVERY, self._now()):
            forget_rules()
            self._read_at = self._now()
        async with self._engine.connect() as connection:
            zones = {it: zone_here(it) for it in await publications.zones_scheduled_in(connection)}
            anew = [it for it, rules in zones.items() if self._known.get(it) is not rules]
            waiting = await publications.meant_in(connection, anew) if anew else []
        for environment, run in waiting:
            with guarded(log, f"moving {run.id}", but=(StorageError,)):
                if _moment_meant(run) is not None:
                    await self._move(environment, run.id)
        self._known = zones

    async def _move(self, environment: str, identity: str) -> None:
        async with self._unit_of_work.transaction(environment) as transaction:
            found = await publications.find(transaction.connection, identity)
            if found is None or (to := _moment_meant(found[1])) is None:
                return  # moved, called off or started since
            run = found[1]
            log.warning("%s is moved to %s: the rules of its zone changed", run.id, to)
            fields = {"scheduled_for": to, "rules_moved_from": run.scheduled_for}
            await change(transaction, run, self._entry(transaction, run, to), fields)

    def _entry(self, transaction: Transaction, run: Publication, to: datetime) -> Activity:
        key = f"{run.id}\n{run.scheduled_for}\n{to}\n{transaction.now}"
        entry = self._activity_log.entry(ActivityKind.MOVE_SCHEDULE.value, principal=None, key=key)
        return replace(entry, reason=ZONE_RULES, moved_from=run.scheduled_for, moved_to=to)


def _moment_meant(run: Publication) -> datetime | None:
    """Return the moment that is meant if it waits for another one, else None."""
    if run.meant is None or run.time_zone is None or run.waiting_for == WaitingFor.TURN:
        return None
    if PublicationState(run.state) is not PublicationState.SCHEDULED:
        return None
    at = meant_at(run.meant, run.time_zone)
    return None if at == run.scheduled_for else at
