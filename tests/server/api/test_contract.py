"""Manners of the API: who may call, what errors look like, what a repeat is answered."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from autosky_desktop import __version__
from autosky_desktop.server.providers.simulated import Faults
from autosky_desktop.server.providers.simulated.faults import NO_CAPACITY
from tests.support.control_plane import OPERATOR
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"
PREPARATION = "servers/prep-erp-prod-01"


def press(client: httpx.Client, power: str, *, key: str = "", server: str = PREPARATION):
    return client.post(f"{server}/{power}", headers={"Idempotency-Key": key or str(uuid.uuid4())})


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert (said["status"], said["code"]) == (status, code)
    assert said["request"] == answer.headers["x-request-id"]
    assert said["title"]
    assert said["type"].endswith(code)


def test_whoever_asks_is_told_who_they_are(client):
    told = client.get("me").json()
    assert re.fullmatch("[0-9a-f]{32}", told.pop("controlPlaneId"))
    assert told == {
        "operator": OPERATOR, "controlPlane": "Test", "version": __version__,
        "person": "local", "everywhere": "manager", "roles": {},
    }  # fmt: skip


def test_without_the_token_only_the_health_is_told(running):
    with httpx.Client(base_url=f"{running.url}/v1/") as stranger:
        assert stranger.get("healthz").json() == {"status": "ok"}
        assert stranger.get("readyz").json() == {"status": "ready"}
        for path in ("me", "environments", "events", "nothing"):
            assert_problem(stranger.get(path), 401, "unauthenticated")
        wrong = {"Authorization": "Bearer something-else"}
        assert_problem(stranger.get("me", headers=wrong), 401, "unauthenticated")


def test_a_page_under_another_name_cannot_call(client):
    answer = client.get("me", headers={"Host": "evil.example"})
    assert_problem(answer, 421, "invalid-request")


def test_a_web_page_cannot_call_whatever_it_knows(client):
    answer = client.get("me", headers={"Origin": "http://evil.example"})
    assert_problem(answer, 403, "invalid-request")


@pytest.mark.parametrize(
    ("body", "status"), [(b"[" * 50_000, 400), (b" " * 70_000, 413)], ids=["deep", "huge"]
)
def test_a_body_that_asks_too_much_is_refused(client, body, status):
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = client.post(f"{STAGING}/publications", content=body, headers=headers)
    assert_problem(answer, status, "invalid-request")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "nothing", 404, "not-found"),
        ("POST", "me", 405, "invalid-request"),
        ("GET", "environments/nowhere", 404, "not-found"),
        ("GET", "environments/nowhere/publications", 404, "not-found"),
        ("GET", "publications/none", 404, "not-found"),
        ("GET", "environments/nowhere/activity", 404, "not-found"),
        ("GET", f"{STAGING}/activity?limit=1001", 400, "invalid-request"),
        ("GET", f"{STAGING}/activity?since=yesterday", 400, "invalid-request"),
        ("GET", "environments/nowhere/sessions", 404, "not-found"),
        ("GET", f"{STAGING}/publications?limit=0", 400, "invalid-request"),
        ("GET", f"{STAGING}/publications?cursor=x", 400, "invalid-request"),
        ("POST", f"{PREPARATION}/start", 400, "idempotency-key-missing"),
        ("POST", f"{STAGING}/provider-update", 400, "idempotency-key-missing"),
    ],
)
def test_every_no_is_a_problem_document(client, method, path, status, code):
    assert_problem(client.request(method, path), status, code)


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "HEAD", "TRACE", "PROPFIND"])
@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("me", "GET"),
        ("environments", "GET, POST"),
        ("servers/x/start", "POST"),
        (f"{STAGING}/publications", "GET, POST"),
    ],
)
def test_a_method_that_a_place_does_not_know_is_refused_with_those_it_knows(
    client, method, path, allowed
):
    answer = client.request(method, path)
    assert answer.headers["allow"] == allowed
    if method == "HEAD":  # which has no body
        assert answer.status_code == 405
    else:
        assert_problem(answer, 405, "invalid-request")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"expectedVersion": 58, "surprise": 1}',
        b'{"expectedVersion": 58, "plan": {"surprise": 1}}',
        b'{"expectedVersion": 58, "plan": {"options": {"surprise": true}}}',
        b'{"expectedVersion": "58"}',
        b'{"expectedVersion": 0}',
        b'{"expectedVersion": 58, "note": "' + b"x" * 201 + b'"}',
        b'{"expectedVersion": 58, "plan": {"model": "request-reconnection"}}',
        b'{"expectedVersion": 58, "plan": {"model": "gentle"}}',
    ],
)
def test_a_body_that_is_not_the_contract_s_is_refused(client, body):
    answer = client.post(
        f"{STAGING}/publications",
        content=body,
        headers={"Idempotency-Key": "k", "Content-Type": "application/json"},
    )
    assert_problem(answer, 400, "invalid-request")


@pytest.mark.parametrize("path", [f"{STAGING}/publications", f"{STAGING}/sessions/end"])
def test_a_body_that_is_missing_is_said_to_be(client, path):
    answer = client.post(path, headers={"Idempotency-Key": "k"})
    assert_problem(answer, 400, "invalid-request")
    assert answer.json()["detail"] == "a body is missing"


def test_what_has_not_changed_is_not_sent_again(client):
    for path in ("environments", STAGING):
        first = client.get(path)
        again = client.get(path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        for known in (f"W/{first.headers['etag']}", f'"old", {first.headers["etag"]}', "*"):
            again = client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
        assert client.get(path, headers={"If-None-Match": '"old"'}).status_code == 200
    assert first.headers["etag"] == f'"{first.json()["environment"]["revision"]}"'


def test_a_started_preparation_server_runs_and_has_its_shutdown_set(client):
    accepted = press(client, "start")
    assert accepted.status_code == 202
    assert accepted.json()["status"] in ("starting", "running")
    assert accepted.json()["shutdown"]["reason"] == "run-time"
    path = "environments/erp-production"
    eventually(lambda: client.get(path).json()["environment"]["preparation"]["status"] == "running")
    environment = client.get(path).json()["environment"]
    assert environment["preparation"]["shutdown"]["at"] == accepted.json()["shutdown"]["at"]


def test_a_move_the_state_does_not_permit_is_refused_with_the_state(client):
    answer = press(client, "stop")
    assert_problem(answer, 409, "not-allowed-now")
    assert answer.json()["state"] == "stopped"


def test_the_provider_s_own_words_reach_the_operator(running, client):
    running.break_cloud(Faults(start_refused=NO_CAPACITY))
    answer = press(client, "start")
    assert_problem(answer, 409, "provider-refused")
    assert answer.json()["detail"] == NO_CAPACITY


def test_a_provider_that_stays_busy_is_given_up_and_may_be_asked_again(running, client):
    running.break_cloud(Faults(busy_every=1))
    assert_problem(press(client, "start", key="again"), 503, "provider-busy")
    running.break_cloud(Faults())
    assert press(client, "start", key="again").status_code == 202


def test_a_repeat_gets_the_first_answer(client):
    first = press(client, "start", key="one")
    again = press(client, "start", key="one")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert_problem(press(client, "stop", key="one"), 422, "idempotency-key-reused")


def test_repeats_at_the_same_time_do_it_once(running, client):
    running.break_cloud(Faults(slow=0.1))
    together = threading.Barrier(4)

    def ask(_: int) -> httpx.Response:
        together.wait()
        return press(client, "start", key="together")

    with ThreadPoolExecutor(4) as people:
        answers = list(people.map(ask, range(4)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1


def test_a_provider_update_of_what_is_not_there_is_refused(client):
    missing = client.post("environments/x/provider-update", headers={"Idempotency-Key": "v"})
    assert_problem(missing, 404, "not-found")
