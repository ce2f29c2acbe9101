"""The control plane's parts over the demo's cloud, under a clock of the test's own."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import Snapshot
from autosky_desktop.server.beginning import begin_with_demo
from autosky_desktop.server.db import whole
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.providers.simulated import SimulatedProvider
from autosky_desktop.server.usecases.connections import ConnectionLog
from autosky_desktop.server.usecases.moving_shutdowns import ShutdownMover
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.power import PowerSwitch
from autosky_desktop.server.usecases.publishing import Publisher
from autosky_desktop.server.usecases.register import Register
from autosky_desktop.server.usecases.sessions import Sessions
from autosky_desktop.server.usecases.shutting_down import ShutdownTimer
from autosky_desktop.server.usecases.updating import ProviderUpdates
from tests.support.cloud import Time


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
            found = await whole.snapshot(connection, environment)
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
