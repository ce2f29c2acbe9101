"""A control plane whose computer slept answers at once when it wakes, however long that was."""

from datetime import datetime, timedelta

import pytest

from autosky_desktop.server.db.clock import now
from tests.support.control_plane import running_control_plane

LONGEST = timedelta(seconds=1)


class Clock:
    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self.ahead


def confirmed(environment: dict) -> datetime:
    return datetime.fromisoformat(environment["confirmedAt"])


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
        slept_at = clock()
        clock.ahead = timedelta(days=days)
        woken_at, waits = slept_at + clock.ahead, []
        for each in environments:
            key = {"Idempotency-Key": each["id"]}
            answer = client.post(f"environments/{each['id']}/provider-update", headers=key)
            waits.append(answer.elapsed)
        while True:
            answer = client.get("environments")
            waits.append(answer.elapsed)
            read = answer.json()["environments"]
            if all(confirmed(each) >= woken_at for each in read):
                break
    assert max(waits) < LONGEST
