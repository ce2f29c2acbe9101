"""What was kept of publications before they had one plan is read as it was meant, and told so."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from alembic import command
from msgspec.structs import asdict
from sqlalchemy import create_engine

from autosky_desktop.domain.plan import Deadline, Hold, Options, Plan, Reconnection
from autosky_desktop.domain.publication import STEPS, Publication, Step
from autosky_desktop.server.db.errors import StorageDamaged
from autosky_desktop.server.db.migrations import config
from autosky_desktop.server.db.migrations.versions.one_plan import TOGETHER
from autosky_desktop.server.db.storage import FILE, open_storage
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.queries import PublicationQuery

BEFORE = "0007"
MORNING, NOON = "2026-11-23 09:00:00.000000", datetime(2026, 11, 23, 12, tzinfo=UTC)
MESSAGE = 'Save "all" of it, não é?\nVersion {version} comes at {time}'
ASKED = {"minutes": 7, "message": MESSAGE, "againMinutes": 2}
RECONNECTION = Reconnection(minutes=7, message=MESSAGE, again_minutes=2)
KEEP, RECONNECT = "keep-users-connected", "request-reconnection"

Row = dict[str, Any]

# Each as schema 0007 held it: what was asked, and what came of it.
ROWS: list[tuple[Row, Plan, str | None, str | None]] = [
    ({}, Plan(), None, None),
    (
        {"options": {"blockInstances": False, "terminateSessions": True,
                     "stopPreparationServer": True}, "emails": ["ana@example.com", "é@x.example"]},
        Plan(
            options=Options(
                block_instances=False, terminate_sessions=True, stop_preparation_server=True
            ),
            emails=("ana@example.com", "é@x.example"),
        ),
        None, None,
    ),
    (
        {"model": "standard", "hold": {"first": 2, "share": None, "bakeSeconds": None,
                                       "passedBy": None}, "stop_at_first_failure": 0},
        Plan(model="standard", hold=Hold(first=2), stop_at_first_failure=False),
        None, None,
    ),
    (
        {"model": "standard", "hold": {"first": None, "share": 25, "bakeSeconds": 600,
                                       "passedBy": ""}, "image_of": 39},
        Plan(model="standard", hold=Hold(share=25, bake_seconds=600), image_of=39),
        "", None,
    ),
    (
        {"model": RECONNECT, "reconnection": ASKED,
         "hold": {"first": 1, "share": None, "bakeSeconds": None, "passedBy": "Ana Lima"}},
        Plan(model=RECONNECT, reconnection=RECONNECTION, hold=Hold(first=1)),
        "Ana Lima", None,
    ),
    (
        {"model": KEEP, "deadline": {"at": "2026-11-23T12:00:00Z", "reconnection": ASKED,
                                     "refused": "allowance-used"}},
        Plan(model=KEEP, deadline=Deadline(at=NOON, reconnection=RECONNECTION)),
        None, "allowance-used",
    ),
    (
        {"model": KEEP, "deadline": {"at": "2026-11-23T12:00:00Z", "reconnection": ASKED,
                                     "refused": None}},
        Plan(model=KEEP, deadline=Deadline(at=NOON, reconnection=RECONNECTION)),
        None, None,
    ),
    # What nobody of us wrote, and was read all the same.
    ({"model": "gentle", "options": {"warnUsers": True}}, Plan(model="gentle"), None, None),
    ({"options": {"blockInstances": False}, "emails": []},
     Plan(options=Options(block_instances=False)), None, None),
    (
        {"model": RECONNECT, "reconnection": {"message": ""}},
        Plan(model=RECONNECT, reconnection=Reconnection(message="")),
        None, None,
    ),
    ({"stop_at_first_failure": 7, "model": 'in "quotes"'}, Plan(model='in "quotes"'), None, None),
]  # fmt: skip

# What could not be read before, and is kept as it is.
ODD: list[tuple[Row, str]] = [
    ({"options": "what?"}, '"options":what?'),
    ({"hold": "[1, 2"}, '"hold":[1, 2'),
    ({"emails": '"ana@example.com"'}, '"emails":"ana@example.com"'),
    ({"reconnection": {"minutes": 61, "message": "m"}}, '"minutes": 61'),
    ({"deadline": {"at": "2026-11-23T12:00:00", "reconnection": ASKED, "refused": None}},
     '"at": "2026-11-23T12:00:00"'),
    ({"image_of": "the last one"}, '"imageOf":"the last one"'),
    ({"image_of": b"\xff"}, '"imageOf":"b\'\\\\xff\'"'),
    ({"hold": {"first": 1, "passedBy": {"name": "ana"}}, "options": 4}, '"passedBy": {"name"'),
]  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """A database of the schema before, with one environment, as its migrations made it."""
    at(tmp_path, lambda it: command.upgrade(config(it), BEFORE))
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute(
            "insert into environment (id, position, name, label, kind, provider, time_zone,"
            " run_hours, demo, confirmed_at, revision)"
            f" values ('erp', 0, 'ERP', 'staging', 'scaling', 'Demo', 'UTC', 4, 1, '{MORNING}', 1)"
        )
        yield database


def at(folder: Path, do: Any) -> None:
    engine = create_engine(f"sqlite:///{folder / FILE}")
    with engine.begin() as connection:
        do(connection)
    engine.dispose()


def write(database: sqlite3.Connection, number: int, row: Row) -> None:
    usual: Row = {
        "number": number, "id": f"p{number}", "environment": "erp", "version": number,
        "model": "optimized", "options": {"blockInstances": True, "terminateSessions": False,
                                          "stopPreparationServer": False},
        "state": "succeeded", "publisher": "Ana", "requested_by": "ana", "requested_at": MORNING,
        "steps": [{"name": name.value} for name in STEPS], "note": "", "instances_replaced": 0,
        "sessions_ended": 0, "emails": [],
    }  # fmt: skip
    values = {
        name: json.dumps(value) if isinstance(value, dict | list) else value
        for name, value in {**usual, **row}.items()
    }
    places = ", ".join("?" * len(values))
    query = f"insert into publication ({', '.join(values)}) values ({places})"
    database.execute(query, list(values.values()))


def kept(folder: Path) -> dict[str, Publication]:
    """As the new program reads it."""

    async def read() -> dict[str, Publication]:
        engine = await open_storage(folder)
        async with engine.connect() as connection:
            page = await publications.page(connection, "erp", PublicationQuery(limit=99))
        await engine.dispose()
        return {run.id: run for run in page.publications}

    return asyncio.run(read())


def parts(database: sqlite3.Connection) -> list[tuple[object, ...]]:
    """What of each row the migration touches, with what is JSON read."""
    names = "number, model, image_of, stop_at_first_failure"
    documents = "options, reconnection, deadline, hold, emails"
    rows = database.execute(f"select {names}, {documents} from publication order by number")
    return [(*row[:4], *(it and json.loads(it) for it in row[4:])) for row in rows]


def test_every_model_and_option_that_was_kept_is_read_as_it_was_meant(tmp_path, old):
    for number, (row, *_) in enumerate(ROWS, start=1):
        write(old, number, row)
    old.commit()
    found = kept(tmp_path)
    assert [
        (run.plan, run.hold_passed_by, run.deadline_refused)
        for run in (found[f"p{number}"] for number in range(1, len(ROWS) + 1))
    ] == [(plan, passed, refused) for _, plan, passed, refused in ROWS]
    assert {run.publisher for run in found.values()} == {"Ana"}


def test_of_more_than_are_carried_over_at_once_none_is_left_behind(tmp_path, old):
    many = range(1, 2 * TOGETHER + 2)
    for number in many:
        write(old, number, ROWS[number % 7][0])
    old.commit()
    kept(tmp_path)
    found = old.execute("select plan from publication order by number")
    plans = [msgspec.json.decode(plan, type=Plan) for (plan,) in found]
    assert plans == [ROWS[number % 7][1] for number in many]


def test_the_schema_before_has_all_of_it_again_on_the_way_back(tmp_path, old):
    for number, (row, *_) in enumerate(ROWS[:7], start=1):
        write(old, number, row)
    old.commit()
    before = parts(old)
    kept(tmp_path)
    at(tmp_path, lambda connection: command.downgrade(config(connection), BEFORE))
    assert parts(old) == before


@pytest.mark.parametrize(("row", "text"), ODD, ids=lambda it: str(it)[:20])
def test_what_could_not_be_read_is_kept_as_it_is_and_keeps_nobody_from_the_others(
    tmp_path, old, row, text
):
    write(old, 1, row)
    write(old, 2, {"model": "standard"})
    old.commit()

    async def read() -> None:
        engine = await open_storage(tmp_path)
        async with engine.connect() as connection:
            found = await publications.find(connection, "p2")
            assert found
            assert found[1].plan == Plan(model="standard")
            with pytest.raises(StorageDamaged):
                await publications.find(connection, "p1")
        await engine.dispose()

    asyncio.run(read())
    [(plan,)] = old.execute("select plan from publication where number = 1")
    assert text in plan


TOLD: Row = {
    "id": "p1", "version": 1, "model": RECONNECT, "options": {"terminateSessions": False},
    "state": "running", "publisher": "Ana", "requestedBy": "ana",
    "requestedAt": "2026-11-23T09:00:00Z", "steps": [asdict(Step(name="image-creation"))],
    "reconnection": ASKED, "deadline": None,
    "hold": {"first": 1, "share": None, "bakeSeconds": None, "passedBy": "Eva"}, "imageOf": 3,
    "stopAtFirstFailure": False, "emails": ["é@x.example"],
}  # fmt: skip
SERVER = b'{"id": "db",  "steps": [], "status": "running"}'
PROBLEM = b'{"type":  "about:blank", "status": 409, "code": "version-moved"}'


def test_what_was_told_and_is_told_again_tells_of_a_plan_too(tmp_path, old):
    """To who comes back to the feed, and to who asks the same again with the same key."""
    body = json.dumps(TOLD).encode()
    for kind, told in (("publication", body), ("server", SERVER)):
        event = (kind, told, MORNING)
        old.execute("insert into event values (null, 'erp', 1, ?, ?, ?)", event)
    for key, told in (("a", body), ("b", PROBLEM), ("c", b"no answer at all")):
        old.execute(
            "insert into idempotency values ('ana', ?, 'f', 202, ?, ?)", (key, told, MORNING)
        )
    old.commit()
    kept(tmp_path)
    events = [body for (body,) in old.execute("select body from event order by id")]
    answers = [body for (body,) in old.execute("select body from idempotency order by key")]
    plan = Plan(
        model=RECONNECT, reconnection=RECONNECTION, hold=Hold(first=1), image_of=3,
        stop_at_first_failure=False, emails=("é@x.example",),
    )  # fmt: skip
    for told in (events[0], answers[0]):
        run = msgspec.json.decode(told, type=Publication)
        assert (run.plan, run.hold_passed_by, run.steps[0].name) == (plan, "Eva", "image-creation")
    assert events[1] == SERVER
    assert answers[1:] == [PROBLEM, b"no answer at all"]
