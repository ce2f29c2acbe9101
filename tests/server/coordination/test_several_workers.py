"""Workers on one database: each thing is done by one of them, whatever becomes of the others."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.server.coordination.port import WorkerNews
from autosky_desktop.server.coordination.postgresql import PostgresqlCoordination
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.errors import StorageUnavailable
from autosky_desktop.server.db.storage import open_storage
from tests.support.postgresql import PostgresServer, missing
from tests.support.worker_process import GIVEN_UP, PART, WorkerProcess

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

LEASE = 2.0
SECONDS = 30.0


class Worker:
    """A worker in this process, with what it heard and what it leads."""

    def __init__(self, address: str) -> None:
        self.bus = Bus()
        self.given_up = asyncio.Event()
        self.coordination = PostgresqlCoordination(
            make_url(address), self.bus, self.given_up.set, lease_seconds=LEASE
        )
        self.engine: AsyncEngine
        self.leads: set[str] = set()

    async def lead(self, part: str, *, shared_out: bool = False) -> None:
        async def work() -> None:
            self.leads.add(part)
            try:
                await asyncio.Event().wait()
            finally:
                self.leads.discard(part)

        await self.coordination.lead(part, work, shared_out=shared_out)


@asynccontextmanager
async def worker(address: str) -> AsyncIterator[Worker]:
    made = Worker(address)
    made.engine = await open_storage(made.coordination.address)
    try:
        async with made.coordination.entered(made.engine):
            yield made
    finally:
        await made.engine.dispose()


async def until(condition) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - two tasks and a database have no event in common
            await asyncio.sleep(0.02)


@asynccontextmanager
async def in_background(*coroutines) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(it) for it in coroutines]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def test_one_leads_and_the_other_when_that_one_leaves(database_url):
    async def story():
        async with worker(database_url) as second:
            async with worker(database_url) as first, in_background(first.lead(PART)):
                await until(lambda: first.leads)
                leading = asyncio.create_task(second.lead(PART))
                assert await second.coordination.living() == {
                    first.coordination.worker, second.coordination.worker,
                }  # fmt: skip
                await asyncio.sleep(2 * LEASE)  # in which it would be given up
                assert (first.leads, second.leads) == ({PART}, set())
            await until(lambda: second.leads)
            leading.cancel()
            assert await second.coordination.living() == {second.coordination.worker}

    asyncio.run(story())


def test_what_is_shared_out_is_moved_to_who_comes_and_back(database_url):
    parts = [f"reading {number}" for number in range(5)]

    async def story():
        async with (
            worker(database_url) as first,
            in_background(*(first.lead(part, shared_out=True) for part in parts)),
        ):
            await until(lambda: len(first.leads) == 5)
            async with (
                worker(database_url) as second,
                in_background(*(second.lead(part, shared_out=True) for part in parts)),
            ):
                await until(lambda: len(second.leads) == 2)
                assert len(first.leads) == 3
                assert not first.leads & second.leads
            await until(lambda: len(first.leads) == 5)

    asyncio.run(story())


def test_turns_of_one_name_come_one_after_another(database_url):
    async def story():
        order = []
        async with worker(database_url) as first, worker(database_url) as second:

            async def has_turn():
                async with second.coordination.turn("key 1"):
                    order.append("second")

            async with first.coordination.turn("key 1"):
                waiting = asyncio.create_task(has_turn())
                async with second.coordination.turn("key 2"):
                    order.append("other")
                await asyncio.sleep(0.5)  # in which it would have had its turn
                order.append("first")
            await waiting
        assert order == ["other", "first", "second"]

    asyncio.run(story())


def test_a_turn_that_ends_while_the_storage_is_away_ends_when_it_is_back(
    database_url, postgresql: PostgresServer
):
    async def story():
        async with worker(database_url) as first, worker(database_url) as second:
            async with first.coordination.turn("key"):
                await asyncio.to_thread(postgresql.stop)
            await asyncio.to_thread(postgresql.start)
            async with asyncio.timeout(SECONDS), second.coordination.turn("key"):
                pass

    asyncio.run(story())


def test_each_hears_the_news_of_the_other_and_not_its_own(database_url):
    async def told(sender: Worker, news: WorkerNews) -> None:
        async with writing(sender.engine).begin() as connection:
            await sender.coordination.tell(connection, news)

    async def story():
        async with worker(database_url) as first, worker(database_url) as second:
            await until(lambda: first.bus.wakes and second.bus.wakes)  # they listen
            second.coordination.placed.clear()
            before = first.bus.wakes
            with (
                second.bus.listening() as changed,
                second.bus.listening(to_confirmations=True) as confirmed,
            ):
                await told(first, WorkerNews.CONFIRMED)
                await confirmed.wait()
                assert not changed.is_set()
                await told(first, WorkerNews.CHANGED)
                await changed.wait()
            assert not second.coordination.placed.is_set()
            await told(first, WorkerNews.PLACED)
            await second.coordination.placed.wait()
            assert first.bus.wakes == before

    asyncio.run(story())


def test_what_is_rolled_back_is_told_to_nobody(database_url):
    async def story():
        async with worker(database_url) as first, worker(database_url) as second:
            await until(lambda: second.bus.wakes)
            second.coordination.placed.clear()
            with second.bus.listening() as news:
                async with writing(first.engine).begin() as connection:
                    await first.coordination.tell(connection, WorkerNews.PLACED)
                    await connection.rollback()
                async with writing(first.engine).begin() as connection:
                    await first.coordination.tell(connection, WorkerNews.CHANGED)
                await news.wait()
            assert not second.coordination.placed.is_set()

    asyncio.run(story())


def test_readings_are_numbered_across_workers(database_url):
    async def story():
        async with worker(database_url) as first, worker(database_url) as second:
            numbers = [await it.coordination.reading() for it in (first, second, second, first)]
            assert numbers == sorted(set(numbers))

    asyncio.run(story())


def test_no_worker_is_given_up_for_a_restart_of_the_database(
    database_url, postgresql: PostgresServer
):
    async def story():
        async with (
            worker(database_url) as first,
            worker(database_url) as second,
            in_background(first.lead(PART)),
        ):
            await until(lambda: first.leads)
            async with in_background(second.lead(PART)):
                await asyncio.to_thread(postgresql.stop)
                await asyncio.sleep(2 * LEASE)
                await asyncio.to_thread(postgresql.start)
                first.coordination.placed.clear()
                await first.coordination.placed.wait()  # it listens again, and looks at all anew
                await until(lambda: first.leads)
                await asyncio.sleep(3 * LEASE)
                assert (first.leads, second.leads) == ({PART}, set())
                assert not first.given_up.is_set()
                assert not second.given_up.is_set()

    asyncio.run(story())


def test_one_that_nothing_reaches_leads_no_more_when_its_lease_is_over(
    database_url, postgresql: PostgresServer
):
    async def story():
        async with worker(database_url) as first, in_background(first.lead(PART)):
            await until(lambda: first.leads)
            began = time.monotonic()
            await asyncio.to_thread(postgresql.stop)
            try:
                await until(lambda: not first.leads)
            finally:
                await asyncio.to_thread(postgresql.start)
            assert time.monotonic() - began < LEASE + 3

    asyncio.run(story())


def test_one_that_is_killed_is_given_up_with_its_parts_and_turns(database_url):
    async def story():
        async with worker(database_url) as first:
            with WorkerProcess(database_url, LEASE) as other:
                assert await asyncio.to_thread(other.says) == "leads"
                async with in_background(first.lead(PART)):
                    began = time.monotonic()
                    other.process.kill()
                    await until(lambda: first.leads)
                    assert LEASE / 2 < time.monotonic() - began < LEASE + 5
                    assert await first.coordination.living() == {first.coordination.worker}

    asyncio.run(story())


def test_one_that_is_frozen_is_given_up_with_what_it_had_begun_and_leaves_when_it_goes_on(
    database_url,
):
    async def story():
        async with worker(database_url) as first:
            with WorkerProcess(database_url, LEASE) as other:
                assert await asyncio.to_thread(other.says) == "leads"
                async with in_background(first.lead(PART)):
                    other.process.send_signal(signal.SIGSTOP)
                    await until(lambda: first.leads)
                    async with writing(first.engine).begin() as connection:
                        # the other had changed this row and not committed
                        await connection.execute(text("UPDATE control_plane SET id = 'ours'"))
                    other.process.send_signal(signal.SIGCONT)
                    assert await asyncio.to_thread(other.says) == "given up"
                    assert await asyncio.to_thread(other.process.wait) == GIVEN_UP
                    assert first.leads

    asyncio.run(story())


def test_one_that_was_given_up_writes_nothing_more(database_url):
    async def story():
        async with worker(database_url) as first:
            with psycopg.connect(database_url, autocommit=True) as connection:
                connection.execute("UPDATE worker SET gone = true")
            with pytest.raises(StorageUnavailable):
                async with writing(first.engine).begin() as connection:
                    await first.coordination.begin(connection)
            assert first.given_up.is_set()

    asyncio.run(story())


def test_it_enters_when_the_database_is_away_and_says_so(database_url, postgresql):
    async def story():
        made = Worker(database_url)
        made.engine = await open_storage(made.coordination.address)
        postgresql.stop()
        try:
            with pytest.raises(StorageUnavailable):
                async with made.coordination.entered(made.engine):
                    pass
        finally:
            postgresql.start()
            await made.engine.dispose()

    asyncio.run(story())
