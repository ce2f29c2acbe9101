"""The world of kills over the double of AWS, and what may not be found in the account after."""

import json
import random
import sys
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import boto3
import httpx
import msgspec

from autosky_desktop.server.providers.aws import tags
from autosky_desktop.server.providers.aws.settings import AwsSettings
from tests.support.aws_double import REGION
from tests.support.aws_world import ENVIRONMENT, GROUP
from tests.support.crash_world import made_at_most
from tests.support.lively_aws import WEATHER, lively_aws
from tests.support.process import PlaneProcess
from tests.support.waiting import eventually

FAILS = (0.0, 0.0, 0.03)
"""The share of calls that fail, in one of three lives of a control plane."""


class AwsWorld:
    """One environment in an account that outlives every control plane."""

    longest_life = 1.5
    patience = 180.0

    def __init__(self, folder: Path, url: str, settings: AwsSettings, *, instances: int) -> None:
        self.folder = folder / "plane"
        self.instances = MappingProxyType({ENVIRONMENT: instances})
        self.support = settings.support[0]
        self._weather = folder / WEATHER
        self._settings = settings
        self._owner = {
            "endpoint_url": url,
            "region_name": REGION,
            "aws_access_key_id": "owner",
            "aws_secret_access_key": "owner",
        }
        self._at_first = {it["id"] for it in self._everything()}
        self._environment = {
            "AWS_CONFIG_FILE": str(folder / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(folder / "none"),
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def start(self) -> PlaneProcess:
        command = [sys.executable, "-m", "tests.support.hurried_plane", "aws", str(self.folder)]
        log = self.folder.with_name("log")
        return PlaneProcess(command, environment=self._environment, log=log)

    def begin(self, client: httpx.Client) -> None:
        if client.get("environments").json()["environments"]:
            return
        told = msgspec.to_builtins(self._settings)
        values = {name: it for name, it in told.items() if isinstance(it, str | list)}
        asked = {"id": ENVIRONMENT, "name": "North", "provider": "aws", "values": values}
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = client.post("environments", json=asked, headers=key)
        assert answer.is_success, answer.text
        eventually(lambda: client.get(f"environments/{ENVIRONMENT}").json()["servers"])

    def break_or_mend(self, chance: random.Random) -> None:
        self._weather.write_text(json.dumps({"fails": chance.choice(FAILS)}))

    def mend(self) -> None:
        self._weather.unlink(missing_ok=True)

    def doubled(self, runs: Sequence[Mapping[str, Any]]) -> list[str]:
        found = list(self._everything())
        ours = [it for it in found if tags.ENVIRONMENT in it["tags"]]
        return [
            *_twice("made twice", (f"{it['kind']} {it['tags'][tags.KEY]}" for it in _keyed(ours))),
            *self._machines_too_many(runs, ours),
            *(
                f"{there} of {kind} for {most} publications"
                for kind, most in made_at_most(runs).items()
                if (there := sum(it["kind"] == kind for it in ours)) > most
            ),
            *(
                f"not marked as ours: {it['kind']} {it['id']}"
                for it in found
                if it not in ours and it["id"] not in self._at_first
            ),
            *self._group(),
        ]

    def _machines_too_many(
        self, runs: Sequence[Mapping[str, Any]], ours: list[dict[str, Any]]
    ) -> Iterator[str]:
        """Yield what replaces an instance a second time on one model, which was not tried again."""
        tried = {it["version"]: it["retries"] for it in runs}
        successors = Counter(
            (it["tags"][tags.REPLACES], it["tags"][tags.VERSION])
            for it in ours
            if tags.REPLACES in it["tags"]
        )
        for (old, version), times in successors.items():
            if times > 1 + tried.get(int(version), 0):
                yield f"{times} machines of version {version} in place of {old}"
        there = {it["InstanceId"] for it in self._described_group()["Instances"]}
        for it in ours:
            if it["kind"] == "machine" and it["state"] != "terminated" and it["id"] not in there:
                yield f"{it['id']} is {it['state']} and in no group"

    def _group(self) -> Iterator[str]:
        group = self._described_group()
        if group["SuspendedProcesses"]:
            yield f"its group stands still: {group['SuspendedProcesses']}"
        if protected := [it for it in group["Instances"] if it["ProtectedFromScaleIn"]]:
            yield f"protected for ever: {protected}"
        if group["DesiredCapacity"] != self.instances[ENVIRONMENT]:
            yield f"its group wants {group['DesiredCapacity']}"

    def _described_group(self) -> dict[str, Any]:
        scaling = boto3.client("autoscaling", **self._owner)
        found = scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[GROUP])
        group: dict[str, Any] = found["AutoScalingGroups"][0]
        return group

    def _everything(self) -> Iterator[dict[str, Any]]:
        """Yield all machines, images, snapshots and versions of templates, with their tags."""
        ec2 = boto3.client("ec2", **self._owner)
        for page in ec2.get_paginator("describe_instances").paginate():
            for each in (
                it for reservation in page["Reservations"] for it in reservation["Instances"]
            ):
                state = each["State"]["Name"]
                yield _thing("machine", each["InstanceId"], tags.tags_of(each)) | {"state": state}
        for each in ec2.describe_images(Owners=["self"])["Images"]:
            yield _thing("image", each["ImageId"], tags.tags_of(each))
        for each in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]:
            yield _thing("snapshot", each["SnapshotId"], tags.tags_of(each))
        for template in ec2.describe_launch_templates()["LaunchTemplates"]:
            id_ = template["LaunchTemplateId"]
            found = ec2.describe_launch_template_versions(LaunchTemplateId=id_)
            for each in found["LaunchTemplateVersions"]:
                words = each.get("VersionDescription", "").split()
                ours = {tags.ENVIRONMENT: ENVIRONMENT, tags.KEY: words[-1]}
                told = ours if words[:1] == ["autosky"] else {}
                yield _thing("model", f"{id_}:{each['VersionNumber']}", told)


def _thing(kind: str, id_: str, told: Mapping[str, str]) -> dict[str, Any]:
    return {"kind": kind, "id": id_, "tags": told}


def _keyed(things: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Return what carries the key it was made with, once for each: an image lends its own to its
    snapshots, of which there is one for each disk.
    """
    return (it for it in things if tags.KEY in it["tags"] and it["kind"] != "snapshot")


def _twice(what: str, names: Iterable[str]) -> Iterator[str]:
    return (f"{what}: {name}" for name, times in Counter(names).items() if times > 1)


@contextmanager
def aws_world(folder: Path, *, instances: int) -> Iterator[AwsWorld]:
    """Yield a world whose account is served by another process until the block is left."""
    with lively_aws(folder, instances=instances) as (url, settings):
        yield AwsWorld(folder, url, settings, instances=instances)
