"""What of a person's environment a client is given, and what not."""

import asyncio
from pathlib import Path

import pytest

from autosky_desktop.system.connect import process


def given(folder: Path, more: dict[str, str]) -> set[str]:
    """The names in the environment of a real child."""
    told = folder / "told"
    words = ["/bin/sh", "-c", f"exec env -0 >{told}"]

    async def work() -> None:
        assert await process.start(words, more=more).ended() == 0

    asyncio.run(work())
    return {line.partition("=")[0] for line in told.read_text().split("\0") if line}


def test_a_client_knows_how_a_person_types_and_nothing_that_is_not_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as the ç of a Brazilian keyboard; and on NixOS, where the languages are."""
    theirs = {"GTK_IM_MODULE", "XMODIFIERS", "QT_IM_MODULE", "GDK_SCALE", "LOCALE_ARCHIVE"}
    other = {"AWS_SECRET_ACCESS_KEY", "LD_LIBRARY_PATH", "PYTHONPATH", "QT_QPA_PLATFORM"}
    for name in theirs | other:
        monkeypatch.setenv(name, "")
    names = given(tmp_path, {})
    assert theirs <= names
    assert not names & other


def test_a_persons_configuration_of_ssh_may_name_all_that_is_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = {"LD_LIBRARY_PATH", "PYTHONPATH", "_MEIPASS2", "QT_QPA_PLATFORM", "QT_PLUGIN_PATH"}
    for name in {"AWS_PROFILE", "SSH_TPM_AUTH_SOCK"} | ours:
        monkeypatch.setenv(name, "")
    names = given(tmp_path, process.persons_own())
    assert {"AWS_PROFILE", "SSH_TPM_AUTH_SOCK"} <= names
    assert not names & ours
