"""Wakes whoever waits for news. It carries none itself: the news are in the event table."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bus:
    def __init__(self) -> None:
        self._listeners: set[asyncio.Event] = set()
        self.closed = False
        self.wakes = 0

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set at every wake; the listener clears it before it looks."""
        listener = asyncio.Event()
        self._listeners.add(listener)
        try:
            yield listener
        finally:
            self._listeners.discard(listener)

    def wake(self) -> None:
        self.wakes += 1
        for listener in self._listeners:
            listener.set()

    def close(self) -> None:
        """There will be no more news: listeners wake up and see `closed`."""
        self.closed = True
        self.wake()


async def set_within(event: asyncio.Event, seconds: float | None) -> bool:
    """Wait for the event; False when the time was up first. None waits for good."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
