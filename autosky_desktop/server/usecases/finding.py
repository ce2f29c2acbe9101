"""Looks up what a caller names, and refuses what is not there."""

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Server
from autosky_desktop.server.db import reads
from autosky_desktop.server.usecases.refusal import Refusal


async def server(engine: AsyncEngine, identity: str) -> tuple[str, Server]:
    """Return the server and its environment's id. Raises Refusal."""
    async with engine.connect() as connection:
        found = await reads.server(connection, identity)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no server {identity}")
    return found


async def environment(connection: AsyncConnection, identity: str) -> Environment:
    """Return the environment of that id. Raises Refusal when there is none."""
    found = await reads.environment(connection, identity)
    if found is None:
        raise Refusal(Code.NOT_FOUND, f"no environment {identity}")
    return found
