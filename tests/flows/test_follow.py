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
from autosky_desktop.domain.errors import CannotStart, NotUnderstood, Offline
from autosky_desktop.flows import follow
from autosky_desktop.flows.follow import READINGS_BEHIND, Follow
from autosky_desktop.store.store import Line, LineStatus, Store
from tests.support.planes import A_PLANE

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Enough(BaseException):
    """Ends a test's follower, which would go on for ever."""


class Plane:
    """Answers at once, but never to a snapshot; its feed opens and breaks."""

    def __init__(self) -> None:
        self.closed = False
        self.asked_when_closed = False
        self.reading = asyncio.Event()
        self.slow = asyncio.Event()

    async def me(self) -> Me:
        return Me(operator="ana", control_plane="Test", control_plane_id=A_PLANE, version="1")

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


async def followed(way: Way, store: Store | None = None) -> tuple[Store, list[LineStatus]]:
    """What was said of the line, one thing after another, until the way ended."""
    store, said = store or Store(), list[LineStatus]()
    store.watch(lambda: said.append(store.connection))
    store.details("erp")
    following = Follow(store, way, lambda: NOON)
    impatient = asyncio.create_task(_never_wait(following))
    with pytest.raises(Enough):
        async with asyncio.timeout(30):
            await following.run()
    impatient.cancel()
    await asyncio.gather(impatient, return_exceptions=True)
    return store, said


async def _never_wait(following: Follow) -> None:
    while True:
        following.try_now()
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
        if self.readings == READINGS_BEHIND:
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
    assert plane.readings <= READINGS_BEHIND + 1


class Overtaken(Plane):
    """Tells of another change during each of many readings; each holds what was told before it."""

    CHANGES = 20

    def __init__(self) -> None:
        super().__init__()
        self.told = 1
        self.during, self.more = asyncio.Event(), asyncio.Event()
        self.read: list[int] = []

    async def snapshot(self, _environment: str) -> Snapshot:
        [erp] = (await self.environments()).environments
        erp = msgspec.structs.replace(erp, revision=self.told)
        self.read.append(self.told)
        if self.told < self.CHANGES:
            self.during.set()
            self.more.clear()
            await self.more.wait()
        else:
            self.reading.set()
        return Snapshot(environment=erp, servers=[], instances=[], publications=[], last_event=0)

    async def events(self, *, after: int) -> AsyncGenerator[Heard | None, None]:
        body = msgspec.Raw(b"{}")
        while self.told < self.CHANGES:
            await self.during.wait()
            self.during.clear()
            revision = self.told + 1
            change = Change(kind="weather", environment="erp", revision=revision, body=body)
            yield Heard(revision, change)
            self.told = revision
            self.more.set()
        await self.reading.wait()
        await asyncio.sleep(0)
        raise Offline("the feed broke")


async def test_a_reading_that_changes_overtake_is_asked_for_until_it_has_them_all() -> None:
    plane = Overtaken()
    store, _said = await followed(Way(plane))
    assert plane.read == list(range(1, plane.CHANGES + 1))
    assert store.details("erp").revision == plane.CHANGES
    assert [it.revision for it in store.environments] == [plane.CHANGES]
    assert store.details("erp").failure is None


class Faulty(Plane):
    """Says what makes something of ours fail."""

    def __init__(self, defect: Exception) -> None:
        super().__init__()
        self.defect = defect

    async def environments(self) -> EnvironmentList:
        raise self.defect


class Unread(Plane):
    """Its feed stays open; its snapshot fails once in a way nobody foresaw."""

    readings = 0

    async def snapshot(self, _environment: str) -> Snapshot:
        self.readings += 1
        if self.readings == 1:
            raise TypeError("can't compare offset-naive and offset-aware datetimes")
        self.reading.set()
        [erp] = (await self.environments()).environments
        return Snapshot(environment=erp, servers=[], instances=[], publications=[], last_event=0)


@pytest.mark.parametrize(
    "defect", [OverflowError("date value out of range"), UnicodeDecodeError("utf-8", b"", 0, 1, "")]
)
async def test_an_error_nobody_foresaw_is_told_and_tried_again(
    defect: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    _store, said = await followed(Way(Faulty(defect), Faulty(defect), Plane()))
    assert [it.line for it in said if it.cause] == [Line.FAILED, Line.FAILED, Line.OFFLINE]
    pauses = [(it.retry_at - NOON).total_seconds() for it in said if it.retry_at]
    assert pauses[:2] == [2, 4]
    assert "Traceback" in caplog.text


async def test_a_reading_that_fails_unforeseen_says_so_and_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(follow, "_pause", lambda *_: 0.0)
    plane = Unread()
    store, _said = await followed(Way(plane))
    assert plane.readings == 2
    assert store.details("erp").failure is None
    assert store.details("erp").revision == 1


async def test_a_watcher_that_fails_does_not_end_the_following() -> None:
    store = Store()

    def fails() -> None:
        raise OverflowError("Python int too large to convert to C int")

    store.watch(fails)
    plane = Plane()
    _store, said = await followed(Way(plane, Plane()), store)
    assert plane.closed
    assert [it.line for it in said if it.live or it.cause][-1] is Line.OFFLINE


class Forgetful(Plane):
    """Its feed loses the place each time it is asked for it."""

    async def events(self, *, after: int) -> AsyncGenerator[Heard | None, None]:
        yield None
        yield Heard(0, None)


async def test_a_place_that_is_lost_time_and_again_is_asked_for_ever_more_slowly() -> None:
    _store, said = await followed(Way(*(Forgetful() for _ in range(5))))
    pauses = [(it.retry_at - NOON).total_seconds() for it in said if it.retry_at]
    assert pauses == [4, 8, 16, 32]
    assert all(isinstance(it.cause, NotUnderstood) for it in said if it.retry_at)


async def test_a_control_plane_that_starts_and_soon_ends_is_started_again_soon() -> None:
    _store, said = await followed(Way(*(Plane() for _ in range(6)), ended=True))
    pauses = [(it.retry_at - NOON).total_seconds() for it in said if it.retry_at]
    assert pauses == [0, 4, 5, 5, 5, 5]
