"""The difference between the control plane's clock and this computer's.

Shutdowns happen by the control plane's clock, so countdowns follow it. Its time is known as of the
middle of a request: nobody can say when in between it was read.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from autosky_desktop.domain.environment import EnvironmentList
from autosky_desktop.store.store import Store

JITTER = timedelta(seconds=2)
"""What a network and a busy computer may make of two clocks that agree."""

NONE = timedelta()


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
