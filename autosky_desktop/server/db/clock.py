"""The one clock of the control plane; whoever needs the time is handed a `Now`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def steady() -> float:
    """Return seconds that nobody sets, and that do not pass while the computer sleeps."""
    return time.monotonic()
