"""The only place of the desktop that reads the time."""

from datetime import UTC, datetime
from time import monotonic


def now() -> datetime:
    """The present moment, aware and in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Seconds that only ever go forward, and stand still while the computer sleeps."""
    return monotonic()
