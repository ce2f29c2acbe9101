"""Publications, asked for over HTTP and followed to their end."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.providers.simulated.faults import NO_SPACE
from tests.support.clock import HeldClock
from tests.support.control_plane import OPERATOR, running_control_plane
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"


def publish(client: httpx.Client, version: int, **options: bool) -> httpx.Response:
    return client.post(
        f"{STAGING}/publications",
        json={"expectedVersion": version, "plan": {"options": options}},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )


def ended(client: httpx.Client, publication: str) -> Callable[[], Any]:
    def look() -> Any:
        run = client.get(f"publications/{publication}").json()
        return run if run["state"] in ("succeeded", "failed") else None

    return look


def test_a_publication_goes_through_six_steps_and_becomes_the_current_version(client):
    accepted = publish(client, 58, terminateSessions=True)
    assert accepted.status_code == 202
    assert accepted.json()["state"] == "queued"

    run = eventually(ended(client, accepted.json()["id"]), within=90)
    assert run["state"] == "succeeded", run
    assert [step["state"] for step in run["steps"]] == [
        "succeeded", "skipped", "succeeded", "succeeded", "succeeded", "succeeded",
    ]  # fmt: skip
    assert run["steps"][2]["done"] == 100
    assert run["steps"][4]["done"] == run["steps"][4]["total"] == run["instancesReplaced"] == 6
    assert (run["publisher"], run["replaces"], run["platformVersion"]) == (OPERATOR, 57, "12.5.0")

    snapshot = client.get(STAGING).json()
    assert snapshot["environment"]["currentVersion"] == 58
    assert snapshot["environment"]["publishing"] is None
    assert {instance["version"] for instance in snapshot["instances"]} == {58}
    assert "blocked" not in {instance["status"] for instance in snapshot["instances"]}


SENSELESS = (
    {"model": "solar"},
    {"model": "standard", "options": {"terminateSessions": True}},
    {"model": "request-reconnection"},
    {"reconnection": {"message": "Please sign in again."}},
    {"model": "request-reconnection", "reconnection": {"message": "Sign in before {tme}."}},
    {"deadline": {"at": "2030-01-01T00:00:00Z", "reconnection": {"message": "Please."}}},
    {"hold": {}},
    {"emails": ["ana@"]},
)


@pytest.mark.parametrize("plan", SENSELESS, ids=str)
def test_a_plan_that_contradicts_itself_is_refused_alike_by_preview_and_by_publish(client, plan):
    looked = client.post(f"{STAGING}/publications/preview", json={"plan": plan})
    asked = client.post(
        f"{STAGING}/publications",
        json={"expectedVersion": 58, "plan": plan},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    told = [(it.status_code, it.json()["code"], it.json()["detail"]) for it in (looked, asked)]
    assert told[0] == told[1]
    assert told[0][:2] == (400, "invalid-request")


def test_the_preparation_server_is_stopped_when_chosen_and_stays_so(client):
    accepted = publish(client, 58, terminateSessions=True, stopPreparationServer=True).json()
    run = eventually(ended(client, accepted["id"]), within=90)
    assert [step["state"] for step in run["steps"]] == ["succeeded"] * 6
    assert client.get(STAGING).json()["environment"]["preparation"]["status"] == "stopped"


def test_an_image_that_fails_ends_the_publication_and_changes_nothing(running, client):
    running.break_cloud(Faults(image_fails=NO_SPACE))
    run = eventually(ended(client, publish(client, 58).json()["id"]), within=90)
    assert run["state"] == "failed"
    assert [step["state"] for step in run["steps"]] == [
        "succeeded", "skipped", "failed", "pending", "pending", "pending",
    ]  # fmt: skip
    assert (run["steps"][2]["reason"], run["steps"][2]["detail"]) == ("image-failed", NO_SPACE)
    assert client.get(STAGING).json()["environment"]["currentVersion"] == 57

    running.break_cloud(Faults())
    again = eventually(
        ended(client, publish(client, 58, terminateSessions=True).json()["id"]), within=90
    )
    assert (again["version"], again["state"]) == (58, "succeeded")


def test_an_instance_that_never_gets_healthy_fails_and_leaves_none_blocked(running, client):
    running.break_cloud(Faults(unhealthy_instance=2))
    accepted = publish(client, 58, terminateSessions=True).json()
    run = eventually(ended(client, accepted["id"]), within=90)
    assert run["steps"][4]["reason"] == "replacement-failed"
    snapshot = client.get(STAGING).json()
    assert "blocked" not in {instance["status"] for instance in snapshot["instances"]}


def test_a_busy_provider_is_asked_again(running, client):
    running.break_cloud(Faults(busy_every=3))
    run = eventually(
        ended(client, publish(client, 58, terminateSessions=True).json()["id"]), within=90
    )
    assert run["state"] == "succeeded"


def test_a_second_publication_is_refused_with_who_and_since_when(client):
    first = publish(client, 58, terminateSessions=True).json()
    second = publish(client, 58)
    assert second.status_code == 409
    assert second.json()["code"] == "publication-running"
    assert (second.json()["by"], second.json()["version"]) == (OPERATOR, 58)
    assert second.json()["since"]
    preview = client.post(f"{STAGING}/publications/preview", json={}).json()
    levels = {check["code"]: check["level"] for check in preview["checks"]}
    assert levels["publication-running"] == "wait", preview
    eventually(ended(client, first["id"]), within=90)


def test_another_version_than_the_one_shown_is_refused(client):
    refused = publish(client, 57)
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["version"]) == ("version-moved", 58)


def test_a_scheduled_publication_is_carried_out_when_its_moment_has_come(tmp_path):
    clock = HeldClock()
    clock.hold()
    at = (clock() + timedelta(seconds=1)).isoformat()
    asked = {
        "expectedVersion": 58,
        "plan": {"options": {"terminateSessions": True}},
        "schedule": {"at": at, "timeZone": "America/Sao_Paulo"},
    }
    key = {"Idempotency-Key": "k"}
    with (
        running_control_plane(tmp_path, speed=300, clock=clock) as running,
        running.client() as client,
    ):
        accepted = client.post(f"{STAGING}/publications", json=asked, headers=key).json()
        assert accepted["state"] == "scheduled"
        clock.go_on()
        run = eventually(ended(client, accepted["id"]), within=90)
    assert (run["version"], run["state"]) == (58, "succeeded")


def test_a_publication_that_was_running_goes_on_after_a_restart(tmp_path):
    clock = HeldClock()
    clock.hold()
    with (
        running_control_plane(tmp_path, speed=300, cloud_clock=clock) as running,
        running.client() as client,
    ):
        accepted = publish(client, 58, terminateSessions=True).json()
        path = f"publications/{accepted['id']}"
        eventually(lambda: client.get(path).json()["steps"][2]["state"] == "running")

        def image_has_begun() -> bool:
            clock.passes(seconds=0.02)  # the image is asked for a moment after its step began
            return bool(client.get(path).json()["steps"][2]["done"])

        eventually(image_has_begun)
    with running_control_plane(tmp_path, speed=300) as running, running.client() as client:
        run = eventually(ended(client, accepted["id"]), within=90)
    assert run["state"] == "succeeded"
    assert [step["attempts"] for step in run["steps"]] == [1, 1, 2, 1, 1, 1]
