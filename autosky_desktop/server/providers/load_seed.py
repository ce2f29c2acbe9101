"""Makes a cloud of any size, to see how everything does at that size."""

from autosky_desktop.domain.environment import Label
from autosky_desktop.domain.server import ServerRole, ServerState
from autosky_desktop.server.providers.demo_seed import DemoEnvironment, DemoServer

TYPES = ("Database", "Web", "File")
INSTANCES, SESSIONS = 3, 7


def load_seed(environments: int, servers: int) -> list[DemoEnvironment]:
    """Return so many environments of so many servers each, with nobody coming or going."""
    return [_environment(number, servers) for number in range(1, environments + 1)]


def _environment(number: int, servers: int) -> DemoEnvironment:
    return DemoEnvironment(
        id=f"company-{number:03}",
        name=f"Company {number:03}",
        label=Label.STAGING if number % 4 == 0 else Label.PRODUCTION,
        time_zone="America/Sao_Paulo",
        run_hours=4,
        current_version=number % 90 + 1,
        servers=(_preparation(number), *(_support(number, n) for n in range(1, servers))),
        instances=INSTANCES,
        sessions=SESSIONS,
        network=f"10.{number % 200 + 20}",
        seed=number,
        churns=False,
    )


def _preparation(number: int) -> DemoServer:
    return DemoServer(
        id=f"prep-company-{number:03}",
        role=ServerRole.PREPARATION,
        type="Windows Server 2022",
        status=ServerState.RUNNING if number % 10 == 0 else ServerState.STOPPED,
        platform_version="12.4.1",
    )


def _support(environment: int, number: int) -> DemoServer:
    kind = TYPES[number % len(TYPES)]
    return DemoServer(
        id=f"{kind.lower()}-company-{environment:03}-{number:02}",
        type=kind,
        public=kind == "Web",
    )
