"""The tests' own PostgreSQL: it is gone with whoever started it, however that one ends."""

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.support.postgresql import PostgresServer, missing
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())

HOLDS_ONE = """
import sys
from tests.support.postgresql import postgres_server
with postgres_server() as server:
    print(server.folder, flush=True)
    sys.stdin.read()
"""


def test_nothing_is_left_of_one_whose_test_run_is_killed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout
        folder = Path(run.stdout.readline().strip())
        server = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        assert _runs(server)
        run.send_signal(signal.SIGKILL)
    eventually(lambda: not folder.exists())
    eventually(lambda: not _runs(server))


def _runs(process: int) -> bool:
    """Return whether it does; of one that has ended, and was not asked how, no words are left."""
    words = Path(f"/proc/{process}/cmdline")
    return words.exists() and bool(words.read_text())


def test_what_was_written_outlives_a_restart(postgresql: PostgresServer, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    postgresql.stop()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database_url)
    postgresql.start()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (7,)


def test_a_database_is_gone_with_its_test_though_somebody_is_connected(
    postgresql: PostgresServer,
) -> None:
    with postgresql.database() as url:
        connected = psycopg.connect(url)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)
    connected.close()
