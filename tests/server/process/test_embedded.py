"""The control plane's process, as the desktop starts it."""

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from autosky_desktop import serve
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.plane import PlaneSettings, control_plane
from autosky_desktop.server.process.data_folder import CannotServe
from autosky_desktop.server.providers.simulated import SimulatedProvider, ledger
from tests.support.control_plane import running_control_plane
from tests.support.crash_world import SimulatedWorld
from tests.support.crashes import crash
from tests.support.process import OBEYING_MODES, Embedded
from tests.support.waiting import eventually

PRODUCTION = "environments/erp-production"

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc and util-linux")


def environments(plane: Embedded) -> list[str]:
    with plane.client() as client:
        return [each["id"] for each in client.get("environments").json()["environments"]]


def test_it_says_where_it_is_and_serves_the_demo(tmp_path):
    with Embedded(tmp_path / "data") as plane:
        assert plane.line["shared"] is False
        assert environments(plane) == ["erp-production", "erp-staging", "payroll", "point-of-sale"]
        assert plane.leave() == 0


def test_it_ends_when_it_is_asked_to_even_with_a_stream_open(tmp_path):
    with Embedded(tmp_path) as plane, plane.client() as client:
        with client.stream("GET", "events") as answer:
            chunks = answer.iter_bytes()
            next(chunks)
            plane.process.send_signal(signal.SIGTERM)
            assert list(chunks) == []
        assert plane.ended() == 0


def test_it_ends_with_a_desktop_that_was_killed(tmp_path):
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE)\n"
        "print(child.pid, flush=True)\n"
        "child.wait()\n"
    )
    serve = [sys.executable, "-m", "autosky_desktop.cli", "serve", "--embedded", str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-c", program, *serve], stdout=subprocess.PIPE, text=True
    ) as desktop:
        assert desktop.stdout
        said = [desktop.stdout.readline(), desktop.stdout.readline()]
        child = int(next(line for line in said if line.strip().isdigit()))
        desktop.kill()
    eventually(lambda: not running(child))


def running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{process}/stat")
    return not state.exists() or ") Z " not in state.read_text()


@on_linux
def test_the_token_is_in_no_listing_and_no_file(tmp_path):
    with Embedded(tmp_path) as plane, plane.client() as client:
        client.get("environments")
        client.get("events", params={"token": "x"}, headers={"Authorization": "Bearer no"})
        token = plane.line["token"].encode()
        listing = Path(f"/proc/{plane.process.pid}")
        assert token not in (listing / "cmdline").read_bytes()
        assert token not in (listing / "environ").read_bytes()
        plane.leave()
    assert (tmp_path / "logs" / "control-plane.log").stat().st_size > 0
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or token not in file.read_bytes(), file


def test_the_token_is_not_written_by_accident(tmp_path):
    with running_control_plane(tmp_path) as running:
        assert running.token not in repr(running.plane)
    settings = PlaneSettings(folder=tmp_path, token="secret", operator="ana", name="Test")
    assert "secret" not in repr(settings)


def test_a_second_desktop_uses_the_first_one_s(tmp_path):
    with Embedded(tmp_path) as first, Embedded(tmp_path) as second:
        assert second.line == {**first.line, "shared": True}
        assert len(environments(second)) == 4
        assert second.leave() == 0
        assert len(environments(first)) == 4


def test_the_first_desktop_may_leave_first(tmp_path):
    with Embedded(tmp_path) as first, Embedded(tmp_path) as second:
        assert first.process.stdin
        first.process.stdin.close()
        assert len(environments(second)) == 4
        assert second.leave() == 0
        assert first.ended() == 0


def test_the_second_desktop_learns_of_the_first_control_plane_s_death(tmp_path):
    with Embedded(tmp_path) as first, Embedded(tmp_path) as second:
        first.kill()
        assert second.ended() == 1
    with Embedded(tmp_path) as third:
        assert third.line["shared"] is False


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe there has no place in the folder")
def test_only_its_user_reaches_the_meeting_place_however_deep_the_folder(tmp_path):
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    with Embedded(deep) as first, Embedded(deep) as second:
        assert second.line["url"] == first.line["url"]
        assert stat.S_IMODE((deep / "runtime").stat().st_mode) == 0o700


