"""The parts of publishing over the simulated cloud, with a workflow that waits to be let on."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.environment import Snapshot
from autosky_desktop.domain.plan import Schedule
from autosky_desktop.domain.publication import STEPS, Publication, StepName
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.storage import open_storage
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.providers import demo_seed
from autosky_desktop.server.providers.demo_seed import DemoEnvironment
from autosky_desktop.server.providers.simulated import SimulatedProvider
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.commands import PublicationCommands, Publisher
from autosky_desktop.server.publications.schedule_commands import ScheduleCommands
from autosky_desktop.server.publications.timer import PublicationTimer
from autosky_desktop.server.publications.workflow.journal import Journal
from autosky_desktop.server.publications.workflow.step_context import Pace, StepTools
from autosky_desktop.server.publications.workflow.steps import PublicationSteps
from autosky_desktop.server.startup import begin_with_demo
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork
from tests.support.cloud import Time

STAGING, ZONE = "erp-staging", "America/Sao_Paulo"
T = TypeVar("T")


class Gate:
    """The gate where a workflow waits between two looks. `fatal`: before or after so many questions
    to the provider, counted each, the process dies; 0: it does not. `fatal_at_last`: so many of the
    last step's.
    """

    def __init__(self) -> None:
        self.parked = asyncio.Event()
        self.open = asyncio.Event()
        self.fatal = self.fatal_at_last = 0

    def enters(self, step: StepName) -> None:
        if step is STEPS[-1] and self.fatal_at_last:
            self.fatal, self.fatal_at_last = self.fatal_at_last, 0

    def dies(self) -> None:
        """Die when it is time. Raises CancelledError."""
        if self.fatal:
            self.fatal -= 1
            if not self.fatal:
                raise asyncio.CancelledError

    async def wait(self) -> None:
        self.open.clear()
        self.parked.set()
        await self.open.wait()
        self.parked.clear()


class Gated(StepTools, frozen=True):
    gate: Gate

    async def ask(self, call: Callable[[], Awaitable[T]]) -> T:
        self.gate.dies()
        answer = await StepTools.ask(self, call)
        self.gate.dies()
        return answer

    async def rest(self) -> None:
        await self.gate.wait()


class World(Struct, frozen=True):
    """The parts of one control plane's publishing."""

    engine: AsyncEngine
    provider: SimulatedProvider
    publisher: Publisher
    publication_commands: PublicationCommands
    schedule_commands: ScheduleCommands
    timer: PublicationTimer
    steps: PublicationSteps


async def opened(folder: Path, time: Time, gate: Gate, begin: Sequence[DemoEnvironment]) -> World:
    cloud = folder / "cloud"
    cloud.mkdir(exist_ok=True)
    provider = await SimulatedProvider.open(
        cloud, clock=time, sleep=time.sleep, churn=False, begin=begin
    )
    engine, bus = await open_storage(folder), Bus()
    unit_of_work = UnitOfWork(engine, bus, time)
    poller = Poller(engine, provider, unit_of_work, time)
    await begin_with_demo(engine, unit_of_work, poller, time, begin=begin)
    activity_log = ActivityLog(engine, unit_of_work, time)
    schedules = ScheduleCommands(engine, unit_of_work, activity_log, time)
    tools = Gated(
        provider, Pace(0, 0, tries=3), time, Journal(engine, unit_of_work, _nothing), gate
    )
    return World(
        engine=engine,
        provider=provider,
        publisher=Publisher(
            engine, unit_of_work, activity_log, time, _nothing, sends_mail=lambda: False
        ),
        publication_commands=PublicationCommands(
            engine, unit_of_work, activity_log, schedules, _nothing
        ),
        schedule_commands=schedules,
        timer=PublicationTimer(
            engine, unit_of_work, activity_log, bus, time, _nothing, lambda: time().timestamp()
        ),
        steps=PublicationSteps(tools, poller),
    )


def _nothing() -> None:
    """Do nothing: the machine looks for itself what there is to carry out."""


