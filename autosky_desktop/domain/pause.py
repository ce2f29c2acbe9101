"""The length of pauses between tries, and what is left of one by a clock that may be set."""

from datetime import datetime, timedelta

MOST_DOUBLINGS = 30


def pause_after(failures: int, *, first: float, longest: float) -> float:
    """Return the seconds until the next try after so many failures (from 1): `first`, and twice as
    long each time, but no longer than `longest`.
    """
    doublings: int = min(failures - 1, MOST_DOUBLINGS)
    return float(min(first * 2**doublings, longest))


def begun_anew(until: datetime, pause: timedelta, now: datetime) -> datetime:
    """Return when a pause ends that was to last until `until`: then, unless the clock was put back
    since. A pause that would be longer than `pause` because of that begins anew now.
    """
    return until if until - now <= pause else now + pause


def rest(since: datetime, pause: timedelta, now: datetime) -> timedelta:
    """Return the time left of a pause, none when it is over.

    A clock that was put back ends it: who knows how long it was.
    """
    waited = now - since
    return pause - waited if timedelta() <= waited < pause else timedelta()
