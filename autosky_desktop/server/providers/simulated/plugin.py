"""The demo as a plug-in: every environment of it is in the one simulated cloud of this process."""

from collections.abc import AsyncIterator
from typing import Annotated, Literal
from zlib import crc32

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.environment_settings import (
    Capability,
    CheckLine,
    CheckState,
    FieldKind,
    Found,
)
from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.demo_seed import DemoEnvironment
from autosky_desktop.server.providers.plugin import API, AskedFor, ProviderPace, Services
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.simulated.cloud import SimulatedProvider
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import DEMO, DEMO_EXAMPLE, DEMO_EXAMPLE_HELP, SIMULATED_ALL

NAME = "simulated"
CHECKED = tuple(it for it in Capability if it not in (Capability.COST, Capability.UNKNOWN))


class SimulatedSettings(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The settings of an environment of the demo. Those that the demo began with are there
    already, and take nothing from their example.
    """

    example: Annotated[
        Literal["erp-production", "erp-staging", "payroll", "point-of-sale"],
        AskedFor(DEMO_EXAMPLE, FieldKind.CHOICE, help=DEMO_EXAMPLE_HELP),
    ] = "erp-production"


class SimulatedPlugin:
    """Opens the same provider for each of its environments; whoever made that closes it."""

    api = API
    name = NAME
    title = DEMO
    demo = True
    settings = SimulatedSettings

    def __init__(self, provider: Provider, speed: float = 1.0) -> None:
        self._provider = provider
        self.pace = ProviderPace(
            moving_seconds=1.0,
            settled_seconds=15.0,
            at_once=16,
            answer_seconds=None,
            shared=True,
            speed=speed,
        )

    async def find(self, _settings: SimulatedSettings) -> Found:
        """Return nothing: there is nothing to choose from."""
        return Found()

    async def check(
        self, _environment: str, _settings: SimulatedSettings
    ) -> AsyncIterator[CheckLine]:
        """Say that all of it works."""
        for capability in CHECKED:
            yield CheckLine(
                capability=capability.value, state=CheckState.OK.value, detail=_(SIMULATED_ALL)
            )

    async def open(
        self, environment: str, settings: SimulatedSettings, _services: Services
    ) -> Provider:
        if isinstance(self._provider, SimulatedProvider):
            self._provider.begin(_like(settings.example, environment))
        return self._provider


def _like(example: str, environment: str) -> DemoEnvironment:
    """Return an environment like that of the demo, with ids and chances of its own."""
    of_demo = next(it for it in demo_seed.environments() if it.id == example)
    servers = tuple(replace(it, id=f"{environment}-{it.id}") for it in of_demo.servers)
    return replace(of_demo, id=environment, servers=servers, seed=crc32(environment.encode()))