class Driver:
    """A control plane whose time and workflow go on only when it is said.

    `noted` is what the workflow engine keeps of each workflow, across the death of the process:
    what its steps came to, None at last when one was its end; `over` are those that ended.
    """

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.home = TemporaryDirectory()
        self.keys = 0
        self.task: asyncio.Task[None] | None = None
        self.noted: dict[str, list[dict[str, str] | None]] = {}
        self.over: set[str] = set()

    def do(self, work: Awaitable[T]) -> T:
        return self.loop.run_until_complete(work)

    def key(self) -> str:
        self.keys += 1
        return str(self.keys)

    def begin(self, *, sessions: int = demo_seed.ERP_STAGING.sessions) -> None:
        self.begun_with = [replace(demo_seed.ERP_STAGING, sessions=sessions)]
        self.time, self.gate = Time(), Gate()
        self.do(self._open())
        self.first = self.version()

    async def _open(self) -> None:
        self.world = await opened(Path(self.home.name), self.time, self.gate, self.begun_with)

    def dies(self) -> None:
        """Die as a process in the middle of a step; the next one carries on what is open."""
        self.do(self._die())

    async def _die(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with suppress(asyncio.CancelledError):
                await self.task
            self.task = None
            self.gate.parked.clear()

    def comes_back(self) -> None:
        """Come back as another process, that knows what is on the disk. The cloud's faults stay."""
        faults = self.world.provider.faults
        self.do(self.world.engine.dispose())
        self.do(self._open())
        self.world.provider.faults = faults

    def look(self, seconds: float) -> None:
        self.time.goes_on(seconds=seconds)
        self.act()
        self.do(self.one_look())
        if self.task is not None and self.task.done():
            task, self.task = self.task, None
            if task.cancelled():
                self.gate.parked.clear()
                self.comes_back()
            else:
                task.result()

    def act(self) -> None:
        self.do(self.world.timer.act())

    async def one_look(self) -> None:
        if self.task is None:
            if (run := await self.open_one()) is None:
                return
            workflow = await self.world.steps.workflow(run.id)
            assert workflow not in self.over, f"nobody carries out {run}"
            self.task = asyncio.create_task(self.carry_out(run.id, workflow))
        self.gate.parked.clear()
        self.gate.open.set()
        parked = asyncio.create_task(self.gate.parked.wait())
        await asyncio.wait({self.task, parked}, return_when=asyncio.FIRST_COMPLETED)
        parked.cancel()

    async def carry_out(self, publication: str, workflow: str) -> None:
        """Carry out a workflow as the engine does: what was recorded is not done again."""
        noted = self.noted.setdefault(workflow, [])
        found: dict[str, str] = {}
        for number, step in enumerate(STEPS):
            if number == len(noted):
                self.gate.enters(step)
                perform = self.world.steps.perform
                noted.append(await perform(publication, step.value, dict(found)))
            if (more := noted[number]) is None:
                break
            found |= more
        self.over.add(workflow)

    async def open_one(self) -> Publication | None:
        async with self.world.engine.connect() as connection:
            return await publications.running_in(connection, STAGING)

    def running(self) -> Publication | None:
        return self.do(self.open_one())

    def runs(self) -> list[Publication]:
        async def read() -> list[Publication]:
            async with self.world.engine.connect() as connection:
                wanted = publications.PublicationQuery(limit=200)
                return (await publications.page(connection, STAGING, wanted)).publications

        return self.do(read())

    def snapshot(self) -> Snapshot:
        async def read() -> Snapshot | None:
            async with self.world.engine.connect() as connection:
                return await environments.snapshot(connection, STAGING)

        found = self.do(read())
        assert found
        return found

    def version(self) -> int:
        return self.snapshot().environment.current_version

    def next_version(self) -> int:
        """Return, by our own count, one more than what was published or has an image."""
        taken = [run.version for run in self.runs() if run.image]
        return max([self.version(), *taken]) + 1

    def soon(self) -> Schedule:
        return Schedule(at=self.time() + timedelta(minutes=9), time_zone=ZONE)

    def close(self) -> None:
        self.dies()
        if hasattr(self, "world"):
            self.do(self.world.provider.close())
            self.do(self.world.engine.dispose())
        self.loop.close()
        self.home.cleanup()
