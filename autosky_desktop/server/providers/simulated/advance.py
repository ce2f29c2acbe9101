"""Moves an environment of the simulated cloud on in time; pure.

`advance(advance(state, a), b) == advance(state, b)` for a <= b: nothing depends on when somebody
looks, so nothing has to tick, and a state that was saved long ago catches up.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.server import SETTLES, ImageState, ServerState
from autosky_desktop.server.providers.simulated import instances, sessions
from autosky_desktop.server.providers.simulated.calls import preparation
from autosky_desktop.server.providers.simulated.chance import dice, public_address, turned
from autosky_desktop.server.providers.simulated.state import (
    Image,
    Machine,
    SimulatedEnvironment,
    SimulatedInstance,
    with_image,
    with_machine,
    without_instance,
)

PERCENT = 5
"""An image tells of its progress in steps of so many percent."""
LONG_AWAY = timedelta(minutes=10)
SLIGHTLY = timedelta(minutes=1)
"""Clocks are set by less than that all the time."""


def caught_up(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Return the environment at `now`, in a time that does not grow with how long nobody looked.

    After a longer absence people's coming and going is not worked out one by one: they are as they
    were. All else that is due has an end.
    """
    if state.churn_at is None or now - state.churn_at <= LONG_AWAY:
        return advance(state, now=now)
    still = advance(replace(state, churn_at=None), now=now)
    return sessions.churning(still, now=now)


def advance(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Return the environment at `now`, the same object when nothing was due."""
    while (due := next_due(state)) is not None and due <= now:
        state = _settled(state, due)
    return state


def next_due(state: SimulatedEnvironment) -> datetime | None:
    """Return the next moment at which something happens by itself."""
    return min(_moments(state), default=None)


def _moments(state: SimulatedEnvironment) -> Iterator[datetime]:
    if state.churn_at:
        yield state.churn_at
    for machine in state.machines.values():
        if machine.ready_at:
            yield machine.ready_at
    for instance in state.instances.values():
        if instance.ready_at:
            yield instance.ready_at
        yield from instance.sign_outs[:1]
    for image in state.images.values():
        if _gets_on(image):
            yield _tells_at(image)


def _settled(state: SimulatedEnvironment, now: datetime) -> SimulatedEnvironment:
    """Settle everything that falls due at exactly `now`."""
    for machine in state.machines.values():
        if machine.ready_at == now:
            state = _arrived(state, machine, now)
    for image in state.images.values():
        if _gets_on(image) and _tells_at(image) == now:
            state = _progressed(state, image, now)
    for id_ in list(state.instances):
        if instance := state.instances.get(id_):
            state = _instance_settled(state, instance, now)
    if state.churn_at == now:
        state = sessions.churn(state, now=now)
    return state


def _arrived(state: SimulatedEnvironment, machine: Machine, now: datetime) -> SimulatedEnvironment:
    status = SETTLES[ServerState(machine.server.status)]
    address = machine.server.public_ip
    if status is ServerState.STOPPED:
        address = None
    elif machine.public and address is None:
        address = public_address(dice(state), state)
    server = replace(machine.server, status=status, since=now, public_ip=address)
    last = address or machine.server.public_ip
    settled = replace(machine, server=server, ready_at=None, last_address=last)
    return with_machine(turned(state), settled)


def _gets_on(image: Image) -> bool:
    stands = image.stuck and image.percent == image.fails_at
    return image.state == ImageState.CREATING and not stands


def _tells_at(image: Image) -> datetime:
    share = min(image.percent + PERCENT, image.fails_at) / 100
    return image.begun_at + (image.ready_at - image.begun_at) * share


def _progressed(state: SimulatedEnvironment, image: Image, now: datetime) -> SimulatedEnvironment:
    percent = min(image.percent + PERCENT, image.fails_at)
    if percent < image.fails_at or image.stuck:
        return with_image(state, replace(image, percent=percent))
    outcome = ImageState.FAILED if image.fault else ImageState.AVAILABLE
    state = with_image(state, replace(image, percent=percent, state=outcome))
    if any(other.state == ImageState.CREATING for other in state.images.values()):
        return state
    machine = preparation(state)
    server = replace(machine.server, image_status=outcome, image_since=now)
    return with_machine(state, replace(machine, server=server))


def _instance_settled(
    state: SimulatedEnvironment, instance: SimulatedInstance, now: datetime
) -> SimulatedEnvironment:
    if instance.sign_outs and instance.sign_outs[0] <= now:
        return sessions.signed_out(state, instance, now=now)
    if instance.ready_at != now:
        return state
    if instance.facts.status == InstanceState.STARTING:
        return instances.up(state, instance)
    return without_instance(state, instance.facts.id)


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
    for instance in state.instances.values():
        for seat in instance.seats:
            yield seat.since
