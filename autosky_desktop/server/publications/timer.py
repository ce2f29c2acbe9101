"""Starts publications when their moment has come.

One that falls due while another runs waits its turn. One whose moment passed while no control
plane ran starts when that is at most GRACE ago; a later one is marked missed, and told.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, islice

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import Publication, PublicationState, WaitingFor
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now, asleep
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.publications import allowance
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.ending import publication_ended
from autosky_desktop.server.publications.preview import ELSEWHERE, permit
from autosky_desktop.server.publications.queries import DuePublication
from autosky_desktop.server.publications.zone_rules import ZoneRules
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.server.wake_loop import run_wake_loop

GRACE = timedelta(minutes=15)
AGAIN_SECONDS = 5.0
TOGETHER = 50
"""How many environments are written in one transaction."""
MISSED = Reason.MISSED.value

log = logging.getLogger(__name__)


class PublicationTimer:
    """Starts what is due, and sleeps between. `accepted` is called when something was started."""

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
        bus: Bus,
        now: Now,
        accepted: Callable[[], None],
        asleep: Callable[[], float] = asleep,
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._bus = bus
        self._now = now
        self._asleep = asleep
        self._accepted = accepted
        self._began = now()
        self._slept = asleep()
        self._rules = ZoneRules(engine, unit_of_work, activity_log, now)

    async def run(self) -> None:
        await run_wake_loop(self.act, self._bus, self._now, "schedules", again=AGAIN_SECONDS)

    async def act(self) -> float | None:
        """Start what is due. Return the seconds until the next moment, None when there is none."""
        with guarded(log, "following the rules of time zones", but=(StorageError,)):
            await self._rules.follow()
        self._look_at_clock()
        async with self._engine.connect() as connection:
            due = await publications.due(connection, self._now())
        for part in _parts(due):
            await self._see_to_each(part)
        async with self._engine.connect() as connection:
            following = await publications.next_moment(connection, now := self._now())
        return (following - now).total_seconds() if following else None

    def _look_at_clock(self) -> None:
        """Begin anew after a sleep, in which nobody could give a publication its turn. A clock that
        is set forward is none.
        """
        now, before, self._slept = self._now(), self._slept, self._asleep()
        if timedelta(seconds=self._slept - before) > GRACE:
            self._began = now
        self._began = min(self._began, now)  # the clock may have been put back since

    async def _see_to_each(self, due: dict[str, list[str]]) -> None:
        """See to all at once or, after a defect, to each alone: one keeps no other waiting."""
        with guarded(log, f"starting {due}", but=(StorageError,)):
            await self._see_to(due)
            return
        if len(due) > 1:
            for environment, runs in due.items():
                await self._see_to_each({environment: runs})

    async def _see_to(self, due: dict[str, list[str]]) -> None:
        async with self._unit_of_work.transactions(list(due)) as transactions:
            if not transactions:
                return
            connection = next(iter(transactions.values())).connection
            runs = await publications.of(connection, list(chain.from_iterable(due.values())))
            busy = set(await publications.running_among(connection, list(transactions)))
            begun: list[tuple[Transaction, Publication]] = []
            for environment, transaction in transactions.items():
                for run in [runs[it] for it in due[environment] if it in runs]:
                    if await self._look_at(transaction, run, busy=environment in busy):
                        busy.add(environment)
                        begun.append((transaction, _started(transaction, run)))
            if begun:
                await self._begin(begun)
        if begun:
            self._accepted()

    async def _look_at(self, transaction: Transaction, run: Publication, *, busy: bool) -> bool:
        """Return whether it starts now, and record what keeps it from that."""
        if not _is_due(run, transaction.now):
            return False  # moved, cancelled or started since it was looked for
        if self._is_missed(run, transaction.now):
            await self._end(transaction, run, MISSED)
            return False
        if busy:
            await _wait_for_turn(transaction, run)
            return False
        try:
            await _permit(transaction, run)
            if allowance.asks_at_once(run.plan):
                await allowance.use(transaction, run.id)
        except Refusal as refusal:
            waits = refusal.code is Code.REASON_TO_WAIT
            await self._end(transaction, run, refusal.detail if waits else refusal.code.value)
            return False
        return True

    def _is_missed(self, run: Publication, now: datetime) -> bool:
        """Return whether the publication is too late. What waits its turn misses nothing, unless
        nobody was there to give it one.
        """
        assert run.scheduled_for
        seen = self._began if run.waiting_for == WaitingFor.TURN else now
        return seen - run.scheduled_for > GRACE

    async def _begin(self, begun: Sequence[tuple[Transaction, Publication]]) -> None:
        """Begin many at once: nobody's moment waits for the statements of all the others."""
        await publications.begin(begun[0][0].connection, [run for _, run in begun])
        for transaction, run in begun:
            transaction.tell_begun(run)
        await entries.await_many([(at, self._entry(run), run.id) for at, run in begun])

    async def _end(self, transaction: Transaction, run: Publication, reason: str) -> None:
        log.warning("%s is not published as scheduled: %s", run.id, reason)
        ended = replace(
            run,
            state=PublicationState.FAILED.value,
            reason=reason,
            waiting_for=None,
            ended_at=transaction.now,
        )
        await publications.put_newest(transaction.connection, run.id)
        await transaction.publication(ended)
        entry = replace(
            self._entry(ended),
            outcome=Outcome.FAILED.value,
            reason=reason,
            ended_at=transaction.now,
        )
        await entries.write(transaction, entry)
        await publication_ended(transaction, ended)

    def _entry(self, run: Publication) -> Activity:
        entry = self._activity_log.entry(ActivityKind.PUBLISH.value, principal=None, key=run.id)
        return replace(entry, version=run.version, moved_to=run.scheduled_for)


def _is_due(run: Publication, now: datetime) -> bool:
    scheduled = PublicationState(run.state) is PublicationState.SCHEDULED
    return scheduled and run.scheduled_for is not None and run.scheduled_for <= now


async def _permit(transaction: Transaction, run: Publication) -> None:
    """Raise Refusal if what was planned has become impossible since, by time alone.

    Most publications need no look, and many may start in one transaction.
    """
    if run.plan.deadline is None and run.plan.image_of is None:
        return
    await permit(
        transaction.connection,
        transaction.identity,
        run.plan,
        now=transaction.now,
        beside=run.id,
        but=ELSEWHERE,
    )


def _started(transaction: Transaction, run: Publication) -> Publication:
    return replace(
        run,
        state=PublicationState.QUEUED.value,
        version=transaction.next_version,
        replaces=transaction.current_version,
        waiting_for=None,
    )


async def _wait_for_turn(transaction: Transaction, run: Publication) -> None:
    if run.waiting_for != WaitingFor.TURN:
        await transaction.publication(replace(run, waiting_for=WaitingFor.TURN.value))


def _parts(due: Iterable[DuePublication]) -> Iterator[dict[str, list[str]]]:
    """Group publications by environment, so many at once, in the order of their moments."""
    found = defaultdict[str, list[str]](list)
    for it in due:
        found[it.environment].append(it.id)
    rest = iter(found.items())
    while part := dict(islice(rest, TOGETHER)):
        yield part
