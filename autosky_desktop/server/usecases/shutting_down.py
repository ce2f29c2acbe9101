"""Switching preparation servers off when their moment has come."""

import logging
import uuid
from datetime import timedelta
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.server import Power, ScheduledShutdown, Server
from autosky_desktop.server.db import activities, publications, reads
from autosky_desktop.server.db.activities import Ending
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.recording import Recording
from autosky_desktop.server.providers.provider import Provider, ProviderBusy, ProviderError
from autosky_desktop.server.usecases import shutdowns
from autosky_desktop.server.usecases.falling_due import keep_acting
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.register import Register

AGAIN = timedelta(minutes=1)
BREATH_SECONDS = 0.25
"""After news: a hundred publications have news all the time, and one look is enough for it."""

log = logging.getLogger(__name__)


class Due(NamedTuple):
    environment: str
    server: Server
    shutdown: ScheduledShutdown
    publishing: int | None


class ShutdownTimer:
    """Sleeps until the next moment that is due, or until something changed."""

    def __init__(
        self,
        engine: AsyncEngine,
        provider: Provider,
        observer: Observer,
        recorder: Recorder,
        register: Register,
        bus: Bus,
        now: Now,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._observer = observer
        self._recorder = recorder
        self._register = register
        self._bus = bus
        self._now = now

    async def run(self) -> None:
        again = AGAIN.total_seconds()
        await keep_acting(self.act, self._bus, "shutdowns", again=again, breath=BREATH_SECONDS)

    async def act(self) -> float | None:
        """Do what is due; the seconds until the next moment, None when none is set."""
        waits = [wait for due in await self._scheduled() if (wait := await self._see_to(due))]
        return min(waits).total_seconds() if waits else None

    async def _see_to(self, due: Due) -> timedelta | None:
        left = due.shutdown.at - self._now()
        if left > timedelta():
            return left
        if due.publishing is not None:
            await self._hold(due, due.publishing)
            return None
        return await self._stop(due)

    async def _hold(self, due: Due, version: int) -> None:
        if due.shutdown.held:
            return
        entry = self._entry(due, ActivityKind.HOLD_SHUTDOWN)
        async with self._recorder.recording(due.environment) as recording:
            if await _still(recording, due):
                held = shutdowns.held(due.shutdown)
                server = (await recording.servers())[due.server.id]
                await recording.server(replace(server, shutdown=held))
                await activities.write(
                    recording,
                    replace(
                        entry,
                        outcome=Outcome.DONE.value,
                        moved_from=held.at,
                        version=version,
                        ended_at=recording.now,
                    ),
                )

    async def _stop(self, due: Due) -> timedelta | None:
        entry = self._entry(due, ActivityKind.SCHEDULED_SHUTDOWN)
        if not await self._begin(due, entry):
            return None  # somebody moved it, or publishes: the news of it wake us again
        try:
            key = f"shutdown:{due.server.id}:{due.shutdown.at.isoformat()}"
            await self._provider.power(due.environment, due.server.id, Power.STOP, key=key)
        except ProviderError as error:
            log.warning("%s could not be switched off: %s", due.server.id, error.detail)
            await self._failed(due, entry, error)
            return AGAIN
        await self._accepted(due, entry)
        try:
            await self._observer.read(due.environment)
        except ProviderError as error:
            log.warning("%s could not be read: %s", due.environment, error.detail)
            return AGAIN
        return None

    def _entry(self, due: Due, kind: ActivityKind) -> Activity:
        key = f"{due.server.id}\n{due.shutdown.at.isoformat()}"
        return self._register.entry(kind.value, by=None, key=key, target=due.server.name)

    async def _begin(self, due: Due, entry: Activity) -> bool:
        """From here on nobody can move it; False when somebody did, or began to publish."""
        async with self._recorder.recording(due.environment) as recording:
            connection = recording.connection
            if not await _still(recording, due):
                return False
            if await publications.running_in(connection, due.environment) is not None:
                return False
            if await activities.find(connection, entry.id) is None:
                await activities.write(recording, entry, subject=due.server.id)
        return True

    async def _failed(self, due: Due, entry: Activity, error: ProviderError) -> None:
        busy = isinstance(error, ProviderBusy)
        ending = Ending(
            outcome=Outcome.FAILED.value,
            reason="provider-busy" if busy else "provider-refused",
            detail=error.detail,
        )
        async with self._recorder.recording(due.environment) as recording:
            await activities.conclude(recording, entry.id, ending)

    async def _accepted(self, due: Due, entry: Activity) -> None:
        """A later try that succeeds is an entry of its own: the failed one stays as it is."""
        async with self._recorder.recording(due.environment) as recording:
            known = await activities.find(recording.connection, entry.id)
            if known is not None and known.outcome == Outcome.FAILED:
                again = replace(entry, id=str(uuid.uuid4()))
                await activities.write(recording, again, subject=due.server.id)

    async def _scheduled(self) -> list[Due]:
        async with self._engine.connect() as connection:
            running = {where: run.version for where, run in await publications.running(connection)}
            return [
                Due(environment, server, shutdown, running.get(environment))
                for environment, server in await reads.servers_to_stop(connection)
                if (shutdown := server.shutdown) is not None
            ]


async def _still(recording: Recording, due: Due) -> bool:
    server = (await recording.servers()).get(due.server.id)
    return server is not None and server.shutdown == due.shutdown
