"""The requests by which environments are added, looked for, checked, changed and removed."""

from typing import TYPE_CHECKING

from autosky_desktop.actions.intents import Order, PlaneHolder
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.environment_settings import (
    CheckResult,
    EnvironmentSettings,
    Found,
    ProviderInfo,
    Values,
)
from autosky_desktop.domain.errors import Offline

if TYPE_CHECKING:
    from autosky_desktop.client.environments import EnvironmentCalls


class EnvironmentRequests:
    """The requests about environments as such. None writes the store: the feed tells the
    results.
    """

    def __init__(self, link: PlaneHolder) -> None:
        self._link = link

    async def providers(self) -> list[ProviderInfo]:
        return (await self._calls().providers()).providers

    async def find(self, provider: str, values: Values) -> Found:
        return await self._calls().find(provider, values)

    async def check(self, settings: EnvironmentSettings) -> CheckResult:
        return await self._calls().check(settings)

    async def settings(self, environment: str) -> EnvironmentSettings:
        return await self._calls().settings(environment)

    def save(self, settings: EnvironmentSettings) -> Order[Environment]:
        """Add the environment, or change the one that has that id."""
        if settings.id:
            return Order(lambda key: self._calls().change(settings.id, settings, key=key))
        return Order(lambda key: self._calls().add(settings, key=key))

    def pause(self, environment: str) -> Order[Environment]:
        return Order(lambda key: self._calls().pause(environment, key=key))

    def resume(self, environment: str) -> Order[Environment]:
        return Order(lambda key: self._calls().resume(environment, key=key))

    def remove(self, environment: str) -> Order[None]:
        return Order(lambda key: self._calls().remove(environment, key=key))

    def _calls(self) -> "EnvironmentCalls":
        if self._link.plane is None:
            raise Offline("not connected")
        return self._link.plane.managed
