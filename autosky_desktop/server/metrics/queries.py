"""Counts rows for the metrics: an index answers each, however long the history is.

It stands alone as the queries of every subject do.
"""

from collections import Counter

from msgspec import Struct
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.db import schema
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.publications import queries as publications

publication, request, awaited = schema.publication, schema.request, schema.awaited


class Counts(Struct, frozen=True):
    """The numbers of rows at one moment, by state, step and kind; `newest` is the last event."""

    publications: dict[str, int]
    steps: Counter[str]
    running: dict[str, int]
    newest: int


async def counts(engine: AsyncEngine) -> Counts:
    """Return the numbers as they are now. Raises StorageError."""
    by_state = select(publication.c.state, func.count()).group_by(publication.c.state)
    awaits = select(request.c.kind, func.count()).join(
        awaited, awaited.c.request == request.c.number
    )
    async with engine.connect() as connection:
        states = (await connection.execute(by_state)).all()
        kinds = (await connection.execute(awaits.group_by(request.c.kind))).all()
        environments = {environment for environment, _ in await publications.running(connection)}
        runs = await publications.running_among(connection, environments)
        newest = await events.last_id(connection)
    return Counts(
        dict(map(tuple, states)),
        Counter(step for run in runs.values() if (step := _step(run))),
        dict(map(tuple, kinds)),
        newest,
    )


def _step(run: Publication) -> str | None:
    """Return the name of the step that the publication is in, None before its first."""
    return run.steps[run.current_step - 1].name if run.current_step else None
