"""The files of what is kept of one control plane: what was told, so that no restart tells it again,
and which connections it has yet to record.

No secret is in them: what is recorded of a connection never holds one.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.inbox import Kept
from autosky_desktop.system.kept_file import KeptFile, Lost, Unreadable, unheard

log = logging.getLogger(__name__)

FILE = "owed-connections.json"


class Owed(Struct, frozen=True, kw_only=True):
    """A report that one operator owes the control plane; its keys make it heard only once.

    `known` is the id of the connection once its begin was heard, empty before. `to_instance`:
    `server` is the id of an instance.
    """

    operator: str
    server: str
    begun: ConnectionBegun
    begin_key: str
    end_key: str
    known: str = ""
    outcome: ConnectionOutcome = ConnectionOutcome.OPEN
    to_instance: bool = False


class OwedConnections:
    def __init__(self, folder: Path, lost: Lost = unheard) -> None:
        self._file = KeptFile(folder / FILE, list[Owed], lost)

    def there(self) -> bool:
        return self._file.there()

    def load(self) -> list[Owed]:
        """Return them in their order; nothing where there is none or it cannot be read."""
        try:
            return self._file.read() or []
        except Unreadable:
            return []

    def save(self, owed: Sequence[Owed]) -> None:
        """Keep the reports. One that cannot be kept is told by this program, or never."""
        try:
            if owed:
                self._file.write(list(owed))
            else:
                self._file.remove()
        except CannotWrite as cause:
            log.warning("Connections that are not recorded yet could not be kept: %s", cause)


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
