"""The parts of AWS that moto lacks, as far as our provider meets them, put into it for the tests.

Each patch says in its docstring what AWS documents; tests/server/providers/aws/test_double.py holds
it against the shapes of botocore's service model. They hold for a process: moto's classes are
changed once, and only when a test asks for the double.
"""

import threading
from functools import cache
from operator import attrgetter
from typing import Any

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.models import InstanceState as GroupInstance
from moto.core import errors
from moto.core.responses import ActionResult
from moto.ec2.models.amis import AmiBackend
from moto.ec2.models.core import TaggedEC2Resource
from moto.ec2.models.instances import Instance, InstanceBackend
from moto.ec2.responses.launch_templates import LaunchTemplates
from moto.ec2.utils import EC2_PREFIX_TO_RESOURCE, get_prefix
from moto.ssm.models import SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

from tests.support.aws_services import answered, error_of, patch_other_services

PENDING, SHUTTING_DOWN, STOPPING = ("pending", 0), ("shutting-down", 32), ("stopping", 64)
SETTLES = {
    "pending": ("running", 16),
    "shutting-down": ("terminated", 48),
    "stopping": ("stopped", 80),
}
COMMON = {
    "AccessDenied", "AccessDeniedException", "ExpiredToken", "RequestLimitExceeded",
    "ServiceUnavailable",
}  # fmt: skip
PROCESSES = {"Launch", "Terminate", "AddToLoadBalancer", "AlarmNotification", "AZRebalance",
             "HealthCheck", "InstanceRefresh", "ReplaceUnhealthy", "ScheduledActions"}  # fmt: skip
_version = threading.local()


def settle(instance: Instance) -> None:
    """Let an in-between state end."""
    if found := SETTLES.get(instance._state.name):
        _enter(instance, found)


def _enter(instance: Instance, state: tuple[str, int]) -> None:
    instance._state.name, instance._state.code = state


@cache
def patch_moto() -> None:
    """Put all of it in place, once."""
    # codes that every service may answer, and that the model of none of them names
    errors.COMMON_ERROR_CODES = {*errors.COMMON_ERROR_CODES, *COMMON}
    _tags_of_one()
    _states()
    _repeated_starts()
    _images()
    _groups()
    _joining_and_leaving()
    _what_a_group_can_have()
    _systems_manager()
    patch_other_services()


def _tags_of_one() -> None:
    """Look up the tags of one thing by its id: moto goes through all tags of all things, and would
    need a quarter of a minute to tell of a thousand machines.
    """

    def get_tags(self: TaggedEC2Resource) -> list[dict[str, str]]:
        kind = EC2_PREFIX_TO_RESOURCE.get(get_prefix(self.id), "")
        return [
            {"resource_id": self.id, "key": key, "value": value, "resource_type": kind}
            for key, value in self.ec2_backend.tags.get(self.id, {}).copy().items()
        ]

    TaggedEC2Resource.get_tags = get_tags


def _states() -> None:
    """Give EC2 its in-between states: StartInstances enters `pending`, StopInstances `stopping`,
    TerminateInstances `shutting-down`; RebootInstances wants a running instance
    (IncorrectState), as StartInstances one that is not on its way down. An Elastic IP stays with
    its machine while that is off.
    """

    @answered(Instance.start)
    def start(original: Any, self: Instance) -> Any:
        if self._state.name in {"stopping", "shutting-down", "terminated"}:
            raise error_of(
                "ec2",
                "IncorrectInstanceState",
                f"The instance '{self.id}' is not in a state from which it can be started.",
            )
        if self._state.name in {"running", "pending"}:
            return self._state
        previous = original(self)
        _enter(self, PENDING)
        _keep_elastic_addresses(self)
        return previous

    @answered(Instance.stop)
    def stop(original: Any, self: Instance) -> Any:
        was = self._state.name
        previous = original(self)
        _enter(self, ("stopped", 80) if was == "stopped" else STOPPING)
        _keep_elastic_addresses(self)
        return previous

    @answered(Instance.terminate)
    def terminate(original: Any, self: Instance) -> Any:
        if self._state.name in {"shutting-down", "terminated"}:
            return self._state
        previous = original(self)
        _enter(self, SHUTTING_DOWN)
        return previous

    @answered(Instance.reboot)
    def reboot(_original: Any, self: Instance) -> None:
        if self._state.name != "running":
            raise error_of(
                "ec2", "IncorrectState", f"Instance '{self.id}' is not in a state to be rebooted."
            )

    Instance.start, Instance.stop, Instance.reboot = start, stop, reboot
    Instance.terminate = terminate


