"""The title and the sentence or two that tell of a shutdown or of a publication that ended."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from autosky_desktop.domain.inbox import ANSWERS, Entry, News
from autosky_desktop.domain.reminders import Minutes
from autosky_desktop.domain.server import Server, ShutdownReason
from autosky_desktop.domain.wire import Word
from autosky_desktop.words import publishing
from autosky_desktop.words.language import N_, _, ngettext
from autosky_desktop.words.times import clock, countdown, moment

HALF = timedelta(seconds=29)
"""A warning comes a moment after its time, and means the whole minute."""

REASONS: Mapping[Word, str] = {
    ShutdownReason.RUN_TIME: N_("Its run time ends."),
    ShutdownReason.DAILY: N_("Daily schedule."),
    ShutdownReason.MOVED: N_("The shutdown was moved there."),
}


def quiet_hours(hours: Sequence[int]) -> str:
    """Word quiet hours: From 22:00 to 06:00."""
    if len(hours) != 2:
        return _("Never")
    begin, end = (f"{hour:02}:00" for hour in hours)
    return _("From {begin} to {end}").format(begin=begin, end=end)


def at(when: datetime, now: datetime) -> str:
    """Return the time alone while that is today (19:00), else with its day."""
    same = when.astimezone().date() == now.astimezone().date()
    return clock(when) if same else moment(when, now=now, inside=True)


def left(until: datetime, now: datetime) -> str:
    """Return the time left, to the nearest whole minute: 10 min."""
    return countdown(until, now - HALF)


def title(entry: Entry, now: datetime) -> str:
    """Word the title of an entry: Preparation server stops at 19:00, in 10 min."""
    when = at(entry.at, now) if entry.at else ""
    match News(entry.news):
        case News.SOON if entry.at and entry.at > now:
            text = _("Preparation server stops at {time}, in {left}")
            return text.format(time=when, left=left(entry.at, now))
        case News.SOON:
            text = _("Preparation server was to stop at {time}")
        case News.HELD:
            text = _("Preparation server stays on after {time}")
        case News.MISSED:
            text = _("Missed: preparation server was to stop at {time}")
        case News.MOVED:
            text = _("{server} stops at {time}") if when else _(
                "{server} does not stop by itself"
            )  # fmt: skip
        case News.REFUSED:
            text = _("{server}: the shutdown was not moved")
        case News.UNANSWERED:
            text = _("{server}: the shutdown may have been moved")
        case News.PUBLISHED:
            text = _("Version {version} is published to {environment}")
        case News.FAILED if entry.step is None:
            text = _("Publication of version {version} did not start")
        case News.FAILED:
            text = _("Publication of version {version} failed at step {step}")
        case News.WAITS:
            text = _("Publication of version {version} waits for you")
        case _:
            text = "{environment}"
    return text.format(
        time=when,
        server=entry.server_name,
        version=entry.version,
        environment=entry.name,
        step=entry.step,
    )


def where(entry: Entry) -> str:
    """Say where it happens, as far as the title does not: ERP Production, PREP-ERP-PROD-01."""
    if News(entry.news) in ANSWERS:
        return entry.name
    if News(entry.news) in (News.PUBLISHED, News.UNKNOWN):
        return ""
    return ", ".join(part for part in (entry.name, entry.server_name) if part)


def more(entry: Entry, now: datetime) -> str:
    """Say why it happens, or what follows from it: Daily schedule."""
    return " ".join(part for part in (_more(entry), _unsure(entry, now)) if part)


def body(entry: Entry, now: datetime) -> str:
    """Word the text under the title: ERP Production, PREP-ERP-PROD-01. Daily schedule."""
    there = where(entry)
    return " ".join(part for part in (there and f"{there}.", more(entry, now)) if part)


def nothing(ahead: Minutes) -> str:
    """Say in an empty list what people are told of, and when."""
    if not ahead:
        return _(
            "No notifications. Reminders of shutdowns are switched off in Settings. You are told "
            "when a publication waits for you or has ended.",
        )
    text = _(
        "No notifications. You are reminded of shutdowns ({minutes}), and told when a publication "
        "waits for you or has ended.",
    )
    return text.format(minutes=minutes(ahead))


def _more(entry: Entry) -> str:
    match News(entry.news):
        case News.SOON:
            known = REASONS.get(ShutdownReason(entry.reason))
            return _(known) if known else ""
        case News.HELD:
            return _("A publication holds its shutdown until it has ended.")
        case News.MISSED:
            return _("You could not be told in time.")
        case News.PUBLISHED:
            return _("Users get it when they sign in.")
        case News.FAILED:
            why = publishing.in_short(entry.reason, entry.text)
            return why or _("Its details say why.")
        case News.WAITS:
            return _(
                "Look at the instances that have it, then go on or return to the previous version.",
            )
        case _:
            return entry.text


def _unsure(entry: Entry, now: datetime) -> str:
    if entry.unconfirmed is None:
        return ""
    since = at(entry.unconfirmed, now)
    return _("Not confirmed since {time}.").format(time=since)


def answered(server: Server, wanted: datetime, now: datetime) -> str:
    """Say what the control plane made of an extension."""
    stands = server.shutdown.at if server.shutdown else None
    if stands is None:
        return _("No shutdown is scheduled any more.")
    if abs(stands - wanted) < timedelta(minutes=1):
        return _("Confirmed by the control plane.")
    text = _("Not {wanted}: the control plane limits it.")
    if stands > wanted:  # a limit grants less, never more
        text = _("Not {wanted}: it was moved again since.")
    return text.format(wanted=at(wanted, now))


def minutes(ahead: Minutes) -> str:
    """Say when people are reminded: 60, 30, 10 and 2 minutes before; Never."""
    if not ahead:
        return _("Never")
    *most, last = [str(it) for it in sorted(ahead, reverse=True)]
    if not most:
        return ngettext("{n} minute before", "{n} minutes before", ahead[0]).format(n=last)
    text = _("{most} and {last} minutes before")
    return text.format(most=", ".join(most), last=last)
