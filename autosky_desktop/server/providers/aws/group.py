"""An Auto Scaling group while its instances are replaced one by one.

A successor is started from the launch template and attached when it runs; whoever goes is ended
with the capacity reduced, so the group never starts or ends one on its own account. Processes that
would do so are suspended meanwhile, and only those that nobody else had suspended are resumed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from autosky_desktop.server.providers.aws import tags
from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.aws.tags import tags_of
from autosky_desktop.server.providers.provider import ProviderRefused

SUSPENDED = ("AZRebalance", "AlarmNotification", "InstanceRefresh", "ReplaceUnhealthy",
             "ScheduledActions")  # fmt: skip
MOST_ATTACHED = 20

Answer = Mapping[str, Any]


def lifecycles(group: Answer | None) -> dict[str, str]:
    """Return the state of each instance in its group."""
    return {it["InstanceId"]: it["LifecycleState"] for it in (group or {}).get("Instances", ())}


def is_protected(group: Answer, instance: str) -> bool:
    """Return whether the group may not end the instance by itself."""
    return any(
        it["InstanceId"] == instance and it.get("ProtectedFromScaleIn", False)
        for it in group.get("Instances", ())
    )


def template_of(group: Answer) -> Answer:
    """Return the launch template of a group as it names it, nothing if it has none."""
    policy = group.get("MixedInstancesPolicy") or {}
    mixed = policy.get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    found: Answer = group.get("LaunchTemplate") or mixed or {}
    return found


async def suspend(account: AwsAccount, group: Answer) -> None:
    """Suspend what would start or end instances, and note on the group what we suspended."""
    name = group["AutoScalingGroupName"]
    already = {it["ProcessName"] for it in group.get("SuspendedProcesses", ())}
    wanted = [it for it in SUSPENDED if it not in already]
    if not wanted:
        return
    noted = tags_of(group).get(tags.SUSPENDED, "").split()
    note = {tags.SUSPENDED: " ".join(sorted({*noted, *wanted}))}
    await account.call("autoscaling", "create_or_update_tags", Tags=_on_group(name, note))
    await account.call(
        "autoscaling", "suspend_processes", AutoScalingGroupName=name, ScalingProcesses=wanted
    )


async def resume(account: AwsAccount, group: Answer) -> bool:
    """Resume what we suspended, if anything; return whether that was so."""
    name, noted = group["AutoScalingGroupName"], tags_of(group).get(tags.SUSPENDED, "")
    if not noted:
        return False
    await account.call(
        "autoscaling",
        "resume_processes",
        AutoScalingGroupName=name,
        ScalingProcesses=noted.split(),
    )
    note = _on_group(name, {tags.SUSPENDED: noted})
    await account.call("autoscaling", "delete_tags", Tags=note)
    return True


async def attach(account: AwsAccount, name: str, instances: Sequence[str]) -> dict[str, str]:
    """Attach running instances, and return a sentence for each that the group does not take."""
    refused: dict[str, str] = {}
    for first in range(0, len(instances), MOST_ATTACHED):
        some = list(instances[first : first + MOST_ATTACHED])
        try:
            await account.call(
                "autoscaling", "attach_instances", AutoScalingGroupName=name, InstanceIds=some
            )
        except ProviderRefused as error:
            refused |= dict.fromkeys(some, error.detail)
    return refused


async def protect(account: AwsAccount, name: str, instance: str, *, protected: bool) -> None:
    """Let the group end the instance by itself, or not."""
    await account.call(
        "autoscaling",
        "set_instance_protection",
        AutoScalingGroupName=name,
        InstanceIds=[instance],
        ProtectedFromScaleIn=protected,
    )


async def end(account: AwsAccount, group: Answer, instance: str) -> None:
    """End an instance of the group, which then has room for one fewer."""
    if is_protected(group, instance):
        await protect(account, group["AutoScalingGroupName"], instance, protected=False)
    await account.call(
        "autoscaling",
        "terminate_instance_in_auto_scaling_group",
        InstanceId=instance,
        ShouldDecrementDesiredCapacity=True,
    )


async def start_on(account: AwsAccount, group: Answer, template: str, version: str) -> None:
    """Let what the group starts from now on be of this version of the launch template."""
    chosen = {"LaunchTemplateId": template, "Version": version}
    name = group["AutoScalingGroupName"]
    if not group.get("MixedInstancesPolicy"):
        given: dict[str, Any] = {"LaunchTemplate": chosen}
    else:
        mixed = group["MixedInstancesPolicy"]["LaunchTemplate"]
        given = {
            "MixedInstancesPolicy": {
                **group["MixedInstancesPolicy"],
                "LaunchTemplate": {**mixed, "LaunchTemplateSpecification": chosen},
            }
        }
    await account.call(
        "autoscaling", "update_auto_scaling_group", AutoScalingGroupName=name, **given
    )


def _on_group(name: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "ResourceId": name,
            "ResourceType": "auto-scaling-group",
            "Key": key,
            "Value": value,
            "PropagateAtLaunch": False,
        }
        for key, value in values.items()
    ]
