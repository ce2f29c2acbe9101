"""The processes of a team are replaced one by one: the version before goes on with the tables of
this one, and what it left half-way is gone on with.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, create_engine, insert, inspect, select, text
from sqlalchemy.engine import URL

from autosky_desktop.server.db import schema
from autosky_desktop.server.db.migrations import config
from tests.support.control_plane import running_control_plane
from tests.support.waiting import eventually

FIRST = "0015"
"""The first version that a team could have had: it brought PostgreSQL."""
STAGING = "environments/erp-staging"

Columns = Mapping[str, Mapping[str, Mapping[str, Any]]]


def since_first() -> list[tuple[str, str]]:
    """Return each migration that a team could live through, with the one before it."""
    every = ScriptDirectory.from_config(config()).iterate_revisions("head", FIRST)
    return [(it.revision, str(it.down_revision)) for it in every]


def columns(connection: Connection) -> Columns:
    seen = inspect(connection)
    tables = seen.get_table_names()
    return {table: {it["name"]: it for it in seen.get_columns(table)} for table in tables}


def breaches(before: Columns, after: Columns) -> Iterator[str]:
    """Yield what the version before could not go on with."""
    for table, had in before.items():
        if table not in after:
            yield f"{table} is gone"
            continue
        has = after[table]
        for name, column in had.items():
            if name not in has:
                yield f"{table}.{name} is gone"
            elif column["nullable"] and not has[name]["nullable"]:
                yield f"{table}.{name} may not be empty any more"
        for name in has.keys() - had.keys():
            if not has[name]["nullable"] and has[name]["default"] is None:
                yield f"{table}.{name} has to be given"


@pytest.fixture
def engine(address: URL) -> Iterator[Engine]:
    made = create_engine(address.set(drivername="postgresql+psycopg"))
    yield made
    made.dispose()


@pytest.mark.parametrize(("revision", "before"), since_first())
def test_the_version_before_goes_on_with_the_tables(
    engine: Engine, revision: str, before: str
) -> None:
    with engine.begin() as connection:
        command.upgrade(config(connection), before)
        had = columns(connection)
        command.upgrade(config(connection), revision)
        assert not list(breaches(had, columns(connection)))


@pytest.mark.parametrize(
    ("change", "breach"),
    [
        ("DROP TABLE connection", "connection is gone"),
        ("ALTER TABLE server DROP COLUMN since", "server.since is gone"),
        ("ALTER TABLE server RENAME COLUMN since TO at", "server.since is gone"),
        ("ALTER TABLE server ADD COLUMN x text NOT NULL", "server.x has to be given"),
        (
            "ALTER TABLE server ALTER COLUMN shutdown SET NOT NULL",
            "server.shutdown may not be empty any more",
        ),
    ],
)
def test_a_migration_that_it_could_not_live_with_is_found(
    engine: Engine, change: str, breach: str
) -> None:
    with engine.connect() as connection:
        command.upgrade(config(connection), "head")
        had = columns(connection)
        connection.execute(text(change))
        assert breach in list(breaches(had, columns(connection)))


def test_what_the_version_before_has_begun_is_gone_on_with(
    engine: Engine, address: URL, tmp_path: Path
) -> None:
    with (
        running_control_plane(tmp_path, speed=150, database=address) as running,
        running.client() as client,
    ):
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        asked = client.post(
            f"{STAGING}/publications", headers=headers, json={"expectedVersion": 58}
        )
        publication = asked.json()["id"]
        ran = f"publications/{publication}"
        eventually(lambda: client.get(ran).json()["state"] == "running")
    with engine.begin() as connection:
        command.downgrade(config(connection), "-1")
        then = columns(connection)["environment"]
    with (
        running_control_plane(tmp_path, speed=1500, database=address) as running,
        running.client() as client,
    ):
        write_as_before(engine, then)  # beside it, as an old process would
        eventually(lambda: client.get(ran).json()["state"] == "succeeded", within=60)
        assert client.get(STAGING).json()["environment"]["currentVersion"] == 58
        known = client.get("environments").json()["environments"]
        assert "as-before" in {it["id"] for it in known}


def write_as_before(engine: Engine, then: Iterable[str]) -> None:
    """Write an environment as the version before did, which knows the columns of then alone."""
    with engine.begin() as connection:
        table = MetaData()
        table.reflect(connection, only=["environment"])
        environment = table.tables["environment"]
        row = connection.execute(select(environment).limit(1)).mappings().one()
        said = str(row["told"]).replace(f'"{row["id"]}"', '"as-before"')
        old = {name: row[name] for name in then} | {"id": "as-before", "told": said}
        connection.execute(insert(environment).values(old))


def test_the_newest_migration_is_one_of_those() -> None:
    assert schema.HEAD == FIRST or schema.HEAD in dict(since_first())
