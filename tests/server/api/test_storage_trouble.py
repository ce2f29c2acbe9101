"""A database that another program holds, or that fails in a way nobody knows: later, no end."""

import asyncio
import sqlite3
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from autosky_desktop.server.db import engine
from autosky_desktop.server.db.storage import FILE
from autosky_desktop.server.environments import commands as environment_commands
from autosky_desktop.server.environments import poller
from autosky_desktop.server.publications.workflow import places, steps
from autosky_desktop.words.provider import UNFORESEEN
from tests.support.control_plane import Running, running_control_plane
from tests.support.waiting import eventually

STAGING, PAYROLL = "environments/erp-staging", "environments/payroll"
SOON = 5.0


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """One that waits for the storage for a moment only, and tries again soon."""
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    monkeypatch.setattr(steps, "STORAGE_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(environment_commands, "STORAGE_PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(poller, "AGAIN_SECONDS", 0.05)
    with running_control_plane(tmp_path) as running:
        yield running


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Another program has SQLite's write lock, as a backup tool does."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=SOON)) as other:
        other.execute("begin immediate")
        yield


def changed(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, timeout=SOON)) as other, other:
        other.execute(statement)


def post(client: httpx.Client, path: str, key: str = "", **body: object) -> httpx.Response:
    headers = {"Idempotency-Key": key or str(uuid.uuid4())}
    return client.post(path, headers=headers, json=body or None)


def publish(client: httpx.Client) -> str:
    asked = post(client, f"{STAGING}/publications", expectedVersion=58)
    assert asked.status_code == 202, asked.text
    identity: str = asked.json()["id"]
    return identity


def state(client: httpx.Client, publication: str) -> str:
    found: str = client.get(f"publications/{publication}").json()["state"]
    return found


def said_later(answer: httpx.Response) -> bool:
    later = int(answer.headers.get("Retry-After", 0)) > 0
    return (answer.status_code, answer.json()["code"], later) == (503, "storage-unavailable", True)


def test_what_the_database_says_is_told_to_who_signed_in_and_to_no_stranger(running, client):
    for table in ("event", "activity_request"):
        changed(running.folder / FILE, f"alter table {table} rename to moved_{table}")
    with httpx.Client(base_url=client.base_url) as stranger:
        told = stranger.get("readyz")
    assert said_later(told)
    assert told.json()["detail"] == ""
    assert "activity_request" in client.get(f"{STAGING}/activity").json()["detail"]


def test_while_a_backup_holds_the_database_requests_are_told_to_come_later(running, client):
    with held(running.folder / FILE):
        began = time.monotonic()
        assert said_later(post(client, f"{PAYROLL}/provider-update", key="k"))
        assert time.monotonic() - began < SOON
        assert client.get(PAYROLL).status_code == 200
    assert post(client, f"{PAYROLL}/provider-update", key="k").status_code == 202
    assert not running.plane.listening.done()


def test_many_who_wait_are_told_together_and_not_one_after_another(running, client):
    with held(running.folder / FILE):
        began = time.monotonic()
        answers = running.run(many(running, 40))
        assert all(map(said_later, answers))
        assert time.monotonic() - began < SOON


async def many(running: Running, count: int) -> list[httpx.Response]:

    headers = {"Authorization": f"Bearer {running.token}"}
    async with httpx.AsyncClient(base_url=f"{running.url}/v1/", headers=headers) as client:
        asked = (
            client.post(f"{PAYROLL}/provider-update", headers={"Idempotency-Key": f"k{number}"})
            for number in range(count)
        )
        return await asyncio.gather(*asked)


@pytest.mark.parametrize("file", [FILE, places.FILE])
def test_a_publication_goes_on_when_the_database_is_let_go(running, client, file):
    publication = publish(client)
    eventually(lambda: (running.folder / file).exists())
    with held(running.folder / file):
        eventually(lambda: state(client, publication) in ("queued", "running"))
        if file == FILE:
            assert said_later(post(client, f"publications/{publication}/cancel"))
    eventually(lambda: state(client, publication) == "succeeded", within=60)
    assert not running.plane.listening.done()


def test_an_error_of_the_database_that_nobody_knows_is_met_as_later(running, client):
    file = running.folder / FILE
    changed(file, "alter table activity_request rename to moved_away")
    assert said_later(post(client, "servers/prep-payroll-01/start"))
    changed(file, "alter table moved_away rename to activity_request")
    started = post(client, "servers/prep-payroll-01/start")
    assert started.status_code == 202, started.text
    assert not running.plane.listening.done()


def test_an_unforeseen_error_of_the_provider_is_an_answer_and_an_entry(running, client):
    async def breaks(*_: object, **__: object) -> None:
        raise KeyError("InstanceState")

    power = running.provider.power
    running.provider.power = breaks
    refused = post(client, "servers/prep-payroll-01/start")
    assert (refused.status_code, refused.json()["code"]) == (409, "provider-refused")
    assert refused.json()["detail"] == UNFORESEEN
    [entry] = client.get(f"{PAYROLL}/activity").json()["entries"]
    assert (entry["outcome"], entry["reason"]) == ("refused", "provider-refused")
    running.provider.power = power
    assert post(client, "servers/prep-payroll-01/start").status_code == 202


def test_an_environment_whose_reading_breaks_leaves_the_others_live(running, client):
    read = running.provider.read

    async def breaks(environment: str) -> object:
        if environment == "payroll":
            raise OverflowError("date value out of range")
        return await read(environment)

    running.provider.read = breaks
    asked = post(client, f"{PAYROLL}/provider-update")
    assert asked.status_code == 202
    eventually(lambda: client.get(PAYROLL).json()["operations"][0]["state"] == "failed")
    assert client.get(PAYROLL).json()["operations"][0]["detail"] == UNFORESEEN
    assert post(client, "servers/prep-erp-prod-01/start").status_code == 202
    running.provider.read = read
    post(client, f"{PAYROLL}/provider-update")
    eventually(lambda: client.get(PAYROLL).json()["operations"][0]["state"] == "succeeded")


def test_a_part_that_meets_a_defect_is_begun_again(running, client, monkeypatch):
    monkeypatch.setattr("autosky_desktop.server.process.background.BEGUN_AGAIN_SECONDS", 0.05)
    read_all = running.plane.poller.read_all
    broken = []

    async def breaks(environments: object) -> object:
        if not broken:
            broken.append(True)
            raise RecursionError
        return await read_all(environments)

    monkeypatch.setattr(running.plane.poller, "read_all", breaks)
    post(client, "servers/prep-erp-prod-01/start")
    eventually(lambda: client.get("servers/prep-erp-prod-01").json()["status"] == "running")
    assert broken == [True]
