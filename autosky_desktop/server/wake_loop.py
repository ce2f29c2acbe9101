"""Does what falls due, again at each next moment and whenever there is news."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.db.bus import Bus, set_within
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError

FAILURE_PAUSE_SECONDS = 1.0
"""How long no news are heeded after a failure, which may have made them itself."""

BREATH_SECONDS = 0.25
"""The pause after news: a hundred publications have news all the time, and one look is enough."""

LONGEST_SLEEP_SECONDS = 20.0
"""The loop counts the time a computer is awake: whether it slept, or its clock was set, is looked
at so often while a moment is ahead.
"""

JITTER_SECONDS = 1.0
"""How far two clocks that agree may differ after such a sleep."""

TIDY_EVERY_SECONDS = 3600.0

log = logging.getLogger(__name__)


async def run_wake_loop(
    act: Callable[[], Awaitable[float | None]],
    bus: Bus,
    now: Now,
    what: str,
    *,
    again: float,
    breath: float = BREATH_SECONDS,
) -> None:
    """Act again and again, without end. `act` returns in how many seconds it is due again, or None
    to wait for the next news.

    `again` is when it is tried after it failed. `breath` is how many seconds it looks away
    after news, however many there are, but not past what is due: many may come at once. `what` is
    for the log.
    """
    loop = asyncio.get_running_loop()
    with bus.listening() as news:
        while True:
            news.clear()
            wait, failed = await _acted(act, what, again)
            if failed:
                await asyncio.sleep(FAILURE_PAUSE_SECONDS)
            due = math.inf if wait is None else loop.time() + wait
            if await _news_before(news, due, now) and breath:
                await asyncio.sleep(min(breath, max(0.0, due - loop.time())))


async def _news_before(news: asyncio.Event, due: float, now: Now) -> bool:
    """Wait, and return whether news came first. False: it is due, or the clock was changed, and
    everything may be due.
    """
    loop = asyncio.get_running_loop()
    if due == math.inf:
        return await set_within(news, None)
    shown, began = now(), loop.time()
    while (left := due - loop.time()) > 0:
        if await set_within(news, min(left, LONGEST_SLEEP_SECONDS)):
            return True
        passed = timedelta(seconds=loop.time() - began)
        if abs(now() - shown - passed) > timedelta(seconds=JITTER_SECONDS):
            return False
    return False


async def _acted(
    act: Callable[[], Awaitable[float | None]], what: str, again: float
) -> tuple[float | None, bool]:
    """Act, and return in how many seconds it is due again and whether it failed."""
    with guarded(log, what):
        try:
            return await act(), False
        except StorageError as error:
            log.warning("%s wait for the storage: %s", what, error)
    return again, True


async def tidy(forgetting: Sequence[Callable[[], Awaitable[None]]]) -> None:
    """Forget what is old, once an hour, without end."""
    while True:
        await asyncio.sleep(TIDY_EVERY_SECONDS)
        try:
            for forget in forgetting:
                await forget()
        except StorageError as error:
            log.warning("what is old stays for now: %s", error)
