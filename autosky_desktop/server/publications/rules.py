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
    StepState,
    WaitingFor,
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


def blank_steps() -> list[Step]:
    return [Step(name=name.value, state=StepState.PENDING.value) for name in STEPS]
