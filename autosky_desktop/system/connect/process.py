"""The process of a client, in a session of its own, so that it outlives this program.

Not asyncio's: its transport kills the child when the loop is closed.
"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

PASSED_ON = (
    *("HOME", "USER", "LOGNAME", "SHELL", "PATH", "LANG", "LANGUAGE", "TZ", "TMPDIR"),
    *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK"),
    *("KRB5CCNAME", "PULSE_SERVER", "PIPEWIRE_REMOTE", "SYSTEMROOT", "WINDIR", "TEMP", "TMP"),
    *("USERPROFILE", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "COMSPEC"),
    # by which a person types, how large they see it, and where a system keeps its languages
    *("XMODIFIERS", "GTK_IM_MODULE", "QT_IM_MODULE", "QT_IM_MODULES", "SDL_IM_MODULE"),
    *("GDK_SCALE", "GDK_DPI_SCALE", "QT_SCALE_FACTOR", "QT_SCREEN_SCALE_FACTORS", "QT_FONT_DPI"),
    *("WINIT_X11_SCALE_FACTOR", "XCURSOR_SIZE", "XCURSOR_THEME", "LOCALE_ARCHIVE", "TERMINFO_DIRS"),
)
PASSED_ON_FROM = ("LC_", "XDG_")
OURS = ("LD_", "PYTHON", "_PYI", "_MEI", "QT_", "AUTOSKY_")
"""How what begins was perhaps made for this program alone."""

TABLES = ("tcp", "tcp6")
ESTABLISHED = "01"
REMOTE, STATE, INODE = 2, 3, 9
"""Columns of /proc/net/tcp."""


class ClientMissing(Exception):
    """The program is not here (any more)."""


class ClientFailed(Exception):
    """The program cannot be started. `reason` is the system's own word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ClientNotStarted(ClientFailed):
    """The program itself does not start; another one may."""


def environment(**more: str) -> dict[str, str]:
    """Return what a client needs of our environment, and nothing else: other people may read it."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if name in PASSED_ON or name.startswith(PASSED_ON_FROM)
    }
    return ours | more


def persons_own() -> dict[str, str]:
    """Return all that the person's own configuration of ssh may name in the environment."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)}


class Child:
    """A process of ours."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process
        self._over = threading.Event()
        self._waiting: list[tuple[asyncio.AbstractEventLoop, asyncio.Future[int]]] = []
        self._turn = threading.Lock()
        threading.Thread(target=self._wait, name="client", daemon=True).start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Return its exit code; None while it runs."""
        return self._process.returncode if self._over.is_set() else None

    async def ended(self) -> int:
        """Wait for its end; returns the exit code, negative for a signal."""
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        with self._turn:
            if self._over.is_set():
                return self._process.returncode
            self._waiting.append((loop, future))
        return int(await future)

    def end(self) -> None:
        """Ask it to end."""
        self._process.terminate()

    def interrupt(self) -> None:
        """Ask it to end as with Ctrl+C, where the system has that."""
        self._process.send_signal(signal.SIGTERM if sys.platform == "win32" else signal.SIGINT)

    def _wait(self) -> None:
        code = self._process.wait()
        with self._turn:
            self._over.set()
            for loop, future in self._waiting:
                try:
                    loop.call_soon_threadsafe(_settle, future, code)
                except RuntimeError:  # nobody waits any more: the loop is closed
                    continue


def start(
    arguments: Sequence[str],
    *,
    given: bytes = b"",
    more: Mapping[str, str] | None = None,
    output: IO[bytes] | None = None,
) -> Child:
    """Start a program with `given` on its stdin, which is closed then. `more` is added to its
    environment. What it says goes to the file `output`, or nowhere. Raises ClientMissing,
    ClientFailed.
    """
    try:
        process = subprocess.Popen(
            list(arguments),
            stdin=subprocess.PIPE,
            stdout=output or subprocess.DEVNULL,
            stderr=output or subprocess.DEVNULL,
            env=environment(**(more or {})),
            start_new_session=True,
        )
    except FileNotFoundError as cause:
        raise ClientMissing(arguments[0]) from cause
    except (OSError, ValueError) as cause:
        raise ClientNotStarted(str(cause)) from cause
    assert process.stdin
    _give(process.stdin, given)
    return Child(process)


def start_in_console(arguments: Sequence[str]) -> Child:
    """Start a program of Windows in a console of its own. Raises ClientMissing, ClientFailed."""
    console = getattr(subprocess, "CREATE_NEW_CONSOLE", 0)
    try:
        return Child(subprocess.Popen(list(arguments), env=environment(), creationflags=console))
    except FileNotFoundError as cause:
        raise ClientMissing(arguments[0]) from cause
    except (OSError, ValueError) as cause:
        raise ClientNotStarted(str(cause)) from cause


def _give(stdin: IO[bytes], given: bytes) -> None:
    """Write the secret to the pipe, which is deep enough to take it without waiting."""
    try:
        with stdin:
            stdin.write(given)
    except OSError:  # it has ended already, and its exit code says why
        return


def _settle(future: "asyncio.Future[int]", code: int) -> None:
    if not future.done():
        future.set_result(code)


def is_through(pid: int, port: int) -> bool:
    """Return whether that process is connected to such a port; False where nobody can tell."""
    try:
        held = {str(file.readlink()) for file in Path(f"/proc/{pid}/fd").iterdir()}
        lines = [
            line.split()
            for table in TABLES
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]
        ]
    except OSError:  # it has ended, or this is no Linux
        return False
    return any(
        it[STATE] == ESTABLISHED
        and it[REMOTE].endswith(f":{port:04X}")
        and f"socket:[{it[INODE]}]" in held
        for it in lines
    )
