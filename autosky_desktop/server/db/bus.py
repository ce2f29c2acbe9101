"""Wakes whoever waits for news. It carries none itself: they are in the event table."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bus:
    """Wakes whoever listens for news; `wakes` counts how often it has, and `rights`
    how often somebody's rights have changed."""

    def __init__(self) -> None:
        self._listeners: dict[asyncio.Event, bool] = {}
        self.closed = False
        self.wakes = 0
        self.rights = 0

    @contextmanager
    def listening(self, *, to_confirmations: bool = False) -> Iterator[asyncio.Event]:
        """Yield an event that is set at every wake; the listener clears it before it looks.

        Only listeners to confirmations are woken when something was read again and is unchanged.
        """
        listener = asyncio.Event()
        self._listeners[listener] = to_confirmations
        try:
            yield listener
        finally:
            del self._listeners[listener]

    def wake(self, *, confirmed: bool = False) -> None:
        """Wake everybody who listens. `confirmed`: nothing has changed, and was only read again."""
        self.wakes += 1
        for listener, to_confirmations in self._listeners.items():
            if to_confirmations or not confirmed:
                listener.set()

    def rights_changed(self) -> None:
        """Wake everybody: somebody may see more or less than before."""
        self.rights += 1
        self.wake()

    def close(self) -> None:
        """Wake all listeners, who see `closed`: there will be no more news."""
        self.closed = True
        self.wake()


async def set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for the event and return True, or False when the time ran out first. With None it waits
    without limit.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
