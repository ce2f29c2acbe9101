"""The things in an environment that need attention now, and when there will be more of them."""

from datetime import datetime, timedelta
from enum import StrEnum

from autosky_desktop.domain.environment import Environment
from autosky_desktop.domain.server import ServerState

SOON = timedelta(minutes=60)
"""A shutdown that near is told wherever its environment is."""


class Need(StrEnum):
    """A reason why somebody should look, in the order in which reasons are told."""

    UNREACHABLE = "unreachable"
    SHUTDOWN = "shutdown"
    HOLD = "hold"
    PUBLICATION = "publication"
    TROUBLE = "trouble"
    TIME_ZONE = "time-zone"


def stops_soon(environment: Environment, now: datetime) -> bool:
    """Return whether the environment's preparation server switches itself off within the hour.

    One that is held waits for a publication: nobody has to do anything.
    """
    shutdown = environment.preparation and environment.preparation.shutdown
    return bool(shutdown and not shutdown.held and shutdown.at - now <= SOON)


def needs(environment: Environment, now: datetime) -> dict[Need, int]:
    """Count the things that need attention, by reason: one for each reason, but every server and
    instance in trouble.

    An image that failed is told by its publication, while that stands failed.

    A preparation server in a state nobody knows is in trouble, counted already or not.
    """
    preparation = environment.preparation
    unknown = preparation is not None and ServerState(preparation.status) is ServerState.UNKNOWN
    publishing, failed = environment.publishing, environment.failed_version is not None
    told = failed and preparation is not None and preparation.image_failed
    found = {
        Need.UNREACHABLE: int(environment.unreachable is not None and not environment.paused),
        Need.SHUTDOWN: int(stops_soon(environment, now)),
        Need.HOLD: int(publishing is not None and publishing.waits_for_you),
        Need.PUBLICATION: int(failed),
        Need.TROUBLE: max(environment.troubled - int(told), int(unknown)),
        Need.TIME_ZONE: int(not environment.zone_known),
    }
    return {need: number for need, number in found.items() if number}


def attention(environment: Environment, now: datetime) -> int:
    """Return how many things in the environment need attention."""
    return sum(needs(environment, now).values())


def grows_at(environment: Environment, now: datetime) -> datetime | None:
    """Return when a shutdown will come to need attention; None if none will by time alone."""
    shutdown = environment.preparation and environment.preparation.shutdown
    if not shutdown or shutdown.held or shutdown.at - SOON <= now:
        return None
    return shutdown.at - SOON
