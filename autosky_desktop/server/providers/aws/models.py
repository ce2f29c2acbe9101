"""The versions of a launch template: each is the one before it with another image and our tags.

A version is whole. One that refers to another by `SourceVersion` would change with what that lacks.
"""

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from autosky_desktop.server.providers.aws import tags
from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _

_DESCRIPTION = re.compile(r"autosky v(\d+) ([0-9a-f]{32})")


class TemplateVersion(Struct, frozen=True, kw_only=True):
    """One version of a launch template; `version` is what it is to people, 0 if it is not ours."""

    id: str
    version: int
    hashed: str
    data: Mapping[str, Any]


def model_id(template: str, number: int | str) -> str:
    """Return the id of a model: a launch template and the number of its version."""
    return f"{template}:{number}"


async def create_model(
    account: AwsAccount,
    environment: str,
    base: Mapping[str, Any],
    *,
    image: str,
    version: int,
    key: str,
) -> TemplateVersion:
    """Make the version from the one that `base` names, or find the one made with this key."""
    hashed = tags.key_hash(environment, key)
    template = str(base["LaunchTemplateId"])
    for each in await versions(account, template):
        if each.hashed == hashed:
            return each
    before = await _one(account, template, str(base.get("Version", "$Default")))
    data = await _as_request(account, before.data)
    data["ImageId"] = image
    data["TagSpecifications"] = _tagged(data.get("TagSpecifications", ()), environment, version)
    answer = await account.call(
        "ec2",
        "create_launch_template_version",
        LaunchTemplateId=template,
        VersionDescription=f"autosky v{version} {hashed}",
        LaunchTemplateData=data,
        ClientToken=hashed,
    )
    return _model(answer["LaunchTemplateVersion"])


async def versions(account: AwsAccount, template: str) -> list[TemplateVersion]:
    """Return every version of a launch template."""
    found = await account.pages(
        "ec2",
        "describe_launch_template_versions",
        "LaunchTemplateVersions",
        LaunchTemplateId=template,
    )
    return [_model(it) for it in found]


async def model(account: AwsAccount, id_: str) -> TemplateVersion:
    """Return one model by its id. Raises ProviderRefused."""
    template, _colon, number = id_.partition(":")
    return await _one(account, template, number)


async def _one(account: AwsAccount, template: str, version: str) -> TemplateVersion:
    answer = await account.call(
        "ec2",
        "describe_launch_template_versions",
        LaunchTemplateId=template,
        Versions=[version],
    )
    if not (found := answer["LaunchTemplateVersions"]):
        detail = _(words.NO_SUCH_MODEL).format(model=model_id(template, version))
        raise ProviderRefused(detail, kind=RefusalKind.NOT_FOUND)
    return _model(found[0])


def _model(told: Mapping[str, Any]) -> TemplateVersion:
    ours = _DESCRIPTION.fullmatch(told.get("VersionDescription") or "")
    return TemplateVersion(
        id=model_id(told["LaunchTemplateId"], told["VersionNumber"]),
        version=int(ours[1]) if ours else 0,
        hashed=ours[2] if ours else "",
        data=told.get("LaunchTemplateData", {}),
    )


async def _as_request(account: AwsAccount, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return what AWS told of a version as it wants it told: without what it only answers."""
    shape = await account.request_shape("ec2", "RequestLaunchTemplateData")
    found: dict[str, Any] = _known(data, shape)
    return found


def _known(value: Any, shape: Any) -> Any:
    if shape.type_name == "structure":
        known = shape.members
        return {name: _known(it, known[name]) for name, it in value.items() if name in known}
    if shape.type_name == "list":
        return [_known(it, shape.member) for it in value]
    return value


def _tagged(before: Any, environment: str, version: int) -> list[dict[str, Any]]:
    """Return the tags of what is started, with ours in place of an earlier version's."""
    ours = {
        tags.ENVIRONMENT: environment,
        tags.ROLE: tags.INSTANCE,
        tags.VERSION: str(version),
    }
    kinds = {it["ResourceType"]: {tag["Key"]: tag["Value"] for tag in it["Tags"]} for it in before}
    for kind in ("instance", "volume"):
        kinds[kind] = {**kinds.get(kind, {}), **ours}
    return [{"ResourceType": kind, "Tags": tags.told(it)} for kind, it in kinds.items()]
