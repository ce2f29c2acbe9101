"""A plug-in for tests: each environment has a simulated cloud of its own, with its troubles."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.environment_settings import (
    CheckLine,
    FieldKind,
    Found,
    FoundGroup,
    FoundMachine,
    Leftover,
)
from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.plugin import AskedFor, ProviderPace, Services
from autosky_desktop.server.providers.provider import Provider, ProviderRefused, RefusalKind
from autosky_desktop.server.providers.simulated import SimulatedProvider


class AcmeSettings(Struct, kw_only=True, forbid_unknown_fields=True):
    """The settings of a cloud; `trouble` is what is wrong with it."""

    host: Annotated[str, AskedFor("Host", required=True)]
    trouble: Annotated[
        Literal[
            "", "hangs", "hangs at opening", "slow at opening", "credentials", "breaks", "garbage"
        ],
        AskedFor("Trouble"),
    ] = ""
    machine: Annotated[str, AskedFor("Machine", FieldKind.MACHINE, access=False)] = ""
    group: Annotated[str, AskedFor("Group", FieldKind.GROUP, access=False)] = ""


class Acme:
    """Opens a cloud of its own for each environment. `opened` and `closed` are those it was for;
    `leaves` is what is left in each, `asked` when they were asked what, in seconds.
    """

    api = 1
    name = "acme"
    title = "Acme"
    settings = AcmeSettings

    def __init__(self, pace: ProviderPace | None = None) -> None:
        self.pace = pace or ProviderPace(settled_seconds=0.2, moving_seconds=0.2)
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.leaves: list[Leftover] = []
        self.asked: list[tuple[str, float]] = []
        self.opening, self.go_on = asyncio.Event(), asyncio.Event()
        self.hanging: asyncio.Queue[str] = asyncio.Queue()

    async def find(self, settings: AcmeSettings) -> Found:
        await _troubled(settings)
        if settings.trouble == "garbage":
            return Found(machines=[FoundMachine(id=5, name=None)])  # type: ignore[arg-type]
        machines = [FoundMachine(id=f"m-{n}", name=f"Machine {n}") for n in (1, 2)]
        return Found(machines=machines, groups=[FoundGroup(id="g-1", name="Group")])

    async def check(self, environment: str, settings: AcmeSettings) -> AsyncIterator[CheckLine]:
        yield CheckLine(capability="read", state="ok")
        await _troubled(settings)
        if settings.trouble == "garbage":
            yield None  # type: ignore[misc]
        yield CheckLine(capability="power", state="ok")

    async def open(self, environment: str, settings: AcmeSettings, services: Services) -> Provider:
        self.opened.append(environment)
        if settings.trouble == "hangs at opening":
            await asyncio.Event().wait()
        if settings.trouble == "slow at opening":
            self.opening.set()
            await self.go_on.wait()
        services.folder.mkdir(parents=True, exist_ok=True)
        begin = replace(
            demo_seed.environments()[2],
            id=environment,
            servers=tuple(
                replace(it, id=f"{environment}-{it.id}")
                for it in demo_seed.environments()[2].servers
            ),
            seed=len(self.opened),
        )
        cloud = await SimulatedProvider.open(
            services.folder, clock=services.now, speed=1500.0, churn=False, begin=[begin]
        )
        return AcmeProvider(self, environment, settings, cloud)  # type: ignore[return-value]


class AcmeProvider:
    """A cloud that does what the simulated one does, but tells of no changes."""

    def __init__(
        self, plugin: Acme, environment: str, settings: AcmeSettings, cloud: SimulatedProvider
    ) -> None:
        self._plugin = plugin
        self._environment = environment
        self._settings = settings
        self._cloud = cloud

    def __getattr__(self, name: str) -> Any:
        if name == "changed" or (name == "leftovers" and not self._plugin.leaves):
            raise AttributeError(name)

        async def ask(*given: Any, **more: Any) -> Any:
            self._plugin.asked.append((name, time.monotonic()))
            if self._settings.trouble == "hangs":
                self._plugin.hanging.put_nowait(name)
            await _troubled(self._settings)
            if name == "leftovers":
                return self._plugin.leaves
            return await getattr(self._cloud, name)(*given, **more)

        return ask

    async def close(self) -> None:
        self._plugin.closed.append(self._environment)
        await self._cloud.close()


async def _troubled(settings: AcmeSettings) -> None:
    match settings.trouble:
        case "hangs":
            await asyncio.Event().wait()
        case "credentials":
            raise ProviderRefused("The token has expired.", kind=RefusalKind.CREDENTIALS)
        case "breaks":
            raise ZeroDivisionError
