"""An environment of machines in memory, under a clock that stands until it is set."""

import asyncio
from collections.abc import Awaitable, Callable

from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.machines import (
    ANSWER_SECONDS,
    MachineProvider,
    machine_provider,
)
from tests.support.cloud import Time
from tests.support.machine_cloud import MemoryCloud, Person

HERE = "erp"


class House:
    """The environment and its provider; what waits in the background goes on with each `turn`."""

    def __init__(
        self,
        cloud: MemoryCloud | None = None,
        *,
        instances: int = 3,
        wanted: int = 0,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.time = Time()
        self.cloud = cloud or MemoryCloud(instances)
        self.first, *self.others = self.cloud.instances or [""]
        self._answer_seconds, self._wanted = answer_seconds, wanted
        self._turns = asyncio.Semaphore(0)
        self.provider = self.opened("plane-1")

    def opened(self, control_plane: str) -> MachineProvider:
        return machine_provider(
            HERE, self.cloud, {Platform.LINUX: LinuxGuest()}, control_plane=control_plane,
            now=self.time, sleep=self.waits, answer_seconds=self._answer_seconds,
            wanted=self._wanted,
        )  # fmt: skip

    async def waits(self, seconds: float) -> None:
        """Wait in the background until the next `turn`; a short pause is over at once."""
        if seconds > 5:
            await self._turns.acquire()

    def turn(self) -> None:
        """Let whatever waits in the background do its next turn."""
        self._turns.release()

    def on(self, instance: str, *accounts: str) -> list[Person]:
        return [self.cloud.systems[instance].signs_in(it) for it in accounts]

    async def counts(self) -> dict[str, int | None]:
        read = await self.provider.read(HERE)
        return {it.id: it.sessions for it in read.instances}

    async def counts_are(self, *expected: int | None) -> None:
        """Wait until reading tells so of the instances."""

        async def told() -> bool:
            return list((await self.counts()).values()) == list(expected)

        await holds(told)

    async def ids(self) -> list[str]:
        return [it.id for it in await self.provider.sessions(HERE)]


async def holds(look: Callable[[], Awaitable[bool] | bool]) -> None:
    """Wait until it does."""
    async with asyncio.timeout(10):
        while True:
            held = look()
            if await held if isinstance(held, Awaitable) else held:
                return
            await asyncio.sleep(0.005)
