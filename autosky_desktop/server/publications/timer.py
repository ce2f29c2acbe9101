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
from autosky_desktop.server.activity.log import Register
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now, steady
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.mail.outbox import owe
from autosky_desktop.server.publications import allowance
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.preview import ELSEWHERE, permit
from autosky_desktop.server.publications.queries import DuePublication
from autosky_desktop.server.publications.zone_rules import ZoneRules
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Recording
from autosky_desktop.server.transactions.unit_of_work import Recorder
from autosky_desktop.server.wake_loop import keep_acting

GRACE = timedelta(minutes=15)
AGAIN_SECONDS = 5.0
TOGETHER = 50
"""How many environments are written in one transaction."""
MISSED = Reason.MISSED.value

log = logging.getLogger(__name__)


class Scheduler:
    """Starts what is due, and sleeps between. `accepted` is called when something was started."""

    def __init__(
        self,
        engine: AsyncEngine,
        recorder: Recorder,
        register: Register,
        bus: Bus,
        now: Now,
        accepted: Callable[[], None],
        steady: Callable[[], float] = steady,
    ) -> None:
        self._engine = engine
        self._recorder = recorder
        self._register = register
        self._bus = bus
        self._now = now
        self._steady = steady
        self._accepted = accepted
        self._began = now()
        self._seen = self._began, steady()
        self._rules = ZoneRules(engine, recorder, register, now)

    async def run(self) -> None:
        await keep_acting(self.act, self._bus, self._now, "schedules", again=AGAIN_SECONDS)

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
        """Begin anew after a sleep, in which nobody could give a publication its turn."""
        (now, awake), self._seen = self._seen, (self._now(), self._steady())
        waking = timedelta(seconds=self._seen[1] - awake)
        if self._seen[0] - now - waking > GRACE:
            self._began = self._seen[0]
        self._began = min(self._began, self._seen[0])  # the clock may have been put back since

    async def _see_to_each(self, due: dict[str, list[str]]) -> None:
        """See to all at once or, after a defect, to each alone: one keeps no other waiting."""
        with guarded(log, f"starting {due}", but=(StorageError,)):
            await self._see_to(due)
            return
        if len(due) > 1:
            for environment, runs in due.items():
                await self._see_to_each({environment: runs})

    async def _see_to(self, due: dict[str, list[str]]) -> None:
        async with self._recorder.recordings(list(due)) as recordings:
            if not recordings:
                return
            connection = next(iter(recordings.values())).connection
            runs = await publications.of(connection, list(chain.from_iterable(due.values())))
            busy = set(await publications.running_among(connection, list(recordings)))
            begun: list[tuple[Recording, Publication]] = []
            for environment, recording in recordings.items():
                for run in [runs[it] for it in due[environment] if it in runs]:
                    if await self._look_at(recording, run, busy=environment in busy):
                        busy.add(environment)
                        begun.append((recording, _started(recording, run)))
            if begun:
                await self._begin(begun)
        if begun:
            self._accepted()

    async def _look_at(self, recording: Recording, run: Publication, *, busy: bool) -> bool:
        """Return whether it starts now, and record what keeps it from that."""
        if not _is_due(run, recording.now):
            return False  # moved, cancelled or started since it was looked for
        if self._is_missed(run, recording.now):
            await self._end(recording, run, MISSED)
            return False
        if busy:
            await _wait_for_turn(recording, run)
            return False
        try:
            await _permit(recording, run)
            if allowance.asks_at_once(run.plan):
                await allowance.use(recording, run.id)
        except Refusal as refusal:
            waits = refusal.code is Code.REASON_TO_WAIT
            await self._end(recording, run, refusal.detail if waits else refusal.code.value)
            return False
        return True

    def _is_missed(self, run: Publication, now: datetime) -> bool:
        """Return whether the publication is too late. What waits its turn misses nothing, unless
        nobody was there to give it one.
        """
        assert run.scheduled_for
        seen = self._began if run.waiting_for == WaitingFor.TURN else now
        return seen - run.scheduled_for > GRACE

    async def _begin(self, begun: Sequence[tuple[Recording, Publication]]) -> None:
        """Begin many at once: nobody's moment waits for the statements of all the others."""
        await publications.begin(begun[0][0].connection, [run for _, run in begun])
        for recording, run in begun:
            recording.begun(run)
        await entries.await_many([(at, self._entry(run), run.id) for at, run in begun])

    async def _end(self, recording: Recording, run: Publication, reason: str) -> None:
        log.warning("%s is not published as scheduled: %s", run.id, reason)
        ended = replace(
            run,
            state=PublicationState.FAILED.value,
            reason=reason,
            waiting_for=None,
            ended_at=recording.now,
        )
        await publications.put_newest(recording.connection, run.id)
        await recording.publication(ended)
        entry = replace(
            self._entry(ended),
            outcome=Outcome.FAILED.value,
            reason=reason,
            ended_at=recording.now,
        )
        await entries.write(recording, entry)
        await owe(recording, ended)

    def _entry(self, run: Publication) -> Activity:
        entry = self._register.entry(ActivityKind.PUBLISH.value, by=None, key=run.id)
        return replace(entry, version=run.version, moved_to=run.scheduled_for)


def _is_due(run: Publication, now: datetime) -> bool:
    scheduled = PublicationState(run.state) is PublicationState.SCHEDULED
    return scheduled and run.scheduled_for is not None and run.scheduled_for <= now


async def _permit(recording: Recording, run: Publication) -> None:
    """Raise Refusal if what was planned has become impossible since, by time alone.

    Most publications need no look, and many may start in one transaction.
    """
    if run.plan.deadline is None and run.plan.image_of is None:
        return
    await permit(
        recording.connection,
        recording.identity,
        run.plan,
        now=recording.now,
        beside=run.id,
        but=ELSEWHERE,
    )


def _started(recording: Recording, run: Publication) -> Publication:
    return replace(
        run,
        state=PublicationState.QUEUED.value,
        version=recording.next_version,
        replaces=recording.current_version,
        waiting_for=None,
    )


async def _wait_for_turn(recording: Recording, run: Publication) -> None:
    if run.waiting_for != WaitingFor.TURN:
        await recording.publication(replace(run, waiting_for=WaitingFor.TURN.value))


def _parts(due: Iterable[DuePublication]) -> Iterator[dict[str, list[str]]]:
    """Group publications by environment, so many at once, in the order of their moments."""
    found = defaultdict[str, list[str]](list)
    for it in due:
        found[it.environment].append(it.id)
    rest = iter(found.items())
    while part := dict(islice(rest, TOGETHER)):
        yield part
