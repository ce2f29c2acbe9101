"""The moments to which a scheduled shutdown may be moved, and those that a clock time means."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo

from msgspec import Struct

from autosky_desktop.domain import estimate
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.publication import Preview, Publication, under_way
from autosky_desktop.domain.server import ScheduledShutdown, ShutdownMove, ShutdownRequest

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
QUARTER = timedelta(minutes=15)
STEPS = tuple(timedelta(minutes=it) for it in (30, 60, 90, 120, 180))
"""What is offered beyond the moment that stands."""
ROOM = timedelta(minutes=10)
"""Between the end that is expected and the shutdown."""
UNKNOWN_LENGTH = timedelta(hours=1)


def later(shutdown: ScheduledShutdown, by: timedelta, *, now: datetime) -> datetime:
    """Return the shutdown's moment moved by `by`; one that has passed is moved from now instead."""
    begin = max(shutdown.at, now.replace(second=0, microsecond=0))
    return begin + by


def latest(environment: Environment, *, now: datetime) -> datetime:
    """Return the latest moment, a whole minute, to which a shutdown may be moved."""
    limit = now + environment.longest_extension_hours * HOUR
    return limit.replace(second=0, microsecond=0)


def offers(
    shutdown: ScheduledShutdown, environment: Environment, *, now: datetime
) -> Sequence[datetime]:
    """Return the moments worth a button, on the quarter of an hour, as far as they are allowed."""
    end = latest(environment, now=now)
    every = (rounded_up(later(shutdown, step, now=now), QUARTER) for step in STEPS)
    return [at for at in every if at <= end]


def is_as_asked(request: ShutdownRequest, shutdown: ScheduledShutdown | None) -> bool:
    """Return whether the shutdown is as was requested; a request may be granted in part."""
    if shutdown is None or request.move is ShutdownMove.CANCEL:
        return shutdown is None and request.move is ShutdownMove.CANCEL
    beyond = request.to is not None and shutdown.at > request.to
    return shutdown.at != request.expected and not beyond


def moments(local: datetime, zone: tzinfo | None = None) -> Sequence[datetime]:
    """Return the moments at which clocks show `local`: none in an hour that daylight saving skips,
    two in one that it repeats.

    `zone` None: the clocks of this computer.
    """
    told = local.replace(tzinfo=zone)
    found = {told.replace(fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(it for it in found if it.astimezone(zone).replace(tzinfo=None) == local)


def rounded_up(moment: datetime, step: timedelta) -> datetime:
    """Return the next moment that is a multiple of `step`."""
    over = (moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)) % step
    return moment + (step - over if over else timedelta())


def behind(
    preview: Preview, environment: Environment | None, at: datetime | None, *, now: datetime
) -> datetime | None:
    """Return a moment behind the publication, which begins `at` or now; None when the shutdown
    cannot be moved so far.
    """
    if environment is None:
        return None
    expected = preview.expected_high_seconds or preview.expected_seconds
    length = UNKNOWN_LENGTH if expected is None else timedelta(seconds=expected)
    wanted = rounded_up((at or now) + length + ROOM, QUARTER)
    return wanted if wanted <= latest(environment, now=now) else None


class Clash(Struct, frozen=True):
    """A publication of that version in the way of a shutdown, which is `held` for it or will be.

    `behind` is where the shutdown could be moved; `movable`: not at the limit already.
    """

    version: int
    held: bool
    behind: datetime
    movable: bool


def find_clash(
    shutdown: ScheduledShutdown,
    runs: Sequence[Publication],
    environment: Environment | None,
    *,
    now: datetime,
) -> Clash | None:
    """Return the clash of the shutdown with the publication that runs.

    None: no publication is in the way, as far as can be told.
    """
    run = under_way(runs)
    if run is None or environment is None:
        return None
    history = sorted(runs, key=lambda it: it.requested_at, reverse=True)
    left = estimate.left(run, history, now=now)
    end = now + (UNKNOWN_LENGTH if left is None else timedelta(seconds=left))
    if not shutdown.held and (left is None or end < shutdown.at):
        return None
    wanted = rounded_up(max(end + ROOM, shutdown.at), QUARTER)
    limit = latest(environment, now=now)
    return Clash(run.version, shutdown.held, min(wanted, limit), movable=shutdown.at < limit)
