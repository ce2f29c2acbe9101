"""Starts, drains and retires instances of the simulated cloud, one by one; pure."""

from datetime import datetime

from msgspec.structs import replace

from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.server.providers.provider import (
    Admission,
    Member,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.simulated.accounts import on
from autosky_desktop.server.providers.simulated.chance import (
    INSTANCE_BOOT,
    INSTANCE_STOP,
    UNHEALTHY,
    dice,
    identity,
    lasting,
    private_address,
    public_address,
    turned,
)
from autosky_desktop.server.providers.simulated.sessions import closed, drained, undrained
from autosky_desktop.server.providers.simulated.state import (
    SimulatedEnvironment,
    SimulatedInstance,
    answer,
    answered,
    effected,
    with_box,
    without_box,
)

START, RETIRE, DRAIN, ADMIT = "start-instance", "retire-instance", "drain", "admit"

ADMISSIONS = {
    InstanceState.DRAINING: Admission.DRAINING,
    InstanceState.BLOCKED: Admission.BLOCKED,
}


def members(state: SimulatedEnvironment) -> list[Member]:
    """Return the instances by name, each with what its replacement needs."""
    return [
        Member(
            instance=box.instance,
            model=box.model,
            replaces=box.replaces,
            admission=ADMISSIONS.get(InstanceState(box.instance.status), Admission.OPEN),
            failed=_why_failed(box),
        )
        for box in sorted(state.boxes.values(), key=lambda box: box.instance.name)
    ]


def _why_failed(box: SimulatedInstance) -> str:
    if box.healthy or box.ready_at:
        return ""
    return f"{box.instance.name} ({box.instance.id}) did not become healthy in 10 minutes."


def start(
    state: SimulatedEnvironment,
    *,
    model: str,
    replaces: str,
    key: str,
    now: datetime,
    unhealthy: int = 0,
) -> SimulatedEnvironment:
    """Begin the successor of an instance, which takes its name. `unhealthy` is the number (from 1)
    of the instance, by name, whose successor never comes up.
    """
    if answer(state, START, key) is not None:
        return state
    if (made_from := state.models.get(model)) is None:
        raise _missing(f"There is no model {model} in {state.environment}.")
    if (old := state.boxes.get(replaces)) is None:
        raise _missing(f"There is no instance {replaces} in {state.environment}.")
    throw = dice(state)
    names = sorted({box.instance.name for box in state.boxes.values()})
    healthy = old.instance.name not in names[unhealthy - 1 : unhealthy]
    new = Instance(
        id=identity(throw, "i"),
        name=old.instance.name,
        status=InstanceState.STARTING,
        version=made_from.version,
        sessions=0,
        private_ip=private_address(throw, state),
    )
    boot = lasting(throw, INSTANCE_BOOT if healthy else UNHEALTHY, state.speed)
    successor = SimulatedInstance(
        instance=new, model=model, ready_at=now + boot, healthy=healthy, replaces=replaces
    )
    state = effected(with_box(turned(state), successor), START, key, replaces)
    return answered(state, START, key, new.id)


def retire(
    state: SimulatedEnvironment, instance: str, *, end_sessions: bool, key: str, now: datetime
) -> SimulatedEnvironment:
    """Remove the instance. How many sessions ended with it is the answer that is kept."""
    if answer(state, RETIRE, key) is not None:
        return state
    box = state.boxes.get(instance)
    if box is None or box.instance.status == InstanceState.STOPPING:
        return answered(state, RETIRE, key, "0")
    if (there := on(box)) and not end_sessions:
        sentence = f"Somebody is signed in on {box.instance.name} ({instance})."
        raise ProviderRefused(sentence, kind=RefusalKind.IN_USE)
    if box.instance.status == InstanceState.STARTING:
        state = without_box(state, instance)
    else:
        state = _going(state, box, now)
    return answered(effected(state, RETIRE, key, instance), RETIRE, key, str(there))


def _going(
    state: SimulatedEnvironment, box: SimulatedInstance, now: datetime
) -> SimulatedEnvironment:
    stops = lasting(dice(state), INSTANCE_STOP, state.speed)
    stopping = replace(box.instance, status=InstanceState.STOPPING, sessions=0)
    going = replace(box, instance=stopping, ready_at=now + stops, sign_outs=(), seats=())
    return with_box(turned(state), going)


def drain(
    state: SimulatedEnvironment,
    instance: str,
    *,
    draining: bool,
    end_sessions: bool,
    key: str,
    now: datetime,
) -> SimulatedEnvironment:
    """Let nobody new on, or people on again. Those who are there sign out in time, unless they are
    going to be disconnected.
    """
    kind = DRAIN if draining else ADMIT
    if answer(state, kind, key) is not None:
        return state
    box = state.boxes.get(instance)
    if box is not None and not box.ready_at and _is_draining(box) is not draining:
        if not draining:
            state = with_box(state, undrained(box))
        else:
            state = closed(state, box) if end_sessions else drained(state, box, now=now)
    return answered(state, kind, key)


def _is_draining(box: SimulatedInstance) -> bool:
    return box.instance.status == InstanceState.DRAINING


def up(state: SimulatedEnvironment, box: SimulatedInstance) -> SimulatedEnvironment:
    """Settle an instance whose time to come up is over: it serves, or it has failed."""
    if not box.healthy:
        return with_box(state, replace(box, ready_at=None))
    address = public_address(dice(state), state)
    serving = replace(box.instance, status=InstanceState.AVAILABLE, public_ip=address)
    return with_box(turned(state), replace(box, instance=serving, ready_at=None))


def _missing(sentence: str) -> ProviderRefused:
    return ProviderRefused(sentence, kind=RefusalKind.NOT_FOUND)
