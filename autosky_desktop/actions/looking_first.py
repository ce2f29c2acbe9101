"""Requests that depend on a state confirmed long ago, and therefore ask for the state first."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from autosky_desktop.actions.intents import Intents, Order, PlaneHolder
from autosky_desktop.domain.errors import AnswerLost, Offline, ProviderSilent
from autosky_desktop.domain.operation import Operation, OperationState
from autosky_desktop.domain.plan import PublishRequest
from autosky_desktop.domain.publication import Publication
from autosky_desktop.domain.server import Power, Server
from autosky_desktop.store.store import Store, is_stale

PATIENCE = 60.0
"""Seconds for the provider to be read."""


class LookingFirst(Intents):
    """Intents that have an old state read again first. The control plane then decides by what is so
    now, and says no when that is something else.
    """

    def __init__(self, link: PlaneHolder, store: Store, now: Callable[[], datetime]) -> None:
        super().__init__(link)
        self._store = store
        self._now = now

    def power(self, server: str, power: Power, hours: int | None = None) -> Order[Server]:
        def ask(key: str) -> Awaitable[Server]:
            return self._plane().power(server, power, key=key, hours=hours)

        return Order(ask, first=lambda: self._look(self._home(server)))

    def publish(self, environment: str, request: PublishRequest) -> Order[Publication]:
        def ask(key: str) -> Awaitable[Publication]:
            return self._plane().publish(environment, request, key=key)

        return Order(ask, first=lambda: self._look(environment))

    def _home(self, server: str) -> str:
        """Return the environment a server belongs to; empty when nobody has opened that."""
        opened = self._store.opened
        return next((it for it in opened if self._store.details(it).servers.get(server)), "")

    async def _look(self, environment: str) -> None:
        known = self._store.environments.get(environment)
        if known and is_stale(known.confirmed_at, now=self._now()):
            try:
                operation = await self.provider_update(environment).send()
            except AnswerLost as cause:  # of the look; what depends on it was not sent
                raise Offline(str(cause)) from cause
            await _ended(self._store, operation)


async def _ended(store: Store, operation: Operation) -> None:
    """Wait until the operation has ended, well or not: what is known then is all there is."""
    operations = store.details(operation.environment).operations
    over = asyncio.Event()

    def look(_diff: object = None) -> None:
        now = operations.get(operation.id) or operation
        if OperationState(now.state) is not OperationState.RUNNING or not store.connection.live:
            over.set()

    operations.watch(look)
    store.watch(look)
    try:
        async with asyncio.timeout(PATIENCE):
            await over.wait()
    except TimeoutError:
        raise ProviderSilent(operation.environment) from None
    finally:
        operations.unwatch(look)
        store.unwatch(look)
    if not store.connection.live:
        raise Offline("lost while the provider was read")
