"""Queries that decide who may ask for what.

They stand on the database alone, as the queries of every subject do.
"""

from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.server.db import schema

Located = Literal["environment", "server", "instance", "publication", "operation", "connection"]
"""What is in one environment, and has an id of its own."""

_TABLES = {
    "server": schema.server,
    "instance": schema.instance,
    "publication": schema.publication,
    "operation": schema.operation,
    "connection": schema.connection,
}


async def environment_of(connection: AsyncConnection, what: Located, identity: str) -> str | None:
    """Return the id of the environment that it is in, or None when there is no such thing."""
    if what == "environment":
        return identity
    table = _TABLES[what]
    found: str | None = await connection.scalar(
        select(table.c.environment).where(table.c.id == identity)
    )
    return found
