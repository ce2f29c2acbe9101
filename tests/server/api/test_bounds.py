"""What nobody can mean is refused at the door, whatever it is asked of."""

from datetime import UTC, datetime

import httpx
import msgspec
import pytest

from autosky_desktop.domain.environment import Instance, Snapshot
from autosky_desktop.domain.publication import Preview
from tests.server.api.test_contract import PREPARATION, STAGING, assert_problem
from tests.support.control_plane import OPERATOR

TOMORROW = "2026-12-01T09:00:00Z"
FAR = (
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-03:00",
    "2100-01-01T00:00:00Z",
    "1999-12-31T23:59:59Z",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "2026-12-01T09:00:00",
)
RECONNECTION = {"minutes": 10, "message": "Please sign in again."}


def post(client: httpx.Client, path: str, body: object, key: str = "k") -> httpx.Response:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    return client.post(path, content=content, headers=headers)


def asked_with(at: object) -> list[tuple[str, object]]:
    """Every request that takes a moment, with this one in each place where it takes one."""
    published = {"expectedVersion": 58}
    schedule = {"at": at, "timeZone": "UTC"}
    deadline = {"at": at, "reconnection": RECONNECTION}
    keep = {"plan": {"model": "keep-users-connected", "deadline": deadline}}
    return [
        (f"{STAGING}/publications", {**published, "schedule": schedule}),
        (f"{STAGING}/publications", {**published, **keep}),
        (f"{STAGING}/publications/preview", {"at": at}),
        (f"{STAGING}/publications/preview", keep),
        (f"{PREPARATION}/shutdown", {"move": "extend", "expected": TOMORROW, "to": at}),
        (f"{PREPARATION}/shutdown", {"move": "cancel", "expected": at}),
        ("publications/none/move", {"expected": at, "schedule": {**schedule, "at": TOMORROW}}),
        ("publications/none/move", {"expected": TOMORROW, "schedule": schedule}),
        ("publications/none/edit", {**published, "unchangedSince": at}),
        ("publications/none/edit", {**published, "unchangedSince": TOMORROW, "schedule": schedule}),
    ]


@pytest.mark.parametrize("far", FAR)
def test_a_moment_that_nothing_can_be_reckoned_with_is_refused(client, far):
    for path, body in asked_with(far):
        assert_problem(post(client, path, body), 400, "invalid-request")
    for part in ("publications", "activity"):
        for end in ("since", "until"):
            answer = client.get(f"{STAGING}/{part}", params={end: far})
            assert_problem(answer, 400, "invalid-request")


def test_the_first_and_the_last_moment_that_may_be_asked_about_are_answered(client):
    for at in ("2000-01-01T00:00:00Z", "2099-12-31T23:59:59-14:00", "2038-01-19T03:14:08Z"):
        for path, body in asked_with(at):
            if datetime.fromisoformat(at) < datetime(2100, 1, 1, tzinfo=UTC):
                assert post(client, path, body).status_code < 500
        for part in ("publications", "activity"):
            assert client.get(f"{STAGING}/{part}", params={"since": at}).status_code in (200, 400)


@pytest.mark.parametrize("number", [0.5, "0.5", 10**10, "soon", "2026-02-30T00:00:00Z"])
def test_a_number_is_no_moment(client, number):
    for path, body in asked_with(number):
        assert_problem(post(client, path, body), 400, "invalid-request")
    answer = client.get(f"{STAGING}/activity", params={"until": str(number)})
    assert_problem(answer, 400, "invalid-request")


@pytest.mark.parametrize("number", [2**31, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400])
def test_a_number_that_nothing_has_so_many_of_is_refused(client, number):
    asked = [
        {"expectedVersion": number},
        {"expectedVersion": 58, "plan": {"imageOf": number}},
        {"expectedVersion": 58, "plan": {"hold": {"first": number}}},
        {"expectedVersion": 58, "plan": {"hold": {"share": number}}},
        {"expectedVersion": 58, "plan": {"hold": {"first": 1, "bakeSeconds": number}}},
        {"expectedVersion": 58, "plan": {"reconnection": {**RECONNECTION, "minutes": number}}},
    ]
    for body in asked:
        content = str(body).replace("'", '"').encode()
        assert_problem(post(client, f"{STAGING}/publications", content), 400, "invalid-request")
    for part in ("publications", "activity"):
        answer = client.get(f"{STAGING}/{part}", params={"limit": str(number)})
        assert_problem(answer, 400, "invalid-request")
        assert client.get(f"{STAGING}/{part}", params={"cursor": str(number)}).status_code < 500


@pytest.mark.parametrize("text", [b"\xff", b"\xed\xa0\x80", b"\\ud800", b"caf\xe9"])
@pytest.mark.parametrize("field", [b"note", b"publisher"])
def test_a_body_that_is_no_text_is_refused(client, field, text):
    body = b'{"expectedVersion": 58, "' + field + b'": "' + text + b'"}'
    assert_problem(post(client, f"{STAGING}/publications", body), 400, "invalid-request")
    connection = b'{"account": "' + text + b'", "address": "a", "protocol": "ssh"}'
    answer = post(client, f"{PREPARATION}/connections", connection)
    assert_problem(answer, 400, "invalid-request")


@pytest.mark.parametrize("text", [" ", "\n\n", "\x00", "\u202e", "\u200b \u2066"])
def test_words_that_nobody_can_see_are_none(client, text):
    asked = {"minutes": 10, "message": text}
    at = "2099-12-01T00:00:00Z"
    for plan in (
        {"model": "request-reconnection", "reconnection": asked},
        {"model": "keep-users-connected", "deadline": {"at": at, "reconnection": asked}},
    ):
        whole = {"expectedVersion": 58, "plan": plan}
        refused = post(client, f"{STAGING}/publications", whole, key=plan["model"])
        assert_problem(refused, 400, "invalid-request")
        assert refused.json()["detail"] == "a message needs words that users can read"
    later = {"at": at, "timeZone": "UTC"}
    body = {"expectedVersion": 58, "publisher": text, "schedule": later}
    planned = post(client, f"{STAGING}/publications", body, key="another")
    assert planned.json()["publisher"] == OPERATOR


@pytest.mark.parametrize("path", ["%ff", "%00", "%ed%a0%80", "x" * 5000])
def test_a_name_that_is_no_text_is_the_name_of_nothing(client, path):
    for found in (f"environments/{path}", f"servers/{path}", f"publications/{path}"):
        assert client.get(found).status_code in (400, 404)
    for name in ("by", "search", "model", "state", "kind"):
        for part in ("publications", "activity"):
            assert client.get(f"{STAGING}/{part}?{name}={path}").status_code < 500


def test_what_the_other_side_says_is_held_to_the_same_bounds():
    told = {"id": "i", "name": "INST-01", "status": "available", "version": 57}
    for wrong in ({"sessions": 2**63}, {"sessions": -1}, {"version": 2**31}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**told, **wrong}, Instance)
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(
            b'{"environment": {"confirmedAt": "2026-12-01T09:00:00"}}', type=Snapshot
        )
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"expectedSeconds": 1e300}', type=Preview)
