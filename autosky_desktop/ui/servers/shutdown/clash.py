"""A publication that is still running when the server is to be switched off."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from autosky_desktop.domain import estimate
from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.extending import QUARTER, latest, rounded_up
from autosky_desktop.domain.publication import Publication, under_way
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.words import shutdown as words

ROOM = timedelta(minutes=10)
"""Between the end that is expected and the shutdown."""
UNKNOWN_END = timedelta(hours=1)


class Clash(Struct, frozen=True):
    """The words about a publication in the way of a shutdown.

    `behind` is where the shutdown could be moved; `reason` says why it cannot.
    """

    text: str
    name: str
    behind: datetime
    reason: str


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
    end = now + (UNKNOWN_END if left is None else timedelta(seconds=left))
    if not shutdown.held and (left is None or end < shutdown.at):
        return None
    wanted = rounded_up(max(end + ROOM, shutdown.at), QUARTER)
    limit = latest(environment, now=now)
    possible = shutdown.at < limit
    return Clash(
        words.publication_in_the_way(shutdown, run.version),
        words.move_after(run.version),
        min(wanted, limit),
        "" if possible else words.beyond(environment, now),
    )
