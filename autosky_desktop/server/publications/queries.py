"""Queries of the table of publications: running, waiting for their moment, and history in pages."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct
from msgspec.structs import asdict
from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    String,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.publication import ENDED, Publication, PublicationPage, PublicationState
from autosky_desktop.domain.searching import words
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.columns import as_struct
from autosky_desktop.server.db.dialects import BeyondAscii, NextNumber, SmallLetters

table = schema.publication

LONGEST_NUMBER = 9
"""The most digits that a version has."""

SCHEDULED = PublicationState.SCHEDULED.value
OPEN = sorted(state.value for state in PublicationState if state not in ENDED | {SCHEDULED})


class Latest(NamedTuple):
    """An environment's publications of now: what runs, what began last, when the next is due."""

    running: Publication | None
    newest: Publication | None
    following: datetime | None


class PublicationQuery(Struct, frozen=True, kw_only=True):
    """Selects a part of the history: `since` is included, `until` is not; each word of `search` is
    in the note or the publisher's name, or is a version. `scheduled` selects those that wait for
    their moment, or only the others; `planned`, those that had a moment or wait for it, or only the
    others.
    """

    limit: int
    cursor: int | None = None
    model: str | None = None
    state: str | None = None
    by: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = None
    scheduled: bool | None = None
    planned: bool | None = None


class VersionImage(NamedTuple):
    """The image of a version, by its provider's id; `gone`: that has been deleted."""

    id: str
    platform_version: str | None
    gone: bool


class DuePublication(NamedTuple):
    """A publication whose moment has come."""

    id: str
    environment: str


class RunningPublication(NamedTuple):
    """The part of a running publication that is read at every piece of news."""

    id: str
    version: int
    retries: int


async def find(connection: AsyncConnection, identity: str) -> tuple[str, Publication] | None:
    """Return the publication and its environment's id."""
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else (row.environment, as_struct(Publication, row))


async def page(
    connection: AsyncConnection, environment: str, wanted: PublicationQuery
) -> PublicationPage:
    """Return a page, newest first. The index alone finds the numbers; the rows are read after."""
    numbers = select(table.c.number).where(table.c.environment == environment, *_filters(wanted))
    numbers = numbers.order_by(table.c.number.desc()).limit(wanted.limit + 1)
    found = list((await connection.scalars(numbers)).all())
    shown = found[: wanted.limit]
    return PublicationPage(
        publications=await _numbered(connection, shown),
        next=str(shown[-1]) if len(found) > wanted.limit else None,
    )


async def running(connection: AsyncConnection) -> list[tuple[str, RunningPublication]]:
    """Return every publication that has begun and not ended, oldest first, with its environment."""
    query = select(table.c.environment, table.c.id, table.c.version, table.c.retries)
    rows = await connection.execute(query.where(table.c.state.in_(OPEN)).order_by(table.c.number))
    return [(environment, RunningPublication(*run)) for environment, *run in rows.all()]


async def running_in(connection: AsyncConnection, environment: str) -> Publication | None:
    query = select(table).where(table.c.state.in_(OPEN), table.c.environment == environment)
    row = (await connection.execute(query.order_by(table.c.number).limit(1))).one_or_none()
    return None if row is None else _publication(row)


async def running_among(
    connection: AsyncConnection, environments: Collection[str]
) -> dict[str, Publication]:
    """Return what runs in many environments, by their ids, in one query."""
    query = select(table).where(table.c.state.in_(OPEN), table.c.environment.in_(environments))
    rows = (await connection.execute(query.order_by(table.c.number.desc()))).all()
    return {row.environment: _publication(row) for row in rows}


async def newest_among(
    connection: AsyncConnection, environments: Collection[str]
) -> dict[str, Publication]:
    """Return each environment's last publication that began or was due, in one index step each."""
    where = schema.environment
    last = select(table.c.number).where(
        table.c.environment == where.c.id, table.c.state != SCHEDULED
    )
    last = last.order_by(table.c.number.desc()).limit(1).correlate(where)
    numbers = select(last.scalar_subquery()).where(where.c.id.in_(environments))
    rows = (await connection.execute(select(table).where(table.c.number.in_(numbers)))).all()
    return {row.environment: _publication(row) for row in rows}


