"""What public reports say goes wrong elsewhere with rollouts, holds and ways back."""

import pytest

from autosky_desktop.server.providers.simulated import Faults
from tests.server.publications.workflow.test_models import (
    SLOWER,
    STAGING,
    asked,
    client,
    clocks,
    effects,
    ended,
    publish,
    running,
    until,
    versions,
)

__all__ = ["client", "clocks", "running"]  # fixtures


def newest(client) -> dict:
    return client.get(f"{STAGING}/publications?limit=1").json()["publications"][0]


def next_version(client) -> int:
    number: int = client.post(f"{STAGING}/publications/preview", json={}).json()["version"]
    return number


def environment(client) -> dict:
    return client.get(STAGING).json()["environment"]


def test_a_way_back_that_was_cancelled_can_be_gone_again(client):
    """As of cloudfoundry/cloud_controller_ng#4232: the second rollback is refused."""
    assert ended(client, publish(client, model="standard"))["state"] == "succeeded"
    run = publish(client, 59, model="standard", hold={"first": 1})
    until(client, run, lambda seen: seen["waitingFor"] == "go-on")
    asked(client, f"publications/{run}/go-on", {"way": "back"})
    assert ended(client, run)["reason"] == "gone-back"
    back = newest(client)["id"]
    client.post(f"publications/{back}/cancel", headers={"Idempotency-Key": "stop"})
    ended(client, back)  # cancelled, or it was quicker
    version = next_version(client)
    assert version in (60, 61)  # it had an image when it was stopped, or it had none
    again = ended(client, publish(client, version, model="keep-users-connected", imageOf=58))
    assert again["state"] == "succeeded", again
    assert versions(client) == [version] * 6


def test_the_way_back_from_a_version_that_was_itself_published_again(client):
    """As of kserve/kserve#2040: it falls back to the one before the one before."""
    for version, more in ((58, {}), (59, {}), (60, {"imageOf": 58})):
        assert ended(client, publish(client, version, model="standard", **more))["state"] == (
            "succeeded"
        )
    run = publish(client, 61, model="standard", hold={"first": 1})
    until(client, run, lambda seen: seen["waitingFor"] == "go-on")
    asked(client, f"publications/{run}/go-on", {"way": "back"})
    ended(client, run)
    back = ended(client, newest(client)["id"])
    assert (back["state"], back["plan"]["imageOf"], back["version"]) == ("succeeded", 60, 62)
    first = client.get(f"{STAGING}/publications").json()["publications"]
    images = {it["version"]: it["steps"][2]["made"] for it in first if it["state"] == "succeeded"}
    assert images[62] == images[60] == images[58] != images[59]


def test_trying_an_older_one_again_leaves_no_newer_failure_to_see_to(running, client):
    """As of cachix/cachix#491 and openshift/origin#2558: retrying what is not the newest."""
    running.break_cloud(Faults(image_fails="no space"))
    first = publish(client, model="standard")
    assert ended(client, first)["state"] == "failed"
    second = publish(client, model="standard")
    assert ended(client, second)["state"] == "failed"
    running.break_cloud(Faults())
    asked(client, f"publications/{first}/retry")
    assert ended(client, first)["state"] == "succeeded"
    now = environment(client)
    assert (now["currentVersion"], now["failedVersion"]) == (58, None)
    refused = client.post(
        f"publications/{second}/retry", headers={"Idempotency-Key": "too late"}
    ).json()
    assert refused["code"] == "version-moved"


@pytest.mark.parametrize("running", [SLOWER], indirect=True)
def test_one_that_waits_for_people_who_never_leave_can_be_stopped(running, client):
    """As of kubernetes/kops#2537 and argoproj/argo-rollouts#1259: it hangs, abort or not."""
    run = publish(client, model="keep-users-connected")
    until(client, run, lambda seen: seen["waitingFor"] == "sessions")
    asked(client, f"publications/{run}/cancel")
    seen = ended(client, run)
    assert (seen["state"], seen["sessionsEnded"]) == ("cancelled", 0)
    states = {it["status"] for it in client.get(STAGING).json()["instances"]}
    assert states <= {"available", "starting"}, states


def test_one_that_is_stopped_before_its_first_step_does_nothing(running, client):
    """As of appwrite/appwrite#13028: work is handed on after the cancellation."""
    run = publish(client, model="standard")
    asked(client, f"publications/{run}/cancel")
    seen = ended(client, run)
    assert seen["state"] == "cancelled"
    assert versions(client) == [57] * 6
    assert not effects(running, "start-instance")
