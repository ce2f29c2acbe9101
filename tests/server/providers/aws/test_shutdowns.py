"""Scheduled shutdowns that AWS keeps: EventBridge Scheduler stops the server by itself."""

import json
from datetime import timedelta
from typing import Any

import botocore.session
import pytest

from autosky_desktop.domain.environment_settings import Capability, CheckState
from autosky_desktop.server.providers.aws.plugin import AwsPlugin
from autosky_desktop.server.providers.aws.settings import AwsSettings
from autosky_desktop.server.providers.plugin import Services, WrongSettings, typed
from autosky_desktop.server.providers.provider import KeepsShutdowns, ProviderRefused, RefusalKind
from tests.support.aws_double import ACCOUNT, AwsDouble
from tests.support.aws_world import ENVIRONMENT, World, opened, world
from tests.support.cloud import MORNING

pytestmark = pytest.mark.anyio


def schedules(aws: AwsDouble) -> list[dict[str, Any]]:
    client = aws.client("scheduler")
    return [client.get_schedule(Name=it["Name"]) for it in client.list_schedules()["Schedules"]]


async def test_a_server_has_one_schedule_that_moves_and_goes(aws: AwsDouble):
    there = world(aws)
    with opened(there.settings()) as cloud:
        await cloud.switch_off(there.preparation, None)  # there is none yet
        await cloud.switch_off(there.preparation, MORNING)
        await cloud.switch_off(there.preparation, MORNING + timedelta(hours=1))
        [found] = schedules(aws)
        later = MORNING + timedelta(hours=1)
        assert found["ScheduleExpression"] == f"at({later:%Y-%m-%dT%H:%M:%S})"
        assert found["ScheduleExpressionTimezone"] == "UTC"
        assert found["ActionAfterCompletion"] == "DELETE"
        assert ENVIRONMENT in found["Description"]
        target = found["Target"]
        assert target["Arn"] == "arn:aws:scheduler:::aws-sdk:ec2:stopInstances"
        assert target["RoleArn"] == f"arn:aws:iam::{ACCOUNT}:role/autosky-shutdown"
        assert json.loads(target["Input"]) == {"InstanceIds": [there.preparation]}
        assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] <= 300
        await cloud.switch_off(there.preparation, None)
        assert schedules(aws) == []


def test_the_target_is_an_operation_that_there_is():
    operation = botocore.session.Session().get_service_model("ec2").operation_model("StopInstances")
    assert "InstanceIds" in operation.input_shape.members


async def provider_of(there: World, tmp_path: Any, **more: Any) -> Any:
    services = Services(now=lambda: MORNING, folder=tmp_path, control_plane="plane")
    return await AwsPlugin().open(ENVIRONMENT, there.settings(**more), services)


async def test_the_provider_says_whether_aws_will_do_it(aws: AwsDouble, tmp_path):
    there = world(aws)
    provider = await provider_of(there, tmp_path)
    assert isinstance(provider, KeepsShutdowns)
    assert await provider.keep_shutdown(ENVIRONMENT, there.preparation, MORNING) is True
    assert len(schedules(aws)) == 1
    assert await provider.keep_shutdown(ENVIRONMENT, there.preparation, None) is False
    assert schedules(aws) == []
    await provider.close()


async def test_without_a_role_aws_is_not_asked(aws: AwsDouble, tmp_path):
    there = world(aws)
    provider = await provider_of(there, tmp_path, shutdown_role="")
    aws.calls.clear()
    assert await provider.keep_shutdown(ENVIRONMENT, there.preparation, MORNING) is False
    assert (schedules(aws), dict(aws.calls)) == ([], {})
    await provider.close()


async def test_a_right_that_is_missing_is_named(aws: AwsDouble):
    there = world(aws)
    aws.fail("CreateSchedule", "AccessDeniedException")
    refusal = pytest.raises(ProviderRefused, match="scheduler:CreateSchedule")
    with opened(there.settings()) as cloud, refusal as refused:
        await cloud.switch_off(there.preparation, MORNING)
    assert refused.value.kind is RefusalKind.NOT_PERMITTED


async def test_check_says_who_switches_off(aws: AwsDouble):
    there = world(aws)
    for role, state, said in (("", CheckState.UNTOLD, "this computer"), (None, CheckState.OK, "")):
        settings = there.settings() if role is None else there.settings(shutdown_role=role)
        lines = [it async for it in AwsPlugin().check(ENVIRONMENT, settings)]
        [line] = [it for it in lines if it.capability == Capability.SHUTDOWN]
        assert (line.state, said in line.detail) == (state, True)
    assert schedules(aws) == []


@pytest.mark.parametrize("odd", ["autosky", "arn:aws:iam::1:role/x", "arn:aws:s3:::bucket"])
def test_what_is_no_role_is_refused_at_once(odd: str):
    with pytest.raises(WrongSettings):
        typed(AwsPlugin(), {"preparation": "i-1", "shutdown_role": odd})
    assert AwsSettings(shutdown_role="").shutdown_role == ""
