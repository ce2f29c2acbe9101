"""What may stand where a database should be: said at the start, with its path, and left alone."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from autosky_desktop.server.db import engine
from autosky_desktop.server.db.storage import FILE
from autosky_desktop.server.publications.workflow import dispatcher, places
from tests.support.control_plane import running_control_plane
from tests.support.process import OBEYING_MODES, Embedded
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, links and pipes of POSIX")
STAGING = "environments/erp-staging"


def linked_to_nothing(file: Path) -> None:
    file.symlink_to("nowhere")


def linked_to_itself(file: Path) -> None:
    file.symlink_to(file.name)


@pytest.mark.parametrize(
    ("name", "put"),
    [
        (FILE, Path.mkdir),
        (FILE, linked_to_nothing),
        (places.FILE, os.mkfifo),
        (places.FILE, linked_to_itself),
    ],
)
def test_what_is_no_file_is_said_and_left_alone(
    tmp_path: Path, name: str, put: Callable[[Path], None]
) -> None:
    put(tmp_path / name)
    before = (tmp_path / name).lstat()
    with Embedded(tmp_path) as plane:
        assert plane.line["error"] == "storage-no-file"
        assert plane.line["detail"] == f"{tmp_path / name} is not a file"
        assert plane.ended() == 1
    assert (tmp_path / name).lstat().st_ino == before.st_ino


@pytest.mark.parametrize(("name", "mode"), [(FILE, 0o400), (places.FILE, 0o000)])
def test_what_may_not_be_read_or_written_is_said(tmp_path: Path, name: str, mode: int) -> None:
    (tmp_path / name).touch(mode)
    with Embedded(tmp_path, before=OBEYING_MODES) as plane:
        assert plane.line["error"] == "storage-read-only"
        assert str(tmp_path / name) in plane.line["detail"]
        assert plane.ended() == 1


def test_it_is_said_on_the_console_too(tmp_path: Path) -> None:
    (tmp_path / places.FILE).mkdir()
    token = tmp_path / "token"
    token.write_text("x" * 32)
    token.chmod(0o600)
    words = ["serve", "--data", str(tmp_path), "--port", "0", "--token-file", str(token)]
    said = subprocess.run(
        [sys.executable, "-m", "autosky_desktop.cli", *words], capture_output=True, text=True
    )
    assert said.returncode == 1
    assert said.stderr == f"autosky serve: {tmp_path / places.FILE} is not a file\n"


def publish(client: httpx.Client, version: int) -> None:
    asked = {"expectedVersion": version, "plan": {"options": {"terminateSessions": True}}}
    key = {"Idempotency-Key": str(version)}
    accepted = client.post(f"{STAGING}/publications", json=asked, headers=key)
    assert accepted.status_code == 202, accepted.text


def newest(client: httpx.Client) -> dict[str, object]:
    run: dict[str, object] = client.get(STAGING).json()["publications"][0]
    return run


def ended(client: httpx.Client) -> bool:
    return newest(client)["state"] == "succeeded"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which something was published."""
    folder = tmp_path_factory.mktemp("published") / "data"
    with running_control_plane(folder) as running, running.client() as client:
        publish(client, 58)
        eventually(lambda: ended(client), within=60)
    return folder


@pytest.mark.parametrize(
    "change",
    [
        "alter table queues rename to moved",
        "alter table workflow_status rename column status to moved",
        "update dbos_migrations set version = 9999",
    ],
)
def test_a_record_of_steps_in_the_form_of_another_version_stops_no_publication(
    published: Path, tmp_path: Path, change: str, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "data"
    shutil.copytree(published, folder)
    with closing(sqlite3.connect(folder / places.FILE)) as database, database:
        database.execute(change)
    with running_control_plane(folder) as running, running.client() as client:
        publish(client, 59)
        eventually(lambda: newest(client)["version"] == 59 and ended(client), within=60)
    assert "failed unexpectedly" not in caplog.text


def test_while_another_program_holds_the_record_of_steps_all_else_is_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 2)
    monkeypatch.setattr(dispatcher, "AGAIN_SECONDS", 0.1)
    with (
        running_control_plane(tmp_path) as running,
        running.client() as client,
        closing(sqlite3.connect(tmp_path / places.FILE, isolation_level=None)) as other,
    ):
        other.execute("begin immediate")
        publish(client, 58)
        slowest = 0.0

        def waits() -> bool:
            nonlocal slowest
            began = time.monotonic()
            waiting_for = newest(client)["waitingFor"]
            slowest = max(slowest, time.monotonic() - began)
            return waiting_for == "storage"

        eventually(waits, within=30)
        assert slowest < 1
        other.execute("rollback")
        eventually(lambda: ended(client), within=60)
        assert newest(client)["waitingFor"] is None
