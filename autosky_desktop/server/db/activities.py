"""The record of activity: rows are added and joined, never changed, never taken away."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.activity import Activity, ActivityPage, Outcome
from autosky_desktop.domain.change import ChangeKind
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.recording import Recording

IN_SNAPSHOT = 50

request, outcome, awaited = schema.request, schema.outcome, schema.awaited


class RequestEnding(Struct, frozen=True, kw_only=True):
    """The outcome of a request. With `count` None, it is as many as were asked for."""

    outcome: str = Outcome.DONE.value
    reason: str | None = None
    detail: str = ""
    count: int | None = None


DONE = RequestEnding()


class ActivityQuery(Struct, frozen=True, kw_only=True):
    """Selects a part of the record: `by` "" is what happened by schedule; `until` is excluded."""

    limit: int
    cursor: int | None = None
    kind: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def write(recording: Recording, activity: Activity, *, subject: str = "") -> None:
    """Add an activity to the record. While it runs, its outcome is awaited on `subject`."""
    fields = {name: getattr(activity, name) for name in _ASKED}
    new = insert(request).values(environment=recording.identity, **fields)
    number = await recording.connection.scalar(new.returning(request.c.number))
    assert number is not None
    if activity.outcome == Outcome.RUNNING:
        wait = insert(awaited).values(
            request=number, environment=recording.identity, subject=subject
        )
        await recording.connection.execute(wait)
    else:
        await _end(recording, number, _ending(activity))
    recording.tell(ChangeKind.ACTIVITY, activity)


async def await_many(asked: Sequence[tuple[Recording, Activity, str]]) -> None:
    """Add many running activities, each with its subject, in two statements."""
    connection = asked[0][0].connection
    rows = [
        {"environment": recording.identity, **{name: getattr(entry, name) for name in _ASKED}}
        for recording, entry, _ in asked
    ]
    await connection.execute(insert(request), rows)
    of_it = select(request.c.number, request.c.environment, bindparam("subject", type_=String))
    wait = insert(awaited).from_select(
        ["request", "environment", "subject"], of_it.where(request.c.id == bindparam("entry"))
    )
    subjects = [{"entry": entry.id, "subject": subject} for _, entry, subject in asked]
    await connection.execute(wait, subjects)
    for recording, entry, _ in asked:
        recording.tell(ChangeKind.ACTIVITY, entry)


async def conclude(recording: Recording, identity: str, ending: RequestEnding) -> None:
    """Add the outcome of an activity. The first outcome stays: a second one is not written."""
    row = await _row(recording.connection, identity)
    if row is None or row.outcome is not None:
        return
    await _end(recording, row.number, ending)
    ended = await _row(recording.connection, identity)
    assert ended is not None
    recording.tell(ChangeKind.ACTIVITY, _activity(ended))


async def conclude_of(
    recording: Recording, subject: str, ending: Callable[[Activity], RequestEnding]
) -> None:
    """Add the outcome of whatever is awaited on the subject."""
    for awaited_on, entry in await unseen(recording.connection, recording.identity):
        if awaited_on == subject:
            await conclude(recording, entry.id, ending(entry))


async def find(connection: AsyncConnection, identity: str) -> Activity | None:
    row = await _row(connection, identity)
    return None if row is None else _activity(row)


async def unseen(connection: AsyncConnection, environment: str) -> list[tuple[str, Activity]]:
    """Return what is awaited in the environment, oldest first, each with its subject."""
    query = (
        _joined()
        .add_columns(awaited.c.subject)
        .join(awaited, awaited.c.request == request.c.number)
        .where(awaited.c.environment == environment)
        .order_by(request.c.number)
    )
    rows = (await connection.execute(query)).all()
    return [(row.subject, _activity(row)) for row in rows]


async def unseen_somewhere(
    connection: AsyncConnection, kinds: Sequence[str]
) -> list[tuple[str, str]]:
    """Return the id and environment of every awaited activity of these kinds."""
    waiting = request.c.number.in_(select(awaited.c.request))  # few, of a record that is long
    query = select(request.c.id, request.c.environment).where(waiting, request.c.kind.in_(kinds))
    return [(row.id, row.environment) for row in (await connection.execute(query)).all()]


async def newest(connection: AsyncConnection, environment: str) -> list[Activity]:
    return (await _entries(connection, environment, ActivityQuery(limit=IN_SNAPSHOT)))[0]


async def page(
    connection: AsyncConnection, environment: str, wanted: ActivityQuery
) -> ActivityPage:
    entries, following = await _entries(connection, environment, wanted)
    return ActivityPage(
        entries=entries,
        next=None if following is None else str(following),
        people=await _people(connection, environment),
    )


_ASKED = (
    "id", "at", "kind", "by", "target", "version", "moved_from", "moved_to", "count", "account",
)  # fmt: skip


def _ending(activity: Activity) -> RequestEnding:
    return RequestEnding(outcome=activity.outcome, reason=activity.reason, detail=activity.detail)


async def _end(recording: Recording, number: int, ending: RequestEnding) -> None:
    connection = recording.connection
    await connection.execute(
        insert(outcome).values(
            request=number,
            ended_at=recording.now,
            outcome=ending.outcome,
            reason=ending.reason,
            detail=ending.detail,
            count=ending.count,
        )
    )
    await connection.execute(delete(awaited).where(awaited.c.request == number))


def _joined() -> Select[Any]:
    columns = [column for column in request.c if column.name != "environment"]
    ended = (outcome.c.outcome, outcome.c.ended_at, outcome.c.reason, outcome.c.detail)
    return select(*columns, *ended, outcome.c.count.label("ended_count")).outerjoin_from(
        request, outcome, outcome.c.request == request.c.number
    )


async def _row(connection: AsyncConnection, identity: str) -> Row[Any] | None:
    query = _joined().where(request.c.id == identity)
    row: Row[Any] | None = (await connection.execute(query)).one_or_none()
    return row


def _activity(row: Row[Any]) -> Activity:
    fields = {name: row._mapping[name] for name in _ASKED}
    if row.ended_count is not None:
        fields["count"] = row.ended_count
    return Activity(
        **fields,
        outcome=row.outcome or Outcome.RUNNING.value,
        ended_at=row.ended_at,
        reason=row.reason,
        detail=row.detail or "",
    )


async def _entries(
    connection: AsyncConnection, environment: str, wanted: ActivityQuery
) -> tuple[list[Activity], int | None]:
    """Return the newest entries first, and the cursor of what follows."""
    query = _joined().where(request.c.environment == environment, *_only(wanted))
    if wanted.cursor is not None:
        at = select(request.c.at).where(request.c.number == wanted.cursor)
        last = await connection.scalar(at)
        if last is None:
            return [], None
        query = query.where(_before(last, wanted.cursor))
    newest_first = query.order_by(request.c.at.desc(), request.c.number.desc())
    rows = (await connection.execute(newest_first.limit(wanted.limit + 1))).all()
    shown = rows[: wanted.limit]
    following = shown[-1].number if len(rows) > wanted.limit else None
    return [_activity(row) for row in shown], following


def _only(wanted: ActivityQuery) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.kind is not None:
        conditions.append(request.c.kind == wanted.kind)
    if wanted.by is not None:
        conditions.append(request.c.by == wanted.by if wanted.by else request.c.by.is_(None))
    if wanted.since is not None:
        conditions.append(request.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(request.c.at < wanted.until)
    return conditions


def _before(at: datetime, number: int) -> ColumnElement[bool]:
    """Select what comes later in the list: by the index first, then within one moment."""
    return and_(request.c.at <= at, or_(request.c.at < at, request.c.number < number))


async def _people(connection: AsyncConnection, environment: str) -> list[str]:
    """Return everybody in the record: one step in the index for each, not one for each entry."""
    least = select(func.min(request.c.by).label("by")).where(request.c.environment == environment)
    found = least.cte("people", recursive=True)
    following = least.where(request.c.by > found.c.by).scalar_subquery()
    found = found.union_all(select(following).where(found.c.by.is_not(None)))
    query = select(found.c.by).where(found.c.by.is_not(None))
    return list((await connection.scalars(query)).all())
