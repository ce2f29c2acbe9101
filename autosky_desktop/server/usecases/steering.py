"""Steers a publication after it was accepted: stop, try again, go on, go back."""

import uuid
from collections.abc import Awaitable, Callable

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.plan import Way, way_back
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    Step,
    StepName,
    StepState,
    WaitingFor,
)
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.db import activities, publications, reads
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.recording import Recording
from autosky_desktop.server.usecases import allowance, previewing
from autosky_desktop.server.usecases.publishing import refuse_second
from autosky_desktop.server.usecases.refusal import Refusal
from autosky_desktop.server.usecases.register import Register
from autosky_desktop.server.usecases.schedules import Schedules

GONE_BACK = Reason.GONE_BACK.value
_OURS = uuid.UUID("3b9d2f8e-51c7-4f0a-8f0e-7f6f0f1f2a93")
NO_GOOD = frozenset(
    {
        Reason.IMAGE_FAILED,
        Reason.REPLACEMENT_FAILED,
        Reason.INSTANCES_FAILED,
        Reason.PREPARATION_DOES_NOT_STOP,
    }
)
"""Failures of what a step made; after any other one, what was asked for may be there already."""

COMES_LATER = frozenset(
    {ActivityKind.RETRY_PUBLICATION, ActivityKind.CANCEL_PUBLICATION, ActivityKind.GO_BACK}
)
"""Kinds that are done when the publication has ended, and not when they were accepted."""

Steer = Callable[[Recording, Publication, str], Awaitable[Publication]]


