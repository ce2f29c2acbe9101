"""Hands each call to the provider of its environment, which is opened when it is first needed.

Each has so many questions at once and so much time for an answer. One that hangs, is throttled or
cannot be opened is waited for by nobody but those who ask for its own environment.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, Protocol, cast, runtime_checkable

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.environment_settings import Leftover, Values
from autosky_desktop.domain.guard import guarded
from autosky_desktop.server.providers.checked_provider import CALLS, checked, checked_call
from autosky_desktop.server.providers.plugin import (
    ProviderPace,
    Services,
    WrongSettings,
    pace_of,
    typed,
)
from autosky_desktop.server.providers.plugins import Plugins
from autosky_desktop.server.providers.provider import (
    EXTRAS,
    Provider,
    ProviderPaused,
    ProviderRefused,
    RefusalKind,
    TellsOfChanges,
)
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import IS_PAUSED, NO_TUNNEL, NOT_THERE

CLOSE_SECONDS = 5.0

log = logging.getLogger(__name__)


CallWatch = Callable[[str, str], AbstractContextManager[None]]
"""Watches a call, by its name and environment, which is made within the block."""


def unwatched(_call: str, _environment: str) -> AbstractContextManager[None]:
    return nullcontext()


async def _watched(
    watch: CallWatch,
    name: str,
    call: Callable[..., Awaitable[Any]],
    environment: str,
    *given: Any,
    **more: Any,
) -> Any:
    with watch(name, environment):
        return await call(environment, *given, **more)


class Placement(Struct, frozen=True, kw_only=True):
    """The place of an environment: the plug-in that has it, by name, and what that was told."""

    plugin: str
    values: Values = {}
    paused: bool = False


@runtime_checkable
class Closes(Protocol):
    """The extra call of a provider that holds connections; ask with isinstance."""

    async def close(self) -> None:
        """Let go of everything; nothing is asked afterwards."""


class OwnProvider:
    """The provider of one environment. It is opened once, by the first who asks."""

    def __init__(
        self,
        placement: Placement,
        pace: ProviderPace,
        open_provider: Callable[[], Awaitable[tuple[Provider, ProviderPace]]],
    ) -> None:
        self.placement = placement
        self.pace = pace
        self.provider: Provider | None = None
        self._open = open_provider
        self._closed = False
        self._opening = asyncio.Lock()
        self._asking = asyncio.Semaphore(pace.at_once)

    async def ask(self, name: str, *given: Any, **more: Any) -> Any:
        """Ask the provider. Raises TimeoutError when it does not answer in its time."""
        async with asyncio.timeout(self.pace.answer_seconds):
            provider = await self._opened()
            async with self._asking:
                return await getattr(provider, name)(*given, **more)

    async def ask_if_able(self, name: str, *given: Any) -> Any:
        """Ask a provider that has this extra call; None: it has not."""
        async with asyncio.timeout(self.pace.answer_seconds):
            able = isinstance(await self._opened(), EXTRAS[name])
        return await self.ask(name, *given) if able else None

    async def _opened(self) -> Provider:
        if self.placement.paused:
            raise ProviderPaused(_(IS_PAUSED))
        async with self._opening:
            if self.provider is None and not self._closed:
                self.provider, self.pace = await self._open()
                self._asking = asyncio.Semaphore(self.pace.at_once)
                if self._closed:  # meanwhile
                    await self.close()
            if self.provider is None:
                raise ProviderRefused(_(NOT_THERE), kind=RefusalKind.NOT_FOUND)
            return self.provider

    async def close(self) -> None:
        """Let go of the provider, and of one that is only being opened."""
        self._closed = True
        provider, self.provider = self.provider, None
        with guarded(log, "closing a provider"):
            if isinstance(provider, Closes):
                try:
                    async with asyncio.timeout(CLOSE_SECONDS):
                        await provider.close()
                except (TimeoutError, OSError) as error:
                    log.warning("a provider could not be closed: %r", error)


class EnvironmentSource(Struct, frozen=True):
    """Environments that are read together, because one provider has them all."""

    own: tuple[OwnProvider, ...]
    environments: tuple[str, ...]

    @property
    def pace(self) -> ProviderPace:
        return self.own[0].pace

    @property
    def tells(self) -> bool:
        """Return whether the provider, once it is open, tells of changes."""
        return isinstance(self._provider, TellsOfChanges)

    async def changed(self) -> frozenset[str]:
        """Wait until the provider tells of changes: for ever, if it does not do that. Raises
        ProviderError.
        """
        careful = checked(self._provider) if self._provider else None
        if not isinstance(careful, TellsOfChanges):
            await asyncio.get_running_loop().create_future()
            raise AssertionError("nobody sets it")
        return frozenset(await careful.changed()) & frozenset(self.environments)

    @property
    def _provider(self) -> Provider | None:
        return next((it.provider for it in self.own if it.provider is not None), None)


class ProviderRegistry:
    """Keeps the providers of all environments. `provider` is all of them as one; `news` is set when
    an environment came, changed or went.
    """

    def __init__(self, plugins: Plugins, services: Services, watch: CallWatch = unwatched) -> None:
        self.plugins = plugins
        self.news = asyncio.Event()
        self._services = services
        self._own: dict[str, OwnProvider] = {}
        calls = {name: partial(self._ask, name) for name in CALLS}
        careful = checked(cast(Provider, SimpleNamespace(**calls)))
        watched = {name: partial(_watched, watch, name, getattr(careful, name)) for name in CALLS}
        self.provider: Provider = cast(Provider, SimpleNamespace(**watched))

    def put_all(self, placed: Mapping[str, Placement]) -> None:
        """Take these environments in."""
        for environment, placement in placed.items():
            pace = pace_of(self.plugins.known(placement.plugin))
            opening = partial(self._opened, environment, placement)
            self._own[environment] = OwnProvider(placement, pace, opening)
        self.news.set()

    @property
    def placed(self) -> dict[str, Placement]:
        """Return how each environment that was taken in is reached."""
        return {environment: own.placement for environment, own in self._own.items()}

    def pace(self, environment: str) -> ProviderPace:
        """Return the pace of the environment's provider, the usual one if it is not there."""
        own = self._own.get(environment)
        return ProviderPace() if own is None else own.pace

    async def put(self, environment: str, placement: Placement) -> None:
        """Take one in, or what was changed of it: then it is opened anew."""
        await self.remove(environment)
        self.put_all({environment: placement})

    async def remove(self, environment: str) -> None:
        """Let go of the environment: nothing is asked of its provider any more."""
        own = self._own.pop(environment, None)
        self.news.set()
        if own is not None and not own.pace.shared:
            await own.close()

    async def close(self) -> None:
        """Let go of all providers, except those that others opened and share."""
        await asyncio.gather(*(it.close() for it in self._own.values() if not it.pace.shared))

    def sources(self) -> dict[str, EnvironmentSource]:
        """Return what is to be read, by a name that stays. What is paused is not."""
        shared: dict[str, list[str]] = {}
        for environment, own in self._own.items():
            if not own.placement.paused:
                name = own.placement.plugin if own.pace.shared else f"/{environment}"
                shared.setdefault(name, []).append(environment)
        return {
            name: EnvironmentSource(tuple(self._own[it] for it in those), tuple(those))
            for name, those in shared.items()
        }

    async def leftovers(self, environment: str) -> list[Leftover]:
        """Return what is ours in the environment's cloud and serves nothing; it is empty where the
        provider leaves nothing. Raises ProviderError.
        """
        return await self._extra("leftovers", environment) or []

    async def tunnel(self, environment: str, server: str) -> Tunnel:
        """Begin a tunnel to a server or an instance. Raises ProviderError."""
        found: Tunnel | None = await self._extra("tunnel", environment, server)
        if found is None:
            raise ProviderRefused(_(NO_TUNNEL))
        return found

    async def keep(self, environment: str) -> None:
        """Keep other control planes out of the environment for the next minutes, where its provider
        knows how to. Raises ProviderError.
        """
        await self._extra("keep", environment)

    async def _ask(self, name: str, environment: str, *given: Any, **more: Any) -> Any:
        return await self._of(environment).ask(name, environment, *given, **more)

    async def loads(self, environment: str) -> list[InstanceLoad]:
        """Return how busy its instances are, as far as it is told. Raises ProviderError."""
        return await self._extra("loads", environment) or []

    async def keep_shutdown(
        self, environment: str, server: str, at: datetime | None
    ) -> bool | None:
        """Have the environment's cloud switch a server off then, None: not. Return whether it will,
        None where no cloud is asked. Raises ProviderError.
        """
        will: bool | None = await self._extra("keep_shutdown", environment, server, at)
        return will

    async def _extra(self, name: str, environment: str, *given: Any) -> Any:
        """Make an extra call; None: the environment's provider does not have it."""
        ask = SimpleNamespace(**{name: self._of(environment).ask_if_able})
        return await checked_call(ask, name, name, environment, *given)

    def _of(self, environment: str) -> OwnProvider:
        own = self._own.get(environment)
        if own is None:
            raise ProviderRefused(_(NOT_THERE), kind=RefusalKind.NOT_FOUND)
        return own

    async def _opened(
        self, environment: str, placement: Placement
    ) -> tuple[Provider, ProviderPace]:
        plugin = await asyncio.to_thread(self.plugins.get, placement.plugin)
        try:
            settings = typed(plugin, placement.values)
        except WrongSettings as error:
            raise ProviderRefused(str(error)) from error
        services = replace(self._services, folder=self._services.folder / environment)
        return await plugin.open(environment, settings, services), pace_of(plugin)
