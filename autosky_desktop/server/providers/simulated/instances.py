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
    missing,
    with_instance,
    without_instance,
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
            instance=instance.facts,
            model=instance.model,
            image=_image_of(state, instance),
            replaces=instance.replaces,
            admission=ADMISSIONS.get(InstanceState(instance.facts.status), Admission.OPEN),
            failed=_why_failed(instance),
        )
        for instance in sorted(state.instances.values(), key=lambda instance: instance.facts.name)
    ]


def _image_of(state: SimulatedEnvironment, instance: SimulatedInstance) -> str:
    model = state.models.get(instance.model)
    return model.image if model else ""


def _why_failed(instance: SimulatedInstance) -> str:
    if instance.healthy or instance.ready_at:
        return ""
    return f"{instance.facts.name} ({instance.facts.id}) did not become healthy in 10 minutes."


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
        raise missing(f"model {model}", state.environment)
    if (old := state.instances.get(replaces)) is None:
        raise missing(f"instance {replaces}", state.environment)
    throw = dice(state)
    names = sorted({instance.facts.name for instance in state.instances.values()})
    healthy = old.facts.name not in names[unhealthy - 1 : unhealthy]
    new = Instance(
        id=identity(throw, "i"),
        name=old.facts.name,
        status=InstanceState.STARTING,
        version=made_from.version,
        sessions=0,
        private_ip=private_address(throw, state),
    )
    boot = lasting(throw, INSTANCE_BOOT if healthy else UNHEALTHY, state.speed)
    successor = SimulatedInstance(
        facts=new, model=model, ready_at=now + boot, healthy=healthy, replaces=replaces
    )
    state = effected(with_instance(turned(state), successor), START, key, replaces)
    return answered(state, START, key, new.id)


def retire(
    state: SimulatedEnvironment, id_: str, *, end_sessions: bool, key: str, now: datetime
) -> SimulatedEnvironment:
    """Remove the instance. How many sessions ended with it is the answer that is kept."""
    if answer(state, RETIRE, key) is not None:
        return state
    instance = state.instances.get(id_)
    if instance is None or instance.facts.status == InstanceState.STOPPING:
        return answered(state, RETIRE, key, "0")
    if (there := on(instance)) and not end_sessions:
        sentence = f"Somebody is signed in on {instance.facts.name} ({id_})."
        raise ProviderRefused(sentence, kind=RefusalKind.IN_USE)
    if instance.facts.status == InstanceState.STARTING:
        state = without_instance(state, id_)
    else:
        state = _going(state, instance, now)
    return answered(effected(state, RETIRE, key, id_), RETIRE, key, str(there))


def _going(
    state: SimulatedEnvironment, instance: SimulatedInstance, now: datetime
) -> SimulatedEnvironment:
    stops = lasting(dice(state), INSTANCE_STOP, state.speed)
    stopping = replace(instance.facts, status=InstanceState.STOPPING, sessions=0)
    going = replace(instance, facts=stopping, ready_at=now + stops, sign_outs=(), seats=())
    return with_instance(turned(state), going)


def drain(
    state: SimulatedEnvironment,
    id_: str,
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
    instance = state.instances.get(id_)
    if instance is not None and _lasts(instance) and _is_draining(instance) is not draining:
        if not draining:
            state = with_instance(state, undrained(instance))
        else:
            state = closed(state, instance) if end_sessions else drained(state, instance, now=now)
    return answered(state, kind, key)


def _lasts(instance: SimulatedInstance) -> bool:
    return instance.facts.status not in (InstanceState.STARTING, InstanceState.STOPPING)


def _is_draining(instance: SimulatedInstance) -> bool:
    return instance.facts.status == InstanceState.DRAINING


def up(state: SimulatedEnvironment, instance: SimulatedInstance) -> SimulatedEnvironment:
    """Settle an instance whose time to come up is over: it serves, or it has failed."""
    if not instance.healthy:
        return with_instance(state, replace(instance, ready_at=None))
    address = public_address(dice(state), state)
    serving = replace(instance.facts, status=InstanceState.AVAILABLE, public_ip=address)
    return with_instance(turned(state), replace(instance, facts=serving, ready_at=None))
