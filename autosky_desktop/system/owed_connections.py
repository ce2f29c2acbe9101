"""The file beside the settings that says which connections have yet to be recorded.

No secret is in it: what is recorded of a connection never holds one.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.system.writing import WholeFile

log = logging.getLogger(__name__)

FILE = "owed-connections.json"


class Owed(Struct, frozen=True, kw_only=True):
    """What one control plane has yet to hear from one operator; its keys make it heard once.

    `known` is the id of the connection once its begin was heard, empty before.
    """

    control_plane: str
    operator: str
    server: str
    begun: ConnectionBegun
    begin_key: str
    end_key: str
    known: str = ""
    outcome: ConnectionOutcome = ConnectionOutcome.OPEN


class OwedConnections:
    """Written whole or not at all, and readable by nobody else."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def there(self) -> bool:
        return self._file.exists()

    def load(self) -> list[Owed]:
        """In their order; nothing where there is none or it cannot be read."""
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=list[Owed])
        except FileNotFoundError:
            return []
        except (OSError, msgspec.MsgspecError, UnicodeError, RecursionError) as cause:
            log.warning("The connections that are not recorded yet could not be read: %s", cause)
            return []

    def save(self, owed: Sequence[Owed]) -> None:
        """What cannot be kept is told while this program runs, or not at all."""
        try:
            if owed:
                self._write(msgspec.json.format(msgspec.json.encode(owed)).decode())
            else:
                self._file.unlink(missing_ok=True)
        except (CannotWrite, OSError) as cause:
            log.warning("Connections that are not recorded yet could not be kept: %s", cause)

    def _write(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        whole = WholeFile(self._file)
        try:
            whole.write(text)
            whole.keep()
        finally:
            whole.drop()
