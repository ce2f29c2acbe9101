"""The rights that are printed: each call is among them, and each is missed when it is not given."""

import json
from datetime import timedelta

import pytest

from autosky_desktop import cli
from autosky_desktop.domain.environment_settings import Capability, CheckLine, CheckState
from autosky_desktop.domain.server import Power
from autosky_desktop.server.providers.aws import policy
from autosky_desktop.server.providers.aws.plugin import AwsPlugin
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.cloud import Holder
from autosky_desktop.server.providers.provider import Admission
from tests.support.aws_double import AwsDouble
from tests.support.aws_world import ENVIRONMENT, World, opened, published, settled, world
from tests.support.cloud import MORNING

pytestmark = pytest.mark.anyio


async def everything(aws: AwsDouble, there: World) -> None:
    """Do all that is ever done in an environment."""
    with opened(there.settings()) as cloud:
        await cloud.hold(Holder(id="plane", name="Anna", until=MORNING))
        await cloud.power(there.preparation, Power.START)
        await settled(aws, cloud)
        for minutes in (5, 65):
            await cloud.switch_off(there.preparation, MORNING + timedelta(minutes=minutes))
        await cloud.switch_off(there.preparation, None)
        await cloud.power(there.preparation, Power.RESTART)
        await cloud.power(there.preparation, Power.STOP)
        await cloud.endpoint(there.support[0])
        model = await published(aws, cloud, 77)
        reading = await cloud.read()
        old, other = (it.instance.id for it in reading.members[:2])
        aws.guests[old] = lambda script, shell: (0, "x" * 5000, "")
        await cloud.channel(old).run("who", shell="sh")
        await cloud.tunnel(old)
        await cloud.loads()
        await cloud.mark(old, Admission.DRAINING)
        await cloud.start_instance(model=model, name="worker", replaces=old, key="start")
        await settled(aws, cloud)
        await cloud.retire_instance(old)
        unwanted = await cloud.start_instance(
            model=model, name="worker", replaces=other, key="unwanted"
        )
        await cloud.retire_instance(unwanted)
        aws.moment()
        await settled(aws, cloud)
        await cloud.leftovers()
        await cloud.hold(None)


async def test_everything_is_done_with_the_printed_rights(aws: AwsDouble):
    there = world(aws)
    with aws.rights_enforced(policy.rights()):
        await everything(aws, there)
    services = {it.partition(":")[0] for it in policy.rights()}
    used = {it for it in aws.calls if it.partition(":")[0] in services}
    assert used == set(policy.rights())


async def checked(
    there: World, settings: AwsSettings | None = None, plugin: AwsPlugin | None = None
) -> list[CheckLine]:
    plugin = plugin or AwsPlugin()
    return [it async for it in plugin.check(ENVIRONMENT, settings or there.settings())]


def as_it_is(aws: AwsDouble) -> str:
    """All that an account has, as its owner sees it."""
    found = [
        aws.client("ec2").describe_instances()["Reservations"],
        aws.client("ec2").describe_images(Owners=["self"])["Images"],
        aws.client("ec2").describe_launch_templates()["LaunchTemplates"],
        aws.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"],
    ]
    return json.dumps(found, default=str)


async def test_a_check_finds_nothing_missing_and_changes_nothing(aws: AwsDouble):
    there = world(aws)
    aws.guests |= {it: lambda script, shell: (0, "", "") for it in there.running()}
    before = as_it_is(aws)
    with aws.rights_enforced(policy.rights()):
        lines = await checked(there)
    assert [it.capability for it in lines] == [*policy.RIGHTS, Capability.COST]
    assert {it.state for it in lines} == {CheckState.OK}, lines
    assert all(it.detail for it in lines)
    assert as_it_is(aws) == before
    assert aws.commands.sent == []


async def test_a_check_names_each_right_that_is_missing(aws: AwsDouble):
    there = world(aws)
    aws.guests |= {it: lambda script, shell: (0, "", "") for it in there.running()}
    plugin, amiss = AwsPlugin(), {}
    with aws.rights_enforced(policy.rights()) as allow:
        opened_already = plugin.cloud(ENVIRONMENT, there.settings())  # whose connections are used
        for right in policy.rights():
            allow([it for it in policy.rights() if it != right])
            lines = await checked(there, plugin=plugin)
            failed = [it for it in lines if it.state == CheckState.FAILED]
            named = {it.capability for it in failed if right in it.detail and right in it.remedy}
            if named != {it for it, rights in policy.RIGHTS.items() if right in rights}:
                amiss[right] = failed
        await opened_already.close()
    assert amiss == {}


async def test_a_check_says_what_else_is_in_the_way(aws: AwsDouble):
    there = world(aws, most=3)
    lines = {it.capability: it for it in await checked(there)}
    replace, sessions = lines[Capability.REPLACE], lines[Capability.SESSIONS]
    assert (replace.state, sessions.state) == (CheckState.FAILED, CheckState.FAILED)
    assert "4" in replace.remedy
    assert "0 of 3" in sessions.detail


async def test_a_check_without_credentials_ends_with_what_to_do(aws: AwsDouble):
    there = world(aws)
    lines = await checked(there, there.settings(profile="nowhere"))
    assert [(it.capability, it.state) for it in lines] == [(Capability.READ, CheckState.FAILED)]
    assert lines[0].remedy


async def test_what_is_there_is_found(aws: AwsDouble):
    there = world(aws)
    found = await AwsPlugin().find(AwsSettings(profile=there.settings().profile))
    assert [(it.name, it.suggests) for it in found.machines] == [
        ("data", "support"),
        ("files", "support"),
        ("preparation", "preparation"),
    ]
    assert [(it.name, it.instances) for it in found.groups] == [("north-workers", 3)]
    assert found.suggested == {"group": "north-workers"}


def test_the_console_prints_the_policy(capsys: pytest.CaptureFixture[str]):
    assert cli.main(["provider", "policy", "aws"]) == 0
    printed = json.loads(capsys.readouterr().out)
    allowed = {right for it in printed["Statement"] for right in it["Action"]}
    assert allowed == {*policy.rights(), policy.ROLE_RIGHT, policy.RESUME_RIGHT}
