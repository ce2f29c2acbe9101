"""The one clock of the control plane; whoever needs the time is handed a `Now`."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

Now = Callable[[], datetime]


def now() -> datetime:
    return datetime.now(UTC)


def steady() -> float:
    """Return seconds that nobody sets, and that do not pass while the computer sleeps."""
    return time.monotonic()


def asleep() -> float:
    """Return how many seconds the computer has slept, counted from some moment.

    Where the system does not count them, it is what the clock gained on the time awake: there, one
    that is set forward looks like a sleep.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME) - steady()
    return time.time() - steady()
