"""The moments and durations as a person reads them.

There is one habit on every screen. A bare time is what this computer's clock shows, as the tray and
the reminders need it, which speak of several environments at once. A time that is meant in another
zone, as a form's or a schedule's is, has the name of that zone beside it, in every sentence, button
and check (`words.scheduling.when`); on a card or in a question that has such a time, those of this
computer have theirs too (`words.scheduling.named_here`). A letter, which is read anywhere, always
has one.

The names of days and months and their order are texts of the catalogue like all others, and so are
the signs in a number (`words.counts`). A language is one file then, English costs nothing, and
neither Qt nor Babel, which unpacks 33 MB of languages, is needed to write a date. The clock has 24
hours in every language we speak.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from autosky_desktop.domain.local_time import is_zone, name_here, same_zone, zone_here
from autosky_desktop.words.language import N_, NP_, _, pgettext

DAYS = (
    NP_("short", "Mon"), NP_("short", "Tue"), NP_("short", "Wed"), NP_("short", "Thu"),
    NP_("short", "Fri"), NP_("short", "Sat"), NP_("short", "Sun"),
)  # fmt: skip
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip
MONTHS_IN_SHORT = (
    NP_("short", "Jan"), NP_("short", "Feb"), NP_("short", "Mar"), NP_("short", "Apr"),
    NP_("short", "May"), NP_("short", "Jun"), NP_("short", "Jul"), NP_("short", "Aug"),
    NP_("short", "Sep"), NP_("short", "Oct"), NP_("short", "Nov"), NP_("short", "Dec"),
)  # fmt: skip


JANUARY, JULY = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 7))


def zone() -> str:
    """Return the zone in which this computer shows times: America/Sao_Paulo.

    A clock may follow no zone, by a rule of its own as in TZ=BRT3, or another one than it did when
    its name was read: then return how far it is from UTC.
    """
    for name in _names():
        if is_zone(name) and _ahead(name) == _ahead():
            return name
    january, july = _ahead()
    return offset(january) if january == july else time.tzname[0]


def _names() -> Iterator[str]:
    """Yield the names under which this computer's zone may be known."""
    from zoneinfo import ZoneInfoNotFoundError

    from tzlocal import get_localzone_name  # not before somebody asks

    with suppress(ZoneInfoNotFoundError):  # it is set in several ways that differ
        yield get_localzone_name() or "UTC"
    yield os.environ.get("TZ", "").removeprefix(":")
    yield time.tzname[0]


def _ahead(name: str = "") -> tuple[timedelta, ...]:
    """Return how far its clock is ahead of UTC, in winter and summer; without a name, ours."""
    there = zone_here(name) if name else None
    return tuple(it.astimezone(there).utcoffset() or timedelta() for it in (JANUARY, JULY))


