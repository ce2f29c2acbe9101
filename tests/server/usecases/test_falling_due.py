"""Acting on news now and then, and on what falls due at its moment."""

import asyncio

from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.usecases.falling_due import keep_acting

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

    work = asyncio.create_task(keep_acting(act, bus, "all", again=LONG, breath=breath))
    try:
        async with asyncio.timeout(5):
            await enough.wait()
    finally:
        work.cancel()


def test_a_moment_that_comes_in_its_breath_is_not_waited_past() -> None:
    asyncio.run(acts(Bus(), [0.05, None, None], times=1, breath=LONG))


def test_news_are_looked_at_after_a_breath_when_nothing_falls_due() -> None:
    asyncio.run(acts(Bus(), [None, None, None], times=1, breath=0.01))
