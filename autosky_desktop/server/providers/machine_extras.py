"""The extra calls of the provider of real machines. What a cloud lacks is refused, or not told.

They stand apart from the calls that every provider has, since none of them belongs to publishing.
"""

from datetime import datetime

from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.server.providers.cloud import Cloud, KnowsLoads, LeadsToMachines, SwitchesOff
from autosky_desktop.server.providers.lease import Lease
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import NO_TUNNEL


class MachineExtras:
    """The extra calls of one environment's provider."""

    def __init__(self, environment: str, cloud: Cloud, lease: Lease) -> None:
        self._environment, self._cloud, self._lease = environment, cloud, lease

    async def leftovers(self, environment: str) -> list[Leftover]:
        """Return what is ours in its cloud and serves nothing."""
        self._is_ours(environment)
        return await self._cloud.leftovers()

    async def tunnel(self, environment: str, server: str) -> Tunnel:
        """Begin a tunnel to a machine, where the cloud can."""
        self._is_ours(environment)
        if not isinstance(self._cloud, LeadsToMachines):
            raise ProviderRefused(_(NO_TUNNEL))
        return await self._cloud.tunnel(server)

    async def loads(self, environment: str) -> list[InstanceLoad]:
        """Return how busy instances are, where the cloud knows."""
        self._is_ours(environment)
        return await self._cloud.loads() if isinstance(self._cloud, KnowsLoads) else []

    async def keep_shutdown(self, environment: str, server: str, at: datetime | None) -> bool:
        """Have the cloud switch the server off, where it does that."""
        self._is_ours(environment)
        cloud = self._cloud
        if not isinstance(cloud, SwitchesOff) or not cloud.trusted:
            return False
        await self._may_change(environment)  # another control plane may have set one
        await cloud.switch_off(server, at)
        return at is not None

    async def keep(self, environment: str) -> None:
        """Keep other control planes out, if none of them has it."""
        await self._may_change(environment)

    async def _may_change(self, environment: str) -> None:
        self._is_ours(environment)
        await self._lease.take()

    def _is_ours(self, environment: str) -> None:
        if environment != self._environment:
            detail = _(words.NOT_HERE).format(id=environment)
            raise ProviderRefused(detail, kind=RefusalKind.NOT_FOUND)
