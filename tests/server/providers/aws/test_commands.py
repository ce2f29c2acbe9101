"""Scripts on guests by Systems Manager, on those that were meant and on no others."""

import asyncio

import pytest

from autosky_desktop.server.providers.guest import Completed
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from tests.support.aws_double import AwsDouble
from tests.support.aws_world import opened, world

pytestmark = pytest.mark.anyio


async def test_a_script_runs_on_its_machine_alone(aws: AwsDouble):
    there = world(aws)
    heard: list[str] = []
    for name in there.support:
        aws.guests[name] = lambda script, shell, name=name: (heard.append(name), (3, "out", ""))[1]
    with opened(there.settings()) as cloud:
        said = await cloud.channel(there.support[0]).run("true", shell="sh")
    assert said == Completed(code=3, out="out")
    assert heard == there.support[:1]
    assert aws.commands.sent[0]["document_name"] == "AWS-RunShellScript"


async def test_many_who_say_the_same_send_one_command(aws: AwsDouble):
    there = world(aws, instances=60)
    with opened(there.settings()) as cloud:
        ids = [it.instance.id for it in (await cloud.read()).members]
        aws.guests |= {it: lambda script, shell, it=it: (0, it, "") for it in ids}
        aws.calls.clear()
        asked = [cloud.channel(it).run("who", shell="powershell") for it in ids]
        found = await asyncio.gather(*asked)
    assert [it.out for it in found] == ids
    assert aws.calls["ssm:SendCommand"] == 2  # of fifty machines at most
    assert aws.calls["ssm:ListCommandInvocations"] <= 4
    assert {it["document_name"] for it in aws.commands.sent} == {"AWS-RunPowerShellScript"}


async def test_long_output_and_errors_are_fetched_whole(aws: AwsDouble):
    there = world(aws)
    long, failing = there.support
    aws.guests[long] = lambda script, shell: (0, "x" * 20_000, "")
    aws.guests[failing] = lambda script, shell: (1, "so far", "it broke")
    with opened(there.settings()) as cloud:
        said = cloud.channel(long).run("x", shell="sh"), cloud.channel(failing).run("x", shell="sh")
        whole, broken = await asyncio.gather(*said)
    assert len(whole.out) == 20_000
    assert broken == Completed(code=1, out="so far", err="it broke")


async def test_a_machine_without_an_agent_costs_no_other_its_answer(aws: AwsDouble):
    there = world(aws)
    with_agent, without = there.support
    aws.guests[with_agent] = lambda script, shell: (0, "here", "")
    with opened(there.settings()) as cloud:
        said = [cloud.channel(it).run("x", shell="sh") for it in (with_agent, without)]
        there_is, refused = await asyncio.gather(*said, return_exceptions=True)
        assert there_is == Completed(code=0, out="here")
        assert isinstance(refused, ProviderRefused)
        assert refused.kind is RefusalKind.NO_AGENT
        assert refused.remedy


async def test_an_agent_that_goes_is_noticed(aws: AwsDouble):
    there = world(aws)
    aws.guests[there.support[0]] = lambda script, shell: (0, "", "")
    with opened(there.settings()) as cloud:
        channel = cloud.channel(there.support[0])
        assert (await channel.run("x", shell="sh")).code == 0
        aws.guests.clear()
        for _ in range(2):
            with pytest.raises(ProviderRefused) as refused:
                await channel.run("x", shell="sh")
            assert refused.value.kind is RefusalKind.NO_AGENT
    assert aws.calls["ssm:SendCommand"] == 2  # the last time it was known already
