"""Queries of the table of events."""

from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from autosky_desktop.server.db import schema


async def last_id(connection: AsyncConnection) -> int:
    return await connection.scalar(select(func.max(schema.event.c.id))) or 0


async def exists(connection: AsyncConnection, position: int) -> bool:
    """Return whether the event exists; 0 is the place before the first one ever."""
    event = schema.event
    if position == 0:
        return await last_id(connection) == 0
    return bool(await connection.scalar(select(func.count()).where(event.c.id == position)))


async def after(connection: AsyncConnection, position: int, limit: int) -> list[Row[Any]]:
    """Return rows of the event table after `position`, oldest first."""
    event = schema.event
    query = select(event).where(event.c.id > position).order_by(event.c.id).limit(limit)
    return list((await connection.execute(query)).all())
