"""Has clouds keep the scheduled shutdowns that they can, for when this computer is off.

The cloud's moment is a little later than ours, and goes with ours: moved with it, and removed once
the server is off, while a publication runs, or when there is none any more. So it comes only where
ours did not.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.server import Server
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.provider import (
    ProviderError,
    ProviderPaused,
    ProviderRefused,
)
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.servers import queries as servers
from autosky_desktop.server.transactions.unit_of_work import NoSuchEnvironment, UnitOfWork
from autosky_desktop.server.wake_loop import run_wake_loop

LATER = timedelta(minutes=5)
"""How long the cloud leaves it to us."""
AGAIN = timedelta(minutes=1)
REFUSED_AGAIN = timedelta(minutes=15)

Keep = Callable[[str, str, datetime | None], Awaitable[bool | None]]
"""Has the cloud of an environment switch a server off then, as `ProviderRegistry.keep_shutdown`."""

log = logging.getLogger(__name__)


class ShutdownKeeper:
    """Tells clouds what they do not know yet. One that hangs keeps no other from hearing."""

    def __init__(
        self, engine: AsyncEngine, keep: Keep, unit_of_work: UnitOfWork, bus: Bus, now: Now
    ) -> None:
        self._engine, self._keep, self._unit_of_work = engine, keep, unit_of_work
        self._bus, self._now = bus, now
        self._told: dict[str, tuple[datetime | None, bool | None]] = {}
        self._telling: dict[str, asyncio.Task[None]] = {}
        self._again: dict[str, datetime] = {}

    async def run(self) -> None:
        try:
            again = AGAIN.total_seconds()
            await run_wake_loop(self.act, self._bus, self._now, "shutdowns in clouds", again=again)
        finally:
            await self.close()

    async def close(self) -> None:
        """Tell nothing any more."""
        telling = list(self._telling.values())
        for task in telling:
            task.cancel()
        await asyncio.gather(*telling, return_exceptions=True)

    async def act(self) -> float | None:
        """Begin to tell what has changed. Return the seconds until what failed is tried again."""
        async with self._engine.connect() as connection:
            publishing = {environment for environment, _ in await publications.running(connection)}
            found = await servers.preparing(connection)
        now, known = self._now(), {server.id for _, server in found}
        self._again = {id_: at for id_, at in self._again.items() if id_ in known and at > now}
        for environment, server in found:
            at = None if environment in publishing else _moment(server)
            if at is not None and at <= now:
                continue  # ours is due: the cloud's stays, for when that fails
            if server.id not in {*self._telling, *self._again} and self._is_news(server, at):
                task = asyncio.create_task(self._tell(environment, server, at))
                self._telling[server.id] = task
                task.add_done_callback(partial(self._has_told, server.id))
        waits = [at - now for at in self._again.values()] + [AGAIN] * bool(self._telling)
        return min(waits).total_seconds() if waits else None

    def _has_told(self, server: str, _task: object) -> None:
        del self._telling[server]

    def _is_news(self, server: Server, at: datetime | None) -> bool:
        if server.id not in self._told:
            return True
        told, kept = self._told[server.id]
        return told != at or (server.shutdown is not None and server.shutdown.kept is not kept)

    async def _tell(self, environment: str, server: Server, at: datetime | None) -> None:
        """Tell the cloud of the moment, and record whether it will be heeded."""
        gone = NoSuchEnvironment
        with suppress(gone), guarded(log, f"keeping the shutdown of {server.id}", but=(gone,)):
            try:
                cloud = None if at is None else at + LATER
                answer = await self._keep(environment, server.id, cloud)
                self._told[server.id] = at, answer
                await self._record(environment, server, at, kept=answer)
            except ProviderError as error:
                pause = REFUSED_AGAIN if isinstance(error, ProviderRefused) else AGAIN
                self._again[server.id] = self._now() + pause
                if not isinstance(error, ProviderPaused):
                    log.warning("no cloud keeps %s's shutdown: %s", server.id, error.detail)
                await self._record(environment, server, at, kept=False)

    async def _record(
        self, environment: str, server: Server, at: datetime | None, *, kept: bool | None
    ) -> None:
        async with self._unit_of_work.transaction(environment) as transaction:
            now = (await transaction.servers()).get(server.id)
            shutdown = now.shutdown if now else None
            if now is None or shutdown is None or shutdown.kept is kept:
                return
            if at is None or shutdown.at == at:
                await transaction.server(replace(now, shutdown=replace(shutdown, kept=kept)))


def _moment(server: Server) -> datetime | None:
    """Return when the server is switched off; None: not, or a publication holds it."""
    shutdown = server.shutdown
    return None if shutdown is None or shutdown.held else shutdown.at
