"""Queries of the record of activity."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Column, ColumnElement, Row, Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.activity import Activity, ActivityPage, Outcome
from autosky_desktop.server.db import schema

IN_SNAPSHOT = 50

request, outcome, awaited = schema.request, schema.outcome, schema.awaited


class ActivityQuery(Struct, frozen=True, kw_only=True):
    """Selects a part of the record: `by` "" is what happened by schedule; `until` is excluded."""

    limit: int
    cursor: int | None = None
    kind: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None


async def find(connection: AsyncConnection, identity: str) -> Activity | None:
    row = await row_of(connection, identity)
    return None if row is None else as_activity(row)


async def environment_of(connection: AsyncConnection, identity: str) -> str | None:
    """Return the environment in which an activity was asked for."""
    query = select(request.c.environment).where(request.c.id == identity)
    found: str | None = await connection.scalar(query)
    return found


async def environments_of(connection: AsyncConnection, kind: str, *, by_id: str) -> set[str]:
    """Return the environments in which somebody was the last to ask for such a thing."""
    same = select(func.max(request.c.number)).where(request.c.kind == kind)
    newest = same.group_by(request.c.environment)
    last = request.c.number.in_(newest), request.c.by_id == by_id
    query = select(request.c.environment).where(*last)
    return set((await connection.scalars(query)).all())


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
    return [(row.subject, as_activity(row)) for row in rows]


async def unseen_somewhere(
    connection: AsyncConnection, kinds: Sequence[str], *, but: Collection[str] = ()
) -> list[tuple[str, str]]:
    """Return the id and environment of every awaited activity of these kinds, except those that
    these workers were asked for.
    """
    waits = select(awaited.c.request).where(not_owned_by(awaited.c.owner, but))
    waiting = request.c.number.in_(waits)  # few, of a record that is long
    query = select(request.c.id, request.c.environment).where(waiting, request.c.kind.in_(kinds))
    return [(row.id, row.environment) for row in (await connection.execute(query)).all()]


def not_owned_by(owner: Column[str], workers: Collection[str]) -> ColumnElement[bool]:
    """Select what none of these workers is on."""
    return or_(owner.is_(None), owner.not_in(workers))


async def without_owner(connection: AsyncConnection, environment: str) -> frozenset[str]:
    """Return the ids of what is awaited in the environment and no worker is on."""
    query = select(request.c.id).join(awaited, awaited.c.request == request.c.number)
    left = awaited.c.environment == environment, awaited.c.owner.is_(None)
    return frozenset((await connection.scalars(query.where(*left))).all())


async def disown(connection: AsyncConnection, *, but: Collection[str]) -> None:
    """Note of what is awaited that nobody is on it, except where these workers are."""
    gone = awaited.c.owner.not_in(but)
    await connection.execute(update(awaited).where(gone).values(owner=None))


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


ASKED = (
    "id", "at", "kind", "by", "by_id", "target", "version", "moved_from", "moved_to", "count",
    "account",
)  # fmt: skip


def _joined() -> Select[Any]:
    columns = [column for column in request.c if column.name != "environment"]
    ended = (outcome.c.outcome, outcome.c.ended_at, outcome.c.reason, outcome.c.detail)
    return select(*columns, *ended, outcome.c.count.label("ended_count")).outerjoin_from(
        request, outcome, outcome.c.request == request.c.number
    )


async def row_of(connection: AsyncConnection, identity: str) -> Row[Any] | None:
    query = _joined().where(request.c.id == identity)
    row: Row[Any] | None = (await connection.execute(query)).one_or_none()
    return row


def as_activity(row: Row[Any]) -> Activity:
    fields = {name: row._mapping[name] for name in ASKED}
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
        at = select(request.c.at).where(
            request.c.environment == environment, request.c.number == wanted.cursor
        )
        last = await connection.scalar(at)
        if last is None:
            return [], None
        query = query.where(_before(last, wanted.cursor))
    newest_first = query.order_by(request.c.at.desc(), request.c.number.desc())
    rows = (await connection.execute(newest_first.limit(wanted.limit + 1))).all()
    shown = rows[: wanted.limit]
    following = shown[-1].number if len(rows) > wanted.limit else None
    return [as_activity(row) for row in shown], following


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
