"""The answers of the double have the shapes that AWS describes; nothing is imported too early."""

import subprocess
import sys

import botocore.session
import pytest
from botocore.exceptions import ClientError

from tests.support.aws_double import AwsDouble
from tests.support.aws_world import GROUP, world


def members(service: str, operation: str, path: str) -> set[str]:
    """The members of a part of an operation's answer, as botocore's service model has them."""
    model = botocore.session.Session().get_service_model(service)
    shape = model.operation_model(operation).output_shape
    for part in path.split("."):
        shape = shape.members[part]
        while shape.type_name == "list":
            shape = shape.member
    return set(shape.members)


def words(service: str, shape: str) -> set[str]:
    return set(botocore.session.Session().get_service_model(service).shape_for(shape).enum)


def test_states_are_words_of_aws(aws: AwsDouble):
    there = world(aws)
    ec2 = aws.client("ec2")
    image = ec2.create_image(InstanceId=there.preparation, Name="image")["ImageId"]
    states = [ec2.describe_images(ImageIds=[image])["Images"][0]["State"]]
    assert states == ["pending"]
    assert set(states) <= words("ec2", "ImageState")
    seen = []
    for change in (ec2.start_instances, ec2.stop_instances, ec2.terminate_instances):
        change(InstanceIds=[there.preparation])
        seen.append(there.machine(there.preparation)["State"]["Name"])
        aws.moment()
    assert seen == ["pending", "stopping", "shutting-down"]
    assert set(seen) <= words("ec2", "InstanceStateName")
    inside = {it["LifecycleState"] for it in there.group()["Instances"]}
    assert inside <= words("autoscaling", "LifecycleState")


def test_answers_of_systems_manager_have_the_members_of_the_model(aws: AwsDouble):
    there = world(aws)
    aws.guests[there.support[0]] = lambda script, shell: (1, "out", "broken")
    ssm = aws.client("ssm")
    sent = ssm.send_command(
        InstanceIds=there.support[:1],
        DocumentName="AWS-RunShellScript",
        Parameters={"commands": ["true"]},
    )["Command"]
    told = aws.commands
    for _ in range(2):
        told.listed(sent["CommandId"])
    listed = told.listed(sent["CommandId"])[0]
    one = told.invocation(sent["CommandId"], there.support[0])
    whole = botocore.session.Session().get_service_model("ssm")
    single = set(whole.operation_model("GetCommandInvocation").output_shape.members)
    assert set(one) <= single
    known = members("ssm", "ListCommandInvocations", "CommandInvocations")
    ours = set(listed) - {"ResponseCode", "StandardOutputContent", "StandardErrorContent"}
    assert ours <= known
    plugin = members("ssm", "ListCommandInvocations", "CommandInvocations.CommandPlugins")
    assert set(listed["CommandPlugins"][0]) <= plugin
    assert {listed["Status"]} <= words("ssm", "CommandInvocationStatus")
    agent = ssm.describe_instance_information()["InstanceInformationList"][0]
    assert agent["PingStatus"] in words("ssm", "PingStatus")


def test_an_instance_tells_the_version_it_was_started_from(aws: AwsDouble):
    there = world(aws)
    ec2 = aws.client("ec2")
    ec2.create_launch_template_version(
        LaunchTemplateId=there.template, LaunchTemplateData={"InstanceType": "t3.large"}
    )
    ec2.modify_launch_template(LaunchTemplateId=there.template, DefaultVersion="2")
    assert {it["LaunchTemplate"]["Version"] for it in there.group()["Instances"]} == {"1"}


def test_a_repeated_token_starts_nothing_more(aws: AwsDouble):
    there = world(aws)
    started = [
        aws.client("ec2").run_instances(
            LaunchTemplate={"LaunchTemplateId": there.template},
            MinCount=1,
            MaxCount=1,
            ClientToken="once",
        )
        for _ in range(2)
    ]
    assert len({it["Instances"][0]["InstanceId"] for it in started}) == 1


@pytest.mark.parametrize(
    ("service", "call", "given", "code"),
    [
        (
            "autoscaling",
            "attach_instances",
            {"AutoScalingGroupName": GROUP, "InstanceIds": ["i-00000000000000000"]},
            "ValidationError",
        ),
        (
            "autoscaling",
            "suspend_processes",
            {"AutoScalingGroupName": GROUP, "ScalingProcesses": ["nothing"]},
            "ValidationError",
        ),
        (
            "ssm",
            "send_command",
            {"InstanceIds": ["i-00000000000000000"], "DocumentName": "AWS-RunShellScript"},
            "InvalidInstanceId",
        ),
    ],
)
def test_what_cannot_be_is_refused(aws: AwsDouble, service: str, call: str, given: dict, code: str):
    world(aws)
    with pytest.raises(ClientError) as refused:
        getattr(aws.client(service), call)(**given)
    assert refused.value.response["Error"]["Code"] == code


def test_nothing_of_boto3_is_imported_before_something_is_asked():
    look = (
        "import sys\n"
        "from autosky_desktop.server.providers.plugins import Plugins\n"
        "told = Plugins().listed().providers\n"
        "assert not next(it for it in told if it.name == 'aws').unusable\n"
        "print(sorted(it for it in sys.modules if it.startswith(('boto', 's3transfer'))))\n"
    )
    ran = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
