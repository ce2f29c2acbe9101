"""The line to the control plane: whether we hear it, since when, and why not."""

from datetime import datetime, timedelta
from enum import Enum, auto

import msgspec

STALE = timedelta(seconds=60)
"""What was confirmed longer ago is shown with its age, and asked for again before acting on it."""


def is_stale(confirmed: datetime, *, now: datetime) -> bool:
    """Return whether it was confirmed too long ago, or in the future: then a clock was wrong."""
    return abs(now - confirmed) > STALE


class Line(Enum):
    STARTING = auto()
    """The control plane on this computer is being started for the first time."""
    LIVE = auto()
    """The feed is open: a change would have been heard."""
    OFFLINE = auto()
    """No answer; trying again at `retry_at`."""
    RESTARTING = auto()
    """The control plane on this computer ended unexpectedly and is being started again."""
    REFUSED = auto()
    """It answers, but not to us."""
    FAILED = auto()
    """The control plane on this computer cannot start; `cause` says why."""


class LineStatus(msgspec.Struct, frozen=True):
    """The state of the line. `since` is when `line` became so; of one that was never live it is
    when what is shown was so, and None where nothing is. `cause` is what was raised, for words and
    the log.
    """

    line: Line = Line.STARTING
    since: datetime | None = None
    retry_at: datetime | None = None
    cause: Exception | None = None

    @property
    def live(self) -> bool:
        return self.line is Line.LIVE
