"""Moments and lengths of time, as somebody writes them in a command."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from autosky_desktop.domain.local_time import Fit, is_zone, resolved
from autosky_desktop.domain.wire import LATEST
from autosky_desktop.words import console as words
from autosky_desktop.words.language import _

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
LENGTH = re.compile(r"(?:(\d{1,4})h)?(?:(\d{1,4})m)?", re.ASCII)
DAY = timedelta(days=1)


def moment(text: str, time_zone: str, now: datetime) -> datetime:
    """Return the moment that is meant in the zone: a time of day is the next one, a date and a time
    is that, and one with its distance from UTC needs no zone.

    Raises click.UsageError for none, for one that has passed, that clocks skip or that they repeat.
    """
    if not is_zone(time_zone):
        raise click.UsageError(_(words.NO_ZONE).format(zone=time_zone))
    try:
        found = _moment(text, ZoneInfo(time_zone), now)
    except (ValueError, OverflowError):  # no time at all, or one before the first year
        raise click.UsageError(_(words.NO_MOMENT).format(text=text)) from None
    if found >= LATEST:
        raise click.UsageError(_(words.NO_MOMENT).format(text=text))
    if found <= now:
        raise click.UsageError(_(words.PASSED).format(text=text))
    return found


def length(text: str) -> timedelta | None:
    """Return the length of time of 90m, 2h or 1h30m; None if it is none, or nothing."""
    found = LENGTH.fullmatch(text.strip())
    if found is None:
        return None
    return timedelta(hours=int(found[1] or 0), minutes=int(found[2] or 0)) or None


def needed_length(text: str) -> timedelta:
    """Return the length of time that is meant. Raises click.UsageError for none."""
    if found := length(text):
        return found
    raise click.UsageError(_(words.NO_DURATION).format(text=text))


def _moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if clock := CLOCK.fullmatch(text.strip()):
        return _next(time(int(clock[1]), int(clock[2])), zone, now)
    if ":" not in text:  # a date alone is no moment
        raise ValueError(text)
    given = datetime.fromisoformat(text.strip())
    return given.astimezone(UTC) if given.tzinfo else _once(given, zone)


def _next(clock: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return when the clocks in the zone show that next."""
    today = now.astimezone(zone).date()
    over = resolved(today, clock, zone.key).moments[-1].at <= now
    return _once(datetime.combine(today + DAY if over else today, clock), zone)


def _once(local: datetime, zone: ZoneInfo) -> datetime:
    """Return the one moment at which clocks show that. Raises click.UsageError for none or two."""
    found = resolved(local.date(), local.time(), zone.key)
    if found.fit is Fit.ONCE:
        return found.first
    text = local.isoformat(" ", timespec="minutes")
    if found.fit is Fit.SKIPPED:
        raise click.UsageError(_(words.SKIPPED).format(text=text, zone=zone.key))
    first, second = (it.at.astimezone(zone).isoformat(timespec="minutes") for it in found.moments)
    said = _(words.TWICE).format(text=text, zone=zone.key, first=first, second=second)
    raise click.UsageError(said)
