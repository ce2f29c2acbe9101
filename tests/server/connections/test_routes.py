"""Connecting, over the wire."""

import uuid

import pytest

from tests.support.storage import all_kept

SERVER = "servers/db-erp-prod-01"
BEGUN = {"account": "ERPPROD\\svc-maintenance", "address": "10.20.8.11", "protocol": "rdp"}
MARKER = "Tr0ub4dor&3"


def ask(client, path, body, key=""):
    return client.post(path, headers={"Idempotency-Key": key or str(uuid.uuid4())}, json=body)


def activity(client):
    page = client.get("environments/erp-production/activity", params={"kind": "connect"})
    return page.json()["entries"]


def test_an_endpoint_says_how_to_connect(client):
    endpoint = client.get(f"{SERVER}/endpoint").json()
    server = client.get(SERVER).json()
    assert (endpoint["protocol"], endpoint["port"]) == ("rdp", 3389)
    assert endpoint["privateIp"] == server["privateIp"]
    assert client.get("servers/nobody/endpoint").status_code == 404


def test_no_tunnel_begins_where_the_cloud_has_none(client):
    assert client.get(f"{SERVER}/endpoint").json()["tunnel"] == ""
    refused = client.post(f"{SERVER}/tunnel")
    assert (refused.status_code, refused.json()["code"]) == (409, "provider-refused")
    assert "tunnel" in refused.json()["detail"]
    assert client.post("servers/nobody/tunnel").status_code == 404
    assert client.post(f"instances/{an_instance(client)['id']}/tunnel").status_code == 409


def an_instance(client):
    return client.get("environments/erp-production").json()["instances"][0]


def test_an_endpoint_of_an_instance_says_how_to_connect(client):
    instance = an_instance(client)
    endpoint = client.get(f"instances/{instance['id']}/endpoint").json()
    assert (endpoint["server"], endpoint["protocol"]) == (instance["id"], "rdp")
    assert endpoint["privateIp"] == instance["privateIp"]
    assert client.get("instances/nobody/endpoint").status_code == 404
    assert client.get("instances/db-erp-prod-01/endpoint").status_code == 404
    assert client.get(f"servers/{instance['id']}/endpoint").status_code == 404


def test_a_connection_to_an_instance_is_recorded_as_one_to_a_server_is(client):
    instance = an_instance(client)
    path = f"instances/{instance['id']}/connections"
    begun = ask(client, path, BEGUN, key="k")
    assert (begun.status_code, begun.json()["server"]) == (201, instance["id"])
    assert ask(client, path, BEGUN, key="k").content == begun.content
    ended = ask(client, f"connections/{begun.json()['id']}/end", {"outcome": "closed"})
    assert ended.json()["outcome"] == "closed"
    [entry] = activity(client)
    assert (entry["target"], entry["account"]) == (instance["name"], BEGUN["account"])
    assert (entry["by"], entry["outcome"]) == (begun.json()["by"], "done")
    refused = ask(client, path, {**BEGUN, "account": "a\nb"})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")
    assert ask(client, "instances/nobody/connections", BEGUN).status_code == 404


def test_a_connection_is_begun_and_ended_once(client):
    begun = ask(client, f"{SERVER}/connections", BEGUN)
    assert (begun.status_code, begun.json()["outcome"]) == (201, "open")
    path = f"connections/{begun.json()['id']}/end"
    ended = ask(client, path, {"outcome": "closed"})
    assert (ended.status_code, ended.json()["outcome"]) == (200, "closed")
    assert ask(client, path, {"outcome": "lost"}).json() == ended.json()
    [entry] = activity(client)
    assert (entry["account"], entry["outcome"]) == (BEGUN["account"], "done")


def test_the_same_key_gets_the_same_answer_and_no_other_request(client):
    first = ask(client, f"{SERVER}/connections", BEGUN, key="k")
    again = ask(client, f"{SERVER}/connections", BEGUN, key="k")
    assert (again.status_code, again.content) == (first.status_code, first.content)
    other = ask(client, f"{SERVER}/connections", {**BEGUN, "account": "eve"}, key="k")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert len(activity(client)) == 1


def test_a_connection_that_is_not_there_cannot_end(client):
    refused = ask(client, "connections/nothing/end", {"outcome": "closed"})
    assert (refused.status_code, refused.json()["code"]) == (404, "not-found")


def test_a_word_from_the_future_ends_it_too(client):
    begun = ask(client, f"{SERVER}/connections", BEGUN).json()
    ended = ask(client, f"connections/{begun['id']}/end", {"outcome": "melted"})
    assert (ended.status_code, ended.json()["outcome"]) == (200, "unknown")


@pytest.mark.parametrize(
    "change",
    [
        {"account": ""},
        {"account": "a" * 257},
        {"account": None},
        {"account": "a\nb"},
        {"port": 22},
    ],
)
def test_what_is_no_beginning_is_refused_and_not_recorded(client, change):
    refused = ask(client, f"{SERVER}/connections", {**BEGUN, **change})
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid-request")
    assert activity(client) == []


def test_a_secret_that_is_sent_is_refused_and_kept_nowhere(running, client):
    begun = ask(client, f"{SERVER}/connections", BEGUN).json()
    answers = [
        ask(client, f"{SERVER}/connections", {**BEGUN, "password": MARKER}),
        ask(client, f"connections/{begun['id']}/end", {"outcome": "closed", "password": MARKER}),
        ask(client, f"{SERVER}/connections", {**BEGUN, "account": {"password": MARKER}}),
    ]
    assert [answer.status_code for answer in answers] == [400] * 3
    assert all(MARKER not in answer.text for answer in answers)
    running.stop()
    kept = list(all_kept(running.folder))
    assert any(b"svc-maintenance" in it for it in kept)
    assert not any(MARKER.encode() in it for it in kept)