def _keep_elastic_addresses(instance: Instance) -> None:
    for address in instance.ec2_backend.addresses:
        if address.eni in instance.nics.values():
            address.eni.public_ip = address.public_ip


def _repeated_starts() -> None:
    """Keep ClientToken: RunInstances and CreateLaunchTemplateVersion answer a repeated token with
    what the first call made. A new instance is `pending`.
    """

    @answered(InstanceBackend.run_instances)
    def run_instances(original: Any, self: Any, *given: Any, **more: Any) -> Any:
        token = more.get("client_token")
        made = self.__dict__.setdefault("_by_token", {})
        if token in made:
            return made[token]
        template = more.get("launch_template")
        if template and "Version" not in template and hasattr(_version, "number"):
            more["launch_template"] = {**template, "Version": _version.number}
        reservation = original(self, *given, **more)
        for instance in reservation.instances:
            _enter(instance, PENDING)
        if token and token != "ABCDE":  # what moto takes for none
            made[token] = reservation
        return reservation

    @answered(LaunchTemplates.create_launch_template_version)
    def create_version(original: Any, self: Any) -> Any:
        token = self._get_param("ClientToken")
        made = self.ec2_backend.__dict__.setdefault("_versions_by_token", {})
        if token in made:
            return made[token]
        answer = original(self)
        if token:
            made[token] = answer
        return answer

    InstanceBackend.run_instances = run_instances
    LaunchTemplates.create_launch_template_version = create_version


def _images() -> None:
    """Make an image as CreateImage does: `pending` first, tags also for its snapshots, and a name
    only once an account (InvalidAMIName.Duplicate).
    """

    @answered(AmiBackend.create_image)
    def create_image(
        original: Any, self: Any, instance: str, name: str, description: str, **more: Any
    ) -> Any:
        twin = next((it for it in self.amis.values() if it.name == name), None)
        if twin:
            raise error_of(
                "ec2",
                "InvalidAMIName.Duplicate",
                f"AMI name {name} is already in use by AMI {twin.id}",
            )
        given = more.pop("tag_specifications")
        tags = [it for it in given if it["ResourceType"] == "image"]
        image = original(self, instance, name, description, tag_specifications=tags)
        for each in (it for it in given if it["ResourceType"] == "snapshot"):
            image.ebs_snapshot.add_tags({tag["Key"]: tag["Value"] for tag in each["Tags"]})
        image.state = "pending"
        return image

    AmiBackend.create_image = create_image


def _groups() -> None:
    """Let an Auto Scaling group tell of its instances: the version of the launch template each was
    started from, and `Pending` before `InService`.
    """

    @answered(FakeAutoScalingGroup.replace_autoscaling_group_instances)
    def launch(original: Any, self: Any, *given: Any) -> None:
        _version.number = self.launch_template_version if self.ec2_launch_template else None
        try:
            original(self, *given)
        finally:
            del _version.number

    @answered(GroupInstance.__init__)
    def made(original: Any, self: Any, instance: Any, *given: Any, **more: Any) -> None:
        original(self, instance, *given, **more)
        if instance._state.name == "pending":
            self.lifecycle_state = "Pending"
        self.started_from = _template_of(instance)

    FakeAutoScalingGroup.replace_autoscaling_group_instances = launch
    GroupInstance.__init__ = made
    GroupInstance.launch_template = property(attrgetter("started_from"))


def _template_of(instance: Instance) -> dict[str, Any] | None:
    tags = {it["key"]: it["value"] for it in instance.get_tags()}
    if not (id_ := tags.get("aws:ec2launchtemplate:id")):
        return None
    name = instance.ec2_backend.get_launch_template(id_).name
    version = tags["aws:ec2launchtemplate:version"]
    return {"LaunchTemplateId": id_, "LaunchTemplateName": name, "Version": version}


