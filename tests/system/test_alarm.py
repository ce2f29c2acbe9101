"""The alarm by the wall clock, and the one for everywhere else."""

import asyncio
import sys

import pytest

from autosky_desktop.system.alarm import LoopAlarm, WallAlarm, alarm

KINDS = [
    LoopAlarm,
    pytest.param(WallAlarm, marks=pytest.mark.skipif(sys.platform != "linux", reason="Linux's")),
]


async def rings(kind: type[LoopAlarm | WallAlarm], *times: float | None) -> bool:
    """Whether it rings within a moment, after being set to these one after the other."""
    rang = asyncio.Event()
    one = kind(rang.set)
    try:
        for seconds in times:
            one.ring_in(seconds)
        async with asyncio.timeout(0.3):
            await rang.wait()
    except TimeoutError:
        return False
    finally:
        one.close()
        one.close()
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_it_rings_when_it_is_time_or_was_before(kind: type[LoopAlarm | WallAlarm]) -> None:
    assert asyncio.run(rings(kind, 0.01))
    assert asyncio.run(rings(kind, -5))


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_set_last_counts(kind: type[LoopAlarm | WallAlarm]) -> None:
    assert asyncio.run(rings(kind, 60, 0.01))
    assert not asyncio.run(rings(kind, 0.01, 60))
    assert not asyncio.run(rings(kind, 0.01, None))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's alarm is Linux's")
def test_here_it_is_the_kernels() -> None:
    async def made() -> bool:
        one = alarm(lambda: None)
        one.close()
        return isinstance(one, WallAlarm)

    assert asyncio.run(made())
