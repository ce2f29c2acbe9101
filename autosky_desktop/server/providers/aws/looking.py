"""Looks at what is in an account of AWS, and tries what an environment's settings are good for.
Nothing is changed by it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from math import ceil

from autosky_desktop.domain.environment_settings import (
    Capability,
    CheckLine,
    CheckState,
    Found,
    FoundGroup,
    FoundMachine,
    Values,
)
from autosky_desktop.server.providers.aws import machines, models, tags
from autosky_desktop.server.providers.aws.cloud import AwsCloud
from autosky_desktop.server.providers.aws.group import template_of
from autosky_desktop.server.providers.aws.policy import RIGHTS
from autosky_desktop.server.providers.aws.probes import Probed, missing
from autosky_desktop.server.providers.aws.reading import AccountReading, Answer
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.aws.tags import tags_of
from autosky_desktop.server.providers.cloud import CloudReading
from autosky_desktop.server.providers.provider import ProviderError, ProviderRefused
from autosky_desktop.words import aws_check as words
from autosky_desktop.words.aws import NO_AGENT_REMEDY, NO_RIGHT, NO_RIGHT_REMEDY
from autosky_desktop.words.language import _

PREPARES = ("prep", "golden", "template", "master")
"""How the names of servers begin on which versions are prepared."""
BATCHES = 6
"""Into how many batches instances are split when they are replaced, as the workflow does it."""
TRIED = (
    Capability.POWER,
    Capability.IMAGE,
    Capability.REPLACE,
    Capability.SESSIONS,
    Capability.MESSAGES,
    Capability.CONNECT,
    Capability.LOADS,
    Capability.SHUTDOWN,
)


async def find(reading: AccountReading) -> Found:
    """Return the machines that are in no group, and all Auto Scaling groups."""
    found = (await reading.machines.read(0)).values()
    told = await reading.account.pages(
        "autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups"
    )
    groups = [_found_group(it) for it in told]
    suggested: Values = {"group": groups[0].id} if len(groups) == 1 else {}
    return Found(
        machines=sorted(
            (_found_machine(it) for it in found if _may_serve(it)), key=lambda it: it.name
        ),
        groups=sorted(groups, key=lambda it: it.name),
        suggested=suggested,
    )


async def check(
    settings: AwsSettings, reading: AccountReading, cloud: AwsCloud
) -> AsyncIterator[CheckLine]:
    """Yield a line for each thing that an environment does, or for each right that it lacks."""
    reading.forget()
    reading.guests.forget()
    try:
        found = await cloud.read()
    except ProviderError as error:
        yield _failed(Capability.READ, error)
        return
    n = len(found.servers)
    yield _line(Capability.READ, words.read(n, len(found.members)))
    lacking = await _lacking(await _subject(settings, reading), reading)
    for capability in TRIED:
        if capability is Capability.SHUTDOWN and not settings.shutdown_role:
            remedy = _(words.NAME_A_ROLE)
            yield _line(capability, _(words.ONLY_HERE), CheckState.UNTOLD, remedy)
            continue
        lines = _told(capability, lacking)
        for line in lines or [await _more(capability, found, settings, reading)]:
            yield line
    yield _line(Capability.COST, words.cost(*cloud.calls_an_hour()))


async def _lacking(subject: Probed, reading: AccountReading) -> dict[str, str | BaseException]:
    """Try all rights at the same time, and return for each which one is missing for it, if any, or
    why that could not be told: somebody waits for the answer.
    """
    rights = sorted({right for it in TRIED for right in RIGHTS[it]})
    tried = await asyncio.gather(
        *(missing(reading.account, it, subject) for it in rights), return_exceptions=True
    )
    return dict(zip(rights, tried, strict=True))


def _told(capability: Capability, lacking: dict[str, str | BaseException]) -> list[CheckLine]:
    """Return a line for each right that is missing for this. Raises what is no provider's error."""
    lines = []
    for right in RIGHTS[capability]:
        found = lacking[right]
        if isinstance(found, ProviderError):
            return [_failed(capability, found)]
        if isinstance(found, BaseException):
            raise found
        if found:
            detail = _(NO_RIGHT).format(action=found)
            remedy = _(NO_RIGHT_REMEDY).format(action=found)
            lines.append(_line(capability, detail, CheckState.FAILED, remedy))
    return lines


