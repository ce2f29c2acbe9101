"""Holds one environment of the simulated cloud: data, replaced and never changed; and the refusals
of calls for what it does not hold.
"""

from datetime import datetime
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import ImageState, Server
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind

KEYS_KEPT = 500
EFFECTS_KEPT = 2000
THINGS_KEPT = 100

T = TypeVar("T")


class Machine(Struct, frozen=True, kw_only=True):
    """A preparation or support server; in an in-between status it settles at `ready_at`.

    `public`: it has a public address while it runs, never `last_address` again.
    """

    server: Server
    public: bool
    last_address: str | None = None
    ready_at: datetime | None = None


class Seat(Struct, frozen=True, array_like=True):
    """A session on an instance; its number says whose it is."""

    number: int
    since: datetime


class SimulatedInstance(Struct, frozen=True, kw_only=True):
    """An instance made from `model`.

    `ready_at`: when it is up (starting) or gone (stopping). `replaces`: the id of the instance
    whose place it takes or took. `sign_outs`: when the sessions of a draining instance end, soonest
    first. `seats` are its sessions, longest first.
    """

    facts: Instance = field(name="instance")
    model: str
    blocked: bool = False
    ready_at: datetime | None = None
    healthy: bool = True
    replaces: str = ""
    sign_outs: tuple[datetime, ...] = ()
    seats: tuple[Seat, ...] = ()


class Image(Struct, frozen=True, kw_only=True):
    """An image of the simulated cloud. `ready_at` is when it would be whole; with a `fault` it
    fails at `fails_at` percent, and while it is `stuck` it gets no further than those.
    """

    id: str
    begun_at: datetime
    ready_at: datetime
    state: str = ImageState.CREATING
    percent: int = 0
    fails_at: int = 100
    fault: str = ""
    stuck: bool = False


class InstanceModel(Struct, frozen=True, kw_only=True):
    id: str
    image: str
    version: int
    ready_at: datetime


class Effect(Struct, frozen=True, kw_only=True):
    """Something that really happened in the cloud because of `key`, `count` times.

    `kind` is start, stop, restart, image, model, block, unblock, start-instance, retire-instance,
    message or end-sessions; `target` the id of the server, environment or instance it happened to,
    of the one whose place a new instance takes, and for a model `version N`.
    """

    environment: str
    key: str
    kind: str
    target: str
    count: int = 1


class SimulatedEnvironment(Struct, frozen=True, kw_only=True):
    """One environment of the simulated cloud. `seed` and `turn` decide the next throw of the dice.

    `keys` are the answers given, by kind of call and key; `model` is what new instances start
    from; `target` sessions are hovered around; `churn_at` is when they next come and go (None:
    never), `churns` whether they ever do; `seated` is the last number of a session. All
    dicts keep the order things were made in. On the disk things have the names they had first.
    """

    environment: str
    network: str
    seed: int
    turn: int = 0
    speed: float = 1.0
    machines: dict[str, Machine]
    instances: dict[str, SimulatedInstance] = field(name="boxes")
    model: str
    models: dict[str, InstanceModel]
    images: dict[str, Image] = {}
    keys: dict[str, str] = {}
    effects: dict[str, Effect] = {}
    target: int = 0
    churn_at: datetime | None = None
    churns: bool = True
    seated: int = 0


def answer(state: SimulatedEnvironment, kind: str, key: str) -> str | None:
    """Return what a call of this kind with this key was answered; None: it was never made."""
    return state.keys.get(f"{kind} {key}")


def answered(
    state: SimulatedEnvironment, kind: str, key: str, result: str = ""
) -> SimulatedEnvironment:
    return replace(state, keys=_newest({**state.keys, f"{kind} {key}": result}, KEYS_KEPT))


def effected(state: SimulatedEnvironment, kind: str, key: str, target: str) -> SimulatedEnvironment:
    """Write down that something happened; a second time would be counted, not hidden."""
    name = f"{kind} {target} {key}"
    known = state.effects.get(name)
    effect = Effect(
        environment=state.environment,
        key=key,
        kind=kind,
        target=target,
        count=known.count + 1 if known else 1,
    )
    return replace(state, effects=_newest({**state.effects, name: effect}, EFFECTS_KEPT))


def with_machine(state: SimulatedEnvironment, machine: Machine) -> SimulatedEnvironment:
    return replace(state, machines={**state.machines, machine.server.id: machine})


def with_instance(state: SimulatedEnvironment, instance: SimulatedInstance) -> SimulatedEnvironment:
    return replace(state, instances={**state.instances, instance.facts.id: instance})


def without_instance(state: SimulatedEnvironment, id_: str) -> SimulatedEnvironment:
    return replace(state, instances={key: it for key, it in state.instances.items() if key != id_})


def with_image(state: SimulatedEnvironment, image: Image) -> SimulatedEnvironment:
    return replace(state, images=_newest({**state.images, image.id: image}, THINGS_KEPT))


def with_model(state: SimulatedEnvironment, model: InstanceModel) -> SimulatedEnvironment:
    models = _newest({**state.models, model.id: model}, THINGS_KEPT)
    return replace(state, models=models, model=model.id)


def _newest(things: dict[str, T], most: int) -> dict[str, T]:
    return dict(list(things.items())[-most:])


def missing(what: str, where: str) -> ProviderRefused:
    """Return the refusal of a call that names what is not there, such as `image img-1`."""
    return ProviderRefused(f"There is no {what} in {where}.", kind=RefusalKind.NOT_FOUND)


def wrong_state(sentence: str) -> ProviderRefused:
    return ProviderRefused(sentence, kind=RefusalKind.WRONG_STATE)
