"""Two clocks are compared by one answer; what a network makes of them is no difference."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from autosky_desktop.domain.environment import EnvironmentList
from autosky_desktop.flows.follow import Follow
from autosky_desktop.flows.line import Clocks
from autosky_desktop.store.store import Store
from autosky_desktop.system.clock import now, steady
from tests.flows.test_resume import Asked, Way, stop_the_server, until
from tests.support.control_plane import running_control_plane
from tests.support.proxy import wire_to

pytestmark = pytest.mark.anyio

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Computer:
    """`wall` is its clock, `ran` what it ran without sleeping; a question takes `answer` seconds
    each way, and the control plane's clock is `ahead` of noon.
    """

    wall: datetime = NOON
    ran: float = 0.0
    answer: float = 0.0
    ahead: float | None = 0.0

    def passes(self, seconds: float, *, asleep: bool = False) -> None:
        self.wall += timedelta(seconds=seconds)
        self.ran += 0 if asleep else seconds

    async def environments(self) -> EnvironmentList:
        self.passes(self.answer)
        read_at = self.wall + timedelta(seconds=self.ahead) if self.ahead is not None else None
        self.passes(self.answer)
        return EnvironmentList(environments=[], last_event=0, read_at=read_at)


async def measured(*readings: Computer) -> float:
    """How far ahead the control plane is believed to be after all of them."""
    store, it = Store(), Computer()
    clocks = Clocks(store, lambda: it.wall, lambda: it.ran)
    for reading in readings:
        it.answer, it.ahead = reading.answer, reading.ahead
        await clocks.measure(it.environments)
    return store.clock_ahead.total_seconds()


async def test_a_clock_is_compared_at_the_middle_of_the_question() -> None:
    assert await measured(Computer(ahead=180.0)) == 180
    assert await measured(Computer(ahead=180.0, answer=4.0)) == 180
    assert await measured(Computer(ahead=-3600.0, answer=0.1)) == -3600


async def test_what_a_network_makes_of_it_is_no_difference() -> None:
    assert await measured(Computer(ahead=1.9)) == 0
    assert await measured(Computer(ahead=180.0), Computer(ahead=181.5)) == 180
    assert await measured(Computer(ahead=180.0), Computer(ahead=0.4)) == 0
    assert await measured(Computer(ahead=6.0, answer=10.0)) == 0  # it may have been read anywhere


async def test_a_control_plane_that_tells_no_time_is_believed_to_agree() -> None:
    assert await measured(Computer(ahead=None)) == 0


def test_sleep_and_a_clock_that_is_set_are_noticed_once() -> None:
    it = Computer()
    clocks = Clocks(Store(), lambda: it.wall, lambda: it.ran)
    it.passes(3600)
    assert not clocks.jumped()
    it.passes(3600, asleep=True)
    assert clocks.jumped()
    assert not clocks.jumped()
    it.passes(-120, asleep=True)
    assert clocks.jumped()


async def test_everything_is_reckoned_by_the_control_planes_clock() -> None:
    store = Store()
    store.set_clock_ahead(timedelta(minutes=3))
    assert store.reckoned(lambda: NOON)() == NOON + timedelta(minutes=3)


@pytest.mark.parametrize("cut", [True, False])
async def test_a_clock_that_is_set_is_found_out_by_the_real_client(
    tmp_path: Path, cut: bool
) -> None:
    behind = timedelta(minutes=3)
    with running_control_plane(tmp_path) as plane:
        async with wire_to(plane.url) as wire:
            store = Store()
            follow = Follow(store, Way(wire, Asked()), lambda: now() - behind, steady)
            task = asyncio.create_task(follow.run())
            await until(lambda: store.connection.live, "a live line")
            assert abs(store.clock_ahead - behind) < timedelta(seconds=2)
            since = store.connection.since
            assert since is not None
            assert abs(since - now()) < timedelta(seconds=15)

            behind = timedelta()  # somebody sets the clock right
            if cut:
                wire.cut()
                wire.mend()
            else:
                await stop_the_server(plane)
            await until(lambda: store.clock_ahead == timedelta(), "clocks that agree")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
