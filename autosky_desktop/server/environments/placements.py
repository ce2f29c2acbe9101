"""Reaches environments as other workers have placed them.

It stands alone because on a workstation nobody else places any, and it is not run.
"""

import asyncio
import logging

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.coordination.port import Coordination
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.providers.registry import Placement, ProviderRegistry

AGAIN_SECONDS = 1.0

log = logging.getLogger(__name__)


async def placements(engine: AsyncEngine) -> dict[str, Placement]:
    """Return how each environment is reached, by its id."""
    async with engine.connect() as connection:
        return {
            row.id: Placement(plugin=row.provider, values=row.provider_values, paused=row.paused)
            for row in await environments.placements(connection)
        }


class PlacementFollower:
    """Makes the registry's environments those of the database whenever another placed any."""

    def __init__(
        self,
        engine: AsyncEngine,
        registry: ProviderRegistry,
        poller: Poller,
        coordination: Coordination,
    ) -> None:
        self._engine, self._registry, self._poller = engine, registry, poller
        self._news = coordination.placed

    async def run(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            with guarded(log, "following where environments are"):
                try:
                    await self.follow()
                except StorageError as error:
                    log.warning("where environments are is read later: %s", error)
                    self._news.set()
                    await asyncio.sleep(AGAIN_SECONDS)

    async def follow(self) -> None:
        """Take in what came or changed, and let go of what went. Raises StorageError."""
        there, known = await placements(self._engine), self._registry.placed
        for environment in known.keys() - there.keys():
            await self._registry.remove(environment)
            self._poller.forget(environment)
        for environment, placement in there.items():
            if known.get(environment) != placement:
                await self._registry.put(environment, placement)
