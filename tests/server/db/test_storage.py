"""Opening the database: new, old, newer, broken, and with no room left."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from autosky_desktop.domain.activity import Activity
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.server.activity import entries
from autosky_desktop.server.activity import queries as activities
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.errors import StorageDamaged, StorageFull, StorageNewer
from autosky_desktop.server.db.migrations import config, migrate
from autosky_desktop.server.db.storage import FILE, open_storage
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.servers import queries as servers
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

MORNING = datetime(2026, 11, 23, 9, tzinfo=UTC)


def open_and_close(folder: Path) -> None:
    async def do() -> None:
        await (await open_storage(folder)).dispose()

    asyncio.run(do())


def described(file: Path) -> list[tuple[str, list[str]]]:
    with closing(sqlite3.connect(file)) as database:
        rows = database.execute("select name, sql from sqlite_master order by name").fetchall()
    return [(name, pieces(" ".join((sql or "").split()))) for name, sql in rows]


def pieces(sql: str) -> list[str]:
    """What is between the commas, in any order: a column added later stands last."""
    return sorted(piece.strip(" ()") for piece in sql.split(","))


def migrated(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as connection:
        migrate(connection, None)
    engine.dispose()


def test_a_new_database_is_what_all_migrations_make(tmp_path):
    open_and_close(tmp_path)
    migrated(tmp_path / "migrated.sqlite3")
    assert columns(tmp_path / FILE) == columns(tmp_path / "migrated.sqlite3")
    assert described(tmp_path / FILE) == described(tmp_path / "migrated.sqlite3")


def columns(file: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("select name from sqlite_schema")]
        return {t: database.execute(f"pragma table_info('{t}')").fetchall() for t in tables}


def test_the_schema_is_at_the_newest_migration():
    assert ScriptDirectory.from_config(config()).get_current_head() == schema.HEAD


def test_a_database_is_opened_again_as_it_was(tmp_path):
    open_and_close(tmp_path)
    before = described(tmp_path / FILE)
    open_and_close(tmp_path)
    assert described(tmp_path / FILE) == before


def test_a_database_from_before_the_first_migration_is_migrated(tmp_path):
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("create table alembic_version (version_num varchar(32) primary key)")
    open_and_close(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        assert database.execute("select * from alembic_version").fetchall() == [(schema.HEAD,)]


def test_a_database_of_the_first_schema_keeps_what_it_knows_and_is_told_anew(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0001")
        connection.exec_driver_sql(AN_OLD_ENVIRONMENT)
        connection.exec_driver_sql(AN_OLD_SERVER)
    engine.dispose()
    open_and_close(tmp_path)

    async def look() -> None:
        engine = await open_storage(tmp_path)
        async with engine.connect() as connection:
            assert await environments.untold(connection) == ["erp"]
            [(environment, server)] = await servers.to_stop(connection)
            assert (environment, server.name) == ("erp", "PREP")
            assert server.shutdown == ScheduledShutdown(at=MORNING)
        unit_of_work = UnitOfWork(engine, Bus(), lambda: MORNING)
        async with unit_of_work.transaction("erp") as transaction:
            await entries.write(transaction, ENTRY, subject="prep")
        async with engine.connect() as connection:
            found = await environments.find(connection, "erp")
            assert found is not None
            assert found.preparation is not None
            assert (found.preparation.status, found.current_version) == ("running", 41)
            assert await activities.newest(connection, "erp") == [ENTRY]
        await engine.dispose()

    asyncio.run(look())


def test_a_record_from_before_there_were_connections_is_read_as_it_was(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0002")
        connection.exec_driver_sql(AN_OLD_ENVIRONMENT.replace(")", ", NULL, NULL)"))
        connection.exec_driver_sql(AN_OLD_REQUEST)
    engine.dispose()
    open_and_close(tmp_path)

    async def look() -> None:
        engine = await open_storage(tmp_path)
        async with engine.connect() as connection:
            assert await activities.newest(connection, "erp") == [ENTRY]
        await engine.dispose()

    asyncio.run(look())


def test_a_newer_database_is_left_alone(tmp_path):
    open_and_close(tmp_path)
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute("update alembic_version set version_num = '9999'")
    with pytest.raises(StorageNewer):
        open_and_close(tmp_path)


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def overwritten(file: Path) -> None:
    file.write_bytes(b"this is a letter, not a database" * 200)


def somebody_else_s(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("create table songs (title text)")


@pytest.mark.parametrize("damage", [truncated, overwritten, somebody_else_s])
def test_a_damaged_database_is_said_to_be_one(tmp_path, damage: Callable[[Path], None]):
    open_and_close(tmp_path)
    damage(tmp_path / FILE)
    with pytest.raises(StorageDamaged):
        open_and_close(tmp_path)


def test_without_room_nothing_stays_half_written_and_with_room_it_goes_on(tmp_path):
    async def fill() -> None:
        engine = await open_storage(tmp_path)
        unit_of_work = UnitOfWork(engine, Bus(), lambda: MORNING)
        async with unit_of_work.without_events() as connection:
            await connection.execute(schema.environment.insert().values(A_ROW))
            await connection.execute(text("pragma max_page_count = 1"))  # no page more than now
        with pytest.raises(StorageFull):
            await record_a_crowd(unit_of_work)
        async with unit_of_work.without_events() as connection:
            assert await environments.instances(connection, "erp") == []
            assert await events.last_id(connection) == 0
            await connection.execute(text("pragma max_page_count = 100000"))
        await record_a_crowd(unit_of_work)
        async with engine.connect() as connection:
            assert len(await environments.instances(connection, "erp")) == 500
            assert len(await events.after(connection, 0, 1000)) == 501
        await engine.dispose()

    asyncio.run(fill())


async def record_a_crowd(unit_of_work: UnitOfWork) -> None:
    async with unit_of_work.transaction("erp") as transaction:
        for number in range(500):
            await transaction.instance(
                Instance(id=f"i-{number}", name=f"I{number}", status="available", version=1)
            )


A_ROW = {
    "id": "erp", "position": 0, "name": "ERP", "label": "staging", "kind": "scaling",
    "provider": "Demo", "time_zone": "UTC", "run_hours": 4, "demo": True,
    "confirmed_at": MORNING, "revision": 0,
}  # fmt: skip

# As the first version wrote them: `preparation` was the status, a word.
AN_OLD_ENVIRONMENT = """
insert into environment values (
    'erp', 0, 'ERP', 'staging', 'scaling', 'Demo', 'UTC', 4, 1, 41,
    '2026-11-23 09:00:00.000000', 7, '{"id":"erp","name":"ERP","label":"staging",'
    || '"kind":"scaling","provider":"Demo","timeZone":"UTC","runHours":4,"revision":7,'
    || '"confirmedAt":"2026-11-23T09:00:00Z","preparation":"running"}'
)"""
AN_OLD_SERVER = """
insert into server (id, environment, position, name, role, status, since, type, shutdown) values (
    'prep', 'erp', 0, 'PREP', 'preparation', 'running', '2026-11-23 09:00:00.000000', '',
    '{"at":"2026-11-23T09:00:00Z","reason":"run-time","held":false}'
)"""
AN_OLD_REQUEST = """
insert into activity_request (id, environment, at, kind, by, target) values (
    'a', 'erp', '2026-11-23 09:00:00.000000', 'stop-server', 'ana', 'PREP'
)"""
ENTRY = Activity(
    id="a",
    at=MORNING,
    kind="stop-server",
    outcome="running",
    by="ana",
    by_id="local",
    target="PREP",
)
