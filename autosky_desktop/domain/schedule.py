"""Daily moments: a clock time in a time zone, whatever daylight saving does to that day."""

from datetime import datetime, time, timedelta

from autosky_desktop.domain.local_time import resolved

DAY = timedelta(days=1)


def next_daily(clock: str, time_zone: str, *, after: datetime) -> datetime:
    """The first moment later than `after` at which it is `clock` ("19:00") in the zone, in UTC.

    A time the day skips is the first one after the gap; of one it has twice, the first counts.
    """
    from zoneinfo import ZoneInfo  # not before there is something daily

    zone, wanted = ZoneInfo(time_zone), time.fromisoformat(clock)
    day = after.astimezone(zone).date() - DAY  # a skipped time may fall on the day after its own
    while True:
        moment = resolved(day, wanted, time_zone).first
        if moment > after:
            return moment
        day += DAY


def clock_time(moment: datetime, time_zone: str) -> str:
    """The full hour the clock shows there, as a daily moment is written."""
    return f"{clock_in(moment, time_zone)[:2]}:00"


def clock_in(moment: datetime, time_zone: str) -> str:
    """What the clock shows there."""
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(time_zone)):%H:%M}"
