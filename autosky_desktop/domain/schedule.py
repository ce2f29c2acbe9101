"""Daily moments: a clock time in a time zone, whatever daylight saving does to that day."""

from datetime import datetime, time, timedelta

from autosky_desktop.domain.local_time import resolved_in, zone_here

DAY = timedelta(days=1)


def next_daily(clock: str, time_zone: str, *, after: datetime) -> datetime:
    """Return the first moment after `after` at which it is `clock` ("19:00") in the zone, in UTC.

    A time the day skips is the first one after the gap; of one it has twice, the first counts.
    """
    zone, wanted = zone_here(time_zone), time.fromisoformat(clock)
    day = after.astimezone(zone).date() - DAY  # a skipped time may fall on the day after its own
    while True:
        moment = resolved_in(zone, day, wanted).first
        if moment > after:
            return moment
        day += DAY


def is_clock(text: str) -> bool:
    """Return whether the text is a clock time as daily moments are written ("19:00")."""
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return True


def clock_time(moment: datetime, time_zone: str) -> str:
    """Return the full hour that the clock shows there, as daily moments are written ("19:00")."""
    return f"{clock_in(moment, time_zone)[:2]}:00"


def clock_in(moment: datetime, time_zone: str) -> str:
    """Return what the clock shows there, such as "19:05"."""
    return f"{moment.astimezone(zone_here(time_zone)):%H:%M}"
