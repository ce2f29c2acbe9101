"""The line to the control plane: how far its clock is from this computer's, and when its silence
means that it is gone.

Shutdowns happen by the control plane's clock, so countdowns follow it. Its time is known as of the
middle of a request: nobody can say when in between it was read.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from autosky_desktop.domain.environment import EnvironmentList
from autosky_desktop.domain.errors import AutoskyError, Offline
from autosky_desktop.store.store import Store

if TYPE_CHECKING:
    from autosky_desktop.client.control_plane import ControlPlane


ANSWERS_WITHIN = 3.0
"""Seconds in which a control plane that is there says who it is."""
JITTER = timedelta(seconds=2)
"""What a network and a busy computer may make of two clocks that agree."""

NONE = timedelta()


@asynccontextmanager
async def while_it_answers(plane: "ControlPlane") -> AsyncIterator[None]:
    """End the block with Offline when a request waits for long, and a short question gets no
    answer either.

    The feed alone would notice only after several of its keep-alives.
    """

    async def look() -> None:
        while True:
            await plane.slow.wait()
            try:
                async with asyncio.timeout(ANSWERS_WITHIN):
                    await plane.me()
            except (Offline, TimeoutError):
                over.reschedule(0)
                return
            except AutoskyError:
                pass  # it answers; what it answers is told to who asked
            plane.slow.clear()

    try:
        async with asyncio.timeout(None) as over:
            looking = asyncio.get_running_loop().create_task(look())
            try:
                yield
            finally:
                looking.cancel()
    except TimeoutError:
        raise Offline("requests are not answered") from None


class Clocks:
    """Compares the clocks and writes `store.clock_ahead`. `steady` stands still in sleep."""

    def __init__(
        self, store: Store, now: Callable[[], datetime], steady: Callable[[], float]
    ) -> None:
        self._store = store
        self._now = now
        self._steady = steady
        self._seen = now(), steady()

    async def measure(self, ask: Callable[[], Awaitable[EnvironmentList]]) -> EnvironmentList:
        """Ask for the environments, and compare the clocks by the answer."""
        began = self._seen = self._now(), self._steady()
        listing = await ask()
        took = timedelta(seconds=self._steady() - began[1])
        if listing.read_at:
            self._compare(listing.read_at - (began[0] + took / 2), unsure=took / 2)
        return listing

    def jumped(self) -> bool:
        """Return whether the computer slept, or its clock was set, since this was asked last."""
        before, self._seen = self._seen, (self._now(), self._steady())
        passed = timedelta(seconds=self._seen[1] - before[1])
        return abs(self._seen[0] - before[0] - passed) >= JITTER

    def _compare(self, ahead: timedelta, *, unsure: timedelta) -> None:
        ahead = ahead if abs(ahead) >= JITTER else NONE
        if abs(ahead - self._store.clock_ahead) >= max(JITTER, unsure):
            self._store.set_clock_ahead(ahead)
