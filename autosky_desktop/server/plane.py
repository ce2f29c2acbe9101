"""The control plane put together: storage, provider, work of its own, and the listening API."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop import __version__
from autosky_desktop.domain.environment import Me
from autosky_desktop.server.api.answers import Answers
from autosky_desktop.server.api.app import application
from autosky_desktop.server.api.entrance import LOOPBACK, Entrance
from autosky_desktop.server.api.listening import Listening
from autosky_desktop.server.db import reads, schema
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.providers import demo
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.power import PowerSwitch
from autosky_desktop.server.usecases.publishing import SCALING, Publisher
from autosky_desktop.server.usecases.shutting_down import ShutdownTimer
from autosky_desktop.server.workflows.dispatching import Dispatcher
from autosky_desktop.server.workflows.durable import DurableEngine
from autosky_desktop.server.workflows.journal import Journal
from autosky_desktop.server.workflows.steps import Pace, Steps

PURGE_EVERY_SECONDS = 3600.0

log = logging.getLogger(__name__)


class Settings(Struct, frozen=True, kw_only=True):
    """`speed` divides the pauses between looks at a running step; `local`: only this computer
    may call, by a loopback name.
    """

    folder: Path
    token: str
    operator: str
    name: str
    speed: float = 1.0
    local: bool = True

    def __repr__(self) -> str:
        return f"Settings({str(self.folder)!r})"


class ControlPlane(Struct, frozen=True):
    """A running one."""

    url: str
    token: str
    engine: AsyncEngine
    recorder: Recorder
    observer: Observer
    work: tuple[asyncio.Task[None], ...]

    def __repr__(self) -> str:
        return f"ControlPlane({self.url!r})"

    async def failed(self) -> None:
        """Waits until a part of it ends that should not, and raises why."""
        done, _ = await asyncio.wait(self.work, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


@asynccontextmanager
async def control_plane(
    settings: Settings, provider: Provider, listener: socket.socket, now: Now
) -> AsyncIterator[ControlPlane]:
    """Answers on `listener` within the block. Raises StorageError."""
    async with AsyncExitStack() as stack:
        stack.enter_context(listener)
        engine = await open_storage(settings.folder)
        stack.push_async_callback(engine.dispose)
        bus = Bus()
        recorder = Recorder(engine, bus, now)
        observer = Observer(engine, provider, recorder, now)
        await begin_with_demo(engine, recorder, observer, now)
        journal = Journal(engine, recorder)
        steps = Steps(provider, observer, journal, Pace.at(settings.speed))
        workflows = DurableEngine(settings.folder, steps)
        stack.push_async_callback(workflows.close)
        dispatcher = Dispatcher(engine, workflows, journal)
        timer = ShutdownTimer(engine, provider, observer, recorder, bus, now)
        parts = {
            "engine": engine,
            "bus": bus,
            "observer": observer,
            "switch": PowerSwitch(engine, provider, observer),
            "publisher": Publisher(engine, recorder, now, dispatcher.accepted),
            "answers": Answers(engine, recorder, now),
        }
        listening = Listening(_entrance(settings, parts), listener)
        work = _begin(
            listening.run_until_stopped(),
            observer.run(),
            timer.run(),
            dispatcher.run(),
            _purge(recorder),
        )
        stack.push_async_callback(_end, work, recorder)
        stack.callback(listening.stop)
        stack.callback(bus.close)
        await listening.answers.wait()
        yield ControlPlane(_url(listener), settings.token, engine, recorder, observer, work)


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def _entrance(settings: Settings, parts: dict[str, object]) -> Entrance:
    who = Me(operator=settings.operator, control_plane=settings.name, version=__version__)
    return Entrance(
        application({**parts, "who": who}),
        token=settings.token,
        operator=settings.operator,
        hosts=LOOPBACK if settings.local else None,
    )


def _begin(*work: Coroutine[Any, Any, None]) -> tuple[asyncio.Task[None], ...]:
    return tuple(map(asyncio.create_task, work))


async def _end(work: tuple[asyncio.Task[None], ...], recorder: Recorder) -> None:
    listening, *others = work
    async with recorder.still():
        for task in others:
            task.cancel()
    await asyncio.gather(listening, *others, return_exceptions=True)


async def _purge(recorder: Recorder) -> None:
    while True:
        await asyncio.sleep(PURGE_EVERY_SECONDS)
        try:
            await recorder.purge()
        except StorageError as error:
            log.warning("old events stay for now: %s", error)


async def begin_with_demo(
    engine: AsyncEngine, recorder: Recorder, observer: Observer, now: Now
) -> None:
    """Take the demo's environments into an empty database, and read what was never read.

    Without that first reading, the first answer would be an empty list.
    """
    await _seed(recorder, now)
    async with engine.connect() as connection:
        known = {e.id for e in (await reads.environments(connection)).environments}
        everywhere = await reads.environment_ids(connection)
    await observer.read_all(name for name in everywhere if name not in known)


async def _seed(recorder: Recorder, now: Now) -> None:
    async with recorder.transaction() as connection:
        if await reads.environment_ids(connection):
            return
        rows = [
            {
                "id": found.id,
                "position": position,
                "name": found.name,
                "label": found.label,
                "kind": SCALING,
                "provider": "Demo",
                "time_zone": found.time_zone,
                "run_hours": found.run_hours,
                "demo": True,
                "current_version": found.current_version,
                "confirmed_at": now(),
                "revision": 0,
            }
            for position, found in enumerate(demo.environments())
        ]
        await connection.execute(insert(schema.environment), rows)
