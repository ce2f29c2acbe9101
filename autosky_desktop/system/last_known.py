"""The last known state of a control plane, on the disk, for the next start to show first."""

import logging
from pathlib import Path

from msgspec import MsgspecError, Struct
from msgspec.json import encode

from autosky_desktop.domain.environment import Environment, Me, Snapshot
from autosky_desktop.domain.errors import CannotWrite
from autosky_desktop.domain.wire import Instant
from autosky_desktop.system.kept_file import KeptFile, Unreadable

log = logging.getLogger(__name__)

FILE = "last-known.json"
FORMAT = 1
"""Another number is another version's, and means something else."""
LARGEST = 1_000_000
"""Bytes: more would keep the first picture waiting."""


class LastKnown(Struct, frozen=True, kw_only=True):
    """The state that was known last, at `at`; `opened` is all of the environment that was open."""

    format: int = FORMAT
    at: Instant
    me: Me
    environments: list[Environment]
    opened: Snapshot


def read(folder: Path) -> LastKnown | None:
    """Return what was kept there; None if nothing can be shown. Raises nothing."""
    file = KeptFile(folder / FILE, LastKnown)
    try:
        if not file.there() or file.path.stat().st_size > LARGEST:
            return None
        found = file.read()
    except (OSError, Unreadable):
        return None
    return found if found and found.format == FORMAT else None


def keep(folder: Path, known: LastKnown) -> None:
    """Keep what is known. Raises nothing: without it the next start waits, as the first one did."""
    file = KeptFile(folder / FILE, LastKnown)
    try:
        if len(encode(known)) > LARGEST // 2:  # it is written with room between
            file.remove()
        else:
            file.write(known)
    except (CannotWrite, OSError, MsgspecError, UnicodeError) as cause:
        log.warning("What was known last could not be kept: %s", cause)