async def next_among(
    connection: AsyncConnection, environments: Collection[str]
) -> dict[str, datetime]:
    """Return when the next scheduled one is due in each environment that has any."""
    query = select(
        table.c.environment, func.min(table.c.scheduled_for, type_=table.c.scheduled_for.type)
    )
    scheduled = query.where(table.c.state == SCHEDULED, table.c.environment.in_(environments))
    rows = await connection.execute(scheduled.group_by(table.c.environment))
    return {row.environment: row[1] for row in rows.all()}


async def latest_among(
    connection: AsyncConnection, environments: Collection[str]
) -> dict[str, Latest]:
    runs = await running_among(connection, environments)
    begun = await newest_among(connection, environments)
    due_at = await next_among(connection, environments)
    return {it: Latest(runs.get(it), begun.get(it), due_at.get(it)) for it in environments}


def environments_of(identities: Collection[str]) -> Select[tuple[str]]:
    return select(table.c.environment).where(table.c.id.in_(identities))


async def placed(
    connection: AsyncConnection, identities: Collection[str]
) -> dict[str, tuple[str, Publication]]:
    """Return those of these publications that exist, by id, each with its environment's id."""
    rows = (await connection.execute(select(table).where(table.c.id.in_(identities)))).all()
    return {row.id: (row.environment, _publication(row)) for row in rows}


async def of(connection: AsyncConnection, identities: Collection[str]) -> dict[str, Publication]:
    rows = (await connection.execute(select(table).where(table.c.id.in_(identities)))).all()
    return {row.id: _publication(row) for row in rows}


async def scheduled_in(connection: AsyncConnection, environment: str) -> list[Publication]:
    """Return those that wait for their moment, the next one first."""
    query = select(table).where(table.c.state == SCHEDULED, table.c.environment == environment)
    rows = (await connection.execute(query.order_by(table.c.scheduled_for, table.c.number))).all()
    return [_publication(row) for row in rows]


async def zones_scheduled_in(connection: AsyncConnection) -> list[str]:
    """Return the time zones of those that wait for a certain clock time."""
    waiting = table.c.state == SCHEDULED, table.c.meant.is_not(None)
    return list(await connection.scalars(select(table.c.time_zone).where(*waiting).distinct()))


async def meant_in(
    connection: AsyncConnection, zones: Collection[str]
) -> list[tuple[str, Publication]]:
    """Return those that wait for a clock time in one of the zones, each with its environment."""
    waiting = table.c.state == SCHEDULED, table.c.meant.is_not(None), table.c.time_zone.in_(zones)
    rows = (await connection.execute(select(table).where(*waiting).order_by(table.c.number))).all()
    return [(row.environment, _publication(row)) for row in rows]


async def version_image(
    connection: AsyncConnection, environment: str, version: int
) -> VersionImage | None:
    """Return the image of a version: as it was published, or as the instances told it that ran it
    before anything was. None: nobody knows it.
    """
    here = table.c.environment == environment
    made = here, table.c.version == version, table.c.state == PublicationState.SUCCEEDED.value
    replaced = here, table.c.replaces == version, table.c.replaced_image.is_not(None)
    if run := await _newest(connection, *made):
        return _version_image(run.image, run.platform_version, gone=run.image_gone)
    run = await _newest(connection, *replaced)
    return _version_image(run.replaced_image if run else None)


def _version_image(
    id_: str | None, platform_version: str | None = None, *, gone: bool = False
) -> VersionImage | None:
    return None if id_ is None else VersionImage(id_, platform_version, gone)


