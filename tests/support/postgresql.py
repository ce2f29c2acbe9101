"""A real PostgreSQL server of the tests' own, which is gone with whoever started it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

ACCOUNT = "postgres"
"""Whose server it is where we are root: PostgreSQL refuses to be root's."""
OWNER = "autosky"
GUARDED = "guarded"
"""A role that would have to say its password, if a test makes it; all others need none."""
SECONDS = 60.0

# Its lifetime is that of our end of the pipe, also when we are killed; what a crash of the computer
# would do to its files nobody will see. It sorts and tells the time as a company's server may, and
# not as SQLite does.
KEEPER = """
folder=$(mktemp --directory /tmp/autosky-postgresql-XXXXXX)
trap 'rm -rf "$folder"' EXIT
failed() { cat "$folder/log" >&2; exit 1; }
"$1/initdb" --pgdata "$folder/data" --username autosky --auth trust --no-sync --encoding UTF8 \\
    --locale C.UTF-8 --locale-provider icu --icu-locale en >"$folder/log" 2>&1 || failed
cat >>"$folder/data/postgresql.conf" <<END
listen_addresses = ''
unix_socket_directories = '$folder'
max_connections = 200
shared_buffers = 32MB
fsync = off
full_page_writes = off
synchronous_commit = off
autovacuum = off
timezone = 'America/Sao_Paulo'
log_line_prefix = '%m %a %d '
END
cat >"$folder/data/pg_hba.conf" <<END
local all guarded scram-sha-256
local all all trust
END
"$1/pg_ctl" --pgdata "$folder/data" --log "$folder/log" --wait --silent start || failed
echo "$folder"
cat >/dev/null
"$1/pg_ctl" --pgdata "$folder/data" --mode immediate --wait --silent stop
"""


@cache
def programs() -> Path | None:
    """Return the folder of the server's programs, of the newest version; None without any."""
    found = shutil.which("pg_ctl")
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda it: int(it.parts[-3])
    )
    return Path(found).resolve().parent if found else debian[-1].parent if debian else None


def missing() -> str:
    """Return why no server can run here; empty if one can."""
    if sys.platform != "linux":
        return "the server of the tests is started on Linux"
    return "" if programs() else "PostgreSQL is missing here (packaging/system.sh rigs)"


class PostgresServer:
    """A running server. Its databases have addresses, and are gone when their block is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)

    def url(self, database: str) -> str:
        """Return the address of a database, as it is given to `autosky serve --database`."""
        where = {"host": str(self.folder)}
        made = URL.create("postgresql", username=OWNER, database=database, query=where)
        return made.render_as_string(hide_password=False)

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Yield the address of a new database, empty or as the template is."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._say("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self._say("DROP DATABASE {} WITH (FORCE)", name)

    def stop(self) -> None:
        """Stop the server: all connections end at once, and no new one is taken."""
        self._control("stop", "--mode", "fast")

    def start(self) -> None:
        self._control("start", "--log", str(self.folder / "log"))

    def restart(self) -> None:
        self.stop()
        self.start()

    def _control(self, *words: str) -> None:
        control = [f"{programs()}/pg_ctl", "--pgdata", f"{self.folder}/data", "--wait", "--silent"]
        subprocess.run([*control, *words], check=True, timeout=SECONDS, **as_account())

    def _say(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """Yield a running server, which ends with the block, or with this process."""
    with subprocess.Popen(
        ["/bin/sh", "-eu", "-c", KEEPER, "keeper", str(programs())],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        start_new_session=True,  # a Ctrl+C is ours alone
        **as_account(),
    ) as keeper:
        assert keeper.stdin
        assert keeper.stdout
        folder = keeper.stdout.readline().strip()
        assert folder, "the server did not start"
        yield PostgresServer(Path(folder))
        keeper.stdin.close()
        assert keeper.wait(SECONDS) == 0


def as_account() -> dict[str, str | list[str]]:
    """Return how a process is started that PostgreSQL does not refuse for being root's."""
    if os.geteuid():
        return {}
    return {"user": ACCOUNT, "group": ACCOUNT, "extra_groups": []}
