"""Everything specific to SQLite: how it is opened, and what its errors mean."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, Connection, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from autosky_desktop.domain.searching import plain
from autosky_desktop.server.db.errors import (
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageGone,
    StorageReadOnly,
    StorageUnavailable,
)

BUSY_SECONDS = 3
"""How long a write waits while another program, such as a backup, holds the file: somebody waits
for the answer, and what can wait is tried again.
"""
UNDECODABLE = "Could not decode to UTF-8"
WRITES = "autosky_writes"

DEFECTS = (
    sqlite3.DataError,
    sqlite3.IntegrityError,
    sqlite3.NotSupportedError,
    sqlite3.ProgrammingError,
)
"""Errors that we made. Every other error is the storage's, and may be over later."""

_MEANINGS: dict[int, type[StorageError]] = {
    sqlite3.SQLITE_FULL: StorageFull,
    # A used-up quota is no ENOSPC: SQLite reports it, and no room for the WAL index, as these.
    sqlite3.SQLITE_IOERR_WRITE: StorageFull,
    sqlite3.SQLITE_IOERR_SHMSIZE: StorageFull,
    sqlite3.SQLITE_IOERR_TRUNCATE: StorageFull,
    sqlite3.SQLITE_READONLY: StorageReadOnly,
    sqlite3.SQLITE_CANTOPEN: StorageReadOnly,
    sqlite3.SQLITE_PERM: StorageReadOnly,
    sqlite3.SQLITE_CORRUPT: StorageDamaged,
    sqlite3.SQLITE_NOTADB: StorageDamaged,
}


def connect(path: Path) -> AsyncEngine:
    """Return the engine of the application's own file. Raises nothing yet: it connects on use."""
    engine = create_async_engine(URL.create("sqlite+aiosqlite", database=str(path)))
    event.listen(engine.sync_engine, "begin", _Place(path))
    event.listen(engine.sync_engine, "connect", _begin_by_us)
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _on_begin)
    event.listen(engine.sync_engine, "handle_error", _on_error, retval=True)
    return engine


class _Place:
    """Checks before every write that the database file is still where it was."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: int | None = None

    def __call__(self, connection: Connection) -> None:
        """Raise StorageGone if it is not there: SQLite would write on into a file that is lost."""
        if not connection.get_execution_options().get(WRITES):
            return
        try:
            file = self._path.stat().st_ino
        except FileNotFoundError:
            raise StorageGone(f"{self._path.name} was moved or deleted") from None
        self._found = self._found or file
        if file != self._found:
            raise StorageGone(f"{self._path.name} was replaced by another file")


def writing(engine: AsyncEngine) -> AsyncEngine:
    """Return the same engine, with transactions that take the write lock as they begin.

    A transaction that begins by reading and writes later fails at once when another has written
    meanwhile.
    """
    return engine.execution_options(**{WRITES: True})


def connect_workflows(path: Path) -> Engine:
    """Return the workflow engine's own engine: synchronous, and beginning as DBOS expects it.

    DBOS writes the engine's address out, which cannot be done with a path that is no UTF-8.
    """
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(path, check_same_thread=False),
        poolclass=QueuePool,
    )
    event.listen(engine, "connect", _begin_by_driver)
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "handle_error", _on_workflow_error, retval=True)
    return engine


def _begin_by_us(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver would begin only with the first write


def _begin_by_driver(connection: Any, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"


def _set_up(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000:.0f}",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    connection.create_function("plain", 1, plain, deterministic=True)


def _on_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _on_error(context: ExceptionContext) -> StorageError | None:
    error = context.original_exception
    if not isinstance(error, sqlite3.DatabaseError) or isinstance(error, DEFECTS):
        return None
    if str(error).startswith(UNDECODABLE):  # the driver's own: it has no code
        return StorageDamaged(UNDECODABLE)
    code = getattr(error, "sqlite_errorcode", 0)
    meaning = _MEANINGS.get(code) or _MEANINGS.get(code & 0xFF, StorageUnavailable)
    return meaning(str(error))


def _on_workflow_error(context: ExceptionContext) -> StorageError | None:
    """Translate an error for DBOS. It tries again while one says that the database is locked, and
    gives up the workflow at any other: a full disk must not end a publication that could go on with
    room. Tables that are not as it wants them will never be, and trying again would keep all else
    waiting.
    """
    meant = _on_error(context)
    if meant is None or isinstance(meant, StorageDamaged):
        return meant
    if getattr(context.original_exception, "sqlite_errorcode", 0) == sqlite3.SQLITE_ERROR:
        return StorageDamaged(str(meant))
    return type(meant)(f"{meant} (as if the database is locked)")
