"""Describes what a simulated cloud begins with: four environments as they might be on an ordinary
working day, or as many as are asked for, to see how everything does at that size.
"""

from msgspec import Struct

from autosky_desktop.domain.environment import MICRO, SCALING, Label
from autosky_desktop.domain.server import ServerRole, ServerState

COMPANY_TYPES = ("Database", "Web", "File")
COMPANY_INSTANCES, COMPANY_SESSIONS = 3, 7
"""What each of the environments has that are as many as are asked for."""


class DemoServer(Struct, frozen=True, kw_only=True):
    """A server to begin with. `public`: it has a public address whenever it runs."""

    id: str
    role: str = ServerRole.SUPPORT
    type: str = ""
    status: str = ServerState.RUNNING
    public: bool = True
    platform_version: str | None = None

    @property
    def name(self) -> str:
        return self.id.upper()


class DemoEnvironment(Struct, frozen=True, kw_only=True):
    """An environment to begin with.

    `current_version` None: nothing is published in an environment of its `kind`.
    `sessions` is the number the environment's sessions hover around, `network` the first two
    numbers of its private addresses; `seed` makes its chances repeatable. `stops_daily`: its
    preparation server stops once a day, at a time that is well ahead when the demo begins.
    `churns`: people sign in and out by themselves.
    """

    id: str
    name: str
    label: str
    time_zone: str
    run_hours: int
    current_version: int | None
    servers: tuple[DemoServer, ...]
    instances: int
    sessions: int
    network: str
    seed: int
    kind: str = SCALING
    stops_daily: bool = False
    churns: bool = True


def _preparation(server: str, status: ServerState, platform_version: str) -> DemoServer:
    return DemoServer(
        id=server,
        role=ServerRole.PREPARATION,
        type="Windows Server 2022",
        status=status,
        platform_version=platform_version,
    )


ERP_PRODUCTION = DemoEnvironment(
    id="erp-production",
    name="ERP Production",
    label=Label.PRODUCTION,
    time_zone="America/Sao_Paulo",
    run_hours=4,
    current_version=41,
    servers=(
        _preparation("prep-erp-prod-01", ServerState.STOPPED, "12.4.1"),
        DemoServer(id="db-erp-prod-01", type="Database", public=False),
        DemoServer(id="web-erp-prod-01", type="Web"),
        DemoServer(id="file-erp-prod-01", type="File"),
    ),
    instances=12,
    sessions=37,
    network="10.20",
    seed=41,
)

ERP_STAGING = DemoEnvironment(
    id="erp-staging",
    name="ERP Staging",
    label=Label.STAGING,
    time_zone="America/Sao_Paulo",
    run_hours=4,
    current_version=57,
    servers=(
        _preparation("prep-erp-stg-01", ServerState.RUNNING, "12.5.0"),
        DemoServer(id="db-erp-stg-01", type="Database", public=False),
        DemoServer(id="web-erp-stg-01", type="Web", status=ServerState.STOPPED),
    ),
    instances=6,
    sessions=4,
    network="10.30",
    seed=57,
    stops_daily=True,
)

PAYROLL = DemoEnvironment(
    id="payroll",
    name="Payroll",
    label=Label.PRODUCTION,
    time_zone="America/Sao_Paulo",
    run_hours=6,
    current_version=18,
    servers=(
        _preparation("prep-payroll-01", ServerState.STOPPED, "12.4.1"),
        DemoServer(id="db-payroll-01", type="Database", public=False),
        DemoServer(id="web-payroll-01", type="Web"),
        DemoServer(id="file-payroll-01", type="File", public=False),
    ),
    instances=40,
    sessions=120,
    network="10.40",
    seed=18,
)

POINT_OF_SALE = DemoEnvironment(
    id="point-of-sale",
    name="Point of Sale",
    label=Label.PRODUCTION,
    kind=MICRO,
    time_zone="America/Sao_Paulo",
    run_hours=4,
    current_version=None,
    servers=(
        DemoServer(id="app-pos-01", type="Application"),
        DemoServer(id="db-pos-01", type="Database", public=False),
    ),
    instances=0,
    sessions=0,
    network="10.50",
    seed=7,
    churns=False,
)


def environments() -> list[DemoEnvironment]:
    return [ERP_PRODUCTION, ERP_STAGING, PAYROLL, POINT_OF_SALE]


def load_seed(environments: int, servers: int) -> list[DemoEnvironment]:
    """Return so many environments of so many servers each, with nobody coming or going."""
    return [_company(number, servers) for number in range(1, environments + 1)]


def _company(number: int, servers: int) -> DemoEnvironment:
    return DemoEnvironment(
        id=f"company-{number:03}",
        name=f"Company {number:03}",
        label=Label.STAGING if number % 4 == 0 else Label.PRODUCTION,
        time_zone="America/Sao_Paulo",
        run_hours=4,
        current_version=number % 90 + 1,
        servers=(_preparation_of(number), *(_support_of(number, n) for n in range(1, servers))),
        instances=COMPANY_INSTANCES,
        sessions=COMPANY_SESSIONS,
        network=f"10.{number % 200 + 20}",
        seed=number,
        churns=False,
    )


def _preparation_of(number: int) -> DemoServer:
    return DemoServer(
        id=f"prep-company-{number:03}",
        role=ServerRole.PREPARATION,
        type="Windows Server 2022",
        status=ServerState.RUNNING if number % 10 == 0 else ServerState.STOPPED,
        platform_version="12.4.1",
    )


def _support_of(environment: int, number: int) -> DemoServer:
    kind = COMPANY_TYPES[number % len(COMPANY_TYPES)]
    return DemoServer(
        id=f"{kind.lower()}-company-{environment:03}-{number:02}",
        type=kind,
        public=kind == "Web",
    )
