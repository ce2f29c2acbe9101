"""Starting, stopping and restarting a server because somebody asked."""

import logging
from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import MOVES, Power, Server, ServerState
from autosky_desktop.server.db import reads
from autosky_desktop.server.providers.provider import Provider, ProviderError
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.patience import patiently
from autosky_desktop.server.usecases.refusal import Refusal, of_provider
from autosky_desktop.server.usecases.register import Register

TRIES = 4
PAUSE_SECONDS = 0.2
KINDS = MappingProxyType(
    {
        Power.START: ActivityKind.START,
        Power.STOP: ActivityKind.STOP,
        Power.RESTART: ActivityKind.RESTART,
    }
)

log = logging.getLogger(__name__)


class PowerSwitch:
    def __init__(
        self, engine: AsyncEngine, provider: Provider, observer: Observer, register: Register
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._observer = observer
        self._register = register

    async def press(self, identity: str, power: Power, *, operator: str, key: str) -> Server:
        """The server as it is after the provider accepted. Raises Refusal.

        A repeat with the same key of what was begun and not answered goes on with it.
        """
        environment, server = await self._find(identity)
        entry = self._register.entry(KINDS[power].value, by=operator, key=key, target=server.name)
        async with self._register.asking(environment, entry, subject=identity) as asking:
            if asking.done:
                return server
            if not asking.begun:
                _permit(server, power)
            await asking.begin()
            await self._ask(environment, identity, power, key)
        await self._look(environment)
        return (await self._find(identity))[1]

    async def _ask(self, environment: str, identity: str, power: Power, key: str) -> None:
        try:
            await patiently(
                lambda: self._provider.power(environment, identity, power, key=key),
                tries=TRIES,
                pause=PAUSE_SECONDS,
            )
        except ProviderError as error:
            raise of_provider(error) from error

    async def _look(self, environment: str) -> None:
        """It was accepted: when it cannot be looked at now, the next reading will tell of it."""
        try:
            await patiently(
                lambda: self._observer.read(environment), tries=TRIES, pause=PAUSE_SECONDS
            )
        except ProviderError as error:
            log.warning("%s could not be read: %s", environment, error.detail)

    async def _find(self, identity: str) -> tuple[str, Server]:
        async with self._engine.connect() as connection:
            found = await reads.server(connection, identity)
        if found is None:
            raise Refusal(Code.NOT_FOUND, f"no server {identity}")
        return found


def _permit(server: Server, power: Power) -> None:
    if (ServerState(server.status), power) not in MOVES:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} is {server.status}", state=server.status
        )
