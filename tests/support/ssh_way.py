"""The way of one connection over SSH from the look to the session, by the parts of the product."""

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

from msgspec import Struct

from autosky_desktop.actions.connect.destination import settled
from autosky_desktop.actions.connect.system_access import SystemServerAccess
from autosky_desktop.domain.connecting import CannotConnect, HostCheck, TrustVerdict
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.ssh import Ssh
from autosky_desktop.system.connect.target import Hop, Target
from autosky_desktop.system.connect.trust import Trust
from autosky_desktop.system.settings import Preferences, Settings
from tests.support.evening import NOW
from tests.support.ssh_account import Account
from tests.support.ssh_server import Server
from tests.support.waiting import eventually

SECONDS = 30
REAL = shutil.which("ssh") or "ssh"

RELAY = """
import os, socket, sys, threading
there = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
def up():
    while sent := os.read(0, 65536):
        there.sendall(sent)
threading.Thread(target=up, daemon=True).start()
while heard := there.recv(65536):
    os.write(1, heard)
"""


def relay(folder: Path, port: int) -> str:
    """Return a command that leads to a port of this computer, as netcat does."""
    (folder / "relay.py").write_text(RELAY)
    return f"{sys.executable} {folder}/relay.py {port}"


def own_configuration(folder: Path, lines: str) -> Path:
    """Return a folder for PATH with an ssh whose person has that configuration."""
    (folder / "config").write_text(lines)
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    (programs / "ssh").write_text(f'#!/bin/sh\nexec {REAL} -F {folder}/config "$@"\n')
    (programs / "ssh").chmod(0o755)
    return programs


class Went(Struct):
    """The end of a way: `ended` and `reason` are of a session, also of one that did not come up."""

    look: HostCheck
    up: bool = False
    ended: ConnectionOutcome | None = None
    reason: str = ""


class Way:
    """A way from one computer, whose trust outlives a connection. `own`: the person's configuration
    of ssh counts. `chosen` is the terminal that they have chosen.
    """

    def __init__(self, folder: Path, *, own: bool = False, chosen: str = "") -> None:
        preferences = Preferences(folder)
        preferences.keep(Settings(ssh_config=own, terminal=chosen))
        self.own = own
        self.trust = Trust(folder)
        self.access = SystemServerAccess(preferences, self.trust, lambda: NOW)

    def goes(
        self, target: Target, password: str = "", named: str = "", *, stays: bool = False
    ) -> Went:
        """Go the way to its end. Whoever is new is trusted. `stays`: the session ends by itself."""
        return asyncio.run(self._goes(target, password, named, stays=stays))

    def fails(self, target: Target, named: str = "") -> tuple[str, str]:
        """Return why nobody is seen there."""
        try:
            asyncio.run(self._looks(target, named))
        except CannotConnect as cause:
            return cause.trouble.value, cause.reason
        return "", ""

    async def _looks(self, target: Target, named: str) -> HostCheck:
        async with asyncio.timeout(SECONDS):
            if not await self.access.answers(target):
                raise CannotConnect(ConnectionOutcome.UNREACHABLE)
            return await self.access.look(target, named or None)

    async def _goes(self, target: Target, password: str, named: str, *, stays: bool) -> Went:
        look = await self._looks(target, named)
        if look.verdict in (TrustVerdict.CHANGED, TrustVerdict.NAMED_OTHERWISE):
            return Went(look)
        if look.verdict is TrustVerdict.NEW:
            self.access.pin(target, look)
        client = Ssh("xterm", Path(shutil.which("xterm") or ""), own=self.own)
        async with asyncio.timeout(SECONDS):
            with Secret(password) as secret:
                session = await client.open(settled(target, look), secret)
            up = await session.shown()
            if up and not stays:
                session.close()
            ended = await session.ended()
            session.close()
        return Went(look, up, ended.outcome, ended.reason)


def aim(
    server: Server, account: Account, *, host: str = "127.0.0.1", hop: Hop | None = None
) -> Target:
    return Target(
        server="srv-1", title="DB 01", protocol=Protocol.SSH, host=host, port=server.port,
        account=account.name, gateway=hop,
    )  # fmt: skip


def types(password: str, hop: Server) -> None:
    """Type as a person in the terminal does, again until the jump host has let them in."""
    window = subprocess.run(
        ["xdotool", "search", "--sync", "--onlyvisible", "--class", "xterm"],
        capture_output=True, text=True, check=True,
    ).stdout.split()[0]  # fmt: skip

    def typed() -> bool:
        for words in (["windowfocus", window], ["type", password], ["key", "Return"]):
            subprocess.run(["xdotool", *words], check=True)
        try:
            return eventually(lambda: "Accepted password" in hop.log.read_text(), within=3)
        except AssertionError:
            return False

    eventually(typed, within=60)
