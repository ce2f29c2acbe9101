"""The machines that AWS tells of, as servers or instances of an environment. Pure functions."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from autosky_desktop.domain.endpoint import Endpoint, Protocol, TunnelKind
from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.domain.server import ImageState, Server, ServerRole, ServerState
from autosky_desktop.server.providers.aws import tags
from autosky_desktop.server.providers.aws.errors import sentence_of
from autosky_desktop.server.providers.aws.tags import tags_of
from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.provider import Admission, Member
from autosky_desktop.words import aws as words
from autosky_desktop.words.language import _

Answer = Mapping[str, Any]

PORTS = MappingProxyType({Protocol.RDP: 3389, Protocol.SSH: 22})
GONE = frozenset({"shutting-down", "terminated"})
MOVING = frozenset({"pending", "stopping", "shutting-down"})
SERVER_STATES: Mapping[str, str] = MappingProxyType({
    "pending": ServerState.STARTING.value,
    "running": ServerState.RUNNING.value,
    "stopping": ServerState.STOPPING.value,
    "shutting-down": ServerState.STOPPING.value,
    "stopped": ServerState.STOPPED.value,
})  # fmt: skip
INSTANCE_STATES: Mapping[str, str] = MappingProxyType({
    "pending": InstanceState.STARTING.value,
    "stopping": InstanceState.STOPPING.value,
    "shutting-down": InstanceState.STOPPING.value,
    "terminated": InstanceState.TERMINATED.value,
})  # fmt: skip
ADMITTED: Mapping[Admission, str] = MappingProxyType({
    Admission.OPEN: InstanceState.AVAILABLE.value,
    Admission.BLOCKED: InstanceState.BLOCKED.value,
    Admission.DRAINING: InstanceState.DRAINING.value,
})  # fmt: skip
IMAGE_STATES: Mapping[str, str] = MappingProxyType({
    "pending": ImageState.CREATING.value,
    "transient": ImageState.CREATING.value,
    "available": ImageState.AVAILABLE.value,
    "failed": ImageState.FAILED.value,
    "error": ImageState.FAILED.value,
    "invalid": ImageState.FAILED.value,
    "deregistered": ImageState.FAILED.value,
    "disabled": ImageState.FAILED.value,
})  # fmt: skip
_SINCE = re.compile(r"\((\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (?:GMT|UTC)\)")
BY_US = "Client.UserInitiatedShutdown"


def state_of(machine: Answer) -> str:
    """Return AWS's own word for the state of a machine."""
    return str(machine["State"]["Name"])


def server(machine: Answer, role: ServerRole, image: Answer | None = None) -> Server:
    """Return a machine as a server; `image` is the newest one made of it."""
    state = state_of(machine)
    return Server(
        id=machine["InstanceId"],
        name=_name(machine),
        role=role.value,
        status=SERVER_STATES.get(state, state),
        since=_since(machine),
        public_ip=public_address(machine),
        private_ip=machine.get("PrivateIpAddress"),
        type=machine.get("InstanceType", ""),
        image_status=IMAGE_STATES.get(image["State"], image["State"]) if image else None,
        image_since=_moment(image["CreationDate"]) if image and image.get("CreationDate") else None,
    )


def member(machine: Answer, lifecycle: str | None, *, in_group: bool) -> Member:
    """Return a machine as an instance. `lifecycle` is its state in its Auto Scaling group, None if
    it is in none; `in_group`: it has to be in one before people are let on.
    """
    told = tags_of(machine)
    admission = _admission(told.get(tags.ADMISSION, ""))
    version = told.get(tags.VERSION, "")
    return Member(
        instance=Instance(
            id=machine["InstanceId"],
            name=_name(machine),
            status=_status(machine, lifecycle, admission, in_group),
            version=int(version) if version.isdecimal() else 0,
            public_ip=public_address(machine),
            private_ip=machine.get("PrivateIpAddress"),
        ),
        model=model_of(told),
        image=machine.get("ImageId", ""),
        replaces=told.get(tags.REPLACES, ""),
        admission=admission,
        failed=failure(machine),
    )


def model_of(told: Mapping[str, str]) -> str:
    """Return the launch template and version that a machine was started from, by its tags."""
    if told.get(tags.MODEL):
        return told[tags.MODEL]
    template = told.get(tags.AWS_TEMPLATE)
    return f"{template}:{told.get(tags.AWS_TEMPLATE_VERSION, '')}" if template else ""


def failure(machine: Answer) -> str:
    """Return why AWS ended a machine by itself, empty if it did not."""
    reason = machine.get("StateReason") or {}
    code = str(reason.get("Code") or "")
    if state_of(machine) not in GONE or not code or code == BY_US:
        return ""
    return sentence_of(code, str(reason.get("Message") or ""))


def platform(machine: Answer) -> Platform:
    """Return the system of a machine: AWS names Windows alone."""
    return Platform.WINDOWS if machine.get("Platform") == "windows" else Platform.LINUX


def endpoint(machine: Answer, *, account: str, network: str | None) -> Endpoint:
    """Return how a machine is reached."""
    protocol = Protocol.RDP if platform(machine) is Platform.WINDOWS else Protocol.SSH
    return Endpoint(
        server=machine["InstanceId"],
        protocol=protocol.value,
        port=PORTS[protocol],
        private_ip=machine.get("PrivateIpAddress"),
        public_ip=public_address(machine),
        account=account,
        network=network,
        tunnel=TunnelKind.SESSION_MANAGER.value,
    )


def public_address(machine: Answer) -> str | None:
    """Return the public address. An Elastic IP stays while the machine is off, another one goes."""
    if machine.get("PublicIpAddress"):
        return str(machine["PublicIpAddress"])
    for interface in machine.get("NetworkInterfaces") or ():
        association = interface.get("Association") or {}
        if association.get("PublicIp"):
            return str(association["PublicIp"])
    return None


def reason_of_image(image: Answer) -> str:
    """Return why an image failed, in AWS's words; empty while it has not."""
    state = image["State"]
    if IMAGE_STATES.get(state) != ImageState.FAILED:
        return ""
    reason = image.get("StateReason") or {}
    return str(reason.get("Message") or _(words.ODD_IMAGE).format(state=state))


def _status(machine: Answer, lifecycle: str | None, admission: Admission, in_group: bool) -> str:
    state = state_of(machine)
    if state != "running":
        return INSTANCE_STATES.get(state, state)
    if lifecycle and lifecycle.startswith("Terminating"):
        return InstanceState.STOPPING.value
    if lifecycle in {"Standby", "EnteringStandby"}:
        return InstanceState.BLOCKED.value
    if in_group and lifecycle != "InService":
        return InstanceState.STARTING.value
    return ADMITTED[admission]


def _admission(word: str) -> Admission:
    return next((it for it in Admission if it == word), Admission.OPEN)


def _name(machine: Answer) -> str:
    return tags_of(machine).get("Name") or str(machine["InstanceId"])


def _since(machine: Answer) -> datetime:
    if found := _SINCE.search(machine.get("StateTransitionReason") or ""):
        return datetime.strptime(found[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    return _moment(machine["LaunchTime"])


def _moment(at: datetime | str) -> datetime:
    found = at if isinstance(at, datetime) else datetime.fromisoformat(at.replace("Z", "+00:00"))
    return found if found.tzinfo else found.replace(tzinfo=UTC)
