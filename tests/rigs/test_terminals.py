"""A terminal that is here and does not start is found out, and the next one is taken."""

import asyncio
import os
from pathlib import Path

import pytest

from autosky_desktop.actions.connect.destination import settled
from autosky_desktop.domain.connecting import Trouble
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect import client_check, clients, ssh
from autosky_desktop.system.connect.clients import Client
from autosky_desktop.system.connect.launcher import Running
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.settings import Preferences
from tests.support import rdp, ssh_server
from tests.support.screen import virtual_screen
from tests.support.ssh_account import Account
from tests.support.ssh_way import Way, aim
from tests.support.traces import marker

pytestmark = pytest.mark.skipif(bool(ssh_server.missing()), reason=ssh_server.missing())

MARKER = marker("terminals")


def program(folder: Path, name: str, lines: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{lines}\n")
    (folder / name).chmod(0o755)
    return folder


def a_client(name: str, path: str, protocol: Protocol = Protocol.SSH) -> Client:
    return Client(id=name, name=name, path=Path(path), protocol=protocol)


@pytest.mark.parametrize(("chosen", "tries"), [("", 1), ("ptyxis", 2)])
def test_the_next_terminal_is_taken_where_one_does_not_start_and_from_then_on(
    chosen: str, tries: int, folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a person has chosen stays chosen, and is tried first again."""
    own = program(folder / "programs", "ptyxis", f"echo >>{folder}/asked; exit 1")
    program(own, "kgx", "kill -9 $$")
    monkeypatch.setenv("PATH", f"{own}:{os.environ['PATH']}")
    monkeypatch.delenv("TERMINAL", raising=False)
    way = Way(folder / "settings", chosen=chosen)

    async def connects() -> ConnectionOutcome:
        target = aim(server, account)
        assert await way.access.answers(target)
        look = await way.access.look(target, server.fingerprint)
        launcher = way.access.launcher(Protocol.SSH)
        assert launcher
        with Secret(MARKER) as secret:
            session = await launcher.open(settled(target, look), secret)
        assert await session.shown()
        session.close()
        return (await session.ended()).outcome

    with ssh_server.ssh_server(folder / "a", account) as server:
        for _ in range(2):
            assert asyncio.run(connects()) is ConnectionOutcome.CLOSED
    kept = Preferences(folder / "settings").settings
    assert kept.started["ssh"] not in ("ptyxis", "kgx")
    assert kept.terminal == chosen
    assert (folder / "asked").read_text() == "\n" * tries


@pytest.mark.parametrize("odd", ["exec sleep 1000", "exit 0", "trap '' TERM; sleep 9"])
def test_one_that_stays_open_and_runs_nothing_is_left_for_the_next(
    odd: str, folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(folder / "programs", "ptyxis", odd)
    monkeypatch.setenv("PATH", f"{own}:{os.environ['PATH']}")
    monkeypatch.delenv("TERMINAL", raising=False)
    monkeypatch.setattr(ssh, "SLOWEST", 1.0)
    monkeypatch.setattr(ssh, "HANDED_OVER", 1.0)
    alone = ssh.Ssh("ptyxis", own / "ptyxis")
    way = Way(folder / "settings")

    async def work() -> None:
        target = aim(server, account)
        look = await way.access.look(target, server.fingerprint)
        with Secret(MARKER) as secret:
            session: Running = await alone.open(settled(target, look), secret)
        assert not await session.shown()
        assert (await session.ended()).outcome is ConnectionOutcome.CLIENT_FAILED
        launcher = way.access.launcher(Protocol.SSH)
        assert launcher
        with Secret(MARKER) as secret:
            session = await launcher.open(settled(target, look), secret)
        assert await session.shown()
        session.close()
        await session.ended()
        assert not list((folder / "run").rglob("ssh-*"))

    with ssh_server.ssh_server(folder / "a", account) as server:
        asyncio.run(work())


def test_where_none_starts_the_client_has_failed(
    folder: Path, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(folder / "programs", "kgx", "exit 1")
    for name in ("ssh", "sh", "rm", "tee"):
        (own / name).symlink_to(f"/usr/bin/{name}")
    way = Way(folder / "settings")

    async def fails() -> ConnectionOutcome:
        target = aim(server, account)
        look = await way.access.look(target, server.fingerprint)
        with monkeypatch.context() as here:
            here.setenv("PATH", str(own))
            launcher = way.access.launcher(Protocol.SSH)
            assert launcher
            session = await launcher.open(settled(target, look), None)
            assert not await session.shown()
            return (await session.ended()).outcome

    with ssh_server.ssh_server(folder / "a", account) as server:
        assert asyncio.run(fails()) is ConnectionOutcome.CLIENT_FAILED
    assert Preferences(folder / "settings").settings.started == {}


def test_a_terminal_is_tested_by_what_it_opens(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    says = program(folder / "programs", "kgx", "exit 0") / "kgx"
    with virtual_screen() as display:
        monkeypatch.setenv("DISPLAY", display)
        assert asyncio.run(client_check.works(a_client("xterm", "/usr/bin/xterm")))
        monkeypatch.setattr(client_check, "SECONDS", 0.3)
        assert not asyncio.run(client_check.works(a_client("kgx", str(says))))  # opens nothing
    monkeypatch.delenv("DISPLAY")
    assert not asyncio.run(client_check.works(a_client("xterm", "/usr/bin/xterm")))
    assert not asyncio.run(client_check.works(a_client("foot", "/nowhere/foot")))
    assert not list((folder / "run").rglob("check-*"))


@pytest.mark.skipif(bool(rdp.missing("xfreerdp")), reason=rdp.missing("xfreerdp"))
def test_freerdp_is_tested_on_the_screen(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    client = a_client("xfreerdp", "/usr/bin/xfreerdp", Protocol.RDP)
    with virtual_screen() as display:
        monkeypatch.setenv("DISPLAY", display)
        assert asyncio.run(client_check.works(client))
    monkeypatch.delenv("DISPLAY")
    assert not asyncio.run(client_check.works(client))


def test_ssh_without_a_terminal_is_told_as_that(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = program(folder / "programs", "ssh", "exit 0")
    monkeypatch.setenv("PATH", str(own))
    monkeypatch.delenv("TERMINAL", raising=False)
    monkeypatch.setattr("platform.freedesktop_os_release", lambda: {"ID": "fedora"})
    way = Way(folder / "settings")
    assert way.access.launcher(Protocol.SSH) is None
    lacking = way.access.missing(Protocol.SSH)
    assert (lacking.trouble, lacking.reason) == (Trouble.NO_TERMINAL, "sudo dnf install xterm")
    monkeypatch.setenv("TERMINAL", str(program(own, "newterm", "exit 0") / "newterm"))
    assert [it.id for it in clients.found(Protocol.SSH)] == ["newterm"]
