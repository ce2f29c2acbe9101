"""Closes what an earlier process left open when it died, or leaves it to be seen done.

It stands apart from what opens it: it runs once, before any of that begins.
"""

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind, Outcome
from autosky_desktop.domain.reasons import PowerReason
from autosky_desktop.server.db import activities, reads
from autosky_desktop.server.db.activities import RequestEnding
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.readings import LEADS_TO
from autosky_desktop.server.usecases.updating import fail

INTERRUPTED = PowerReason.INTERRUPTED.value
NOBODY_GOES_ON_WITH = (ActivityKind.END_SESSIONS, ActivityKind.PROVIDER_UPDATE)


async def close_interrupted(engine: AsyncEngine, recorder: Recorder, observer: Observer) -> None:
    """Close what is open. Servers on their way are left to the next reading, publications to their
    workflows.
    """
    async with engine.connect() as connection:
        operations = await reads.running_operations(connection)
        on_their_way = await activities.unseen_somewhere(connection, list(LEADS_TO))
        asked = await activities.unseen_somewhere(connection, NOBODY_GOES_ON_WITH)
    observer.left_over(on_their_way)
    for operation in operations:
        async with recorder.recording(operation.environment) as recording:
            await fail(recording, operation, INTERRUPTED)
    ending = RequestEnding(outcome=Outcome.FAILED.value, reason=INTERRUPTED)
    for identity, environment in asked:
        async with recorder.recording(environment) as recording:
            await activities.conclude(recording, identity, ending)
