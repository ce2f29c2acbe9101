"""Acting on news now and then, and on what falls due at its moment."""

import asyncio
from datetime import timedelta

import pytest

from autosky_desktop.server import wake_loop
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.db.errors import StorageFull
from autosky_desktop.server.wake_loop import run_wake_loop

LONG = 60.0


async def acts(bus: Bus, waits: list[float | None], *, times: int, breath: float) -> None:
    """Returns after so many acts; after each there are news."""
    enough = asyncio.Event()

    async def act() -> float | None:
        asyncio.get_running_loop().call_soon(bus.wake)
        wait = waits.pop(0)
        if len(waits) == times:
            enough.set()
        return wait

    work = asyncio.create_task(run_wake_loop(act, bus, now, "all", again=LONG, breath=breath))
    try:
        async with asyncio.timeout(30):
            await enough.wait()
    finally:
        work.cancel()


def test_a_moment_that_comes_in_its_breath_is_not_waited_past() -> None:
    asyncio.run(acts(Bus(), [0.05, None, None], times=1, breath=LONG))


def test_news_are_looked_at_after_a_breath_when_nothing_falls_due() -> None:
    asyncio.run(acts(Bus(), [None, None, None], times=1, breath=0.01))


@pytest.mark.parametrize("hours", [1, -1])
def test_a_clock_that_was_set_is_seen_long_before_the_moment(
    hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is a computer that slept: its clock is ahead of what the loop counted."""
    monkeypatch.setattr(wake_loop, "LONGEST_SLEEP_SECONDS", 0.01)

    async def story() -> None:
        acted, ahead = asyncio.Semaphore(0), timedelta()

        async def act() -> float | None:
            acted.release()
            return LONG

        work = asyncio.create_task(
            run_wake_loop(act, Bus(), lambda: now() + ahead, "all", again=1, breath=LONG)
        )
        async with asyncio.timeout(30):
            await acted.acquire()
            ahead = timedelta(hours=hours)
            await acted.acquire()
        work.cancel()

    asyncio.run(story())


def test_nothing_is_asked_again_while_the_clock_goes_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake_loop, "LONGEST_SLEEP_SECONDS", 0.01)
    waits = [0.2, None]

    async def story() -> float:
        loop, moments = asyncio.get_running_loop(), list[float]()
        both = asyncio.Event()

        async def act() -> float | None:
            moments.append(loop.time())
            if len(moments) == 2:
                both.set()
            return waits.pop(0)

        work = asyncio.create_task(run_wake_loop(act, Bus(), now, "all", again=1))
        async with asyncio.timeout(30):
            await both.wait()
        work.cancel()
        return moments[1] - moments[0]

    assert asyncio.run(story()) >= 0.2


async def pauses(monkeypatch: pytest.MonkeyPatch, outcomes: list[bool], pause: float) -> float:
    """The seconds between two acts, both of which make news; the first one fails or not."""
    monkeypatch.setattr(wake_loop, "FAILURE_PAUSE_SECONDS", pause)
    loop, bus, moments = asyncio.get_running_loop(), Bus(), list[float]()
    both = asyncio.Event()

    async def act() -> float | None:
        moments.append(loop.time())
        bus.wake()
        if len(moments) == 2:
            both.set()
        if outcomes.pop(0):
            raise StorageFull
        return None

    work = asyncio.create_task(run_wake_loop(act, bus, now, "all", again=LONG, breath=0))
    async with asyncio.timeout(30):
        await both.wait()
    work.cancel()
    return moments[1] - moments[0]


def test_after_a_failure_no_news_are_heeded_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asyncio.run(pauses(monkeypatch, [True, False], 0.2)) >= 0.2


def test_after_a_success_news_are_heeded_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asyncio.run(pauses(monkeypatch, [False, False], LONG)) < LONG
