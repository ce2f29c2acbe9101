"""Makes an environment of the demo as it looks when the simulated cloud has never run before."""

from datetime import datetime, timedelta
from random import Random

from msgspec.structs import replace

from autosky_desktop.domain.environment import Instance, InstanceState
from autosky_desktop.domain.server import ImageState, Server, ServerRole, ServerState
from autosky_desktop.server.providers.demo_seed import DemoEnvironment, DemoServer
from autosky_desktop.server.providers.simulated.accounts import occupied, on, seated
from autosky_desktop.server.providers.simulated.advance import SLIGHTLY, ahead, caught_up, put_back
from autosky_desktop.server.providers.simulated.chance import (
    dice,
    identity,
    private_address,
    public_address,
    turned,
)
from autosky_desktop.server.providers.simulated.sessions import churning
from autosky_desktop.server.providers.simulated.state import (
    Image,
    InstanceModel,
    Machine,
    SimulatedEnvironment,
    SimulatedInstance,
    with_instance,
    with_machine,
)


def seeded(demo: DemoEnvironment, *, now: datetime, speed: float) -> SimulatedEnvironment:
    """Return the environment, its instances on its current version; sessions do not churn yet."""
    throw = Random(demo.seed)  # noqa: S311 - to be repeatable, not secret
    model = InstanceModel(
        id=identity(throw, "lt"),
        image=identity(throw, "img"),
        version=demo.current_version or 0,
        ready_at=now,
    )
    state = SimulatedEnvironment(
        environment=demo.id,
        network=demo.network,
        seed=demo.seed,
        speed=speed,
        machines={},
        instances={},
        model=model.id,
        models={model.id: model},
        images={model.image: _image_of(model)},
        target=demo.sessions,
        churns=demo.churns,
    )
    for server in demo.servers:
        state = with_machine(turned(state), _machine(state, server, now))
    for number in range(1, demo.instances + 1):
        state = with_instance(turned(state), _instance(state, number))
    return _with_sessions(state, throw, now)


def _image_of(model: InstanceModel) -> Image:
    """Return the image that what runs at the beginning was made from."""
    made = model.ready_at
    return Image(
        id=model.image, begun_at=made, ready_at=made, state=ImageState.AVAILABLE, percent=100
    )


def awakened(
    state: SimulatedEnvironment, *, now: datetime, speed: float, churn: bool
) -> SimulatedEnvironment:
    """Return the environment in a new process, caught up at its old speed, then at the new one."""
    if (by := ahead(state, now=now)) > SLIGHTLY:
        state = put_back(state, by=by, now=now)
    state = replace(caught_up(seated(state, now=now), now=now), speed=speed)
    if not (churn and state.churns):
        return replace(state, churn_at=None)
    return state if state.churn_at else churning(state, now=now)


def _machine(state: SimulatedEnvironment, demo: DemoServer, now: datetime) -> Machine:
    throw = dice(state)
    preparation = demo.role == ServerRole.PREPARATION
    up = demo.public and demo.status == ServerState.RUNNING
    server = Server(
        id=demo.id,
        name=demo.name,
        role=demo.role,
        status=demo.status,
        since=now - timedelta(minutes=throw.randint(40, 200)),
        public_ip=public_address(throw, state) if up else None,
        private_ip=private_address(throw, state),
        type=demo.type,
        platform_version=demo.platform_version,
        image_status=ImageState.AVAILABLE if preparation else None,
        image_since=now - timedelta(days=throw.randint(2, 9)) if preparation else None,
    )
    return Machine(server=server, public=demo.public)


def _instance(state: SimulatedEnvironment, number: int) -> SimulatedInstance:
    throw = dice(state)
    facts = Instance(
        id=identity(throw, "i"),
        name=f"INST-{number:02}",
        status=InstanceState.AVAILABLE,
        version=state.models[state.model].version,
        sessions=0,
        public_ip=public_address(throw, state),
        private_ip=private_address(throw, state),
    )
    return SimulatedInstance(facts=facts, model=state.model)


def _with_sessions(
    state: SimulatedEnvironment, throw: Random, now: datetime
) -> SimulatedEnvironment:
    for id_ in throw.choices(list(state.instances), k=state.target):
        instance = state.instances[id_]
        began = now - timedelta(minutes=3 * (state.target - state.seated))
        state = occupied(state, instance, on(instance) + 1, now=began)
    return state
