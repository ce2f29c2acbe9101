"""Asks AWS whether a right is there, by a call that changes nothing even if it is.

EC2 can be asked to carry nothing out (`DryRun`). The other services look at what may be done before
they look at what can be, so they are asked for what cannot: for a process, a machine or a command
that nobody has.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from autosky_desktop.server.providers.aws import loads, shutdowns
from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.aws.errors import (
    NOT_PERMITTED,
    missing_right,
    refused_code,
)

NOBODY = "i-00000000000000000"
NOTHING = "autosky-check"
NO_ROLE = "arn:aws:iam::000000000000:role/autosky-check"
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
NO_COMMAND = "00000000-0000-0000-0000-000000000000"


class Probed(Struct, frozen=True, kw_only=True):
    """The things that probes ask about; `group` and `template` may be empty."""

    server: str
    group: str
    template: str
    version: str

    @property
    def on_server(self) -> dict[str, Any]:
        return {"InstanceIds": [self.server]}


def _tags_of_group(subject: Probed) -> list[dict[str, Any]]:
    tag = {"Key": NOTHING, "Value": "", "PropagateAtLaunch": False}
    return [{**tag, "ResourceId": subject.group, "ResourceType": NOTHING}]


def _dry(right: str, subject: Probed) -> tuple[str, dict[str, Any]] | None:
    """Return the operation and what it is given, for a right that EC2 tells of by a dry run."""
    tagged = {"Resources": [subject.server], "Tags": [{"Key": NOTHING, "Value": ""}]}
    template = {"LaunchTemplateId": subject.template}
    dry = {
        "StartInstances": ("start_instances", subject.on_server),
        "StopInstances": ("stop_instances", subject.on_server),
        "RebootInstances": ("reboot_instances", subject.on_server),
        "CreateImage": ("create_image", {"InstanceId": subject.server, "Name": NOTHING}),
        "CreateTags": ("create_tags", tagged),
        "DeleteTags": ("delete_tags", tagged),
        "TerminateInstances": ("terminate_instances", subject.on_server),
        "DescribeSnapshots": ("describe_snapshots", {"OwnerIds": ["self"]}),
        "DescribeSubnets": ("describe_subnets", {}),
    }
    if subject.template:
        launched = {**template, "Version": subject.version}
        dry |= {
            "DescribeLaunchTemplateVersions": ("describe_launch_template_versions", template),
            "CreateLaunchTemplateVersion": (
                "create_launch_template_version",
                {**template, "LaunchTemplateData": {"InstanceType": "t3.micro"}},
            ),
            "RunInstances": (
                "run_instances",
                {"MinCount": 1, "MaxCount": 1, "LaunchTemplate": launched},
            ),
        }
    return dry.get(right)


_GROUP: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType({
    "AttachInstances": ("attach_instances", {"InstanceIds": [NOBODY]}),
    "ResumeProcesses": ("resume_processes", {"ScalingProcesses": [NOTHING]}),
    "SuspendProcesses": ("suspend_processes", {"ScalingProcesses": [NOTHING]}),
    "SetInstanceProtection": (
        "set_instance_protection",
        {"InstanceIds": [NOBODY], "ProtectedFromScaleIn": False},
    ),
    "UpdateAutoScalingGroup": ("update_auto_scaling_group", {}),
})  # fmt: skip


def _refused(right: str, subject: Probed) -> tuple[str, str, dict[str, Any]] | None:
    """Return service, operation and what it is given, for a right that a refusal tells of."""
    service, _colon, action = right.partition(":")
    if service == "ssm":
        asked: dict[str, tuple[str, dict[str, Any]]] = {
            "SendCommand": (
                "send_command",
                {
                    "InstanceIds": [NOBODY],
                    "DocumentName": "AWS-RunShellScript",
                    "Parameters": {"commands": ["true"]},
                },
            ),
            "ListCommandInvocations": ("list_command_invocations", {"CommandId": NO_COMMAND}),
            "GetCommandInvocation": (
                "get_command_invocation",
                {"CommandId": NO_COMMAND, "InstanceId": NOBODY},
            ),
            "DescribeInstanceInformation": ("describe_instance_information", {}),
            "StartSession": ("start_session", {"Target": NOBODY}),
        }
        found = asked.get(action)
        return (service, *found) if found else None
    if service == "cloudwatch":
        return service, "get_metric_data", loads.question(NOBODY)
    if service == "scheduler":
        return _no_schedule(action)
    if service != "autoscaling" or not subject.group:
        return None
    if action == "TerminateInstanceInAutoScalingGroup":
        given = {"InstanceId": NOBODY, "ShouldDecrementDesiredCapacity": True}
        return service, "terminate_instance_in_auto_scaling_group", given
    if action in {"CreateOrUpdateTags", "DeleteTags"}:
        operation = "create_or_update_tags" if action.startswith("Create") else "delete_tags"
        return service, operation, {"Tags": _tags_of_group(subject)}
    if action not in _GROUP:
        return None
    operation, given = _GROUP[action]
    return service, operation, {"AutoScalingGroupName": subject.group, **given}


def _no_schedule(action: str) -> tuple[str, str, dict[str, Any]] | None:
    """Return what is asked about schedules: of a group that nobody has."""
    place = {"Name": NOTHING, "GroupName": NOTHING}
    whole = shutdowns.schedule(NOTHING, NOBODY, LONG_AGO, NO_ROLE) | place
    asked = {
        "CreateSchedule": ("create_schedule", whole),
        "DeleteSchedule": ("delete_schedule", place),
        "UpdateSchedule": ("update_schedule", whole),
    }
    found = asked.get(action)
    return ("scheduler", *found) if found else None


async def missing(account: AwsAccount, right: str, subject: Probed) -> str:
    """Return the right that is missing for this one to be used, empty if none is."""
    service, _colon, action = right.partition(":")
    if service == "ec2":
        if (dry := _dry(action, subject)) is None:
            return ""
        error = await account.said(service, dry[0], **dry[1], DryRun=True)
    else:
        if (asked := _refused(right, subject)) is None:
            return ""
        error = await account.said(asked[0], asked[1], **asked[2])
    if error is not None and refused_code(error) in NOT_PERMITTED:
        return missing_right(error, right)
    return ""
