"""A Remote Desktop client that is here and does not start is left for the next one."""

import asyncio
import gc
import shutil
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from autosky_desktop.actions.connect.destination import settled
from autosky_desktop.actions.connect.system_access import SystemServerAccess
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system import clock
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.settings import Preferences, Settings
from tests.support import rdp
from tests.support.counting import counting
from tests.support.screen import virtual_screen
from tests.support.traces import marker

pytestmark = [
    pytest.mark.skipif(bool(rdp.missing(*rdp.SHADOW)), reason=rdp.missing(*rdp.SHADOW)),
    # a stream that spoke TLS and was aborted does not know that it is closed
    pytest.mark.filterwarnings("ignore:loop is closed:ResourceWarning"),
]

MARKER = marker("the-next-client")
MOST_CONNECTIONS = 2
It = TypeVar("It")
WORKS = f'exec {shutil.which("xfreerdp")} "$@"'


def run(work: Coroutine[Any, Any, It]) -> It:
    """What it has left is let go within the test."""
    try:
        return asyncio.run(work)
    finally:
        gc.collect()


class Computer:
    """One with these programs and no others, and what its person has set."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, **programs: str) -> None:
        self.preferences = Preferences(folder / "settings")
        self._access = SystemServerAccess(self.preferences, Trust(folder / "settings"), clock.now)
        self._here, self._monkeypatch = folder / "programs", monkeypatch
        self._here.mkdir()
        for name, lines in programs.items():
            (self._here / name).write_text(f"#!/bin/sh\n{lines}\n")
            (self._here / name).chmod(0o755)

    def ends(self, port: int, password: str = MARKER) -> ConnectionOutcome:
        return run(self.connects(port, password))

    async def connects(self, port: int, password: str = MARKER) -> ConnectionOutcome:
        """How it ended; a session that came up is closed."""
        target = Target(
            server="srv-1", title="FILE 01", protocol=Protocol.RDP, host="127.0.0.1", port=port,
            account="demo",
        )  # fmt: skip
        look = await self._access.look(target, None)
        with self._monkeypatch.context() as alone, Secret(password) as secret:
            alone.setenv("PATH", str(self._here))
            launcher = self._access.launcher(Protocol.RDP)
            assert launcher
            session = await self._access.open(launcher, settled(target, look), secret)
        if await session.shown():
            session.close()
        return (await session.ended()).outcome


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of one; and a screen and a home for its clients."""
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder / "run"))
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with virtual_screen() as display, rdp.shadow(folder / "shadow", "demo", MARKER) as port:
        monkeypatch.setenv("DISPLAY", display)
        yield port


@pytest.mark.parametrize("broken", ["exit 127", "exit 1", "kill -SEGV $$", "exec /no/such/program"])
def test_the_next_client_takes_over_and_costs_no_connection(
    broken: str, folder: Path, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer = Computer(folder, monkeypatch, xfreerdp3=broken, xfreerdp=WORKS)

    async def work() -> int:
        async with counting(server) as line:
            assert await computer.connects(line.port) is ConnectionOutcome.CLOSED
            return line.connections

    assert run(work()) <= MOST_CONNECTIONS
    assert computer.preferences.settings.started == {"rdp": "xfreerdp"}


def test_a_client_that_the_server_refused_has_started(
    folder: Path, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tells = f"echo >>{folder}/asked; exit 1"
    computer = Computer(folder, monkeypatch, xfreerdp3=WORKS, xfreerdp=tells, remmina=tells)
    assert computer.ends(server, "wrong") is ConnectionOutcome.WRONG_PASSWORD
    assert computer.preferences.settings.started == {}
    assert not (folder / "asked").exists()


def test_no_empty_password_is_tried_after_a_client_that_asks_itself(
    folder: Path, server: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tells = f"echo >>{folder}/asked; exit 1"
    computer = Computer(folder, monkeypatch, remmina="exit 1", krdc="exit 1", xfreerdp=tells)
    computer.preferences.keep(Settings(rdp_client="remmina"))
    assert computer.ends(server) is ConnectionOutcome.CLIENT_FAILED
    assert not (folder / "asked").exists()
    assert computer.preferences.settings == Settings(rdp_client="remmina")
