"""The control plane on this computer: a child process that ends when we do.

Our end of its standard input is the lease: the system closes it even when we are killed. Its
address and token come through its standard output, which nobody else can read.
"""

import errno
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO

from autosky_desktop.domain.errors import CannotStart

log = logging.getLogger(__name__)

LOCK = "control-plane.lock"
"""The file in its folder that a control plane holds as long as it lives."""
CLOSING = 5.0
"""Seconds we wait for it to end by itself before we end it."""


@dataclass(frozen=True, slots=True)
class PlaneAddress:
    """The address of the control plane. `shared`: it was another desktop's already."""

    url: str
    token: str
    shared: bool = False

    def __repr__(self) -> str:
        return f"PlaneAddress({self.url!r})"


class EmbeddedControlPlane:
    """A control plane in a child process, for one life of it. Raises CannotStart if none starts."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._line: bytes | None = None
        try:
            self._process = _started(folder, arguments)
        except OSError as cause:  # no program, no memory, no process left
            raise CannotStart("unexpected", str(cause)) from cause

    @property
    def pid(self) -> int:
        return self._process.pid

    def address(self) -> PlaneAddress:
        """Wait until it answers: not on the Qt thread. Raises CannotStart with its own word."""
        if self._line is None:
            self._line = self._process.stdout.readline() if self._process.stdout else b""
        try:
            said = json.loads(self._line)
            if "error" in said:
                raise CannotStart(said["error"], said.get("detail", ""))
            return PlaneAddress(said["url"], said["token"], said.get("shared", False))
        except (ValueError, KeyError, TypeError) as cause:
            raise CannotStart("unexpected", f"ended with {self._process.poll()}") from cause

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end, off the Qt thread; returns whether it came."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def close(self) -> None:
        """Let go of it and see it end."""
        if self._process.stdin:
            self._process.stdin.close()
        try:
            self._process.wait(CLOSING)
        except subprocess.TimeoutExpired:
            log.warning("The control plane did not end by itself")
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def set_aside(folder: Path) -> Path:
    """Give the data folder of a control plane that has ended another name beside it, and return
    that. Nothing in it is lost. Raises OSError.
    """
    from filelock import FileLock, Timeout  # not before the first window

    try:
        FileLock(folder / LOCK).acquire(blocking=False).lock.release()
    except Timeout as cause:  # somebody works in it
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(folder)) from cause
    names = (folder.with_name(f"{folder.name}.aside-{number}") for number in count(1))
    free = next(it for it in names if not it.exists())
    folder.rename(free)
    log.warning("The data folder was set aside as %s", free)
    return free


def _started(folder: Path, arguments: Sequence[str]) -> "subprocess.Popen[bytes]":
    with _errors(folder) as errors:
        return subprocess.Popen(
            [*_program(), "serve", "--embedded", str(folder), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )


def _program() -> list[str]:
    """Return how to call `autosky`: as a module of this interpreter, or the program beside us."""
    if hasattr(sys, "frozen"):
        suffix = ".exe" if sys.platform == "win32" else ""
        return [str(Path(sys.executable).with_name("autosky" + suffix))]
    return [sys.executable, "-m", "autosky_desktop.cli"]


def _errors(folder: Path) -> IO[bytes]:
    """Open the file for the last words of a control plane that dies before its log is open.

    In somebody else's folder nothing is touched, and no link is followed out of ours: what it leads
    to would be emptied.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if os.name != "posix" or folder.stat().st_uid == os.geteuid():
            return os.fdopen(os.open(folder / "control-plane.err", flags, 0o600), "wb")
    except OSError as error:
        log.info("What the control plane says on its way up is not kept: %s", error)
    return Path(os.devnull).open("wb")
