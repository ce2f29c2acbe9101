"""The end of a tunnel on this computer: AWS's Session Manager plugin, which opens a port here and
leads from there to a port of the machine.

The control plane has begun the tunnel, so no credentials come here, only the name of a profile with
which the plugin takes the tunnel up again when AWS has closed the line. What opens it stands in the
environment of the plugin, which takes it away: command lines can be read by everybody.
"""

import asyncio
import json
import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from autosky_desktop.domain.endpoint import Tunnel, TunnelKind
from autosky_desktop.system import clock, folders
from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.launcher import Ended, Running
from autosky_desktop.system.connect.process import Child, ClientFailed, ClientMissing
from autosky_desktop.system.connect.target import Hostile

PROGRAM = "session-manager-plugin"
LOCAL = "127.0.0.1"
VARIABLE = "AWS_SSM_START_SESSION_RESPONSE"
TOO_OLD = (1, 2, 497, 0)
"""The last version that takes what opens a tunnel on its command line only."""
VERSION = re.compile(r"\d+(\.\d+){1,3}")
VERSION_SECONDS = 10.0
OPEN_SECONDS = 30.0
END_SECONDS = 5.0
"""How long the plugin may take to take leave of AWS before it is ended without that."""
LOOK_SECONDS = 0.05
OPENED = re.compile(r"^Port (\d{1,5}) opened for sessionId", re.MULTILINE)
PASSED_ON = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "AWS_CONFIG_FILE",
             "AWS_SHARED_CREDENTIALS_FILE")  # fmt: skip
"""By which the plugin finds its way out of a company's network, and the file with the profile."""

MACHINE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)
REGION = re.compile(r"[a-z0-9][a-z0-9-]{0,31}", re.ASCII)
PROFILE = re.compile(r"([A-Za-z0-9_][A-Za-z0-9_.@+ -]{0,127})?", re.ASCII)
SERVICE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]{1,253}", re.ASCII)
STREAM = re.compile(r"wss://[\x21-\x7e]{1,2000}", re.ASCII)


class TunnelFailed(Exception):
    """The tunnel did not open. `reason` is a word of `words.client_failures.TUNNEL`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OpenTunnel:
    """A tunnel that leads from `port` of this computer. It outlives this program: the session in it
    may, and AWS ends a tunnel that nobody uses.
    """

    def __init__(self, child: Child, port: int) -> None:
        self._child = child
        self.port = port

    def end(self) -> None:
        """End the tunnel, and have AWS told of it."""
        _end(self._child)


class TunnelledSession:
    """A session whose tunnel ends with it."""

    def __init__(self, session: Running, tunnel: OpenTunnel) -> None:
        self._session, self._tunnel = session, tunnel

    @property
    def pid(self) -> int:
        return self._session.pid

    async def begun(self) -> bool:
        return await self._session.begun()

    async def shown(self) -> bool:
        return await self._session.shown()

    async def ended(self) -> Ended:
        ended = await self._session.ended()
        self._tunnel.end()
        return ended

    def close(self) -> None:
        self._session.close()

    def leave(self) -> None:
        self._session.leave()


def is_installed() -> bool:
    return shutil.which(PROGRAM) is not None


async def opened(begin: Callable[[], Awaitable[Tunnel]]) -> OpenTunnel:
    """Have a tunnel begun, once it is known that it can be opened here, and open it. Raises
    TunnelFailed and Hostile, and what `begin` raises.
    """
    program = await asyncio.to_thread(_program)
    tunnel = await begin()
    words = arguments(program, tunnel)
    more = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    more |= {VARIABLE: _opens(tunnel), "SSM_PLUGIN_LOCAL_HOST": LOCAL}
    said = _Said()
    try:
        with said.output:
            child = process.start(words, more=more, output=said.output)
        return await _opened(child, said)
    except (ClientMissing, ClientFailed) as cause:
        raise TunnelFailed("missing") from cause
    finally:
        said.remove()


class _Said:
    """A file with what the plugin says: a pipe would end it when this program ends."""

    def __init__(self) -> None:
        folder = folders.runtime()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(prefix="tunnel-", dir=folder)
        except OSError as cause:
            raise TunnelFailed("no-file") from cause
        self._file, self.output = Path(name), os.fdopen(descriptor, "wb")

    def read(self) -> str:
        return self._file.read_text(errors="replace")

    def remove(self) -> None:
        with suppress(OSError):  # Windows keeps it while the plugin has it
            self._file.unlink()


def arguments(program: str, tunnel: Tunnel) -> list[str]:
    """Return the command line. Raises Hostile for what no cloud says of a tunnel."""
    kinds = TunnelKind(tunnel.kind) is TunnelKind.SESSION_MANAGER
    checks = (
        (MACHINE, tunnel.machine),
        (REGION, tunnel.region),
        (SERVICE, tunnel.service),
        (STREAM, tunnel.url),
        (PROFILE, tunnel.profile),
    )
    if not kinds or not all(pattern.fullmatch(text) for pattern, text in checks):
        raise Hostile("tunnel")
    asked = json.dumps({"Target": tunnel.machine})
    return [program, VARIABLE, tunnel.region, "StartSession", tunnel.profile, asked, tunnel.service]


def _opens(tunnel: Tunnel) -> str:
    return json.dumps({
        "SessionId": tunnel.session,
        "StreamUrl": tunnel.url,
        "TokenValue": tunnel.token,
    })  # fmt: skip


def _program() -> str:
    """Return the plugin. Raises TunnelFailed if there is none that can be used."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise TunnelFailed("missing")
    try:
        said = subprocess.run(
            [program, "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=VERSION_SECONDS, env=process.environment(), check=False,
        ).stdout  # fmt: skip
    except (OSError, ValueError, subprocess.SubprocessError) as cause:
        raise TunnelFailed("broken") from cause
    version = VERSION.fullmatch(said.strip())
    if version is None:
        raise TunnelFailed("broken")
    if tuple(map(int, version[0].split("."))) <= TOO_OLD:
        raise TunnelFailed("old")
    return program


async def _opened(child: Child, said: _Said) -> OpenTunnel:
    """Wait until the plugin says which port it has opened."""
    until, opened = clock.steady() + OPEN_SECONDS, None
    try:
        while clock.steady() < until:
            over = child.code is not None
            if found := OPENED.search(said.read()):
                opened = OpenTunnel(child, int(found[1]))
                return opened
            if over:
                raise TunnelFailed("closed")
            await asyncio.sleep(LOOK_SECONDS)
        raise TunnelFailed("silent")
    finally:
        if opened is None:
            _end(child)


def _end(child: Child) -> None:
    child.interrupt()
    late = threading.Timer(END_SECONDS, child.end)
    late.daemon = True
    late.start()
