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


def test_a_strange_path_starts_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", '/opt/100% "$(x)"/python')
    assert '"/opt/100%% \\\\"\\\\$(x)\\\\"/python"' in autostart._entry()
