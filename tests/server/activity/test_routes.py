"""The record of activity, and the people on the instances, over the wire."""

import uuid

import pytest

from autosky_desktop.server.db import schema
from tests.support.record import fill
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"


def ask(client, path, key="", **body):
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(path, headers=headers, json=body or None)


def record(client, **wanted):
    return client.get(f"{STAGING}/activity", params=wanted).json()


def test_what_was_asked_for_is_seen_through_to_its_end(client):
    ask(client, "servers/db-erp-stg-01/restart")
    ask(client, f"{STAGING}/provider-update")
    eventually(lambda: {e["outcome"] for e in record(client)["entries"]} == {"done"})
    page = record(client)
    assert sorted(entry["kind"] for entry in page["entries"]) == [
        "provider-update", "restart-server",
    ]  # fmt: skip
    assert (page["people"], page["next"]) == (["ana"], None)
    assert record(client)["entries"] == client.get(STAGING).json()["activity"]


def test_what_was_refused_is_in_the_record_once_for_each_request(client):
    for _ in range(2):
        assert ask(client, "servers/web-erp-stg-01/stop", key="k").status_code == 409
    [entry] = record(client)["entries"]
    assert (entry["outcome"], entry["reason"]) == ("refused", "not-allowed-now")
    assert (entry["target"], entry["by"]) == ("WEB-ERP-STG-01", "ana")


def test_a_publication_is_in_the_record_with_its_version_and_its_end(client):
    refused = ask(client, f"{STAGING}/publications", expectedVersion=99)
    assert refused.status_code == 409
    assert ask(client, f"{STAGING}/publications", expectedVersion=58).status_code == 202
    eventually(lambda: record(client)["entries"][0]["outcome"] == "done")
    done, refused = record(client)["entries"]
    assert (done["kind"], done["version"], done["reason"]) == ("publish", 58, None)
    assert (refused["outcome"], refused["reason"]) == ("refused", "version-moved")


@pytest.fixture
def long_record(running, client):
    running.run(fill(running.plane.unit_of_work, 2500))
    return client


def test_pages_follow_without_a_gap_or_a_repeat(long_record):
    seen, wanted = [], {"limit": 1000}
    while True:
        page = record(long_record, **wanted)
        seen += [entry["id"] for entry in page["entries"]]
        if page["next"] is None:
            break
        wanted["cursor"] = page["next"]
    assert seen == [f"entry-{number}" for number in range(2500, 0, -1)]


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        ({"kind": "publish"}, lambda entry: entry["kind"] == "publish"),
        ({"by": "person-07"}, lambda entry: entry["by"] == "person-07"),
        ({"by": ""}, lambda entry: entry["by"] is None),
        (
            {"kind": "publish", "by": "person-07"},
            lambda entry: (entry["kind"], entry["by"]) == ("publish", "person-07"),
        ),
        (
            {"since": "2026-11-20T00:00:00Z", "until": "2026-11-21T00:00:00Z"},
            lambda entry: entry["at"].startswith("2026-11-20T"),
        ),
    ],
    ids=["kind", "person", "schedule", "both", "day"],
)
def test_a_filter_finds_what_it_says_and_all_of_it(long_record, wanted, holds):
    everything = []
    for page in (record(long_record, limit=1000), record(long_record, limit=1000, cursor=1501)):
        everything += page["entries"]
    found = record(long_record, limit=1000, **wanted)["entries"]
    assert found
    assert all(map(holds, found))
    assert len(found) >= sum(map(holds, everything))
    assert len(record(long_record)["people"]) == 20


def test_the_record_is_not_purged(running, long_record):
    async def count():
        await running.plane.unit_of_work.purge()
        async with running.plane.engine.connect() as connection:
            return len((await connection.execute(schema.request.select())).all())

    assert running.run(count()) == 2500
    for method in ("DELETE", "PUT", "PATCH"):
        assert long_record.request(method, f"{STAGING}/activity").status_code == 405


def test_sessions_are_listed_and_ended(client):
    listed = client.get(f"{STAGING}/sessions").json()["sessions"]
    one = listed[0]["id"]
    answer = ask(client, f"{STAGING}/sessions/end", sessions=[one, "nobody"])
    assert answer.status_code == 202
    assert answer.json() == {"ended": [one], "gone": ["nobody"]}
    left = client.get(f"{STAGING}/sessions").json()["sessions"]
    assert [session["id"] for session in left] == [s["id"] for s in listed[1:]]
    assert client.get(STAGING).json()["environment"]["sessions"] == len(left)
    for bad in ([], [one] * 1001, {}):
        assert ask(client, f"{STAGING}/sessions/end", sessions=bad).status_code == 400


def test_the_list_says_when_it_was_read_and_is_the_same_until_something_changes(client):
    first = client.get("environments")
    again = client.get("environments")
    assert first.json()["readAt"] < again.json()["readAt"]
    assert first.headers["etag"] == again.headers["etag"]
