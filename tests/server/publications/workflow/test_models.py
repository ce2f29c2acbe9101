"""What each publishing model does to instances, and to the people who are on them."""

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from autosky_desktop.domain.local_time import month
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.simulated import Faults, ledger
from autosky_desktop.server.providers.simulated.faults import NO_SPACE
from tests.support.control_plane import Running, running_control_plane
from tests.support.told import first_told, position
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"
MESSAGE = "Version {version} in {minutes} minutes"
RECONNECTION = {"minutes": 10, "message": MESSAGE, "againMinutes": 2}
PREPARATION = "prep-erp-stg-01"
ENDED = ("succeeded", "failed", "cancelled")
LONG = 3600.0
SLOWER = 300.0
"""At which people are asked more than once before they are disconnected."""
HOUR = timedelta(hours=1)
LAST_LEAVES_LATER = timedelta(seconds=3)
"""So soon after the first step nobody has made the image and waited for the last of many people,
by the time of the cloud; however slow the control plane is.
"""


class Clocks:
    """The time of the control plane, which can be put forward, and that of its cloud, which can be
    made to stand still: nobody signs out meanwhile.
    """

    ahead = timedelta()
    stands_at: datetime | None = None

    def plane(self) -> datetime:
        return now() + self.ahead

    def cloud(self) -> datetime:
        return self.stands_at or now()


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def running(tmp_path, request, clocks) -> Iterator[Running]:
    speed = getattr(request, "param", 1500.0)
    with running_control_plane(
        tmp_path, speed=speed, clock=clocks.plane, cloud_clock=clocks.cloud
    ) as plane:
        yield plane


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as caller:
        yield caller


def asked(client: httpx.Client, path: str, body: Any = None) -> dict[str, Any]:
    answer = client.post(path, json=body, headers={"Idempotency-Key": str(uuid.uuid4())})
    assert answer.status_code == 202, answer.text
    return answer.json()


def publish(client: httpx.Client, version: int = 58, **plan: Any) -> str:
    body = {"expectedVersion": version, "plan": plan}
    return asked(client, f"{STAGING}/publications", body)["id"]


def until(client: httpx.Client, run: str, holds: Callable[[dict[str, Any]], Any]) -> Any:
    def look() -> Any:
        seen = client.get(f"publications/{run}").json()
        return seen if holds(seen) else None

    return eventually(look, within=60.0)


def ended(client: httpx.Client, run: str) -> Any:
    return until(client, run, lambda seen: seen["state"] in ENDED)


def in_one_month(client: httpx.Client) -> timedelta:
    """Return how far to go ahead, so that no month turns in the environment within two hours."""
    zone = client.get(STAGING).json()["environment"]["timeZone"]
    _, end = month(now(), zone)
    return 3 * HOUR if end - now() < 2 * HOUR else timedelta()


def with_deadline(
    client: httpx.Client, clocks: Clocks, comes_in: timedelta, version: int = 58
) -> Any:
    """Return how one ended whose deadline comes so soon after its first step, or is over then."""
    deadline = {"at": (clocks.plane() + HOUR).isoformat(), "reconnection": RECONNECTION}
    clocks.stands_at = now()
    run = publish(client, version, model="keep-users-connected", deadline=deadline)
    until(client, run, lambda seen: seen["steps"][0]["state"] == "succeeded")
    clocks.ahead += HOUR - comes_in
    clocks.stands_at = None
    return ended(client, run)


def versions(client: httpx.Client) -> list[int]:
    return sorted(i["version"] for i in client.get(STAGING).json()["instances"])


def sessions(client: httpx.Client) -> int:
    return sum(i["sessions"] for i in client.get(STAGING).json()["instances"])


def effects(running: Running, kind: str) -> list[Any]:
    return [it for it in ledger(running.folder / "cloud") if it.kind == kind]


def test_standard_replaces_all_and_disconnects_whoever_was_there(running, client):
    before = sessions(client)
    run = ended(client, publish(client, model="standard"))
    assert (run["state"], run["instancesReplaced"], run["instancesTotal"]) == ("succeeded", 6, 6)
    assert run["sessionsEnded"] == before > 0
    assert versions(client) == [58] * 6
    assert not effects(running, "block")


def test_optimized_that_terminates_sessions_ends_as_many_as_its_preview_said(client):
    plan = {"model": "optimized", "options": {"terminateSessions": True}}
    said = client.post(f"{STAGING}/publications/preview", json={"plan": plan}).json()["sessionsEnd"]
    run = ended(client, publish(client, **plan))
    assert (run["state"], run["sessionsEnded"]) == ("succeeded", said)
    assert said > 0


