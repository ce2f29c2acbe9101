"""AWS in this process: moto's server, what it lacks, and the weather of a bad day.

Everything an account has is made through boto3, as a person would make it, and told to the provider
by a profile of a configuration file, which also holds the server's address.
"""

import json
import logging
import os
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"  # thousands of images that no test asks for

import boto3
import requests
from moto import settings
from moto.core.responses import ActionResult, BaseResponse
from moto.ec2.models import ec2_backends
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
from moto.ssm.models import SimpleSystemManagerBackend

from tests.support.aws_patches import error_of, patch_moto, settle

REGION = "eu-central-1"
PROFILE = "autosky"
ACCOUNT = "123456789012"
OUTPUT, OUTPUT_IN_LISTS, ERRORS = 24_000, 2_500, 8_000

DENIALS = {"ec2": "UnauthorizedOperation", "ssm": "AccessDeniedException",
           "scheduler": "AccessDeniedException", "cloudwatch": "AccessDeniedException"}  # fmt: skip
Allow = Callable[[list[str]], None]
Guest = Callable[[str, str], tuple[int, str, str]]
"""A machine's answer to a script and its shell: exit code, output and errors."""


@dataclass
class Fault:
    """An error that the next calls of an action get; `after`: although they took effect."""

    action: str
    code: str
    message: str
    times: int
    after: bool


@dataclass
class Commands:
    """The commands of Systems Manager, as they were sent and ended."""

    guests: dict[str, Guest]
    sent: list[dict[str, Any]] = field(default_factory=list)
    _found: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    _looked: Counter[str] = field(default_factory=Counter)

    def begin(self, given: dict[str, Any], backend: Any) -> Any:
        id_ = str(uuid.uuid4())
        self.sent.append(given)
        shell = "powershell" if "PowerShell" in given["document_name"] else "sh"
        script = "\n".join(given["parameters"]["commands"])
        self._found[id_] = {
            it: _ended(id_, it, *self.guests[it](script, shell)) for it in given["instance_ids"]
        }
        return _Command(id_, given)

    def invocation(self, command: str, instance: str) -> dict[str, Any]:
        self._looked[command] += 1
        if instance not in self._found.get(command, {}):
            raise error_of("ssm", "InvocationDoesNotExist", "")
        return self._as_told(command, instance)

    def listed(self, command: str) -> list[dict[str, Any]]:
        self._looked[command] += 1
        found = [self._as_told(command, it) for it in self._found.get(command, {})]
        return [{**it, "CommandPlugins": [_plugin(it)]} for it in found]

    def _as_told(self, command: str, instance: str) -> dict[str, Any]:
        done = self._found[command][instance]
        if self._looked[command] > 1:
            return done
        return {"CommandId": command, "InstanceId": instance, "Status": "InProgress"}


@dataclass
class _Command:
    """The answer to SendCommand, as moto's own class gives it."""

    id_: str
    given: dict[str, Any]

    def response_object(self) -> dict[str, Any]:
        ids = self.given["instance_ids"]
        return {"CommandId": self.id_, "InstanceIds": ids, "Status": "Pending"}


def _as_denied_there(response: BaseResponse, answered: Any) -> Any:
    """Return the answer, a denial as the service documents it: moto has one XML for them all."""
    status, _headers, body = answered
    code = DENIALS.get(str(response.service_name))
    if status != 403 or not code:
        return answered
    text = body if isinstance(body, str) else body.decode()
    message = text.partition("<Message>")[2].partition("</Message>")[0]
    error = error_of(str(response.service_name), code, message)
    _status, headers, body = response.serialized(ActionResult(error))
    headers["status"] = 403
    return 403, headers, body


def _ended(command: str, instance: str, code: int, out: str, err: str) -> dict[str, Any]:
    return {
        "CommandId": command,
        "InstanceId": instance,
        "Status": "Failed" if code else "Success",
        "ResponseCode": code,
        "StandardOutputContent": out[:OUTPUT],
        "StandardErrorContent": err[:ERRORS],
    }


def _plugin(invocation: dict[str, Any]) -> dict[str, Any]:
    told = {"Name": "aws:runShellScript", "Status": invocation["Status"]}
    if "ResponseCode" not in invocation:
        return told
    out, err = invocation["StandardOutputContent"], invocation["StandardErrorContent"]
    both = f"{out}\n----------ERROR-------\n{err}" if err else out
    return {**told, "ResponseCode": invocation["ResponseCode"], "Output": both[:OUTPUT_IN_LISTS]}


