"""Collects which environments of the simulated cloud changed since somebody asked.

It stands apart from the cloud, so that waiting for them can be tested alone.
"""

import asyncio


class ChangeSignal:
    """Gathers the environments that changed and wakes whoever waits for one."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._stir = asyncio.Event()

    def tell(self, *environments: str) -> None:
        self._changed.update(environments)
        self._stir.set()

    def taken(self) -> frozenset[str]:
        """Return the environments that changed, and forget them."""
        self._stir.clear()
        told, self._changed = frozenset(self._changed), set()
        return told

    async def wait(self, seconds: float | None) -> None:
        """Wait until an environment changes, but no longer than so many seconds.

        It does without `asyncio.wait_for`: before Python 3.12 that loses a cancellation that comes
        together with the news, and whoever wants to end this waits for ever.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._stir.wait()
        except TimeoutError:
            return
