"""The moments in a zone that need not be this computer's: in words, in UTC, skipped or doubled."""

from datetime import UTC, date, datetime, time, timedelta

from autosky_desktop.domain.local_time import Moment, is_zone, name_here, same_zone, zone_here
from autosky_desktop.words.language import _, ngettext
from autosky_desktop.words.times import (
    at_clock,
    countdown,
    date_in_short,
    date_without_year,
    is_here,
    offset,
    zone,
)

DAY = timedelta(days=1)


def in_zone(at: datetime, time_zone: str) -> datetime:
    """Convert a moment to that zone, or to UTC where this computer does not know the zone."""
    return at.astimezone(zone_here(time_zone))


def day_of(at: datetime, time_zone: str, now: datetime) -> str:
    """Name the day inside a sentence: today, tomorrow, Fri 27 Nov; with the year when it is another
    one.
    """
    day, today = in_zone(at, time_zone).date(), in_zone(now, time_zone).date()
    if day == today:
        return _("today")
    if day == today + DAY:
        return _("tomorrow")
    return date_in_short(day, year=day.year != today.year)


def when(at: datetime, time_zone: str, now: datetime) -> str:
    """Name a moment inside a sentence: today 22:00, Fri 27 Nov 22:00 (Europe/Lisbon)."""
    return named(when_there(at, time_zone, now), time_zone)


def when_there(at: datetime, time_zone: str, now: datetime) -> str:
    """Name a moment as `when` does, but without the zone, which stands beside it anyway."""
    return at_clock(day_of(at, time_zone, now), f"{in_zone(at, time_zone):%H:%M}")


def when_named(at: datetime, time_zone: str, now: datetime) -> str:
    """Name a moment as `when` does, but always with the zone, as a time of another one stands
    beside it: 22:00 (UTC), even here.
    """
    return f"{when_there(at, time_zone, now)} ({name_here(time_zone)})"


def clock_there(at: datetime, time_zone: str) -> str:
    """Write the time of day in that zone: 22:00, 22:00 (Europe/Lisbon)."""
    return named(f"{in_zone(at, time_zone):%H:%M}", time_zone)


def clock_or_day_there(at: datetime, time_zone: str, now: datetime | None) -> str:
    """Write the time of day in that zone, with the day where that is another one there than now, or
    where nobody knows what day it is: 22:00, Fri 27 Nov 22:00 (Europe/Lisbon).
    """
    there = in_zone(at, time_zone)
    if now and in_zone(now, time_zone).date() == there.date():
        return clock_there(at, time_zone)
    return named(at_clock(date_in_short(there), f"{there:%H:%M}"), time_zone)


def clock_named(at: datetime, time_zone: str) -> str:
    """Write the time of day in that zone, always with its name: 22:00 (Europe/Lisbon)."""
    return f"{in_zone(at, time_zone):%H:%M} ({name_here(time_zone)})"


def named(text: str, time_zone: str) -> str:
    """Add the name of the zone, unless it is this computer's."""
    return text if is_here(time_zone) else f"{text} ({name_here(time_zone)})"


def named_here(text: str, at: datetime, beside: str) -> str:
    """Add the name of this computer's zone to a time of its clock, where times of another zone
    stand beside it (`beside`).
    """
    if not beside or is_here(beside):
        return text
    here, ahead = zone(), at.astimezone().utcoffset() or timedelta()
    named = is_zone(here) and not same_zone(here, "UTC")
    return f"{text} ({here if named else offset(ahead)})"


def ahead(at: datetime, now: datetime) -> str:
    """Say how far ahead a moment is: in 3 h 27 min, in 6 days; due now, once it is over."""
    if at <= now:
        return _("due now")
    if at - now < 2 * DAY:
        return _("in {time}").format(time=countdown(at, now))
    return _in_days((at - now) // DAY)


def _in_days(number: int) -> str:
    return ngettext("in {n} day", "in {n} days", number).format(n=number)


def in_words(
    at: datetime, time_zone: str, now: datetime, *, inside: bool = False
) -> tuple[str, str]:
    """Tell a moment in two sentences: Today at 22:00, in 3 h 27 min. That is 01:00 UTC on 25
    November. `inside`: the first begins in lower case, today at …
    """
    day = day_of(at, time_zone, now)
    first = _("{day} at {time}, {ahead}.").format(
        day=day if inside else day[:1].upper() + day[1:],
        time=clock_there(at, time_zone),
        ahead=ahead(at, now),
    )
    universal = at.astimezone(UTC)
    second = _("That is {time} UTC on {day}.").format(
        time=f"{universal:%H:%M}", day=date_without_year(universal)
    )
    return first, second


def only_while_open() -> str:
    return _(
        "Autosky Desktop has to be open on this computer at that time, or within the 15 "
        "minutes after it; otherwise the publication is missed.",
    )


def over(clock: time) -> str:
    text = _("{time} has passed. Choose a later time.")
    return text.format(time=f"{clock:%H:%M}")


def day_over(day: date) -> str:
    text = _("{day} has passed. Choose a later day.")
    return text.format(day=date_in_short(day, year=True))


def no_time() -> str:
    return _("Enter a time, such as 22:00.")


def skipped(day: date, clock: time, time_zone: str) -> str:
    text = _(
        "{time} does not exist on {day} in {zone}, because the clocks go forward. Choose "
        "when to run it instead.",
    )
    return text.format(time=f"{clock:%H:%M}", day=date_in_short(day), zone=time_zone)


def twice(day: date, clock: time, time_zone: str) -> str:
    text = _(
        "{time} occurs twice on {day} in {zone}, because the clocks go back. Choose which one.",
    )
    return text.format(time=f"{clock:%H:%M}", day=date_in_short(day), zone=time_zone)


def instead(moment: Moment, time_zone: str) -> str:
    """Name a time to choose for one that does not exist: At 03:00, right after the change."""
    text = _("At {time}, right after the change")
    return text.format(time=f"{in_zone(moment.at, time_zone):%H:%M}")


def one_of_two(number: int, moment: Moment) -> str:
    texts = (
        _("The first ({offset})"),
        _("The second ({offset})"),
    )
    return texts[number].format(offset=offset(moment.offset))