def test_keep_ends_no_session_and_waits_for_the_last_one(client):
    before = position(client)
    run = publish(client, model="keep-users-connected")
    waiting = first_told(client, before, run, lambda told: told["waitingFor"] == "sessions")
    assert waiting["state"] == "waiting"
    assert waiting["sessionsLeft"] > 0
    assert waiting["instancesReplaced"] + waiting["sessionsLeft"] > 0
    seen = ended(client, run)
    assert (seen["state"], seen["sessionsEnded"], seen["sessionsLeft"]) == ("succeeded", 0, 0)
    assert versions(client) == [58] * 6


@pytest.mark.parametrize("running", [SLOWER], indirect=True)
def test_users_are_asked_to_reconnect_again_and_again_and_then_disconnected(running, client):
    people = {it["account"] for it in client.get(f"{STAGING}/sessions").json()["sessions"]}
    run = publish(client, model="request-reconnection", reconnection=RECONNECTION)
    seen = ended(client, run)
    assert seen["state"] == "succeeded", seen
    assert seen["askedAt"]
    assert seen["disconnectAt"] is None
    assert versions(client) == [58] * 6
    [asked] = [step["usersAsked"] for step in seen["steps"] if step["usersAsked"]]
    assert 0 < asked <= len(people) + 2, "who came meanwhile"
    keys = [it.key for it in effects(running, "message")]
    assert [it.count for it in effects(running, "message")] == [1] * len(keys)
    assert len(keys) > 1, "nobody was asked again"


@pytest.mark.parametrize("running", [SLOWER], indirect=True)
def test_those_whom_keep_left_in_peace_are_asked_when_the_deadline_has_come(
    running, client, clocks
):
    seen = with_deadline(client, clocks, LAST_LEAVES_LATER)
    assert (seen["state"], seen["reason"]) == ("succeeded", None), seen
    assert seen["askedAt"] > seen["plan"]["deadline"]["at"]
    assert versions(client) == [58] * 6
    assert effects(running, "message")


@pytest.mark.parametrize("running", [SLOWER], indirect=True)
def test_a_deadline_in_a_month_with_nothing_left_asks_nobody_and_says_so(running, client, clocks):
    clocks.ahead = in_one_month(client)
    once = {**RECONNECTION, "minutes": 1, "againMinutes": 0}
    asks = {"model": "request-reconnection", "reconnection": once}
    preview = client.post(f"{STAGING}/publications/preview", json={"plan": asks}).json()
    left = preview["allowance"]["limit"] - preview["allowance"]["used"]
    for number in range(left):
        ended(client, publish(client, 58 + number, **asks))
    told = len(effects(running, "message"))
    seen = with_deadline(client, clocks, timedelta(), 58 + left)
    assert (seen["state"], seen["reason"], seen["askedAt"]) == ("succeeded", None, None), seen
    assert seen["deadlineRefused"] == "allowance-used"
    assert seen["sessionsEnded"] == 0
    assert len(effects(running, "message")) == told


def test_a_hold_replaces_one_and_waits_for_a_person(client):
    run = publish(client, model="standard", hold={"first": 1})
    held = until(client, run, lambda seen: seen["waitingFor"] == "go-on")
    assert (held["state"], held["instancesReplaced"]) == ("waiting", 1)
    assert versions(client) == [57] * 5 + [58]
    asked(client, f"publications/{run}/go-on", {"way": "on"})
    seen = ended(client, run)
    assert (seen["state"], seen["holdPassedBy"]) == ("succeeded", "ana")
    assert versions(client) == [58] * 6


def test_a_hold_with_a_time_goes_on_by_itself(client):
    before = position(client)
    run = publish(client, model="standard", hold={"share": 50, "bakeSeconds": 600})
    held = first_told(client, before, run, lambda told: told["waitingFor"] == "bake")
    assert held["instancesReplaced"] == 3
    assert held["waitsUntil"]
    seen = ended(client, run)
    assert (seen["state"], seen["holdPassedBy"]) == ("succeeded", "")


