"""Reads one whole environment, as of one moment."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.environment import Snapshot
from autosky_desktop.domain.operation import Operation, OperationState
from autosky_desktop.server.db import activities, publications, reads, schema

HISTORY_IN_SNAPSHOT = 50


async def snapshot(connection: AsyncConnection, identity: str) -> Snapshot | None:
    found = await reads.environment(connection, identity)
    if found is None:
        return None
    ran = publications.PublicationQuery(limit=HISTORY_IN_SNAPSHOT, scheduled=False)
    history = await publications.page(connection, identity, ran)
    scheduled = await publications.scheduled_in(connection, identity)
    return Snapshot(
        environment=found,
        servers=await reads.servers(connection, identity),
        instances=await reads.instances(connection, identity),
        publications=[*reversed(scheduled), *history.publications],
        operations=await operations(connection, identity),
        activity=await activities.newest(connection, identity),
        last_event=await reads.last_event(connection),
    )


async def operations(connection: AsyncConnection, environment: str) -> list[Operation]:
    """Return those that run and the last that ended, newest first."""
    table = schema.operation
    runs = table.c.state == OperationState.RUNNING.value
    ours = select(table).where(table.c.environment == environment)
    newest = ours.order_by(table.c.number.desc())
    rows = [*(await connection.execute(newest.where(runs))).all()]
    rows += (await connection.execute(newest.where(~runs).limit(1))).all()
    rows.sort(key=lambda row: row.number, reverse=True)
    return [reads.as_struct(Operation, row) for row in rows]
