"""Puts the control plane together: storage, provider, work of its own, and the listening API."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop import __version__
from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.mail import MailServer
from autosky_desktop.server.activity.log import Register
from autosky_desktop.server.connections.commands import ConnectionLog
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.db.storage import identity, look_at, open_storage
from autosky_desktop.server.demo.commands import DemoFaults
from autosky_desktop.server.environments.commands import ProviderUpdates
from autosky_desktop.server.environments.poller import Observer
from autosky_desktop.server.mail.commands import Mail, MailServers, postman
from autosky_desktop.server.mail.outbox import Teller
from autosky_desktop.server.providers.checked_provider import careful
from autosky_desktop.server.providers.demo_seed import DemoEnvironment
from autosky_desktop.server.providers.load_seed import crowd
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.publications.commands import Publisher, Steering
from autosky_desktop.server.publications.schedule_commands import Schedules
from autosky_desktop.server.publications.timer import Scheduler
from autosky_desktop.server.publications.workflow import durable
from autosky_desktop.server.publications.workflow.dispatcher import Dispatcher
from autosky_desktop.server.publications.workflow.durable import DurableEngine
from autosky_desktop.server.publications.workflow.journal import Journal
from autosky_desktop.server.publications.workflow.step_context import Pace, Tools
from autosky_desktop.server.publications.workflow.steps import PublicationSteps
from autosky_desktop.server.servers.commands import PowerSwitch, ShutdownMover
from autosky_desktop.server.servers.timer import ShutdownTimer
from autosky_desktop.server.sessions.commands import Sessions
from autosky_desktop.server.startup import begin_with_demo, close_interrupted
from autosky_desktop.server.transactions.unit_of_work import Recorder

if TYPE_CHECKING:
    from autosky_desktop.server.api.auth import Entrance

TIDY_EVERY_SECONDS = 3600.0
CANCELLED_AGAIN_SECONDS = 1.0
BEGUN_AGAIN_SECONDS = 5.0
"""How long after an unforeseen error a part of the control plane is begun again."""

log = logging.getLogger(__name__)


class PlaneSettings(Struct, frozen=True, kw_only=True):
    """The settings of a control plane. `speed` divides the pauses between looks at a running step;
    `local`: only this computer may call, by a loopback name. `crowd`: a new folder begins with so
    many environments of so many servers instead of the demo. `endpoints`: a file that says which
    machines stand in for servers of the simulated cloud. `takes_mail_server`: the desktop that
    started it names the mail server; otherwise it is `smtp`. For the first `answers_first_seconds`
    it only answers, because whoever has just started it is waiting.
    """

    folder: Path
    token: str
    operator: str
    name: str
    speed: float = 1.0
    local: bool = True
    crowd: tuple[int, int] | None = None
    endpoints: Path | None = None
    smtp: MailServer | None = None
    takes_mail_server: bool = False
    answers_first_seconds: float = 0.0

    @property
    def begin(self) -> list[DemoEnvironment]:
        return crowd(*self.crowd) if self.crowd else []

    def __repr__(self) -> str:
        return f"Settings({str(self.folder)!r})"


class RunningControlPlane(Struct, frozen=True):
    """A control plane that runs: where it answers, and its parts."""

    url: str
    token: str
    engine: AsyncEngine
    recorder: Recorder
    observer: Observer
    listening: asyncio.Task[None]

    def __repr__(self) -> str:
        return f"ControlPlane({self.url!r})"

    async def failed(self) -> None:
        """Wait until it no longer listens, and raise why. Every other part is begun again."""
        await asyncio.shield(self.listening)


class Inside:
    """The parts that every other part of a control plane is made of."""

    def __init__(
        self, provider: Provider, engine: AsyncEngine, now: Now, settings: PlaneSettings
    ) -> None:
        self.mail = Mail(
            postman(settings.smtp) if settings.smtp else None,
            told=not settings.takes_mail_server,
        )
        self.provider = provider
        self.engine = engine
        self.now = now
        self.bus = Bus()
        self.mail_servers = MailServers(
            self.mail, self.bus, now, settable=settings.takes_mail_server
        )
        self.recorder = Recorder(engine, self.bus, now)
        self.observer = Observer(engine, provider, self.recorder, now)
        self.register = Register(engine, self.recorder, now)
        self.accepted = asyncio.Event()
        self.journal = Journal(engine, self.recorder, self.accepted.set)
        self.connections = ConnectionLog(engine, provider, self.recorder, self.register, now)
        self.updates = ProviderUpdates(engine, self.observer, self.recorder, self.register)

    def timer(self) -> ShutdownTimer:
        return ShutdownTimer(
            self.engine,
            self.provider,
            self.observer,
            self.recorder,
            self.register,
            self.bus,
            self.now,
        )

    def scheduler(self, dispatcher: Dispatcher) -> Scheduler:
        return Scheduler(
            self.engine, self.recorder, self.register, self.bus, self.now, dispatcher.accepted
        )

    def teller(self) -> Teller:
        return Teller(self.engine, self.recorder, self.bus, self.now, self.mail)

    def publisher(self, dispatcher: Dispatcher) -> Publisher:
        return Publisher(
            self.engine,
            self.recorder,
            self.register,
            self.now,
            dispatcher.accepted,
            sends_mail=self.mail.sends,
        )

    def handed_out(self, dispatcher: Dispatcher) -> dict[str, object]:
        """Return what the handlers take, by the names they take it by."""
        from autosky_desktop.server.api.idempotency import Answers
        from autosky_desktop.server.feed.broadcast import Broadcast

        engine, recorder, register = self.engine, self.recorder, self.register
        return {
            "engine": engine,
            "bus": self.bus,
            "broadcast": Broadcast(engine, self.bus),
            "now": self.now,
            "updates": self.updates,
            "people": Sessions(engine, self.provider, self.observer, register, self.now),
            "connecting": self.connections,
            "mail": self.mail_servers,
            "switch": PowerSwitch(engine, self.provider, self.observer, register),
            "mover": ShutdownMover(engine, recorder, register),
            "publishing": self.publisher(dispatcher),
            "planned": (planned := Schedules(engine, recorder, register, self.now)),
            "steering": Steering(engine, recorder, register, planned, self.accepted.set),
            "answers": Answers(engine, recorder, self.now),
        }


@asynccontextmanager
async def control_plane(
    settings: PlaneSettings, provider: Provider, listener: socket.socket, now: Now
) -> AsyncIterator[RunningControlPlane]:
    """Run a control plane that answers on `listener` within the block. Raises StorageError."""
    async with AsyncExitStack() as stack:
        stack.enter_context(listener)
        look_at(settings.folder / durable.FILE)
        engine = await open_storage(settings.folder)
        stack.push_async_callback(engine.dispose)
        inside = Inside(careful(provider), engine, now, settings)
        observer, recorder = inside.observer, inside.recorder
        await begin_with_demo(engine, recorder, observer, now, settings.begin)
        await close_interrupted(engine, recorder, observer)
        await inside.connections.close_forgotten()
        tools = Tools(inside.provider, inside.journal, Pace.at(settings.speed), now)
        steps = PublicationSteps(tools, observer)
        workflows = DurableEngine(settings.folder, steps)
        dispatcher = Dispatcher(engine, workflows, inside.journal, inside.accepted)
        who = Me(
            operator=settings.operator,
            control_plane=settings.name,
            control_plane_id=await identity(engine),
            version=__version__,
        )
        await asyncio.to_thread(load_api)
        from autosky_desktop.server.api.uvicorn_server import Listening

        broken = {"demo_faults": DemoFaults(provider, settings.speed)}
        entrance = _entrance(settings, who, inside.handed_out(dispatcher) | broken)
        listening = Listening(entrance, listener)
        answering = asyncio.create_task(listening.run_until_stopped())
        work = _begin(
            settings.answers_first_seconds,
            observer.run,
            inside.timer().run,
            inside.scheduler(dispatcher).run,
            inside.teller().run,
            dispatcher.run,
            inside.updates.run,
            partial(_tidy, recorder, inside.connections),
        )
        stack.push_async_callback(_end, answering, work, recorder, workflows)
        stack.callback(listening.stop)
        stack.callback(inside.bus.close)
        await listening.answers.wait()
        yield RunningControlPlane(
            _url(listener), settings.token, engine, recorder, observer, answering
        )


def load_api() -> None:
    """Import what answers, in a thread: whoever begins waits for the disk meanwhile."""
    for name in (
        "api.auth",
        "api.idempotency",
        "api.uvicorn_server",
        "application",
        "feed.broadcast",
    ):
        import_module(f"autosky_desktop.server.{name}")
    import_module("anyio._backends._asyncio")  # Litestar's first answer would wait for it


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


def _entrance(settings: PlaneSettings, who: Me, parts: dict[str, object]) -> "Entrance":
    from autosky_desktop.server.api.auth import LOOPBACK, Entrance
    from autosky_desktop.server.application import application

    return Entrance(
        application({**parts, "who": who}),
        token=settings.token,
        operator=settings.operator,
        hosts=LOOPBACK if settings.local else None,
    )


def _begin(
    after_seconds: float, *work: Callable[[], Awaitable[None]]
) -> tuple[asyncio.Task[None], ...]:
    return tuple(asyncio.create_task(_keep_running(part, after_seconds)) for part in work)


async def _keep_running(part: Callable[[], Awaitable[None]], after_seconds: float) -> None:
    """Run the part without end. If it fails, it is begun again, and the others do not notice."""
    await asyncio.sleep(after_seconds)
    while True:
        with guarded(log, "a part of the control plane"):
            await part()
        await asyncio.sleep(BEGUN_AGAIN_SECONDS)


async def _end(
    listening: asyncio.Task[None],
    work: tuple[asyncio.Task[None], ...],
    recorder: Recorder,
    workflows: DurableEngine,
) -> None:
    async with recorder.still():
        await _end_all(work)
        await workflows.close()
    await asyncio.gather(listening, return_exceptions=True)


async def _end_all(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel the tasks until all have ended: a library may lose a cancellation."""
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _ended, left = await asyncio.wait(left, timeout=CANCELLED_AGAIN_SECONDS)


async def _tidy(recorder: Recorder, connections: ConnectionLog) -> None:
    while True:
        await asyncio.sleep(TIDY_EVERY_SECONDS)
        try:
            await recorder.purge()
            await connections.close_forgotten()
        except StorageError as error:
            log.warning("what is old stays for now: %s", error)
