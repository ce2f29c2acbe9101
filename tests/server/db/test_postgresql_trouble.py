"""PostgreSQL that is away, restarts or is held by others: it is storage for later."""

import asyncio

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import Instance
from autosky_desktop.server.db import postgresql as opening
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.errors import (
    StorageUnavailable,
)
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from tests.support.postgresql import PostgresServer
from tests.support.stored import (
    MORNING,
    known,
    newest,
    one_more,
    with_storage,
)


def test_a_server_that_is_away_is_storage_for_later(
    postgresql: PostgresServer, address: URL
) -> None:
    async def story(opened: AsyncEngine) -> None:
        await known(opened, "erp")
        work = UnitOfWork(opened, Bus(), lambda: MORNING)
        await one_more(work, "erp")
        async with opened.connect() as connection:
            await events.last_id(connection)
            await asyncio.to_thread(postgresql.stop)
            with pytest.raises(StorageUnavailable):
                await events.last_id(connection)
        with pytest.raises(StorageUnavailable):
            await newest(opened)
        with pytest.raises(StorageUnavailable):
            await one_more(work, "erp")
        with pytest.raises(StorageUnavailable, match="postgresql://autosky@/test_"):
            await open_storage(address)
        await asyncio.to_thread(postgresql.start)
        before = await newest(opened)
        await one_more(work, "erp")
        assert await newest(opened) > before

    with_storage(address, story)


def test_a_server_that_restarts_half_way_through_a_write_leaves_nothing_of_it(
    postgresql: PostgresServer, address: URL
) -> None:
    async def story(opened: AsyncEngine) -> None:
        await known(opened, "erp")
        work = UnitOfWork(opened, Bus(), lambda: MORNING)

        async def write() -> None:
            async with work.transaction("erp") as transaction:
                await transaction.instance(
                    Instance(id="i", name="I", status="available", version=1)
                )
                await asyncio.to_thread(postgresql.restart)

        with pytest.raises(StorageUnavailable):
            await write()
        assert await newest(opened) == 0
        await one_more(work, "erp")
        assert await newest(opened) > 0

    with_storage(address, story)


def test_whoever_stops_half_way_through_a_write_keeps_nobody_waiting_for_long(
    address: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(opening.LIMITS, "idle_in_transaction_session_timeout", "1s")

    async def story(opened: AsyncEngine) -> None:
        await known(opened, "erp")
        first, second = (UnitOfWork(opened, Bus(), lambda: MORNING) for _ in range(2))
        with pytest.raises(StorageUnavailable):
            async with first.transaction("erp"):
                await one_more(second, "erp")  # goes on when the server has let go of the first

    with_storage(address, story)


def test_a_write_that_is_cancelled_gives_its_connection_back(
    address: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "CONNECTIONS", 1)

    async def story(opened: AsyncEngine) -> None:
        await known(opened, "erp")
        work = UnitOfWork(opened, Bus(), lambda: MORNING)
        begun = asyncio.Event()

        async def wait_for_long() -> None:
            async with work.transaction("erp") as transaction:
                begun.set()
                await transaction.connection.execute(select(func.pg_sleep(60)))

        waiting = asyncio.create_task(wait_for_long())
        await begun.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await one_more(work, "erp")

    with_storage(address, story)


def test_when_all_connections_are_in_use_it_is_later(
    address: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "CONNECTIONS", 1)
    monkeypatch.setattr(opening, "WAIT_SECONDS", 1)

    async def story(opened: AsyncEngine) -> None:
        async with opened.connect():
            with pytest.raises(StorageUnavailable):
                await newest(opened)

    with_storage(address, story)
