"""The move of what was remembered before control planes had ids: in one folder, for all of them."""

import logging
import os
from pathlib import Path

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.writing import REASONS

log = logging.getLogger(__name__)

DATABASE = "app.sqlite3"
SHARED = ("trusted-servers.json", "credentials.json")
OWN = ("reminders.json", "owed-connections.json")


class Before:
    """The choice of what belongs to the control plane in the data folder `data`, before it begins.

    `usual` is the data folder of whoever names none. What all control planes shared is left to the
    one there, unless it has never been one; nothing belongs to one that is yet to begin.
    """

    def __init__(self, settings: Path, data: Path, usual: Path) -> None:
        self._settings, self._data = settings, data
        self._is_usual = data.resolve() == usual.resolve()
        self.is_old = _is_there(data)
        self.is_first = self.is_old and (self._is_usual or not _is_there(usual))

    def move(self, to: Path, *, shared: bool) -> None:
        """Move the files of what was `shared`, and of what is its own, into that folder.

        Raises CannotWrite: then the rest is where it was.
        """
        if shared:
            for name in SHARED:
                _move(self._settings / name, to / name)
        if self.is_old and (shared or not self._is_usual):
            beside = self._settings if self._is_usual else self._data
            for name in OWN:
                _move(beside / name, to / name)


def _is_there(data: Path) -> bool:
    return (data / DATABASE).exists()


def _move(source: Path, target: Path) -> None:
    """Move a file; between two file systems, or from a link, its content: whole or not at all.

    What says something else than the target stays: that was kept since by another version.
    """
    try:
        if not source.is_file():
            return
        content = source.read_bytes()
        if not target.exists():
            part = target.with_suffix(".part")
            with part.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(target)
        if target.read_bytes() == content:
            source.unlink()
    except OSError as cause:
        log.warning("%s could not be taken over: %s", source.name, cause)
        raise CannotWrite(REASONS.get(cause.errno or 0, "unknown")) from cause
