"""Puts the control plane together: storage, provider, work of its own, and the listening API."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.mail import MailServer
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.connections.commands import ConnectionCommands
from autosky_desktop.server.coordination.choice import coordination_on
from autosky_desktop.server.coordination.port import Coordination
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.storage import identity, open_storage
from autosky_desktop.server.demo.commands import DemoFaults
from autosky_desktop.server.environments.commands import ProviderUpdates
from autosky_desktop.server.environments.lookups import Lookups
from autosky_desktop.server.environments.poller import Followers, Poller
from autosky_desktop.server.environments.settings_commands import EnvironmentCommands
from autosky_desktop.server.mail.commands import CurrentMailer, MailCommands, mailer
from autosky_desktop.server.mail.outbox import Outbox
from autosky_desktop.server.members.commands import PeopleCommands
from autosky_desktop.server.people.authenticator import FixedToken
from autosky_desktop.server.process.background import begin, end_all
from autosky_desktop.server.process.lazy_imports import load_api
from autosky_desktop.server.process.leaving import leave_at_once
from autosky_desktop.server.providers.demo_seed import DemoEnvironment, load_seed
from autosky_desktop.server.providers.ledger import Ledger
from autosky_desktop.server.providers.plugin import Plugin, ProviderPace, Services
from autosky_desktop.server.providers.plugins import Plugins
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.registry import ProviderRegistry, unwatched
from autosky_desktop.server.providers.simulated.plugin import SimulatedPlugin
from autosky_desktop.server.publications.commands import PublicationCommands, Publisher
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.publications.timer import PublicationTimer
from autosky_desktop.server.publications.workflow.dispatcher import Dispatcher
from autosky_desktop.server.publications.workflow.durable import DurableEngine
from autosky_desktop.server.publications.workflow.journal import Journal
from autosky_desktop.server.publications.workflow.places import workflow_place
from autosky_desktop.server.publications.workflow.step_context import Pace, StepTools
from autosky_desktop.server.publications.workflow.steps import PublicationSteps
from autosky_desktop.server.servers.commands import PowerCommands, ShutdownCommands
from autosky_desktop.server.servers.kept_shutdowns import ShutdownKeeper
from autosky_desktop.server.servers.timer import ShutdownTimer
from autosky_desktop.server.sessions.commands import SessionCommands
from autosky_desktop.server.startup import begin_with_demo, close_interrupted
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from autosky_desktop.server.wake_loop import tidy

if TYPE_CHECKING:
    from autosky_desktop.server.api.auth import AuthMiddleware
    from autosky_desktop.server.metrics.serving import ServedMeters
    from autosky_desktop.server.process.certificate import Certificate
    from autosky_desktop.server.sign_in.openid_settings import OpenIdSettings


class PlaneSettings(Struct, frozen=True, kw_only=True):
    """The settings of a control plane. `speed` divides the pauses between looks at a running step;
    `local`: only this computer may call, by a loopback name. `size`: a new folder begins with so
    many environments of so many servers instead of the demo. `endpoints`: a file that says which
    machines stand in for servers of the simulated cloud. `environments_file`: it is followed,
    and a new folder has no demo, nor has one that begins `empty`. `takes_mail_server`: the desktop
    that started it names the mail server; otherwise it is `smtp`. For the first
    `answers_first_seconds` it only answers, because whoever has just started it is waiting.
    `database`: rows are kept there, and in the folder only what is this process's own. With
    `sign_in` people sign in, also at the provider of identities `openid`; the token, if there is
    one, is for adding the first of them.
    """

    folder: Path
    token: str
    operator: str
    name: str
    speed: float = 1.0
    local: bool = True
    size: tuple[int, int] | None = None
    endpoints: Path | None = None
    environments_file: Path | None = None
    empty: bool = False
    smtp: MailServer | None = None
    certificate: "Certificate | None" = None
    takes_mail_server: bool = False
    answers_first_seconds: float = 0.0
    database: URL | None = None
    sign_in: bool = False
    openid: "OpenIdSettings | None" = None

    @property
    def storage(self) -> Path | URL:
        """Return where rows are kept: in the folder, or in a database of PostgreSQL."""
        return self.database or self.folder

    @property
    def begin(self) -> list[DemoEnvironment]:
        return load_seed(*self.size) if self.size else []

    def __repr__(self) -> str:
        return f"PlaneSettings({str(self.folder)!r})"


class RunningControlPlane(Struct, frozen=True):
    """A control plane that runs: where it answers, and its parts."""

    url: str
    token: str
    engine: AsyncEngine
    unit_of_work: UnitOfWork
    poller: Poller
    environment_commands: EnvironmentCommands
    listening: asyncio.Task[None]

    def __repr__(self) -> str:
        return f"RunningControlPlane({self.url!r})"

    async def failed(self) -> None:
        """Wait until it no longer listens, and raise why. Every other part is begun again."""
        await asyncio.shield(self.listening)


class PlaneParts:
    """The parts that every other part of a control plane is made of."""

    def __init__(
        self,
        registry: ProviderRegistry,
        engine: AsyncEngine,
        now: Now,
        settings: PlaneSettings,
        bus: Bus,
        coordination: Coordination,
    ) -> None:
        self.mail = CurrentMailer(
            mailer(settings.smtp) if settings.smtp else None,
            known=not settings.takes_mail_server,
        )
        self.registry = registry
        self.engine = engine
        self.now = now
        self.bus = bus
        self.coordination = coordination
        self.mail_commands = MailCommands(
            self.mail, self.bus, now, settable=settings.takes_mail_server
        )
        self.unit_of_work = UnitOfWork(engine, bus, now, coordination)
        ledger = Ledger(engine, self.unit_of_work.without_events, now)
        self.provider = provider = ledger.remembered(registry.provider)
        self.poller = Poller(engine, provider, self.unit_of_work, now)
        self.followers = Followers(registry, self.poller, coordination)
        self.lookups = Lookups(engine, registry, now)
        self.activity_log = ActivityLog(engine, self.unit_of_work, now)
        self.environment_commands = EnvironmentCommands(
            engine, self.unit_of_work, self.activity_log, registry, self.poller, self.lookups
        )
        self.accepted = asyncio.Event()
        self.journal = Journal(engine, self.unit_of_work, self.accepted.set)
        self.connection_commands = ConnectionCommands(
            engine, provider, registry.tunnel, self.unit_of_work, self.activity_log, now
        )
        self.provider_updates = ProviderUpdates(
            engine, self.poller, self.unit_of_work, self.activity_log
        )
        self.forgetting = [self.unit_of_work.purge, self.connection_commands.close_forgotten]

    async def prepare(self, settings: PlaneSettings) -> None:
        """Do what comes before the first answer."""
        engine, unit_of_work, poller = self.engine, self.unit_of_work, self.poller
        begin = None if settings.environments_file else settings.begin
        await begin_with_demo(
            engine, unit_of_work, poller, self.now, self.registry, begin, empty=settings.empty
        )
        living = await self.coordination.living()
        await close_interrupted(engine, unit_of_work, poller, living)
        await self.connection_commands.close_forgotten()

    def work(
        self, settings: PlaneSettings, workflows: DurableEngine
    ) -> Sequence[Callable[[], Awaitable[None]]]:
        """Return what goes on by itself, most of it in one worker at a time."""
        led: dict[str, Callable[[], Awaitable[None]]] = {
            "shutdowns": self.shutdown_timer().run,
            "shutdowns in clouds": self.shutdown_keeper().run,
            "schedules": self.publication_timer().run,
            "letters": self.outbox().run,
            "tidying": partial(tidy, self.forgetting),
        }
        if settings.environments_file is not None:
            led["environments file"] = self.environments_file(settings.environments_file)
        return (
            self.followers.run,
            self.provider_updates.run,
            *self.shared_work(workflows),
            *(partial(self.coordination.lead, part, work) for part, work in led.items()),
        )

    def shared_work(self, workflows: DurableEngine) -> Sequence[Callable[[], Awaitable[None]]]:
        """Return what goes on besides where there are other workers."""
        if self.coordination.alone:
            return ()
        from autosky_desktop.server.environments.placements import PlacementFollower
        from autosky_desktop.server.takeover import Takeover

        engine, poller, accepted = self.engine, self.poller, self.accepted.set
        follower = PlacementFollower(engine, self.registry, poller, self.coordination)
        takeover = Takeover(engine, self.unit_of_work, poller, workflows, accepted)
        return (follower.run, takeover.run)

    def steps(self) -> PublicationSteps:
        registry = self.registry
        tools = StepTools(self.provider, Pace.of(ProviderPace()), self.now, self.journal)
        return PublicationSteps(
            tools, self.poller, lambda name: Pace.of(registry.pace(name)), registry.keep
        )

    def environments_file(self, file: Path) -> Callable[[], Awaitable[None]]:
        """Return what follows a file of environments; TOML is read nowhere else."""
        from autosky_desktop.server.environments.from_file import EnvironmentsFile

        return EnvironmentsFile(file, self.engine, self.environment_commands, self.now).run

    def shutdown_timer(self) -> ShutdownTimer:
        return ShutdownTimer(
            self.engine,
            self.provider,
            self.poller,
            self.unit_of_work,
            self.activity_log,
            self.bus,
            self.now,
        )

    def shutdown_keeper(self) -> ShutdownKeeper:
        keep = self.registry.keep_shutdown
        return ShutdownKeeper(self.engine, keep, self.unit_of_work, self.bus, self.now)

    def publication_timer(self) -> PublicationTimer:
        return PublicationTimer(
            self.engine,
            self.unit_of_work,
            self.activity_log,
            self.bus,
            self.now,
            self.accepted.set,
        )

    def outbox(self) -> Outbox:
        return Outbox(self.engine, self.unit_of_work, self.bus, self.now, self.mail)

    def handed_out(self) -> dict[str, object]:
        """Return what the handlers take, by the names they take it by."""
        from autosky_desktop.server.api.idempotency import Idempotency
        from autosky_desktop.server.feed.broadcast import Broadcast

        engine, unit_of_work, activity_log = self.engine, self.unit_of_work, self.activity_log
        schedule_commands = ScheduleCommands(engine, unit_of_work, activity_log, self.now)
        return {
            "engine": engine,
            "bus": self.bus,
            "broadcast": Broadcast(engine, self.bus),
            "now": self.now,
            "idempotency": Idempotency(engine, unit_of_work, self.now),
            "provider_updates": self.provider_updates,
            "lookups": self.lookups,
            "environment_commands": self.environment_commands,
            "power_commands": PowerCommands(engine, self.provider, self.poller, activity_log),
            "shutdown_commands": ShutdownCommands(engine, unit_of_work, activity_log),
            "publishing": Publisher(
                engine,
                unit_of_work,
                activity_log,
                self.now,
                self.accepted.set,
                sends_mail=self.mail.sends,
            ),
            "schedule_commands": schedule_commands,
            "publication_commands": PublicationCommands(
                engine, unit_of_work, activity_log, schedule_commands, self.accepted.set
            ),
            "session_commands": SessionCommands(
                engine, self.provider, self.poller, activity_log, self.now
            ),
            "connection_commands": self.connection_commands,
            "mail_commands": self.mail_commands,
            "people_commands": PeopleCommands(engine, unit_of_work, self.bus, self.now),
        }


@asynccontextmanager
async def control_plane(
    settings: PlaneSettings,
    provider: Provider,
    listener: socket.socket,
    now: Now,
    plugins: Sequence[Plugin] = (),
    meters: "ServedMeters | None" = None,
) -> AsyncIterator[RunningControlPlane]:
    """Run a control plane that answers on `listener` within the block. `provider` is the demo's;
    `plugins` are there besides those that are found. Raises StorageError.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(listener)
        bus = Bus()
        coordination, storage = coordination_on(settings.storage, bus, leave_at_once)
        workflows_in = workflow_place(storage)
        engine = await open_storage(storage)
        stack.push_async_callback(engine.dispose)
        await stack.enter_async_context(coordination.entered(engine))
        itself = await identity(engine)
        services = Services(now=now, folder=settings.folder / "providers", control_plane=itself)
        known = Plugins([SimulatedPlugin(provider, settings.speed), *plugins])
        registry = ProviderRegistry(known, services, meters.provider_call if meters else unwatched)
        stack.push_async_callback(registry.close)
        parts = PlaneParts(registry, engine, now, settings, bus, coordination)
        await parts.prepare(settings)
        workflows = DurableEngine(workflows_in, parts.steps(), coordination)
        dispatcher = Dispatcher(engine, workflows, parts.journal, parts.accepted)
        await asyncio.to_thread(load_api)
        from autosky_desktop.server.api.routes import PlaneIdentity
        from autosky_desktop.server.api.uvicorn_server import EmbeddedUvicorn

        handed_out: dict[str, Any] = parts.handed_out() | {
            "demo_faults": DemoFaults(provider, settings.speed),
            "itself": PlaneIdentity(itself, settings.name),
            "authenticator": FixedToken(settings.token, settings.operator),
        }
        handed_out |= _sign_in(settings, parts, now)
        application: Any = _application(settings, handed_out)
        if meters:
            application = await stack.enter_async_context(meters.served(application, handed_out))
        listening = EmbeddedUvicorn(application, listener, settings.certificate)
        answering = asyncio.create_task(listening.run_until_stopped())
        running = (dispatcher.run, *parts.work(settings, workflows))
        work = begin(settings.answers_first_seconds, *running)
        stack.push_async_callback(_end, answering, work, parts.unit_of_work, workflows)
        stack.callback(listening.stop)
        stack.callback(parts.bus.close)
        await listening.answers.wait()
        yield _running(parts, _url(listener, settings), settings.token, answering)


