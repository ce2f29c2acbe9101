"""Moves sessions in the simulated cloud: people sign in where they are let, and out when done."""

from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceLoad, InstanceState
from autosky_desktop.server.providers.simulated.accounts import occupied, on
from autosky_desktop.server.providers.simulated.chance import (
    SESSION,
    SIGN_OUT,
    dice,
    lasting,
    turned,
)
from autosky_desktop.server.providers.simulated.state import (
    SimulatedEnvironment,
    SimulatedInstance,
    with_instance,
)

# Real seconds, whatever the speed: a window onto this cloud shall be idle in between.
CHURN = (20.0, 60.0)


CPU, MEMORY = (3.0, 2.1), (22.0, 1.6)
"""Percent that an instance needs for itself, and for each person on it."""


def loads(state: SimulatedEnvironment, *, now: datetime) -> list[InstanceLoad]:
    """Return how busy the instances are that people can be on."""
    return [
        InstanceLoad(
            id=it.facts.id,
            cpu=min(97.0, CPU[0] + CPU[1] * on(it)),
            memory=min(97.0, MEMORY[0] + MEMORY[1] * on(it)),
            at=now,
        )
        for it in state.instances.values()
        if it.facts.status not in {InstanceState.STARTING, InstanceState.TERMINATED}
    ]


def churning(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Let sessions come and go from now on."""
    later = timedelta(seconds=dice(state).uniform(*CHURN))
    return replace(turned(state), churn_at=now + later)


def churn(state: SimulatedEnvironment, *, now: datetime) -> SimulatedEnvironment:
    """Let people come and go once: as many as would have, in the seconds since the last time."""
    throw = dice(state)
    total = sum(on(instance) for instance in state.instances.values())
    average = sum(SESSION) / 2 / state.speed
    moves = round(total * sum(CHURN) / 2 / average)
    moves = max(1, min(moves, total // 4))
    for _ in range(moves):
        state = _sign_out(state, throw, now)
    after = sum(on(instance) for instance in state.instances.values())
    wanted = state.target + throw.randint(-2, 2) - after
    for _ in range(max(0, min(wanted, 2 * moves))):
        state = _sign_in(state, throw, now)
    return churning(state, now=now)


def drained(
    state: SimulatedEnvironment, instance: SimulatedInstance, *, now: datetime
) -> SimulatedEnvironment:
    """Let nobody new onto the instance; those who are on it sign out one by one."""
    throw = dice(state)
    ends = sorted(now + lasting(throw, SIGN_OUT, state.speed) for _ in range(on(instance)))
    return turned(closed(state, replace(instance, sign_outs=tuple(ends))))


def closed(state: SimulatedEnvironment, instance: SimulatedInstance) -> SimulatedEnvironment:
    """Let nobody new onto the instance; those who are on it stay until they are disconnected."""
    facts = replace(instance.facts, status=InstanceState.DRAINING)
    return with_instance(state, replace(instance, facts=facts))


def undrained(instance: SimulatedInstance) -> SimulatedInstance:
    status = InstanceState.BLOCKED if instance.blocked else InstanceState.AVAILABLE
    return replace(instance, facts=replace(instance.facts, status=status), sign_outs=())


def signed_out(
    state: SimulatedEnvironment, instance: SimulatedInstance, *, now: datetime
) -> SimulatedEnvironment:
    """End the sessions of a draining instance whose moment has come."""
    left = tuple(end for end in instance.sign_outs if end > now)
    staying = on(instance) - (len(instance.sign_outs) - len(left))
    return occupied(state, replace(instance, sign_outs=left), staying, now=now)


def _sign_out(state: SimulatedEnvironment, throw: Random, now: datetime) -> SimulatedEnvironment:
    staying = (InstanceState.AVAILABLE, InstanceState.BLOCKED)
    instances = [it for it in state.instances.values() if it.facts.status in staying and on(it)]
    if not instances:
        return state
    instance = throw.choices(instances, weights=[on(it) for it in instances])[0]
    return occupied(state, instance, on(instance) - 1, now=now)


def _sign_in(state: SimulatedEnvironment, throw: Random, now: datetime) -> SimulatedEnvironment:
    instances = [
        it for it in state.instances.values() if it.facts.status == InstanceState.AVAILABLE
    ]
    if not instances:
        return state
    # The cloud's balancer asks two and takes the one with fewer, so that the numbers differ.
    instance = min(throw.choices(instances, k=2), key=on)
    return occupied(state, instance, on(instance) + 1, now=now)
