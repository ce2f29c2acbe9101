"""Replaces instances, in the fifth step, as each model does, with regard to the people on them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from autosky_desktop.domain.pause import begun_anew
from autosky_desktop.domain.plan import Hold, Model, Reconnection, first_of
from autosky_desktop.domain.publication import Publication, PublicationState, WaitingFor
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.providers.provider import Outdated, ReplacementProgress
from autosky_desktop.server.publications.workflow.countdown import Countdown
from autosky_desktop.server.publications.workflow.journal import StepCancelled, StepEnding, step_of
from autosky_desktop.server.publications.workflow.step_context import StepFailed, StepRun, StepTools
from autosky_desktop.server.refusal import Refusal

FIRST, OTHERS = "first", "others"

Tick = Callable[[], Awaitable[datetime]]


class InstanceReplacement:
    """Replaces instances in one step. Begun again it asks for the same with the same keys, and is
    told of what was done before.
    """

    def __init__(self, tools: StepTools, run: StepRun) -> None:
        self._tools = tools
        self._provider = tools.provider
        self._run = run
        self._publication = run.publication
        self._known = run.publication
        step = step_of(run.publication, run.step)
        self._first = step.first
        self._failed = list(step.failed)
        self._ended_before = step.ended_before
        self._total = run.publication.instances_total

    async def perform(self) -> StepEnding:
        old = await self._outdated()
        await self._count(old)
        run = self._publication
        if run.plan.hold is not None and run.hold_passed_by is None:
            await self._replace(FIRST, await self._first_share(old))
            await self._hold()
        await self._replace(OTHERS, None)
        if self._failed:
            raise StepFailed(Reason.INSTANCES_FAILED, instances_failed=len(self._failed))
        return StepEnding(fields={"sessions_left": 0})

    async def _count(self, old: Sequence[Outdated]) -> None:
        """Count the instances, before any is replaced: after a crash some are replaced already."""
        if not self._total and old:
            self._total = len(old)
            self._known = await self._tools.journal.progress(
                self._known, self._run.step, 0, self._total, instances_total=self._total
            )

    async def _first_share(self, old: Sequence[Outdated]) -> Sequence[str]:
        """Choose the first ones, once: after a crash no others are replaced instead."""
        if not self._first:
            self._first = _emptiest(self._publication, old, self._total)
            await self._note(first=self._first)
        return self._first

    async def _replace(self, part: str, only: Sequence[str] | None) -> None:
        """Replace these instances as the publication's model says."""
        plan, deadline = self._publication.plan, self._publication.plan.deadline
        asked = self._publication.disconnect_at
        if plan.model == Model.RECONNECT:
            assert plan.reconnection is not None
            await self._ask_users(part, only, plan.reconnection)
        elif plan.model == Model.KEEP and deadline is not None:
            if asked or not await self._wave(part, only, until=deadline.at):
                await self._ask_users(part, only, deadline.reconnection)
        else:
            await self._wave(part, only, end_sessions=plan.ends_sessions)

    async def _ask_users(
        self, part: str, only: Sequence[str] | None, reconnection: Reconnection
    ) -> None:
        """Send the message again and again, and at the end disconnect whoever is left."""
        minutes = self._tools.pace.lasting(minutes=reconnection.minutes)
        if self._publication.disconnect_at is None:
            users = await self._users(only)
            try:
                asked = await self._tools.journal.ask_users(
                    self._publication.id, self._run.step, self._tools.now() + minutes, users=users
                )
            except Refusal as refusal:  # a deadline, in a month with nothing left
                assert self._publication.plan.deadline is not None
                await self._tools.journal.change(
                    self._publication.id, deadline_refused=refusal.code.value
                )
                await self._wave(f"{part}:unasked", only)
                return
            self._publication = self._known = asked
        countdown = Countdown(self._tools, self._run, self._publication, reconnection, part, only)
        until = await countdown.tell()
        if not await self._wave(f"{part}:asked", only, until=until, tick=countdown.tell):
            await self._wave(f"{part}:time-up", only, end_sessions=True)

    async def _wave(
        self,
        part: str,
        only: Sequence[str] | None,
        *,
        end_sessions: bool = False,
        until: datetime | None = None,
        tick: Tick | None = None,
    ) -> bool:
        """Replace these instances; return False if `until` came first, and no more are replaced."""
        turn = 0
        while True:
            replacement = await self._begin(f"{part}:{turn}", only, end_sessions)
            progress = await self._follow(replacement, until, tick)
            if progress is None or (until and progress.state == "failed" and not progress.failed):
                return False
            if progress.state == "succeeded":
                return True
            await self._set_aside(progress)
            turn += 1
            left = [each.id for each in await self._outdated() if each.id not in self._failed]
            only = [id_ for id_ in left if only is None or id_ in only]
            if not only:
                return True

    async def _set_aside(self, progress: ReplacementProgress) -> None:
        """Leave the failed instance and go on. Raises StepFailed if the others stop too."""
        if self._publication.plan.stop_at_first_failure or not progress.failed:
            raise StepFailed(Reason.REPLACEMENT_FAILED, progress.detail)
        if progress.failed not in self._failed:
            self._failed.append(progress.failed)
            await self._note(failed=tuple(self._failed))

    async def _begin(self, part: str, only: Sequence[str] | None, end_sessions: bool) -> str:
        run = self._run
        if only is None and self._failed:
            only = [each.id for each in await self._outdated() if each.id not in self._failed]
        return await self._tools.ask(
            lambda: self._provider.replace(
                run.environment,
                model=run.found["model"],
                end_sessions=end_sessions,
                key=f"{run.key}:{part}",
                only=only,
            )
        )

    async def _follow(
        self, replacement: str, until: datetime | None, tick: Tick | None
    ) -> ReplacementProgress | None:
        """Follow it to its end; None: it was stopped when `until` came. Raises StepCancelled."""
        environment = self._run.environment
        try:
            while True:
                progress = await self._tools.ask(
                    lambda: self._provider.replacement(environment, replacement)
                )
                await self._tell(progress, until)
                if progress.state not in ("running", "waiting"):
                    self._ended_before += progress.sessions_ended
                    return progress
                if until is not None and self._tools.now() >= until:
                    self._ended_before += progress.sessions_ended
                    await self._stop(replacement)
                    return None
                if tick is not None:
                    until = await tick()
                self._known = await self._tools.look_again(self._publication.id)
        except StepCancelled:
            await self._stop(replacement)
            await self._tell(progress, until)
            raise

    async def _stop(self, replacement: str) -> None:
        environment, key = self._run.environment, f"{self._run.key}:stop:{replacement}"
        await self._tools.ask(
            lambda: self._provider.stop_replacement(environment, replacement, key=key)
        )

    async def _note(self, **fields: object) -> None:
        """Keep these with the step, for whoever goes on with it after a crash."""
        publication, failed = self._publication.id, len(self._failed)
        await self._tools.journal.note(publication, self._run.step, fields, instances_failed=failed)

    async def _tell(self, progress: ReplacementProgress, until: datetime | None) -> None:
        if _held(self._publication):
            return  # begun again in its hold: all of it was told
        old = await self._outdated()
        done = max(0, self._total - len(old))
        waiting_for = self._waiting_for(progress)
        state = PublicationState.WAITING if waiting_for else PublicationState.RUNNING
        self._known = await self._tools.journal.progress(
            self._known,
            self._run.step,
            done,
            self._total,
            state=state.value,
            waiting_for=waiting_for,
            waits_until=until,
            instances_replaced=done,
            instances_total=self._total,
            instances_failed=len(self._failed),
            sessions_ended=self._ended_before + progress.sessions_ended,
            sessions_left=sum(each.sessions or 0 for each in old),
        )

    def _waiting_for(self, progress: ReplacementProgress) -> str | None:
        if progress.state != "waiting":
            return None
        asked = self._publication.disconnect_at is not None
        return (WaitingFor.USERS if asked else WaitingFor.SESSIONS).value

    async def _hold(self) -> None:
        """Wait until a person says where to go, or its time is up. Raises StepCancelled."""
        journal, identity = self._tools.journal, self._publication.id
        _, run = await journal.read(identity)
        run = await journal.change(identity, **_holding(run, self._tools))
        while run.plan.hold is not None and run.hold_passed_by is None:
            if run.waits_until is not None:
                await self._bake(run.plan.hold, run.waits_until)
            run = await self._tools.look_again(identity)
        self._publication = self._known = run

    async def _bake(self, hold: Hold, until: datetime) -> None:
        journal, identity, now = self._tools.journal, self._publication.id, self._tools.now()
        lasts = self._tools.pace.lasting(seconds=hold.bake_seconds or 0)
        if now >= until:
            await journal.pass_hold(identity)
        elif (later := begun_anew(until, lasts, now)) != until:
            await journal.change(identity, waits_until=later)

    async def _users(self, only: Sequence[str] | None) -> int:
        """Return how many people are on what is to be replaced."""
        environment, ask = self._run.environment, self._tools.ask
        old = {it.id for it in await self._outdated() if only is None or it.id in only}
        there = await ask(lambda: self._provider.sessions(environment))
        return len({session.account for session in there if session.instance in old})

    async def _outdated(self) -> list[Outdated]:
        environment, model = self._run.environment, self._run.found["model"]
        return await self._tools.ask(lambda: self._provider.outdated(environment, model=model))


def _held(run: Publication) -> bool:
    return run.waiting_for in (WaitingFor.GO_ON, WaitingFor.BAKE)


def _holding(run: Publication, tools: StepTools) -> dict[str, object]:
    """Return the fields of a hold: one begun before a crash goes on until the same moment."""
    assert run.plan.hold is not None
    waiting, bake = PublicationState.WAITING.value, run.plan.hold.bake_seconds
    if _held(run):
        return {"state": waiting}
    return {
        "state": waiting,
        "waiting_for": (WaitingFor.GO_ON if bake is None else WaitingFor.BAKE).value,
        "waits_until": None if bake is None else tools.now() + tools.pace.lasting(seconds=bake),
    }


def _emptiest(run: Publication, old: Sequence[Outdated], total: int) -> tuple[str, ...]:
    """Choose those replaced before the hold: the emptiest, so that few people meet it."""
    assert run.plan.hold is not None
    count = first_of(run.plan.hold, total)
    emptiest = sorted(old, key=lambda each: (each.sessions or 0, each.name))
    return tuple(each.id for each in emptiest[:count])
