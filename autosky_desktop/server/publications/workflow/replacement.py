"""Replaces instances, in the fifth step, as each model does, with regard to the people on them."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from autosky_desktop.domain.pause import begun_anew
from autosky_desktop.domain.plan import Hold, Model, Reconnection, first_of
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    WaitingFor,
    is_addition,
)
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.providers.provider import Member
from autosky_desktop.server.publications.workflow.countdown import Countdown
from autosky_desktop.server.publications.workflow.journal import StepEnding, step_of
from autosky_desktop.server.publications.workflow.replacer import FailedSuccessor, InstanceReplacer
from autosky_desktop.server.publications.workflow.rollout import Rollout, RolloutTask, outdated
from autosky_desktop.server.publications.workflow.step_context import StepFailed, StepRun, StepTools
from autosky_desktop.server.refusal import Refusal

FIRST, OTHERS = "first", "others"

Tick = Callable[[], Awaitable[datetime]]


class InstanceReplacement:
    """Replaces instances in one step. Begun again it goes on where the instances are by then."""

    def __init__(self, tools: StepTools, run: StepRun) -> None:
        self._tools = tools
        self._provider = tools.provider
        self._run = run
        self._publication = run.publication
        self._known = run.publication
        self._step = step_of(run.publication, run.step)
        self._first = self._step.first
        self._failed = list(self._step.failed)
        self._total = run.publication.instances_total
        self._model = run.found["model"]
        self._replacer = InstanceReplacer(
            tools,
            run.environment,
            self._model,
            key=run.publication.id,
            attempt=run.publication.retries,
        )

    async def perform(self) -> StepEnding:
        run = self._publication
        if run.plan.stop_at_first_failure and self._failed:  # it died over it
            raise StepFailed(_why_it_stops(self._failed[-1]), self._step.detail)
        rollout = await self._look(None, end_sessions=False)
        await self._count(rollout)
        if run.plan.hold is not None and run.hold_passed_by is None:
            await self._replace(FIRST, await self._first_share(rollout))
            await self._hold()
        await self._replace(OTHERS, None)
        if self._failed:
            missing = all(map(is_addition, self._failed))
            why = Reason.INSTANCES_MISSING if missing else Reason.INSTANCES_FAILED
            raise StepFailed(why, instances_failed=len(self._failed))
        return StepEnding(fields={"sessions_left": 0})

    async def give_up(self) -> None:
        """Leave the instances as people can use them: what has not come up goes, what was to go
        takes sessions again.
        """
        await self._replacer.give_up()
        _, self._known = await self._tools.journal.read(self._publication.id)
        self._total = self._known.instances_total
        if self._total:  # or it was stopped before it began
            await self._tell_done(await self._look(None, end_sessions=False))

    async def _count(self, rollout: Rollout) -> None:
        """Count the instances, before any is replaced or added: after a crash some are already."""
        if not self._total and _left(rollout):
            self._total = _left(rollout)
            self._known = await self._tools.journal.progress(
                self._known, self._run.step, 0, self._total, instances_total=self._total
            )

    async def _first_share(self, rollout: Rollout) -> Sequence[str]:
        """Choose the first ones, once: after a crash no others are replaced instead."""
        if not self._first:
            assert self._publication.plan.hold is not None
            hold, there = self._publication.plan.hold, {it.instance.name for it in rollout.outdated}
            self._first = _first_ones(hold, rollout, self._total)
            gone = tuple(name for name in hold.named if name not in there)
            await self._note(first=self._first, first_gone=gone)
        return self._first

    async def _replace(self, part: str, only: Sequence[str] | None) -> None:
        """Replace these instances as the publication's model says."""
        plan, deadline = self._publication.plan, self._publication.plan.deadline
        asked = self._publication.disconnect_at
        if plan.model == Model.RECONNECT:
            assert plan.reconnection is not None
            await self._ask_users(part, only, plan.reconnection)
        elif plan.model == Model.KEEP and deadline is not None:
            if asked or not await self._wave(only, until=deadline.at):
                await self._ask_users(part, only, deadline.reconnection)
        else:
            await self._wave(only, end_sessions=plan.ends_sessions)

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
                await self._wave(only)
                return
            self._publication = self._known = asked
        countdown = Countdown(self._tools, self._run, self._publication, reconnection, part, only)
        until = await countdown.tell()
        if not await self._wave(only, until=until, tick=countdown.tell):
            await self._wave(only, end_sessions=True)

    async def _wave(
        self,
        only: Sequence[str] | None,
        *,
        end_sessions: bool = False,
        until: datetime | None = None,
        tick: Tick | None = None,
    ) -> bool:
        """Replace these instances; return False if `until` came first. Raises StepCancelled."""
        while True:
            rollout = await self._look(only, end_sessions=end_sessions)
            await self._replacer.finish(rollout, end_sessions=end_sessions)
            await self._tell(rollout, until)
            if rollout.is_done:
                return True
            if until is not None and self._tools.now() >= until:
                return False
            if tick is not None:
                until = await tick()
            for failure in self._replacer.failures(rollout):
                await self._set_aside(failure)
            await self._replacer.begin(rollout, end_sessions=end_sessions)
            self._known = await self._tools.look_again(self._publication.id)

    async def _look(self, only: Sequence[str] | None, *, end_sessions: bool) -> Rollout:
        members = await self._replacer.members()
        task = RolloutTask(
            model=self._model,
            end_sessions=end_sessions,
            only=None if only is None else frozenset(only),
            failed=frozenset(self._failed),
            wanted=self._replacer.wanted or 0,
        )
        return Rollout(members, task)

    async def _set_aside(self, failure: FailedSuccessor) -> None:
        """Leave the instance as it is and go on. Raises StepFailed if the others stop too."""
        self._failed.append(failure.instance)
        if self._publication.plan.stop_at_first_failure:
            await self._note(failed=tuple(self._failed), detail=failure.detail)
            raise StepFailed(_why_it_stops(failure.instance), failure.detail)
        await self._note(failed=tuple(self._failed))

    async def _note(self, **fields: object) -> None:
        """Keep these with the step, for whoever goes on with it after a crash."""
        publication, failed = self._publication.id, self._instances_failed
        await self._tools.journal.note(publication, self._run.step, fields, instances_failed=failed)

    @property
    def _instances_failed(self) -> int:
        """Return how many are left behind: with the first one that fails, all that are left are."""
        return 0 if self._publication.plan.stop_at_first_failure else len(self._failed)

    async def _tell(self, rollout: Rollout, until: datetime | None) -> None:
        if _held(self._publication):
            return  # begun again in its hold: all of it was told
        waiting_for = self._waiting_for(rollout)
        state = PublicationState.WAITING if waiting_for else PublicationState.RUNNING
        await self._tell_done(
            rollout, state=state.value, waiting_for=waiting_for, waits_until=until
        )

    async def _tell_done(self, rollout: Rollout, **fields: object) -> None:
        done = max(0, self._total - _left(rollout))
        self._known = await self._tools.journal.progress(
            self._known,
            self._run.step,
            done,
            self._total,
            instances_replaced=done,
            instances_total=self._total,
            instances_failed=self._instances_failed,
            sessions_ended=max(self._known.sessions_ended, self._replacer.sessions_ended),
            sessions_left=sum(each.instance.sessions or 0 for each in rollout.outdated),
            **fields,
        )

    def _waiting_for(self, rollout: Rollout) -> str | None:
        if not rollout.is_waiting:
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
        members = await self._replacer.members()
        found = [it.instance.id for it in outdated(members, self._model)]
        old = {id_ for id_ in found if only is None or id_ in only}
        there = await ask(lambda: self._provider.sessions(environment))
        return len({session.account for session in there if session.instance in old})


def _why_it_stops(failed: str) -> Reason:
    return Reason.START_FAILED if is_addition(failed) else Reason.REPLACEMENT_FAILED


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


def _first_ones(hold: Hold, rollout: Rollout, total: int) -> tuple[str, ...]:
    """Choose those replaced before the hold: those that are named, else the emptiest, so that few
    people meet it. Where that are not enough, some of those that are missing are added before it.
    """
    count = first_of(hold, total, {it.instance.name for it in rollout.outdated})

    def turn(it: Member) -> tuple[bool, int, str]:
        name = it.instance.name
        return name not in hold.named, it.instance.sessions or 0, name

    old = sorted(rollout.outdated, key=turn)
    return (*(it.instance.id for it in old), *rollout.missing)[:count]


def _left(rollout: Rollout) -> int:
    """Return how many are not replaced, or not added, yet."""
    return len(rollout.outdated) + rollout.lacking
