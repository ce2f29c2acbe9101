"""Starting with the system is asked for, and taken back."""

import sys
from pathlib import Path

import pytest

from autosky_desktop.system import autostart

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the desktops of Linux")


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_it_is_off_until_it_is_turned_on_and_off_again(config: Path) -> None:
    assert not autostart.is_on()
    autostart.turn(False)
    autostart.turn(True)
    assert autostart.is_on()
    autostart.turn(False)
    assert not autostart.is_on()


def test_it_starts_this_program_hidden(config: Path) -> None:
    autostart.turn(True)
    lines = (config / "autostart/autosky-desktop.desktop").read_text().splitlines()
    line = next(it for it in lines if it.startswith("Exec="))
    assert line.endswith('"-m" "autosky_desktop.cli" "desktop" "--hidden"')


def test_where_the_program_is_gone_desktops_know_it_without_starting_anything(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "a back\\slash" / "python"
    program.parent.mkdir()
    program.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(program))
    autostart.turn(True)
    tried = str(program).replace("\\", "\\\\")
    assert f"TryExec={tried}" in entry(config).read_text().splitlines()
    assert autostart.is_on()
    program.unlink()
    assert not autostart.is_on()


def test_a_strange_path_starts_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", '/opt/100% "$(x)"/python')
    assert '"/opt/100%% \\\\"\\\\$(x)\\\\"/python"' in autostart._entry()


def entry(config: Path) -> Path:
    return config / "autostart/autosky-desktop.desktop"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Terminal=false", "Terminal=false\nHidden=true"),  # KDE, Xfce, LXQt
        ("Terminal=false", "Hidden = True\nTerminal=false"),
        ("X-GNOME-Autostart-enabled=true", "X-GNOME-Autostart-enabled=false"),  # GNOME, Cinnamon
        ("Terminal=false", "TryExec=/opt/gone/autosky-desktop"),
        ("[Desktop Entry]", "[Desktop Action new]"),
        ("Exec=", "# Exec="),
    ],
)
def test_what_the_desktops_own_settings_switched_off_is_off(
    config: Path, before: str, after: str
) -> None:
    autostart.turn(True)
    text = entry(config).read_text()
    assert before in text
    entry(config).write_text(text.replace(before, after))
    assert not autostart.is_on()
    autostart.turn(True)
    assert autostart.is_on()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[Desktop Entry]\n", b'Exec="'])
def test_an_entry_without_a_program_starts_nothing(config: Path, content: bytes) -> None:
    autostart.turn(True)
    entry(config).write_bytes(content)
    assert not autostart.is_on()


@pytest.mark.parametrize("name", ["python", '100% "$(x)" of `a`', "with space", "back\\slash"])
def test_a_program_that_was_moved_away_is_not_started(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    program = tmp_path / name
    program.write_text("#!/bin/sh")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    autostart.turn(True)
    assert autostart.is_on()
    program.unlink()
    assert not autostart.is_on()


def test_another_group_of_the_entry_switches_nothing_off(config: Path) -> None:
    autostart.turn(True)
    with entry(config).open("a") as file:
        file.write("[Desktop Action new]\nHidden=true\n")
    assert autostart.is_on()


def test_an_appimage_is_started_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("APPIMAGE", "/home/ana/Autosky.AppImage")
    assert autostart.command() == ["/home/ana/Autosky.AppImage", "--hidden"]


def test_a_folder_that_would_be_another_everywhere_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", "config")
    autostart.turn(True)
    assert (tmp_path / "home/.config/autostart/autosky-desktop.desktop").exists()
    assert not (tmp_path / "config").exists()
