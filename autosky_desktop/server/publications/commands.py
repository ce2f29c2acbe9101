"""Publishes, and does what is asked of a publication after it was accepted.

The work is a workflow's.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

import msgspec
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.plan import HoldDecision, PreviewRequest, PublishRequest
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import (
    Preview,
    Publication,
    PublicationState,
    StepState,
    WaitingFor,
    switches_at,
    waits_for_switch,
)
from autosky_desktop.domain.reasons import CheckCode
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.publications import allowance, validation
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.preview import (
    ELSEWHERE,
    permit,
    read_preview,
    refuse_reasons,
)
from autosky_desktop.server.publications.rules import (
    GONE_BACK,
    blank_steps,
    passed,
    retried_step,
    switched,
    with_replacement,
)
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

_OURS = uuid.UUID("6f7b4b0e-6f0e-4a57-9d3d-0f6c1f1c9a51")
COMES_LATER = frozenset(
    {ActivityKind.RETRY_PUBLICATION, ActivityKind.CANCEL_PUBLICATION, ActivityKind.GO_BACK}
)
"""Kinds that are done when the publication has ended, and not when they were accepted."""

Transition = Callable[[Transaction, Publication, Principal], Awaitable[Publication]]


class Publisher:
    """Previews and accepts publications. `accepted` is called so that each is carried out."""

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
        now: Now,
        accepted: Callable[[], None],
        *,
        sends_mail: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._now = now
        self._accepted = accepted
        self._sends_mail = sends_mail
        # Of a hundred that are asked for at once, one waits to write: what is under way already
        # waits behind that one, not behind them all.
        self._accepting = asyncio.Lock()

    async def preview(self, environment: str, request: PreviewRequest) -> Preview:
        """Return what that publication would touch. Raises Refusal.

        Of one that was accepted before and has something left to do, the plan is the recorded one.
        """
        if request.rest_of is None:
            validation.refuse_senseless_plan(request.plan)
        async with self._engine.connect() as connection:
            return await read_preview(
                connection,
                environment,
                request.plan,
                now=self._now(),
                at=request.at,
                beside=request.editing,
                rest_of=request.rest_of,
                sends_mail=self._sends_mail(),
            )

    async def publish(
        self, environment: str, request: PublishRequest, *, principal: Principal, key: str
    ) -> Publication:
        """Record the publication as queued and return it, once for the same key. Raises Refusal."""
        validation.refuse_senseless(request, self._now())
        identity = str(uuid.uuid5(_OURS, f"{principal.id}\n{key}"))
        entry = self._activity_log.entry(ActivityKind.PUBLISH.value, principal=principal, key=key)
        entry = msgspec.structs.replace(entry, version=request.expected_version)
        async with self._engine.connect() as connection:
            if (known := await publications.find(connection, identity)) is not None:
                return known[1]
        async with self._activity_log.request(environment, entry) as logged:
            async with self._engine.connect() as connection:
                await environments.get(connection, environment)
            async with self._accepting, self._unit_of_work.transaction(environment) as transaction:
                publication = await self._accept(transaction, request, principal, identity)
                await entries.write(transaction, logged.entry, subject=identity)
        self._accepted()
        return publication

    async def _accept(
        self, transaction: Transaction, request: PublishRequest, principal: Principal, identity: str
    ) -> Publication:
        connection, environment = transaction.connection, transaction.identity
        plan, estimated = request.plan, request.plan.deadline is not None
        preview = await read_preview(
            connection, environment, plan, now=self._now(), estimated=estimated
        )
        await refuse_second(connection, environment)
        _refuse_moved(request, preview)
        refuse_reasons(preview)
        publication = Publication(
            id=identity,
            version=preview.version,
            state=PublicationState.QUEUED.value,
            requested_by=principal.name,
            requested_by_id=principal.id,
            requested_at=transaction.now,
            steps=blank_steps(),
            replaces=preview.replaces,
            **validation.fields(request, principal.name),
        )
        await transaction.publication(publication)
        if allowance.asks_at_once(publication.plan):
            await allowance.use(transaction, identity)
        return publication


async def refuse_second(connection: AsyncConnection, environment: str) -> None:
    running = await publications.running_in(connection, environment)
    if running is not None:
        raise Refusal(
            Code.PUBLICATION_RUNNING,
            f"version {running.version} is being published",
            by=running.publisher,
            since=running.started_at or running.requested_at,
            version=running.version,
            state=running.state,
        )


def _refuse_moved(request: PublishRequest, preview: Preview) -> None:
    if request.expected_version != preview.version:
        raise Refusal(
            Code.VERSION_MOVED, f"the next version is {preview.version}", version=preview.version
        )


class PublicationCommands:
    """Stops, resumes and takes back publications. `accepted` is called when there is something to
    carry out.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        activity_log: ActivityLog,
        schedules: ScheduleCommands,
        accepted: Callable[[], None],
    ) -> None:
        self._schedules = schedules
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._accepted = accepted

    async def cancel(self, publication: str, *, principal: Principal, key: str) -> Publication:
        """Call off a scheduled publication, or stop a running one where it is. Raises Refusal."""
        _, run = await self._found(publication)
        if PublicationState(run.state) is PublicationState.SCHEDULED:
            return await self._schedules.call_off(publication, principal=principal, key=key)
        kind = ActivityKind.CANCEL_PUBLICATION
        return await self._apply(publication, kind, principal, key, _stopping)

    async def retry(self, publication: str, *, principal: Principal, key: str) -> Publication:
        """Try it again from the failed step, with what earlier steps have made. Raises Refusal."""
        kind = ActivityKind.RETRY_PUBLICATION
        run = await self._apply(publication, kind, principal, key, _tried_again)
        self._accepted()
        return run

    async def go_on(
        self, publication: str, way: HoldDecision, *, principal: Principal, key: str
    ) -> Publication:
        """Let a publication on hold go on, or take it back. Raises Refusal."""
        if way is HoldDecision.ON:
            return await self._apply(publication, ActivityKind.GO_ON, principal, key, _gone_on)
        return await self._apply(publication, ActivityKind.GO_BACK, principal, key, _going_back)

    async def _apply(
        self,
        publication: str,
        kind: ActivityKind,
        principal: Principal,
        key: str,
        change: Transition,
    ) -> Publication:
        environment, run = await self._found(publication)
        entry = self._activity_log.entry(kind.value, principal=principal, key=key)
        entry = replace(entry, version=run.version)
        async with self._activity_log.request(environment, entry) as logged:
            if logged.begun:
                return run
            async with self._unit_of_work.transaction(environment) as transaction:
                fresh = await publications.find(transaction.connection, publication)
                assert fresh is not None
                changed = await change(transaction, fresh[1], principal)
                await transaction.publication(changed)
                entry = logged.entry if kind in COMES_LATER else _done(logged.entry, transaction)
                await entries.write(transaction, entry, subject=publication)
        return changed

    async def _found(self, publication: str) -> tuple[str, Publication]:
        async with self._engine.connect() as connection:
            found = await publications.find(connection, publication)
        if found is None:
            raise Refusal(Code.NOT_FOUND, f"no publication {publication}")
        return found


