"""Which terminals are found, and how each is told to run something."""

from pathlib import Path

import pytest

from autosky_desktop.system.connect import terminals


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("xterm", "kgx", "newterm"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("TERMINAL", raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("own", "found"),
    [
        ("", ["kgx", "xterm"]),
        ("xterm", ["xterm", "kgx"]),
        ("newterm", ["newterm", "kgx", "xterm"]),
        ("newterm --tabs 'of mine'", ["newterm", "kgx", "xterm"]),
        ("{folder}/newterm", ["newterm", "kgx", "xterm"]),
        ("gone", ["kgx", "xterm"]),
        ("'newterm", ["kgx", "xterm"]),
    ],
)
def test_the_persons_own_terminal_comes_first_known_or_not(
    programs: Path, own: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMINAL", own.format(folder=programs))
    assert list(terminals.found()) == found


def test_one_that_is_not_known_is_told_as_xterm_is() -> None:
    words = terminals.arguments("newterm", "/usr/bin/newterm", "FILE-01", "/run/1")
    assert words == ["/usr/bin/newterm", "-e", "/bin/sh", "/run/1"]
