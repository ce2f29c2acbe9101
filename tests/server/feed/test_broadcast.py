"""Many listeners, slow ones, and a database that was put back from a backup."""

import asyncio
import shutil
import uuid
from contextlib import AsyncExitStack
from pathlib import Path

import httpx

from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import FILE
from autosky_desktop.server.feed import broadcast
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.feed.broadcast import Broadcast
from autosky_desktop.server.feed.routes import _lines
from autosky_desktop.server.feed.subscriber import Subscriber
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.transactions.transaction import Halt
from tests.server.feed.test_routes import PRODUCTION, feed, last_event, start
from tests.support.control_plane import Running, running_control_plane
from tests.support.people import ANA
from tests.support.waiting import eventually

STAGING = "environments/erp-staging"
MANY = 60


def everybody(bus: Bus) -> Subscriber:
    """Whoever may hear of everything, and stays so."""

    async def ask() -> Principal:
        return ANA

    return Subscriber(ANA, ask, bus)


def tell(running: Running, times: int) -> None:
    """So many events more."""

    async def confirm() -> None:
        for number in range(times):
            async with running.plane.unit_of_work.transaction("payroll") as transaction:
                transaction.halt = Halt(f"reason {number}")

    running.run(confirm())


def test_many_streams_hear_everything_and_the_table_is_read_once_for_all(
    running, client, monkeypatch
):
    read = []
    events_after = events.after

    async def counted(connection, position, limit):
        read.append(position)
        return await events_after(connection, position, limit)

    monkeypatch.setattr(events, "after", counted)

    async def hear() -> list[list[str]]:
        headers = {"Authorization": f"Bearer {running.token}"}
        base = f"{running.url}/v1/"
        limits = httpx.Limits(max_connections=None)
        async with (
            httpx.AsyncClient(base_url=base, headers=headers, timeout=30, limits=limits) as client,
            AsyncExitStack() as stack,
        ):
            streams = [
                await stack.enter_async_context(client.stream("GET", "events")) for _ in range(MANY)
            ]
            lines = [stream.aiter_lines() for stream in streams]
            for each in lines:
                assert await anext(each) == ": connected"
            await asyncio.to_thread(tell, running, 20)
            return await asyncio.gather(*map(twenty_ids, lines))

    async def twenty_ids(lines) -> list[str]:
        found: list[str] = []
        while len(found) < 20:
            if (line := await anext(lines)).startswith("id: "):
                found.append(line)
        return found

    first, *others = asyncio.run(hear())
    assert all(other == first for other in others)
    assert len(set(first)) == 20
    assert len(read) < MANY


def test_a_stream_hears_all_that_happens_from_the_moment_it_hears_that_it_is_connected(running):
    bus = Bus()
    stream = _lines(Broadcast(running.plane.engine, bus), bus, everybody(bus), None)

    async def heard() -> bytes:
        return await anext(stream)

    assert running.run(heard()) == b": connected\n\n"
    tell(running, 1)
    assert b"reason 0" in running.run(heard())


def test_a_stream_that_does_not_read_while_old_events_are_forgotten_hears_a_reset(
    running, client, monkeypatch
):
    monkeypatch.setattr(broadcast, "KEPT", 10)
    monkeypatch.setattr("autosky_desktop.server.transactions.unit_of_work.EVENTS_KEPT", 20)
    position, bus, engine = last_event(client), Bus(), running.plane.engine
    stream = _lines(Broadcast(engine, bus), bus, everybody(bus), str(position))

    async def heard() -> bytes:
        return await anext(stream)

    assert running.run(heard()) == b": connected\n\n"
    tell(running, 1)
    assert b"event: change" in running.run(heard())
    tell(running, 50)
    bus.wake()
    running.run(running.plane.unit_of_work.purge())
    reset = running.run(heard())
    assert reset == b"id: %d\nevent: reset\ndata: {}\n\n" % last_event(client)
    tell(running, 1)
    bus.wake()
    assert b"reason 0" in running.run(heard())


def test_a_stream_that_does_not_read_hears_all_that_is_kept(running, client, monkeypatch):
    monkeypatch.setattr(broadcast, "KEPT", 10)
    monkeypatch.setattr(broadcast, "BATCH", 20)
    position, bus = last_event(client), Bus()
    news = Broadcast(running.plane.engine, bus)

    async def read(place: int) -> int:
        return (await news.after(place))[0]

    assert running.run(read(position)) == position
    tell(running, 50)
    bus.wake()
    places = [position]
    while (place := running.run(read(places[-1]))) != places[-1]:
        places.append(place)
    assert len(places) == 4  # of 20, 20 and 10: PostgreSQL leaves out an id here and there
    assert places[-1] == last_event(client) >= position + 50


def test_a_database_put_back_knows_no_place_of_the_past_it_lost(tmp_path):
    with running_control_plane(tmp_path):
        pass
    kept = {part: part.read_bytes() for part in tmp_path.glob(f"{FILE}*")}
    with running_control_plane(tmp_path) as running, running.client() as client:
        tell(running, 20)
        lost = last_event(client)
    put_back(tmp_path, kept)
    with running_control_plane(tmp_path) as running, running.client() as client:
        tell(running, 100)
        assert next(feed(client, **{"Last-Event-ID": str(lost)})).event == "reset"


def put_back(folder: Path, kept: dict[Path, bytes]) -> None:
    for part in folder.glob(f"{FILE}*"):
        part.unlink()
    for part, content in kept.items():
        part.write_bytes(content)


def test_versions_go_on_from_what_instances_run_when_the_record_lost_them(tmp_path):
    with running_control_plane(tmp_path):
        pass
    kept = {part: part.read_bytes() for part in tmp_path.glob(f"{FILE}*")}
    with running_control_plane(tmp_path) as running, running.client() as client:
        publish(client, 58)
        publish(client, 59)
    put_back(tmp_path, kept)
    shutil.rmtree(tmp_path / "logs", ignore_errors=True)
    with running_control_plane(tmp_path) as running, running.client() as client:
        eventually(lambda: client.get(STAGING).json()["environment"]["currentVersion"] == 59)
        preview = client.post(f"{STAGING}/publications/preview", json={}).json()
        assert (preview["version"], preview["replaces"]) == (60, 59)
        publish(client, 60)


def publish(client: httpx.Client, version: int) -> None:
    asked = client.post(
        f"{STAGING}/publications",
        json={"expectedVersion": version, "plan": {"options": {"terminateSessions": True}}},
        headers={"Idempotency-Key": str(uuid.uuid4())},
    )
    assert asked.status_code == 202, asked.text
    eventually(
        lambda: client.get(f"publications/{asked.json()['id']}").json()["state"] == "succeeded",
        within=60,
    )


def test_positions_are_numbers_that_grow(running, client):
    before = last_event(client)
    start(client)
    position = client.get(PRODUCTION).json()["lastEvent"]
    assert before < position < 2**53
