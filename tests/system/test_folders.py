"""Where a session's own files are kept: nowhere that somebody else can write to."""

import os
import sys
from pathlib import Path

import pytest

from autosky_desktop.system import folders

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no such folder there")


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the system says the session's folder is."""
    given = tmp_path / "session"
    given.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(given))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return given


def test_the_session_s_own_folder_is_taken(session: Path) -> None:
    assert folders.runtime() == session / folders.NAME
    session.rmdir()
    assert folders.runtime() == session / folders.NAME


@pytest.mark.parametrize("mode", [0o777, 0o1777, 0o770])
def test_one_that_others_write_to_is_not(session: Path, mode: int) -> None:
    session.chmod(mode)
    assert session not in folders.runtime().parents


def test_somebody_else_s_is_not(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: session.stat().st_uid + 1)
    assert session not in folders.runtime().parents


@pytest.mark.parametrize("named", ["relative/run", ".", ""])
def test_one_that_would_be_another_in_each_folder_is_not(
    named: str, session: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", named)
    assert folders.runtime().is_absolute()
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, named)
    assert all(it().is_absolute() for it in (folders.data, folders.settings, folders.logs))
