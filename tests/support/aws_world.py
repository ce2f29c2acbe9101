"""An environment in the double of AWS, made as an administrator would have made it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from autosky_desktop.domain.server import ImageState
from autosky_desktop.server.providers.aws.account import Access, AwsAccount
from autosky_desktop.server.providers.aws.cloud import AwsCloud
from autosky_desktop.server.providers.aws.commands import SsmCommands
from autosky_desktop.server.providers.aws.reading import AccountReading, ReadingPace
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.cloud import CloudReading
from tests.support.aws_double import ACCOUNT, PROFILE, AwsDouble

ENVIRONMENT = "north"
GROUP = "north-workers"
EVERY_TIME = ReadingPace(settled=0, moving=0, groups=0, images=0)
"""Nothing is remembered: what a test looks for is of this moment."""


@dataclass
class World:
    """The ids of what is there. Two support servers: one is picked, one has a tag."""

    aws: AwsDouble
    preparation: str
    support: list[str]
    template: str
    subnet: str

    def settings(self, **other: Any) -> AwsSettings:
        given = {
            "profile": PROFILE,
            "preparation": self.preparation,
            "support": self.support[:1],
            "support_tag": "Role=database",
            "group": GROUP,
            "account": "ec2-user",
            "shutdown_role": f"arn:aws:iam::{ACCOUNT}:role/autosky-shutdown",
        }
        return AwsSettings(**{**given, **other})

    def machine(self, id_: str) -> dict[str, Any]:
        """Return a machine as AWS tells of it."""
        found = self.aws.client("ec2").describe_instances(InstanceIds=[id_])
        return found["Reservations"][0]["Instances"][0]

    def group(self) -> dict[str, Any]:
        found = self.aws.client("autoscaling").describe_auto_scaling_groups(
            AutoScalingGroupNames=[GROUP]
        )
        return found["AutoScalingGroups"][0]

    def running(self) -> list[str]:
        """Return what is on or on its way there, whatever it is for."""
        pages = self.aws.client("ec2").get_paginator("describe_instances").paginate()
        found = [it for page in pages for each in page["Reservations"] for it in each["Instances"]]
        return [it["InstanceId"] for it in found if it["State"]["Name"] in {"pending", "running"}]


def world(
    aws: AwsDouble, *, instances: int = 3, least: int | None = None, most: int = 2000
) -> World:
    """Make the environment; all of it is there and on, but for the preparation server."""
    ec2 = aws.client("ec2")
    image = ec2.register_image(Name="base", RootDeviceName="/dev/xvda")["ImageId"]
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    names = [("preparation", ""), ("files", ""), ("data", "database")]
    servers = [_server(ec2, image, subnet, name, role) for name, role in names]
    template = ec2.create_launch_template(
        LaunchTemplateName=GROUP,
        VersionDescription="as it began",
        LaunchTemplateData={
            "ImageId": image,
            "InstanceType": "t3.large",
            "TagSpecifications": [
                {"ResourceType": "instance", "Tags": [{"Key": "Owner", "Value": "IT"}]}
            ],
        },
    )["LaunchTemplate"]["LaunchTemplateId"]
    aws.client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=GROUP,
        LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
        MinSize=instances if least is None else least,
        MaxSize=most,
        DesiredCapacity=instances,
        VPCZoneIdentifier=subnet,
    )
    aws.moment()
    ec2.stop_instances(InstanceIds=servers[:1])
    aws.moment()
    return World(aws, servers[0], servers[1:], template, subnet)


def _server(ec2: Any, image: str, subnet: str, name: str, role: str) -> str:
    tags = [{"Key": "Name", "Value": name}, {"Key": "Role", "Value": role}]
    made = ec2.run_instances(
        ImageId=image,
        MinCount=1,
        MaxCount=1,
        InstanceType="m5.large",
        SubnetId=subnet,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )
    return made["Instances"][0]["InstanceId"]


@contextmanager
def opened(
    settings: AwsSettings,
    *,
    pace: ReadingPace = EVERY_TIME,
    steady: Callable[[], float] = lambda: 0.0,
) -> Iterator[AwsCloud]:
    """Open the environment's cloud by itself, with an account of its own."""
    account = AwsAccount(Access(settings.profile, settings.region, settings.role_arn))
    reading = AccountReading(account, steady)
    cloud = AwsCloud(
        ENVIRONMENT, settings, reading, SsmCommands(reading), pace=pace, release=account.close
    )
    try:
        yield cloud
    finally:
        account.close()


async def published(aws: AwsDouble, cloud: AwsCloud, version: int, key: str = "") -> str:
    """Make an image and a model of that version, and return the model's id."""
    image = await cloud.create_image(key=f"image {version} {key}")
    while (await cloud.image(image)).state == ImageState.CREATING:
        aws.moment()
    return await cloud.create_model(image=image, version=version, key=f"model {version} {key}")


async def settled(aws: AwsDouble, cloud: AwsCloud) -> CloudReading:
    """Let time go on until nothing moves any more, and return what is there then."""
    for _ in range(20):
        reading = await cloud.read()
        statuses = [it.status for it in reading.servers]
        statuses += [it.instance.status for it in reading.members if not it.failed]
        if not {"starting", "stopping"} & set(statuses):
            return reading
        aws.moment()
    raise AssertionError(f"still moving: {reading}")
