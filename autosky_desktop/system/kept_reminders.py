"""The file beside the settings that says what was told, so that no restart tells it again."""

import logging
from pathlib import Path

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.inbox import Kept
from autosky_desktop.system.kept_file import KeptFile, Unreadable

log = logging.getLogger(__name__)


class KeptReminders:
    """`reminders.json` in a folder."""

    def __init__(self, folder: Path) -> None:
        self._file = KeptFile(folder / "reminders.json", Kept)

    def load(self) -> Kept:
        """What was kept; nothing where there is none or it cannot be read."""
        try:
            return self._file.read() or Kept()
        except Unreadable:
            return Kept()

    def save(self, kept: Kept) -> None:
        try:
            self._file.write(kept)
        except CannotWrite as cause:
            log.warning("What was told could not be kept: %s", cause)
