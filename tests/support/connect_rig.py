"""Real servers on loopback, and a person at a real window who connects to them.

The servers, the screen and the keychain belong to one process; the window is another one, so that
it can be searched like any other. It reads what it may know of them from its standard input.
"""

import asyncio
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple

from autosky_desktop.system.connect import probe
from tests.support import rdp
from tests.support.keychain import gnome_keyring
from tests.support.screen import virtual_screen
from tests.support.ssh_account import throw_away_account
from tests.support.ssh_server import ssh_server
from tests.support.traces import Traces

LOOPBACK = "127.0.0.1"
ERP, STAGING = "erp-production", "erp-staging"
DB, WEB, FILE, PREPARATION = (f"{name}-erp-prod-01" for name in ("db", "web", "file", "prep"))
OTHER = "db-erp-stg-01"
NOBODYS = 1
"""A port on which nothing answers: one that was free a moment ago may be somebody's by now."""
CLIENTS = ("xfreerdp", "xterm")
WRONG_CERTIFICATE = "sha256:" + ":".join(["00"] * 32)


class Told(NamedTuple):
    """The result of a visit: the exit code, what it said, and where its password was found."""

    code: int
    said: str
    traces: Traces


class Known(NamedTuple):
    """The knowledge of a visitor: the password, the folder of everything, the RDP server's port,
    and a port on which nothing answers until the visitor does.
    """

    marker: str
    folder: Path
    port: int
    silent: int


def send(file: str, arguments: Sequence[str], *, search: bool = False, visits: int = 1) -> Told:
    """Run `file` once more, `--inside`, among the servers; `search` for its password meanwhile.

    One that kills itself is run again, until there were that many `visits`.
    """
    marker = f"M4rker{secrets.token_hex(8)}"
    with tempfile.TemporaryDirectory(prefix="autosky-bench-") as name, ExitStack() as parts:
        folder = Path(name)
        home = folder / "home"
        home.mkdir(mode=0o700)
        display = parts.enter_context(virtual_screen())
        port = parts.enter_context(rdp.shadow(folder / "shadow", "demo", marker))
        account = parts.enter_context(throw_away_account(marker))
        ssh = parts.enter_context(ssh_server(folder / "ssh", account))
        keyring = parts.enter_context(gnome_keyring(home))
        silent = rdp.free_port()
        places = _endpoints(port, silent, ssh.port, account.name)
        (folder / "endpoints.json").write_text(json.dumps(places))
        traces = Traces(marker)
        if search:
            parts.enter_context(traces)
        for _visit in range(visits):
            told = subprocess.run(
                [sys.executable, file, "--inside", *arguments],
                input=json.dumps([marker, str(folder), port, silent]).encode(),
                stdout=subprocess.PIPE,
                env={
                    "PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home),
                    "XDG_RUNTIME_DIR": str(home), "DISPLAY": display, "LANG": "C.UTF-8",
                    "DBUS_SESSION_BUS_ADDRESS": keyring.bus, "QT_QPA_PLATFORM": "xcb",
                },
                check=False,
            )  # fmt: skip
            end_clients(home)
            if told.returncode != -signal.SIGKILL:
                break
        traces.search(home)
    return Told(told.returncode, told.stdout.decode(), traces)


def end_clients(home: Path) -> None:
    """End the clients of a visitor that was killed, since they outlive it."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            name, ours = (process / "comm").read_text().strip(), (process / "environ").read_bytes()
        except OSError:  # it is gone
            continue
        if name in CLIENTS and f"HOME={home}".encode() in ours.split(b"\0"):
            with suppress(ProcessLookupError):
                os.kill(int(process.name), signal.SIGTERM)


def _endpoints(port: int, silent: int, ssh: int, account: str) -> dict[str, Any]:
    here = {"privateIp": LOOPBACK, "publicIp": LOOPBACK}
    there = {**here, "port": port, "account": "demo"}
    shown = asyncio.run(probe.rdp(LOOPBACK, port)).fingerprint
    return {
        DB.upper(): there,
        PREPARATION.upper(): {**there, "port": silent, "fingerprint": shown},
        FILE.upper(): {**there, "port": NOBODYS},
        OTHER.upper(): {**there, "fingerprint": WRONG_CERTIFICATE},
        WEB.upper(): {**here, "port": ssh, "protocol": "ssh", "account": account},
    }


class Visitor:
    """A person who connects, made inside: the first line of stdin says what is known."""

    def __init__(self) -> None:
        from tests.support.person import Person

        marker, folder, port, silent = json.loads(sys.stdin.read())
        self.known = Known(marker, Path(folder), port, silent)
        self.me = Person(patience=40.0)
        self.desktop: Any = None

    def opens(self, work: Callable[[], Awaitable[int]]) -> int:
        """Open the window for as long as the work takes; returns the exit code."""
        from autosky_desktop.app import open_desktop

        async def visit(_qt: object, desktop: Any) -> int:
            self.desktop = desktop
            await self.me.sees("Connection: Live")
            return await work()

        folder = self.known.folder
        where = ["--data", f"{folder}/home/data", "--endpoints", f"{folder}/endpoints.json"]
        return open_desktop([*where, "--demo", "--speed", "60"], visit)

    async def asks(self, server: str) -> None:
        environment = STAGING if server == OTHER else ERP
        if self.desktop.window.environment != environment:
            self.desktop.window.open(environment)
        servers = self.desktop._store.details(environment).servers
        await self.me.until(lambda: servers.get(server), f"server {server}")
        self.desktop.connections.ask_of(environment, server)
        await self.me.until(lambda: self.me.offers("Connect"), "an address")

    async def presses(self, button: str = "Connect") -> None:
        from autosky_desktop.ui.connect.dialog import ConnectDialog
        from tests.support.person import visible

        await self.me.presses(button)
        await self.me.until(
            lambda: not any(visible(ConnectDialog)) or self.me.offers("Trust and connect")
            or self.me.offers("Close") or self.me.offers("Connect"),
            "an end",
        )  # fmt: skip
        if self.me.offers("Trust and connect"):
            await self.presses("Trust and connect")

    async def session(self, server: str, password: str) -> None:
        await self.asks(server)
        if password:
            await self.me.types("Password", password)
        await self.presses()
        await self.ends(server)

    async def ends(self, server: str) -> None:
        sessions = self.desktop.connections.sessions
        [session] = await self.me.until(lambda: sessions(server), f"a session on {server}")
        session.running.close()
        await self.me.until(lambda: not sessions(server), f"no session on {server}")

    async def fails(self, server: str, password: str, *any_of: str) -> None:
        await self.asks(server)
        await self.me.types("Password", password)
        await self.presses()
        await self.me.sees(*any_of)
        await self.me.presses("Close" if self.me.offers("Close") else "Cancel")
