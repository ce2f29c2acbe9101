"""Follows every source of environments in a task of its own, while they come, change and go."""

import asyncio
import logging

from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.environments.poller import AGAIN_SECONDS, Poller
from autosky_desktop.server.providers.registry import EnvironmentSource, ProviderRegistry

log = logging.getLogger(__name__)


class Followers:
    """Keeps one follower for each source: a provider that hangs holds up its own."""

    def __init__(self, registry: ProviderRegistry, poller: Poller) -> None:
        self._registry = registry
        self._poller = poller
        self._following: dict[str, tuple[EnvironmentSource, asyncio.Task[None]]] = {}

    async def run(self) -> None:
        """Follow until cancelled."""
        try:
            while True:
                self._registry.news.clear()
                await self._adjust(self._registry.sources())
                await self._registry.news.wait()
        finally:
            await self._adjust({})

    async def _adjust(self, wanted: dict[str, EnvironmentSource]) -> None:
        """End the followers of what went or changed, and begin those of what came."""
        ended = [name for name, (it, _) in self._following.items() if wanted.get(name) != it]
        tasks = [self._following.pop(name)[1] for name in ended]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for name in wanted.keys() - self._following.keys():
            task = asyncio.create_task(self._keep_following(wanted[name]))
            self._following[name] = wanted[name], task

    async def _keep_following(self, source: EnvironmentSource) -> None:
        while True:
            with guarded(log, f"following {', '.join(source.environments)}"):
                await self._poller.follow(source)
            await asyncio.sleep(AGAIN_SECONDS)
