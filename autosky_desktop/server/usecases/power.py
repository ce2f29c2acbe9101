"""Starts, stops and restarts a server because somebody asked."""

from types import MappingProxyType

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import MOVES, Power, Server, ServerRole, ServerState
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.usecases import finding
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.patience import answered
from autosky_desktop.server.usecases.refusal import Refusal
from autosky_desktop.server.usecases.register import Register

KINDS = MappingProxyType(
    {
        Power.START: ActivityKind.START,
        Power.STOP: ActivityKind.STOP,
        Power.RESTART: ActivityKind.RESTART,
    }
)


class PowerSwitch:
    """Starts, stops and restarts servers, and records who asked for it."""

    def __init__(
        self, engine: AsyncEngine, provider: Provider, observer: Observer, register: Register
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._observer = observer
        self._register = register

    async def press(
        self,
        identity: str,
        power: Power,
        *,
        operator: str,
        key: str,
        hours: int | None = None,
    ) -> Server:
        """Start, stop or restart the server and return it as accepted. Raises Refusal.

        `hours`: when a preparation server that is started switches itself off again.

        A repeat with the same key of what was begun and not answered goes on with it.
        """
        environment, server = await finding.server(self._engine, identity)
        if hours and (power is not Power.START or server.role != ServerRole.PREPARATION):
            raise Refusal(Code.INVALID_REQUEST, "hours go with the start of a preparation server")
        kind, name = KINDS[power].value, server.name
        entry = self._register.entry(kind, by=operator, key=key, target=name, count=hours)
        async with self._register.asking(environment, entry, subject=identity) as asking:
            if asking.done:
                return server
            if not asking.begun:
                _permit(server, power)
            await asking.begin()
            await answered(lambda: self._provider.power(environment, identity, power, key=key))
        await self._observer.look(environment)
        return (await finding.server(self._engine, identity))[1]


def _permit(server: Server, power: Power) -> None:
    if (ServerState(server.status), power) not in MOVES:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} is {server.status}", state=server.status
        )
