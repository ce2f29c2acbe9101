"""The report of a problem says what is so on this computer, whatever state that is in."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from autosky_desktop.system import folders, report
from autosky_desktop.system.settings import Settings


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    logs = tmp_path / "logs"
    logs.mkdir()
    monkeypatch.setattr(folders, "logs", lambda: logs)
    (logs / "desktop.log").write_text("x" * 99_990 + "\nthe last line\n")
    (tmp_path / "data").mkdir()
    with closing(sqlite3.connect(tmp_path / "data" / "app.sqlite3")) as made:
        made.execute("create table a (b)")
    return tmp_path / "data"


def test_it_has_versions_settings_and_the_ends_of_logs(data: Path) -> None:
    settings = Settings(theme="dark", toured=True, favourites=("erp",))
    text = report.sections([("Version", "0.1.0")], settings, data)
    assert "== about ==\nVersion: 0.1.0" in text
    assert "theme: changed\n" in text
    assert "toured: True\n" in text
    assert "erp" not in text
    assert "app.sqlite3: 8_192 bytes, ok" in text
    assert "the last line" in text
    assert "xxx" not in text  # a line that is cut off says nothing
    assert "== control plane ==\n(No such file or directory)" in text


@pytest.mark.parametrize("damage", [b"", b"no database at all, and long enough to be read" * 40])
def test_a_database_that_is_damaged_is_told(data: Path, damage: bytes) -> None:
    (data / "app.sqlite3").write_bytes(damage)
    text = report.sections([], Settings(), data)
    told = next(line for line in text.splitlines() if line.startswith("app.sqlite3"))
    assert ("0 bytes" in told) or ("cannot be read: file is not a database" in told)


def test_a_folder_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    assert "== databases ==\n\n" in report.sections([], Settings(), tmp_path / "gone")
