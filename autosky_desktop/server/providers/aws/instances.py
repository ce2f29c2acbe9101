"""The instances of an environment in AWS: one is started, joins its group, and is retired."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.server.providers.aws import group as groups
from autosky_desktop.server.providers.aws import machines, models, tags
from autosky_desktop.server.providers.aws.reading import AccountReading, Answer
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.aws.tags import tags_of
from autosky_desktop.server.providers.cloud import numbered
from autosky_desktop.server.providers.provider import (
    Admission,
    Member,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _


class Instances:
    """The instances of one environment, in an Auto Scaling group or by their tags."""

    def __init__(self, environment: str, settings: AwsSettings, reading: AccountReading) -> None:
        self._environment = environment
        self._settings = settings
        self._reading = reading
        self._account = reading.account
        self._models: dict[str, models.TemplateVersion] = {}

    async def group(self, most_age: float) -> Answer | None:
        """Return the Auto Scaling group, None if the environment has none."""
        if not (name := self._settings.group):
            return None
        if (found := (await self._reading.groups.read(most_age)).get(name)) is None:
            detail = _(words.NO_GROUP).format(name=name)
            remedy = _(words.CHOOSE_ANOTHER_GROUP)
            raise ProviderRefused(detail, kind=RefusalKind.NOT_FOUND, remedy=remedy)
        return found

    async def template(self, group: Answer | None) -> Mapping[str, Any]:
        """Return the launch template, and its version, from which instances start."""
        found = groups.template_of(group) if group else {}
        if not found and self._settings.template:
            found = {"LaunchTemplateId": self._settings.template, "Version": "$Latest"}
        if not found:
            remedy = _(words.NO_TEMPLATE_REMEDY)
            raise ProviderRefused(
                _(words.NO_TEMPLATE), kind=RefusalKind.NOT_FOUND, remedy=remedy
            )  # fmt: skip
        return found

    def members(self, found: Mapping[str, Answer], group: Answer | None) -> list[Member]:
        """Return the instances, by name. Those that AWS ended by itself are told until somebody
        retires them; others that ended are gone.
        """
        states = groups.lifecycles(group)
        members = [
            machines.member(it, states.get(it["InstanceId"]), in_group=group is not None)
            for it in found.values()
            if self._is_ours(it) and _is_there(it)
        ]
        return sorted(members, key=lambda it: (it.instance.name, it.instance.id))

    async def carry_on(
        self, members: list[Member], found: Mapping[str, Answer], group: Answer | None
    ) -> list[Member]:
        """Attach those that run and are not in the group yet, and let the group go on by itself
        once nobody is being replaced. Return the members, with why one is not taken.
        """
        if group is None:
            return members
        name, inside = group["AutoScalingGroupName"], groups.lifecycles(group)
        outside = [
            it.instance.id
            for it in members
            if it.instance.id not in inside
            and machines.state_of(found[it.instance.id]) == "running"
            and tags.AWS_GROUP not in tags_of(found[it.instance.id])
        ]
        if outside:
            refused = await groups.attach(self._account, name, outside)
            self._reading.forget()
            return [replace(it, failed=refused.get(it.instance.id, it.failed)) for it in members]
        there = {it.instance.id for it in members}
        goes_on = any(
            it.replaces in there or it.instance.status == InstanceState.STARTING for it in members
        )
        if not goes_on and await groups.resume(self._account, group):
            self._reading.groups.forget()
        return members

    async def start(self, *, model: str, name: str, replaces: str, key: str) -> str:
        """Begin one instance, or find the one that was begun with this key."""
        hashed = tags.key_hash(self._environment, key)
        found = await self._reading.machines.read(0)
        for each in found.values():
            if tags_of(each).get(tags.KEY) == hashed:
                return str(each["InstanceId"])
        if replaces and replaces not in found:
            detail = _(words.NOT_HERE).format(id=replaces)
            raise ProviderRefused(detail, kind=RefusalKind.NOT_FOUND)
        known = await self._model(model)
        if group := await self.group(0):
            await groups.suspend(self._account, group)
        template, _colon, number = model.partition(":")
        names = {tags_of(it).get("Name", "") for it in found.values()}
        marks = {
            "Name": name or numbered(self._environment, names),
            tags.ENVIRONMENT: self._environment,
            tags.ROLE: tags.INSTANCE,
            tags.KEY: hashed,
            tags.MODEL: model,
            tags.VERSION: str(known.version) if known.version else "",
            tags.REPLACES: replaces,
        }
        answer = await self._account.call(
            "ec2",
            "run_instances",
            MinCount=1,
            MaxCount=1,
            LaunchTemplate={"LaunchTemplateId": template, "Version": number},
            ClientToken=hashed,
            TagSpecifications=[{"ResourceType": "instance", "Tags": tags.told(marks)}],
            **_beside(found.get(replaces), known.data),
        )
        return str(answer["Instances"][0]["InstanceId"])

    async def retire(self, instance: str) -> None:
        """End an instance; one that AWS ended before is told no longer."""
        found = (await self._reading.machines.read(0)).get(instance)
        if found is None:
            return
        if machines.state_of(found) in machines.GONE:
            if machines.failure(found):
                await self._tag(instance, {tags.RETIRED: "yes"})
            return
        group = await self.group(0)
        if group and instance in groups.lifecycles(group):
            await groups.end(self._account, group, instance)
        else:
            await self._account.call("ec2", "terminate_instances", InstanceIds=[instance])

    async def mark(self, instance: str, admission: Admission) -> None:
        """Note the admission at the instance. While people are to leave it by themselves, its group
        may not end it.
        """
        await self._tag(instance, {tags.ADMISSION: admission.value})
        group = await self.group(0)
        protected = admission is Admission.DRAINING
        if (
            group
            and instance in groups.lifecycles(group)
            and groups.is_protected(group, instance) != protected
        ):
            name = group["AutoScalingGroupName"]
            await groups.protect(self._account, name, instance, protected=protected)

    async def _tag(self, instance: str, marks: Mapping[str, str]) -> None:
        await self._account.call(
            "ec2", "create_tags", Resources=[instance], Tags=tags.told(marks)
        )  # fmt: skip

    async def _model(self, id_: str) -> models.TemplateVersion:
        if id_ not in self._models:  # a version never changes
            self._models[id_] = await models.model(self._account, id_)
        return self._models[id_]

    def _is_ours(self, machine: Answer) -> bool:
        settings, told = self._settings, tags_of(machine)
        id_ = machine["InstanceId"]
        if id_ == settings.preparation or id_ in settings.support:
            return False
        ours = (self._environment, tags.INSTANCE)
        return (
            (told.get(tags.ENVIRONMENT), told.get(tags.ROLE)) == ours
            or bool(settings.group and told.get(tags.AWS_GROUP) == settings.group)
            or tags.has(machine, settings.tag)
        )


def _is_there(machine: Answer) -> bool:
    if machines.state_of(machine) != "terminated":
        return True
    told = tags_of(machine)
    return bool(
        machines.failure(machine) and told.get(tags.KEY) and tags.RETIRED not in told
    )  # fmt: skip


def _beside(replaced: Answer | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return where to start an instance that stands in for another, as far as the launch template
    leaves that open: an Auto Scaling group takes only what is in its own subnets.
    """
    found: dict[str, Any] = {}
    if replaced is None:
        return found
    if "InstanceType" not in data and "InstanceRequirements" not in data:
        found["InstanceType"] = replaced["InstanceType"]
    subnet = replaced.get("SubnetId")
    interfaces = data.get("NetworkInterfaces")
    if not subnet or (interfaces and interfaces[0].get("SubnetId")):
        return found
    if not interfaces:
        return {**found, "SubnetId": subnet}
    return {**found, "NetworkInterfaces": [{**interfaces[0], "SubnetId": subnet}, *interfaces[1:]]}
