"""How busy instances in AWS are, by CloudWatch: in one request for all of an account."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from autosky_desktop.server.providers.aws import loads
from autosky_desktop.server.providers.aws.cloud import AwsAccounts
from autosky_desktop.server.providers.aws.reading import LOADS_SECONDS, ReadingPace
from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.provider import ProviderRefused
from tests.support.aws_double import AwsDouble
from tests.support.aws_world import ENVIRONMENT, opened, world

pytestmark = pytest.mark.anyio


def measured(
    aws: AwsDouble, machine: str, namespace: str, name: str, value: float, minutes: int = 5
) -> datetime:
    at = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(minutes=minutes)
    dimensions = [{"Name": "InstanceId", "Value": machine}]
    metric = {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": at}
    aws.client("cloudwatch").put_metric_data(Namespace=namespace, MetricData=[metric])
    return at


def busy(aws: AwsDouble, machine: str, cpu: float, **more: Any) -> datetime:
    return measured(aws, machine, "AWS/EC2", "CPUUtilization", cpu, **more)


async def test_what_is_measured_is_told_and_nothing_else(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        one, other, old = (it.instance.id for it in (await cloud.read()).members)
        busy(aws, one, 91.2, minutes=10)
        busy(aws, one, 12.34)
        measured(aws, one, "CWAgent", "mem_used_percent", 63.0)
        measured(aws, other, "CWAgent", "mem_used_percent", 40.0)
        busy(aws, old, 50.0, minutes=90)
        busy(aws, there.support[0], 77.0)
        found = {it.id: it for it in await cloud.loads()}
    assert {id_: (it.cpu, it.memory) for id_, it in found.items()} == {
        one: (12.3, 63.0),
        other: (None, 40.0),
    }
    assert datetime.now(UTC) - found[one].at < timedelta(minutes=20)


async def test_windows_tells_its_memory_by_another_name(aws: AwsDouble):
    there = world(aws)
    server = there.support[0]
    measured(aws, server, "CWAgent", "Memory % Committed Bytes In Use", 71.0)
    with opened(there.settings()) as cloud:
        for platform, told in ((Platform.WINDOWS, 71.0), (Platform.LINUX, None)):
            found = await loads.read(cloud.reading.account, {server: platform})
            assert (found[server].memory if found else None) == told


async def test_forty_instances_are_one_request_in_five_minutes_however_many_look(aws: AwsDouble):
    there = world(aws, instances=40)
    now = 0.0
    accounts = AwsAccounts(lambda: now, ReadingPace())
    cloud = accounts.open(ENVIRONMENT, there.settings())
    busy(aws, (await cloud.read()).members[39].instance.id, 5.0)
    for _ in range(10):
        [load] = await cloud.loads()
        assert load.cpu == 5.0
        now += LOADS_SECONDS / 10
    assert aws.calls["cloudwatch:GetMetricData"] == 1
    now += 1.0
    await cloud.loads()
    assert aws.calls["cloudwatch:GetMetricData"] == 2
    await cloud.close()


async def test_without_the_right_it_is_named(aws: AwsDouble):
    there = world(aws)
    aws.fail("GetMetricData", "AccessDenied")
    refusal = pytest.raises(ProviderRefused, match="cloudwatch:GetMetricData")
    with opened(there.settings()) as cloud, refusal:
        await cloud.loads()
