"""The console of a machine: which program shows it, and what that is told."""

import os
from pathlib import Path
from typing import Any

import pytest

from autosky_desktop.domain.endpoint import Console
from autosky_desktop.system.connect import console
from autosky_desktop.system.connect.process import ClientMissing
from autosky_desktop.system.connect.target import Hostile
from tests.support.waiting import eventually

MACHINE = "0a1b2c3d-0a1b-2c3d-4e5f-0a1b2c3d4e5f"
URI = "qemu+ssh://root@host.example/system"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is searched for programs before the system's, which has none of these."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}/bin")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.delenv("TERMINAL", raising=False)
    hidden = {"virt-viewer", "virsh"}
    which = console.shutil.which
    monkeypatch.setattr(
        console.shutil,
        "which",
        lambda name, **more: (
            None
            if name in hidden and not (tmp_path / "bin" / name).exists()
            else which(name, **more)
        ),
    )
    return tmp_path / "bin"


def program(folder: Path, name: str, does: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{does}\n")
    (folder / name).chmod(0o755)


def tells(folder: Path, name: str) -> Path:
    """Make a program that writes down what it was told; returns where."""
    said = folder / f"{name}-said"
    program(folder, name, f"printf '%s\\n' \"$@\" >{said}.part; mv {said}.part {said}")
    return said


def a_console(**more: Any) -> Console:
    return Console(**{"uri": URI, "machine": MACHINE, "graphical": True, **more})


@pytest.mark.parametrize("graphical", [True, False])
def test_virt_viewer_shows_screens_and_serial_lines(folder: Path, graphical: bool) -> None:
    said = tells(folder, "virt-viewer")
    tells(folder, "virsh")
    console.opened(a_console(graphical=graphical), "DB-01")
    eventually(said.exists)
    assert said.read_text().split() == ["--connect", URI, "--", MACHINE]


def test_a_serial_line_is_had_by_virsh_in_a_terminal_that_leaves_no_file(folder: Path) -> None:
    said = tells(folder, "virsh")
    program(folder, "ptyxis", 'shift 3; exec "$@"')
    console.opened(a_console(graphical=False), "DB-01")
    eventually(said.exists)
    assert said.read_text().split() == ["--connect", URI, "console", MACHINE]
    eventually(lambda: not list((folder.parent / "autosky-desktop").iterdir()))


@pytest.mark.parametrize(("graphical", "virsh"), [(True, True), (True, False), (False, False)])
def test_what_is_missing_is_named(folder: Path, graphical: bool, virsh: bool) -> None:
    if virsh:
        tells(folder, "virsh")
    with pytest.raises(ClientMissing, match="virt-viewer"):
        console.opened(a_console(graphical=graphical), "DB-01")


@pytest.mark.parametrize(
    "odd",
    [
        {"machine": "--help"},
        {"machine": MACHINE + "; reboot"},
        {"uri": "--keymap=x"},
        {"uri": "qemu+ext:///system?command=/bin/sh"},
        {"uri": "qemu+ssh://host/system?command=/tmp/run"},
        {"uri": "qemu+ssh://host/system?socket=/run/x&command=/tmp/run"},
        {"uri": "qemu:///system\n"},
        {"uri": "http://host/system"},
    ],
)
def test_what_no_libvirt_has_starts_nothing(folder: Path, odd: dict[str, str]) -> None:
    said = tells(folder, "virt-viewer")
    with pytest.raises(Hostile):
        console.opened(a_console(**odd), "DB-01")
    assert not said.exists()


@pytest.mark.parametrize(
    "uri", ["qemu:///system", "qemu+ssh://root@h/system?keyfile=/home/a/k", "qemu+unix:///session"]
)
def test_the_usual_places_are_opened(folder: Path, uri: str) -> None:
    said = tells(folder, "virt-viewer")
    console.opened(a_console(uri=uri), "DB-01")
    eventually(said.exists)
    assert uri in said.read_text()
