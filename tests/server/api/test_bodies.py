"""The letter of the contract: kinds of body, moments and words that nothing can be made of."""

import pytest

PREVIEW = "environments/erp-staging/publications/preview"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", None]
)
def test_a_body_of_another_kind_than_json_is_refused(client, kind):
    headers = {"Content-Type": kind} if kind else {}
    refused = client.post(PREVIEW, content=b"{}", headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (415, "invalid-request")
    chunked = client.post(PREVIEW, content=iter([b"{}"]), headers=headers)
    assert chunked.status_code == 415


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=UTF-8"])
def test_json_is_taken_however_it_is_spelt(client, kind):
    taken = client.post(PREVIEW, content=b"{}", headers={"Content-Type": kind})
    assert taken.status_code == 200


def test_without_a_body_nobody_asks_of_what_kind_it_is(client):
    headers = {"Idempotency-Key": "k", "Content-Type": "text/plain"}
    assert client.post("servers/prep-payroll-01/start", headers=headers).status_code == 202


def test_a_caller_without_the_token_is_told_of_nothing_else(client):
    headers = {"Authorization": "Bearer no", "Content-Type": "text/plain"}
    assert client.post(PREVIEW, content=b"{}", headers=headers).status_code == 401


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("moment", ["0.5", "1700000000", "1700000000.5", "2026-11-23"])
@pytest.mark.parametrize("listed", ["publications", "activity"])
def test_a_number_of_seconds_is_no_moment(client, listed, name, moment):
    refused = client.get(f"environments/payroll/{listed}", params={name: moment})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")


def test_a_model_that_nobody_knows_has_no_preview(client):
    refused = client.post(PREVIEW, json={"plan": {"model": "AAA"}})
    assert (refused.status_code, refused.json()["detail"]) == (400, "no such model")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Idempotency-Key", ("a", "b")),
        ("Last-Event-ID", ("1", "2")),
        ("Content-Type", ("application/json", "text/plain")),
        ("Authorization", ("Bearer only-for-tests", "Bearer another")),
    ],
)
def test_a_header_that_says_two_things_is_refused(client, name, values):
    refused = client.get("environments", headers=[(name, value) for value in values])
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")


def test_a_key_that_a_proxy_has_doubled_is_still_the_same_key(client):
    path, key = "environments/payroll/provider-update", ("Idempotency-Key", "k")
    doubled = client.post(path, headers=[key, key])
    assert doubled.status_code == 202
    assert client.post(path, headers=[key]).json()["id"] == doubled.json()["id"]


@pytest.mark.parametrize("key", ["clé-😀".encode(), b"\xff\xfe"])
def test_a_key_of_any_bytes_is_one(client, key):
    path, headers = "environments/payroll/provider-update", [(b"Idempotency-Key", key)]
    first = client.post(path, headers=headers)
    assert first.status_code == 202
    assert client.post(path, headers=headers).json()["id"] == first.json()["id"]
