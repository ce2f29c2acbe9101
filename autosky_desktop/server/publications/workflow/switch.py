"""Waits, once all is prepared, for the moment at which a publication begins to replace instances.

It stands alone because the step that replaces them knows nothing of moments.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    WaitingFor,
    switches_at,
)
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.publications.workflow.step_context import StepFailed, StepRun

GRACE = timedelta(minutes=15)
"""As late as it may begin, as a scheduled publication may."""


async def wait_for_switch(run: StepRun) -> StepRun:
    """Wait for the moment, or until somebody says now, and return the step as it begins then.

    Raises StepCancelled, and StepFailed when the moment was missed: nobody was there to begin, or
    all was not prepared by then.
    """
    tools, known = run.tools, run.publication
    while (moment := switches_at(known)) is not None:
        now = tools.now()
        if now - moment > GRACE:
            raise StepFailed(Reason.SWITCH_MISSED)
        if now >= moment:
            known = await tools.journal.pass_switch(known.id, now)
            continue
        if not _waits(known, moment):
            known = await tools.journal.wait_for_switch(known.id)
        known = await tools.look_again(known.id)
    return replace(run, publication=known)


def _waits(run: Publication, moment: datetime) -> bool:
    state = (run.state, run.waiting_for, run.waits_until)
    return state == (PublicationState.WAITING, WaitingFor.SWITCH, moment)
