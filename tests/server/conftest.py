"""The control plane's parts over the demo's cloud, under a clock of the test's own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.engine import URL, make_url
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.domain.environment import Snapshot
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.connections.commands import ConnectionCommands
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.commands import ProviderUpdates
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.providers.provider import ProviderRefused
from autosky_desktop.server.providers.simulated import SimulatedProvider
from autosky_desktop.server.publications.commands import Publisher
from autosky_desktop.server.publications.workflow.places import migrate
from autosky_desktop.server.servers.commands import PowerCommands, ShutdownCommands
from autosky_desktop.server.servers.timer import ShutdownTimer
from autosky_desktop.server.sessions.commands import SessionCommands
from autosky_desktop.server.startup import begin_with_demo
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from tests.support.cloud import Time
from tests.support.control_plane import Running, running_control_plane
from tests.support.postgresql import PostgresServer
from tests.support.storage import on_postgresql, place


async def no_tunnel(environment: str, machine: str) -> Tunnel:
    raise ProviderRefused(f"{machine} has none in {environment}")


@dataclass
class Parts:
    time: Time
    engine: AsyncEngine
    bus: Bus
    unit_of_work: UnitOfWork
    activity_log: ActivityLog
    provider: SimulatedProvider
    poller: Poller
    power_commands: PowerCommands
    shutdown_commands: ShutdownCommands
    updates: ProviderUpdates
    sessions: SessionCommands
    connections: ConnectionCommands
    publisher: Publisher
    timer: ShutdownTimer

    async def snapshot(self, environment: str) -> Snapshot:
        async with self.engine.connect() as connection:
            found = await environments.snapshot(connection, environment)
        assert found
        return found


@pytest.fixture(scope="session")
def template(postgresql: PostgresServer) -> Iterator[str]:
    """A database with all tables, which others begin as: making those takes a second."""
    with postgresql.database() as url:
        database = make_url(url)
        asyncio.run(_made(database))
        migrate(database)
        assert database.database
        yield database.database


async def _made(database: URL) -> None:
    await (await open_storage(database)).dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def storage(request: pytest.FixtureRequest) -> Iterator[None]:
    """Where the control planes of a test keep their rows: each test is run with both."""
    if request.param == "sqlite":
        yield
        return
    server, template = map(request.getfixturevalue, ("postgresql", "template"))
    with on_postgresql(server, template):
        yield


@pytest.fixture
def with_parts(
    tmp_path: Path, storage: None
) -> Callable[[Callable[[Parts], Awaitable[None]]], None]:
    """Runs what it is given with the parts, on a loop of its own."""

    async def do(story: Callable[[Parts], Awaitable[Any]]) -> None:
        time, bus = Time(), Bus()
        cloud = tmp_path / "cloud"
        cloud.mkdir()
        provider = await SimulatedProvider.open(cloud, clock=time, sleep=time.sleep, churn=False)
        engine = await open_storage(place(tmp_path))
        unit_of_work = UnitOfWork(engine, bus, time)
        poller = Poller(engine, provider, unit_of_work, time)
        await begin_with_demo(engine, unit_of_work, poller, time)
        activity_log = ActivityLog(engine, unit_of_work, time)
        power_commands = PowerCommands(engine, provider, poller, activity_log)
        updates = ProviderUpdates(engine, poller, unit_of_work, activity_log)
        sessions = SessionCommands(engine, provider, poller, activity_log, time)
        shutdown_commands = ShutdownCommands(engine, unit_of_work, activity_log)
        publisher = Publisher(
            engine, unit_of_work, activity_log, time, lambda: None, sends_mail=lambda: False
        )
        timer = ShutdownTimer(engine, provider, poller, unit_of_work, activity_log, bus, time)
        await story(
            Parts(
                time=time,
                engine=engine,
                bus=bus,
                unit_of_work=unit_of_work,
                activity_log=activity_log,
                provider=provider,
                poller=poller,
                power_commands=power_commands,
                shutdown_commands=shutdown_commands,
                updates=updates,
                sessions=sessions,
                connections=ConnectionCommands(
                    engine, provider, no_tunnel, unit_of_work, activity_log, time
                ),
                publisher=publisher,
                timer=timer,
            )
        )
        await provider.close()
        await engine.dispose()

    return lambda story: asyncio.run(do(story))


@pytest.fixture
def running(tmp_path: Path, storage: None) -> Iterator[Running]:
    with running_control_plane(tmp_path) as running:
        yield running


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as client:
        yield client
