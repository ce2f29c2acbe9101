"""A channel through this computer's own OpenSSH, with the person's configuration of it.

A machine is known by its id and not by its address, which another one may have tomorrow: its key
is kept under that id at the first connection, and another one later is refused. Whoever makes
machines tells when one is gone (`forget`). One connection to each is kept open for a minute.
"""

import asyncio
import hashlib
import os
import shutil
import sys
import tempfile
from base64 import b64encode
from contextlib import suppress
from pathlib import Path
from typing import cast

from msgspec import Struct

from autosky_desktop.domain.text import one_line
from autosky_desktop.server.providers.guest import Completed
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _

MOST_BYTES = 1024 * 1024
"""The length of what a script may say: no guest fills this computer's memory."""
CONNECT_SECONDS = 10
KEPT_SECONDS = 60
FAILED = 255
"""The exit code of ssh itself; the others are the script's."""
KEEPS_CONNECTIONS = sys.platform != "win32"

FROM_INPUT = "& ([scriptblock]::Create([Console]::In.ReadToEnd()))"
SHELLS = {
    "sh": "exec sh -s",
    "powershell": "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -EncodedCommand "
    + b64encode(FROM_INPUT.encode("utf-16-le")).decode(),
}
"""What takes a script from its standard input: a command line would be too short for it."""
WITH_SUDO = "exec sudo -n sh -s"

REFUSALS = (
    ("REMOTE HOST IDENTIFICATION HAS CHANGED", words.OTHER_KEY, words.FORGET_KEY),
    ("Host key verification failed", words.UNKNOWN_KEY, words.ACCEPT_KEY),
    ("Permission denied", words.NOT_LET_IN, words.AUTHORISE_KEY),
    ("Bad configuration option", words.BAD_CONFIGURATION, words.MEND_CONFIGURATION),
    ("terminating,", words.BAD_CONFIGURATION, words.MEND_CONFIGURATION),
)
"""What ssh says when no later try would help. All else may be a machine that is starting."""


class SshAccess(Struct, frozen=True, kw_only=True):
    """The way to a machine. What is left out is as the person's configuration has it. `sudo`: the
    account is not root, and becomes it without a password.
    """

    host: str
    port: int | None = None
    account: str = ""
    key_file: str = ""
    jump: str = ""
    sudo: bool = False


class SshConnections:
    """The connections to the machines of one environment, whose keys are kept in `known_hosts`."""

    def __init__(self, known_hosts: Path) -> None:
        self._known_hosts = known_hosts
        # in a short folder: the name of a socket has room for about a hundred letters
        self._sockets = Path(tempfile.mkdtemp(prefix="autosky-"))
        self._used: dict[str, SshAccess] = {}

    def channel(self, machine: str, access: SshAccess) -> "SshChannel":
        """Return the channel to that machine. Nothing is connected yet."""
        self._used[machine] = access
        return SshChannel(self._options(machine, access), access)

    async def forget(self, machine: str) -> None:
        """Let go of a machine that is gone, and of its key."""
        await self._let_go(machine)
        with suppress(FileNotFoundError):
            lines = self._known_hosts.read_text().splitlines(keepends=True)
            others = [line for line in lines if line.split()[:1] != [_name(machine)]]
            self._known_hosts.write_text("".join(others))

    async def close(self) -> None:
        """Let go of all machines."""
        await asyncio.gather(*(self._let_go(machine) for machine in list(self._used)))
        shutil.rmtree(self._sockets, ignore_errors=True)

    async def _let_go(self, machine: str) -> None:
        access = self._used.pop(machine, None)
        if access and (self._sockets / _name(machine)).exists():
            end = [*self._options(machine, access), "-O", "exit", "--", access.host]
            with suppress(ProviderError):
                await _ran(end, b"", seconds=CONNECT_SECONDS)

    def _options(self, machine: str, access: SshAccess) -> list[str]:
        options = {
            "BatchMode": "yes",
            "ConnectTimeout": CONNECT_SECONDS,
            "ServerAliveInterval": 10,
            "ServerAliveCountMax": 2,
            "StrictHostKeyChecking": "accept-new",
            "UserKnownHostsFile": _quoted(self._known_hosts),
            "HostKeyAlias": _name(machine),
            "CheckHostIP": "no",
            "HashKnownHosts": "no",
            "UpdateHostKeys": "no",
            "ForwardAgent": "no",
            "ForwardX11": "no",
            "ClearAllForwardings": "yes",
            "PermitLocalCommand": "no",
            "RemoteCommand": "none",
            "RequestTTY": "no",
            "LogLevel": "ERROR",
        }
        if KEEPS_CONNECTIONS:
            socket = _quoted(self._sockets / _name(machine))
            options |= {"ControlMaster": "auto", "ControlPath": socket}
            options |= {"ControlPersist": KEPT_SECONDS}
        if access.key_file:
            key = _quoted(Path(access.key_file).expanduser())
            options |= {"IdentityFile": key, "IdentitiesOnly": "yes"}
        if access.port is not None:
            options |= {"Port": access.port}
        if access.account:
            options |= {"User": access.account}
        if access.jump:
            options |= {"ProxyJump": access.jump}
        return [
            "ssh",
            *(word for name, value in options.items() for word in ("-o", f"{name}={value}")),
        ]


