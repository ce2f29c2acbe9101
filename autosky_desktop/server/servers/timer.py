"""Switches preparation servers off when their moment has come."""

import logging
import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.pause import rest
from autosky_desktop.domain.reasons import CLOCK, PowerReason
from autosky_desktop.domain.server import LONGEST_EXTENSION_HOURS, Power, ScheduledShutdown, Server
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.activity.entries import RequestEnding
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.providers.provider import Provider, ProviderError
from autosky_desktop.server.providers.retry import refusal_of
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.servers import queries as servers
from autosky_desktop.server.servers import rules as shutdown_rules
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.server.wake_loop import run_wake_loop

AGAIN = timedelta(minutes=1)
MOST_DOUBLED = 6
SOON = timedelta(hours=LONGEST_EXTENSION_HOURS, minutes=1)
"""A shutdown no further ahead than this is not looked at again: the clock that set it cannot have
been wrong by more.
"""

log = logging.getLogger(__name__)


class DueShutdown(NamedTuple):
    environment: str
    server: Server
    shutdown: ScheduledShutdown
    publishing: int | None


class StopAttempt(NamedTuple):
    """A request to the provider, made at `at`, to switch the server off. `entry` awaits the
    outcome, empty when none does; `accepted` counts the tries that were accepted, with this one.
    """

    shutdown: ScheduledShutdown
    at: datetime
    entry: str = ""
    accepted: int = 0

    @property
    def pause(self) -> timedelta:
        """Return how long to wait before asking again: each try that is accepted and changes
        nothing doubles it.
        """
        doubled = min(max(self.accepted - 1, 0), MOST_DOUBLED)
        return AGAIN * (1 << doubled)


