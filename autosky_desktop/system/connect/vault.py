"""A command of the person's own that says a password: `op read …`, `pass show …`.

It is started from a list of words, without a shell; what it is told is checked as hostile.
"""

import asyncio
import os
import re
import shlex
import signal
import subprocess
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress

from autosky_desktop.domain.connection import LONGEST_NAME
from autosky_desktop.domain.secrets import VaultFailed, VaultFailure
from autosky_desktop.system.connect.secrets import Secret

SECONDS = 20.0
MOST = 64 * 1024
"""Bytes of output; a password manager says one line."""

_PLACEHOLDER = re.compile(r"\{(server|environment|account)\}")
_LIKE_ONE = re.compile(r"\{[\w-]+\}")
_ESCAPE = "" if sys.platform == "win32" else "\\"  # it separates folders there
_SPECIAL = {*" \t\r\n'\"", *_ESCAPE}
# One word of a name. No slash, so that no name climbs out of a folder of the vault; nothing that a
# batch file of Windows would read as its own.
# Marks belong to letters, which many scripts cannot be written without.
MARKS = ("Mn", "Mc")
_NAME = re.compile(r"(?![-.@ ])[\w.@$+,()\\ -]{1,256}")


def words(text: str) -> tuple[str, ...]:
    """Split a command line as somebody types it. Raises ValueError for an unclosed quote."""
    typed = shlex.shlex(text, posix=True, punctuation_chars=False)
    typed.whitespace_split = True
    typed.commenters = ""
    typed.escape = _ESCAPE
    return tuple(typed)


def text(command: Sequence[str]) -> str:
    """Return the command line of these words, which reverses `words`."""
    return " ".join(shlex.quote(it) if not it or _SPECIAL & set(it) else it for it in command)


def unknown(command: Sequence[str]) -> str:
    """Return the first text that looks like a placeholder and is not one; empty if none does."""
    left = (_LIKE_ONE.search(_PLACEHOLDER.sub("", word)) for word in command)
    return next((found[0] for found in left if found), "")


async def ask(
    command: Sequence[str],
    *,
    server: str,
    environment: str,
    account: str,
    seconds: float = SECONDS,
) -> Secret:
    """Return the first line that the command says, for these names. Raises VaultFailed."""
    names = {"server": server, "environment": environment, "account": account}
    transport, listening = await _start([_filled(word, names) for word in command])
    try:
        async with asyncio.timeout(seconds):
            await listening.heard
        if code := transport.get_returncode():
            raise VaultFailed(VaultFailure.FAILED, code)
        return _first_line(listening.said)
    except TimeoutError:
        raise VaultFailed(VaultFailure.TIMED_OUT) from None
    finally:
        if not listening.over:
            _kill(transport.get_pid())
        transport.close()
        await listening.ended
        listening.said.clear()


class _Listening(asyncio.SubprocessProtocol):
    """The listener to a command. `heard`: all was said, or too much. `ended`: the process was.
    `over`: both its ends were.
    """

    def __init__(self) -> None:
        loop = asyncio.get_running_loop()
        self.said = bytearray()
        self.heard: asyncio.Future[None] = loop.create_future()
        self.ended: asyncio.Future[None] = loop.create_future()
        self.over = False

    def pipe_data_received(self, _fd: int, data: bytes) -> None:
        self.said += data
        if len(self.said) > MOST and not self.heard.done():
            self.heard.set_exception(VaultFailed(VaultFailure.UNREADABLE))

    def process_exited(self) -> None:
        if not self.ended.done():
            self.ended.set_result(None)

    def connection_lost(self, _cause: Exception | None) -> None:
        self.over = True
        if not self.heard.done():
            self.heard.set_result(None)


def _filled(word: str, names: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: _harmless(names[found[1]]), word)


def _harmless(name: str) -> str:
    letters = "".join(it for it in name if unicodedata.category(it) not in MARKS)
    if _NAME.fullmatch(letters) and ".." not in name and len(name) <= LONGEST_NAME:
        return name
    raise VaultFailed(VaultFailure.HOSTILE)


async def _start(
    argv: Sequence[str],
) -> tuple[asyncio.SubprocessTransport, _Listening]:
    if not argv:
        raise VaultFailed(VaultFailure.MISSING)
    try:
        return await asyncio.get_running_loop().subprocess_exec(
            _Listening,
            *argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may quote what nobody else is to read
            start_new_session=True,
        )
    except (OSError, ValueError):
        raise VaultFailed(VaultFailure.MISSING) from None


def _kill(pid: int) -> None:
    """Kill the process with whatever it started, unless that went into a session of its own."""
    if sys.platform == "win32":
        return  # closing the transport ends the process; there are no groups to end
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def _first_line(said: bytearray) -> Secret:
    line = said.partition(b"\n")[0].removesuffix(b"\r")
    if not line:
        raise VaultFailed(VaultFailure.EMPTY)
    try:
        return Secret(line.decode())
    except UnicodeDecodeError:
        pass
    raise VaultFailed(VaultFailure.UNREADABLE)
