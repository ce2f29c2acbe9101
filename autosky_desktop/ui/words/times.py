"""The moments and durations as a person reads them.

There is one habit on every screen. A bare time is what this computer's clock shows, as the tray and
the reminders need it, which speak of several environments at once. A time that is meant in another
zone, as a form's or a schedule's is, has the name of that zone beside it, in every sentence, button
and check (`words.scheduling.when`); on a card or in a question that has such a time, those of this
computer have theirs too (`words.scheduling.named_here`). A letter, which is read anywhere, always
has one.
"""

from datetime import datetime

from PySide6.QtCore import QLocale, QTimeZone

from autosky_desktop.domain.local_time import name_here, same_zone
from autosky_desktop.ui.words.language import translate


def zone() -> str:
    """Return the zone in which this computer shows times: America/Sao_Paulo."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    return name or "UTC"


def is_here(time_zone: str) -> bool:
    """Tell whether this computer's clock shows that zone's time."""
    return same_zone(name_here(time_zone), zone())


def clock(moment: datetime, *, seconds: bool = False) -> str:
    """Write the time of day: 18:33, or 18:33:11 with `seconds`."""
    return moment.astimezone().strftime("%H:%M:%S" if seconds else "%H:%M")


def clock_or_moment(when: datetime, *, now: datetime, seconds: bool = False) -> str:
    """Write the time of day, 18:33, or the moment where that was another day: Fri 20 Nov 18:33."""
    if when.astimezone().date() == now.astimezone().date():
        return clock(when, seconds=seconds)
    return moment(when, now=now)


def day(moment: datetime, *, now: datetime, inside: bool = False) -> str:
    """Name the day: Today, Fri 20 Nov, and with the year when it is another one; `inside` a
    sentence: today.
    """
    local, today = moment.astimezone(), now.astimezone()
    if local.date() == today.date():
        return translate("time", "today") if inside else translate("time", "Today")
    locale = QLocale()
    name = locale.dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
    month = locale.monthName(local.month, QLocale.FormatType.ShortFormat)
    text = f"{name} {local.day} {month}"
    return text if local.year == today.year else f"{text} {local.year}"


def day_and_month(moment: datetime) -> str:
    """Write the day and the month: 1 December."""
    local = moment.astimezone()
    return f"{local.day} {QLocale().monthName(local.month, QLocale.FormatType.LongFormat)}"


def moment(when: datetime, *, now: datetime, inside: bool = False) -> str:
    """Name a moment: Today 18:42, Fri 20 Nov 19:04; `inside` a sentence: today 18:42."""
    return f"{day(when, now=now, inside=inside)} {clock(when)}"


def moment_in_full(when: datetime) -> str:
    """Write a moment with its year and seconds: Tue 10 Nov 2026 20:00:07."""
    local = when.astimezone()
    locale = QLocale()
    name = locale.dayName(local.isoweekday(), QLocale.FormatType.ShortFormat)
    month = locale.monthName(local.month, QLocale.FormatType.ShortFormat)
    return f"{name} {local.day} {month} {local.year} {local:%H:%M:%S}"


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
        return translate("time", "{hours} h {minutes:02} min").format(hours=hours, minutes=minutes)
    if minutes:
        return translate("time", "{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return translate("time", "{seconds} s").format(seconds=rest)


def about(seconds: float) -> str:
    """Write an estimated duration: 17 min. It does not count seconds beyond a minute."""
    rounded = max(5, round(seconds / 5) * 5)
    if rounded < 60:
        return translate("time", "{seconds} s").format(seconds=rounded)
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return translate("time", "{minutes} min").format(minutes=minutes)
    return translate("time", "{hours} h {minutes:02} min").format(
        hours=minutes // 60, minutes=minutes % 60
    )


def about_from_to(low: float, high: float) -> str:
    """Write an estimated range: 8 to 11 min, 40 s to 2 min; 17 min when both round to that."""
    first, last = about(low), about(high)
    if first == last:
        return first
    if low >= 57.5 and high < 3570:
        first = str(round(low / 60))
    return translate("time", "{low} to {high}").format(low=first, high=last)


def countdown(until: datetime, now: datetime) -> str:
    """Write how long it is until then in whole minutes, never less than one: 27 min, 3 h 42 min."""
    minutes = max(1, int((until - now).total_seconds() // 60))
    if minutes < 60:
        return translate("time", "{minutes} min").format(minutes=minutes)
    return translate("time", "{hours} h {minutes:02} min").format(
        hours=minutes // 60, minutes=minutes % 60
    )


def elapsed(since: datetime, now: datetime) -> str:
    """Write the time so far of something under way: 42 s, 3 min 05 s, 1 h 40 min."""
    minutes, seconds = divmod(max(0, int((now - since).total_seconds())), 60)
    if minutes >= 60:
        return countdown(now, since)
    if minutes:
        return translate("time", "{minutes} min {seconds:02} s").format(
            minutes=minutes, seconds=seconds
        )
    return translate("time", "{seconds} s").format(seconds=seconds)
