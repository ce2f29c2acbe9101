"""OpenSSH in a terminal against real servers: who is let in, how it ends, what is left behind."""

import asyncio
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import folders
from autosky_desktop.system.connect import ssh_windows, ssh_words
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.ssh import Ssh, SshSession
from autosky_desktop.system.connect.target import Hop, Target
from tests.support import ssh_server
from tests.support.ssh_account import Account
from tests.support.ssh_server import Server, ssh_agent
from tests.support.traces import Traces, marker
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())

MARKER = marker("ssh")
OTHER = "SHA256:" + "A" * 43
SECONDS = 20


def aim(server: Server, account: Account, fingerprint: str = "", hop: Hop | None = None) -> Target:
    return Target(
        server="srv-1", title="DB 01", protocol=Protocol.SSH, host="127.0.0.1", port=server.port,
        account=account.name, fingerprint=fingerprint or server.fingerprint, gateway=hop,
        host_key="" if fingerprint else server.host_key,
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


@pytest.fixture
def agent(folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An agent with a key; the file names whom servers let in."""
    with ssh_agent(folder / "keys", account) as (socket, public):
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        yield public


def runs(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


def signed_in(server: Server) -> bool:
    return "Accepted publickey" in server.log.read_text()


def nothing_runs() -> bool:
    """Neither a script of ours, which may be dead and not yet buried, nor its ssh."""
    ours = str(folders.runtime())
    numbers = folders.runtime().glob("*/number")
    return not any(runs(int(file.read_text())) for file in numbers) and not any(
        ours in told(file) for file in Path("/proc").glob("[0-9]*/cmdline")
    )


def told(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except OSError:  # it has ended
        return ""


def left() -> list[Path]:
    return list(folders.runtime().glob("*"))


@pytest.mark.parametrize("asks", ["password", "keyboard-interactive"])
def test_a_session_comes_up_and_its_password_is_nowhere(
    asks: str, folder: Path, account: Account
) -> None:
    async def work(server: Server) -> None:
        async with asyncio.timeout(SECONDS):
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
        eventually(lambda: f"Accepted {asks}" in server.log.read_text(), within=10)
    assert traces.searched > 100
    assert not traces.found
    assert not left()


def test_a_frozen_program_hands_over_a_password_as_well(
    folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stood in for by the command of this checkout."""
    command = folder / "autosky"
    words = shlex.join([sys.executable, "-m", "autosky_desktop.cli"])
    command.write_text(f'#!/bin/sh\ncd {shlex.quote(str(Path.cwd()))} && exec {words} "$@"\n')
    command.chmod(0o700)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "autosky-desktop"))

    async def work(server: Server) -> None:
        async with asyncio.timeout(SECONDS):
            session = await opened(aim(server, account))
            assert await session.shown()
            session.close()
            await session.ended()

    with ssh_server.ssh_server(folder / "a", account) as server:
        asyncio.run(work(server))


def test_a_home_whose_name_is_no_utf_8_is_no_hindrance(
    folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", os.fsdecode(os.fsencode(folder) + b"/h\xe4me"))

    async def work(server: Server) -> None:
        async with asyncio.timeout(SECONDS):
            session = await opened(aim(server, account))
            assert await session.shown()
            session.close()
            assert (await session.ended()).outcome is ConnectionOutcome.CLOSED

    with ssh_server.ssh_server(folder / "a", account) as server:
        asyncio.run(work(server))
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


def test_a_session_outlives_the_program_and_what_is_left_of_it_goes_away(
    folder: Path, account: Account
) -> None:
    async def left_alone(server: Server) -> SshSession:
        async with asyncio.timeout(SECONDS):
            session = await opened(aim(server, account))
            assert await session.shown()
            session.leave()
            return session

    with ssh_server.ssh_server(folder / "a", account) as server:
        session = asyncio.run(left_alone(server))
        assert runs(session.pid)
        assert not list(folders.runtime().glob("*/s"))
        os.kill(session.pid, signal.SIGTERM)
        eventually(nothing_runs, within=10)
        asyncio.run(tried(aim(server, account, OTHER)))
    assert not left()


def test_a_program_that_goes_before_the_sign_in_is_not_waited_for(
    folder: Path, account: Account, agent: Path
) -> None:
    async def left_at_once(server: Server) -> SshSession:
        session = await opened(aim(server, account), "")
        session.leave()
        return session

    with ssh_server.ssh_server(folder / "a", account, f"AuthorizedKeysFile {agent}") as server:
        session = asyncio.run(left_at_once(server))
        eventually(lambda: signed_in(server), within=10)
        assert runs(session.pid)
        os.kill(session.pid, signal.SIGTERM)
        eventually(nothing_runs, within=10)


@pytest.mark.parametrize("password", ["", MARKER])
def test_a_key_is_enough(password: str, folder: Path, account: Account, agent: Path) -> None:
    """Also where a password is there: that one is sent to nobody then."""

    async def work(server: Server) -> None:
        async with asyncio.timeout(SECONDS):
            session = await opened(aim(server, account), password)
            assert await session.shown()
            session.close()
            assert (await session.ended()).outcome is ConnectionOutcome.CLOSED

    with ssh_server.ssh_server(folder / "a", account, f"AuthorizedKeysFile {agent}") as server:
        asyncio.run(work(server))
        assert "password" not in server.log.read_text()
    assert not left()


@pytest.mark.parametrize("pinned", ["", OTHER])
def test_what_windows_would_say_trusts_only_the_pinned_key(
    pinned: str, folder: Path, account: Account, agent: Path
) -> None:
    """By the ssh of this computer, in a folder as accounts there are called."""
    own = folder / "Ana Weiß"
    own.mkdir()
    other = ssh_server.public(ssh_server.new_key(folder / "other"))
    with ssh_server.ssh_server(folder / "a", account, f"AuthorizedKeysFile {agent}") as server:
        target = aim(server, account, pinned)
        (own / "known").write_text(f"* {other if pinned else target.host_key}\n")
        words = ssh_windows.arguments("ssh", target, own)
        code = subprocess.run([*words, "true"], stdin=subprocess.DEVNULL, check=False).returncode
    said = (own / "said").read_text()
    expected = ConnectionOutcome.UNTRUSTED if pinned else ConnectionOutcome.CLOSED
    assert ssh_words.outcome(code, said, shown=False) == (expected, "")


def test_a_jump_host_leads_to_the_server(folder: Path, account: Account, agent: Path) -> None:
    async def work(server: Server, hop: Hop) -> None:
        async with asyncio.timeout(SECONDS):
            session = await opened(aim(server, account, hop=hop))
            assert await session.shown()
            session.close()
            assert (await session.ended()).outcome is ConnectionOutcome.CLOSED

    keys = f"AuthorizedKeysFile {agent}"
    with (
        ssh_server.ssh_server(folder / "a", account) as server,
        ssh_server.ssh_server(folder / "b", account, keys) as through,
    ):
        hop = Hop(host="127.0.0.1", port=through.port, fingerprint=through.fingerprint)
        asyncio.run(work(server, hop))
        assert "Accepted publickey" in through.log.read_text()
        assert "Accepted password" in server.log.read_text()
    assert not left()


def test_a_jump_host_is_checked_as_well(folder: Path, account: Account) -> None:
    with ssh_server.ssh_server(folder / "a", account) as server:
        hop = Hop(host="127.0.0.1", port=server.port, fingerprint=OTHER)
        outcome = asyncio.run(tried(aim(server, account, hop=hop)))
        assert "password" not in server.log.read_text()
    assert outcome is ConnectionOutcome.UNTRUSTED
