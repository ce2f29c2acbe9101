"""OpenSSH in a terminal against real servers: who is let in, how it ends, what is left behind."""

import asyncio
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import folders
from autosky_desktop.system.connect import host_keys
from autosky_desktop.system.connect.secret import Secret
from autosky_desktop.system.connect.ssh import Ssh, SshSession
from autosky_desktop.system.connect.target import Hop, Target
from tests.support import ssh_server
from tests.support.screen import virtual_screen
from tests.support.ssh_account import Account, throw_away_account
from tests.support.ssh_server import Server
from tests.support.traces import Traces

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())

MARKER = "M4rker-of-ssh"
OTHER = "SHA256:" + "A" * 43
SECONDS = 20


@pytest.fixture
def account(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    home = folder / "home"
    home.mkdir()
    with virtual_screen() as display, throw_away_account(MARKER) as made:
        monkeypatch.setenv("DISPLAY", display)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        yield made


def aim(server: Server, account: Account, fingerprint: str = "", hop: Hop | None = None) -> Target:
    return Target(
        server="srv-1", title="DB 01", protocol=Protocol.SSH, host="127.0.0.1", port=server.port,
        account=account.name, fingerprint=fingerprint or server.fingerprint, gateway=hop,
    )  # fmt: skip


async def opened(target: Target, password: str = MARKER) -> SshSession:
    with Secret(password) as secret:
        return await Ssh("xterm", Path(shutil.which("xterm") or "")).open(target, secret)


async def tried(target: Target, password: str = MARKER) -> ConnectionOutcome:
    """How a session ends that does not come up; its window is closed then."""
    async with asyncio.timeout(SECONDS):
        session = await opened(target, password)
        assert not await session.shown()
        ended = await session.ended()
        session.close()
        return ended.outcome


def left() -> list[Path]:
    return list(folders.runtime().glob("*"))


@pytest.mark.parametrize("asks", ["password", "keyboard-interactive"])
def test_a_session_comes_up_and_its_password_is_nowhere(
    asks: str, folder: Path, account: Account
) -> None:
    async def work(server: Server) -> None:
        async with asyncio.timeout(SECONDS):
            assert await host_keys.host_key("127.0.0.1", server.port) == server.fingerprint
            session = await opened(aim(server, account))
            assert await session.shown()
            traces.search(folders.runtime())
            session.close()
            assert (await session.ended()).outcome is ConnectionOutcome.CLOSED

    kinds = {
        "password": (),
        "keyboard-interactive": ("PasswordAuthentication no", "KbdInteractiveAuthentication yes"),
    }
    with ssh_server.ssh_server(folder / "a", account, *kinds[asks]) as server:
        with Traces(MARKER) as traces:
            asyncio.run(work(server))
        traces.search(folder)
        assert f"Accepted {asks}" in server.log.read_text()
    assert traces.searched > 100
    assert not traces.found
    assert not left()


def test_a_wrong_password_is_told(folder: Path, account: Account) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        outcome = asyncio.run(tried(aim(server, account), "wrong"))
        assert server.log.read_text().count("Failed password") == 1
    assert outcome is ConnectionOutcome.WRONG_PASSWORD


def test_a_wrong_password_is_tried_once_by_each_way_and_the_person_is_not_asked(
    folder: Path, account: Account
) -> None:
    ways = ("KbdInteractiveAuthentication yes", "PasswordAuthentication yes")
    with ssh_server.ssh_server(folder / "a", account, *ways) as server:
        outcome = asyncio.run(tried(aim(server, account), "wrong"))
    assert outcome is ConnectionOutcome.WRONG_PASSWORD


def test_another_key_than_the_pinned_one_is_sent_nothing(folder: Path, account: Account) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        outcome = asyncio.run(tried(aim(server, account, OTHER)))
        assert "password" not in server.log.read_text()
    assert outcome is ConnectionOutcome.UNTRUSTED


def test_a_closed_port_is_unreachable(account: Account) -> None:
    nobody = Server(ssh_server.free_port(), OTHER, Path())
    assert asyncio.run(tried(aim(nobody, account))) is ConnectionOutcome.UNREACHABLE


def test_a_window_that_a_person_closes_ends_the_session(folder: Path, account: Account) -> None:
    async def work(server: Server) -> None:
        async with asyncio.timeout(SECONDS):
            session = await opened(aim(server, account))
            assert await session.shown()
            os.kill(session.pid, signal.SIGTERM)
            assert (await session.ended()).outcome is ConnectionOutcome.CLOSED

    with ssh_server.ssh_server(folder / "a", account) as server:
        asyncio.run(work(server))
    assert not left()


def test_a_jump_host_is_checked_as_well(folder: Path, account: Account) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        hop = Hop(host="127.0.0.1", port=server.port, fingerprint=OTHER)
        outcome = asyncio.run(tried(aim(server, account, hop=hop)))
        assert "password" not in server.log.read_text()
    assert outcome is ConnectionOutcome.UNTRUSTED
