"""A control plane is the same one after every start, and another one where that cannot be known."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine

from autosky_desktop.server.db.migrations import config
from autosky_desktop.server.db.storage import FILE, identity, open_storage
from tests.support.control_plane import running_control_plane


def identity_in(folder: Path) -> str:
    folder.mkdir(exist_ok=True)

    async def read() -> str:
        engine = await open_storage(folder)
        try:
            return await identity(engine)
        finally:
            await engine.dispose()

    return asyncio.run(read())


def change(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        for statement in statements:
            database.execute(statement)


def test_it_is_made_once_and_is_no_other_ones(tmp_path):
    made = identity_in(tmp_path / "a")
    assert identity_in(tmp_path / "a") == made
    assert identity_in(tmp_path / "b") != made


def test_a_database_from_before_there_were_ids_gets_one_that_stays(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / FILE}")
    with engine.begin() as connection:
        command.upgrade(config(connection), "0006")
    engine.dispose()
    assert identity_in(tmp_path) == identity_in(tmp_path)


@pytest.mark.parametrize(
    "damage",
    [
        "update control_plane set id = '../../elsewhere'",
        "update control_plane set id = ''",
        "update control_plane set id = x'ff'",
        "update control_plane set id = id || char(10)",
        "update control_plane set id = upper(id) || 'Ä'",
        "insert into control_plane values ('0123456789abcdef0123456789abcdef')",
    ],
)
def test_a_damaged_one_is_replaced_and_logged(tmp_path, damage, caplog):
    before = identity_in(tmp_path)
    change(tmp_path, damage)
    after = identity_in(tmp_path)
    assert len(after) == len(before)
    assert after not in (before, "0123456789abcdef0123456789abcdef")
    assert "damaged" in caplog.text
    assert identity_in(tmp_path) == after


def test_one_that_is_gone_is_made_anew(tmp_path):
    before = identity_in(tmp_path)
    change(tmp_path, "delete from control_plane")
    assert identity_in(tmp_path) != before


def test_it_is_told_to_whoever_asks_who_is_there(tmp_path):
    def told() -> str:
        with running_control_plane(tmp_path) as running, running.client() as client:
            return client.get("me").json()["controlPlaneId"]

    first = told()
    assert first == told() == identity_in(tmp_path)
