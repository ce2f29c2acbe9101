"""Bad days in AWS: answers that are lost, calls that are refused, credentials that expire."""

import pytest
from botocore.parsers import ResponseParserError

from autosky_desktop.domain.server import ImageState, Power
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from tests.support.aws_double import PROFILE, AwsDouble
from tests.support.aws_world import opened, published, world

pytestmark = pytest.mark.anyio

LOST = 4
"""As many answers as botocore asks for before it gives up."""


async def test_a_call_whose_answers_are_lost_makes_one_thing(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        before = set(there.running())
        aws.fail("RunInstances", "InternalError", times=LOST, after=True)
        with pytest.raises(ProviderBusy):
            await cloud.start_instance(model=model, name="worker", replaces="", key="start")
        new = await cloud.start_instance(model=model, name="worker", replaces="", key="start")
        assert set(there.running()) - before == {new}

        aws.fail("CreateImage", "InternalError", times=LOST, after=True)
        with pytest.raises(ProviderError):
            await cloud.create_image(key="image")
        image = await cloud.create_image(key="image")
        assert await cloud.create_image(key="image") == image
        images = aws.client("ec2").describe_images(Owners=["self"])["Images"]
        assert sum(it["Name"].startswith("autosky") for it in images) == 2  # 77's, and this one

        aws.fail("CreateLaunchTemplateVersion", "InternalError", times=LOST, after=True)
        with pytest.raises(ProviderBusy):
            await cloud.create_model(image=image, version=78, key="model")
        assert await cloud.create_model(image=image, version=78, key="model")
    versions = aws.client("ec2").describe_launch_template_versions(LaunchTemplateId=there.template)
    assert len(versions["LaunchTemplateVersions"]) == 3


async def test_the_first_lost_answer_of_an_image_is_found_by_its_name(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        aws.fail("CreateImage", "InternalError", after=True)
        image = await cloud.create_image(key="image")
        assert (await cloud.image(image)).state == ImageState.CREATING


async def test_an_image_that_fails_says_why(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        image = await cloud.create_image(key="image")
        assert (await cloud.image(image)).percent < 100
        aws.image_fails(image, "The disk could not be read.")
        failed = await cloud.image(image)
        assert (failed.state, failed.detail) == (ImageState.FAILED, "The disk could not be read.")
        assert (await cloud.read()).servers[0].image_status == ImageState.FAILED
        with pytest.raises(ProviderRefused) as refused:
            await cloud.image("ami-0123456789abcdef0")
    assert refused.value.kind is RefusalKind.NOT_FOUND


async def test_a_version_is_whole_and_has_the_next_image(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
    told = aws.client("ec2").describe_launch_template_versions(
        LaunchTemplateId=there.template, Versions=[model.split(":")[1]]
    )
    data = told["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    tags = {it["Key"]: it["Value"] for it in data["TagSpecifications"][0]["Tags"]}
    assert data["InstanceType"] == "t3.large"
    assert (tags["Owner"], tags["autosky:version"]) == ("IT", "77")
    assert data["ImageId"] in {
        it["ImageId"] for it in aws.client("ec2").describe_images(Owners=["self"])["Images"]
    }


async def test_two_throttled_calls_are_tried_again_and_a_throttled_account_is_busy(
    aws: AwsDouble,
):
    there = world(aws)
    with opened(there.settings()) as cloud:
        await cloud.read()
        aws.fail("StartInstances", "RequestLimitExceeded", times=2)
        await cloud.power(there.preparation, Power.START)
        aws.moment()
        aws.fail("StopInstances", "RequestLimitExceeded", times=4)
        with pytest.raises(ProviderBusy):
            await cloud.power(there.preparation, Power.STOP)
    assert aws.calls["ec2:StopInstances"] == 4


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("InsufficientInstanceCapacity", RefusalKind.NO_CAPACITY),
        ("VcpuLimitExceeded", RefusalKind.QUOTA),
        ("UnauthorizedOperation", RefusalKind.NOT_PERMITTED),
        ("ExpiredToken", RefusalKind.CREDENTIALS),
        ("RequestExpired", RefusalKind.CREDENTIALS),
        ("AuthFailure", RefusalKind.CREDENTIALS),
        ("IncorrectInstanceState", RefusalKind.WRONG_STATE),
        ("InvalidLaunchTemplateId.NotFound", RefusalKind.NOT_FOUND),
        ("SomethingNobodyKnows", RefusalKind.UNKNOWN),
    ],
)
async def test_a_refusal_has_its_kind_and_says_what_to_do(
    aws: AwsDouble, code: str, kind: RefusalKind
):
    there = world(aws)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        aws.fail("RunInstances", code, message="What AWS says")
        with pytest.raises(ProviderRefused) as refused:
            await cloud.start_instance(model=model, name="worker", replaces="", key="start")
    assert refused.value.kind is kind
    assert refused.value.detail.endswith(".")
    known = kind not in {RefusalKind.UNKNOWN, RefusalKind.WRONG_STATE, RefusalKind.NOT_FOUND}
    assert bool(refused.value.remedy) == known
    if code == "SomethingNobodyKnows":
        assert refused.value.detail == "What AWS says."


async def test_credentials_that_expire_meanwhile_say_how_to_renew_them(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        await cloud.create_image(key="image")
        aws.fail("*", "ExpiredToken", times=100)
        with pytest.raises(ProviderRefused) as refused:
            await cloud.create_model(image="ami-1", version=77, key="model")
    assert refused.value.kind is RefusalKind.CREDENTIALS
    assert PROFILE in refused.value.remedy
    assert "sso" not in refused.value.remedy


async def test_keys_that_somebody_renewed_are_used_without_a_restart(aws: AwsDouble):
    there = world(aws)
    with aws.rights_enforced(["ec2:*", "autoscaling:*"]):
        valid = (aws.folder / "config").read_text("utf-8")
        aws.use_profile("AKIAOUTOFDATE", "secret")
        with opened(there.settings()) as cloud:
            with pytest.raises(ProviderRefused) as refused:
                await cloud.read()
            (aws.folder / "config").write_text(valid, "utf-8")
            assert (await cloud.read()).servers
    assert refused.value.kind is RefusalKind.CREDENTIALS


async def test_an_image_that_is_not_ready_everywhere_is_waited_for(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        model = await published(aws, cloud, 77)
        aws.fail("RunInstances", "InvalidAMIID.Unavailable", message="It is pending")
        with pytest.raises(ProviderBusy):
            await cloud.start_instance(model=model, name="worker", replaces="", key="start")
        assert await cloud.start_instance(model=model, name="worker", replaces="", key="start")


async def test_a_profile_that_signs_in_says_how_to_sign_in(aws: AwsDouble):
    there = world(aws)
    config = aws.folder / "config"
    config.write_text(
        f"[profile {PROFILE}]\nregion = eu-central-1\nsso_session = work\n"
        "sso_account_id = 123456789012\nsso_role_name = admin\n"
        "[sso-session work]\nsso_region = eu-central-1\n"
        "sso_start_url = https://work.example/start\n",
        "utf-8",
    )
    with opened(there.settings()) as cloud, pytest.raises(ProviderRefused) as refused:
        await cloud.read()
    assert refused.value.kind is RefusalKind.CREDENTIALS
    assert f"aws sso login --profile {PROFILE}" in refused.value.remedy


async def test_a_profile_that_is_not_there_is_named(aws: AwsDouble):
    there = world(aws)
    settings = there.settings(profile="nowhere")
    with opened(settings) as cloud, pytest.raises(ProviderRefused) as refused:
        await cloud.read()
    assert refused.value.kind is RefusalKind.CREDENTIALS
    assert "nowhere" in refused.value.detail


async def test_a_service_that_is_not_there_is_busy(aws: AwsDouble):
    there = world(aws)
    aws.url = "http://127.0.0.1:9"  # nobody listens on the port of `discard`
    aws.use_profile()
    with opened(there.settings()) as cloud, pytest.raises(ProviderBusy):
        await cloud.read()


async def test_an_answer_that_cannot_be_read_is_no_reason_to_ask_for_ever(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud, pytest.raises(ResponseParserError):
        await cloud._account.call(
            "autoscaling", "describe_instance_refreshes", AutoScalingGroupName="north-workers"
        )
    assert set(aws.unknown) == {"DescribeInstanceRefreshes"}
    aws.unknown.clear()


async def test_a_role_is_assumed(aws: AwsDouble):
    there = world(aws)
    role = aws.client("iam").create_role(RoleName="autosky", AssumeRolePolicyDocument="{}")
    with opened(there.settings(role_arn=role["Role"]["Arn"])) as cloud:
        assert (await cloud.read()).servers
    assert aws.calls["sts:AssumeRole"] == 1
