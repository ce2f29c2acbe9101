"""Decides what becomes of a publication that goes on, goes back or is tried again; pure."""

import uuid
from datetime import datetime

from msgspec.structs import replace

from autosky_desktop.domain.plan import way_back
from autosky_desktop.domain.publication import (
    STEPS,
    Publication,
    PublicationState,
    Step,
    StepName,
    StepState,
    WaitingFor,
    switches_at,
)
from autosky_desktop.domain.reasons import Reason

GONE_BACK = Reason.GONE_BACK.value
_OURS = uuid.UUID("3b9d2f8e-51c7-4f0a-8f0e-7f6f0f1f2a93")

NO_GOOD = frozenset(
    {
        Reason.IMAGE_FAILED,
        Reason.REPLACEMENT_FAILED,
        Reason.INSTANCES_FAILED,
        Reason.START_FAILED,
        Reason.INSTANCES_MISSING,
        Reason.PREPARATION_DOES_NOT_STOP,
    }
)
"""Failures of what a step made; after any other one, what was asked for may be there already."""


def retried_step(step: Step) -> Step:
    """Return the step as it is tried again if it failed; anew, if what it made was no good."""
    if StepState(step.state) is not StepState.FAILED:
        return step
    if step.reason in NO_GOOD:
        step = replace(step, anew=step.anew + 1, failed=())
    return replace(
        step,
        state=StepState.PENDING.value,
        started_at=None,
        ended_at=None,
        reason=None,
        detail=None,
    )


def gone_back(
    run: Publication, *, version: int, replaces: int | None, now: datetime
) -> Publication:
    """Return what to publish as `version` once this has stopped: the version before, as planned."""
    return Publication(
        id=str(uuid.uuid5(_OURS, run.id)),
        version=version,
        replaces=replaces,
        plan=way_back(run.plan, run.replaces),
        state=PublicationState.QUEUED.value,
        publisher=run.publisher,
        requested_by=run.cancel_asked_by or run.requested_by,
        requested_at=now,
        steps=blank_steps(),
    )


def passed(run: Publication, *, by: str) -> Publication:
    """Return the publication as it goes on from its hold; `by` "": its time was up."""
    if run.plan.hold is None or run.waiting_for not in (WaitingFor.GO_ON, WaitingFor.BAKE):
        return run
    return replace(
        run,
        hold_passed_by=by,
        state=PublicationState.RUNNING.value,
        waiting_for=None,
        waits_until=None,
        disconnect_at=None,
    )


def switched(run: Publication, *, by: str, now: datetime) -> Publication:
    """Return the publication as it begins to replace instances; `by` "": its moment came. How long
    that takes is counted from now on.
    """
    running = PublicationState.RUNNING.value
    run = replace(run, state=running, waiting_for=None, waits_until=None)
    return with_replacement(run, switched_by=by, started_at=now)


def waiting_for_switch(run: Publication) -> Publication:
    """Return the publication as it waits for its moment, in which it takes no time."""
    moment = switches_at(run)
    if run.ended or moment is None:
        return run
    return with_replacement(
        replace(
            run,
            state=PublicationState.WAITING.value,
            waiting_for=WaitingFor.SWITCH.value,
            waits_until=moment,
        ),
        started_at=None,
    )


def with_replacement(run: Publication, **fields: object) -> Publication:
    """Return the publication with these fields of the step that replaces instances."""
    steps = [
        replace(step, **fields) if step.name == StepName.REPLACEMENT else step for step in run.steps
    ]
    return replace(run, steps=steps)


def blank_steps() -> list[Step]:
    return [Step(name=name.value, state=StepState.PENDING.value) for name in STEPS]
