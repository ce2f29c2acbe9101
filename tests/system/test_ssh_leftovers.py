"""What a program that was killed left of its ssh sessions is taken away by the next session."""

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import folders
from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.ssh import Ssh
from autosky_desktop.system.connect.target import Target

AIM = Target(
    server="srv-1", title="DB 01", protocol=Protocol.SSH, host="127.0.0.1", port=22,
    account="ana", fingerprint="SHA256:" + "A" * 43,
)  # fmt: skip


@pytest.mark.skipif(not shutil.which("ssh"), reason="ssh is not installed")
def test_what_died_before_its_terminal_began_goes_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    gone = subprocess.Popen(["true"])
    gone.wait()
    folders.runtime().mkdir(mode=0o700)
    abandoned, opening = (folders.runtime() / f"ssh-{pid}-a" for pid in (gone.pid, os.getpid()))
    for made in (abandoned, opening):
        made.mkdir()
    with pytest.raises(ClientMissing):
        asyncio.run(Ssh("xterm", tmp_path / "none").open(AIM, None))
    assert list(folders.runtime().iterdir()) == [opening]


@pytest.mark.skipif(not shutil.which("ssh"), reason="ssh is not installed")
def test_a_folder_too_deep_for_a_socket_is_said_to_be_that_and_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("d" * 100)
    deep.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    with pytest.raises(ClientFailed, match="long-folder"):
        asyncio.run(Ssh("xterm", tmp_path / "none").open(AIM, Secret("s")))
    assert not list(folders.runtime().iterdir())
