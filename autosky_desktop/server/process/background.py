"""Runs what goes on by itself in the process: each part without end, whatever befalls it.

It stands alone because it knows of no part what that does.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable

from autosky_desktop.domain.guard import guarded

CANCELLED_AGAIN_SECONDS = 1.0
BEGUN_AGAIN_SECONDS = 5.0
"""How long after an unforeseen error a part of the control plane is begun again."""

log = logging.getLogger(__name__)


def begin(
    after_seconds: float, *work: Callable[[], Awaitable[None]]
) -> tuple[asyncio.Task[None], ...]:
    return tuple(asyncio.create_task(_keep_running(part, after_seconds)) for part in work)


async def _keep_running(part: Callable[[], Awaitable[None]], after_seconds: float) -> None:
    """Run the part without end. If it fails, it is begun again, and the others do not notice."""
    await asyncio.sleep(after_seconds)
    while True:
        with guarded(log, "a part of the control plane"):
            await part()
        await asyncio.sleep(BEGUN_AGAIN_SECONDS)


async def end_all(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel the tasks until all have ended: a library may lose a cancellation."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _ended, left = await asyncio.wait(left, timeout=CANCELLED_AGAIN_SECONDS)
