"""The data folder: entered, kept to its user, and held by one process at a time."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from autosky_desktop.server import logs
from autosky_desktop.server.db.errors import of_files
from autosky_desktop.server.sharing import RUNTIME

LOCK = "control-plane.lock"


class CannotServe(Exception):
    """`word` is the one the desktop is told."""

    def __init__(self, word: str, detail: str) -> None:
        super().__init__(detail)
        self.word = word


def told(error: OSError) -> CannotServe:
    meaning = of_files(error)
    return CannotServe(meaning.word if meaning else "folder-refused", str(error))


def enter(folder: Path, *, private: bool) -> FileLock:
    """Go into the folder and hold its lock. Raises Timeout when another process does, CannotServe.

    `private`: it has to be our user's own. In another's folder, others could answer in our place.
    """
    os.umask(0o077)  # nobody else reads what we keep, whatever folder we are led into
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.chdir(folder)
        if private and os.name == "posix" and Path().stat().st_uid != os.geteuid():
            raise CannotServe("folder-refused", f"{folder} belongs to somebody else")
        Path(RUNTIME).mkdir(exist_ok=True)
        Path(RUNTIME).chmod(0o700)
        logs.write_log(Path("logs"))
        lock = FileLock(LOCK)
        lock.acquire(blocking=False)
    except Timeout:
        raise
    except OSError as error:
        raise told(error) from error
    return lock
