"""Keeping what we know equal to what the provider has."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import (
    SETTLES,
    ScheduledShutdown,
    Server,
    ServerRole,
    ServerState,
)
from autosky_desktop.server.db import reads
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.db.recorder import Recorder, Recording
from autosky_desktop.server.providers.provider import (
    Observed,
    Provider,
    ProviderError,
    TellsOfChanges,
)

CONFIRM_SECONDS = 40.0
POLL_MOVING_SECONDS = 1.0
POLL_SETTLED_SECONDS = 15.0

log = logging.getLogger(__name__)


class Observer:
    """Reads the provider and records the differences."""

    def __init__(
        self, engine: AsyncEngine, provider: Provider, recorder: Recorder, now: Now
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._recorder = recorder
        self._now = now
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def read(self, environment: str) -> Observed:
        """Read one environment now and record it. Raises ProviderError, LookupError."""
        async with self._turns[environment]:  # or an older reading might be recorded last
            observed = await self._provider.read(environment)
            async with self._recorder.recording(environment) as recording:
                recording.confirmed_at = self._now()
                await _record_servers(recording, observed.servers)
                await _record_instances(recording, observed.instances)
        return observed

    async def read_all(self, environments: Iterable[str]) -> bool:
        """Read each; one that cannot be read keeps its last confirmation. True: some move."""
        moving = False
        for environment in environments:
            try:
                observed = await self.read(environment)
            except (ProviderError, StorageError) as error:
                log.warning("%s could not be read: %s", environment, error)
            else:
                moving = moving or any(ServerState(s.status) in SETTLES for s in observed.servers)
        return moving

    async def run(self) -> None:
        """Keep reading until cancelled."""
        async with self._engine.connect() as connection:
            everywhere = await reads.environment_ids(connection)
        if isinstance(self._provider, TellsOfChanges):
            await self._follow(self._provider, everywhere)
        while True:
            moving = await self.read_all(everywhere)
            await asyncio.sleep(POLL_MOVING_SECONDS if moving else POLL_SETTLED_SECONDS)

    async def _follow(self, provider: TellsOfChanges, everywhere: list[str]) -> None:
        loop = asyncio.get_running_loop()
        read_at = dict.fromkeys(everywhere, -CONFIRM_SECONDS)
        while True:
            due = min(read_at.values()) + CONFIRM_SECONDS
            try:
                async with asyncio.timeout_at(due):
                    changed = await provider.changed()
            except TimeoutError:
                changed = set(everywhere)
                with self._recorder.together():  # one wake-up of every window, not one for each
                    await self.read_all(changed)
            else:
                await self.read_all(changed)
            read_at |= dict.fromkeys(changed, loop.time())


def shutdown_of(
    before: Server | None, read: Server, *, run_hours: int, now: datetime
) -> ScheduledShutdown | None:
    """When the server, as read, switches itself off: a preparation server's start sets it."""
    state = ServerState(read.status)
    if read.role != ServerRole.PREPARATION or state in (
        ServerState.STOPPED,
        ServerState.STOPPING,
    ):
        return None
    if before is None or ServerState(before.status) in (ServerState.STOPPED, ServerState.STOPPING):
        return ScheduledShutdown(at=now + timedelta(hours=run_hours))
    return before.shutdown


async def _record_servers(recording: Recording, found: list[Server]) -> None:
    known = {s.id: s for s in await reads.servers(recording.connection, recording.identity)}
    for position, read in enumerate(found):
        before = known.pop(read.id, None)
        shutdown = shutdown_of(before, read, run_hours=recording.run_hours, now=recording.now)
        server = msgspec.structs.replace(read, shutdown=shutdown)
        if server != before:
            recording.server(server, position)
    for identity in known:
        recording.server_gone(identity)


async def _record_instances(recording: Recording, found: list[Instance]) -> None:
    known = {i.id: i for i in await reads.instances(recording.connection, recording.identity)}
    for instance in found:
        if instance != known.pop(instance.id, None):
            recording.instance(instance)
    for identity in known:
        recording.instance_gone(identity)
