"""Collects which environments of the simulated cloud changed since somebody asked.

Apart from the cloud, so that waiting for them is tried alone.
"""

import asyncio


class ChangeSignal:
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

        Not by `asyncio.wait_for`: before Python 3.12 it loses a cancellation that comes together
        with the news, and whoever wants to end this waits for ever.
        """
        try:
            async with asyncio.timeout(seconds):
                await self._stir.wait()
        except TimeoutError:
            return
