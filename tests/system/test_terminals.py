"""Which terminals are found, and how each is told to run something."""

import subprocess
from pathlib import Path

import pytest

from autosky_desktop.system.connect import terminals


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("xterm", "kgx", "newterm", "starter"):
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
        ("starter run org.example.Kitty", ["kitty", "kgx", "xterm"]),
        ("starter KEY=1 {folder}/xterm", ["xterm", "kgx"]),
        ("starter run org.example.Other", ["starter", "kgx", "xterm"]),
        ("gone", ["kgx", "xterm"]),
        ("gone xterm", ["kgx", "xterm"]),
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


@pytest.mark.parametrize(
    ("own", "name", "words"),
    [
        ("starter run org.example.Kitty", "kitty", ["run", "org.example.Kitty", "--title=FILE-01"]),
        ("starter run org.example.Other", "starter", ["run", "org.example.Other", "-e"]),
        ("newterm --tabs 'of mine'", "newterm", ["--tabs", "of mine", "-e"]),
        ("xterm -hold", "xterm", ["-T", "FILE-01", "-e"]),  # its windows are ours
    ],
)
def test_what_starts_a_terminal_is_given_all_words_of_the_command(
    programs: Path, own: str, name: str, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERMINAL", own)
    program = str(terminals.found()[name])
    assert terminals.arguments(name, program, "FILE-01", "/run/1") == [
        program, *words, "/bin/sh", "/run/1",
    ]  # fmt: skip
    other = str(terminals.found()["kgx"])
    assert terminals.arguments("kgx", other, "FILE-01", "/run/1")[:2] == [other, "--wait"]


def test_such_a_command_runs_the_script(
    tmp_path: Path, programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (programs / "newterm").write_text('#!/bin/sh\n[ "$1" = --new ] && shift 2 && exec "$@"\n')
    began, script = tmp_path / "began", tmp_path / "script"
    script.write_text(f'echo "$MARK" > "{began}"')
    monkeypatch.setenv("TERMINAL", f"/usr/bin/env MARK=mine {programs}/newterm --new")
    [(name, program), *_others] = terminals.found().items()
    subprocess.run(terminals.arguments(name, str(program), "FILE-01", str(script)), check=True)
    assert began.read_text() == "mine\n"
