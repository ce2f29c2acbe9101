"""The identity of this control plane, for as long as its database lives."""

import logging
from uuid import uuid4

import msgspec
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.wire import Identity
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.schema import control_plane

log = logging.getLogger(__name__)


async def identity(engine: AsyncEngine) -> str:
    """Return the id of this control plane, made at its first start. Raises StorageError.

    An id that is damaged, or not the only one, is replaced by a new one: to every computer this is
    another control plane then, and nobody trusts it for what the former one was trusted for.
    """
    async with engine.connect() as connection:
        found: list[str] = list((await connection.scalars(select(control_plane.c.id))).all())
    if len(found) == 1 and _is_identity(found[0]):
        return found[0]
    if found:
        log.warning("the id of this control plane was damaged: it has a new one")
    async with writing(engine).begin() as connection:
        return await _made(connection)


async def _made(connection: AsyncConnection) -> str:
    made = uuid4().hex
    await connection.execute(delete(control_plane))
    await connection.execute(insert(control_plane).values(id=made))
    return made


def _is_identity(text: object) -> bool:
    try:
        msgspec.convert(text, Identity)
    except msgspec.ValidationError:
        return False
    return True
