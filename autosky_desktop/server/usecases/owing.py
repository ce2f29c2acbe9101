"""Who asked to be told of a publication's end is owed a letter, from its end on."""

import uuid

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.db import activities
from autosky_desktop.server.db.recording import Recording

LETTER = "letter:"
"""Begins the subject in the record; a publication's id follows."""

_OURS = uuid.UUID("5b1f4e0a-6a3c-4d0e-8c2b-7f0f6f6b3c55")


async def owe(recording: Recording, run: Publication) -> None:
    """Write down that a publication that ended is to be told of, if anybody wants to know.

    In the transaction that ends it: no crash comes between the two.
    """
    if run.ended_at is None or not run.plan.emails:
        return
    entry = Activity(
        id=str(uuid.uuid5(_OURS, f"{run.id}\n{run.ended_at.isoformat()}")),
        at=recording.now,
        kind=ActivityKind.SEND_MAIL.value,
        outcome=Outcome.RUNNING.value,
        version=run.version,
        count=len(run.plan.emails),
    )
    await activities.write(recording, entry, subject=LETTER + run.id)
