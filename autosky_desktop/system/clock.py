"""The clock of the desktop: nothing else in it reads the time."""

from datetime import UTC, datetime
from time import monotonic


def now() -> datetime:
    """Return the present moment, aware and in UTC."""
    return datetime.now(UTC)


def at(seconds: float) -> datetime:
    """Return the moment of a file's time."""
    return datetime.fromtimestamp(seconds, UTC)


def steady() -> float:
    """Return seconds that only ever go forward, and stand still while the computer sleeps."""
    return monotonic()
