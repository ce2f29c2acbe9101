"""Edits publications: edits that come while another is written share the next transaction."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import Publication, PublicationState, StepState
from autosky_desktop.server.activity import entries
from autosky_desktop.server.mail.outbox import owe
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.rules import GONE_BACK, gone_back
from autosky_desktop.server.publications.workflow.batcher import Together
from autosky_desktop.server.transactions.transaction import Recording
from autosky_desktop.server.transactions.unit_of_work import Recorder

Edit = Callable[[Recording, Publication], Publication]
"""What becomes of a publication. It may be called again when the transaction failed."""


class QueuedEdit(NamedTuple):
    publication: str
    edit: Edit


class PublicationEdits:
    """Writes edits of publications. `accepted` is called when one's end is another's beginning."""

    def __init__(self, recorder: Recorder, accepted: Callable[[], None]) -> None:
        self._recorder = recorder
        self._accepted = accepted
        self._together = Together(self._write, recorder.turn)

    async def edit(self, publication: str, edit: Edit) -> Publication:
        """Edit the publication and return it as it is on disk. Raises LookupError, StorageError."""
        run = await self._together.ask(QueuedEdit(publication, edit))
        if run.ended and run.reason == GONE_BACK:
            self._accepted()
        return run

    async def _write(self, wishes: Sequence[QueuedEdit]) -> list[Publication]:
        identities = list({wish.publication for wish in wishes})
        where = publications.environments_of(identities)
        async with self._recorder.recordings_in_turn(where) as recordings:
            if not recordings:
                raise LookupError(identities)
            connection = next(iter(recordings.values())).connection
            found = await publications.placed(connection, identities)
            came = []
            for wish in wishes:
                environment, run = found[wish.publication]
                changed = wish.edit(recordings[environment], run)
                if changed != run:
                    await _keep(recordings[environment], changed)
                found[wish.publication] = environment, changed
                came.append(changed)
        return came


async def _keep(recording: Recording, run: Publication) -> None:
    if not run.ended:
        recording.went_on(run)
        return
    await recording.publication(run)
    await entries.conclude_of(recording, run.id, lambda entry: _came_of(run, entry))
    await owe(recording, run)
    await _go_back(recording, run)


async def _go_back(recording: Recording, run: Publication) -> None:
    """Publish again what the publication was to replace, if that is why it was stopped."""
    if run.reason == GONE_BACK and run.replaces is not None:
        back = gone_back(run, recording)
        await recording.publication(back)
        entry = Activity(
            id=back.id,
            at=recording.now,
            kind=ActivityKind.PUBLISH.value,
            outcome=Outcome.RUNNING.value,
            by=run.cancel_asked_by,
            version=back.version,
        )
        await entries.write(recording, entry, subject=back.id)


def _came_of(run: Publication, entry: Activity) -> entries.RequestEnding:
    if entry.kind in (ActivityKind.CANCEL_PUBLICATION, ActivityKind.GO_BACK):
        return _came_of_stopping(run)
    if run.state == PublicationState.SUCCEEDED:
        return entries.DONE
    failed = next((step for step in run.steps if step.state == StepState.FAILED), None)
    return entries.RequestEnding(
        outcome=Outcome.FAILED.value,
        reason=failed.reason if failed else run.state,
        detail=(failed.detail if failed else None) or "",
    )


def _came_of_stopping(run: Publication) -> entries.RequestEnding:
    """Return what came of the stop: the publication may have ended before it could stop."""
    if run.state == PublicationState.CANCELLED:
        return entries.DONE
    return entries.RequestEnding(outcome=Outcome.FAILED.value, reason=Code.ALREADY_ENDED.value)
