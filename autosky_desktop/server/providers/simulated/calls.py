"""Applies each call to an environment of the simulated cloud; pure.

A key that was answered before changes nothing and gives back the same state. The dice are thrown
when a thing begins for when it will be ready, so that time has nothing left to decide.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.server import MOVES, SETTLES, ImageState, Power, ServerRole, ServerState
from autosky_desktop.server.providers.provider import (
    ProviderBusy,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.server.providers.simulated.accounts import told, without
from autosky_desktop.server.providers.simulated.chance import (
    BOOT,
    IMAGE,
    MODEL,
    RESTART,
    STOP,
    Span,
    dice,
    identity,
    lasting,
    turned,
)
from autosky_desktop.server.providers.simulated.state import (
    Image,
    InstanceModel,
    Machine,
    SimulatedEnvironment,
    answer,
    answered,
    effected,
    missing,
    with_image,
    with_instance,
    with_machine,
    with_model,
    wrong_state,
)

TAKES: Mapping[Power, Span] = MappingProxyType(
    {Power.START: BOOT, Power.STOP: STOP, Power.RESTART: RESTART}
)
LEADS = MappingProxyType({Power.START: ServerState.RUNNING, Power.STOP: ServerState.STOPPED})
STOPPED_IS_FASTER = 0.8


def power(
    state: SimulatedEnvironment,
    server: str,
    asked: Power,
    *,
    key: str,
    now: datetime,
    refusal: str = "",
) -> SimulatedEnvironment:
    """Begin to start, stop or restart the server. `refusal` is the sentence that a start is refused
    with, if any.
    """
    if answer(state, asked, key) is not None:
        return state
    machine = state.machines.get(server)
    if machine is None:
        raise missing(f"server {server}", state.environment)
    status = ServerState(machine.server.status)
    if _there_already(status, asked):
        return answered(state, asked, key)
    if (status, asked) not in MOVES:
        raise _not_from(machine, asked)
    if refusal and asked is Power.START:
        raise ProviderRefused(refusal, kind=RefusalKind.QUOTA)
    ready_at = now + lasting(dice(state), TAKES[asked], state.speed)
    moving = replace(machine.server, status=MOVES[status, asked], since=now)
    state = with_machine(turned(state), replace(machine, server=moving, ready_at=ready_at))
    return answered(effected(state, asked, key, server), asked, key)


def create_image(
    state: SimulatedEnvironment, *, key: str, now: datetime, fault: str = "", stuck: bool = False
) -> SimulatedEnvironment:
    """Begin an image of the preparation server. `fault` is the sentence it fails with, if any;
    `stuck`: it never ends.
    """
    if answer(state, "image", key) is not None:
        return state
    machine = preparation(state)
    if machine.ready_at:
        raise ProviderBusy(f"{machine.server.name} is {machine.server.status}.")
    throw = dice(state)
    takes = lasting(throw, IMAGE, state.speed)
    if machine.server.status == ServerState.STOPPED:
        takes *= STOPPED_IS_FASTER
    image = Image(
        id=identity(throw, "img"),
        begun_at=now,
        ready_at=now + takes,
        fails_at=throw.randint(30, 80) if fault or stuck else 100,
        fault=fault,
        stuck=stuck,
    )
    creating = replace(machine.server, image_status=ImageState.CREATING, image_since=now)
    state = with_machine(with_image(turned(state), image), replace(machine, server=creating))
    return answered(effected(state, "image", key, machine.server.id), "image", key, image.id)


def freed(state: SimulatedEnvironment) -> SimulatedEnvironment:
    """Let images that are stuck go on; they are by now where they would have been."""
    for image in [it for it in state.images.values() if it.stuck]:
        state = with_image(state, replace(image, stuck=False, fails_at=100))
    return state


def create_model(
    state: SimulatedEnvironment, *, image: str, version: int, key: str, now: datetime
) -> SimulatedEnvironment:
    if answer(state, "model", key) is not None:
        return state
    made = state.images.get(image)
    if made is None or made.state != ImageState.AVAILABLE:
        raise wrong_state(f"The image {image} is not available.")
    throw = dice(state)
    model = InstanceModel(
        id=identity(throw, "lt"),
        image=image,
        version=version,
        ready_at=now + lasting(throw, MODEL, state.speed),
    )
    state = effected(with_model(turned(state), model), "model", key, f"version {version}")
    return answered(state, "model", key, model.id)


def block(state: SimulatedEnvironment, *, blocked: bool, key: str) -> SimulatedEnvironment:
    kind = "block" if blocked else "unblock"
    if answer(state, kind, key) is not None:
        return state
    status = InstanceState.BLOCKED if blocked else InstanceState.AVAILABLE
    swaps = (InstanceState.AVAILABLE, InstanceState.BLOCKED)
    for instance in [it for it in state.instances.values() if it.blocked is not blocked]:
        facts = instance.facts
        if facts.status == InstanceState.STARTING:
            continue
        if facts.status in swaps:
            facts = replace(facts, status=status)
        state = with_instance(state, replace(instance, facts=facts, blocked=blocked))
    return answered(effected(state, kind, key, state.environment), kind, key)


def message(
    state: SimulatedEnvironment, *, sessions: Sequence[str], text: str, key: str
) -> SimulatedEnvironment:
    """Show the text to those who are there. The answer that is kept is the text they have seen."""
    if answer(state, "message", key) is not None:
        return state
    if {session.id for session in told(state)}.intersection(sessions):
        state = effected(state, "message", key, state.environment)
    return answered(state, "message", key, text)


def end_sessions(
    state: SimulatedEnvironment, *, sessions: Sequence[str], key: str
) -> SimulatedEnvironment:
    """End these sessions. The ids of those that were there are the answer that is kept."""
    if answer(state, "end-sessions", key) is not None:
        return state
    wanted = set(sessions)
    there = [session.id for session in told(state) if session.id in wanted]
    for instance in list(state.instances.values()):
        state = without(state, instance, wanted) if instance.seats else state
    if there:
        state = effected(state, "end-sessions", key, state.environment)
    return answered(state, "end-sessions", key, ",".join(there))


def preparation(state: SimulatedEnvironment) -> Machine:
    for machine in state.machines.values():
        if machine.server.role == ServerRole.PREPARATION:
            return machine
    raise missing("preparation server", state.environment)


def _there_already(status: ServerState, asked: Power) -> bool:
    """Return whether the server is there, or on its way there."""
    if asked is Power.RESTART:
        return status in (ServerState.STARTING, ServerState.RESTARTING)
    return LEADS[asked] in (status, SETTLES.get(status))


def _not_from(machine: Machine, asked: Power) -> ProviderBusy | ProviderRefused:
    sentence = f"{machine.server.name} is {machine.server.status} and cannot {asked}."
    return ProviderBusy(sentence) if machine.ready_at else wrong_state(sentence)
