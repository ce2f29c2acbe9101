"""Doing what falls due: again at the next moment, and whenever there is news."""

import asyncio
import logging
import math
from collections.abc import Awaitable, Callable

from autosky_desktop.server.db.bus import Bus, set_within
from autosky_desktop.server.db.errors import StorageError

log = logging.getLogger(__name__)


async def keep_acting(
    act: Callable[[], Awaitable[float | None]],
    bus: Bus,
    what: str,
    *,
    again: float,
    breath: float = 0.0,
) -> None:
    """For good. `act` says in how many seconds it is due again; None: with the next news.

    `again` is when it is tried after the storage failed. `breath` is how many seconds it looks away
    after news, however many there are, but not past what is due: many may come at once. `what` is
    for the log.
    """
    loop = asyncio.get_running_loop()
    with bus.listening() as news:
        while True:
            news.clear()
            try:
                wait = await act()
            except StorageError as error:
                log.warning("%s wait for the storage: %s", what, error)
                wait = again
            due = math.inf if wait is None else loop.time() + wait
            if await set_within(news, wait) and breath:
                await asyncio.sleep(min(breath, max(0.0, due - loop.time())))
