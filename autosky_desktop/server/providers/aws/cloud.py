"""The machines of one environment in AWS, and the accounts that environments share: those with the
same way in have one connection and one reading.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from autosky_desktop.domain.endpoint import Endpoint, Tunnel
from autosky_desktop.domain.environment import InstanceLoad
from autosky_desktop.domain.environment_settings import Leftover
from autosky_desktop.domain.server import Power, ServerRole
from autosky_desktop.server.providers.aws import group as groups
from autosky_desktop.server.providers.aws import (
    images,
    leftovers,
    machines,
    models,
    shutdowns,
    tags,
)
from autosky_desktop.server.providers.aws.account import Access, AwsAccount
from autosky_desktop.server.providers.aws.commands import (
    SsmChannel,
    SsmCommands,
    calls_for_sessions,
)
from autosky_desktop.server.providers.aws.instances import Instances
from autosky_desktop.server.providers.aws.reading import (
    LOADS_SECONDS,
    AccountReading,
    Answer,
    ReadingPace,
    calls_an_hour,
    of_environment,
)
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.aws.tags import tags_of
from autosky_desktop.server.providers.cloud import CloudReading, Holder
from autosky_desktop.server.providers.guest import Channel
from autosky_desktop.server.providers.provider import (
    Admission,
    ImageProgress,
    Member,
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _

CALLS: Mapping[Power, str] = {
    Power.START: "start_instances",
    Power.STOP: "stop_instances",
    Power.RESTART: "reboot_instances",
}
MANY = 40
"""As many instances as the cost of a large environment is told for."""


class AwsCloud:
    """Keeps one environment. `release` is called once it is closed: others may use its account."""

    images_while_running = True

    def __init__(
        self,
        environment: str,
        settings: AwsSettings,
        reading: AccountReading,
        commands: SsmCommands,
        *,
        pace: ReadingPace,
        release: Callable[[], None],
    ) -> None:
        self._environment = environment
        self._settings = settings
        self.reading = reading
        self._account = reading.account
        self._commands = commands
        self._pace = pace
        self._release = release
        self._instances = Instances(environment, settings, reading)
        self._networks: dict[str, str] = {}
        self._moving = True
        if settings.group:
            reading.follow_group(settings.group)

    async def read(self) -> CloudReading:
        """Return all servers and instances, no older than the pace allows. What was begun before
        is carried on with: whoever runs joins its group.
        """
        found = await self.reading.machines.read(self._most_age(self._pace.settled))
        group = await self._instances.group(self._most_age(self._pace.groups))
        servers = await self._servers(found)
        members = self._instances.members(found, group)
        with suppress(ProviderBusy):  # the next reading carries on
            members = await self._instances.carry_on(members, found, group)
        self._moving = _moves(servers, members)
        shown = [found[it.id] for it in servers] + [found[it.instance.id] for it in members]
        return CloudReading(
            servers=list(servers),
            members=members,
            platforms={it["InstanceId"]: machines.platform(it) for it in shown},
        )

    async def power(self, server: str, power: Power) -> None:
        await self._account.call("ec2", CALLS[power], InstanceIds=[server])
        self._changed()

    @property
    def trusted(self) -> bool:
        return bool(self._settings.shutdown_role)

    async def switch_off(self, server: str, at: datetime | None) -> None:
        if at is None:
            await shutdowns.remove(self._account, server)
        else:
            role = self._settings.shutdown_role
            await shutdowns.put(self._account, self._environment, server, at, role)

    async def endpoint(self, machine: str) -> Endpoint:
        found = await self._machine(machine)
        return machines.endpoint(
            found, account=self._settings.account, network=await self._network(found)
        )

    async def tunnel(self, machine: str) -> Tunnel:
        found = await self._machine(machine)
        port = machines.endpoint(found, account="", network=None).port
        return await self._commands.tunnel(machine, port)

    async def loads(self) -> list[InstanceLoad]:
        """Return the loads of instances, no oftener than CloudWatch has others."""
        reading = await self.read()
        ids = {it.instance.id: reading.platforms[it.instance.id] for it in reading.members}
        self.reading.follow_loads(self._environment, ids)
        found = await self.reading.loads.read(LOADS_SECONDS)
        return [found[id_] for id_ in ids if id_ in found]

    async def create_image(self, *, key: str) -> str:
        server = self._settings.preparation
        made = await images.create_image(self._account, self._environment, server, key)
        self._changed()
        return made

    async def image(self, image: str) -> ImageProgress:
        return await images.progress(self._account, image)

    async def create_model(self, *, image: str, version: int, key: str) -> str:
        await images.progress(self._account, image)  # AWS would make a version of any
        group = await self._instances.group(0)
        base = await self._instances.template(group)
        made = await models.create_model(
            self._account, self._environment, base, image=image, version=version, key=key
        )
        template, _colon, number = made.id.partition(":")
        if group and groups.template_of(group).get("Version") != number:
            await groups.start_on(self._account, group, template, number)
            self.reading.groups.forget()
        return made.id

    async def start_instance(self, *, model: str, name: str, replaces: str, key: str) -> str:
        started = await self._instances.start(model=model, name=name, replaces=replaces, key=key)
        self._changed()
        return started

    async def retire_instance(self, instance: str) -> None:
        await self._instances.retire(instance)
        self._changed()

    async def mark(self, instance: str, admission: Admission) -> None:
        await self._instances.mark(instance, admission)
        self._changed()

    async def holder(self) -> Holder | None:
        found = await self._machine(self._settings.preparation, most_age=0)
        told = tags_of(found).get(tags.HOLDER, "").split(" ", 2)
        with suppress(ValueError):
            id_, until, name = told
            return Holder(id=id_, name=name, until=datetime.fromisoformat(until))
        return None

    async def hold(self, holder: Holder | None) -> None:
        server, tag = [self._settings.preparation], {"Key": tags.HOLDER}
        if holder is None:
            await self._account.call("ec2", "delete_tags", Resources=server, Tags=[tag])
        else:
            told = f"{holder.id} {holder.until.isoformat()} {holder.name}"
            noted = tags.told({tags.HOLDER: told})
            await self._account.call("ec2", "create_tags", Resources=server, Tags=noted)

    def channel(self, machine: str) -> Channel:
        return SsmChannel(self._commands, machine)

    async def leftovers(self) -> list[Leftover]:
        found = await self.reading.machines.read(0)
        made = of_environment(await self.reading.images.read(0), self._environment)
        base = await self._instances.template(await self._instances.group(0))
        known = await models.versions(self._account, str(base["LaunchTemplateId"]))
        return leftovers.listed(self._environment, found.values(), made, known)

    async def close(self) -> None:
        self._release()

    def calls_an_hour(self) -> tuple[int, int]:
        """Return how often AWS is called while nothing moves: without instances, and with forty
        whose sessions and loads are asked for. Environments of one account share most of it.
        """
        idle = calls_an_hour(self._pace, grouped=bool(self._settings.group))
        return idle, idle + calls_for_sessions(MANY) + round(3600 / LOADS_SECONDS)

    async def _servers(self, found: Mapping[str, Answer]) -> list[Any]:
        settings = self._settings
        if (preparation := found.get(settings.preparation)) is None or _gone(preparation):
            detail = _(words.NO_PREPARATION).format(id=settings.preparation)
            remedy = _(words.CHOOSE_ANOTHER)
            raise ProviderRefused(detail, kind=RefusalKind.NOT_FOUND, remedy=remedy)
        made = await self.reading.images.read(self._most_age(self._pace.images))
        newest = next(iter(of_environment(made, self._environment)), None)
        support = [it for it in found.values() if self._supports(it) and not _gone(it)]
        return [
            machines.server(preparation, ServerRole.PREPARATION, newest),
            *(machines.server(it, ServerRole.SUPPORT) for it in support),
        ]

    def _supports(self, machine: Answer) -> bool:
        id_ = machine["InstanceId"]
        if id_ == self._settings.preparation:
            return False
        return id_ in self._settings.support or tags.has(machine, self._settings.support_tag)

    async def _machine(self, id_: str, most_age: float | None = None) -> Answer:
        """Return a machine as it is now. Raises ProviderRefused if it is not there any more."""
        age = self._pace.moving if most_age is None else most_age
        found = (await self.reading.machines.read(age)).get(id_)
        if found is None or _gone(found):
            raise ProviderRefused(
                _(words.NOT_HERE).format(id=id_), kind=RefusalKind.NOT_FOUND
            )  # fmt: skip
        return found

    async def _network(self, machine: Answer) -> str | None:
        """Return the network of a machine, which stays what it is; None without the right to ask
        for it: nothing but the offer of a route depends on it.
        """
        subnet = machine.get("SubnetId")
        if subnet and subnet not in self._networks:
            with suppress(ProviderRefused):
                answer = await self._account.call("ec2", "describe_subnets", SubnetIds=[subnet])
                self._networks |= {it["SubnetId"]: it["CidrBlock"] for it in answer["Subnets"]}
        return self._networks.get(subnet or "")

    def _most_age(self, settled: float) -> float:
        return self._pace.moving if self._moving else settled

    def _changed(self) -> None:
        self._moving = True
        self.reading.forget()


def _gone(machine: Answer) -> bool:
    return machines.state_of(machine) in machines.GONE


def _moves(servers: list[Any], members: list[Member]) -> bool:
    """Return whether something is on its way, so that the next reading should come soon."""
    moving = {"starting", "stopping", "creating"}
    states = [it.status for it in servers] + [it.image_status for it in servers]
    return bool(moving & {*states, *(it.instance.status for it in members)})


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
