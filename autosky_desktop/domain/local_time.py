"""Conversion of a date and a clock time in a time zone to the moment they mean: one, none or two.

A zone that was known when it was chosen need not be known later, or on another computer: what is
kept is reckoned with `zone_here`, which has an answer for every name.
"""

import struct
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

from autosky_desktop.domain.wire import Statement

MIDNIGHT = time()

UTC_NAMES = frozenset(
    {"UTC", "Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Universal", "Zulu"}
)
BESIDE = frozenset({"localtime", "posixrules", "Factory"})
COPIES = ("posix/", "right/")
"""Files beside the zones: what this computer is set to, and clocks that count leap seconds."""
DAY = timedelta(days=1)


class Fit(StrEnum):
    """The number of times a day has a clock time: none if clocks skip it, two if they repeat it."""

    ONCE = "once"
    SKIPPED = "skipped"
    TWICE = "twice"


class Moment(Struct, frozen=True):
    """A moment in UTC, and how far the zone's clocks are ahead of UTC then."""

    at: datetime
    offset: timedelta


class Resolved(Struct, frozen=True, kw_only=True):
    """The moments a clock time means, earliest first; if skipped, the first after the gap."""

    fit: Fit
    moments: tuple[Moment, ...]

    @property
    def first(self) -> datetime:
        return self.moments[0].at


class WallClock(Statement, frozen=True, kw_only=True):
    """The time a clock shows in a zone: `local` is "2027-01-15T22:00:00"; `second` means the second
    of two moments that show it on the same day.
    """

    local: str
    second: bool = False


def same_zone(one: str, other: str) -> bool:
    """Return whether both names mean one zone, as far as names can tell."""
    return one == other or {one, other} <= UTC_NAMES


def is_zone(name: str) -> bool:
    """Return whether the name is a time zone this computer knows, and not a file beside them."""
    return _zone(name) is not None


def zone_here(name: str) -> tzinfo:
    """Return the zone of that name; UTC for one that this computer does not know."""
    return _zone(name) or UTC


def name_here(name: str) -> str:
    """Return the name of the zone that `zone_here` returns."""
    return name if is_zone(name) else "UTC"


def resolved(day: date, clock: time, time_zone: str) -> Resolved:
    """Return when it is `clock` on `day` in the zone. Raises KeyError for a zone not known here."""
    if (zone := _zone(time_zone)) is None:
        raise KeyError(time_zone)
    return resolved_in(zone, day, clock)


def resolved_in(zone: tzinfo, day: date, clock: time) -> Resolved:
    """Return when it is `clock` on `day` in that zone."""
    local = datetime.combine(day, clock.replace(fold=0), zone)
    earlier, later = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if earlier == later:
        return _resolved(Fit.ONCE, local, earlier)
    if earlier < later:
        return _resolved(Fit.TWICE, local, earlier, later)
    return _resolved(Fit.SKIPPED, local, _end_of_gap(later, earlier, local))


def wall_clock(at: datetime, time_zone: str) -> WallClock | None:
    """Return what the clock shows in the zone at that moment; None for a zone not known here."""
    if (zone := _zone(time_zone)) is None:
        return None
    local = at.astimezone(zone)
    return WallClock(local=local.replace(tzinfo=None).isoformat(), second=bool(local.fold))


def meant_at(meant: WallClock, time_zone: str) -> datetime | None:
    """Return the moment at which the clock shows that, by today's rules; None: unknown zone, or no
    clock time.
    """
    if (zone := _zone(time_zone)) is None:
        return None
    try:
        local = datetime.fromisoformat(meant.local)
    except ValueError:
        return None
    moments = resolved_in(zone, local.date(), local.time()).moments
    return moments[-1 if meant.second else 0].at


def forget_rules() -> None:
    """Forget every zone's rules, so that they are read anew when next asked for."""
    from zoneinfo import ZoneInfo

    ZoneInfo.clear_cache()


def month(moment: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """Return the calendar month of the moment in the zone: its start and the next one's, in UTC."""
    zone = zone_here(time_zone)
    first = moment.astimezone(zone).date().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    begin, end = (resolved_in(zone, day, MIDNIGHT).first for day in (first, following))
    return begin, end


def _zone(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo  # not before somebody asks

    if name in BESIDE or name.startswith(COPIES):
        return None
    try:
        return ZoneInfo(name)
    # not there; no name at all; a folder of zones; a file that is none
    except (KeyError, ValueError, OSError, struct.error):
        return UTC if name == "UTC" else None


def _resolved(fit: Fit, local: datetime, *moments: datetime) -> Resolved:
    return Resolved(fit=fit, moments=tuple(Moment(at, _offset(at, local)) for at in moments))


def _offset(at: datetime, local: datetime) -> timedelta:
    offset = at.astimezone(local.tzinfo).utcoffset()
    assert offset is not None
    return offset


def _end_of_gap(before: datetime, after: datetime, local: datetime) -> datetime:
    """Return the moment between the two at which the clocks are put forward."""
    offset = _offset(after, local)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if _offset(middle, local) == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


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
