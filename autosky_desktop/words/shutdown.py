"""The sentences about a scheduled shutdown: when, why, and what came of moving it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.extending import Clash, latest
from autosky_desktop.domain.local_time import clock_in, is_clock, is_zone, next_daily
from autosky_desktop.domain.server import (
    ScheduledShutdown,
    Server,
    ShutdownMove,
    ShutdownReason,
    ShutdownRequest,
)
from autosky_desktop.words import states
from autosky_desktop.words.language import _
from autosky_desktop.words.times import at_clock, clock, day

SAME = timedelta(minutes=1)
EVENING, MORNING = 18, 6
"""The hours between which it is night."""
NIGHT = timedelta(hours=12)


def day_word(when: datetime, now: datetime) -> str:
    """Name the day inside a sentence: today, tomorrow, Fri 27 Nov."""
    days = (when.astimezone().date() - now.astimezone().date()).days
    return _("tomorrow") if days == 1 else day(when, now=now, inside=True)


def at(when: datetime, now: datetime) -> str:
    """Return the time alone while that is today (19:00), else with its day: tomorrow 01:00, Fri 27
    Nov 19:00.
    """
    same = when.astimezone().date() == now.astimezone().date()
    return clock(when) if same else at_clock(day_word(when, now), clock(when))


def moving(request: ShutdownRequest, now: datetime) -> str:
    """Say which change of the shutdown is under way: Moving to 20:00…"""
    if request.to is None:
        return _("Cancelling the shutdown…")
    if request.move is ShutdownMove.SET:
        text = _("Scheduling a shutdown at {time}…")
        return text.format(time=at(request.to, now))
    return _("Moving to {time}…").format(time=at(request.to, now))


def done(server: Server, request: ShutdownRequest, now: datetime) -> str:
    """Say what the control plane made of the request, for people who listen."""
    if server.shutdown is None:
        text = _("No shutdown of {server} is scheduled any more.")
        return text.format(server=server.name)
    text = _("{server} stops at {time}.")
    return differs(server, request, now) or text.format(
        server=server.name, time=at(server.shutdown.at, now)
    )


def differs(server: Server, request: ShutdownRequest, now: datetime) -> str:
    """Say how the shutdown differs from what was wanted; empty when it does not."""
    stands, wanted = server.shutdown.at if server.shutdown else None, request.to
    if stands is None:
        wanted_none = request.move is ShutdownMove.CANCEL
        return "" if wanted_none else _("No shutdown is scheduled any more.")
    if wanted is None and request.move is ShutdownMove.SKIP and stands != request.expected:
        return ""
    if wanted is None:
        text = _("The shutdown is still scheduled, at {time}.")
        return text.format(time=at(stands, now))
    if abs(stands - wanted) < SAME:
        return ""
    text = _("The shutdown is at {time}, not {wanted}, as the control plane limits it.")
    if stands > wanted:  # a limit grants less, never more
        text = _("The shutdown is at {time}, not {wanted}: it was moved again since.")
    return text.format(time=at(stands, now), wanted=at(wanted, now))


def who(shutdown: ScheduledShutdown) -> str:
    """Say who switches the server off, where it is told that the cloud may or may not."""
    if shutdown.kept is None or shutdown.held:
        return ""
    if shutdown.kept:
        return _("The cloud does it if this computer is off.")
    return _("This computer has to be on for it.")


def why(shutdown: ScheduledShutdown, environment: Environment | None, now: datetime) -> str:
    """Say why the server stops; a moment of another zone than this computer's has its name."""
    if shutdown.held:
        return _("A publication is running; the shutdown waits until it has ended.")
    match ShutdownReason(shutdown.reason):
        case ShutdownReason.RUN_TIME:
            return _("At the end of its run time.")
        case ShutdownReason.DAILY:
            return _daily(shutdown.at, environment)
        case ShutdownReason.MOVED:
            return _moved(shutdown, now)
        case _:
            return f"{states.as_received(shutdown.reason)}."


def _daily(at: datetime, environment: Environment | None) -> str:
    """Name the daily schedule; where clocks there differ from ours, with its time as it was set and
    the zone.
    """
    there = _daily_zone(at, environment)
    if environment is None or not there:
        return _("Daily schedule.")
    text = _("Daily schedule, {time} ({zone}).")
    return text.format(time=environment.daily_stop, zone=there)


def _daily_zone(at: datetime, environment: Environment | None) -> str:
    """Return the zone in which the daily stop is told; empty where clocks show the same there."""
    if environment is None or environment.daily_stop is None:
        return ""
    if environment.zone_known and _clock_there(at, environment) == clock(at):
        return ""
    return environment.time_zone if environment.zone_known else "UTC"


def zone_beside(shutdown: ScheduledShutdown, environment: Environment | None) -> str:
    """Return the zone that `why` names; empty when it names none."""
    told = not shutdown.held and ShutdownReason(shutdown.reason) is ShutdownReason.DAILY
    return _daily_zone(shutdown.at, environment) if told else ""


def _clock_there(at: datetime, environment: Environment) -> str:
    """Return the time of day in the environment's zone; empty for a zone this computer does not
    know.
    """
    return clock_in(at, environment.time_zone) if is_zone(environment.time_zone) else ""


def _moved(shutdown: ScheduledShutdown, now: datetime) -> str:
    origin, by = shutdown.moved_from, shutdown.moved_by
    if origin and by:
        text = _("Moved from {time} by {by}.")
    elif by:
        text = _("Set by {by}.")
    else:
        text = _("Moved.")
    return text.format(time=at(origin, now) if origin else "", by=by)


def keep(shutdown: ScheduledShutdown, now: datetime) -> str:
    """Name the button that changes nothing."""
    if shutdown.held:
        return _("Keep as it is")
    return _("Keep {time}").format(time=at(shutdown.at, now))


