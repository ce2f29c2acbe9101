"""A database of PostgreSQL with environments in it, and what is written there."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import Instance
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)

Story = Callable[[AsyncEngine], Awaitable[None]]


def with_storage(address: URL, story: Story) -> None:
    async def do() -> None:
        opened = await open_storage(address)
        try:
            await story(opened)
        finally:
            await opened.dispose()

    asyncio.run(do())


def environment(identity: str, position: int = 0) -> dict[str, object]:
    return {
        "id": identity, "position": position, "name": identity, "label": "staging",
        "kind": "scaling", "provider": "simulated", "time_zone": "UTC", "run_hours": 4,
        "demo": True, "confirmed_at": MORNING, "revision": 0,
    }  # fmt: skip


async def known(opened: AsyncEngine, *identities: str) -> None:
    async with writing(opened).begin() as connection:
        rows = [environment(identity, place) for place, identity in enumerate(identities)]
        await connection.execute(insert(schema.environment), rows)


async def one_more(work: UnitOfWork, *environments: str, name: str = "i") -> None:
    async with work.transactions(environments) as found:
        for transaction in found.values():
            await transaction.instance(
                Instance(
                    id=f"{name}-{transaction.identity}", name=name, status="available", version=1
                )
            )


async def newest(opened: AsyncEngine) -> int:
    async with opened.connect() as connection:
        return await events.last_id(connection)


async def nothing(_: AsyncEngine) -> None: ...
