"""Starting, stopping and restarting a server because somebody asked."""

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import MOVES, Power, Server, ServerState
from autosky_desktop.server.db import reads
from autosky_desktop.server.providers.provider import Provider, ProviderBusy, ProviderRefused
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.patience import patiently
from autosky_desktop.server.usecases.refusal import Refusal

TRIES = 4
PAUSE_SECONDS = 0.2


class PowerSwitch:
    def __init__(self, engine: AsyncEngine, provider: Provider, observer: Observer) -> None:
        self._engine = engine
        self._provider = provider
        self._observer = observer

    async def press(self, identity: str, power: Power, *, key: str) -> Server:
        """The server as it is after the provider accepted. Raises Refusal."""
        environment, server = await self._find(identity)
        if (ServerState(server.status), power) not in MOVES:
            raise Refusal(
                Code.NOT_ALLOWED_NOW, f"{server.name} is {server.status}", state=server.status
            )
        try:
            await patiently(
                lambda: self._provider.power(environment, identity, power, key=key),
                tries=TRIES,
                pause=PAUSE_SECONDS,
            )
            await patiently(
                lambda: self._observer.read(environment), tries=TRIES, pause=PAUSE_SECONDS
            )
        except ProviderRefused as error:
            raise Refusal(Code.PROVIDER_REFUSED, error.detail) from error
        except ProviderBusy as error:
            raise Refusal(Code.PROVIDER_BUSY, error.detail) from error
        return (await self._find(identity))[1]

    async def _find(self, identity: str) -> tuple[str, Server]:
        async with self._engine.connect() as connection:
            found = await reads.server(connection, identity)
        if found is None:
            raise Refusal(Code.NOT_FOUND, f"no server {identity}")
        return found
