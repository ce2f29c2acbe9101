"""A data folder whose demo was begun by an older version."""

import uuid

import pytest

from autosky_desktop.server.providers import demo_seed
from tests.support.control_plane import Running, running_control_plane
from tests.support.waiting import eventually

ALL = demo_seed.environments()


@pytest.fixture
def old_folder(tmp_path, monkeypatch):
    """One with three environments, as they were before the fourth; a server was started there."""
    with monkeypatch.context() as before:
        before.setattr(demo_seed, "environments", lambda: ALL[:3])
        with running_control_plane(tmp_path) as running, running.client() as client:
            assert len(names(running)) == 3
            key = {"Idempotency-Key": str(uuid.uuid4())}
            client.post("servers/prep-erp-prod-01/start", headers=key)
            eventually(lambda: preparation(running)["status"] == "running")
    return tmp_path


def names(running: Running) -> list[str]:
    with running.client() as client:
        return [each["name"] for each in client.get("environments").json()["environments"]]


def preparation(running: Running) -> dict:
    with running.client() as client:
        return client.get("environments/erp-production").json()["environment"]["preparation"]


def test_it_gets_the_environment_that_the_demo_gained_and_keeps_the_others(old_folder):
    for _start in ("the first", "the second"):
        with running_control_plane(old_folder) as running, running.client() as client:
            assert names(running) == ["ERP Production", "ERP Staging", "Payroll", "Point of Sale"]
            assert preparation(running)["status"] == "running"
            found = client.get("environments/point-of-sale").json()
            assert found["environment"]["kind"] == "micro"
            assert [each["name"] for each in found["servers"]] == ["APP-POS-01", "DB-POS-01"]
            assert found["instances"] == []


def test_its_new_environment_is_read_as_the_others_are(old_folder):
    with running_control_plane(old_folder) as running, running.client() as client:
        key = {"Idempotency-Key": str(uuid.uuid4())}
        client.post("servers/app-pos-01/restart", headers=key)
        eventually(
            lambda: (
                client.get("environments/point-of-sale").json()["activity"][0]["outcome"] == "done"
            )
        )
