"""The work of the six steps. Each may be begun again after a crash and does nothing twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from msgspec import Struct

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.publication import Publication, PublicationState, StepName, StepState
from autosky_desktop.domain.server import ImageState, Power, Server, ServerState
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.providers.provider import (
    Provider,
    ProviderBusy,
    ProviderError,
    ProviderRefused,
    ReplacementProgress,
)
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.patience import patiently
from autosky_desktop.server.usecases.preflight import preparation_of
from autosky_desktop.server.workflows.journal import Ending, Journal, step_of

STORAGE_PAUSE_SECONDS = 5.0
STOP_POLLS = 900

log = logging.getLogger(__name__)


class Pace(Struct, frozen=True):
    """Seconds between looks at something that runs, and how long a busy provider is asked."""

    poll: float
    pause: float
    tries: int = 10

    @classmethod
    def at(cls, speed: float) -> "Pace":
        return cls(poll=max(0.02, 1.0 / speed), pause=max(0.02, 1.0 / speed))


class StepFailed(Exception):
    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(reason)
        self.ending = Ending(state=StepState.FAILED.value, reason=reason, detail=detail)


class Run(Struct, frozen=True):
    """One step of one publication; `found` is what the steps before it left for it."""

    environment: str
    publication: Publication
    step: str
    found: Mapping[str, str]

    @property
    def key(self) -> str:
        return f"{self.publication.id}:{self.step}"


T = TypeVar("T")
Work = Callable[[Run], Awaitable[Ending]]


class Steps:
    def __init__(
        self, provider: Provider, observer: Observer, journal: Journal, pace: Pace
    ) -> None:
        self._provider = provider
        self._observer = observer
        self._journal = journal
        self._pace = pace
        self._work: dict[str, Work] = {
            StepName.VALIDATION: self._validate,
            StepName.STOP: self._stop,
            StepName.IMAGE: self._image,
            StepName.MODEL: self._model,
            StepName.REPLACEMENT: self._replace,
            StepName.FINALIZATION: self._finish,
        }

    async def perform(
        self, publication: str, step: str, found: Mapping[str, str]
    ) -> dict[str, str] | None:
        """Do one step from its beginning. What it found, or None when it failed.

        Without room to write, it waits for room: nothing is lost and nothing half said.
        """
        while True:
            try:
                return await self._perform(publication, step, found)
            except StorageError as error:
                log.warning("%s of %s waits for the storage: %s", step, publication, error)
                await asyncio.sleep(STORAGE_PAUSE_SECONDS)

    async def _perform(
        self, publication: str, step: str, found: Mapping[str, str]
    ) -> dict[str, str] | None:
        environment, run = await self._journal.read(publication)
        if step_of(run, step).state == StepState.FAILED:
            return None
        await self._journal.begin(publication, step)
        ending = await self._outcome(Run(environment, run, step, found))
        await self._journal.end(publication, step, ending)
        return None if ending.state == StepState.FAILED else ending.found

    async def _outcome(self, run: Run) -> Ending:
        try:
            return await self._work[run.step](run)
        except StorageError:
            raise
        except StepFailed as failure:
            ending = failure.ending
        except ProviderBusy as error:
            ending = StepFailed("provider-busy", error.detail).ending
        except ProviderRefused as error:
            ending = StepFailed("provider-refused", error.detail).ending
        except Exception:  # the one place: a defect must fail its publication, not leave it open
            log.exception("%s of %s met a defect", run.step, run.publication.id)
            ending = StepFailed("unexpected").ending
        await self._unblock_after(run)
        return ending

    async def _validate(self, run: Run) -> Ending:
        server = await self._preparation(run)
        if ServerState(server.status) not in (ServerState.RUNNING, ServerState.STOPPED):
            raise StepFailed("preparation-moving", server.status)
        return Ending(fields={"platform_version": server.platform_version})

    async def _stop(self, run: Run) -> Ending:
        if not run.publication.options.stop_preparation_server:
            return _skipped("not-chosen")
        server = await self._preparation(run)
        if ServerState(server.status) is not ServerState.STOPPED:
            await self._ask(
                lambda: self._provider.power(run.environment, server.id, Power.STOP, key=run.key)
            )
        for _ in range(STOP_POLLS):
            if ServerState((await self._preparation(run)).status) is ServerState.STOPPED:
                return Ending()
            await asyncio.sleep(self._pace.poll)
        raise StepFailed("preparation-does-not-stop")

    async def _image(self, run: Run) -> Ending:
        image = await self._ask(lambda: self._provider.create_image(run.environment, key=run.key))
        while True:
            progress = await self._ask(lambda: self._provider.image(run.environment, image))
            await self._journal.progress(run.publication.id, run.step, progress.percent, 100)
            if ImageState(progress.state) is ImageState.AVAILABLE:
                return Ending(found={"image": image})
            if ImageState(progress.state) is ImageState.FAILED:
                raise StepFailed("image-failed", progress.detail)
            await asyncio.sleep(self._pace.poll)

    async def _model(self, run: Run) -> Ending:
        model = await self._ask(
            lambda: self._provider.create_model(
                run.environment,
                image=run.found["image"],
                version=run.publication.version,
                key=run.key,
            )
        )
        return Ending(found={"model": model})

    async def _replace(self, run: Run) -> Ending:
        observed = await self._ask(lambda: self._observer.read(run.environment))
        if all(i.status == InstanceState.TERMINATED for i in observed.instances):
            return _skipped("nothing-runs")
        if run.publication.options.block_instances:
            await self._block(run, blocked=True)
        replacement = await self._ask(
            lambda: self._provider.replace(
                run.environment,
                model=run.found["model"],
                end_sessions=run.publication.options.terminate_sessions,
                key=run.key,
            )
        )
        while True:
            progress = await self._ask(
                lambda: self._provider.replacement(run.environment, replacement)
            )
            await self._tell_replacement(run, progress)
            if progress.state == "succeeded":
                return Ending()
            if progress.state == "failed":
                raise StepFailed("replacement-failed", progress.detail)
            await asyncio.sleep(self._pace.poll)

    async def _tell_replacement(self, run: Run, progress: ReplacementProgress) -> None:
        waiting = progress.state == "waiting"
        state = PublicationState.WAITING if waiting else PublicationState.RUNNING
        await self._journal.progress(
            run.publication.id,
            run.step,
            progress.done,
            progress.total,
            state=state.value,
            instances_replaced=progress.done,
            sessions_ended=progress.sessions_ended,
        )

    async def _finish(self, run: Run) -> Ending:
        if run.publication.options.block_instances:
            await self._block(run, blocked=False)
        await self._ask(lambda: self._observer.read(run.environment))
        return Ending(version=run.publication.version)

    async def _unblock_after(self, run: Run) -> None:
        """A publication that fails leaves no instance blocked; if that fails too, it is logged."""
        if run.step != StepName.REPLACEMENT or not run.publication.options.block_instances:
            return
        try:
            await self._block(run, blocked=False)
        except ProviderError as error:
            log.warning("%s stays blocked: %s", run.environment, error.detail)

    async def _block(self, run: Run, *, blocked: bool) -> None:
        key = f"{run.key}:{'block' if blocked else 'unblock'}"
        await self._ask(lambda: self._provider.block(run.environment, blocked=blocked, key=key))

    async def _preparation(self, run: Run) -> Server:
        observed = await self._ask(lambda: self._observer.read(run.environment))
        server = preparation_of(observed.servers)
        if server is None:
            raise StepFailed("no-preparation-server")
        return server

    async def _ask(self, call: Callable[[], Awaitable[T]]) -> T:
        return await patiently(call, tries=self._pace.tries, pause=self._pace.pause)


def _skipped(reason: str) -> Ending:
    return Ending(state=StepState.SKIPPED.value, reason=reason)
