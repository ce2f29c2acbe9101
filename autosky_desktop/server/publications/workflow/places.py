"""Holds which steps are over, for the workflow engine: in a file of its own, or in PostgreSQL."""

import asyncio
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError

from autosky_desktop.server.db.engine import connect_workflows
from autosky_desktop.server.db.errors import StorageUnavailable
from autosky_desktop.server.db.storage import look_at

FILE = "workflow.sqlite3"
SCHEMA = "autosky_workflows"


class WorkflowPlace(Protocol):
    async def prepare(self) -> dict[str, object]:
        """Return what DBOS is told of the place, once it can be used. Raises StorageError."""

    def close(self) -> None: ...

    def set_aside(self) -> None:
        """Begin anew when what is there is damaged."""


def workflow_place(place: Path | URL) -> WorkflowPlace:
    """Return the place beside the database of a control plane, which is in a folder or has an
    address. Raises StorageError where what is there cannot be ours.
    """
    if isinstance(place, URL):
        return WorkflowSchema(place)
    look_at(place / FILE)
    return WorkflowFile(place / FILE)


class WorkflowFile:
    """A file of SQLite."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._engine: Engine | None = None

    def __str__(self) -> str:
        return str(self._file)

    async def prepare(self) -> dict[str, object]:
        look_at(self._file)
        self._engine = connect_workflows(self._file)
        await asyncio.to_thread(_wait_for_lock, self._engine)
        return {
            "system_database_url": f"sqlite:///{self._file.name}",
            "system_database_engine": self._engine,
        }

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()

    def set_aside(self) -> None:
        for ending in ("", "-wal", "-shm"):  # SQLite's own names for what belongs to the file
            part = self._file.with_name(self._file.name + ending)
            if part.exists():
                part.replace(self._file.with_name(f"damaged-{part.name}"))


class WorkflowSchema:
    """A schema of the control plane's database."""

    def __init__(self, url: URL) -> None:
        self._url = url

    def __str__(self) -> str:
        return f"{SCHEMA} in {self._url}"

    async def prepare(self) -> dict[str, object]:
        """Migrate the schema in a thread: it waits for everybody's older transactions, ours too."""
        await asyncio.to_thread(migrate, self._url)
        from autosky_desktop.server.db.postgresql import connect_args  # loaded here alone

        return {
            "system_database_url": _with_password(self._url),
            "dbos_system_schema": SCHEMA,
            "db_engine_kwargs": {"connect_args": connect_args(self._url)},
        }

    def close(self) -> None: ...

    def set_aside(self) -> None: ...


def migrate(url: URL) -> None:
    """Make the schema, or bring it up to date. Raises StorageError."""
    from dbos import DBOS

    try:
        DBOS.migrate(_with_password(url), schema=SCHEMA)
    except DBAPIError as error:
        raise StorageUnavailable(" ".join(str(error.orig).split())) from error


def _with_password(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def _wait_for_lock(engine: Any) -> None:
    """Raise StorageError while another program has the lock: DBOS would wait, and all else too."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