class AwsDouble:
    """One account of AWS. `calls` counts what was asked of it, `unknown` what moto cannot. The
    agent of a guest that is `silent` does not answer; `sessions` are those that were begun.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.guests: dict[str, Guest] = {}
        self.silent: set[str] = set()
        self.sessions: list[dict[str, Any]] = []
        self.commands = Commands(self.guests)
        self.calls: Counter[str] = Counter()
        self.unknown: list[str] = []
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self.url = ""

    def use_profile(self, key: str = "testing", secret: str = "testing") -> None:
        """Write the profile that the provider is told to use."""
        text = (
            f"[profile {PROFILE}]\nregion = {REGION}\nendpoint_url = {self.url}\n"
            f"aws_access_key_id = {key}\naws_secret_access_key = {secret}\n"
        )
        (self.folder / "config").write_text(text, "utf-8")

    def client(self, service: str) -> Any:
        """Return a client of the account's owner, whose calls are not counted by `calls`."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id="owner",
            aws_secret_access_key="owner",
        )

    def fail(
        self, action: str, code: str, *, message: str = "", times: int = 1, after: bool = False
    ) -> None:
        """Let the next calls of the action (`*`: of any) fail."""
        self._faults.append(Fault(action, code, message or f"{code} of {action}", times, after))

    def agents(self) -> dict[str, str]:
        """Return the state of each agent that Systems Manager knows."""
        return {it: "ConnectionLost" if it in self.silent else "Online" for it in self.guests}

    def moment(self) -> None:
        """Let a moment pass: what is on its way arrives."""
        backend = ec2_backends[ACCOUNT][REGION]
        for instance in backend.all_instances():
            settle(instance)
            if (group := getattr(instance, "autoscaling_group", None)) is None:
                continue
            for each in group.instance_states:
                if each.lifecycle_state == "Pending" and each.instance._state.name == "running":
                    each.lifecycle_state = "InService"
        for image in backend.amis.values():
            if image.state == "pending":
                image.state = "available"

    def image_fails(self, image: str, reason: str) -> None:
        """Let an image that is being made end in failure."""
        found = ec2_backends[ACCOUNT][REGION].amis[image]
        found.state = "failed"
        found.state_reason = {"Code": "Client.InternalError", "Message": reason}

    def make_windows(self, image: str) -> None:
        """Let an image be one of Windows: RegisterImage of moto does not tell."""
        ec2_backends[ACCOUNT][REGION].amis[image].platform = "windows"

    def dies(self, instance: str, code: str, reason: str) -> None:
        """Let an instance end by itself, as one does that AWS could not start."""
        found = ec2_backends[ACCOUNT][REGION].get_instance(instance)
        found.terminate()
        settle(found)
        found.state_reason.code, found.state_reason.message = code, reason

    @contextmanager
    def rights_enforced(self, actions: list[str]) -> Iterator[Allow]:
        """Let the profile be a user that may do these actions alone, as IAM decides it. What is
        returned gives it others.
        """
        iam = self.client("iam")

        def allow(actions: list[str]) -> None:
            statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_user_policy(UserName=name, PolicyName="least", PolicyDocument=policy)

        name = f"user-{uuid.uuid4().hex[:8]}"
        iam.create_user(UserName=name)
        key = iam.create_access_key(UserName=name)["AccessKey"]
        allow(actions)
        self.use_profile(key["AccessKeyId"], key["SecretAccessKey"])
        before = settings.INITIAL_NO_AUTH_ACTION_COUNT
        settings.INITIAL_NO_AUTH_ACTION_COUNT = 0
        try:
            yield allow
        finally:
            settings.INITIAL_NO_AUTH_ACTION_COUNT = before
            self.use_profile()

    def answer(self, original: Any, response: BaseResponse) -> Any:
        """Answer one request: by a fault if one waits, else as moto does."""
        action = response._get_action()
        if "owner" in (response.headers.get("Authorization") or ""):
            response._authenticate_and_authorize_normal_action = lambda _resource: None
            return original(response)
        with self._lock:
            self.calls[f"{response.service_name}:{action}"] += 1
            fault = next((it for it in self._faults if it.action in {action, "*"}), None)
            if fault:
                fault.times -= 1
                self._faults = [it for it in self._faults if it.times]
        try:
            answered = original(response) if not fault or fault.after else None
        except NotImplementedError:
            self.unknown.append(action)
            raise
        if not fault:
            return _as_denied_there(response, answered)
        error = error_of(str(response.service_name), fault.code, fault.message)
        status, headers, body = response.serialized(ActionResult(error))
        if fault.code in {"RequestLimitExceeded", "InternalError", "ServiceUnavailable"}:
            status = 503
            headers["status"] = status
        return status, headers, body


@contextmanager
def running_double(
    folder: Path, kind: type[AwsDouble] = AwsDouble
) -> Iterator[Callable[[], AwsDouble]]:
    """Run moto's server; what is returned makes a new account of it, with nothing in it."""
    patch_moto()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    original = BaseResponse.call_action
    current: list[AwsDouble] = []

    def call_action(self: BaseResponse) -> Any:
        return current[0].answer(original, self)

    def new() -> AwsDouble:
        requests.post(f"{url}/moto-api/reset", timeout=30).raise_for_status()
        double = kind(folder)
        double.url = url
        double.use_profile()
        current[:] = [double]
        SimpleSystemManagerBackend.double = double
        return double

    BaseResponse.call_action = call_action
    try:
        yield new
    finally:
        BaseResponse.call_action = original
        server.stop()