def test_a_publication_that_is_cancelled_says_what_stays_changed(client):
    run = publish(client, model="standard", hold={"first": 2})
    until(client, run, lambda seen: seen["waitingFor"] == "go-on")
    asked(client, f"publications/{run}/cancel")
    seen = ended(client, run)
    assert (seen["state"], seen["instancesReplaced"]) == ("cancelled", 2)
    assert [step["state"] for step in seen["steps"][4:]] == ["cancelled", "cancelled"]
    ended_at = [step["endedAt"] for step in seen["steps"][4:]]
    assert ended_at == [seen["endedAt"], None], "the last step has never begun"
    snapshot = client.get(STAGING).json()
    assert snapshot["environment"]["currentVersion"] == 57
    assert {i["status"] for i in snapshot["instances"]} == {"available"}


def test_a_failed_step_is_tried_again_and_what_was_made_is_kept(running, client):
    running.break_cloud(Faults(unhealthy_instance=2))
    run = publish(client, model="standard")
    failed = ended(client, run)
    assert (failed["state"], failed["steps"][4]["reason"]) == ("failed", "replacement-failed")
    running.break_cloud(Faults())
    asked(client, f"publications/{run}/retry")
    seen = ended(client, run)
    assert (seen["state"], seen["retries"]) == ("succeeded", 1), seen
    assert versions(client) == [58] * 6
    assert len(effects(running, "image")) == len(effects(running, "model")) == 1


def test_a_step_that_succeeded_is_not_asked_again_what_it_found(running, client):
    """The preparation server may be anything by now: its image is there."""
    running.break_cloud(Faults(unhealthy_instance=2))
    run = publish(client, model="standard")
    assert ended(client, run)["state"] == "failed"
    running.break_cloud(Faults(status_words={PREPARATION: "hibernating"}))
    asked(client, f"publications/{run}/retry")
    assert ended(client, run)["state"] == "succeeded"


def test_an_image_that_failed_is_made_anew(running, client):
    running.break_cloud(Faults(image_fails=NO_SPACE))
    run = publish(client, model="standard")
    assert ended(client, run)["steps"][2]["reason"] == "image-failed"
    running.break_cloud(Faults())
    asked(client, f"publications/{run}/retry")
    assert ended(client, run)["state"] == "succeeded"


def test_those_that_fail_stay_behind_when_that_was_chosen(running, client):
    running.break_cloud(Faults(unhealthy_instance=2))
    run = ended(client, publish(client, model="standard", stopAtFirstFailure=False))
    assert (run["state"], run["instancesFailed"]) == ("failed", 1)
    assert run["steps"][4]["reason"] == "instances-failed"
    assert versions(client) == [57] + [58] * 5


def test_an_earlier_version_is_published_again_from_its_own_image(running, client):
    assert ended(client, publish(client, model="standard"))["state"] == "succeeded"
    assert ended(client, publish(client, 59, model="standard"))["state"] == "succeeded"
    run = ended(client, publish(client, 60, model="standard", imageOf=58))
    assert (run["state"], run["version"], run["plan"]["imageOf"]) == ("succeeded", 60, 58)
    assert [step["reason"] for step in run["steps"][1:3]] == ["image-exists"] * 2
    assert len(effects(running, "image")) == 2
    assert versions(client) == [60] * 6


def test_going_back_from_a_hold_publishes_the_version_before(client):
    assert ended(client, publish(client, model="standard"))["state"] == "succeeded"
    run = publish(client, 59, model="standard", hold={"first": 1})
    until(client, run, lambda seen: seen["waitingFor"] == "go-on")
    asked(client, f"publications/{run}/go-on", {"way": "back"})
    seen = ended(client, run)
    assert (seen["state"], seen["reason"]) == ("cancelled", "gone-back")
    newest = client.get(f"{STAGING}/publications?limit=1").json()["publications"][0]
    back = ended(client, newest["id"])
    assert (back["state"], back["version"], back["plan"]["imageOf"]) == ("succeeded", 60, 58)


def test_two_who_press_at_once_get_one_publication_and_one_refusal(running, client):
    def press(_: int) -> httpx.Response:
        with running.client() as caller:
            return caller.post(
                f"{STAGING}/publications",
                json={"expectedVersion": 58, "plan": {"model": "standard"}},
                headers={"Idempotency-Key": str(uuid.uuid4())},
            )

    with ThreadPoolExecutor(2) as people:
        answers = sorted(people.map(press, range(2)), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [202, 409]
    assert answers[1].json()["code"] == "publication-running"
    run = answers[0].json()["id"]
    assert ended(client, run)["state"] == "succeeded"
    for verb, code in (("cancel", "already-ended"), ("retry", "nothing-to-retry")):
        refused = client.post(
            f"publications/{run}/{verb}", headers={"Idempotency-Key": str(uuid.uuid4())}
        )
        assert (refused.status_code, refused.json()["code"]) == (409, code)
