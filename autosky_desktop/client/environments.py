"""The calls by which environments are added, changed, paused and removed."""

from autosky_desktop.client.transport import Transport, quoted
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.environment_settings import (
    CheckResult,
    EnvironmentSettings,
    FindRequest,
    Found,
    LeftoverList,
    ProviderList,
    Values,
)


class EnvironmentCalls:
    """The part of the control plane's API that is about environments as such. Every call raises
    AutoskyError when it has no answer to give.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def providers(self) -> ProviderList:
        return await self._transport.get("/v1/providers", answer=ProviderList)

    async def find(self, provider: str, values: Values) -> Found:
        """Look at what is there, which may take as long as the provider takes."""
        path = f"/v1/providers/{quoted(provider)}/find"
        request = FindRequest(values=values)
        return await self._transport.post(path, request, acts=False, answer=Found)

    async def check(self, settings: EnvironmentSettings) -> CheckResult:
        """Try what can be done with these settings. Nothing is changed by it."""
        path = "/v1/environments/check"
        return await self._transport.post(path, settings, acts=False, answer=CheckResult)

    async def add(self, settings: EnvironmentSettings, *, key: str) -> Environment:
        return await self._transport.post("/v1/environments", settings, key=key, answer=Environment)

    async def settings(self, environment: str) -> EnvironmentSettings:
        return await self._transport.get(
            f"{_path(environment)}/settings", answer=EnvironmentSettings
        )

    async def leftovers(self, environment: str) -> LeftoverList:
        """List what was made in its cloud and serves nothing there."""
        return await self._transport.get(f"{_path(environment)}/leftovers", answer=LeftoverList)

    async def change(
        self, environment: str, settings: EnvironmentSettings, *, key: str
    ) -> Environment:
        path = f"{_path(environment)}/settings"
        return await self._transport.put(path, settings, key=key, answer=Environment)

    async def pause(self, environment: str, *, key: str) -> Environment:
        """Ask its provider for nothing any more, until it is resumed."""
        path = f"{_path(environment)}/pause"
        return await self._transport.post(path, key=key, answer=Environment)

    async def resume(self, environment: str, *, key: str) -> Environment:
        path = f"{_path(environment)}/resume"
        return await self._transport.post(path, key=key, answer=Environment)

    async def remove(self, environment: str, *, key: str) -> None:
        """Remove an environment. What it has in its cloud stays there, and its history here."""
        await self._transport.delete(_path(environment), key=key)


def _path(environment: str) -> str:
    return f"/v1/environments/{quoted(environment)}"
