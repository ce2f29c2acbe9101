"""A data folder of the first tables, and all that the desktop remembered then, opened by today's
program: nothing is lost.
"""

import hashlib
import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import create_engine

from autosky_desktop.domain.publication import STEPS
from autosky_desktop.server.db.migrations import config
from autosky_desktop.server.db.storage import FILE
from autosky_desktop.system.connect.credentials import Credentials
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.plane_files import KeptReminders, OwedConnections
from autosky_desktop.system.settings import Settings
from tests.support.control_plane import OPERATOR, Running, running_control_plane
from tests.support.desktop import At, desktop_at
from tests.support.keychain import FakeKeychain
from tests.support.person import Person
from tests.support.remembered import OWED, PASSWORD, PIN, TOLD, Computer, of_both
from tests.support.waiting import eventually

NOW = datetime.now(UTC).replace(microsecond=0)
STAGING, PATH = "erp-staging", "/v1/environments/erp-staging/publications"
REQUEST = b'{"expectedVersion": 57}'
ANSWER = {"id": "answered-then"}


def ago(hours: float) -> str:
    return f"{NOW - timedelta(hours=hours):%Y-%m-%d %H:%M:%S.000000}"


def told(hours: float) -> str:
    return f"{NOW - timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}"


def steps(*states: str) -> list[dict[str, Any]]:
    """Return six steps as they were recorded: those that ended took a minute."""
    every = [*states, *["pending"] * (len(STEPS) - len(states))]
    at = {"startedAt": told(30), "endedAt": told(29)}
    return [
        {"name": name.value, "state": state, **({} if state == "pending" else at)}
        for name, state in zip(STEPS, every, strict=True)
    ]


FAILED = steps("succeeded", "succeeded", "failed")
FAILED[2] |= {"reason": "image-failed", "detail": "No space is left"}
DONE = steps(*["succeeded"] * 6)
DONE[4] |= {"done": 6, "total": 6}
OPTIONS = {"blockInstances": False, "terminateSessions": True, "stopPreparationServer": False}
PUBLICATIONS: list[dict[str, Any]] = [
    {"id": "done", "version": 55, "state": "succeeded", "replaces": 54, "steps": DONE,
     "note": "Labels, é", "platform_version": "12.4.9", "instances_replaced": 6,
     "sessions_ended": 23, "options": OPTIONS},
    {"id": "failed", "version": 56, "state": "failed", "steps": FAILED, "note": "Second try",
     "publisher": "Rui"},
    {"id": "cancelled", "version": 57, "state": "cancelled", "steps": steps("succeeded"),
     "model": "standard"},
]  # fmt: skip


def first_tables(folder: Path) -> None:
    """Make a database of the first tables, with every kind of row that they had."""
    folder.mkdir()
    engine = create_engine(f"sqlite:///{folder / FILE}")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0001")
    engine.dispose()
    with closing(sqlite3.connect(folder / FILE)) as database:
        for table, row in rows():
            places = ", ".join("?" * len(row))
            query = f"insert into {table} ({', '.join(row)}) values ({places})"
            database.execute(query, [*row.values()])
        database.commit()


def rows() -> list[tuple[str, dict[str, Any]]]:
    environment: dict[str, Any] = {
        "label": "staging", "kind": "scaling", "provider": "Demo", "time_zone": "America/Sao_Paulo",
        "run_hours": 4, "demo": True, "confirmed_at": ago(30), "revision": 900,
    }  # fmt: skip
    server: dict[str, Any] = {
        "environment": STAGING, "position": 0, "since": ago(30), "status": "running",
    }  # fmt: skip
    publication: dict[str, Any] = {
        "environment": STAGING, "model": "optimized", "publisher": OPERATOR, "note": "",
        "requested_by": OPERATOR, "requested_at": ago(30), "started_at": ago(30),
        "ended_at": ago(29), "options": {}, "instances_replaced": 0, "sessions_ended": 0,
    }  # fmt: skip
    asked = hashlib.sha256(f"POST {PATH}\n".encode() + REQUEST).hexdigest()
    return [
        ("environment", environment | {"id": STAGING, "position": 1, "name": "ERP Staging",
                                       "current_version": 57}),
        ("environment", environment | {"id": "erp-production", "position": 0,
                                       "name": "ERP Production", "current_version": 41}),
        ("server", server | {"id": "prep-erp-stg-01", "name": "PREP-ERP-STG-01", "type": "",
                             "role": "preparation", "image_status": "available",
                             "image_since": ago(30),
                             "shutdown": json.dumps({"at": told(-8), "reason": "run-time"})}),
        ("server", server | {"id": "web-erp-stg-01", "name": "WEB-ERP-STG-01", "type": "Web",
                             "role": "support", "public_ip": "203.0.113.7"}),
        ("instance", {"id": "i-1", "environment": STAGING, "name": "INST-01",
                      "status": "available", "version": 57, "sessions": 4}),
        *(
            ("publication", {name: json.dumps(it) if isinstance(it, list | dict) else it
                             for name, it in (publication | {"number": number} | run).items()})
            for number, run in enumerate(PUBLICATIONS, 1)
        ),
        ("event", {"id": 900, "environment": STAGING, "revision": 900, "kind": "server",
                   "body": b"{}", "at": ago(29)}),
        ("idempotency", {"operator": OPERATOR, "key": "then", "fingerprint": asked, "status": 202,
                         "body": json.dumps(ANSWER).encode(), "at": ago(1)}),
    ]  # fmt: skip


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    made = Computer(tmp_path, settings=tmp_path / "settings")
    first_tables(made.usual)
    made.remembers()
    return made


