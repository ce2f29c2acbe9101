"""What every kind of coordination does for a worker, whether there are others or not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

import pytest
from sqlalchemy.engine import make_url

from autosky_desktop.server.coordination.memory import MemoryCoordination
from autosky_desktop.server.coordination.port import Coordination
from autosky_desktop.server.coordination.postgresql import PostgresqlCoordination
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import open_storage
from tests.support.postgresql import missing

SECONDS = 20.0

Make = Callable[[], AbstractAsyncContextManager[Coordination]]


@asynccontextmanager
async def in_memory() -> AsyncIterator[Coordination]:
    yield MemoryCoordination()


@asynccontextmanager
async def on_postgresql(address: str) -> AsyncIterator[Coordination]:
    made = PostgresqlCoordination(make_url(address), Bus(), unexpected)
    engine = await open_storage(made.address)
    async with made.entered(engine):
        yield made
    await engine.dispose()


def unexpected() -> None:
    raise AssertionError("nobody gives it up")


@pytest.fixture(params=["memory", "postgresql"])
def told(request: pytest.FixtureRequest) -> Callable[[Callable[..., Awaitable[None]]], None]:
    """Runs what it is given with a worker's coordination, on a loop of its own."""
    make: Make = in_memory
    if request.param == "postgresql":
        if missing():
            pytest.skip(missing())
        make = partial(on_postgresql, request.getfixturevalue("database_url"))

    async def do(story: Callable[[Coordination], Awaitable[None]]) -> None:
        async with asyncio.timeout(SECONDS), make() as coordination:
            await story(coordination)

    return lambda story: asyncio.run(do(story))


def test_a_worker_goes_on_and_is_called_like_no_other(told):
    seen = set()

    async def story(coordination):
        assert coordination.worker in await coordination.living()
        seen.add(coordination.worker)

    told(story)
    told(story)
    assert len(seen) == 2


def test_turns_of_one_name_come_one_after_another_and_of_two_together(told):
    async def story(coordination):
        order, begun = [], asyncio.Event()

        async def has_turn(name, mark, until):
            async with coordination.turn(name):
                order.append(f"{mark} begins")
                begun.set()
                await until.wait()
                order.append(f"{mark} ends")

        first, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        async with asyncio.TaskGroup() as group:
            group.create_task(has_turn("a", "first", first))
            await begun.wait()
            second = group.create_task(has_turn("a", "second", at_once))
            await has_turn("b", "other", at_once)
            assert not second.done()
            first.set()
        assert order == [
            "first begins", "other begins", "other ends",
            "first ends", "second begins", "second ends",
        ]  # fmt: skip

    told(story)


def test_a_turn_that_fails_is_over(told):
    async def story(coordination):
        with pytest.raises(ValueError, match="broken"):
            async with coordination.turn("a"):
                raise ValueError("broken")
        async with coordination.turn("a"):
            pass

    told(story)


def test_it_leads_what_nobody_else_does_until_it_is_told_to_stop(told):
    async def story(coordination):
        leads, stopped = asyncio.Event(), asyncio.Event()

        async def work():
            leads.set()
            try:
                await asyncio.Event().wait()
            finally:
                stopped.set()

        leading = asyncio.create_task(coordination.lead("letters", work))
        await leads.wait()
        leading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leading
        assert stopped.is_set()

    told(story)


def test_work_that_fails_says_so_and_may_be_begun_again(told):
    async def story(coordination):
        done = []

        async def fails():
            done.append("once")
            raise ValueError("broken")

        for _ in range(2):
            with pytest.raises(ValueError, match="broken"):
                await coordination.lead("letters", fails)
        assert done == ["once", "once"]

    told(story)


def test_readings_are_numbered_in_the_order_they_were_asked_for(told):
    async def story(coordination):
        numbers = [await coordination.reading() for _ in range(5)]
        assert numbers == sorted(set(numbers))
        assert numbers[0] > 0

    told(story)
