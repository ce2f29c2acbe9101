"""Queries of the table of servers."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Server, ServerRole
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.columns import as_struct
from autosky_desktop.server.refusal import Refusal


async def in_environment(connection: AsyncConnection, environment: str) -> list[Server]:
    return [server for _, server in await placed_in(connection, environment)]


async def placed_in(connection: AsyncConnection, environment: str) -> list[tuple[int, Server]]:
    """Return every server of the environment with its place among them."""
    return (await placed_among(connection, [environment]))[environment]


async def placed_among(
    connection: AsyncConnection, environments: Collection[str]
) -> defaultdict[str, list[tuple[int, Server]]]:
    """Return the servers of many environments in one query."""
    table, found = schema.server, defaultdict[str, list[tuple[int, Server]]](list)
    query = select(table).where(table.c.environment.in_(environments)).order_by(table.c.position)
    for row in (await connection.execute(query)).all():
        found[row.environment].append((row.position, as_struct(Server, row)))
    return found


async def to_stop(connection: AsyncConnection) -> list[tuple[str, Server]]:
    """Return every server that will switch itself off, with its environment's id."""
    table = schema.server
    rows = (await connection.execute(select(table).where(table.c.shutdown.is_not(None)))).all()
    return [(row.environment, as_struct(Server, row)) for row in rows]


async def preparing(connection: AsyncConnection) -> list[tuple[str, Server]]:
    """Return every preparation server, with its environment's id."""
    table = schema.server
    prepares = table.c.role == ServerRole.PREPARATION.value
    rows = (await connection.execute(select(table).where(prepares))).all()
    return [(row.environment, as_struct(Server, row)) for row in rows]


async def find(connection: AsyncConnection, identity: str) -> tuple[str, Server] | None:
    """Return the server and its environment's id."""
    table = schema.server
    row = (await connection.execute(select(table).where(table.c.id == identity))).one_or_none()
    return None if row is None else (row.environment, as_struct(Server, row))


async def get(engine: AsyncEngine, identity: str) -> tuple[str, Server]:
    """Return the server and its environment's id. Raises Refusal."""
    async with engine.connect() as connection:
        found = await find(connection, identity)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no server {identity}")
    return found
