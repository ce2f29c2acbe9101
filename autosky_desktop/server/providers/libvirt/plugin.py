"""The plug-in for libvirt. The rest of this folder needs its library, so it is imported when there
is something to ask.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from autosky_desktop.domain.environment_settings import CheckLine, Found
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.plugin import ProviderPace
from autosky_desktop.words import libvirt as words

if TYPE_CHECKING:
    from autosky_desktop.server.providers.plugin import Services
    from autosky_desktop.server.providers.provider import Provider

LOOK_SECONDS = 5.0
"""How often guests are asked who is there: by their agents it takes milliseconds."""


class LibvirtPlugin:
    """The plug-in as the control plane knows it."""

    api = 1
    name = "libvirt"
    title = words.TITLE
    settings = LibvirtSettings
    requires = ("libvirt",)
    install = words.INSTALL
    pace = ProviderPace(moving_seconds=1.0)  # it costs nobody anything to ask again

    async def find(self, settings: LibvirtSettings) -> Found:
        from autosky_desktop.server.providers.libvirt.looking import find

        return await find(settings)

    async def check(
        self,
        environment: str,  # noqa: ARG002  what is checked is the same for each
        settings: LibvirtSettings,
    ) -> AsyncIterator[CheckLine]:
        from autosky_desktop.server.providers.libvirt.looking import check

        async for line in check(settings):
            yield line

    async def open(
        self, environment: str, settings: LibvirtSettings, services: "Services"
    ) -> "Provider":
        from autosky_desktop.server.providers.cloud import Platform
        from autosky_desktop.server.providers.guests.linux import LinuxGuest
        from autosky_desktop.server.providers.guests.windows import WindowsGuest
        from autosky_desktop.server.providers.libvirt.cloud import LibvirtCloud
        from autosky_desktop.server.providers.machines import machine_provider

        return machine_provider(
            environment,
            LibvirtCloud(environment, settings, services.now),
            {Platform.LINUX: LinuxGuest(), Platform.WINDOWS: WindowsGuest()},
            control_plane=services.control_plane,
            now=services.now,
            wanted=settings.instances,
            look_seconds=LOOK_SECONDS,
        )


plugin = LibvirtPlugin()
