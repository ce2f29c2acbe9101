"""The plug-in for AWS. The rest of this folder needs boto3, so it is imported when there is
something to ask.
"""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from autosky_desktop.domain.environment_settings import CheckLine, Found
from autosky_desktop.server.db.clock import steady
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.plugin import ProviderPace
from autosky_desktop.words import aws as words

if TYPE_CHECKING:
    from autosky_desktop.server.providers.aws.cloud import AwsAccounts, AwsCloud
    from autosky_desktop.server.providers.plugin import Services
    from autosky_desktop.server.providers.provider import Provider

SETTLED_SECONDS = 40.0
"""How often an environment is read in which nothing moves, as a ReadingPace allows it."""


class AwsPlugin:
    """The part of AWS that the control plane knows before it is used."""

    api = 1
    name = "aws"
    title = words.TITLE
    settings = AwsSettings
    requires = ("boto3",)
    install = words.INSTALL

    pace = ProviderPace(moving_seconds=4.0, settled_seconds=SETTLED_SECONDS)

    def __init__(self) -> None:
        self._accounts: AwsAccounts | None = None

    async def find(self, settings: AwsSettings) -> Found:
        from autosky_desktop.server.providers.aws.account import AwsAccount
        from autosky_desktop.server.providers.aws.cloud import access_of
        from autosky_desktop.server.providers.aws.looking import find
        from autosky_desktop.server.providers.aws.reading import AccountReading

        account = AwsAccount(access_of(settings))
        try:
            return await find(AccountReading(account, steady))
        finally:
            account.close()

    async def check(self, environment: str, settings: AwsSettings) -> AsyncIterator[CheckLine]:
        from autosky_desktop.server.providers.aws.looking import check

        cloud = self.cloud(environment, settings)
        try:
            async for line in check(settings, cloud.reading, cloud):
                yield line
        finally:
            await cloud.close()

    async def open(
        self,
        environment: str,
        settings: AwsSettings,
        services: "Services",
    ) -> "Provider":
        from autosky_desktop.server.providers.aws.commands import SESSIONS_SECONDS
        from autosky_desktop.server.providers.cloud import Platform
        from autosky_desktop.server.providers.guests.linux import LinuxGuest
        from autosky_desktop.server.providers.guests.windows import WindowsGuest
        from autosky_desktop.server.providers.machines import machine_provider

        return machine_provider(
            environment,
            self.cloud(environment, settings),
            {Platform.LINUX: LinuxGuest(), Platform.WINDOWS: WindowsGuest()},
            control_plane=services.control_plane,
            now=services.now,
            wanted=0 if settings.group else settings.instances,  # a group decides itself
            look_seconds=SESSIONS_SECONDS,
        )

    def cloud(self, environment: str, settings: AwsSettings) -> "AwsCloud":
        """Return the cloud of an environment."""
        from autosky_desktop.server.providers.aws.cloud import AwsAccounts

        if self._accounts is None:
            self._accounts = AwsAccounts(steady)
        return self._accounts.open(environment, settings)


plugin = AwsPlugin()
