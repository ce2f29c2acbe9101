"""The file that says which connections a control plane has yet to record.

No secret is in it: what is recorded of a connection never holds one.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.kept_file import KeptFile, Lost, Unreadable, unheard

log = logging.getLogger(__name__)

FILE = "owed-connections.json"


class Owed(Struct, frozen=True, kw_only=True):
    """A report that one operator owes the control plane; its keys make it heard only once.

    `known` is the id of the connection once its begin was heard, empty before.
    """

    operator: str
    server: str
    begun: ConnectionBegun
    begin_key: str
    end_key: str
    known: str = ""
    outcome: ConnectionOutcome = ConnectionOutcome.OPEN


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
