"""One class keeps what a person told us: whole, on the disk, for its owner alone."""

import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system import kept_file
from autosky_desktop.system.kept_file import KeptFile, Unreadable


@pytest.fixture
def file(tmp_path: Path) -> KeptFile[list[str]]:
    return KeptFile(tmp_path / "new" / "kept.json", list[str])


def names_in(folder: Path) -> list[str]:
    return sorted(it.name for it in folder.iterdir())


def test_what_is_written_is_read(file: KeptFile[list[str]]) -> None:
    assert file.read() is None
    file.write(["ä"])
    assert file.read() == ["ä"]
    assert names_in(file.path.parent) == ["kept.json", "kept.lock"]
    file.remove()
    file.remove()
    assert file.read() is None


def test_it_is_on_the_disk_before_it_has_its_name_and_so_is_the_name(
    file: KeptFile[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[bool, bool]] = []
    fsync = os.fsync

    def seen(handle: int) -> None:
        synced.append((stat.S_ISDIR(os.fstat(handle).st_mode), file.there()))
        fsync(handle)

    monkeypatch.setattr(os, "fsync", seen)
    file.write(["a"])
    assert synced == [(False, False), (True, True)]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_can_read_it(file: KeptFile[list[str]]) -> None:
    before = os.umask(0)
    try:
        file.write(["a"])
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("damage", [b"", b"{", b'["a\xff"]', b"[3]", b"[" * 100_000, b"\x00"])
def test_a_damaged_file_is_set_aside_with_all_that_was_in_it(
    file: KeptFile[list[str]], damage: bytes
) -> None:
    file.path.parent.mkdir()
    file.path.write_bytes(damage)
    with pytest.raises(Unreadable) as told:
        file.read()
    assert Path(told.value.aside).read_bytes() == damage
    assert file.read() is None


def test_a_damaged_file_is_set_aside_beside_the_earlier_ones(file: KeptFile[list[str]]) -> None:
    file.path.parent.mkdir()
    assert file.aside is None
    for number, name in enumerate(("kept.damaged", "kept.damaged-2", "kept.damaged-3")):
        file.path.write_text(f"{number}")
        with pytest.raises(Unreadable) as told:
            file.read()
        assert told.value.aside == str(file.aside) == str(file.path.with_name(name))
    kept = [it.read_text() for it in sorted(file.path.parent.iterdir())]
    assert kept == ["0", "1", "2"]


def test_a_file_too_large_to_be_ours_is_set_aside_unread(
    file: KeptFile[list[str]], caplog: pytest.LogCaptureFixture
) -> None:
    file.write(["a"])
    os.truncate(file.path, kept_file.LARGEST + 1)  # has no such blocks on the disk
    with pytest.raises(Unreadable) as told:
        file.read()
    assert Path(told.value.aside).stat().st_size == kept_file.LARGEST + 1
    assert f"it has {kept_file.LARGEST + 1} bytes" in caplog.text
    assert file.read() is None


def test_nothing_is_written_that_could_not_be_read_again(
    file: KeptFile[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_file, "LARGEST", 100)
    file.write(["a" * 80])
    with pytest.raises(CannotWrite):
        file.write(["a" * 100])
    assert file.read() == ["a" * 80]


def linked_to_itself(file: Path) -> None:
    file.symlink_to(file.name)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links of POSIX")
@pytest.mark.parametrize("put", [Path.mkdir, os.mkfifo, linked_to_itself])
def test_what_the_system_does_not_let_us_read_stays_in_its_place(
    file: KeptFile[list[str]], put: Callable[[Path], None]
) -> None:
    file.path.parent.mkdir()
    put(file.path)
    with pytest.raises(Unreadable) as told:
        file.read()
    assert told.value.aside == ""
    assert file.path.lstat()


def test_what_cannot_be_written_leaves_what_was_there(file: KeptFile[list[str]]) -> None:
    file.write(["a"])
    with pytest.raises(CannotWrite):
        file.write(["\udcff"])
    assert file.read() == ["a"]
    assert names_in(file.path.parent) == ["kept.json", "kept.lock"]


def test_a_link_to_a_file_kept_elsewhere_stays_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.json"
    elsewhere.write_text("[]")
    link = tmp_path / "kept.json"
    link.symlink_to(elsewhere)
    KeptFile(link, list[str]).write(["a"])
    assert link.is_symlink()
    assert KeptFile(elsewhere, list[str]).read() == ["a"]


def test_a_lock_that_nobody_lets_go_of_keeps_nothing_from_being_kept(
    file: KeptFile[list[str]], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(kept_file, "PATIENCE", 0.05)
    file.write(["a"])
    with FileLock(file.path.with_suffix(".lock")):
        file.change(lambda found: [*(found or []), "b"])
    assert file.read() == ["a", "b"]
    assert "without its lock" in caplog.text


def test_what_is_no_change_is_not_written(file: KeptFile[list[str]]) -> None:
    file.write(["a"])
    before = file.path.stat().st_ino
    file.change(lambda found: found or [])
    assert file.path.stat().st_ino == before
