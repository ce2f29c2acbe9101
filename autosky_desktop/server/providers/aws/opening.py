"""Opens environments in AWS. Those with the same way in share its connections and its readings."""

from collections.abc import Callable
from dataclasses import dataclass

from autosky_desktop.server.providers.aws.account import Access, AwsAccount
from autosky_desktop.server.providers.aws.cloud import AwsCloud
from autosky_desktop.server.providers.aws.commands import SsmCommands
from autosky_desktop.server.providers.aws.reading import AccountReading, ReadingPace
from autosky_desktop.server.providers.aws.settings import AwsSettings


@dataclass
class Entered:
    """An account with how many environments use it."""

    reading: AccountReading
    commands: SsmCommands
    users: int = 0


class AwsAccounts:
    """The accounts that are in use, each once."""

    def __init__(self, steady: Callable[[], float], pace: ReadingPace | None = None) -> None:
        self._steady = steady
        self._pace = pace or ReadingPace()
        self._entered: dict[Access, Entered] = {}

    def open(self, environment: str, settings: AwsSettings) -> AwsCloud:
        """Return the cloud of an environment, which gives its account back when it is closed."""
        access = access_of(settings)
        entered = self._entered.get(access) or self._enter(access)
        entered.users += 1
        return AwsCloud(
            environment,
            settings,
            entered.reading,
            entered.commands,
            pace=self._pace,
            release=lambda: self._leave(access),
        )

    def _enter(self, access: Access) -> Entered:
        reading = AccountReading(AwsAccount(access), self._steady)
        entered = self._entered[access] = Entered(reading, SsmCommands(reading))
        return entered

    def _leave(self, access: Access) -> None:
        entered = self._entered[access]
        entered.users -= 1
        if not entered.users:
            del self._entered[access]
            entered.reading.account.close()


def access_of(settings: AwsSettings) -> Access:
    """Return the way in that the settings name."""
    return Access(settings.profile, settings.region, settings.role_arn)