def _joining_and_leaving() -> None:
    """Keep the rules of a group (ValidationError): only a running instance is attached, and within
    its maximum; one leaves within its minimum, and not while it is protected.
    """

    @answered(AutoScalingBackend.attach_instances)
    def attach(original: Any, self: Any, group_name: str, instance_ids: list[str]) -> None:
        group = self.autoscaling_groups[group_name]
        for id_ in instance_ids:
            instance = self.ec2_backend.get_instance_by_id(id_)
            if not instance or instance._state.name != "running":
                _invalid(f"Instance {id_} is not in correct state. Instance(s) must be in Running.")
            if any(it.instance.id == id_ for it in group.instance_states):
                _invalid(f"Instance {id_} is already part of AutoScalingGroup {group_name}.")
        if group.desired_capacity + len(instance_ids) > group.max_size:
            _invalid(
                f"AutoScalingGroup {group_name}: the desired capacity with the instances to be"
                f" attached exceeds the max size {group.max_size}."
            )
        original(self, group_name, instance_ids)

    @answered(AutoScalingBackend.terminate_instance)
    def terminate(original: Any, self: Any, instance_id: str, decrement: bool) -> Any:
        for group in self.autoscaling_groups.values():
            for each in group.instance_states:
                if each.instance.id != instance_id:
                    continue
                if each.protected_from_scale_in:
                    _invalid(f"Instance {instance_id} is protected from scale in.")
                if decrement and group.desired_capacity <= group.min_size:
                    _invalid(
                        "Currently, desiredSize equals minSize. Terminating instance without"
                        " replacement will violate group's min size constraint."
                    )
                return original(self, instance_id, decrement)
        return _invalid(f"Instance Id not found - No managed instance found: {instance_id}")

    AutoScalingBackend.attach_instances = attach
    AutoScalingBackend.terminate_instance = terminate


def _what_a_group_can_have() -> None:
    """Refuse processes that there are not, and tags of what is no group (ValidationError)."""

    @answered(AutoScalingBackend.suspend_processes)
    def suspend(original: Any, self: Any, group_name: str, processes: list[str]) -> None:
        if odd := set(processes) - PROCESSES:
            _invalid(f"Invalid process names: {sorted(odd)}")
        original(self, group_name, processes)

    @answered(AutoScalingBackend.create_or_update_tags)
    def tag(original: Any, self: Any, tags: list[dict[str, str]]) -> None:
        if any(it["ResourceType"] != "auto-scaling-group" for it in tags):
            _invalid("The resource type is not one that can have tags.")
        original(self, tags)

    AutoScalingBackend.suspend_processes = suspend
    AutoScalingBackend.create_or_update_tags = tag


def _invalid(message: str) -> None:
    raise error_of("autoscaling", "ValidationError", message)


def _systems_manager() -> None:
    """Run commands on the guests that a test scripted, and on those alone that were addressed.

    SendCommand to one without an agent is an InvalidInstanceId; DescribeInstanceInformation lists
    those with one. ListCommandInvocations tells 2,500 characters of the output of each,
    GetCommandInvocation 24,000 (8,000 of errors); both say `InProgress` at first.
    """

    def send(self: Any, **given: Any) -> Any:
        double = SimpleSystemManagerBackend.double
        ids = given["instance_ids"]
        if unknown := [it for it in ids if it not in double.guests]:
            raise error_of(
                "ssm",
                "InvalidInstanceId",
                f"Instances [{unknown}] not in a valid state for account {self.account_id}",
            )
        return double.commands.begin(given, self)

    def invocation(self: Any, command: str, instance: str, _plugin: str | None) -> Any:
        return SimpleSystemManagerBackend.double.commands.invocation(command, instance)

    def invocations(self: Any) -> ActionResult:
        double = SimpleSystemManagerBackend.double
        found = double.commands.listed(self._get_param("CommandId"))
        return ActionResult({"CommandInvocations": found})

    def information(self: Any) -> ActionResult:
        found = [
            {"InstanceId": id_, "PingStatus": status, "ResourceType": "EC2Instance"}
            for id_, status in sorted(SimpleSystemManagerBackend.double.agents().items())
        ]
        return ActionResult({"InstanceInformationList": found})

    SimpleSystemManagerBackend.double = None
    SimpleSystemManagerBackend.send_command = send
    SimpleSystemManagerBackend.get_command_invocation = invocation
    SimpleSystemManagerResponse.list_command_invocations = invocations
    SimpleSystemManagerResponse.describe_instance_information = information
