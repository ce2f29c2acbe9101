"""The event feed: live, resumable, and honest about what it cannot resume."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from httpx_sse import ServerSentEvent, connect_sse

from autosky_desktop.domain.change import Change
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import Server
from autosky_desktop.server.environments import poller
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.providers.simulated import Faults
from tests.support.control_plane import Running, running_control_plane
from tests.support.waiting import eventually

PRODUCTION = "environments/erp-production"


def last_event(client: httpx.Client) -> int:
    return client.get("environments").json()["lastEvent"]


def start(client: httpx.Client) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert client.post("servers/prep-erp-prod-01/start", headers=key).status_code == 202


def feed(client: httpx.Client, **headers: str) -> Iterator[ServerSentEvent]:
    with connect_sse(client, "GET", "events", headers=headers) as source:
        yield from source.iter_sse()


@pytest.fixture
def unhurried(tmp_path: Path, storage: None) -> Iterator[httpx.Client]:
    """A caller of a cloud that boots in 0.9 seconds: as long as anybody needs to read of it."""
    with running_control_plane(tmp_path, speed=100.0) as running, running.client() as client:
        yield client


def test_a_start_is_told_as_it_happens_with_revisions_that_follow(unhurried):
    client = unhurried
    snapshot = client.get(PRODUCTION).json()
    revision = snapshot["environment"]["revision"]
    start(client)
    seen = []
    for event in feed(client, **{"Last-Event-ID": str(snapshot["lastEvent"])}):
        change = msgspec.json.decode(event.data, type=Change)
        if change.environment != "erp-production":
            continue
        assert change.revision == revision + 1
        revision = change.revision
        if change.kind == "server":
            seen.append(msgspec.json.decode(change.body, type=Server).status)
        if change.kind == "environment":
            told = msgspec.json.decode(change.body, type=Environment)
            assert told.revision == change.revision
            if told.preparation and told.preparation.status == "running":
                break
    assert seen[0] == "starting"
    assert seen[-1] == "running"


def test_what_was_missed_is_told_after_coming_back(client):
    position = last_event(client)
    start(client)
    first = next(feed(client, **{"Last-Event-ID": str(position)}))
    assert (first.event, int(first.id)) == ("change", position + 1)
    by_query = client.stream("GET", "events", params={"after": str(position)})
    with by_query as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert next(answer.iter_bytes()).startswith(b": connected")


@pytest.mark.parametrize("position", ["9" * 5000, "-1", "1.5", "yesterday"])
def test_a_position_nobody_knows_is_a_reset(client, position):
    last = last_event(client)
    event = next(feed(client, **{"Last-Event-ID": position}))
    assert (event.event, int(event.id)) == ("reset", last)


def test_a_purged_position_is_a_reset(running, client, monkeypatch):
    monkeypatch.setattr("autosky_desktop.server.transactions.unit_of_work.EVENTS_KEPT", 5)
    running.run(running.plane.unit_of_work.purge())
    last = last_event(client)
    assert next(feed(client, **{"Last-Event-ID": "1"})).event == "reset"
    start(client)
    resumed = next(feed(client, **{"Last-Event-ID": str(last - 2)}))
    assert (resumed.event, int(resumed.id)) == ("change", last - 1)


@pytest.mark.parametrize("position", ["9" * 5000, "-1", "1.5", "yesterday"])
def test_a_position_that_is_none_starts_afresh(client, position):
    said = next(feed(client, **{"Last-Event-ID": position}))
    assert said.event == "reset"


def test_silence_is_broken_now_and_then(running, client, monkeypatch):
    monkeypatch.setattr("autosky_desktop.server.feed.routes.KEEP_ALIVE_SECONDS", 0.05)
    with client.stream("GET", "events") as answer:
        chunks = answer.iter_bytes()
        assert next(chunks) == b": connected\n\n"
        assert next(chunks) == b": still here\n\n"


def test_open_streams_do_not_hold_up_the_end(running, client):
    with client.stream("GET", "events") as answer:
        chunks = answer.iter_bytes()
        next(chunks)
        running.stop()
        assert list(chunks) == []


def test_positions_outlive_a_restart(tmp_path):
    with running_control_plane(tmp_path) as running, running.client() as client:
        position = last_event(client)
        start(client)
    with running_control_plane(tmp_path) as running, running.client() as client:
        first = next(feed(client, **{"Last-Event-ID": str(position)}))
        assert (first.event, int(first.id)) == ("change", position + 1)


def test_one_that_cannot_be_read_is_told_and_asked_again_soon(tmp_path, monkeypatch):
    monkeypatch.setattr(poller, "AGAIN_SECONDS", 0.05)
    with running_control_plane(tmp_path) as running:
        running.break_cloud(Faults(environment="payroll", busy_next=1))
        eventually(lambda: [*map(bool, reasons(running, "payroll"))][-2:] == [True, False])
        assert sum(map(bool, reasons(running, "payroll"))) == 1


def reasons(running: Running, environment: str) -> list[str | None]:
    """What the feed told, one after another, of why it cannot be read."""

    async def rows():
        async with running.plane.engine.connect() as connection:
            return await events.after(connection, 0, 1000)

    return [
        msgspec.json.decode(row.body)["unreachable"]
        for row in running.run(rows())
        if (row.kind, row.environment) == ("environment", environment)
    ]
