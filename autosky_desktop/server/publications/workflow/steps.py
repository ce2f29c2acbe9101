"""Does the work of the six steps. Each may be begun again after a crash and does nothing twice."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from msgspec.structs import replace

from autosky_desktop.domain.environment import InstanceState
from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.publication import StepName, StepState
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.domain.server import ImageState, Power, Server, ServerState
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.providers.provider import ProviderBusy, ProviderError, ProviderRefused
from autosky_desktop.server.publications.facts import preparation_of
from autosky_desktop.server.publications.workflow.journal import (
    OVER,
    StepCancelled,
    StepEnding,
    step_of,
)
from autosky_desktop.server.publications.workflow.replacement import InstanceReplacement
from autosky_desktop.server.publications.workflow.step_context import (
    Pace,
    StepFailed,
    StepRun,
    StepTools,
    skipped,
)
from autosky_desktop.server.publications.workflow.switch import wait_for_switch

STORAGE_PAUSE_SECONDS = 5.0
STOP_POLLS = 900
KEPT_SECONDS = 30.0
"""How often it is said that others are to be kept out of an environment."""

IMAGE, MODEL = "image", "model"
MAKES = {StepName.IMAGE.value: IMAGE, StepName.MODEL.value: MODEL}
"""The name by which later steps find what a step made."""

log = logging.getLogger(__name__)

Work = Callable[[StepRun], Awaitable[StepEnding]]
Keep = Callable[[str], Awaitable[None]]


class PublicationSteps:
    """Carries out the steps of publications, one after another for each."""

    def __init__(
        self,
        tools: StepTools,
        poller: Poller,
        pace_in: Callable[[str], Pace] | None = None,
        keep: Keep | None = None,
    ) -> None:
        """Let `pace_in` say the pace in an environment; without it, it is the tools' own. `keep`
        keeps other control planes out of an environment for a while.
        """
        self._keep = keep
        self._tools = tools
        self._pace_in = pace_in or (lambda _environment: tools.pace)
        self._provider = tools.provider
        self._poller = poller
        self._journal = tools.journal
        self._work: dict[str, Work] = {
            StepName.VALIDATION: self._validate,
            StepName.STOP: self._stop,
            StepName.IMAGE: self._image,
            StepName.MODEL: self._model,
            StepName.REPLACEMENT: self._replace,
            StepName.FINALIZATION: self._finish,
        }

    async def workflow(self, publication: str) -> str:
        """Return the id of what carries it out now: another one each time it is tried again."""
        _, run = await self._journal.read(publication)
        return f"{publication}:{run.retries}" if run.retries else publication

    async def perform(
        self, publication: str, step: str, found: Mapping[str, str]
    ) -> dict[str, str] | None:
        """Do one step from its beginning. Return what it found, or None when it failed.

        Without room to write, it waits for room: nothing is lost and nothing half said. A defect
        outside the step's own work ends the publication too: nobody would go on with it.
        """
        while True:
            try:
                with guarded(log, f"{step} of {publication}", but=(StorageError,)):
                    return await self._perform(publication, step, found)
                with guarded(log, f"the end of {publication}", but=(StorageError,)):
                    await self._journal.abandon(publication)
                return None
            except StorageError as error:
                log.warning("%s of %s waits for the storage: %s", step, publication, error)
                await asyncio.sleep(STORAGE_PAUSE_SECONDS)

    async def _perform(
        self, publication: str, step: str, found: Mapping[str, str]
    ) -> dict[str, str] | None:
        environment, run = await self._journal.read(publication)
        tools = replace(self._tools, pace=self._pace_in(environment))
        try:
            run = await self._journal.begin(publication, step)
            if run.ended:
                return None
            if StepState((known := step_of(run, step)).state) in OVER:
                return _found(step, known.made)  # the world has moved on since: not looked at again
            ending = await self._outcome(StepRun(environment, run, step, found, tools))
        except StepCancelled:
            await self._leave(StepRun(environment, run, step, found, tools))
            await self._journal.cancelled(publication)
            return None
        await self._journal.end(publication, step, ending)
        return None if ending.state == StepState.FAILED else _found(step, ending.made)

    async def _outcome(self, run: StepRun) -> StepEnding:
        try:
            async with kept(self._keep, run.environment):
                return await self._work[run.step](run)
        except (StorageError, StepCancelled):
            raise
        except StepFailed as failure:
            ending = failure.ending
        except ProviderError as error:
            ending = StepFailed(Reason(error.code), error.detail).ending
        except Exception:  # the one place: a defect must fail its publication, not leave it open
            log.exception("%s of %s met a defect", run.step, run.publication.id)
            ending = StepFailed(Reason.UNEXPECTED).ending
        await self._leave(run)
        return ending

    async def _validate(self, run: StepRun) -> StepEnding:
        deadline = run.publication.plan.deadline
        if deadline is not None and deadline.at <= run.tools.now():
            raise StepFailed(Reason.DEADLINE_PASSED)  # nobody carried it out until now
        if run.publication.plan.image_of is not None:
            return await self._validate_again(run, run.publication.plan.image_of)
        server = await self._preparation(run)
        if ServerState(server.status) not in (ServerState.RUNNING, ServerState.STOPPED):
            raise StepFailed(Reason.PREPARATION_MOVING, server.status)
        fields = {"platform_version": server.platform_version}
        return StepEnding(fields=fields | await self._way_back(run))

    async def _way_back(self, run: StepRun) -> dict[str, str | None]:
        """Return the image of what is to be replaced, if nothing here has published that: without
        it, nobody could go back from the first publication.
        """
        replaces = run.publication.replaces
        if replaces is None or await self._journal.version_image(run.environment, replaces):
            return {}
        members = await run.tools.ask(lambda: self._provider.members(run.environment))
        images = {it.image for it in members if it.instance.version == replaces}
        return {"replaced_image": images.pop() or None} if len(images) == 1 else {}

    async def _validate_again(self, run: StepRun, version: int) -> StepEnding:
        """Check that the image of an earlier version is still there."""
        earlier = await self._journal.version_image(run.environment, version)
        if earlier is None:
            raise StepFailed(Reason.IMAGE_GONE)
        image = earlier.id
        try:
            progress = await run.tools.ask(lambda: self._provider.image(run.environment, image))
        except ProviderRefused as error:
            raise StepFailed(Reason.IMAGE_GONE, error.detail) from error
        if ImageState(progress.state) is not ImageState.AVAILABLE:
            raise StepFailed(Reason.IMAGE_GONE, progress.detail)
        return StepEnding(fields={"platform_version": earlier.platform_version})

    async def _stop(self, run: StepRun) -> StepEnding:
        if run.publication.plan.image_of is not None:
            return skipped(Reason.IMAGE_EXISTS)
        if not run.publication.plan.stops_preparation_server:
            return skipped(Reason.NOT_CHOSEN)
        server = await self._preparation(run)
        if ServerState(server.status) is not ServerState.STOPPED:
            await run.tools.ask(
                lambda: self._provider.power(run.environment, server.id, Power.STOP, key=run.key)
            )
        for _ in range(STOP_POLLS):
            if ServerState((await self._preparation(run)).status) is ServerState.STOPPED:
                return StepEnding()
            await run.tools.look_again(run.publication.id)
        raise StepFailed(Reason.PREPARATION_DOES_NOT_STOP)

    async def _image(self, run: StepRun) -> StepEnding:
        ask, image_of = run.tools.ask, run.publication.plan.image_of
        if image_of is not None:
            earlier = await self._journal.version_image(run.environment, image_of)
            return skipped(Reason.IMAGE_EXISTS, made=earlier.id if earlier else None)
        image = await ask(lambda: self._provider.create_image(run.environment, key=run.key))
        known = run.publication
        while True:
            progress = await ask(lambda: self._provider.image(run.environment, image))
            await self._journal.progress(known, run.step, progress.percent, 100)
            if ImageState(progress.state) is ImageState.AVAILABLE:
                return StepEnding(made=image)
            if ImageState(progress.state) is ImageState.FAILED:
                raise StepFailed(Reason.IMAGE_FAILED, progress.detail)
            known = await run.tools.look_again(run.publication.id)

    async def _model(self, run: StepRun) -> StepEnding:
        model = await run.tools.ask(
            lambda: self._provider.create_model(
                run.environment,
                image=run.found[IMAGE],
                version=run.publication.version,
                key=run.key,
            )
        )
        return StepEnding(made=model)

    async def _replace(self, run: StepRun) -> StepEnding:
        run = await wait_for_switch(run)
        observed = await run.tools.ask(lambda: self._poller.read(run.environment))
        gone = all(i.status == InstanceState.TERMINATED for i in observed.instances)
        if gone and not observed.wanted:
            return skipped(Reason.NOTHING_RUNS)
        if run.publication.plan.blocks_instances:
            await self._block(run, blocked=True)
        return await InstanceReplacement(run.tools, run).perform()

    async def _finish(self, run: StepRun) -> StepEnding:
        if run.publication.plan.blocks_instances:
            await self._block(run, blocked=False)
        await run.tools.ask(lambda: self._poller.read(run.environment))
        return StepEnding(version=run.publication.version)

    async def _leave(self, run: StepRun) -> None:
        """Leave the instances as people can use them when a step does not go on: none blocked, none
        drained for nothing. That they can again is seen before the end is told.
        """
        if run.step not in (StepName.REPLACEMENT, StepName.FINALIZATION):
            return
        if run.step == StepName.REPLACEMENT:
            await self._insist(run, InstanceReplacement(run.tools, run).give_up)
        if run.publication.plan.blocks_instances:
            await self._insist(run, lambda: self._block(run, blocked=False))
        await self._poller.look(run.environment)

    async def _insist(self, run: StepRun, call: Callable[[], Awaitable[None]]) -> None:
        """Ask until the provider is no longer busy: before that the step has not ended, as users
        cannot sign in. If the provider refuses, it is logged.
        """
        while True:
            try:
                return await call()
            except ProviderBusy as error:
                log.warning("%s stays as it is for now: %s", run.environment, error.detail)
                await run.tools.rest()
            except ProviderRefused as error:
                return log.warning("%s stays as it is: %s", run.environment, error.detail)

    async def _block(self, run: StepRun, *, blocked: bool) -> None:
        key = f"{run.key}:{'block' if blocked else 'unblock'}:{run.publication.retries}"
        await run.tools.ask(lambda: self._provider.block(run.environment, blocked=blocked, key=key))

    async def _preparation(self, run: StepRun) -> Server:
        observed = await run.tools.ask(lambda: self._poller.read(run.environment))
        server = preparation_of(observed.servers)
        if server is None:
            raise StepFailed(Reason.NO_PREPARATION_SERVER)
        return server


@asynccontextmanager
async def kept(keep: Keep | None, environment: str) -> AsyncIterator[None]:
    """Keep others out of the environment within the block, however long that waits. Where it cannot
    be, the next change is refused and says why.
    """

    async def again() -> None:
        while keep is not None:
            with guarded(log, f"keeping others out of {environment}"):
                try:
                    await keep(environment)
                except ProviderError as error:
                    log.warning("others may change %s: %s", environment, error.detail)
            await asyncio.sleep(KEPT_SECONDS)

    task = asyncio.create_task(again())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _found(step: str, made: str | None) -> dict[str, str]:
    return {MAKES[step]: made} if made is not None else {}
