"""The rights that an environment in AWS needs, for each thing that is done there.

They are what `autosky provider policy aws` prints, what a check tries one by one, and what a test
does everything with: a call that is not listed here is refused there.
"""

import json
from collections.abc import Mapping
from types import MappingProxyType

from autosky_desktop.domain.environment_settings import Capability

GUESTS = (
    "ssm:DescribeInstanceInformation",
    "ssm:SendCommand",
    "ssm:ListCommandInvocations",
    "ssm:GetCommandInvocation",
)
RIGHTS: Mapping[Capability, tuple[str, ...]] = MappingProxyType({
    Capability.READ: (
        "ec2:DescribeInstances",
        "ec2:DescribeImages",
        "autoscaling:DescribeAutoScalingGroups",
    ),
    Capability.POWER: (
        "ec2:StartInstances",
        "ec2:StopInstances",
        "ec2:RebootInstances",
    ),
    Capability.IMAGE: (
        "ec2:CreateImage",
        "ec2:CreateTags",
        "ec2:DescribeSnapshots",
    ),
    Capability.REPLACE: (
        "ec2:CreateTags",
        "ec2:DeleteTags",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:CreateLaunchTemplateVersion",
        "ec2:RunInstances",
        "ec2:TerminateInstances",
        "autoscaling:AttachInstances",
        "autoscaling:CreateOrUpdateTags",
        "autoscaling:DeleteTags",
        "autoscaling:ResumeProcesses",
        "autoscaling:SetInstanceProtection",
        "autoscaling:SuspendProcesses",
        "autoscaling:TerminateInstanceInAutoScalingGroup",
        "autoscaling:UpdateAutoScalingGroup",
    ),
    Capability.SESSIONS: GUESTS,
    Capability.MESSAGES: GUESTS,
    Capability.CONNECT: (
        "ec2:DescribeSubnets",
        "ssm:DescribeInstanceInformation",
        "ssm:StartSession",
    ),
    Capability.LOADS: ("cloudwatch:GetMetricData",),
    Capability.SHUTDOWN: (
        "scheduler:CreateSchedule",
        "scheduler:DeleteSchedule",
        "scheduler:UpdateSchedule",
    ),
})  # fmt: skip
ROLE_RIGHT = "iam:PassRole"
"""Needed to start instances whose launch template gives them a role, and to give AWS the role for
scheduled shutdowns.
"""
RESUME_RIGHT = "ssm:ResumeSession"
"""Needed by the Session Manager plugin on a person's computer, with the same profile: AWS closes
the line of a tunnel about every hour. A check cannot try it: it is not for the control plane.
"""
ROLES_FOR = ("ec2.amazonaws.com", "scheduler.amazonaws.com")


def rights() -> list[str]:
    """Return every right once, by name. ROLE_RIGHT is not among them: only AWS itself can try it,
    as a part of starting an instance, which a check asks for as a whole.
    """
    return sorted({right for each in RIGHTS.values() for right in each})


def document() -> str:
    """Return the policy as AWS takes it: a statement for each thing that is done."""
    statements: list[dict[str, object]] = [
        {"Sid": capability.capitalize(), "Effect": "Allow", "Action": list(each), "Resource": "*"}
        for capability, each in RIGHTS.items()
    ]
    statements.append({
        "Sid": "PassRole",
        "Effect": "Allow",
        "Action": [ROLE_RIGHT],
        "Resource": "*",
        "Condition": {"StringEquals": {"iam:PassedToService": list(ROLES_FOR)}},
    })  # fmt: skip
    resumes = {"Sid": "Resume", "Effect": "Allow", "Action": [RESUME_RIGHT], "Resource": "*"}
    policy = {"Version": "2012-10-17", "Statement": [*statements, resumes]}
    return json.dumps(policy, indent=2) + "\n"
