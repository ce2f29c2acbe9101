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
from collections.abc import Mapping, Sequence
from contextlib import suppress
from enum import StrEnum

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.system.connect.secret import Secret

SECONDS = 20.0
MOST = 64 * 1024
"""Bytes of output; a password manager says one line."""

_PLACEHOLDER = re.compile(r"\{(server|environment|account)\}")
_ESCAPE = "" if sys.platform == "win32" else "\\"  # it separates folders there
_SPECIAL = {*" \t\r\n'\"", *_ESCAPE}
# One word of a name. No slash, so that no name climbs out of a folder of the vault; nothing that a
# batch file of Windows would read as its own.
_NAME = re.compile(r"(?![-.@ ])[\w.@$+,()\\ -]{1,256}")


class VaultFailure(StrEnum):
    """`hostile`: a name that may not be handed to a command. `unreadable`: no line of text."""

    MISSING = "missing"
    FAILED = "failed"
    TIMED_OUT = "timed-out"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    HOSTILE = "hostile"


class VaultFailed(AutoskyError):
    """The command said no password. `code` is its exit code when it is `failed`."""

    def __init__(self, why: VaultFailure, code: int | None = None) -> None:
        super().__init__(why.value if code is None else f"{why.value} {code}")
        self.why = why
        self.code = code


def words(text: str) -> tuple[str, ...]:
    """A command line as somebody types it. Raises ValueError for a quote that is not closed."""
    typed = shlex.shlex(text, posix=True, punctuation_chars=False)
    typed.whitespace_split = True
    typed.commenters = ""
    typed.escape = _ESCAPE
    return tuple(typed)


def text(command: Sequence[str]) -> str:
    """The opposite of `words`."""
    return " ".join(shlex.quote(it) if not it or _SPECIAL & set(it) else it for it in command)


async def ask(
    command: Sequence[str],
    *,
    server: str,
    environment: str,
    account: str,
    seconds: float = SECONDS,
) -> Secret:
    """The first line that the command says, for these names. Raises VaultFailed."""
    names = {"server": server, "environment": environment, "account": account}
    argv = [_filled(word, names) for word in command]
    process = await _start(argv)
    try:
        async with asyncio.timeout(seconds):
            said = await _read(process)
            code = await process.wait()
    except TimeoutError:
        raise VaultFailed(VaultFailure.TIMED_OUT) from None
    finally:
        await _end(process)
    if code:
        raise VaultFailed(VaultFailure.FAILED, code)
    return _first_line(said)


def _filled(word: str, names: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: _harmless(names[found[1]]), word)


def _harmless(name: str) -> str:
    if _NAME.fullmatch(name) and ".." not in name:
        return name
    raise VaultFailed(VaultFailure.HOSTILE)


async def _start(argv: Sequence[str]) -> asyncio.subprocess.Process:
    if not argv:
        raise VaultFailed(VaultFailure.MISSING)
    try:
        return await asyncio.create_subprocess_exec(
            *argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # it may quote what nobody else is to read
            start_new_session=True,
            limit=MOST,
        )
    except (OSError, ValueError):
        raise VaultFailed(VaultFailure.MISSING) from None


async def _read(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout
    try:
        await process.stdout.readexactly(MOST + 1)
    except asyncio.IncompleteReadError as all_of_it:
        return all_of_it.partial
    raise VaultFailed(VaultFailure.UNREADABLE)


async def _end(process: asyncio.subprocess.Process) -> None:
    """Whatever it started goes too, unless it went into a session of its own."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


def _first_line(said: bytes) -> Secret:
    line = said.partition(b"\n")[0].removesuffix(b"\r")
    if not line:
        raise VaultFailed(VaultFailure.EMPTY)
    try:
        return Secret(line.decode())
    except UnicodeDecodeError:
        pass
    raise VaultFailed(VaultFailure.UNREADABLE)