def offset(ahead: timedelta) -> str:
    """Write an offset from UTC: UTC+5:30, UTC. One behind UTC has a minus sign."""
    minutes = round(ahead.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{hours}:{rest:02}" if rest else f"UTC{sign}{hours}"


def is_here(time_zone: str) -> bool:
    """Tell whether this computer's clock shows that zone's time."""
    return same_zone(name_here(time_zone), zone())


def date_in_short(day: date, *, year: bool = False) -> str:
    """Write a date in short: Tue 24 Nov, or Tue 24 Nov 2026."""
    text = _("{weekday} {day} {month} {year}") if year else _("{weekday} {day} {month}")
    return text.format(
        weekday=pgettext("short", DAYS[day.weekday()]),
        day=day.day,
        month=pgettext("short", MONTHS_IN_SHORT[day.month - 1]),
        year=day.year,
    )


def date_format() -> str:
    """Return the format of a date in short as Qt has it, for fields: ddd d MMM yyyy."""
    parts = {"weekday": "ddd", "day": "d", "month": "MMM", "year": "yyyy"}
    text = _("{weekday} {day} {month} {year}")
    quoted = re.sub(r"[^\W\d_]+(?![^{]*})", lambda word: f"'{word[0]}'", text)
    return quoted.format(**parts)


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """Write the time of day: 18:33, or 18:33:11 with `seconds`."""
    return moment.astimezone().strftime("%H:%M:%S" if seconds else "%H:%M")


def clock_or_moment(when: datetime, *, now: datetime | None, seconds: bool = False) -> str:
    """Write the time of day, 18:33, or the moment where that is another day: Fri 20 Nov 18:33. It
    has its day as well where nobody knows what day it is now (None).
    """
    if now is None:
        return at_clock(date_in_short(when.astimezone()), clock(when, seconds=seconds))
    if when.astimezone().date() == now.astimezone().date():
        return clock(when, seconds=seconds)
    return moment(when, now=now)


def day(moment: datetime, *, now: datetime, inside: bool = False) -> str:
    """Name the day: Today, Fri 20 Nov, and with the year when it is another one; `inside` a
    sentence: today.
    """
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return _("today") if inside else _("Today")
    return date_in_short(local, year=local.year != today.year)


def day_and_month(moment: datetime) -> str:
    """Write the day and the month of a moment by this computer's clock: 1 December."""
    return date_without_year(moment.astimezone())


def date_without_year(day: date) -> str:
    """Write the day and the month of a date: 1 December."""
    return _("{day} {month}").format(day=day.day, month=_(MONTHS[day.month - 1]))


def moment(when: datetime, *, now: datetime, inside: bool = False) -> str:
    """Name a moment: Today 18:42, Fri 20 Nov 19:04; `inside` a sentence: today 18:42."""
    return at_clock(day(when, now=now, inside=inside), clock(when))


def at_clock(day: str, clock: str) -> str:
    """Put a day and a time of that day together: today 18:42."""
    return _("{day} {time}").format(day=day, time=clock)


def moment_in_full(when: datetime) -> str:
    """Write a moment with its year and seconds: Tue 10 Nov 2026 20:00:07."""
    return at_clock(date_in_short(when.astimezone(), year=True), clock(when, seconds=True))


def duration(seconds: float) -> str:
    """Write a duration for columns of figures: 14:22, or 1:04:22."""
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def duration_in_words(seconds: float) -> str:
    """Write a duration for details and sentences: 14 min 22 s."""
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{hours} h {minutes:02} min").format(hours=hours, minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return _("{seconds} s").format(seconds=rest)


def about(seconds: float) -> str:
    """Write an estimated duration: 17 min. It does not count seconds beyond a minute."""
    rounded = max(5, round(seconds / 5) * 5)
    if rounded < 60:
        return _("{seconds} s").format(seconds=rounded)
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)


def about_from_to(low: float, high: float) -> str:
    """Write an estimated range: 8 to 11 min, 40 s to 2 min; 17 min when both round to that."""
    first, last = about(low), about(high)
    if first == last:
        return first
    if low >= 57.5 and high < 3570:
        first = str(round(low / 60))
    return _("{low} to {high}").format(low=first, high=last)


def countdown(until: datetime, now: datetime) -> str:
    """Write how long it is until then in whole minutes, never less than one: 27 min, 3 h 42 min."""
    minutes = max(1, int((until - now).total_seconds() // 60))
    if minutes < 60:
        return _("{minutes} min").format(minutes=minutes)
    return _("{hours} h {minutes:02} min").format(hours=minutes // 60, minutes=minutes % 60)


def elapsed(since: datetime, now: datetime) -> str:
    """Write the time so far of something under way: 42 s, 3 min 05 s, 1 h 40 min."""
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), 60)
    if minutes >= 60:
        return countdown(now, since)
    if minutes:
        return _("{minutes} min {seconds:02} s").format(minutes=minutes, seconds=seconds)
    return _("{seconds} s").format(seconds=seconds)
