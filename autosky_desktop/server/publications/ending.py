"""The consequences of a publication's end, in the transaction that ends it: whoever wants to know
is told by mail, and the version before is published again if it was stopped for that.

It stands alone because a publication ends in two places: in its workflow, or when its moment comes
and it cannot begin.
"""

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.activity import entries
from autosky_desktop.server.mail.outbox import enqueue_letter
from autosky_desktop.server.publications.rules import GONE_BACK, gone_back
from autosky_desktop.server.transactions.transaction import Transaction


async def publication_ended(transaction: Transaction, run: Publication) -> None:
    """Do what follows, once its end and its entry in the record are written."""
    await enqueue_letter(transaction, run)
    await _go_back(transaction, run)


async def _go_back(transaction: Transaction, run: Publication) -> None:
    """Publish again what the publication was to replace, if that is why it was stopped."""
    if run.reason == GONE_BACK and run.replaces is not None:
        back = gone_back(
            run,
            version=transaction.next_version,
            replaces=transaction.current_version,
            now=transaction.now,
        )
        await transaction.publication(back)
        entry = Activity(
            id=back.id,
            at=transaction.now,
            kind=ActivityKind.PUBLISH.value,
            outcome=Outcome.RUNNING.value,
            by=run.cancel_asked_by,
            version=back.version,
        )
        await entries.write(transaction, entry, subject=back.id)
