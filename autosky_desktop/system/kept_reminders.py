"""The file beside the settings that says what was told, so that no restart tells it again."""

import logging
from pathlib import Path

import msgspec

from autosky_desktop.domain.inbox import Kept

log = logging.getLogger(__name__)


class KeptReminders:
    """`reminders.json` in a folder: read once, written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "reminders.json"

    def load(self) -> Kept:
        """What was kept; nothing where there is none or it cannot be read."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=Kept)
        except FileNotFoundError:
            return Kept()
        except (OSError, msgspec.MsgspecError) as cause:
            log.warning("What was told before could not be read: %s", cause)
            return Kept()

    def save(self, kept: Kept) -> None:
        part = self._file.with_suffix(".part")
        try:
            part.parent.mkdir(parents=True, exist_ok=True)
            part.write_bytes(msgspec.json.encode(kept))
            part.replace(self._file)
        except OSError as cause:
            log.warning("What was told could not be kept: %s", cause)