async def _more(
    capability: Capability, found: CloudReading, settings: AwsSettings, reading: AccountReading
) -> CheckLine:
    """Return what else is in the way of something for which all rights are there."""
    try:
        if capability is Capability.REPLACE:
            return await _replace(found, settings, reading)
        if capability in {Capability.SESSIONS, Capability.MESSAGES}:
            return await _guests(capability, found, reading)
        if capability is Capability.CONNECT:
            return await _connect(found, reading)
    except ProviderError as error:
        return _failed(capability, error)
    return _line(capability, _(words.PERMITTED))


async def _replace(
    found: CloudReading, settings: AwsSettings, reading: AccountReading
) -> CheckLine:
    if not settings.group:
        if not settings.template:
            remedy = _(words.NAME_A_TEMPLATE)
            return _line(Capability.REPLACE, _(words.NO_TEMPLATE), CheckState.FAILED, remedy)
        await models.model(reading.account, models.model_id(settings.template, "$Latest"))
        return _line(Capability.REPLACE, _(words.PERMITTED))
    group = (await reading.groups.read(0))[settings.group]
    room = int(group["MaxSize"]) - int(group["DesiredCapacity"])
    needed = ceil(len(found.members) / BATCHES)
    if room < needed:
        detail = words.no_room(settings.group, most=int(group["MaxSize"]), needed=needed)
        remedy = words.make_room(int(group["DesiredCapacity"]) + needed)
        return _line(Capability.REPLACE, detail, CheckState.FAILED, remedy)
    return _line(Capability.REPLACE, _(words.PERMITTED))


async def _guests(
    capability: Capability, found: CloudReading, reading: AccountReading
) -> CheckLine:
    known = await reading.guests.read(0)
    ids = [it.instance.id for it in found.members]
    online = sum(known.get(it) == "Online" for it in ids)
    detail = words.with_agent(online, len(ids))
    if not ids:
        return _line(capability, detail, CheckState.UNTOLD)
    if online < len(ids):
        return _line(capability, detail, CheckState.FAILED, _(NO_AGENT_REMEDY))
    return _line(capability, detail)


async def _connect(found: CloudReading, reading: AccountReading) -> CheckLine:
    """Tell how the servers without a public address are reached, if they are."""
    hidden = {it.id: it.name for it in found.servers if _is_hidden(it.status, it.public_ip)}
    if not hidden:
        return _line(Capability.CONNECT, _(words.REACHABLE))
    known = await reading.guests.read(0)
    silent = sorted(name for id_, name in hidden.items() if known.get(id_) != "Online")
    if silent:
        detail, remedy = words.private_only(silent), _(words.PRIVATE_REMEDY)
        return _line(Capability.CONNECT, detail, CheckState.UNTOLD, remedy)
    detail, remedy = words.tunnelled(sorted(hidden.values())), _(words.TUNNEL_TOOL)
    return _line(Capability.CONNECT, detail, remedy=remedy)


def _is_hidden(status: str, public_ip: str | None) -> bool:
    return status == "running" and public_ip is None


async def _subject(settings: AwsSettings, reading: AccountReading) -> Probed:
    group = (await reading.groups.read(0)).get(settings.group) if settings.group else None
    base = template_of(group) if group else {}
    return Probed(
        server=settings.preparation,
        group=settings.group,
        template=str(base.get("LaunchTemplateId") or settings.template),
        version=str(base.get("Version") or "$Default"),
    )


def _line(
    capability: Capability, detail: str, state: CheckState = CheckState.OK, remedy: str = ""
) -> CheckLine:
    return CheckLine(capability=capability.value, state=state.value, detail=detail, remedy=remedy)


def _failed(capability: Capability, error: ProviderError) -> CheckLine:
    remedy = error.remedy if isinstance(error, ProviderRefused) else ""
    return _line(capability, error.detail, CheckState.FAILED, remedy)


def _may_serve(machine: Answer) -> bool:
    told = tags_of(machine)
    return (
        machines.state_of(machine) not in machines.GONE
        and tags.AWS_GROUP not in told
        and told.get(tags.ROLE) != tags.INSTANCE
    )


def _found_machine(machine: Answer) -> FoundMachine:
    name = tags_of(machine).get("Name") or machine["InstanceId"]
    state = machines.state_of(machine)
    prepares = name.casefold().startswith(PREPARES)
    return FoundMachine(
        id=machine["InstanceId"],
        name=name,
        status=machines.SERVER_STATES.get(state, state),
        address=machines.public_address(machine) or machine.get("PrivateIpAddress") or "",
        system=machines.platform(machine).value,
        suggests="preparation" if prepares else "support",
    )


def _found_group(group: Mapping[str, Answer]) -> FoundGroup:
    name = str(group["AutoScalingGroupName"])
    return FoundGroup(id=name, name=name, instances=len(group["Instances"]), suggests="group")
