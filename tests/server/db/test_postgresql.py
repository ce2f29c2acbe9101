"""What is PostgreSQL's own: its tables, its errors, and several processes on one database."""

import asyncio
import unicodedata
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from alembic import command
from sqlalchemy import Connection, Engine, create_engine, func, insert, literal, select, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.searching import plain
from autosky_desktop.server.db import postgresql as opening
from autosky_desktop.server.db import schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.engine import writing
from autosky_desktop.server.db.errors import (
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageGone,
    StorageNewer,
    StorageReadOnly,
    StorageUnavailable,
)
from autosky_desktop.server.db.migrations import config, migrate
from autosky_desktop.server.db.storage import identity, open_storage
from autosky_desktop.server.feed import queries as events
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from tests.support.stored import (
    MORNING,
    environment,
    known,
    newest,
    nothing,
    one_more,
    with_storage,
)


@pytest.fixture
def engine(address: URL) -> Iterator[Engine]:
    made = create_engine(address.set(drivername="postgresql+psycopg"))
    yield made
    made.dispose()


DESCRIBED = """
SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default
  FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2;
SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1;
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2;
SELECT sequencename, data_type::text FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1;
"""


def described(connection: Connection) -> list[list[tuple[Any, ...]]]:
    parts = DESCRIBED.strip().rstrip(";").split(";")
    return [list(map(tuple, connection.execute(text(part)).all())) for part in parts]