def history(plane: Running) -> list[dict[str, Any]]:
    with plane.client() as client:
        answer = client.get(PATH.removeprefix("/v1/")).json()
    found: list[dict[str, Any]] = answer["publications"]
    return found[::-1]


def assert_all_is_told(plane: Running) -> None:
    """Ask for each thing that was in the tables."""
    done, failed, cancelled = history(plane)
    for run, kept in zip((done, failed, cancelled), PUBLICATIONS, strict=True):
        same = ("id", "version", "state")
        assert [run[it] for it in same] == [kept[it] for it in same]
        assert (run["note"], run["publisher"]) == (
            kept.get("note", ""), kept.get("publisher", OPERATOR),
        )  # fmt: skip
        assert run["plan"]["model"] == kept.get("model", "optimized")
        assert (run["startedAt"], run["endedAt"]) == (told(30), told(29))
        for step, then in zip(run["steps"], kept["steps"], strict=True):
            assert {name: step[name] for name in then} == then
    assert (done["instancesReplaced"], done["sessionsEnded"], done["replaces"]) == (6, 23, 54)
    assert (done["platformVersion"], done["plan"]["options"]) == ("12.4.9", OPTIONS)
    with plane.client() as client:
        listing = client.get("environments").json()["environments"]
        assert [it["id"] for it in listing][:2] == ["erp-production", STAGING]
        snapshot = client.get(f"environments/{STAGING}").json()
        assert snapshot["environment"]["revision"] >= 900
        assert snapshot["environment"]["currentVersion"] == 57
        assert {it["name"] for it in snapshot["servers"]} >= {"PREP-ERP-STG-01", "WEB-ERP-STG-01"}
        headers = {"Idempotency-Key": "then", "Content-Type": "application/json"}
        again = client.post(PATH.removeprefix("/v1/"), content=REQUEST, headers=headers)
        assert (again.status_code, again.json()) == (202, ANSWER)


def assert_all_is_remembered(settings: Settings, folder: Path) -> None:
    """Look at each thing that was remembered; which environment was opened since is another."""
    then = of_both()
    changing = ("environment", "recent", "tab", "geometry")
    for name in set(Settings.__struct_fields__).difference(changing):
        assert getattr(settings, name) == getattr(then, name), name
    assert set(then.recent) <= {*settings.recent}
    assert Trust(folder).pins == [PIN]
    assert Credentials(FakeKeychain(), folder).entries == (PASSWORD,)
    assert {it.id for it in TOLD.entries} <= {
        it.id for it in KeptReminders(lambda: folder).load().entries
    }
    assert OwedConnections(folder).load() == [OWED]


async def test_everything_in_it_is_there_in_the_window_and_still_there_after_another_start(
    qloop: object, me: Person, computer: Computer
) -> None:
    data, settings = computer.usual, computer.settings
    for _start in range(2):
        with running_control_plane(data) as plane:
            eventually(lambda: history(plane))
            assert_all_is_told(plane)
            connector = At(plane.url, plane.token)
            async with desktop_at(connector, settings=settings, data=data) as desktop:
                await me.sees("ERP Staging, Staging, Running", "ERP Staging, Staging, Stopped")
                desktop.window.open(STAGING)
                await me.opens_tab("Publish")
                await me.sees("Labels, é")
                await me.sees("Second try")
                kept, folder = desktop._preferences.settings, desktop._preferences.plane_folder
        assert_all_is_remembered(kept, folder)
