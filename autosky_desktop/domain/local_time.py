"""What a date and a clock time mean in a time zone: one moment, none or two. Pure.

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


class Fit(StrEnum):
    """How often a day has a clock time: where clocks are put forward never, put back twice."""

    ONCE = "once"
    SKIPPED = "skipped"
    TWICE = "twice"


class Moment(Struct, frozen=True):
    """A moment in UTC, and how far the zone's clocks are ahead of UTC then."""

    at: datetime
    offset: timedelta


class Resolved(Struct, frozen=True, kw_only=True):
    """`moments`, earliest first: of a skipped time, the first moment after the gap alone."""

    fit: Fit
    moments: tuple[Moment, ...]

    @property
    def first(self) -> datetime:
        return self.moments[0].at


class WallClock(Statement, frozen=True, kw_only=True):
    """What a clock shows in a zone: `local` is "2027-01-15T22:00:00"; `second`: of a time that the
    day has twice, the second is meant.
    """

    local: str
    second: bool = False


def same_zone(one: str, other: str) -> bool:
    """Whether both names are of one zone, as far as that can be told by names."""
    return one == other or {one, other} <= UTC_NAMES


def is_zone(name: str) -> bool:
    """Whether it is the name of a time zone this computer knows, and of no file beside them."""
    return _zone(name) is not None


def zone_here(name: str) -> tzinfo:
    """The zone; UTC for one that this computer does not know."""
    return _zone(name) or UTC


def name_here(name: str) -> str:
    """What times in `zone_here` are told to be in."""
    return name if is_zone(name) else "UTC"


def resolved(day: date, clock: time, time_zone: str) -> Resolved:
    """When it is `clock` on `day` in the zone. Raises KeyError for one that is not known here."""
    if (zone := _zone(time_zone)) is None:
        raise KeyError(time_zone)
    return resolved_in(zone, day, clock)


def resolved_in(zone: tzinfo, day: date, clock: time) -> Resolved:
    """When it is `clock` on `day` there."""
    local = datetime.combine(day, clock.replace(fold=0), zone)
    earlier, later = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    if earlier == later:
        return _resolved(Fit.ONCE, local, earlier)
    if earlier < later:
        return _resolved(Fit.TWICE, local, earlier, later)
    return _resolved(Fit.SKIPPED, local, _end_of_gap(later, earlier, local))


def wall_clock(at: datetime, time_zone: str) -> WallClock | None:
    """What the clock shows there then; None: nobody here knows."""
    if (zone := _zone(time_zone)) is None:
        return None
    local = at.astimezone(zone)
    return WallClock(local=local.replace(tzinfo=None).isoformat(), second=bool(local.fold))


def meant_at(meant: WallClock, time_zone: str) -> datetime | None:
    """The moment at which the clock shows that, by the rules as they are; None: nobody knows."""
    if (zone := _zone(time_zone)) is None:
        return None
    local = datetime.fromisoformat(meant.local)
    moments = resolved_in(zone, local.date(), local.time()).moments
    return moments[-1 if meant.second else 0].at


def forget_rules() -> None:
    """The rules of every zone are read anew when it is next asked for."""
    from zoneinfo import ZoneInfo

    ZoneInfo.clear_cache()


def month(moment: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """The calendar month of the moment in the zone, in UTC: its beginning and the next one's."""
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
    """The moment the clocks are put forward, between the two."""
    offset = _offset(after, local)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) / 2
        if _offset(middle, local) == offset:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)
