"""Migrates any earlier schema to this one, in the transaction that opens the file."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from autosky_desktop.server.db.errors import StorageNewer


def config(connection: Connection | None = None) -> Config:
    """Return Alembic's settings, without a file; `connection` is the one to migrate."""
    made = Config(attributes={"connection": connection})
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    return made


def migrate(connection: Connection, revision: str | None) -> None:
    """Migrate the database from `revision` to the newest. Raises StorageNewer if it is unknown."""
    settings = config(connection)
    if revision is not None:
        try:
            ScriptDirectory.from_config(settings).get_revision(revision)
        except CommandError as error:
            raise StorageNewer(f"revision {revision} is unknown to this version") from error
    command.upgrade(settings, "head")
