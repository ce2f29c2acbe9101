"""After a break the feed goes on where it was left, and only what was missed is read again."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from autosky_desktop.client.control_plane import ControlPlane
from autosky_desktop.client.transport import open_http
from autosky_desktop.domain.environment import Environment, EnvironmentList, Me, Snapshot
from autosky_desktop.domain.errors import AnotherPlane, Offline
from autosky_desktop.flows.follow import Follow
from autosky_desktop.store.store import Line, Store
from autosky_desktop.system.clock import now
from tests.support.control_plane import Running, running_control_plane
from tests.support.planes import A_PLANE, ANOTHER_PLANE
from tests.support.proxy import Wire, wire_to

pytestmark = pytest.mark.anyio

ERP, SERVER = "erp-production", "db-erp-prod-01"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Asked:
    """What was asked of the control plane: snapshots, and feeds from where."""

    snapshots: int = 0
    feeds: list[int] = field(default_factory=list)


class Counted(ControlPlane):
    def __init__(self, http: httpx.AsyncClient, asked: Asked) -> None:
        super().__init__(http)
        self._asked = asked

    async def snapshot(self, environment: str) -> Snapshot:
        self._asked.snapshots += 1
        return await super().snapshot(environment)

    def events(self, *, after: int):  # type: ignore[no-untyped-def]  # as it is in the base
        self._asked.feeds.append(after)
        return super().events(after=after)


@dataclass
class Way:
    """The real client over a wire."""

    wire: Wire
    asked: Asked

    async def ended(self) -> bool:
        return False

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[ControlPlane]:
        http = open_http(self.wire.url, "only-for-tests")
        async with aclosing(Counted(http, self.asked)) as plane:
            yield plane


async def until(there: Callable[[], object], what: str, patience: float = 15.0) -> None:
    end = asyncio.get_running_loop().time() + patience
    while True:
        if there():
            return
        assert asyncio.get_running_loop().time() < end, f"never seen: {what}"
        await asyncio.sleep(0.01)


@dataclass
class Followed:
    store: Store
    follow: Follow
    wire: Wire
    asked: Asked

    @property
    def status(self) -> str:
        server = self.store.details(ERP).servers.get(SERVER)
        return server.status if server else ""

    async def break_off(self) -> None:
        self.wire.cut()
        await until(lambda: self.store.connection.line is Line.OFFLINE, "a lost line")

    async def come_back(self) -> None:
        self.wire.mend()

        def live() -> bool:
            self.follow.try_now()
            return self.store.connection.live

        await until(live, "a live line")


@asynccontextmanager
async def following(plane: Running) -> AsyncIterator[Followed]:
    """ERP Production, opened and read."""
    asked = Asked()
    async with wire_to(plane.url) as wire:
        store = Store()
        follow = Follow(store, Way(wire, asked), now)
        store.details(ERP)
        task = asyncio.create_task(follow.run())
        try:
            await until(lambda: store.details(ERP).revision is not None, "a snapshot")
            await until(lambda: store.connection.live, "a live line")
            yield Followed(store, follow, wire, asked)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def stop_the_server(plane: Running) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        headers = {"Authorization": f"Bearer {plane.token}", "Idempotency-Key": "elsewhere"}
        answer = await http.post(f"{plane.url}/v1/servers/{SERVER}/stop", headers=headers)
        answer.raise_for_status()


async def test_what_happened_meanwhile_comes_by_the_feed_and_nothing_is_read_again(
    tmp_path: Path,
) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            assert it.status == "running"
            await it.break_off()
            await stop_the_server(plane)
            assert it.status == "running"
            await it.come_back()
            await until(lambda: it.status == "stopped", "the stopped server")
            assert it.asked.snapshots == 1
            assert it.asked.feeds[-1] >= it.asked.feeds[0]


async def test_an_environment_that_could_not_be_read_is_read_again(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            await it.break_off()
            it.store.details(ERP).failure = Offline("as when the line broke in the middle of it")
            await it.come_back()
            await until(lambda: it.asked.snapshots == 2, "another snapshot")
            await until(lambda: it.store.details(ERP).failure is None, "no failure")


async def test_a_place_that_is_no_longer_known_means_to_read_everything_again(
    tmp_path: Path,
) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            await it.break_off()
            await stop_the_server(plane)
            with sqlite3.connect(tmp_path / "app.sqlite3") as events:
                [last] = events.execute("SELECT max(id) FROM event").fetchone()
                events.execute("DELETE FROM event WHERE id < ?", [last])
            await it.come_back()
            await until(lambda: it.asked.snapshots == 2, "another snapshot")
            await until(lambda: it.status == "stopped", "the stopped server")
            assert it.asked.feeds[-1] >= last > it.asked.feeds[-2]


class Told:
    """A control plane that says where it is, and is asked for its feed from somewhere."""

    def __init__(
        self, last_event: int, revision: int, *, name: str = "Test", identity: str = A_PLANE
    ) -> None:
        self.asked: list[int] = []
        self._last_event = last_event
        self._revision = revision
        self._name = name
        self._identity = identity
        self.slow = asyncio.Event()

    async def me(self) -> Me:
        return Me(
            operator="ana",
            control_plane=self._name,
            control_plane_id=self._identity,
            version="1",
        )

    async def environments(self) -> EnvironmentList:
        erp = Environment(
            id="erp", name="ERP", label="production", kind="scaling", provider="Test",
            time_zone="UTC", run_hours=4, revision=self._revision, confirmed_at=now(),
        )  # fmt: skip
        return EnvironmentList(environments=[erp], last_event=self._last_event)

    async def events(self, *, after: int) -> AsyncIterator[None]:
        self.asked.append(after)
        yield None
        raise Offline("the feed broke")


@pytest.mark.parametrize(
    ("second", "after"),
    [
        (Told(9, 8), 5),  # the same, later: go on
        (Told(5, 7), 5),  # nothing happened
        (Told(3, 7), 3),  # it knows less than it did: its data were put back
        (Told(9, 6), 9),  # the same, by the revision of an environment
        (Told(9, 8, name="Renamed"), 5),  # the same by its id, whatever it calls itself
    ],
)
async def test_the_feed_of_an_older_control_plane_is_taken_from_its_own_place(
    second: Told, after: int
) -> None:
    task = asyncio.create_task(Follow(Store(), one_after_the_other(Told(5, 7), second), now).run())
    await until(lambda: second.asked, "the feed")
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert second.asked == [after]


async def test_nothing_is_taken_of_another_control_plane_that_answers_in_its_place() -> None:
    first, second = Told(5, 7), Told(9, 8, name="Test", identity=ANOTHER_PLANE)
    met: list[str] = []
    store = Store()
    connector = one_after_the_other(first, second)
    follow = Follow(store, connector, now, met=lambda me: met.append(me.control_plane_id))
    task = asyncio.create_task(follow.run())
    await until(lambda: store.connection.line is Line.REFUSED, "a line that is refused")
    assert isinstance(store.connection.cause, AnotherPlane)
    assert follow.plane is None
    assert met == [A_PLANE]
    assert store.me is not None
    assert store.me.control_plane_id == A_PLANE
    assert [it.revision for it in store.environments] == [7]
    assert second.asked == []
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def one_after_the_other(*planes: Told) -> Any:
    """A way to the first one, to the next after every break, and at last to nobody."""
    left = list(planes)

    class Both:
        async def ended(self) -> bool:
            return True  # the first try after a break does not wait

        @asynccontextmanager
        async def connected(self) -> AsyncIterator[Told]:
            if not left:
                await asyncio.Event().wait()
            yield left.pop(0)

    return Both()