async def _newest(
    connection: AsyncConnection, *conditions: ColumnElement[bool]
) -> Publication | None:
    query = select(table).where(*conditions).order_by(table.c.number.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else _publication(row)


async def is_known(connection: AsyncConnection, environment: str, version: int) -> bool:
    """Return whether a publication made the version, makes it or failed at it."""
    began = table.c.state != PublicationState.SCHEDULED.value
    query = select(table.c.id).where(
        table.c.environment == environment, table.c.version == version, began
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def due(connection: AsyncConnection, now: datetime) -> list[DuePublication]:
    """Return those whose moment has come, in the order of their moments."""
    waiting = select(table.c.id, table.c.environment).where(
        table.c.state == SCHEDULED, table.c.scheduled_for <= now
    )
    rows = await connection.execute(waiting.order_by(table.c.scheduled_for, table.c.number))
    return [DuePublication(*row) for row in rows.all()]


async def next_moment(connection: AsyncConnection, after: datetime) -> datetime | None:
    query = select(func.min(table.c.scheduled_for, type_=table.c.scheduled_for.type))
    later = query.where(table.c.state == SCHEDULED, table.c.scheduled_for > after)
    moment: datetime | None = await connection.scalar(later)
    return moment


async def put_newest(connection: AsyncConnection, identity: str) -> None:
    """Move a publication to the top of the history as it begins: it stands where it began."""
    newest = update(table).where(table.c.id == identity).values(number=NextNumber(table.c.number))
    await connection.execute(newest)


async def begin(connection: AsyncConnection, runs: Sequence[Publication]) -> None:
    """Write many publications that begin now, in this order, as the newest of the history."""
    number = NextNumber(table.c.number)
    await connection.execute(_SAME.values(number=number, **_VALUES), _rows(runs))


async def rewrite(connection: AsyncConnection, runs: Sequence[Publication]) -> None:
    """Update many publications in one statement."""
    await connection.execute(_SAME.values(**_VALUES), _rows(runs))


def columns(run: Publication) -> dict[str, Any]:
    """Return the publication as a row."""
    return {**asdict(run), "model": run.plan.model}


_SAME = update(table).where(table.c.id == bindparam("its_id"))
_VALUES = {
    name: bindparam(f"its_{name}", type_=table.c[name].type)
    for name in ("model", *Publication.__struct_fields__)
    if name != "id"
}


def _rows(runs: Sequence[Publication]) -> list[dict[str, object]]:
    return [{f"its_{name}": value for name, value in columns(run).items()} for run in runs]


def _filters(wanted: PublicationQuery) -> list[ColumnElement[bool]]:
    at = func.coalesce(table.c.started_at, table.c.scheduled_for, table.c.requested_at)
    at.type = table.c.requested_at.type
    given: list[ColumnElement[bool]] = []
    if wanted.cursor is not None:
        given.append(table.c.number < wanted.cursor)
    for column, value in (("model", wanted.model), ("state", wanted.state)):
        if value is not None:
            given.append(table.c[column] == value)
    if wanted.by is not None:
        given.append(table.c.publisher == wanted.by)
    if wanted.since is not None:
        given.append(at >= wanted.since)
    if wanted.until is not None:
        given.append(at < wanted.until)
    if wanted.scheduled is not None:
        is_scheduled = table.c.state == SCHEDULED
        given.append(is_scheduled if wanted.scheduled else ~is_scheduled)
    if wanted.planned is not None:
        moment = table.c.scheduled_for
        given.append(moment.is_not(None) if wanted.planned else moment.is_(None))
    return [*given, *_search(wanted.search)]


def _search(text: str | None) -> list[ColumnElement[bool]]:
    """Return one condition for each word: all must match, and each may match elsewhere."""
    return [_has(word) for word in words(text or "")]


def _has(word: str) -> ColumnElement[bool]:
    found = _holds(table.c.note, word) | _holds(table.c.publisher, word)
    return found | (table.c.version == int(word)) if _is_number(word) else found


def _holds(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Return whether the column contains the word in capital or small letters. Only a text beyond
    ASCII is given to `plain`, which costs thirty times as much.
    """
    spelt = func.plain(column, type_=String).contains(word, autoescape=True)
    same = SmallLetters(column).contains(word, autoescape=True)
    return same | (BeyondAscii(column) & spelt)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_NUMBER


async def _numbered(connection: AsyncConnection, numbers: Collection[int]) -> list[Publication]:
    query = select(table).where(table.c.number.in_(numbers)).order_by(table.c.number.desc())
    return [_publication(row) for row in (await connection.execute(query)).all()]


def _publication(row: Row[Any]) -> Publication:
    return as_struct(Publication, row)
