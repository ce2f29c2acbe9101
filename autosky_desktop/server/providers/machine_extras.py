"""The extra calls of the provider of real machines. What a cloud lacks is refused, or not told.

They stand apart from the calls that every provider has, since none of them belongs to publishing.
"""

from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.server.providers.cloud import Cloud, LeadsToMachines
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _
from autosky_desktop.words.provider import NO_TUNNEL


class MachineExtras:
    """The extra calls of one environment's provider."""

    def __init__(self, environment: str, cloud: Cloud) -> None:
        self._environment, self._cloud = environment, cloud

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

    def _is_ours(self, environment: str) -> None:
        if environment != self._environment:
            detail = _(words.NOT_HERE).format(id=environment)
            raise ProviderRefused(detail, kind=RefusalKind.NOT_FOUND)
