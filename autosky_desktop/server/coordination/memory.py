"""Coordinates the one worker that is alone with its database, as on a workstation: for nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from uuid import uuid4
from weakref import WeakValueDictionary

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.server.coordination.port import Work, WorkerNews


class MemoryCoordination:
    """Gives the only worker everything to do."""

    alone = True

    def __init__(self) -> None:
        self.worker = uuid4().hex
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._readings = count(1)
        self.placed = asyncio.Event()

    @asynccontextmanager
    async def entered(self, engine: AsyncEngine) -> AsyncIterator[None]:  # noqa: ARG002
        yield

    async def living(self) -> frozenset[str]:
        return frozenset({self.worker})

    @asynccontextmanager
    async def turn(self, name: str) -> AsyncIterator[None]:
        lock = self._turns.setdefault(name, asyncio.Lock())
        async with lock:
            yield

    async def lead(
        self,
        part: str,  # noqa: ARG002
        work: Work,
        *,
        shared_out: bool = False,  # noqa: ARG002
    ) -> None:
        await work()

    async def reading(self) -> int:
        return next(self._readings)

    async def begin(self, connection: AsyncConnection) -> None:
        """Do nothing: there is nobody who could give it up."""

    async def tell(self, connection: AsyncConnection, news: WorkerNews) -> None:
        """Do nothing: there is nobody to tell."""