def test_all_migrations_make_what_the_schema_says(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    for table in schema.metadata.tables.values():
        for index in table.indexes:  # the schema names SQLite's condition alone
            where = index.dialect_options["sqlite"]["where"]
            monkeypatch.setitem(index.dialect_options["postgresql"]._non_defaults, "where", where)
    with engine.connect() as connection:
        schema.metadata.create_all(connection)
        schema.stamp.create(connection)
        said = described(connection)
        connection.rollback()
        migrate(connection, None)
        assert described(connection) == said


def test_each_migration_can_be_taken_back(engine: Engine) -> None:
    with engine.connect() as connection:
        migrate(connection, None)
        command.downgrade(config(connection), "base")
        assert described(connection)[0] == [
            ("alembic_version", "version_num", "character varying", 32, "NO", None)
        ]


def test_a_database_of_a_newer_version_or_another_program_is_left_alone(address: URL) -> None:
    with psycopg.connect(str(address.render_as_string(hide_password=False))) as connection:
        connection.execute("CREATE TABLE server (song text)")
    with pytest.raises(StorageDamaged, match="a table called server"):
        with_storage(address, nothing)
    with psycopg.connect(str(address.render_as_string(hide_password=False))) as connection:
        connection.execute("DROP TABLE server")
    with_storage(address, nothing)
    with psycopg.connect(str(address.render_as_string(hide_password=False))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageNewer):
        with_storage(address, nothing)


def test_many_who_start_at_once_make_one_database_and_one_identity(address: URL) -> None:
    async def begin() -> str:
        opened = await open_storage(address)
        try:
            return await identity(opened)
        finally:
            await opened.dispose()

    async def all_at_once() -> list[str]:
        return await asyncio.gather(*(begin() for _ in range(5)))

    assert len(set(asyncio.run(all_at_once()))) == 1


def test_all_that_a_connection_reads_belongs_to_one_moment(address: URL) -> None:
    async def story(opened: AsyncEngine) -> None:
        await known(opened, "erp")
        async with opened.connect() as reading:
            assert await names(reading) == {"erp"}
            await known(opened, "payroll")
            assert await names(reading) == {"erp"}
            with pytest.raises(StorageReadOnly):
                await reading.execute(insert(schema.environment).values(environment("x")))
        async with opened.connect() as reading:
            assert await names(reading) == {"erp", "payroll"}

    with_storage(address, story)


async def names(connection: AsyncConnection) -> set[str]:
    return set((await connection.scalars(select(schema.environment.c.name))).all())


def test_ids_of_events_are_in_the_order_of_commit(address: URL) -> None:
    """Writers of two processes: whoever has read an event has read all that have a lower id."""

    async def story(opened: AsyncEngine) -> None:
        places = [f"e{number}" for number in range(6)]
        await known(opened, *places)
        works = [UnitOfWork(opened, Bus(), lambda: MORNING) for _ in places]
        over = asyncio.Event()

        async def write(work: UnitOfWork, place: str) -> None:
            for number in range(20):
                await one_more(work, place, name=f"n{number}")

        async def follow() -> list[int]:
            seen: list[int] = []
            last_look = False
            while not last_look:
                last_look = over.is_set()
                async with opened.connect() as connection:
                    rows = await events.after(connection, seen[-1] if seen else 0, 1_000)
                seen += [row.id for row in rows]
            return seen

        following = asyncio.create_task(follow())
        await asyncio.gather(*map(write, works, places))
        over.set()
        seen = await following
        async with opened.connect() as connection:
            assert seen == sorted((await connection.scalars(select(schema.event.c.id))).all())
        assert len(seen) >= len(places) * 20

    with_storage(address, story)


def test_two_who_write_the_same_environments_do_not_wait_for_each_other(address: URL) -> None:
    async def story(opened: AsyncEngine) -> None:
        places = [f"e{number:02}" for number in range(20)]
        await known(opened, *places)
        async with writing(opened).begin() as connection:  # as they lie in the table is no order
            for place in places[::-2]:
                await connection.execute(
                    schema.environment.update()
                    .where(schema.environment.c.id == place)
                    .values(revision=1)
                )
        works = [UnitOfWork(opened, Bus(), lambda: MORNING) for _ in range(4)]

        async def write(work: UnitOfWork, chosen: list[str]) -> None:
            for _ in range(10):
                await one_more(work, *chosen)

        chosen = [places, places[::-1], places[::3], places[5:15]]
        await asyncio.gather(*map(write, works, chosen))

    with_storage(address, story)


def test_ids_leap_at_each_start(address: URL) -> None:
    async def story(opened: AsyncEngine) -> None:
        await known(opened, "erp")
        for _ in range(4):  # 2**30 each, at most: more than four bytes can hold
            work = UnitOfWork(opened, Bus(), lambda: MORNING)
            work._leap = 2**30
            before = await newest(opened)
            await one_more(work, "erp")
            assert (leapt := await newest(opened)) > before + 2**30
            await one_more(work, "erp", name="again")
            assert leapt < await newest(opened) < leapt + 10

    with_storage(address, story)


@pytest.mark.parametrize(
    ("error", "means"),
    [
        (psycopg.errors.DiskFull("no space left"), StorageFull),
        (psycopg.errors.ReadOnlySqlTransaction("a standby"), StorageReadOnly),
        (psycopg.errors.InsufficientPrivilege("permission denied"), StorageReadOnly),
        (psycopg.errors.UndefinedTable("no relation"), StorageGone),
        (psycopg.errors.InvalidCatalogName("no database"), StorageGone),
        (psycopg.errors.DataCorrupted("invalid page"), StorageDamaged),
        (psycopg.errors.DeadlockDetected("deadlock"), StorageUnavailable),
        (psycopg.errors.LockNotAvailable("lock timeout"), StorageUnavailable),
        (psycopg.errors.AdminShutdown("terminating"), StorageUnavailable),
        (psycopg.errors.TooManyConnections("too many"), StorageUnavailable),
        (psycopg.OperationalError("the connection is lost"), StorageUnavailable),
        (psycopg.errors.UniqueViolation("twice"), None),
        (psycopg.errors.UndefinedColumn("no column"), None),
        (psycopg.ProgrammingError("a defect"), None),
        (ValueError("a defect"), None),
    ],
)
def test_errors_are_told_by_what_they_mean(
    error: BaseException, means: type[StorageError] | None
) -> None:
    found = opening.meaning(error)
    assert type(found) is (means or type(None))


LETTERS = (
    "Straße", "ÉCLAIR 3", "Ǽon", "İstanbul", "ΣΊΣΥΦΟΣ", "łódź", "Œuvre", "ﬁn", "한글", "１２",
    "Jean‐Luc’s", "Пётр", "a\u0345b", "ẞ", "c:\\dir", "100%_", "don't", "",
)  # fmt: skip


def test_texts_are_found_as_on_sqlite(address: URL) -> None:
    every = [chr(it) for it in range(1, 0x3400) if unicodedata.category(chr(it)) != "Cn"]
    texts = [*LETTERS, *("".join(every[at : at + 100]) for at in range(0, len(every), 100))]

    async def story(opened: AsyncEngine) -> None:
        async with opened.connect() as connection:
            for searched in texts:
                found = await connection.scalar(select(func.plain(literal(searched))))
                assert found == plain(searched)

    with_storage(address, story)


def test_a_name_with_nul_is_not_found(address: URL) -> None:
    async def story(opened: AsyncEngine) -> None:
        async with opened.connect() as connection:
            here = select(schema.environment.c.id).where(schema.environment.c.id == "er\0p")
            assert await connection.scalar(here) is None

    with_storage(address, story)


def test_where_it_is_told_in_the_log_the_password_is_not(address: URL) -> None:
    secret = address.set(password="M4rker")
    assert "M4rker" not in repr(secret)
    with pytest.raises(StorageError) as told:
        with_storage(secret.set(database="none-such"), nothing)
    assert "M4rker" not in str(told.value)
