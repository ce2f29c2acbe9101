"""Pauses between tries, by a clock that may be set."""

from datetime import datetime, timedelta


def rest(since: datetime, pause: timedelta, now: datetime) -> timedelta:
    """What is left of a pause. A clock that was put back ends it: who knows how long it was."""
    waited = now - since
    return pause - waited if timedelta() <= waited < pause else timedelta()
