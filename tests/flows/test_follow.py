"""The follower says how the line stands, and leaves nothing behind when it breaks."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from autosky_desktop.client.feed import Heard
from autosky_desktop.domain.change import Change
from autosky_desktop.domain.environment import Environment, EnvironmentList, Me, Snapshot
from autosky_desktop.domain.errors import CannotStart, Offline
from autosky_desktop.flows.follow import READINGS, Follow
from autosky_desktop.store.connection import Connection, Line
from autosky_desktop.store.store import Store

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Enough(Exception):
    """Ends a test's follower, which would go on for ever."""


class Plane:
    """Answers at once, but never to a snapshot; its feed opens and breaks."""

    def __init__(self) -> None:
        self.closed = False
        self.asked_when_closed = False
        self.reading = asyncio.Event()

    async def me(self) -> Me:
        return Me(operator="ana", control_plane="Test", version="1")

    async def environments(self) -> EnvironmentList:
        erp = Environment(
            id="erp", name="ERP", label="production", kind="scaling", provider="Test",
            time_zone="UTC", run_hours=4, revision=1, confirmed_at=NOON,
        )  # fmt: skip
        return EnvironmentList(environments=[erp], last_event=0)

    async def snapshot(self, _environment: str) -> Any:
        self.reading.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.asked_when_closed = self.closed

    async def events(self, *, after: int) -> AsyncGenerator[Heard | None, None]:
        yield None
        await self.reading.wait()
        raise Offline("the feed broke")


class Way:
    """A way to `planes` control planes, one after the other."""

    def __init__(self, *planes: Plane | Exception, ended: bool = False) -> None:
        self.left = list(planes)
        self._ended = ended

    async def ended(self) -> bool:
        return self._ended

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Any]:
        if not self.left:
            raise Enough
        plane = self.left.pop(0)
        if isinstance(plane, Exception):
            raise plane
        try:
            yield plane
        finally:
            plane.closed = True


async def followed(way: Way) -> tuple[Store, list[Connection]]:
    """What was said of the line, one thing after another, until the way ended."""
    store, said = Store(), []
    store.watch(lambda: said.append(store.connection))
    store.details("erp")
    follow = Follow(store, way, lambda: NOON)
    impatient = asyncio.create_task(_never_wait(follow))
    with pytest.raises(Enough):
        async with asyncio.timeout(5):
            await follow.run()
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    return store, said


async def _never_wait(follow: Follow) -> None:
    while True:
        follow.try_now()
        await asyncio.sleep(0)


async def test_a_reading_is_given_up_before_the_line_is_closed() -> None:
    plane = Plane()
    await followed(Way(plane))
    assert plane.reading.is_set()
    assert plane.closed
    assert not plane.asked_when_closed
    assert not any("_read" in repr(task.get_coro()) for task in asyncio.all_tasks())


async def test_a_lost_line_is_offline_and_a_lost_process_is_started_again() -> None:
    _store, said = await followed(Way(Plane()))
    assert said[-1].line is Line.OFFLINE
    _store, said = await followed(Way(Plane(), ended=True))
    assert said[-1].line is Line.RESTARTING


async def test_a_control_plane_that_cannot_start_says_why() -> None:
    store, _said = await followed(Way(CannotStart("storage-full")))
    assert store.connection.line is Line.FAILED
    assert isinstance(store.connection.cause, CannotStart)


async def test_a_line_that_breaks_again_and_again_is_tried_more_and_more_slowly() -> None:
    _store, said = await followed(Way(*(Offline() for _ in range(7))))
    pauses = [(it.retry_at - NOON).total_seconds() for it in said if it.retry_at]
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


class Behind(Plane):
    """Tells of a change that its snapshots never hold."""

    async def snapshot(self, _environment: str) -> Snapshot:
        self.readings += 1
        if self.readings == READINGS:
            self.reading.set()
        [erp] = (await self.environments()).environments
        return Snapshot(environment=erp, servers=[], instances=[], publications=[], last_event=0)

    readings = 0

    async def events(self, *, after: int) -> AsyncGenerator[Heard | None, None]:
        body = msgspec.Raw(b"{}")
        yield Heard(7, Change(kind="server", environment="erp", revision=9, body=body))
        await self.reading.wait()
        raise Offline("the feed broke")


async def test_snapshots_that_stay_behind_their_changes_are_not_asked_for_without_end() -> None:
    plane = Behind()
    await followed(Way(plane))
    assert plane.readings <= READINGS + 1
