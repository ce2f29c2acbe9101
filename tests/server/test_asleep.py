"""A control plane whose computer slept answers at once when it wakes, however long that was."""

import uuid
from datetime import datetime, timedelta

import httpx
import pytest

from autosky_desktop.server.db.clock import now
from tests.support.control_plane import running_control_plane

LONGEST = timedelta(seconds=1)
SLOWER = 5
"""So many times what it took awake, on a computer that is busy with something else."""


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


def confirmed(environment: dict) -> datetime:
    return datetime.fromisoformat(environment["confirmedAt"])


def waits_of_updates(client: httpx.Client, environments: list[dict]) -> list[timedelta]:
    """How long the answer takes when an update of each is asked for."""
    waits = []
    for each in environments:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        answer = client.post(f"environments/{each['id']}/provider-update", headers=key)
        waits.append(answer.elapsed)
    return waits


@pytest.mark.parametrize("days", [0.6, 14, 365])
def test_nobody_waits_while_it_catches_up(tmp_path, days):
    clock = Clock()
    with (
        running_control_plane(
            tmp_path, speed=20, churn=True, clock=clock, cloud_clock=clock
        ) as running,
        running.client() as client,
    ):
        environments = client.get("environments").json()["environments"]
        awake = waits_of_updates(client, environments)
        slept_at = clock()
        clock.ahead = timedelta(days=days)
        woken_at = slept_at + clock.ahead
        waits = waits_of_updates(client, environments)
        while True:
            answer = client.get("environments")
            waits.append(answer.elapsed)
            read = answer.json()["environments"]
            if all(confirmed(each) >= woken_at for each in read):
                break
    assert max(waits) < max(LONGEST, SLOWER * max(awake))
