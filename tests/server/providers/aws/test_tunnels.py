"""Tunnels to machines in AWS: sessions of Systems Manager that forward a port."""

from typing import Any

import pytest

from autosky_desktop.domain.endpoint import Route, address
from autosky_desktop.domain.environment_settings import Capability, CheckState
from autosky_desktop.server.providers.aws.plugin import AwsPlugin
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderRefused, RefusalKind
from tests.support.aws_double import PROFILE, REGION, AwsDouble
from tests.support.aws_world import ENVIRONMENT, World, opened, world

pytestmark = pytest.mark.anyio


def guest(_script: str, _shell: str) -> tuple[int, str, str]:
    return 0, "", ""


def hidden(aws: AwsDouble, there: World) -> str:
    """Start another support server in a subnet without public addresses, and return its id."""
    ec2 = aws.client("ec2")
    ec2.modify_subnet_attribute(SubnetId=there.subnet, MapPublicIpOnLaunch={"Value": False})
    tags = [{"Key": "Name", "Value": "vault"}, {"Key": "Role", "Value": "database"}]
    made = ec2.run_instances(
        ImageId=there.machine(there.preparation)["ImageId"],
        MinCount=1,
        MaxCount=1,
        SubnetId=there.subnet,
        TagSpecifications=[{"ResourceType": "instance", "Tags": tags}],
    )
    aws.moment()
    id_: str = made["Instances"][0]["InstanceId"]
    assert not there.machine(id_).get("PublicIpAddress")
    return id_


async def connecting(there: World) -> Any:
    lines = [it async for it in AwsPlugin().check(ENVIRONMENT, there.settings())]
    return next(it for it in lines if it.capability == Capability.CONNECT)


async def test_a_tunnel_leads_to_the_port_of_its_machine(aws: AwsDouble):
    there = world(aws)
    server = hidden(aws, there)
    aws.guests[server] = guest
    with opened(there.settings()) as cloud:
        endpoint = await cloud.endpoint(server)
        tunnel = await cloud.tunnel(server)
    assert endpoint.public_ip is None
    assert address(endpoint, Route.TUNNEL) == endpoint.private_ip
    assert (tunnel.kind, tunnel.machine) == (endpoint.tunnel, server) == ("session-manager", server)
    assert tunnel.profile == PROFILE  # AWS closes the line every hour, and it is taken up again
    assert (tunnel.region, tunnel.service) == (REGION, aws.url)
    assert tunnel.url.startswith("wss://")
    assert tunnel.token
    assert tunnel.token not in repr(tunnel)
    assert aws.sessions == [{
        "Target": server,
        "DocumentName": "AWS-StartPortForwardingSession",
        "Parameters": {"portNumber": ["22"]},
    }]  # fmt: skip


async def test_no_tunnel_begins_without_an_agent_that_answers(aws: AwsDouble):
    there = world(aws)
    silent, without = there.support
    aws.guests[silent] = guest
    aws.silent.add(silent)
    with opened(there.settings()) as cloud:
        with pytest.raises(ProviderBusy, match="does not answer"):
            await cloud.tunnel(silent)
        with pytest.raises(ProviderRefused) as refused:
            await cloud.tunnel(without)
    assert refused.value.kind is RefusalKind.NO_AGENT
    assert "AmazonSSMManagedInstanceCore" in refused.value.remedy
    assert aws.calls["ssm:StartSession"] == 0


async def test_a_right_that_is_missing_for_a_tunnel_is_named(aws: AwsDouble):
    there = world(aws)
    aws.guests[there.support[0]] = guest
    aws.fail("StartSession", "AccessDeniedException")
    refusal = pytest.raises(ProviderRefused, match="ssm:StartSession")
    with opened(there.settings()) as cloud, refusal as refused:
        await cloud.tunnel(there.support[0])
    assert refused.value.kind is RefusalKind.NOT_PERMITTED


async def test_an_agent_that_just_went_is_told_as_one_that_is_not_there(aws: AwsDouble):
    there = world(aws)
    server = there.support[0]
    aws.guests[server] = guest
    with opened(there.settings()) as cloud:
        await cloud.tunnel(server)
        aws.silent.add(server)
        with pytest.raises(ProviderRefused) as refused:
            await cloud.tunnel(server)
    assert refused.value.kind is RefusalKind.NO_AGENT


async def test_check_says_whether_hidden_servers_are_reached(aws: AwsDouble):
    there = world(aws)
    assert "public address" in (await connecting(there)).detail
    server = hidden(aws, there)
    line = await connecting(there)
    assert (line.state, "vault" in line.detail) == (CheckState.UNTOLD, True)
    assert "SSM agent" in line.remedy
    aws.guests[server] = guest
    line = await connecting(there)
    assert (line.state, "vault" in line.detail) == (CheckState.OK, True)
    assert "Systems Manager" in line.detail
    assert "Session Manager plugin" in line.remedy
