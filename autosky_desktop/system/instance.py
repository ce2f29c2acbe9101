"""The rule of one window for each data folder: a second start tells the first one and leaves.

The first one is who holds a lock in the person's own runtime folder, named after the data folder,
and it listens at the socket beside it; a socket that a crash left behind is taken over with the
lock. The lock is what the first paint waits for, the listening comes after it. On Windows it is a
pipe.
"""

import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import msgspec

from autosky_desktop.system.instance_listener import (
    HEARD,
    PATIENCE,
    InstanceListener,
    SecondStart,
    Unanswered,
)

if TYPE_CHECKING:
    import socket

log = logging.getLogger(__name__)

TRIES, BETWEEN = 200, 0.05
"""A first one that has just taken the lock listens when its window is up."""


def claim(data: Path, runtime: Path, second: SecondStart) -> InstanceListener | None:
    """Return the listener if this is the first one; None if the first one has heard of this start.

    Raises Unanswered. Where nobody can listen everybody is the first.
    """
    if sys.platform == "win32":
        from autosky_desktop.system import pipe_listener

        return pipe_listener.claim(rf"\\.\pipe\autosky-desktop-{named(data)}", second)
    if not _is_own(runtime):
        return InstanceListener(runtime)
    place = runtime / f"{named(data)}.sock"
    try:
        return InstanceListener(place, _locked(place.with_suffix(".lock")))
    except BlockingIOError:
        _tell_first(place, second)
        return None
    except OSError as cause:  # no lock can be had: the disk is full, or something is in its place
        log.info("No second start can be heard: %s", cause)
        return InstanceListener(runtime)


def _is_own(folder: Path) -> bool:
    """Return whether nobody else can put anything into the folder, which is made if need be."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
    except OSError as cause:
        log.info("No second start can be heard: %s", cause)
        return False
    return found.st_uid == os.getuid() and not found.st_mode & 0o077


def _locked(file: Path) -> int:
    """Lock the file until this process ends, however it does. Raises BlockingIOError, OSError."""
    import fcntl

    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def named(data: Path) -> str:
    """Return a name almost unique among one person's folders, without loading a real digest."""
    path = os.fsencode(data.resolve())
    return f"{crc32(path):08x}{crc32(path[::-1]):08x}"


def _tell_first(place: Path, second: SecondStart) -> None:
    import socket

    for _ in range(TRIES):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as calling:
            calling.settimeout(PATIENCE)
            try:
                calling.connect(str(place))
            except OSError:
                time.sleep(BETWEEN)
                continue
            if _heard(calling, second):
                return
            break
    raise Unanswered


def _heard(calling: "socket.socket", second: SecondStart) -> bool:
    try:
        calling.sendall(msgspec.json.encode(second) + b"\n")
        return calling.recv(len(HEARD)) == HEARD
    except (OSError, ValueError):  # cut off, or letters that no text has
        return False