async def _stopping(_: Transaction, run: Publication, principal: Principal) -> Publication:
    _refuse_ended(run)
    if StepState(run.steps[-1].state) is not StepState.PENDING:
        raise Refusal(Code.TOO_LATE_TO_CANCEL, "it is being finished", version=run.version)
    return replace(run, cancel_asked_by=run.cancel_asked_by or principal.name)


async def _tried_again(
    transaction: Transaction, run: Publication, principal: Principal
) -> Publication:
    failed = StepState.FAILED in {StepState(step.state) for step in run.steps}
    if PublicationState(run.state) is not PublicationState.FAILED or not failed:
        raise Refusal(Code.NOTHING_TO_RETRY, f"it is {run.state}", state=run.state)
    await refuse_second(transaction.connection, transaction.identity)
    _refuse_taken(transaction, run)
    await permit(
        transaction.connection,
        transaction.identity,
        run.plan,
        now=transaction.now,
        but=ELSEWHERE | {CheckCode.SWITCH_PASSED},
    )
    again = replace(
        run,
        steps=[retried_step(step) for step in run.steps],
        state=PublicationState.QUEUED.value,
        ended_at=None,
        reason=None,
        retries=run.retries + 1,
        cancel_asked_by=None,
        instances_failed=0,
    )
    if allowance.asks_at_once(run.plan):
        await allowance.use(transaction, run.id)
    moment = switches_at(again)
    if moment is not None and moment <= transaction.now:
        return with_replacement(again, switched_by=principal.name)
    return again


def _refuse_taken(transaction: Transaction, run: Publication) -> None:
    """Raise Refusal when something was published since, or its number has another image."""
    highest = transaction.highest_version or 0
    taken = run.version < highest if run.image else run.version <= highest
    if taken or run.replaces != transaction.current_version:
        raise Refusal(Code.VERSION_MOVED, version=transaction.next_version)


async def _gone_on(transaction: Transaction, run: Publication, principal: Principal) -> Publication:
    if waits_for_switch(run) and not run.cancel_asked_by:
        return switched(run, by=principal.name, now=transaction.now)
    _refuse_unheld(run)
    return passed(run, by=principal.name)


async def _going_back(
    transaction: Transaction, run: Publication, principal: Principal
) -> Publication:
    """Stop the publication: what it was to replace is published again when it has stopped."""
    _refuse_unheld(run)
    version = run.replaces or 0
    image = await publications.version_image(transaction.connection, transaction.identity, version)
    if image is None:
        raise Refusal(Code.IMAGE_GONE, f"no image of version {version}", version=version)
    return replace(run, cancel_asked_by=principal.name, reason=GONE_BACK)


def _refuse_unheld(run: Publication) -> None:
    """Raise Refusal unless the publication is on hold."""
    _refuse_ended(run)
    if run.waiting_for not in (WaitingFor.GO_ON, WaitingFor.BAKE) or run.cancel_asked_by:
        raise Refusal(Code.NOT_HELD, f"it is {run.state}", state=run.state)


def _refuse_ended(run: Publication) -> None:
    if run.ended:
        raise Refusal(Code.ALREADY_ENDED, f"it is {run.state}", state=run.state)


def _done(entry: Activity, transaction: Transaction) -> Activity:
    return replace(entry, outcome=Outcome.DONE.value, ended_at=transaction.now)
