"""The control plane's own folder, as others may have left it, and as it may be found damaged."""

import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest

from autosky_desktop.server.db.storage import FILE, MADE
from tests.support.process import Embedded
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="modes, links and bytes of POSIX")
KEY = {"Idempotency-Key": "k"}


def test_a_folder_of_ours_that_others_may_write_is_closed_to_them(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(0o777)
    with Embedded(folder) as plane:
        assert "url" in plane.line
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


def test_a_runtime_folder_that_leads_elsewhere_is_refused_and_left_alone(tmp_path):
    elsewhere, folder = tmp_path / "elsewhere", tmp_path / "data"
    elsewhere.mkdir(mode=0o755)
    folder.mkdir()
    (folder / "runtime").symlink_to(elsewhere)
    with Embedded(folder) as plane:
        assert plane.line["error"] == "folder-refused"
        assert plane.ended() == 1
    assert stat.S_IMODE(elsewhere.stat().st_mode) == 0o755
    assert list(elsewhere.iterdir()) == []


def test_a_person_and_a_folder_whose_names_are_no_utf8_are_served(tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9?x#y%z"))
    name = {"LOGNAME": os.fsdecode(b"jos\xe9")}
    with Embedded(folder, environment=name, speed=1000) as plane, plane.client() as client:
        assert client.get("me").json()["operator"] == "jos\ufffd"
        started = client.post("servers/prep-payroll-01/start", headers=KEY)
        assert started.status_code == 202, started.text
        asked = {"expectedVersion": 58, "plan": {"options": {"terminateSessions": True}}}
        where, key = "environments/erp-staging", {"Idempotency-Key": "another"}
        published = client.post(f"{where}/publications", json=asked, headers=key).json()
        assert published["publisher"] == "jos\ufffd"
        eventually(
            lambda: client.get(f"publications/{published['id']}").json()["state"] == "succeeded"
        )
        assert plane.leave() == 0


def test_a_folder_that_is_deleted_under_it_is_said_and_nothing_is_accepted(tmp_path):
    folder = tmp_path / "data"
    with Embedded(folder) as plane, plane.client() as client:
        assert client.get("environments").status_code == 200
        shutil.rmtree(folder)
        refused = client.post("servers/prep-payroll-01/start", headers=KEY)
        assert (refused.status_code, refused.json()["code"]) == (500, "storage-gone")
        assert client.get("environments").status_code == 200


@pytest.mark.parametrize(
    "damage",
    [
        "update server set name = cast(x'50ff45' as text)",
        "update server set since = 'yesterday'",
        "update server set since = 12",
        "update environment set told = 'nothing'",
        "update environment set told = x'7bff'",
        "update instance set version = 'seven'",
    ],
)
def test_a_row_that_we_never_write_is_called_damage(tmp_path, damage):
    with Embedded(tmp_path) as plane:
        plane.leave()
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute(damage)
    with Embedded(tmp_path) as plane:
        if "error" in plane.line:
            assert plane.line["error"] == "storage-damaged"
            return
        with plane.client() as client:
            answers = [client.get("environments"), client.get("environments/erp-production")]
            refused = next(each for each in answers if each.status_code != 200)
            assert (refused.status_code, refused.json()["code"]) == (500, "storage-damaged")
        assert plane.leave() == 0


def test_a_page_that_was_overwritten_is_said_at_the_start(tmp_path):
    with Embedded(tmp_path) as plane:
        plane.leave()
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("pragma wal_checkpoint(truncate)")
        root = "select rootpage from sqlite_schema where name = 'instance'"
        [(page,)] = database.execute(root).fetchall()
        [(size,)] = database.execute("pragma page_size").fetchall()
    with (tmp_path / FILE).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * 200)
    with Embedded(tmp_path) as plane:
        assert plane.line["error"] == "storage-damaged"
        assert plane.ended() == 1


@pytest.mark.parametrize("lose", [Path.unlink, lambda file: file.write_bytes(b"")])
def test_a_database_that_is_lost_is_said_and_not_begun_anew(tmp_path, lose):
    with Embedded(tmp_path) as plane:
        plane.kill()
    kept = {it.name: it.read_bytes() for it in tmp_path.glob(f"{FILE}*")}
    lose(tmp_path / FILE)
    left = {it.name: it.read_bytes() for it in tmp_path.glob(f"{FILE}*")}
    with Embedded(tmp_path) as plane:
        assert plane.line == {
            "error": "storage-gone",
            "detail": f"{tmp_path / FILE}: it was moved, deleted or emptied",
        }
        assert plane.ended() == 1
    assert {it.name: it.read_bytes() for it in tmp_path.glob(f"{FILE}*")} == left
    for name, content in kept.items():
        (tmp_path / name).write_bytes(content)
    with Embedded(tmp_path) as plane, plane.client() as client:
        assert client.get("environments").status_code == 200
        assert plane.leave() == 0


def test_one_that_was_ended_before_its_database_was_made_begins(tmp_path):
    with Embedded(tmp_path) as plane:
        plane.leave()
    for made in (FILE, MADE):
        (tmp_path / made).unlink()
    with Embedded(tmp_path) as plane:
        assert "url" in plane.line
        assert plane.leave() == 0
