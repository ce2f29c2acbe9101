"""What an odd row of one environment holds, a zone, a time, a number, is its own trouble alone."""

import uuid
from datetime import datetime

import msgspec
import pytest
from sqlalchemy import update

from autosky_desktop.domain.environment import EnvironmentList, Snapshot
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.clock import now
from tests.support.control_plane import running_control_plane
from tests.support.waiting import eventually

STAGING, PAYROLL = "erp-staging", "payroll"
RECONNECT = {
    "expectedVersion": 58,
    "plan": {
        "model": "request-reconnection",
        "reconnection": {"minutes": 1, "message": "Until {time}."},
    },
}


async def change(unit_of_work, **values):
    table = schema.environment
    async with unit_of_work.without_events() as connection:
        await connection.execute(update(table).where(table.c.id == STAGING).values(**values))


def post(client, path, body=None):
    return client.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})


def environment(client, identity):
    return client.get(f"environments/{identity}").json()["environment"]


@pytest.fixture
def folder(tmp_path):
    """With a control plane's data in it."""
    with running_control_plane(tmp_path):
        return tmp_path


def begun_again(folder, **values):
    """The control plane of the folder, with this in the row of one environment."""
    with running_control_plane(folder) as running:
        running.run(change(running.plane.unit_of_work, **values))
    return running_control_plane(folder)


@pytest.mark.parametrize("name", ["Mars/Olympus", "America", "../../etc/passwd", "Olímpo", ""])
def test_a_zone_that_is_not_known_here_is_told_and_counted_in_utc(folder, name):
    with begun_again(folder, time_zone=name) as running, running.client() as client:
        post(client, "servers/prep-erp-stg-01/stop")
        eventually(lambda: not environment(client, STAGING)["zoneKnown"])
        assert environment(client, PAYROLL)["zoneKnown"]
        eventually(lambda: environment(client, STAGING)["preparation"]["status"] == "stopped")
        started = post(client, "servers/prep-erp-stg-01/start")
        assert started.json()["shutdown"]["skipsTo"].endswith(":00:00Z")

        seen = post(
            client,
            f"environments/{STAGING}/publications/preview",
            {"plan": {"model": "keep-users-connected"}},
        )
        assert seen.json()["allowance"]["resetsAt"].endswith("-01T00:00:00Z")
        eventually(lambda: environment(client, STAGING)["preparation"]["status"] == "running")
        run = post(client, f"environments/{STAGING}/publications", RECONNECT).json()["id"]
        eventually(lambda: client.get(f"publications/{run}").json()["state"] == "succeeded")


@pytest.mark.parametrize("text", ["25:00", "soon", "", "7"])
def test_a_daily_stop_that_is_no_time_is_none(folder, text):
    with begun_again(folder, daily_stop=text) as running, running.client() as client:
        post(client, "servers/prep-erp-stg-01/stop")
        eventually(lambda: environment(client, STAGING)["preparation"]["status"] == "stopped")
        started = post(client, "servers/prep-erp-stg-01/start")
        assert started.json()["shutdown"]["reason"] == "run-time"
        assert started.json()["shutdown"]["skipsTo"] is None


@pytest.mark.parametrize(
    "row",
    [
        {"run_hours": 10**9},
        {"run_hours": -5},
        {"monthly_reconnections": -1},
        {"monthly_reconnections": 2**40},
        {"current_version": -3},
        {"current_version": 2**40},
    ],
    ids=str,
)
def test_a_number_that_nobody_can_mean_keeps_nobody_from_reading_all_the_others(folder, row):
    with begun_again(folder, **row) as running, running.client() as client:
        post(client, "servers/prep-erp-stg-01/stop")
        eventually(lambda: environment(client, STAGING)["preparation"]["status"] == "stopped")
        started = post(client, "servers/prep-erp-stg-01/start").json()
        assert datetime.fromisoformat(started["shutdown"]["at"]) > now()
        assert post(client, f"environments/{STAGING}/publications/preview", {}).status_code == 200
        msgspec.json.decode(client.get("environments").content, type=EnvironmentList)
        msgspec.json.decode(client.get(f"environments/{STAGING}").content, type=Snapshot)