class ShutdownTimer:
    """Does what is due, and sleeps until the next moment or until something changed."""

    def __init__(
        self,
        engine: AsyncEngine,
        provider: Provider,
        poller: Poller,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
        bus: Bus,
        now: Now,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._poller = poller
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._bus = bus
        self._now = now
        self._tries: dict[str, StopAttempt] = {}
        self._right: dict[str, timedelta] = {}

    async def run(self) -> None:
        again = AGAIN.total_seconds()
        await run_wake_loop(self.act, self._bus, self._now, "shutdowns", again=again)

    async def act(self) -> float | None:
        """Do what is due. Return the seconds until the next moment, or None when none is set."""
        waits = list[timedelta]()
        for due in await self._scheduled():
            wait: timedelta | None = AGAIN
            with guarded(log, f"the shutdown of {due.server.id}", but=(StorageError,)):
                wait = await self._see_to(due)
            if wait is not None:
                waits.append(wait)
        return min(waits).total_seconds() if waits else None

    async def _see_to(self, due: DueShutdown) -> timedelta | None:
        left = due.shutdown.at - self._now()
        if left > self._right.get(due.server.id, SOON):
            await self._set_right(due, left)
        if left > timedelta():
            return left
        if due.publishing is not None:
            await self._hold(due, due.publishing)
            return None
        return await self._stop(due)

    async def _set_right(self, due: DueShutdown, left: timedelta) -> None:
        """Set anew what a clock that was ahead has set, as a start would by the present clock."""
        async with self._unit_of_work.transaction(due.environment) as transaction:
            rules = transaction.shutdown_rules
            if shutdown_rules.set_too_far(due.shutdown, rules, transaction.now):
                if await _still(transaction, due):
                    await self._set_anew(transaction, due, rules)
            else:
                self._right[due.server.id] = left

    async def _set_anew(
        self, transaction: Transaction, due: DueShutdown, rules: shutdown_rules.ShutdownRules
    ) -> None:
        anew = shutdown_rules.at_start(rules, transaction.now)
        server = (await transaction.servers())[due.server.id]
        await transaction.server(replace(server, shutdown=anew))
        entry = replace(
            self._seen_to(due, ActivityKind.MOVE_SHUTDOWN),
            outcome=Outcome.DONE.value,
            reason=CLOCK,
            moved_from=due.shutdown.at,
            moved_to=anew.at,
            ended_at=transaction.now,
        )
        await entries.write(transaction, entry)

    async def _hold(self, due: DueShutdown, version: int) -> None:
        if due.shutdown.held:
            return
        entry = self._seen_to(due, ActivityKind.HOLD_SHUTDOWN)
        async with self._unit_of_work.transaction(due.environment) as transaction:
            if await _still(transaction, due):
                held = shutdown_rules.held(due.shutdown)
                server = (await transaction.servers())[due.server.id]
                await transaction.server(replace(server, shutdown=held))
                await entries.write(
                    transaction,
                    replace(
                        entry,
                        outcome=Outcome.DONE.value,
                        moved_from=held.at,
                        version=version,
                        ended_at=transaction.now,
                    ),
                )

    async def _stop(self, due: DueShutdown) -> timedelta | None:
        last = self._last_try(due)
        if last and (left := rest(last.at, last.pause, self._now())):
            return await self._look_on(due, last, left)
        entry = await self._begin(due, last)
        if entry is None:
            return None  # somebody moved it, or publishes: the news of it wake us again
        asked = StopAttempt(due.shutdown, self._now(), accepted=last.accepted if last else 0)
        self._tries[due.server.id] = asked
        try:
            key = f"shutdown:{entry.id}"
            await self._provider.power(due.environment, due.server.id, Power.STOP, key=key)
        except ProviderError as error:
            log.warning("%s could not be switched off: %s", due.server.id, error.detail)
            await self._failed(due, entry, error)
            return AGAIN
        self._tries[due.server.id] = asked._replace(entry=entry.id, accepted=asked.accepted + 1)
        await self._accepted(due, entry)
        try:
            await self._poller.read(due.environment)
        except ProviderError as error:
            log.warning("%s could not be read: %s", due.environment, error.detail)
        return AGAIN if await self._is_due_still(due) else None

    async def _look_on(self, due: DueShutdown, last: StopAttempt, left: timedelta) -> timedelta:
        """Return how long to wait, for the provider was asked lately. A try that changed nothing in
        AGAIN has failed, which lets people move the shutdown once more.
        """
        soon = rest(last.at, AGAIN, self._now())
        if last.entry and not soon:
            self._tries[due.server.id] = last._replace(entry="")
            async with self._unit_of_work.transaction(due.environment) as transaction:
                await entries.conclude(transaction, last.entry, _not_reached(due))
        return soon or left

    def _last_try(self, due: DueShutdown) -> StopAttempt | None:
        last = self._tries.get(due.server.id)
        return last if last and last.shutdown == due.shutdown else None

    def _entry(self, due: DueShutdown) -> Activity:
        kind = ActivityKind.SCHEDULED_SHUTDOWN.value
        key = f"{due.server.id}\n{due.shutdown.at.isoformat()}"
        return self._activity_log.entry(kind, principal=None, key=key, target=due.server.name)

    def _seen_to(self, due: DueShutdown, kind: ActivityKind) -> Activity:
        """Return an entry with its own key: the same moment may come again, by a clock put back."""
        key = str(uuid.uuid4())
        return self._activity_log.entry(kind.value, principal=None, key=key, target=due.server.name)

    async def _begin(self, due: DueShutdown, last: StopAttempt | None) -> Activity | None:
        """Record this try and return its entry, which is written only when it is accepted if others
        failed before.

        From here on nobody can move the shutdown; None when somebody did, or began to publish. A
        try that an earlier process made, without learning whether it was accepted, is made again as
        the same one; one of ours that changed nothing has failed.
        """
        async with self._unit_of_work.transaction(due.environment) as transaction:
            connection = transaction.connection
            if not await _still(transaction, due):
                return None
            if await publications.running_in(connection, due.environment) is not None:
                return None
            entry = self._entry(due)
            awaited = await _awaited(transaction, due)
            ours = awaited is not None and last is not None and last.entry == awaited.id
            if awaited is not None and not ours and awaited.at >= due.shutdown.at:
                return awaited
            if awaited is not None:
                await entries.conclude(transaction, awaited.id, _not_reached(due))
            elif await activities.find(connection, entry.id) is None:
                await entries.write(transaction, entry, subject=due.server.id)
                return entry
        return replace(entry, id=str(uuid.uuid4()))

    async def _failed(self, due: DueShutdown, entry: Activity, error: ProviderError) -> None:
        refusal = refusal_of(error)
        ending = _ending(refusal.code.value, refusal.detail)
        async with self._unit_of_work.transaction(due.environment) as transaction:
            await entries.conclude(transaction, entry.id, ending)

    async def _accepted(self, due: DueShutdown, entry: Activity) -> None:
        """Record that a try was accepted: a later one is a new entry, and the failed one stays."""
        async with self._unit_of_work.transaction(due.environment) as transaction:
            if await activities.find(transaction.connection, entry.id) is None:
                await entries.write(transaction, entry, subject=due.server.id)

    async def _is_due_still(self, due: DueShutdown) -> bool:
        async with self._engine.connect() as connection:
            found = await servers.find(connection, due.server.id)
        return found is not None and found[1].shutdown == due.shutdown

    async def _scheduled(self) -> list[DueShutdown]:
        async with self._engine.connect() as connection:
            running = {where: run.version for where, run in await publications.running(connection)}
            return [
                DueShutdown(environment, server, shutdown, running.get(environment))
                for environment, server in await servers.to_stop(connection)
                if (shutdown := server.shutdown) is not None
            ]


async def _still(transaction: Transaction, due: DueShutdown) -> bool:
    server = (await transaction.servers()).get(due.server.id)
    return server is not None and server.shutdown == due.shutdown


async def _awaited(transaction: Transaction, due: DueShutdown) -> Activity | None:
    """Return the try whose outcome nobody has seen yet."""
    for subject, entry in await activities.unseen(transaction.connection, transaction.identity):
        if subject == due.server.id and entry.kind == ActivityKind.SCHEDULED_SHUTDOWN:
            return entry
    return None


def _not_reached(due: DueShutdown) -> RequestEnding:
    return _ending(PowerReason.NOT_REACHED.value, due.server.status)


def _ending(reason: str, detail: str) -> RequestEnding:
    return RequestEnding(outcome=Outcome.FAILED.value, reason=reason, detail=detail)
