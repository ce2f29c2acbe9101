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
    assert accepted.json() == client.get(PATH).json()
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
