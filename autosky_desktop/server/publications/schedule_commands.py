"""Plans a publication for later, and moves, edits or calls it off until it starts."""

import uuid
from typing import Any

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.people import Role
from autosky_desktop.domain.plan import (
    EditRequest,
    MoveRequest,
    Plan,
    PublishRequest,
    Schedule,
    switch_of,
)
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    is_scheduled,
    planned_for,
    waits_for_switch,
)
from autosky_desktop.domain.reasons import MAY_PASS, CheckCode, Reason
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.people import queries as people
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications import validation
from autosky_desktop.server.publications.preview import ELSEWHERE, permit
from autosky_desktop.server.publications.rules import blank_steps
from autosky_desktop.server.refusal import Refusal
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

CALLED_OFF = Reason.CALLED_OFF.value
_OURS = uuid.UUID("0d2b6c52-4a7b-4f1e-9c35-5d1f3d1c8e77")


class ScheduleCommands:
    """Plans, moves, edits and calls off publications that wait for their moment."""

    def __init__(
        self, engine: AsyncEngine, unit_of_work: UnitOfWork, activity_log: ActivityLog, now: Now
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._activity_log = activity_log
        self._now = now

    async def plan(
        self, environment: str, request: PublishRequest, *, principal: Principal, key: str
    ) -> Publication:
        """Schedule the publication and return it: the same one for the same key. Raises Refusal."""
        assert request.schedule
        identity = str(uuid.uuid5(_OURS, f"{principal.id}\n{key}"))
        entry = self._entry(ActivityKind.SCHEDULE, principal, key, to=request.schedule)
        async with self._activity_log.request(environment, entry) as logged:
            if logged.done and (known := await self._known(identity)):
                return known
            validation.refuse_senseless(request, self._now())
            async with self._engine.connect() as connection:
                await environments.get(connection, environment)
            async with self._unit_of_work.transaction(environment) as transaction:
                await _permit(transaction, request.plan, request.schedule, identity)
                run = _scheduled(transaction, request, principal, identity)
                await _write(transaction, run, logged.entry)
        return run

    async def move(
        self, identity: str, request: MoveRequest, *, principal: Principal, key: str
    ) -> Publication:
        """Move to another moment the publication, or if it has started, its switch; once for the
        same key. Raises Refusal.
        """
        environment, known = await self._found(identity)
        schedule = request.schedule
        entry = self._entry(ActivityKind.MOVE_SCHEDULE, principal, key, to=schedule)
        entry = replace(entry, moved_from=request.expected)
        async with self._activity_log.request(environment, entry) as logged:
            if logged.done:
                return known
            validation.refuse_moment(schedule, self._now())
            async with self._unit_of_work.transaction(environment) as transaction:
                run = await _movable(transaction, identity)
                await _refuse_others(transaction, run, principal)
                if planned_for(run) != request.expected:
                    raise _changed(run)
                fields = await _moved(transaction, run, schedule)
                return await change(transaction, run, logged.entry, fields)

    async def edit(
        self, identity: str, request: EditRequest, *, principal: Principal, key: str
    ) -> Publication:
        """Change everything that is planned, once for the same key. Raises Refusal."""
        environment, known = await self._found(identity)
        if request.schedule is None:
            raise Refusal(Code.INVALID_REQUEST, "what is scheduled keeps a moment")
        entry = self._entry(ActivityKind.EDIT_SCHEDULE, principal, key, to=request.schedule)
        entry = replace(entry, moved_from=known.scheduled_for)
        async with self._activity_log.request(environment, entry) as logged:
            if logged.done:
                return known
            validation.refuse_senseless(request, self._now())
            async with self._unit_of_work.transaction(environment) as transaction:
                run = await _waiting(transaction, identity)
                await _refuse_others(transaction, run, principal)
                if (run.changed_at or run.requested_at) != request.unchanged_since:
                    raise _changed(run)
                await _permit(transaction, request.plan, request.schedule, identity)
                fields = validation.fields(request, principal.name)
                return await change(transaction, run, logged.entry, fields)

    async def call_off(self, identity: str, *, principal: Principal, key: str) -> Publication:
        """Call the publication off, so that it will not start, once per key. Raises Refusal."""
        environment, known = await self._found(identity)
        entry = self._entry(ActivityKind.CANCEL_PUBLICATION, principal, key)
        entry = replace(entry, moved_from=known.scheduled_for)
        async with self._activity_log.request(environment, entry) as logged:
            if logged.done:
                return known
            async with self._unit_of_work.transaction(environment) as transaction:
                run = await _waiting(transaction, identity)
                await _refuse_others(transaction, run, principal)
                fields = {
                    "state": PublicationState.CANCELLED.value,
                    "reason": CALLED_OFF,
                    "cancel_asked_by": principal.name,
                    "ended_at": transaction.now,
                }
                return await change(transaction, run, logged.entry, fields)

    def _entry(
        self, kind: ActivityKind, principal: Principal, key: str, *, to: Schedule | None = None
    ) -> Activity:
        entry = self._activity_log.entry(kind.value, principal=principal, key=key)
        asked = to.at if to and to.at.tzinfo else None  # without a zone it is refused
        return replace(entry, moved_to=asked)

    async def _known(self, identity: str) -> Publication | None:
        async with self._engine.connect() as connection:
            found = await publications.find(connection, identity)
        return found[1] if found else None

    async def _found(self, identity: str) -> tuple[str, Publication]:
        async with self._engine.connect() as connection:
            found = await publications.find(connection, identity)
        if found is None:
            raise Refusal(Code.NOT_FOUND, f"no publication {identity}")
        return found


async def _refuse_others(transaction: Transaction, run: Publication, principal: Principal) -> None:
    """Raise Refusal when somebody else scheduled it, unless the principal is a manager there."""
    environment = transaction.identity
    if run.requested_by_id != principal.id and not principal.may(Role.MANAGER, environment):
        managers = await people.managers(transaction.connection, environment)
        raise Refusal(
            Code.FORBIDDEN,
            f"{run.requested_by} has scheduled it",
            role=Role.MANAGER,
            managers=managers,
        )


async def _permit(transaction: Transaction, plan: Plan, schedule: Schedule, beside: str) -> None:
    """Raise Refusal when the plan could not be carried out at the moment of `schedule`."""
    await permit(
        transaction.connection,
        transaction.identity,
        plan,
        now=transaction.now,
        at=schedule.at,
        beside=beside,
        but=MAY_PASS,
    )


def _scheduled(
    transaction: Transaction, request: PublishRequest, principal: Principal, identity: str
) -> Publication:
    return Publication(
        id=identity,
        version=transaction.next_version,
        replaces=transaction.current_version,
        state=PublicationState.SCHEDULED.value,
        requested_by=principal.name,
        requested_by_id=principal.id,
        requested_at=transaction.now,
        steps=blank_steps(),
        **validation.fields(request, principal.name),
    )


async def _waiting(transaction: Transaction, identity: str) -> Publication:
    """Return the publication as it is now. Raises Refusal unless it still waits for its moment."""
    found = await publications.find(transaction.connection, identity)
    assert found is not None
    run = found[1]
    if run.ended:
        raise Refusal(Code.ALREADY_ENDED, run.state, version=run.version, state=run.state)
    if PublicationState(run.state) is not PublicationState.SCHEDULED:
        raise Refusal(Code.ALREADY_STARTED, run.state, version=run.version, since=run.started_at)
    return run


async def _movable(transaction: Transaction, identity: str) -> Publication:
    """Return the publication as it is now. Raises Refusal unless it waits for its moment, or for
    that of its switch.
    """
    found = await publications.find(transaction.connection, identity)
    assert found is not None
    return found[1] if planned_for(found[1]) else await _waiting(transaction, identity)


async def _moved(transaction: Transaction, run: Publication, to: Schedule) -> dict[str, Any]:
    """Return what changes when its moment is moved. Raises Refusal when it could not be then."""
    if is_scheduled(run):
        await _permit(transaction, run.plan, to, run.id)
        return validation.fields_of(to)
    plan = replace(run.plan, switch=switch_of(to.at, to.time_zone))
    await permit(
        transaction.connection,
        transaction.identity,
        plan,
        now=transaction.now,
        beside=run.id,
        but=ELSEWHERE - {CheckCode.DEADLINE_TOO_SOON},
    )
    waits = waits_for_switch(run)
    return {
        "plan": plan,
        "waiting_for": run.waiting_for,
        "waits_until": to.at if waits else run.waits_until,
    }


def _changed(run: Publication) -> Refusal:
    return Refusal(
        Code.CHANGED_MEANWHILE,
        "somebody else has changed it",
        at=planned_for(run),
        since=run.changed_at or run.requested_at,
    )


async def change(
    transaction: Transaction, run: Publication, entry: Activity, fields: dict[str, Any]
) -> Publication:
    """Record the publication with these fields, and as done the entry that says so."""
    changed = replace(run, **{"waiting_for": None, "changed_at": transaction.now, **fields})
    await _write(transaction, changed, entry)
    return changed


async def _write(transaction: Transaction, run: Publication, entry: Activity) -> None:
    await transaction.publication(run)
    done = replace(entry, outcome=Outcome.DONE.value, version=run.version, ended_at=transaction.now)
    await entries.write(transaction, done)
