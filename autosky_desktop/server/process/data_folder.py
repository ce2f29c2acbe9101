"""Enters the data folder, keeps it to its user, and lets one process at a time hold it."""

import os
import stat
from pathlib import Path

from filelock import FileLock, Timeout

from autosky_desktop.server.db.errors import of_files
from autosky_desktop.server.process import logs
from autosky_desktop.server.process.lease import RUNTIME

LOCK = "control-plane.lock"
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class CannotServe(Exception):
    """Raised when the folder cannot be served from. `word` is what the desktop is told."""

    def __init__(self, word: str, detail: str) -> None:
        super().__init__(detail)
        self.word = word


def told(error: OSError) -> CannotServe:
    """Return the error of the file system as the one that the desktop is told."""
    meaning = of_files(error)
    return CannotServe(meaning.word if meaning else "folder-refused", str(error))


def _make_ours(folder: Path, *, private: bool) -> None:
    """Let nobody else write in the folder: they could replace what is in it. Raises CannotServe."""
    found = Path().stat()
    if found.st_uid == os.geteuid():
        if found.st_mode & OTHERS_WRITE:
            Path().chmod(stat.S_IMODE(found.st_mode) & ~OTHERS_WRITE)
    elif private:
        raise CannotServe("folder-refused", f"{folder} belongs to somebody else")


def enter(folder: Path, *, private: bool, log_as_json: bool = False) -> FileLock:
    """Go into the folder and hold its lock. Raises Timeout when another process holds it, or
    CannotServe.

    `private`: it has to be our user's own. In another's folder, others could answer in our place.
    """
    os.umask(0o077)  # nobody else reads what we keep, whatever folder we are led into
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
        if os.name == "posix":
            _make_ours(folder, private=private)
        if Path(RUNTIME).is_symlink():
            raise CannotServe("folder-refused", f"{RUNTIME} in {folder} leads elsewhere")
        Path(RUNTIME).mkdir(exist_ok=True)
        Path(RUNTIME).chmod(0o700)
        logs.write_log(Path("logs"), as_json=log_as_json)
        lock = FileLock(LOCK)
        lock.acquire(blocking=False)
    except Timeout:
        raise
    except OSError as error:
        raise told(error) from error
    return lock
