"""FreeRDP 2 and 3, with the password on stdin only and the certificate pinned before it is sent.

Exit codes are those of its client for X11 (xfreerdp.h); what each means here was measured where
a server could be had.
"""

import asyncio
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system import folders
from autosky_desktop.system.connect import probe, process, x11
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.process import (
    Child,
    ClientFailed,
    ClientMissing,
    ClientNotStarted,
)
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

LOOK_SECONDS = 0.04
"""A look at the screen takes a thousandth."""
SILENT_SECONDS = 30.0
"""A server that has answered the probe and then keeps a client waiting this long is given up."""
UNSEEN_SECONDS = 3.0
"""Where windows cannot be seen, a client that runs this long is taken to be up; where its
connection cannot be seen, to have started.
"""

VERSION_SECONDS = 5.0
VERSION = re.compile(rb"version (\d+(?:\.\d+)+)")

_Out = ConnectionOutcome
OUTCOMES: Mapping[int, ConnectionOutcome] = MappingProxyType({
    **dict.fromkeys((0, 2, 3, 4, 5, 11, 12), _Out.CLOSED),
    **dict.fromkeys((6, 7, 8, 9, 17, 18, 26, 133, 144, 155, 160, 161), _Out.REFUSED),
    **dict.fromkeys((10, 132, 134, 154, 159), _Out.WRONG_PASSWORD),
    **dict.fromkeys((135, 148, 149, 151, 152, 153, 156, 157, 158), _Out.ACCOUNT_LOCKED),
    **dict.fromkeys((131, 139, 140, 141, 150), _Out.UNREACHABLE),
    143: _Out.UNTRUSTED,
    145: _Out.CANCELLED,
})  # fmt: skip
"""By exit code; every other one is the client's own trouble."""

OF_THE_CLOUD = ("azuread", "microsoftaccount")
"""What stands before an account as a domain does, and is a part of the name to Windows."""
DROPPED = 147
"""The server let go. One with NLA that does so before there is a window has refused to sign in."""
CUT = 131
"""Before there is a window it was never reached; afterwards it was lost."""
ENDED = 1
"""The session ended by itself; before there is a window it is the client's own failure."""


def outcome(code: int, *, shown: bool, signs_in_first: bool) -> ConnectionOutcome:
    """Return what an exit code says. `shown`: there was a window."""
    if shown and code in (CUT, DROPPED):
        return _Out.LOST
    if shown and code == ENDED:
        return _Out.CLOSED
    if code == DROPPED:
        return _Out.WRONG_PASSWORD if signs_in_first else _Out.REFUSED
    return OUTCOMES.get(code, _Out.CLIENT_FAILED)


def arguments(program: str, version: int, target: Target) -> list[str]:
    """Return the command line. Each value of the target stands behind the name of its option."""
    words = [
        program,
        f"/v:{_place(target.host, target.port)}",
        *_user(target),
        "/from-stdin:force",
        f"/cert:deny,{_trusted(target)}",
        _security(version, target),
        f"/title:{target.title}",
        "/size:80%",
        "/dynamic-resolution",
        "+clipboard",
        "/log-level:WARN",
    ]
    if target.gateway:  # without an account of its own it is signed in to with the server's
        gateway = _place(target.gateway.host, target.gateway.port)
        words.append(f"/gateway:g:{gateway}" if version >= 3 else f"/g:{gateway}")
    return words


def _user(target: Target) -> list[str]:
    """Return the words for the user. Where a domain is said, be it none, FreeRDP leaves a backslash
    in the name alone.
    """
    if target.domain.casefold() in OF_THE_CLOUD:
        return [f"/u:{target.domain}\\{target.account}", "/d:"]
    return [f"/u:{target.account}", f"/d:{target.domain}"]


def _security(version: int, target: Target) -> str:
    """Return the security to demand. RDP's own encryption shows no certificate, so whoever answers
    with it would get the password unseen; nobody has looked at what a server behind a gateway has.
    """
    if target.gateway:
        return "/sec:rdp:off" if version >= 3 else "-sec-rdp"
    return "/sec:nla" if target.signs_in_first else "/sec:tls"


