"""What was to last some minutes lasts no longer when the clock was ahead and is put right."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from autosky_desktop.server.db.clock import now
from tests.server.publications.workflow.test_models import ended, publish, until
from tests.support.control_plane import running_control_plane


class Clock:
    ahead = timedelta(days=365)

    def __call__(self) -> datetime:
        return now() + self.ahead

    def is_put_right(self) -> None:
        self.ahead = timedelta()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def client(tmp_path, clock) -> Iterator:
    with (
        running_control_plane(tmp_path, speed=300.0, clock=clock) as running,
        running.client() as client,
    ):
        yield client


def test_users_who_were_asked_are_disconnected_after_their_minutes(client, clock):
    asked = {"minutes": 10, "message": "In {minutes} minutes", "againMinutes": 2}
    run = publish(client, model="request-reconnection", reconnection=asked)
    until(client, run, lambda seen: seen["disconnectAt"])
    clock.is_put_right()
    assert ended(client, run)["state"] == "succeeded"


def test_a_hold_with_a_time_goes_on_after_it(client, clock):
    run = publish(
        client, hold={"first": 1, "bakeSeconds": 600}, options={"terminateSessions": True}
    )
    until(client, run, lambda seen: seen["waitingFor"] == "bake")
    clock.is_put_right()
    assert ended(client, run)["state"] == "succeeded"
