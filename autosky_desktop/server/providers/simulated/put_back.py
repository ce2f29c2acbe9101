"""Corrects an environment when the clock was ahead and is put back; pure.

Without that, what was begun by the wrong clock would last until the wrong date comes.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment

SLIGHTLY = timedelta(minutes=1)
"""Clocks are set by less than that all the time."""


def ahead(state: SimulatedEnvironment, *, now: datetime) -> timedelta:
    """Return how far the clock was ahead, as far as that is known: nothing begins after now."""
    return max((at - now for at in _begun(state)), default=timedelta())


def put_back(state: SimulatedEnvironment, *, by: timedelta, now: datetime) -> SimulatedEnvironment:
    """Return the environment with all that lies after `now` moved so much earlier."""

    def moved(it: Any) -> Any:
        if isinstance(it, datetime):
            return max(now, it - by) if it > now else it
        if isinstance(it, dict):
            return {key: moved(value) for key, value in it.items()}
        return [moved(value) for value in it] if isinstance(it, list | tuple) else it

    plain = msgspec.to_builtins(state, builtin_types=(datetime,))
    return msgspec.convert(moved(plain), SimulatedEnvironment)


def _begun(state: SimulatedEnvironment) -> Iterator[datetime]:
    for machine in state.machines.values():
        yield machine.server.since
        if machine.server.image_since:
            yield machine.server.image_since
    for image in state.images.values():
        yield image.begun_at
    for box in state.boxes.values():
        for seat in box.seats:
            yield seat.since