def _place(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _trusted(target: Target) -> str:
    shown = [target.fingerprint, target.gateway.fingerprint if target.gateway else ""]
    return ",".join(f"fingerprint:{fingerprint}" for fingerprint in shown if fingerprint)


class FreeRdp:
    """An installed FreeRDP that opens sessions."""

    takes_password = True

    def __init__(self, program: Path) -> None:
        self._program = program

    async def open(self, target: Target, secret: Secret | None) -> "FreeRdpSession":
        if not target.fingerprint:
            raise ClientFailed("unsettled")
        if target.gateway and target.gateway.account:
            raise ClientFailed("gateway-account")  # it would want a second password
        # only gateways are written another way in one version than in the other
        version = await asyncio.to_thread(self._version) if target.gateway else 0
        words = arguments(str(self._program), version, target)
        given = (secret.reveal() if secret else b"") + b"\n"
        more = {"XDG_CONFIG_HOME": str(_own_folder())}
        return FreeRdpSession(process.start(words, given=given, more=more), target)

    def _version(self) -> int:
        """Return the first number of its version. Raises ClientMissing, ClientFailed."""
        return int(told_version(self._program).partition(".")[0] or 0)


def _own_folder() -> Path:
    """Return its own, empty configuration: the person's would trust whom they once accepted."""
    folder = folders.runtime() / "freerdp"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as cause:
        raise ClientFailed("no-file") from cause
    return folder


def told_version(program: Path) -> str:
    """Return the version the program tells ("2.11.7"). Raises ClientMissing, ClientFailed."""
    try:
        said = subprocess.run(
            [program, "/version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=VERSION_SECONDS,
            env=process.environment(),
            check=False,
        )
    except FileNotFoundError as cause:
        raise ClientMissing(str(program)) from cause
    except (OSError, subprocess.SubprocessError) as cause:
        raise ClientNotStarted("no-version") from cause
    found = VERSION.search(said.stdout)
    if found is None:
        raise ClientNotStarted("no-version")
    return found[1].decode()


class FreeRdpSession:
    def __init__(self, child: Child, target: Target) -> None:
        self._child = child
        self._target = target
        self._shown = self._silent = self._closed = self._through = False

    @property
    def pid(self) -> int:
        return self._child.pid

    async def begun(self) -> bool:
        """Wait until it has started, and so has its display; False when it failed before."""
        waited = 0.0
        while self._child.code is None and waited < UNSEEN_SECONDS:
            if await self._is_through():
                return True
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        code = self._child.code
        return code is None or self._told(code) is not _Out.CLIENT_FAILED

    async def shown(self) -> bool:
        try:
            async with asyncio.timeout(SILENT_SECONDS):
                self._shown = await self._seen()
        except TimeoutError:
            self._silent = True
            self._child.end()
        return self._shown

    async def ended(self) -> Ended:
        code = await self._child.ended()
        outcome = await self._outcome(code)
        dropped = code == DROPPED and outcome is _Out.WRONG_PASSWORD
        return Ended(outcome=outcome, code=code, reason="dropped" if dropped else "")

    async def _outcome(self, code: int) -> ConnectionOutcome:
        if self._closed:
            return _Out.CLOSED if self._shown else _Out.CANCELLED
        if self._silent or await self._gone(code):
            return _Out.UNREACHABLE
        return self._told(code)

    def _told(self, code: int) -> ConnectionOutcome:
        return outcome(code, shown=self._shown, signs_in_first=self._target.signs_in_first)

    async def _gone(self, code: int) -> bool:
        """Return whether a server that let go is not there at all, rather than of another opinion.
        It is asked only where nobody has seen the client get through to it: each question is one
        more connection.
        """
        if code != DROPPED or self._shown or self._through:
            return False
        way = self._target.gateway or self._target
        return not await probe.answers(way.host, way.port)

    def close(self) -> None:
        self._closed = True
        self._child.end()

    def leave(self) -> None:
        """Do nothing: there is nothing of ours to take away."""

    async def _seen(self) -> bool:
        """Wait for its window or its end; returns whether it was the window."""
        waited = 0.0
        while self._child.code is None:
            await self._is_through()
            window = await asyncio.to_thread(x11.has_window, self._child.pid)
            if window or (window is None and waited >= UNSEEN_SECONDS):
                return True
            await asyncio.sleep(LOOK_SECONDS)
            waited += LOOK_SECONDS
        return False

    async def _is_through(self) -> bool:
        port = (self._target.gateway or self._target).port
        if not self._through:
            self._through = await asyncio.to_thread(process.is_through, self._child.pid, port)
        return self._through