def keep_running(server: str, shutdown: ScheduledShutdown, now: datetime) -> str:
    """Ask whether the server is to be kept on: Keep PREP-ERP-PROD-01 running tonight?"""
    if is_tonight(shutdown.at, now):
        text = _("Keep {server} running tonight?")
    elif _is_today(shutdown.at, now):
        text = _("Keep {server} running today?")
    else:
        text = _("Keep {server} running?")
    return text.format(server=server)


def skip_button(shutdown: ScheduledShutdown, now: datetime) -> str:
    if is_tonight(shutdown.at, now):
        return _("Cancel tonight's shutdown")
    if _is_today(shutdown.at, now):
        return _("Cancel today's shutdown")
    return _("Cancel this shutdown")


def cancelled_once(shutdown: ScheduledShutdown, now: datetime) -> str:
    """Say what skipping one shutdown means; the daily schedule stays."""
    if shutdown.skips_to is None:
        return ""
    text = _(
        "it does not stop at {time} and keeps running, at cost, until somebody stops it or until "
        "{next}. The daily schedule stays.",
    )
    return text.format(time=at(shutdown.at, now), next=at(shutdown.skips_to, now))


def cancelled(shutdown: ScheduledShutdown, now: datetime) -> str:
    """Say what having no shutdown means."""
    if shutdown.skips_to is None:
        text = _(
            "It does not stop at {time} and keeps running, at cost, until somebody stops it. Its "
            "next start schedules a shutdown again.",
        )
    else:
        text = _(
            "it keeps running, at cost, until somebody stops it, tomorrow included. Its next start "
            "schedules a shutdown again.",
        )
    return text.format(time=at(shutdown.at, now))


def is_tonight(when: datetime, now: datetime) -> bool:
    """Tell whether a moment is in the evening of this day, or in the night that follows it or is
    now.
    """
    there, here = when.astimezone(), now.astimezone()
    near = there - here < NIGHT and (here <= there or (_is_night(here) and here - there < NIGHT))
    return _is_night(there) and near


def _is_night(local: datetime) -> bool:
    return local.hour >= EVENING or local.hour < MORNING


def _is_today(when: datetime, now: datetime) -> bool:
    return when.astimezone().date() == now.astimezone().date()


def extended(
    to: datetime, shutdown: ScheduledShutdown, environment: Environment, now: datetime
) -> str:
    """Say what extending until then means, as HTML."""
    text = _("Stops at <b>{to}</b> instead of {time}.")
    said = text.format(to=at(to, now), time=at(shutdown.at, now))
    if environment.daily_stop is None:
        return said
    return " ".join((said, *_schedule_after(to, shutdown, environment, now)))


def set_to(to: datetime, now: datetime) -> str:
    """Say what setting a shutdown means, as HTML."""
    text = _("It runs until <b>{time}</b> and then stops by itself.")
    return text.format(time=at(to, now))


def _schedule_after(
    to: datetime, shutdown: ScheduledShutdown, environment: Environment, now: datetime
) -> list[str]:
    if not (_clock_there(to, environment) and is_clock(environment.daily_stop or "")):
        return []
    following = next_daily(environment.daily_stop or "", environment.time_zone, after=to)
    after = _("After that the daily schedule applies again: its next stop is {next}.")
    said = [after.format(next=at(following, now))]
    if shutdown.skips_to and shutdown.skips_to <= to:
        skipped = _("The daily stop at {time} does not happen this time.")
        said.insert(0, skipped.format(time=at(shutdown.skips_to, now)))
    return said


def impossible(
    to: datetime, shutdown: ScheduledShutdown, environment: Environment, now: datetime
) -> str:
    """Say why the shutdown cannot be moved there; empty when it can."""
    if to <= now:
        return _("{time} has passed.").format(time=at(to, now))
    limit = latest(environment, now=now)
    if limit < max(to, shutdown.at):
        return beyond(environment, now)
    if to <= shutdown.at:
        text = _("It runs until {time} as it is. Choose a later moment.")
        return text.format(time=at(shutdown.at, now))
    return ""


def clashes(clash: Clash) -> str:
    """Say what the shutdown does about the publication in its way."""
    if clash.held:
        text = _("Held until the publication of version {n} has ended.")
    else:
        text = _(
            "Falls within the publication of version {n}, and waits until that has ended.",
        )
    return text.format(n=clash.version)


def why_not_behind(clash: Clash, environment: Environment | None, now: datetime) -> str:
    """Say why the shutdown cannot be moved behind the publication; empty when it can."""
    return "" if clash.movable or environment is None else beyond(environment, now)


def beyond(environment: Environment, now: datetime) -> str:
    """Say how far ahead the shutdown may be moved."""
    text = _("At most {n} h from now is allowed: until {time}.")
    until = latest(environment, now=now)
    return text.format(n=environment.longest_extension_hours, time=at(until, now))


def twice(moment: datetime, moments: Sequence[datetime]) -> str:
    """Say which of two moments is meant, on a day that has an hour twice; empty on other days."""
    if len(moments) < 2:
        return ""
    first = _("{time} occurs twice that day; the first one counts.")
    second = _("{time} occurs twice that day; the second one counts.")
    return (first if moment == moments[0] else second).format(time=clock(moment))


def publication_in_the_way(shutdown: ScheduledShutdown, version: int) -> str:
    """Say that a shutdown comes during a publication, which holds it."""
    text = _("Falls within the publication of version {n}, and waits until that has ended.")
    if shutdown.held:
        text = _("Held until the publication of version {n} has ended.")
    return text.format(n=version)


def move_after(version: int) -> str:
    return _("Move the shutdown after version {n}").format(n=version)
