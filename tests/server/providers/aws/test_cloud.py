"""The machines of an environment in AWS, as its cloud tells of them and changes them."""

from datetime import UTC, datetime

import pytest

from autosky_desktop.domain.server import Power, ServerRole, ServerState
from autosky_desktop.server.providers.cloud import Holder, Platform
from autosky_desktop.server.providers.provider import Admission, ProviderRefused, RefusalKind
from tests.support.aws_double import AwsDouble
from tests.support.aws_world import GROUP, opened, published, settled, world

pytestmark = pytest.mark.anyio


async def test_it_tells_of_servers_and_of_instances(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        reading = await cloud.read()
    assert [(it.name, it.role, it.status) for it in reading.servers] == [
        ("preparation", ServerRole.PREPARATION, ServerState.STOPPED),
        ("files", ServerRole.SUPPORT, ServerState.RUNNING),
        ("data", ServerRole.SUPPORT, ServerState.RUNNING),
    ]
    assert [it.instance.status for it in reading.members] == ["available"] * 3
    assert {it.model for it in reading.members} == {f"{there.template}:1"}


async def test_a_server_is_started_and_stopped(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        await cloud.power(there.preparation, Power.START)
        assert (await cloud.read()).servers[0].status == ServerState.STARTING
        on = (await settled(aws, cloud)).servers[0]
        assert (on.status, on.public_ip is None) == (ServerState.RUNNING, False)
        await cloud.power(there.preparation, Power.STOP)
        assert (await cloud.read()).servers[0].status == ServerState.STOPPING
        off = (await settled(aws, cloud)).servers[0]
    assert (off.status, off.public_ip) == (ServerState.STOPPED, None)
    assert off.private_ip == on.private_ip


async def test_a_preparation_server_that_was_deleted_is_said_to_be(aws: AwsDouble):
    there = world(aws)
    aws.client("ec2").terminate_instances(InstanceIds=[there.preparation])
    with opened(there.settings()) as cloud, pytest.raises(ProviderRefused) as refused:
        await cloud.read()
    assert refused.value.kind is RefusalKind.NOT_FOUND
    assert there.preparation in refused.value.detail
    assert refused.value.remedy


async def test_a_successor_joins_the_group_and_the_old_one_goes(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        before = (await cloud.read()).members
        assert {it.image for it in before} == {there.machine(before[0].instance.id)["ImageId"]}
        old = before[0].instance.id
        new = await cloud.start_instance(model=model, name="worker", replaces=old, key="start")
        successor = next(it for it in (await cloud.read()).members if it.instance.id == new)
        assert (successor.instance.status, successor.replaces) == ("starting", old)
        reading = await settled(aws, cloud)
        assert there.group()["DesiredCapacity"] == 4
        successor = next(it for it in reading.members if it.instance.id == new)
        assert (successor.instance.status, successor.instance.version) == ("available", 77)
        assert (successor.model, successor.failed) == (model, "")
        await cloud.retire_instance(old)
        aws.moment()
        await cloud.retire_instance(old)  # once more: nothing is left to do
    group = there.group()
    assert group["DesiredCapacity"] == 3
    assert new in {it["InstanceId"] for it in group["Instances"]}
    assert there.machine(old)["State"]["Name"] == "terminated"
    assert group["LaunchTemplate"]["Version"] == model.split(":")[1]


async def test_a_group_does_nothing_of_its_own_while_instances_are_replaced(aws: AwsDouble):
    there = world(aws)
    scaling = aws.client("autoscaling")
    scaling.suspend_processes(AutoScalingGroupName=GROUP, ScalingProcesses=["ScheduledActions"])
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        old = (await cloud.read()).members[0].instance.id
        await cloud.start_instance(model=model, name="worker", replaces=old, key="start")
        assert {"AZRebalance", "AlarmNotification"} < suspended(there)
        await settled(aws, cloud)
        assert "AZRebalance" in suspended(there)  # the old one is still there
        await cloud.retire_instance(old)
        aws.moment()
        await cloud.read()
    assert suspended(there) == {"ScheduledActions"}  # somebody else's, from before


def suspended(there) -> set[str]:
    return {it["ProcessName"] for it in there.group()["SuspendedProcesses"]}


async def test_a_successor_that_the_group_does_not_take_says_why(aws: AwsDouble):
    there = world(aws, most=3)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        old = (await cloud.read()).members[0].instance.id
        new = await cloud.start_instance(model=model, name="worker", replaces=old, key="start")
        aws.moment()
        successor = next(it for it in (await cloud.read()).members if it.instance.id == new)
        assert "max size" in successor.failed
        assert successor.instance.status == "starting"
        await cloud.retire_instance(new)
        aws.moment()
        assert len((await cloud.read()).members) == 3
    assert there.group()["DesiredCapacity"] == 3


async def test_one_that_aws_ends_by_itself_is_told_until_it_is_retired(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        new = await cloud.start_instance(model=model, name="worker", replaces="", key="start")
        aws.dies(new, "Server.InsufficientInstanceCapacity", "no room")
        failed = next(it for it in (await cloud.read()).members if it.instance.id == new)
        assert (failed.instance.status, bool(failed.failed)) == ("terminated", True)
        await cloud.retire_instance(new)
        assert new not in {it.instance.id for it in (await cloud.read()).members}


async def test_one_that_waits_for_its_people_is_protected_and_still_retired(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        one = (await cloud.read()).members[0].instance.id
        await published(aws, cloud, 77)
        await cloud.mark(one, Admission.DRAINING)
        drained = next(it for it in (await cloud.read()).members if it.instance.id == one)
        assert (drained.admission, drained.instance.status) == (Admission.DRAINING, "draining")
        assert protected(there, one)
        await cloud.mark(one, Admission.OPEN)
        assert not protected(there, one)
        await cloud.mark(one, Admission.DRAINING)
        aws.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=GROUP, MinSize=0)
        await cloud.retire_instance(one)
    assert there.machine(one)["State"]["Name"] == "shutting-down"


def protected(there, instance: str) -> bool:
    found = {it["InstanceId"]: it["ProtectedFromScaleIn"] for it in there.group()["Instances"]}
    return found[instance]


async def test_without_a_group_instances_are_found_by_their_tags(aws: AwsDouble):
    there = world(aws)
    settings = there.settings(group="", tag="Owner=IT", template=there.template)
    with opened(settings) as cloud:
        model = await published(aws, cloud, 77)
        assert len((await cloud.read()).members) == 3
        old = (await cloud.read()).members[0].instance.id
        new = await cloud.start_instance(model=model, name="worker", replaces=old, key="start")
        reading = await settled(aws, cloud)
        successor = next(it for it in reading.members if it.instance.id == new)
        assert (successor.instance.status, successor.instance.name) == ("available", "worker")
        await cloud.retire_instance(new)
    assert there.machine(new)["State"]["Name"] == "shutting-down"
    assert there.machine(new)["SubnetId"] == there.subnet


async def test_windows_is_reached_by_rdp_and_everything_else_by_ssh(aws: AwsDouble):
    there = world(aws)
    ec2 = aws.client("ec2")
    image = ec2.register_image(Name="win", RootDeviceName="/dev/sda1")["ImageId"]
    aws.make_windows(image)
    made = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, SubnetId=there.subnet)
    windows = made["Instances"][0]["InstanceId"]
    with opened(there.settings(support=[windows])) as cloud:
        reached = await cloud.endpoint(windows)
        assert (reached.protocol, reached.port, reached.account) == ("rdp", 3389, "ec2-user")
        assert (await cloud.read()).platforms[windows] is Platform.WINDOWS
        linux = await cloud.endpoint(there.support[1])
        assert (linux.protocol, linux.port) == ("ssh", 22)
        assert linux.network == ec2.describe_subnets()["Subnets"][0]["CidrBlock"]
        with pytest.raises(ProviderRefused) as refused:
            await cloud.endpoint("i-0123456789abcdef0")
    assert refused.value.kind is RefusalKind.NOT_FOUND


async def test_an_elastic_address_stays_while_the_server_is_off(aws: AwsDouble):
    there = world(aws)
    ec2 = aws.client("ec2")
    made = ec2.allocate_address(Domain="vpc")
    ec2.associate_address(AllocationId=made["AllocationId"], InstanceId=there.support[0])
    with opened(there.settings()) as cloud:
        await cloud.power(there.support[0], Power.STOP)
        reading = await settled(aws, cloud)
    files = next(it for it in reading.servers if it.name == "files")
    assert (files.status, files.public_ip) == (ServerState.STOPPED, made["PublicIp"])


async def test_whoever_holds_the_environment_is_noted_at_the_preparation_server(aws: AwsDouble):
    there = world(aws)
    holder = Holder(id="plane-1", name="Anna’s desk", until=datetime(2026, 12, 1, 9, tzinfo=UTC))
    with opened(there.settings()) as cloud:
        assert await cloud.holder() is None
        await cloud.hold(holder)
        assert await cloud.holder() == holder
        await cloud.hold(None)
        assert await cloud.holder() is None


async def test_what_serves_nothing_is_listed(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        assert await cloud.leftovers() == []
        used = await published(aws, cloud, 77)
        unused = await cloud.create_image(key="given up")
        failed = await cloud.create_image(key="fails")
        aws.moment()
        aws.image_fails(failed, "the disk could not be read")
        new = await cloud.start_instance(model=used, name="worker", replaces="", key="start")
        aws.moment()
        aws.client("ec2").stop_instances(InstanceIds=[new])
        aws.moment()
        found = await cloud.leftovers()
    assert [(it.kind, it.id) for it in found if it.kind == "machine"] == [("machine", new)]
    assert {it.id for it in found if it.kind == "image"} == {unused, failed}
    assert all(it.why for it in found)
