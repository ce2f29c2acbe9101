"""Pauses between tries, by a clock that may be set."""

from datetime import datetime, timedelta


def begun_anew(until: datetime, pause: timedelta, now: datetime) -> datetime:
    """When a pause that lasts until then ends: as it was said, or all of it from now on when the
    clock was put back since, and it would be longer than it is.
    """
    return until if until - now <= pause else now + pause


def rest(since: datetime, pause: timedelta, now: datetime) -> timedelta:
    """What is left of a pause. A clock that was put back ends it: who knows how long it was."""
    waited = now - since
    return pause - waited if timedelta() <= waited < pause else timedelta()
