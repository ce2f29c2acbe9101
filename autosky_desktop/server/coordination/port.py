"""The interface by which the workers of one control plane agree with each other.

A worker is one start of one process that serves a control plane. On a workstation there is one, and
nothing to agree on; the workers of a team stand on one database.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from enum import StrEnum
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

Work = Callable[[], Awaitable[None]]


class WorkerNews(StrEnum):
    """The news that one worker has for the others. The events themselves are in their table."""

    CHANGED = "changed"
    CONFIRMED = "confirmed"
    """Something was read again and is unchanged."""
    PLACED = "placed"
    """An environment came, went, or is reached in another way than before."""


class Coordination(Protocol):
    """Has one worker do what must not be done twice, and tells the others of its news."""

    @property
    def worker(self) -> str:
        """Return the id of this worker. No other start of any process has the same."""

    @property
    def alone(self) -> bool:
        """Return whether there is never another worker: what this one wrote is still so."""

    @property
    def placed(self) -> asyncio.Event:
        """Return what is set when another worker has placed environments anew."""

    def entered(self, engine: AsyncEngine) -> AbstractAsyncContextManager[None]:
        """Be one of the workers within the block. Raises StorageError."""

    async def living(self) -> frozenset[str]:
        """Return the ids of the workers that go on, with this one's. Raises StorageError."""

    def turn(self, name: str) -> AbstractAsyncContextManager[None]:
        """Let nobody else into a block of this name, in any worker. Raises StorageError."""

    async def lead(self, part: str, work: Work, *, shared_out: bool = False) -> None:
        """Do the work, which has no end, while it is this worker's to do; wait until it is.

        Of parts that are `shared_out`, each worker gets as many as the others.
        """

    async def reading(self) -> int:
        """Return a number that is higher than those that any worker got before. Raises
        StorageError.
        """

    async def begin(self, connection: AsyncConnection) -> None:
        """Take note that a write begins on the connection. Raises StorageError when the others
        have given this worker up, and do its work.
        """

    async def tell(self, connection: AsyncConnection, news: WorkerNews) -> None:
        """Tell the other workers, when the connection's transaction has ended well."""
