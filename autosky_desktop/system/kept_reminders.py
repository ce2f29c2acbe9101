"""The file that says what was told of a control plane, so that no restart tells it again."""

import logging
from collections.abc import Callable
from pathlib import Path

from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.inbox import Kept
from autosky_desktop.system.kept_file import KeptFile, Lost, Unreadable, unheard

log = logging.getLogger(__name__)


class KeptReminders:
    """The file `reminders.json` in the folder that is named at each call."""

    def __init__(self, folder: Callable[[], Path], lost: Lost = unheard) -> None:
        self._folder, self._lost = folder, lost

    @property
    def _file(self) -> KeptFile[Kept]:
        return KeptFile(self._folder() / "reminders.json", Kept, self._lost)

    def load(self) -> Kept:
        """Return what was kept; nothing where there is none or it cannot be read."""
        try:
            return self._file.read() or Kept()
        except Unreadable:
            return Kept()

    def save(self, kept: Kept) -> None:
        try:
            self._file.write(kept)
        except CannotWrite as cause:
            log.warning("What was told could not be kept: %s", cause)
