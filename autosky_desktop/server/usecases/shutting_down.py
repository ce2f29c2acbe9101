"""Switching preparation servers off when their moment has come."""

import logging
from datetime import timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.server import Power, ScheduledShutdown, Server
from autosky_desktop.server.db import reads
from autosky_desktop.server.db.bus import Bus, set_within
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.providers.provider import Provider, ProviderError
from autosky_desktop.server.usecases.observing import Observer

AGAIN = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Due(NamedTuple):
    environment: str
    position: int
    server: Server
    shutdown: ScheduledShutdown
    publishing: bool


class ShutdownTimer:
    """Sleeps until the next moment that is due, or until something changed."""

    def __init__(
        self,
        engine: AsyncEngine,
        provider: Provider,
        observer: Observer,
        recorder: Recorder,
        bus: Bus,
        now: Now,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._observer = observer
        self._recorder = recorder
        self._bus = bus
        self._now = now

    async def run(self) -> None:
        with self._bus.listening() as news:
            while True:
                news.clear()
                try:
                    wait = await self.act()
                except StorageError as error:
                    log.warning("shutdowns wait for the storage: %s", error)
                    wait = AGAIN.total_seconds()
                await set_within(news, wait)

    async def act(self) -> float | None:
        """Do what is due; the seconds until the next moment, None when none is set."""
        waits = [wait for due in await self._scheduled() if (wait := await self._see_to(due))]
        return min(waits).total_seconds() if waits else None

    async def _see_to(self, due: Due) -> timedelta | None:
        left = due.shutdown.at - self._now()
        if left > timedelta():
            return left
        if due.publishing:
            await self._hold(due)
            return None
        return await self._stop(due)

    async def _hold(self, due: Due) -> None:
        if due.shutdown.held:
            return
        held = msgspec.structs.replace(due.shutdown, held=True)
        async with self._recorder.recording(due.environment) as recording:
            recording.server(msgspec.structs.replace(due.server, shutdown=held), due.position)

    async def _stop(self, due: Due) -> timedelta | None:
        key = f"shutdown:{due.server.id}:{due.shutdown.at.isoformat()}"
        try:
            await self._provider.power(due.environment, due.server.id, Power.STOP, key=key)
            await self._observer.read(due.environment)
        except ProviderError as error:
            log.warning("%s could not be switched off: %s", due.server.id, error.detail)
            return AGAIN
        return None

    async def _scheduled(self) -> list[Due]:
        found = []
        async with self._engine.connect() as connection:
            running = {where for where, _ in await reads.open_publications(connection)}
            for environment in await reads.environment_ids(connection):
                servers = await reads.servers(connection, environment)
                found += [
                    Due(environment, position, server, server.shutdown, environment in running)
                    for position, server in enumerate(servers)
                    if server.shutdown is not None
                ]
        return found
