"""Works out when a preparation server switches itself off, at its start and after a move.

Pure. There is one moment; whatever moves it moves all there is.
"""

from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from autosky_desktop.domain.local_time import is_clock, next_daily
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import (
    LONGEST_EXTENSION_HOURS,
    ON,
    ScheduledShutdown,
    Server,
    ServerRole,
    ServerState,
    ShutdownMove,
    ShutdownReason,
    ShutdownRequest,
)
from autosky_desktop.server.refusal import Refusal

LONGEST_DAY = timedelta(hours=26)
WORTH_IT = timedelta(minutes=1)
"""What the limit must leave of an extension for it to be one."""


class ShutdownRules(Struct, frozen=True, kw_only=True):
    """The rules of an environment for its preparation server; `daily_stop` as in Environment."""

    run_hours: int
    time_zone: str
    daily_stop: str | None = None
    longest_extension_hours: int = LONGEST_EXTENSION_HOURS

    def next_stop(self, after: datetime) -> datetime | None:
        if self.daily_stop is None or not is_clock(self.daily_stop):
            return None
        return next_daily(self.daily_stop, self.time_zone, after=after)

    def is_daily_stop(self, at: datetime) -> bool:
        return self.next_stop(at - WORTH_IT) == at


def as_read(before: Server | None, read: Server) -> ScheduledShutdown | None:
    """Return the shutdown of the server as it was just read, unless it has just been started.

    A server that is not known to be on has none.
    """
    if before is None or ServerState(read.status) not in ON:
        return None
    return before.shutdown


def is_started(before: Server | None, read: Server) -> bool:
    """Return whether a preparation server has come on, which sets its shutdown."""
    was_on = before is not None and ServerState(before.status) in ON
    return read.role == ServerRole.PREPARATION and ServerState(read.status) in ON and not was_on


def at_start(rules: ShutdownRules, now: datetime, hours: int | None = None) -> ScheduledShutdown:
    """Return the end of the run time or the daily stop, whichever comes first. `hours` is how long
    it runs, None as usual.
    """
    run_out = now + timedelta(hours=hours or rules.run_hours)
    daily = rules.next_stop(now)
    if daily is None or run_out < daily:
        reason, at = ShutdownReason.RUN_TIME, run_out
    else:
        reason, at = ShutdownReason.DAILY, daily
    return ScheduledShutdown(at=at, reason=reason.value, skips_to=rules.next_stop(at))


def set_too_far(shutdown: ScheduledShutdown, rules: ShutdownRules, now: datetime) -> bool:
    """Return whether only a clock that was ahead can have set it so far ahead of now.

    A shutdown that skips daily stops may skip as many as it likes.
    """
    longest = timedelta(hours=rules.longest_extension_hours)
    match ShutdownReason(shutdown.reason):
        case ShutdownReason.RUN_TIME:
            longest = timedelta(hours=rules.run_hours)
        case ShutdownReason.DAILY:
            longest = LONGEST_DAY
        case ShutdownReason.MOVED if rules.daily_stop is None:
            pass
        case _:
            return False
    return shutdown.at - now > longest + WORTH_IT


def moved(
    server: Server, request: ShutdownRequest, rules: ShutdownRules, *, by: str, now: datetime
) -> ScheduledShutdown | None:
    """Return what the move makes of the server's shutdown; None: there is none. Raises Refusal."""
    before = server.shutdown
    if request.move is ShutdownMove.SET:
        return _set(server, request, rules, by=by, now=now)
    if before is None:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} has no shutdown to move", state=server.status
        )
    if request.expected != before.at:
        raise Refusal(
            Code.SHUTDOWN_MOVED,
            f"it is at {before.at.isoformat()}",
            by=before.moved_by,
            at=before.at,
        )
    if request.move is ShutdownMove.CANCEL:
        return None
    if request.move is ShutdownMove.SKIP:
        at = _skipped(before, server, rules, now)
    else:
        at = _granted(request.to, max(before.at, now), rules, now)
    return ScheduledShutdown(
        at=at,
        reason=ShutdownReason.MOVED.value,
        skips_to=rules.next_stop(at),
        moved_by=by,
        moved_from=before.at,
    )


def _set(
    server: Server, request: ShutdownRequest, rules: ShutdownRules, *, by: str, now: datetime
) -> ScheduledShutdown:
    """Set a shutdown for a server that has none, or an earlier one than was shown."""
    before = server.shutdown
    if before is not None and before.at != request.expected:
        at = before.at
        raise Refusal(Code.SHUTDOWN_MOVED, f"it is at {at.isoformat()}", by=before.moved_by, at=at)
    if server.role != ServerRole.PREPARATION or ServerState(server.status) not in ON:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} is {server.status}", state=server.status
        )
    at = _daily_or_granted(request.to, rules, now)
    if at == rules.next_stop(now):
        daily = ShutdownReason.DAILY.value
        return ScheduledShutdown(at=at, reason=daily, skips_to=rules.next_stop(at))
    return ScheduledShutdown(
        at=at,
        reason=ShutdownReason.MOVED.value,
        skips_to=rules.next_stop(at),
        moved_by=by,
        moved_from=before.at if before else None,
    )


def _daily_or_granted(to: datetime | None, rules: ShutdownRules, now: datetime) -> datetime:
    """Return the moment to set: a daily stop may be had again however far ahead it is."""
    if to is not None and to.tzinfo is not None and to > now and rules.is_daily_stop(to):
        return to
    return _granted(to, now, rules, now)


def held(shutdown: ScheduledShutdown) -> ScheduledShutdown:
    return replace(shutdown, held=True)


def _skipped(
    before: ScheduledShutdown, server: Server, rules: ShutdownRules, now: datetime
) -> datetime:
    """Return the daily stop to skip to. One that a publication has held for over a day skips to
    the first that lies ahead: what has passed would stop the server at once.
    """
    to = before.skips_to
    if to is not None and to <= now:
        to = rules.next_stop(now)
    if to is None:
        raise Refusal(Code.NOT_ALLOWED_NOW, f"{server.name} has no daily stop", state=server.status)
    return to


def _granted(
    to: datetime | None, present: datetime, rules: ShutdownRules, now: datetime
) -> datetime:
    """Return the moment granted: at most so far from now, and a part is granted if it is a gain."""
    if to is None or to.tzinfo is None or to <= present:
        raise Refusal(Code.INVALID_REQUEST, f"`to` must be later than {present.isoformat()}")
    latest = now.replace(microsecond=0) + timedelta(hours=rules.longest_extension_hours)
    if to > latest and latest - present < WORTH_IT:
        raise Refusal(
            Code.SHUTDOWN_LIMIT,
            f"at most {rules.longest_extension_hours} hours ahead of now",
            at=latest,
        )
    return min(to, latest)
