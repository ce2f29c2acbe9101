"""Moving a scheduled shutdown over the wire."""

from datetime import datetime, timedelta

import pytest

PATH = "servers/prep-erp-stg-01"


def present(client) -> datetime:
    return datetime.fromisoformat(client.get(PATH).json()["shutdown"]["at"])


def ask(client, key="k", **asked):
    asked = {name: it.isoformat() if isinstance(it, datetime) else it for name, it in asked.items()}
    return client.post(f"{PATH}/shutdown", json=asked, headers={"Idempotency-Key": key})


def test_a_server_is_read_on_its_own(client):
    server = client.get(PATH).json()
    assert (server["id"], server["role"]) == ("prep-erp-stg-01", "preparation")
    assert client.get("servers/nobody").json()["code"] == "not-found"


def test_an_accepted_move_is_what_is_read_afterwards(client):
    at = present(client)
    accepted = ask(client, move="extend", expected=at, to=at + timedelta(hours=1))
    assert accepted.status_code == 202
    assert accepted.json() | {"environment": "erp-staging"} == client.get(PATH).json()
    assert present(client) == at + timedelta(hours=1)
    assert client.get(PATH).json()["shutdown"]["movedBy"] == "ana"


def test_a_moment_that_moved_is_in_the_problem(client):
    at = present(client)
    ask(client, "one", move="extend", expected=at, to=at + timedelta(hours=1))
    answer = ask(client, "two", move="cancel", expected=at)
    assert (answer.status_code, answer.json()["code"]) == (409, "shutdown-moved")
    assert datetime.fromisoformat(answer.json()["at"]) == at + timedelta(hours=1)


def test_the_limit_is_in_the_problem(client):
    at = present(client)
    ask(client, "one", move="extend", expected=at, to=at + timedelta(hours=99))
    granted = present(client)
    answer = ask(client, "two", move="extend", expected=granted, to=granted + timedelta(hours=1))
    assert (answer.status_code, answer.json()["code"]) == (409, "shutdown-limit")
    assert datetime.fromisoformat(answer.json()["at"]) >= granted


@pytest.mark.parametrize(
    "asked",
    [
        {"move": "extend"},
        {"move": "postpone", "expected": datetime(2026, 11, 23)},
        {"move": "cancel", "expected": "soon"},
        {"move": "cancel", "expected": "2026-11-23T09:00:00Z", "surprise": 1},
    ],
)
def test_a_move_that_is_not_the_contract_s_is_refused(client, asked):
    answer = ask(client, **asked)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid-request")


def test_one_that_was_cancelled_is_set_again(client):
    at = present(client)
    ask(client, "one", move="cancel", expected=at)
    assert client.get(PATH).json()["shutdown"] is None
    assert ask(client, "two", move="set", expected=None, to=at).status_code == 202
    assert present(client) == at
    again = ask(client, "three", move="set", expected=None, to=at)
    assert (again.status_code, again.json()["code"]) == (409, "shutdown-moved")


def test_a_start_takes_hours_within_the_limit_or_none(client):
    def start(key: str, **more):
        return client.post(
            "servers/prep-erp-prod-01/start", headers={"Idempotency-Key": key}, **more
        )

    for asked in ({"hours": 0}, {"hours": 13}, {"hours": "4"}, {"hours": 2.5}, {"minutes": 5}):
        assert start(str(asked), json=asked).status_code == 400
    accepted = start("three", json={"hours": 3})
    assert accepted.status_code == 202
    server = accepted.json()
    left = datetime.fromisoformat(server["shutdown"]["at"]) - datetime.fromisoformat(
        server["since"]
    )
    assert timedelta(hours=2, minutes=59) < left < timedelta(hours=3, minutes=1)
    assert start("three", json={"hours": 4}).json()["code"] == "idempotency-key-reused"


def test_a_start_without_a_body_runs_as_long_as_usual(client):
    headers = {"Idempotency-Key": "k"}
    assert client.post("servers/prep-erp-prod-01/start", headers=headers).status_code == 202
