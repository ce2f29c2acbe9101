"""What `autosky serve` and `autosky migrate` are told of a database, and nobody else learns."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL, make_url

from autosky_desktop.server.db import schema
from autosky_desktop.server.process import command_line
from autosky_desktop.server.process.command_line import DATABASE_PASSWORD
from tests.support.postgresql import GUARDED
from tests.support.serving import serving

DATABASE = "postgresql://autosky@db.example.com/autosky"
SECRET = "M4rker-of-the-database"


def database(*arguments: str) -> URL | None:
    return command_line.database(command_line.parser().parse_args(arguments))


def autosky(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "autosky_desktop.cli", *arguments]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"LC_ALL": "C.UTF-8", **variables},
    )


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    file.chmod(0o600)
    return file


@pytest.fixture
def guarded(database_url: str) -> Iterator[str]:
    """The address of an empty database as somebody whose password it wants."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {GUARDED} LOGIN SUPERUSER PASSWORD '{SECRET}'")
        try:
            yield make_url(database_url).set(username=GUARDED).render_as_string()
        finally:
            connection.execute(f"DROP OWNED BY {GUARDED} CASCADE")
            connection.execute(f"DROP ROLE {GUARDED}")


def test_without_one_there_is_a_file_in_the_folder() -> None:
    assert database() is None


def test_its_password_comes_from_a_file_or_a_variable(
    password_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = database("--database", DATABASE, "--database-password-file", str(password_file))
    assert found is not None
    assert (found.password, found.host, found.database) == (SECRET, "db.example.com", "autosky")
    monkeypatch.setenv(DATABASE_PASSWORD, "from the variable")
    found = database("--database", DATABASE)
    assert found is not None
    assert found.password == "from the variable"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("postgresql://ana:s3cret@db/autosky", "others on this computer would see"),
        (
            "postgresql://ana@db/autosky?password=s3cret",
            "others on this computer would see",
        ),
        ("postgresql://ana@db", "must be like postgresql://"),
        ("postgresql://ana@db:x/autosky", "must be like postgresql://"),
        ("mysql://ana@db/autosky", "must be like postgresql://"),
        ("autosky.sqlite3", "must be like postgresql://"),
        ("", "must be like postgresql://"),
    ],
)
def test_what_is_no_address_or_shows_a_password_is_refused(
    given: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        database("--database", given)
    told = capsys.readouterr().err
    assert said in told
    assert "s3cret" not in told


def test_a_password_file_that_others_may_read_is_refused(password_file: Path) -> None:
    password_file.chmod(0o644)
    said = autosky(
        "migrate", "--database", DATABASE, "--database-password-file", str(password_file)
    )
    assert said.returncode == 2
    assert said.stderr.startswith("autosky migrate: others may read")


def test_an_empty_database_is_brought_up_to_date_and_again(
    guarded: str, password_file: Path
) -> None:
    words = ("migrate", "--database", guarded, "--database-password-file", str(password_file))
    for _ in range(2):
        said = autosky(*words)
        assert (said.returncode, said.stderr) == (0, "")
        assert said.stdout == f"The database is at revision {schema.HEAD}.\n"


def test_a_wrong_password_is_a_sentence(guarded: str, tmp_path: Path) -> None:
    said = autosky("migrate", "--database", guarded, **{DATABASE_PASSWORD: "another"})
    assert (said.returncode, said.stdout) == (1, "")
    assert "password authentication failed" in said.stderr
    assert len(said.stderr.splitlines()) == 1
    assert "another" not in said.stderr


def test_what_is_served_from_it_is_kept_there_and_its_password_is_nowhere(
    guarded: str, password_file: Path, tmp_path: Path
) -> None:
    words = ("--database", guarded, "--database-password-file", str(password_file))
    for _ in range(2):  # the second one begins with what the first one wrote
        folder = tmp_path / "data"
        with serving(folder, *words, "--environments", "2", "--servers", "3") as client:
            listed = client.get("environments").json()["environments"]
            assert len(listed) == 2
            identity = client.get("me").json()["controlPlaneId"]
            assert guarded in commands_that_run()
            assert SECRET not in commands_that_run()
    with psycopg.connect(guarded, password=SECRET) as connection:
        assert connection.execute("SELECT id FROM control_plane").fetchall() == [(identity,)]
    assert not list(folder.rglob("app.sqlite3"))
    for file in folder.rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def commands_that_run() -> str:
    """Return the words of all processes, as `ps` shows them to everybody."""
    words = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # it has ended meanwhile
            words.append(process.read_text())
    return "\n".join(words)


def test_a_database_that_is_away_is_a_sentence_and_no_crash(tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("x" * 32)
    token.chmod(0o600)
    away = f"postgresql://autosky@/autosky?host={tmp_path}"
    said = autosky(
        "serve", "--data", str(tmp_path / "data"), "--token-file", str(token),
        "--port", "0", "--database", away,
    )  # fmt: skip
    assert said.returncode == 1
    [sentence] = said.stderr.splitlines()
    assert sentence.startswith("autosky serve: postgresql://autosky@/autosky?")
    assert str(tmp_path).replace("/", "%2F") in sentence
