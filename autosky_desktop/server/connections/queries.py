"""Queries of the table of connections: each is begun once and ended once."""

from datetime import datetime

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.domain.connection import Connection
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.columns import as_struct

table = schema.connection


async def begin(connection: AsyncConnection, environment: str, begun: Connection) -> None:
    fields = msgspec.structs.asdict(begun)
    await connection.execute(insert(table).values(environment=environment, **fields))


async def end(connection: AsyncConnection, ended: Connection) -> None:
    await connection.execute(
        update(table)
        .where(table.c.id == ended.id)
        .values(outcome=ended.outcome, ended_at=ended.ended_at)
    )


async def find(connection: AsyncConnection, identity: str) -> tuple[str, Connection] | None:
    """Return the connection and its environment's id."""
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else (row.environment, as_struct(Connection, row))


async def open_since_before(
    connection: AsyncConnection, moment: datetime
) -> list[tuple[str, Connection]]:
    """Return the connections that began before then and were never reported ended, each with its
    environment's id.
    """
    query = select(table).where(table.c.ended_at.is_(None), table.c.at < moment)
    rows = (await connection.execute(query)).all()
    return [(row.environment, as_struct(Connection, row)) for row in rows]