def _sign_in(settings: PlaneSettings, parts: PlaneParts, now: Now) -> dict[str, Any]:
    """Return the parts at which people sign in; what keeps passwords is loaded there alone."""
    if not settings.sign_in:
        return {}
    from autosky_desktop.server.sign_in.door import SignInDoor

    own = (settings.token, settings.operator) if settings.token else None
    door = SignInDoor(parts.engine, parts.unit_of_work, now, own, settings.openid)
    parts.forgetting.append(door.purge)
    return {"sign_in": door, "authenticator": door.authenticator}


def _running(
    parts: PlaneParts, url: str, token: str, listening: asyncio.Task[None]
) -> RunningControlPlane:
    known = (parts.engine, parts.unit_of_work, parts.poller, parts.environment_commands)
    return RunningControlPlane(url, token, *known, listening)


def _url(listener: socket.socket, settings: PlaneSettings) -> str:
    host, port = listener.getsockname()[:2]
    return f"{'https' if settings.certificate else 'http'}://{host}:{port}"


def _application(settings: PlaneSettings, parts: dict[str, Any]) -> "AuthMiddleware":
    from autosky_desktop.server.api.auth import LOOPBACK, AuthMiddleware
    from autosky_desktop.server.application import application, open_paths

    return AuthMiddleware(
        application(parts),
        authenticator=parts["authenticator"],
        open_paths=open_paths(sign_in=settings.sign_in),
        hosts=LOOPBACK if settings.local else None,
    )


async def _end(
    listening: asyncio.Task[None],
    work: tuple[asyncio.Task[None], ...],
    unit_of_work: UnitOfWork,
    workflows: DurableEngine,
) -> None:
    async with unit_of_work.paused():
        await end_all(work)
        await workflows.close()
    await asyncio.gather(listening, return_exceptions=True)
