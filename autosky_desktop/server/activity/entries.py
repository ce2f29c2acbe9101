"""Writes the record of activity: rows are added and joined, never changed, never taken away."""

from collections.abc import Callable, Sequence

from msgspec import Struct
from sqlalchemy import String, bindparam, delete, insert, literal, select

from autosky_desktop.domain.activity import Activity, Outcome
from autosky_desktop.domain.change import ChangeKind
from autosky_desktop.server.activity.queries import ASKED, as_activity, row_of, unseen
from autosky_desktop.server.db import schema
from autosky_desktop.server.transactions.transaction import Transaction

request, outcome, awaited = schema.request, schema.outcome, schema.awaited


class RequestEnding(Struct, frozen=True, kw_only=True):
    """The outcome of a request. With `count` None, it is as many as were asked for."""

    outcome: str = Outcome.DONE.value
    reason: str | None = None
    detail: str = ""
    count: int | None = None


DONE = RequestEnding()


async def write(transaction: Transaction, activity: Activity, *, subject: str = "") -> None:
    """Add an activity to the record. While it runs, its outcome is awaited on `subject`."""
    fields = {name: getattr(activity, name) for name in ASKED}
    new = insert(request).values(environment=transaction.identity, **fields)
    number = await transaction.connection.scalar(new.returning(request.c.number))
    assert number is not None
    if activity.outcome == Outcome.RUNNING:
        wait = insert(awaited).values(
            request=number,
            environment=transaction.identity,
            subject=subject,
            owner=transaction.worker,
        )
        await transaction.connection.execute(wait)
    else:
        await _end(transaction, number, _ending(activity))
    transaction.tell(ChangeKind.ACTIVITY, activity)


async def await_many(asked: Sequence[tuple[Transaction, Activity, str]]) -> None:
    """Add many running activities, each with its subject, in two statements."""
    connection = asked[0][0].connection
    rows = [
        {"environment": transaction.identity, **{name: getattr(entry, name) for name in ASKED}}
        for transaction, entry, _ in asked
    ]
    await connection.execute(insert(request), rows)
    known = (request.c.number, request.c.environment, bindparam("subject", type_=String))
    of_it = select(*known, literal(asked[0][0].worker)).where(request.c.id == bindparam("entry"))
    wait = insert(awaited).from_select(["request", "environment", "subject", "owner"], of_it)
    subjects = [{"entry": entry.id, "subject": subject} for _, entry, subject in asked]
    await connection.execute(wait, subjects)
    for transaction, entry, _ in asked:
        transaction.tell(ChangeKind.ACTIVITY, entry)


async def conclude(transaction: Transaction, identity: str, ending: RequestEnding) -> None:
    """Add the outcome of an activity. The first outcome stays: a second one is not written."""
    row = await row_of(transaction.connection, identity)
    if row is None or row.outcome is not None:
        return
    await _end(transaction, row.number, ending)
    ended = await row_of(transaction.connection, identity)
    assert ended is not None
    transaction.tell(ChangeKind.ACTIVITY, as_activity(ended))


async def conclude_of(
    transaction: Transaction, subject: str, ending: Callable[[Activity], RequestEnding]
) -> None:
    """Add the outcome of whatever is awaited on the subject."""
    for awaited_on, entry in await unseen(transaction.connection, transaction.identity):
        if awaited_on == subject:
            await conclude(transaction, entry.id, ending(entry))


def _ending(activity: Activity) -> RequestEnding:
    return RequestEnding(outcome=activity.outcome, reason=activity.reason, detail=activity.detail)


async def _end(transaction: Transaction, number: int, ending: RequestEnding) -> None:
    connection = transaction.connection
    await connection.execute(
        insert(outcome).values(
            request=number,
            ended_at=transaction.now,
            outcome=ending.outcome,
            reason=ending.reason,
            detail=ending.detail,
            count=ending.count,
        )
    )
    await connection.execute(delete(awaited).where(awaited.c.request == number))
