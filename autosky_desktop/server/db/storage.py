"""Opens the database: it makes a new one, migrates an old one, and leaves a newer one alone.

Alembic costs a fifth of a second to load and is only loaded when there is something to migrate.
"""

import logging
import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import msgspec
from sqlalchemy import Connection, delete, insert, inspect, select
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.wire import Identity
from autosky_desktop.server.db import schema, sign_in_schema
from autosky_desktop.server.db.dialects import WriteTurn, take_turn
from autosky_desktop.server.db.engine import connect, writing
from autosky_desktop.server.db.errors import (
    StorageDamaged,
    StorageError,
    StorageGone,
    StorageNoFile,
    StorageUnavailable,
    of_files,
)
from autosky_desktop.server.db.schema import control_plane

FILE = "app.sqlite3"
MADE = "app.made"
"""Stands beside a database that was made: nothing else tells a folder whose database is gone from
one that has just begun.
"""
PAGES_CHECKED = 4_000
"""The most pages (4 kB each) that are checked, which takes a few hundredths of a second."""

log = logging.getLogger(__name__)


async def open_storage(place: Path | URL) -> AsyncEngine:
    """Open the database in a folder, or that of PostgreSQL which the address names, at this
    version's schema. Raises StorageError, naming it.
    """
    if isinstance(place, URL):
        from autosky_desktop.server.db.postgresql import open_postgresql

        return await open_postgresql(place)
    return await _open_file(place)


async def _open_file(folder: Path) -> AsyncEngine:
    file = folder / FILE
    look_at(file)
    engine = connect(file)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(engine.dispose)
        try:
            _must_be_there(folder)
            async with writing(engine).begin() as connection:
                await connection.run_sync(_bring_up_to_date)
        except StorageError as error:
            raise type(error)(f"{file}: {error}") from error
        _mark(folder)
        stack.pop_all()
    return engine


def look_at(file: Path) -> None:
    """Raise StorageError where what is there cannot be a database of ours: SQLite would only say
    that it cannot open it, and not before it is used.
    """
    if not os.path.lexists(file):
        return
    if not file.is_file():
        raise StorageNoFile(f"{file} is not a file")
    try:
        file.open("r+b").close()
    except OSError as error:
        raise of_files(error) or StorageUnavailable(str(error)) from error


def _must_be_there(folder: Path) -> None:
    """Raise StorageGone instead of beginning anew: SQLite takes no file, or an empty one, for a new
    database, and what people planned and did here would be gone without a word.
    """
    file = folder / FILE
    if (folder / MADE).exists() and not (file.exists() and file.stat().st_size):
        raise StorageGone("it was moved, deleted or emptied")


def _mark(folder: Path) -> None:
    try:
        (folder / MADE).touch()
    except OSError as error:
        log.warning("that the database was made could not be noted: %s", error)


def _bring_up_to_date(connection: Connection) -> None:
    _check(connection)
    tables = inspect(connection).get_table_names()
    if not tables:
        _create(connection)
    elif schema.stamp.name not in tables:
        raise StorageDamaged("the database holds tables of another program")
    elif (revision := connection.scalar(select(schema.stamp.c.version_num))) != schema.HEAD:
        from autosky_desktop.server.db.migrations import migrate

        migrate(connection, revision)


def _check(connection: Connection) -> None:
    """Check the database, unless it is large: the window would wait. Raises StorageDamaged."""
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    if pages <= PAGES_CHECKED:
        found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        if found != "ok":
            raise StorageDamaged(str(found))


def _create(connection: Connection) -> None:
    assert sign_in_schema.session.metadata is schema.metadata  # its tables are made as well
    schema.metadata.create_all(connection, checkfirst=False)
    schema.stamp.create(connection)
    connection.execute(insert(schema.stamp).values(version_num=schema.HEAD))


async def identity(engine: AsyncEngine) -> str:
    """Return the id of this control plane, made at its first start. Raises StorageError.

    An id that is damaged, or not the only one, is replaced by a new one: to every computer this is
    another control plane then, and nobody trusts it for what the former one was trusted for.
    """
    async with engine.connect() as connection:
        found = await _identities(connection)
    if not _is_known(found):
        async with writing(engine).begin() as connection:
            await take_turn(connection, WriteTurn.START)
            found = await _identities(connection)  # another process may have made it
            if not _is_known(found):
                if found:
                    log.warning("the id of this control plane was damaged: it has a new one")
                found = [await _made(connection)]
    return found[0]


async def _identities(connection: AsyncConnection) -> list[str]:
    return list((await connection.scalars(select(control_plane.c.id))).all())


def _is_known(found: Sequence[str]) -> bool:
    return len(found) == 1 and _is_identity(found[0])


async def _made(connection: AsyncConnection) -> str:
    made = uuid4().hex
    await connection.execute(delete(control_plane))
    await connection.execute(insert(control_plane).values(id=made))
    return made


def _is_identity(text: object) -> bool:
    try:
        msgspec.convert(text, Identity)
    except msgspec.ValidationError:
        return False
    return True
