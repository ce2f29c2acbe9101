"""Hears the news of other workers by LISTEN, and looks at everything anew after it was deaf."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from psycopg import AsyncConnection

from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.pause import pause_after
from autosky_desktop.server.coordination.heartbeat import UNREACHABLE
from autosky_desktop.server.coordination.port import WorkerNews

CHANNEL = "autosky"
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0

log = logging.getLogger(__name__)


class Listener:
    """Hands on what other workers tell: `hear` is called with each piece of news."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection]],
        worker: str,
        hear: Callable[[WorkerNews], None],
    ) -> None:
        self._connect, self._worker, self._hear = connect, worker, hear

    async def run(self) -> None:
        """Listen until cancelled."""
        failures = 0
        while True:
            with guarded(log, "listening to other workers"):
                try:
                    async with await self._connect() as connection:
                        await connection.execute(f"LISTEN {CHANNEL}".encode())
                        failures = 0
                        self._hear(WorkerNews.PLACED)  # what was told before nobody heard here
                        await self._follow(connection)
                except UNREACHABLE as error:
                    log.warning("other workers cannot be heard for now: %s", error)
            failures += 1
            await asyncio.sleep(pause_after(failures, first=FIRST_PAUSE, longest=LONGEST_PAUSE))

    async def _follow(self, connection: AsyncConnection) -> None:
        async for told in connection.notifies():
            worker, _, news = told.payload.partition(" ")
            if worker != self._worker:
                self._hear(WorkerNews(news))
