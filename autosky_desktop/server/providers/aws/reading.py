"""The reading of an account, once for all its environments and no oftener than it has to be.

AWS counts calls: environments of one account share each answer while it is young enough for them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct

from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.server.providers.aws import loads
from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.aws.tags import ENVIRONMENT, tags_of
from autosky_desktop.server.providers.cloud import Platform

T = TypeVar("T")
Answer = dict[str, Any]

MOST_A_PAGE = 1000
MOST_GROUPS = 100
LOADS_SECONDS = 300.0
"""How often EC2 measures a machine."""


class ReadingPace(Struct, frozen=True, kw_only=True):
    """The seconds for which an answer is good enough: `settled` while nothing moves, `moving` while
    something does; groups and images change more seldom than machines.
    """

    settled: float = 40.0
    moving: float = 3.0
    groups: float = 180.0
    images: float = 600.0


def calls_an_hour(pace: ReadingPace, *, grouped: bool) -> int:
    """Return how often an account is read while nothing moves, with up to a thousand machines."""
    ages = [pace.settled, pace.images, *([pace.groups] if grouped else [])]
    return round(sum(3600 / max(age, 1.0) for age in ages))


class Shared(Generic[T]):
    """An answer that several may use. One of them asks while the others wait for it."""

    def __init__(self, ask: Callable[[], Awaitable[T]], steady: Callable[[], float]) -> None:
        self._ask = ask
        self._steady = steady
        self._asking = asyncio.Lock()
        self._found: T | None = None
        self._asked_at = 0.0
        self._changes = 0

    async def read(self, most_age: float) -> T:
        """Return an answer that is not older than that, in seconds."""
        async with self._asking:
            if self._found is not None and self._steady() - self._asked_at < most_age:
                return self._found
            changes, asked_at = self._changes, self._steady()
            found = await self._ask()
            if changes == self._changes:  # else it may be of before the change
                self._found, self._asked_at = found, asked_at
            return found

    def forget(self) -> None:
        """Ask anew next time: something was changed."""
        self._changes += 1
        self._found = None


class AccountReading:
    """The machines, groups and images of an account. `groups` are read once somebody named them."""

    def __init__(self, account: AwsAccount, steady: Callable[[], float]) -> None:
        self.account = account
        self._names: set[str] = set()
        self.machines = Shared(self._machines, steady)
        self.groups = Shared(self._groups, steady)
        self.images = Shared(self._images, steady)
        self.guests = Shared(self._guests, steady)
        self._loaded: dict[str, Mapping[str, Platform]] = {}
        self.loads = Shared(self._loads, steady)

    def follow_group(self, name: str) -> None:
        """Read this Auto Scaling group too, from now on."""
        if name not in self._names:
            self._names.add(name)
            self.groups.forget()

    def follow_loads(self, environment: str, machines: Mapping[str, Platform]) -> None:
        """Read the loads of these machines from now on, and of no others of the environment."""
        known = self._loaded.get(environment, {})
        self._loaded[environment] = machines
        if not machines.keys() <= known.keys():
            self.loads.forget()

    def forget(self) -> None:
        """Ask for machines, groups and images anew: something was changed."""
        for each in (self.machines, self.groups, self.images):
            each.forget()

    async def _machines(self) -> Mapping[str, Answer]:
        paging = {"PageSize": MOST_A_PAGE}
        found = await self.account.pages(
            "ec2", "describe_instances", "Reservations", PaginationConfig=paging
        )
        return {it["InstanceId"]: it for each in found for it in each["Instances"]}

    async def _groups(self) -> Mapping[str, Answer]:
        names, found = sorted(self._names), list[Answer]()
        for first in range(0, len(names), MOST_GROUPS):
            found += await self.account.pages(
                "autoscaling",
                "describe_auto_scaling_groups",
                "AutoScalingGroups",
                AutoScalingGroupNames=names[first : first + MOST_GROUPS],
            )
        return {it["AutoScalingGroupName"]: it for it in found}

    async def _images(self) -> list[Answer]:
        return await self.account.pages(
            "ec2",
            "describe_images",
            "Images",
            Owners=["self"],
            Filters=[{"Name": "tag-key", "Values": [ENVIRONMENT]}],
        )

    async def _loads(self) -> Mapping[str, InstanceLoad]:
        asked = {id_: it for each in self._loaded.values() for id_, it in each.items()}
        return await loads.read(self.account, asked)

    async def _guests(self) -> Mapping[str, str]:
        found = await self.account.pages(
            "ssm", "describe_instance_information", "InstanceInformationList"
        )
        return {it["InstanceId"]: it["PingStatus"] for it in found}


def of_environment(images: list[Answer], environment: str) -> list[Answer]:
    """Return the images that carry this environment's tag, the newest first."""
    ours = [it for it in images if tags_of(it).get(ENVIRONMENT) == environment]
    return sorted(ours, key=lambda it: str(it.get("CreationDate", "")), reverse=True)