@on_linux
def test_what_it_keeps_is_read_by_nobody_else(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    with Embedded(tmp_path / "data") as plane:
        kept = list((tmp_path / "data").rglob("*"))
        assert len(kept) > 5
        assert [it for it in kept if stat.S_IMODE(it.stat().st_mode) & 0o077] == []
        plane.leave()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)
def test_somebody_else_s_folder_is_refused_even_when_it_may_be_written(tmp_path):
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", 1234, 1234)
    with Embedded(tmp_path / "data") as plane:
        assert plane.line["error"] == "folder-refused"
        assert plane.ended() == 1
    assert list((tmp_path / "data").iterdir()) == []


@on_linux
def test_a_path_cannot_forge_a_line_of_the_log(tmp_path):
    with Embedded(tmp_path) as plane, plane.client() as client:
        client.get("nothing%0aCRITICAL%20all%20is%20lost%1b[31m")
        plane.leave()
    log = (tmp_path / "logs" / "control-plane.log").read_text()
    assert "nothing%0aCRITICAL" in log
    assert "\x1b" not in log


@on_linux
def test_a_second_desktop_is_told_when_the_first_control_plane_hangs(tmp_path):
    with Embedded(tmp_path) as first:
        first.process.send_signal(signal.SIGSTOP)
        with Embedded(tmp_path) as second:
            assert second.line["error"] == "folder-held"
            assert second.ended() == 1
        first.process.send_signal(signal.SIGCONT)
        assert len(environments(first)) == 4