class SshChannel:
    """Runs scripts on one machine over SSH."""

    def __init__(self, options: list[str], access: SshAccess) -> None:
        self._options, self._access = options, access

    async def run(self, script: str, *, shell: str, seconds: float = 30.0) -> Completed:
        command = WITH_SUDO if self._access.sudo and shell == "sh" else SHELLS[shell]
        asked = [*self._options, "--", self._access.host, command]
        completed = await _ran(asked, script.encode(), seconds=seconds)
        if completed.code == FAILED:
            raise _failure(completed.err)
        if completed.code and self._access.sudo and "sudo:" in completed.err:
            raise _refused(words.NO_SUDO, words.ALLOW_SUDO, why=completed.err)
        return completed


class _Heard(asyncio.SubprocessProtocol):
    """The two outputs of a process; `over` is done when it has ended and said all. What
    is more than may be said is heard and left out.
    """

    def __init__(self) -> None:
        self._said = {1: bytearray(), 2: bytearray()}
        self.over = asyncio.get_running_loop().create_future()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._said[fd] += data[: MOST_BYTES - len(self._said[fd])]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002
        if not self.over.done():
            self.over.set_result(None)

    def said(self, fd: int) -> str:
        return self._said[fd].decode(errors="replace")


async def _ran(asked: list[str], given: bytes, *, seconds: float) -> Completed:
    """Run ssh to its end. Raises ProviderBusy when that takes too long."""
    # LD_: a frozen program has libraries of its own there
    ours = {name: value for name, value in os.environ.items() if not name.startswith("LD_")}
    loop = asyncio.get_running_loop()
    try:
        process, heard = await loop.subprocess_exec(_Heard, *asked, env=ours | {"LC_ALL": "C"})
    except FileNotFoundError as cause:
        raise _refused(words.NO_SSH, words.INSTALL_SSH) from cause
    try:
        async with asyncio.timeout(seconds):
            to_it = cast(asyncio.WriteTransport, process.get_pipe_transport(0))
            to_it.write(given)
            to_it.write_eof()
            await heard.over
    except TimeoutError as cause:
        raise ProviderBusy(_(words.TOO_LONG)) from cause
    finally:
        process.close()  # and its pipes: the connection that is kept has them too
    code = process.get_returncode()
    assert code is not None
    return Completed(code=code, out=heard.said(1), err=heard.said(2))


def _failure(said: str) -> ProviderError:
    for mark, detail, remedy in REFUSALS:
        if mark in said:
            return _refused(detail, remedy, why=said)
    return ProviderBusy(_(words.NOT_REACHED).format(why=_last_line(said)))


def _refused(detail: str, remedy: str, *, why: str = "") -> ProviderRefused:
    said = _(detail).format(why=_last_line(why))
    return ProviderRefused(said, kind=RefusalKind.NO_AGENT, remedy=_(remedy))


def _last_line(said: str) -> str:
    lines = [one_line(line) for line in said.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else ""


def _name(machine: str) -> str:
    """Return the name under which ssh knows a machine; an id may be no word of a file's line."""
    return f"autosky-{hashlib.sha256(machine.encode()).hexdigest()[:20]}"


def _quoted(path: Path) -> str:
    """Return a path as a value of ssh's configuration, in which % and ~ mean something."""
    return '"' + str(path).replace("%", "%%") + '"'
