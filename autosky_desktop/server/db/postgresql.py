"""Everything specific to PostgreSQL: how it is opened, and what its errors mean.

Loaded where a control plane is given the address of such a database, and nowhere else.
"""

from typing import Any

import psycopg
from psycopg import IsolationLevel
from psycopg.types.string import StrDumperUnknown
from sqlalchemy import AsyncAdaptedQueuePool, Connection, event, inspect, select, text
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from autosky_desktop.server.db import schema
from autosky_desktop.server.db.dialects import WriteTurn, take_turn
from autosky_desktop.server.db.engine import WRITES, writing
from autosky_desktop.server.db.errors import (
    StorageDamaged,
    StorageError,
    StorageFull,
    StorageGone,
    StorageReadOnly,
    StorageUnavailable,
)
from autosky_desktop.server.db.migrations import migrate

DRIVER = "postgresql+psycopg"
CONNECTIONS = 20
WAIT_SECONDS = 10
"""How long somebody waits for the server, for a connection that others have, or for a lock."""
LIMITS = {
    "lock_timeout": f"{WAIT_SECONDS}s",
    # A process that is frozen half-way through a transaction keeps others waiting until then.
    "idle_in_transaction_session_timeout": "10s",
}
PATIENCE = {
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""So a connection that was cut without a word is noticed in seconds."""
_DEFECTS = ("0A", "22", "23", "25P01", "26", "34", "42")
"""States, or what they begin with, of errors that we made."""
_MEANINGS: dict[str, type[StorageError]] = {
    "25006": StorageReadOnly,
    "3D000": StorageGone,
    "42501": StorageReadOnly,
    "42P01": StorageGone,
    "53100": StorageFull,
    "XX001": StorageDamaged,
    "XX002": StorageDamaged,
}


def connect(url: URL) -> AsyncEngine:
    """Return the engine of the database. Raises nothing yet: it connects on use."""
    engine = create_async_engine(
        url.set(drivername=DRIVER),
        connect_args=connect_args(url),
        poolclass=_Pool,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
    )
    event.listen(engine.sync_engine, "connect", _set_up)
    event.listen(engine.sync_engine, "begin", _on_begin)
    event.listen(engine.sync_engine, "handle_error", _on_error, retval=True)
    return engine


def connect_args(url: URL) -> dict[str, object]:
    """Return how to connect there."""
    settings = {"TimeZone": "UTC", **LIMITS}
    said = " ".join(f"-c {name}={value}" for name, value in settings.items())
    return {
        "connect_timeout": WAIT_SECONDS,
        **PATIENCE,
        **url.query,
        "options": f"{said} {url.query.get('options', '')}",
    }


class _Pool(AsyncAdaptedQueuePool):
    def _do_get(self) -> ConnectionPoolEntry:
        """Return a connection. Raises StorageUnavailable when others had all of them for long."""
        try:
            return super()._do_get()
        except PoolTimeout as error:
            raise StorageUnavailable("all connections were in use") from error


class _WithoutNul(StrDumperUnknown):
    """Writes a text. SQLite finds nothing that is called NUL; PostgreSQL would refuse to look."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", "\N{REPLACEMENT CHARACTER}"))


def _set_up(connection: Any, _record: object) -> None:
    connection.driver_connection.adapters.register_dumper(str, _WithoutNul)


def _on_begin(connection: Connection) -> None:
    """Let all that is read belong to one moment, as on SQLite. Whoever writes sees what others
    have written by the time that they let go of a row.
    """
    writes = connection.get_execution_options().get(WRITES, False)
    driver: Any = connection.connection.dbapi_connection
    level = IsolationLevel.READ_COMMITTED if writes else IsolationLevel.REPEATABLE_READ
    driver.set_isolation_level(level)
    driver.set_read_only(not writes)


async def open_postgresql(url: URL) -> AsyncEngine:
    """Open the database, at this version's schema. Raises StorageError, naming it."""
    engine = connect(url)
    try:
        async with writing(engine).begin() as connection:
            for limit in LIMITS:  # a migration takes as long as it takes
                await connection.execute(text(f"SET LOCAL {limit} = 0"))
            await take_turn(connection, WriteTurn.SCHEMA)
            await connection.run_sync(_bring_up_to_date)
    except StorageError as error:
        await engine.dispose()
        raise type(error)(f"{url}: {error}") from error
    return engine


def _bring_up_to_date(connection: Connection) -> None:
    tables = set(inspect(connection).get_table_names())
    if schema.stamp.name in tables:
        revision = connection.scalar(select(schema.stamp.c.version_num))
    elif found := tables & schema.metadata.tables.keys():
        raise StorageDamaged(f"another program has a table called {min(found)} there")
    else:
        revision = None
    if revision != schema.HEAD:
        migrate(connection, revision)


def _on_error(context: ExceptionContext) -> StorageError | None:
    if context.is_pre_ping:  # the pool takes another connection
        return None
    return meaning(context.original_exception)


def meaning(error: BaseException) -> StorageError | None:
    """Return what an error of the driver means for the storage; None for one that we made."""
    if not isinstance(error, psycopg.Error):
        return None
    state = getattr(error, "sqlstate", None) or ""
    found = _MEANINGS.get(state)
    if found is None:
        if state.startswith(_DEFECTS) or (not state and isinstance(error, _MADE_BY_US)):
            return None
        found = StorageUnavailable
    return found(" ".join(str(error).split()))


_MADE_BY_US = (
    psycopg.DataError,
    psycopg.IntegrityError,
    psycopg.NotSupportedError,
    psycopg.ProgrammingError,
)