@on_linux
def test_a_folder_that_may_not_be_written_is_said(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    with Embedded(folder, before=OBEYING_MODES) as plane:
        assert plane.line["error"] == "storage-read-only"
        assert plane.ended() == 1


@on_linux
def test_a_full_disk_is_said(tmp_path):
    with Embedded(tmp_path, before=("prlimit", "--fsize=20000")) as plane:
        assert plane.line["error"] == "storage-full"
        assert plane.ended() == 1
    with Embedded(tmp_path) as plane:
        assert len(environments(plane)) == 4


def test_a_port_that_is_taken_is_not_blamed_on_the_folder():
    with bind("127.0.0.1", 0) as taken, pytest.raises(CannotServe) as told:
        serve._bound(bind, "127.0.0.1", taken.getsockname()[1])
    assert told.value.word == "no-port"


def test_a_file_in_the_folder_s_place_is_said(tmp_path):
    (tmp_path / "data").write_text("a letter")
    with Embedded(tmp_path / "data") as plane:
        assert plane.line["error"] == "folder-refused"
        assert plane.ended() == 1


def test_a_database_of_a_newer_version_is_said_and_left_alone(tmp_path):
    with Embedded(tmp_path) as plane:
        plane.leave()
    with closing(sqlite3.connect(tmp_path / "app.sqlite3")) as database, database:
        database.execute("update alembic_version set version_num = '9999'")
    with Embedded(tmp_path) as plane:
        assert plane.line["error"] == "storage-newer"
        assert plane.ended() == 1


def test_a_damaged_database_is_said(tmp_path):
    (tmp_path / "app.sqlite3").write_bytes(b"this is a letter, not a database" * 200)
    with Embedded(tmp_path) as plane:
        assert plane.line["error"] == "storage-damaged"
        assert plane.ended() == 1


@on_linux
def test_a_disk_that_fills_up_refuses_writes_and_goes_on_answering(tmp_path):
    with Embedded(tmp_path) as plane, plane.client() as client:
        limit(plane, tmp_path)
        key = {"Idempotency-Key": "k"}
        refused = client.post("environments/payroll/provider-update", headers=key)
        assert refused.status_code == 507, refused.text
        assert refused.json()["code"] == Code.STORAGE_FULL
        assert len(environments(plane)) == 4
        limit(plane, None)
        again = client.post("environments/payroll/provider-update", headers=key)
        assert again.status_code == 202
        assert plane.leave() == 0


def test_a_publication_that_cannot_be_written_down_begins_when_it_can(tmp_path):
    with Embedded(tmp_path, speed=1000) as plane, plane.client() as client:
        (tmp_path / "workflow.sqlite3").mkdir()
        key = {"Idempotency-Key": "k"}
        asked = {"expectedVersion": 42}
        accepted = client.post(f"{PRODUCTION}/publications", json=asked, headers=key)
        assert accepted.status_code == 202, accepted.text
        log = tmp_path / "logs" / "control-plane.log"
        eventually(lambda: log.read_text().count("cannot be started yet") > 1)
        assert f"{tmp_path / 'workflow.sqlite3'} is not a file" in log.read_text()
        assert newest(client)["waitingFor"] == "storage"
        (tmp_path / "workflow.sqlite3").rmdir()
        eventually(lambda: newest(client)["state"] == "succeeded", within=60)
        assert newest(client)["waitingFor"] is None
        assert plane.leave() == 0


def test_a_running_publication_outlives_a_damaged_record_of_its_steps(tmp_path):
    with Embedded(tmp_path, speed=100) as plane, plane.client() as client:
        key = {"Idempotency-Key": "k"}
        client.post(f"{PRODUCTION}/publications", json={"expectedVersion": 42}, headers=key)
        eventually(lambda: newest(client)["steps"][2]["state"] != "pending")
        plane.kill()
    for part in tmp_path.glob("workflow.sqlite3-*"):
        part.unlink()
    (tmp_path / "workflow.sqlite3").write_bytes(b"this is a letter, not a database" * 200)
    with Embedded(tmp_path, speed=1000) as plane, plane.client() as client:
        eventually(lambda: newest(client)["state"] == "succeeded", within=60)
        assert (tmp_path / "damaged-workflow.sqlite3").exists()
        assert plane.leave() == 0
    images = [it for it in ledger(tmp_path / "cloud") if it.kind == "image"]
    assert [it.count for it in images] == [1]


def newest(client: httpx.Client) -> dict[str, Any]:
    run: dict[str, Any] = client.get(PRODUCTION).json()["publications"][0]
    return run


def limit(plane: Embedded, folder: Path | None) -> None:
    """No file of the process may grow beyond what the write-ahead log has now; None: any may."""
    size = str((folder / "app.sqlite3-wal").stat().st_size) if folder else "unlimited"
    pid = str(plane.process.pid)
    subprocess.run(["prlimit", "--pid", pid, f"--fsize={size}:unlimited"], check=True)


def test_five_kills_in_the_middle_of_publications_lose_and_double_nothing(tmp_path):
    report = crash(SimulatedWorld(tmp_path, speed=300.0), kills=5, seed=1)
    assert not report.wrong, report.line()
    assert report.mid_step == 5


@pytest.mark.anyio
@pytest.mark.parametrize(("seconds", "done"), [(0.0, True), (3600.0, False)])
async def test_whoever_starts_it_is_answered_before_it_does_anything(tmp_path, seconds, done):
    settings = PlaneSettings(
        folder=tmp_path,
        token="secret",
        operator="ana",
        name="Test",
        answers_first_seconds=seconds,
    )
    (tmp_path / "cloud").mkdir()
    provider = await SimulatedProvider.open(tmp_path / "cloud", clock=now, churn=False)
    async with control_plane(settings, provider, bind("127.0.0.1", 0), now) as plane:
        headers = {"Authorization": "Bearer secret", "Idempotency-Key": "once"}
        async with httpx.AsyncClient(base_url=f"{plane.url}/v1/", headers=headers) as client:
            listed = (await client.get("environments")).json()["environments"]
            path = f"environments/{listed[0]['id']}"
            assert (await client.post(f"{path}/provider-update")).status_code == 202
            ended: list[bool] = []
            while not any(ended) and (done or len(ended) < 50):
                operations = (await client.get(path)).json()["operations"]
                ended.append(any(it["endedAt"] for it in operations))
    assert any(ended) is done
    await provider.close()