class Steering:
    """Stops, resumes and takes back publications. `accepted` is called when there is something to
    carry out.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        recorder: Recorder,
        register: Register,
        schedules: Schedules,
        accepted: Callable[[], None],
    ) -> None:
        self._schedules = schedules
        self._engine = engine
        self._recorder = recorder
        self._register = register
        self._accepted = accepted

    async def cancel(self, publication: str, *, operator: str, key: str) -> Publication:
        """Call off a scheduled publication, or stop a running one where it is. Raises Refusal."""
        _, run = await self._found(publication)
        if PublicationState(run.state) is PublicationState.SCHEDULED:
            return await self._schedules.call_off(publication, operator=operator, key=key)
        kind = ActivityKind.CANCEL_PUBLICATION
        return await self._steer(publication, kind, operator, key, _stopping)

    async def retry(self, publication: str, *, operator: str, key: str) -> Publication:
        """Try it again from the failed step, with what earlier steps have made. Raises Refusal."""
        kind = ActivityKind.RETRY_PUBLICATION
        run = await self._steer(publication, kind, operator, key, _tried_again)
        self._accepted()
        return run

    async def go_on(self, publication: str, way: Way, *, operator: str, key: str) -> Publication:
        """Let a publication on hold go on, or take it back. Raises Refusal."""
        if way is Way.ON:
            return await self._steer(publication, ActivityKind.GO_ON, operator, key, _gone_on)
        return await self._steer(publication, ActivityKind.GO_BACK, operator, key, _going_back)

    async def _steer(
        self, publication: str, kind: ActivityKind, operator: str, key: str, change: Steer
    ) -> Publication:
        environment, run = await self._found(publication)
        entry = self._register.entry(kind.value, by=operator, key=key)
        entry = replace(entry, version=run.version)
        async with self._register.asking(environment, entry) as asking:
            if asking.begun:
                return run
            async with self._recorder.recording(environment) as recording:
                fresh = await reads.publication(recording.connection, publication)
                assert fresh is not None
                changed = await change(recording, fresh[1], operator)
                await recording.publication(changed)
                entry = asking.entry if kind in COMES_LATER else _done(asking.entry, recording)
                await activities.write(recording, entry, subject=publication)
        return changed

    async def _found(self, publication: str) -> tuple[str, Publication]:
        async with self._engine.connect() as connection:
            found = await reads.publication(connection, publication)
        if found is None:
            raise Refusal(Code.NOT_FOUND, f"no publication {publication}")
        return found


async def _stopping(_: Recording, run: Publication, operator: str) -> Publication:
    _refuse_ended(run)
    if StepState(run.steps[-1].state) is not StepState.PENDING:
        raise Refusal(Code.TOO_LATE_TO_CANCEL, "it is being finished", version=run.version)
    return replace(run, cancel_asked_by=run.cancel_asked_by or operator)


async def _tried_again(recording: Recording, run: Publication, _: str) -> Publication:
    failed = StepState.FAILED in {StepState(step.state) for step in run.steps}
    if PublicationState(run.state) is not PublicationState.FAILED or not failed:
        raise Refusal(Code.NOTHING_TO_RETRY, f"it is {run.state}", state=run.state)
    await refuse_second(recording.connection, recording.identity)
    _refuse_moved(recording, run)
    await previewing.permit(
        recording.connection,
        recording.identity,
        run.plan,
        now=recording.now,
        but=previewing.ELSEWHERE,
    )
    again = replace(
        run,
        steps=[_again(step, run) for step in run.steps],
        state=PublicationState.QUEUED.value,
        ended_at=None,
        reason=None,
        retries=run.retries + 1,
        cancel_asked_by=None,
        instances_failed=0,
    )
    if allowance.asks_at_once(run.plan):
        await allowance.use(recording, run.id)
    return again


def _refuse_moved(recording: Recording, run: Publication) -> None:
    """Raise Refusal when something was published since, or its number has another image."""
    highest = recording.highest_version or 0
    taken = run.version < highest if run.image else run.version <= highest
    if taken or run.replaces != recording.current_version:
        raise Refusal(Code.VERSION_MOVED, version=recording.next_version)


def _again(step: Step, run: Publication) -> Step:
    if StepState(step.state) is not StepState.FAILED:
        return step
    if step.reason in NO_GOOD:
        step = replace(step, anew=step.anew + 1, failed=(), ended_before=run.sessions_ended)
    return replace(
        step,
        state=StepState.PENDING.value,
        started_at=None,
        ended_at=None,
        reason=None,
        detail=None,
    )


async def _gone_on(_: Recording, run: Publication, operator: str) -> Publication:
    _refuse_unheld(run)
    return passed(run, by=operator)


async def _going_back(recording: Recording, run: Publication, operator: str) -> Publication:
    """Stop the publication: what it was to replace is published again when it has stopped."""
    _refuse_unheld(run)
    version = run.replaces or 0
    published = await publications.published(recording.connection, recording.identity, version)
    if published is None or published.image is None:
        raise Refusal(Code.IMAGE_GONE, f"no image of version {version}", version=version)
    return replace(run, cancel_asked_by=operator, reason=GONE_BACK)


def gone_back(run: Publication, recording: Recording) -> Publication:
    """Return what to publish once this has stopped: the version before, as it was planned."""
    return Publication(
        id=str(uuid.uuid5(_OURS, run.id)),
        version=recording.next_version,
        replaces=recording.current_version,
        plan=way_back(run.plan, run.replaces),
        state=PublicationState.QUEUED.value,
        publisher=run.publisher,
        requested_by=run.cancel_asked_by or run.requested_by,
        requested_at=recording.now,
        steps=reads.blank_steps(),
    )


def passed(run: Publication, *, by: str) -> Publication:
    """Return the publication as it goes on from its hold; `by` "": its time was up."""
    if run.plan.hold is None or run.waiting_for not in (WaitingFor.GO_ON, WaitingFor.BAKE):
        return run
    return replace(
        run,
        hold_passed_by=by,
        steps=[_past_hold(step, run) for step in run.steps],
        state=PublicationState.RUNNING.value,
        waiting_for=None,
        waits_until=None,
        disconnect_at=None,
    )


def _past_hold(step: Step, run: Publication) -> Step:
    """Return the step as it goes on: what was replaced before the hold is not looked at again."""
    if step.name != StepName.REPLACEMENT:
        return step
    return replace(step, ended_before=run.sessions_ended)


def _refuse_unheld(run: Publication) -> None:
    """Raise Refusal unless the publication is on hold."""
    _refuse_ended(run)
    if run.waiting_for not in (WaitingFor.GO_ON, WaitingFor.BAKE) or run.cancel_asked_by:
        raise Refusal(Code.NOT_HELD, f"it is {run.state}", state=run.state)


def _refuse_ended(run: Publication) -> None:
    if run.ended:
        raise Refusal(Code.ALREADY_ENDED, f"it is {run.state}", state=run.state)


def _done(entry: Activity, recording: Recording) -> Activity:
    return replace(entry, outcome=Outcome.DONE.value, ended_at=recording.now)
