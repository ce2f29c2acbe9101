"""Scheduled shutdowns that AWS carries out by itself, with EventBridge Scheduler: one schedule a
server, which goes once it has fired.

They are a call of their own service, and need a role that it may assume: nothing else here does.
"""

import json
from datetime import UTC, datetime
from typing import Any

from autosky_desktop.server.providers.aws.account import AwsAccount
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind

STOPS = "arn:aws:scheduler:::aws-sdk:ec2:stopInstances"
LATEST_SECONDS = 300
"""How long AWS tries: later, somebody may have started the server anew."""


def name_of(server: str) -> str:
    """Return the name of the schedule of a server."""
    return f"autosky-{server}"


async def put(account: AwsAccount, environment: str, server: str, at: datetime, role: str) -> None:
    """Have AWS stop the server at that moment, in place of any other. Raises as calls do."""
    given = schedule(environment, server, at, role)
    try:
        await account.call("scheduler", "create_schedule", **given)
    except ProviderRefused as error:
        if error.kind is not RefusalKind.IN_USE:
            raise
        await account.call("scheduler", "update_schedule", **given)


async def remove(account: AwsAccount, server: str) -> None:
    """Have AWS stop the server at no time; one without a schedule stays as it is."""
    try:
        await account.call("scheduler", "delete_schedule", Name=name_of(server))
    except ProviderRefused as error:
        if error.kind is not RefusalKind.NOT_FOUND:
            raise


def schedule(environment: str, server: str, at: datetime, role: str) -> dict[str, Any]:
    """Return a schedule as AWS takes it."""
    return {
        "Name": name_of(server),
        "Description": f"Autosky Desktop: scheduled shutdown in {environment}"[:512],
        "ScheduleExpression": f"at({at.astimezone(UTC):%Y-%m-%dT%H:%M:%S})",
        "ScheduleExpressionTimezone": "UTC",
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": STOPS,
            "RoleArn": role,
            "Input": json.dumps({"InstanceIds": [server]}),
            "RetryPolicy": {"MaximumEventAgeInSeconds": LATEST_SECONDS, "MaximumRetryAttempts": 3},
        },
    }
