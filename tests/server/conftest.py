"""The control plane's parts over the demo's cloud, under a clock of the test's own."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import Snapshot
from autosky_desktop.server.activity.log import Register
from autosky_desktop.server.connections.commands import ConnectionLog
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.commands import ProviderUpdates
from autosky_desktop.server.environments.poller import Observer
from autosky_desktop.server.providers.simulated import SimulatedProvider
from autosky_desktop.server.publications.commands import Publisher
from autosky_desktop.server.servers.commands import PowerSwitch, ShutdownMover
from autosky_desktop.server.servers.timer import ShutdownTimer
from autosky_desktop.server.sessions.commands import Sessions
from autosky_desktop.server.startup import begin_with_demo
from autosky_desktop.server.transactions.unit_of_work import Recorder
from tests.support.cloud import Time
from tests.support.control_plane import Running, running_control_plane


@dataclass
class Parts:
    time: Time
    engine: AsyncEngine
    bus: Bus
    recorder: Recorder
    register: Register
    provider: SimulatedProvider
    observer: Observer
    switch: PowerSwitch
    mover: ShutdownMover
    updates: ProviderUpdates
    sessions: Sessions
    connections: ConnectionLog
    publisher: Publisher
    timer: ShutdownTimer

    async def snapshot(self, environment: str) -> Snapshot:
        async with self.engine.connect() as connection:
            found = await environments.snapshot(connection, environment)
        assert found
        return found


@pytest.fixture
def with_parts(tmp_path: Path) -> Callable[[Callable[[Parts], Awaitable[None]]], None]:
    """Runs what it is given with the parts, on a loop of its own."""

    async def do(story: Callable[[Parts], Awaitable[Any]]) -> None:
        time, bus = Time(), Bus()
        cloud = tmp_path / "cloud"
        cloud.mkdir()
        provider = await SimulatedProvider.open(cloud, clock=time, sleep=time.sleep, churn=False)
        engine = await open_storage(tmp_path)
        recorder = Recorder(engine, bus, time)
        observer = Observer(engine, provider, recorder, time)
        await begin_with_demo(engine, recorder, observer, time)
        register = Register(engine, recorder, time)
        switch = PowerSwitch(engine, provider, observer, register)
        updates = ProviderUpdates(engine, observer, recorder, register)
        sessions = Sessions(engine, provider, observer, register, time)
        mover = ShutdownMover(engine, recorder, register)
        publisher = Publisher(
            engine, recorder, register, time, lambda: None, sends_mail=lambda: False
        )
        timer = ShutdownTimer(engine, provider, observer, recorder, register, bus, time)
        await story(
            Parts(
                time=time,
                engine=engine,
                bus=bus,
                recorder=recorder,
                register=register,
                provider=provider,
                observer=observer,
                switch=switch,
                mover=mover,
                updates=updates,
                sessions=sessions,
                connections=ConnectionLog(engine, provider, recorder, register, time),
                publisher=publisher,
                timer=timer,
            )
        )
        await provider.close()
        await engine.dispose()

    return lambda story: asyncio.run(do(story))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with running_control_plane(tmp_path) as running:
        yield running


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as client:
        yield client
