"""Chooses where the control planes of a test keep their rows: in files, or in PostgreSQL."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy.engine import URL, make_url

from tests.support.postgresql import PostgresServer, programs


class Databases:
    """Databases of a server, one for each folder. They begin with the tables, as `template` is."""

    def __init__(self, server: PostgresServer, template: str, until: ExitStack) -> None:
        self._server = server
        self._template = template
        self._until = until
        self._made: dict[Path, URL] = {}

    def of(self, folder: Path) -> URL:
        if folder not in self._made:
            made = self._until.enter_context(self._server.database(self._template))
            self._made[folder] = make_url(made)
        return self._made[folder]


_chosen: list[Databases] = []


def database_of(folder: Path) -> URL | None:
    """Return the database of a folder's control plane; None where it is a file in the folder."""
    return _chosen[-1].of(folder) if _chosen else None


def place(folder: Path) -> Path | URL:
    """Return where the control plane of a folder keeps its rows in this test."""
    return database_of(folder) or folder


def all_kept(folder: Path) -> Iterator[bytes]:
    """Yield all that a control plane has written: its files, and its database as a backup is."""
    for file in folder.rglob("*"):
        if file.is_file():
            yield file.read_bytes()
    if database := database_of(folder):
        dump = [f"{programs()}/pg_dump", database.render_as_string(hide_password=False)]
        yield subprocess.run(dump, check=True, capture_output=True, timeout=60).stdout


@contextmanager
def on_postgresql(server: PostgresServer, template: str) -> Iterator[None]:
    """Let control planes keep their rows in PostgreSQL within the block."""
    with ExitStack() as until:
        _chosen.append(Databases(server, template, until))
        until.callback(_chosen.pop)
        yield
