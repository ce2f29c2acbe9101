"""Edits publications: edits that come while another is written share the next transaction."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import Publication, PublicationState, StepState
from autosky_desktop.server.activity import entries
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.ending import publication_ended
from autosky_desktop.server.publications.rules import GONE_BACK
from autosky_desktop.server.publications.workflow.batcher import Batcher
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

Edit = Callable[[Transaction, Publication], Publication]
"""What becomes of a publication. It may be called again when the transaction failed."""


class QueuedEdit(NamedTuple):
    publication: str
    edit: Edit


class PublicationWrites:
    """Writes edits of publications. `accepted` is called when one's end is another's beginning."""

    def __init__(self, unit_of_work: UnitOfWork, accepted: Callable[[], None]) -> None:
        self._unit_of_work = unit_of_work
        self._accepted = accepted
        self._batcher = Batcher(self._write, unit_of_work.turn)

    async def edit(self, publication: str, edit: Edit) -> Publication:
        """Edit the publication and return it as it is on disk. Raises LookupError, StorageError."""
        run = await self._batcher.ask(QueuedEdit(publication, edit))
        if run.ended and run.reason == GONE_BACK:
            self._accepted()
        return run

    async def _write(self, wishes: Sequence[QueuedEdit]) -> list[Publication]:
        identities = list({wish.publication for wish in wishes})
        where = publications.environments_of(identities)
        async with self._unit_of_work.transactions_in_turn(where) as transactions:
            if not transactions:
                raise LookupError(identities)
            connection = next(iter(transactions.values())).connection
            found = await publications.placed(connection, identities)
            came = []
            for wish in wishes:
                environment, run = found[wish.publication]
                changed = wish.edit(transactions[environment], run)
                if changed != run:
                    await _keep(transactions[environment], changed)
                found[wish.publication] = environment, changed
                came.append(changed)
        return came


async def _keep(transaction: Transaction, run: Publication) -> None:
    if not run.ended:
        transaction.publication_later(run)
        return
    await transaction.publication(run)
    await entries.conclude_of(transaction, run.id, lambda entry: _came_of(run, entry))
    await publication_ended(transaction, run)


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
