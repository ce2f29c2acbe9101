"""A control plane that does not come is told by its own word, or by the best we have."""

import os
import sys
from pathlib import Path

import pytest

from autosky_desktop.domain.errors import CannotStart
from autosky_desktop.system import embedded
from autosky_desktop.system.embedded import EmbeddedControlPlane


def a_program_that_says(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program = [sys.executable, "-c", f"import sys; sys.stdout.write({text!r})"]
    monkeypatch.setattr(embedded, "_program", lambda: program)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ('{"error": "storage-full", "detail": "no space"}\n', "storage-full"),
        ("", "unexpected"),
        ("Segmentation fault\n", "unexpected"),
        ('{"url": "http://127.0.0.1:1"}\n', "unexpected"),
    ],
)
def test_the_reason_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, reason: str
) -> None:
    a_program_that_says(said, monkeypatch)
    process = EmbeddedControlPlane(tmp_path)
    with pytest.raises(CannotStart) as told:
        process.address()
    assert told.value.reason == reason
    process.close()
    assert not process.alive


def test_a_program_that_is_gone_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "_program", lambda: [str(tmp_path / "gone")])
    with pytest.raises(CannotStart):
        EmbeddedControlPlane(tmp_path)


def test_the_token_is_not_written_by_accident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_program_that_says('{"url": "http://127.0.0.1:1", "token": "secret"}\n', monkeypatch)
    process = EmbeddedControlPlane(tmp_path)
    address = process.address()
    process.close()
    assert address.token == "secret"
    assert "secret" not in repr(address)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a folder away"
)
def test_nothing_in_somebody_else_s_folder_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, folder = tmp_path / "letter", tmp_path / "data"
    letter.write_text("of ours")
    folder.mkdir()
    (folder / "control-plane.err").hardlink_to(letter)
    os.chown(folder, 1234, 1234)
    a_program_that_says("", monkeypatch)
    EmbeddedControlPlane(folder).close()
    assert letter.read_text() == "of ours"


@pytest.mark.skipif(sys.platform == "win32", reason="links of POSIX")
def test_no_link_in_the_folder_leads_what_is_written_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter, folder = tmp_path / "letter", tmp_path / "data"
    letter.write_text("of ours")
    folder.mkdir()
    (folder / "control-plane.err").symlink_to(letter)
    a_program_that_says("", monkeypatch)
    EmbeddedControlPlane(folder).close()
    assert letter.read_text() == "of ours"
