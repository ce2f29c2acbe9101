"""What a publication's rows say of its progress. Every write may be repeated after a crash."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Outcome
from autosky_desktop.domain.publication import Publication, PublicationState, Step, StepState
from autosky_desktop.server.db import activities, reads
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.recording import Recording
from autosky_desktop.server.usecases.owing import owe

OVER = frozenset({StepState.SUCCEEDED, StepState.SKIPPED, StepState.FAILED, StepState.CANCELLED})

Edit = Callable[[Recording, Publication], Publication]


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """How a step ended. `found` is what later steps need of it, `fields` what it knows of the
    publication, `version` the environment's new one.
    """

    state: str = StepState.SUCCEEDED.value
    reason: str | None = None
    detail: str | None = None
    found: dict[str, str] = {}
    fields: dict[str, Any] = {}
    version: int | None = None


class Journal:
    def __init__(self, engine: AsyncEngine, recorder: Recorder) -> None:
        self._engine = engine
        self._recorder = recorder

    async def read(self, publication: str) -> tuple[str, Publication]:
        """The publication with its environment's id. Raises LookupError."""
        async with self._engine.connect() as connection:
            found = await reads.publication(connection, publication)
        if found is None:
            raise LookupError(publication)
        return found

    async def begin(self, publication: str, name: str) -> None:
        def edit(recording: Recording, run: Publication) -> Publication:
            step = step_of(run, name)
            if StepState(step.state) in OVER:
                return run  # done, and the process died before the workflow engine noted it
            step = msgspec.structs.replace(
                step,
                state=StepState.RUNNING.value,
                started_at=step.started_at or recording.now,
                attempts=step.attempts + 1,
            )
            return msgspec.structs.replace(
                with_step(run, step),
                state=PublicationState.RUNNING.value,
                started_at=run.started_at or recording.now,
            )

        await self._edit(publication, edit)

    async def progress(
        self, publication: str, name: str, done: int, total: int, **fields: object
    ) -> None:
        """`done` of `total` of the step; `fields` of the publication besides."""

        def edit(_: Recording, run: Publication) -> Publication:
            step = msgspec.structs.replace(step_of(run, name), done=done, total=total)
            return msgspec.structs.replace(with_step(run, step), **fields)

        await self._edit(publication, edit)

    async def end(self, publication: str, name: str, ending: Ending) -> None:
        """Write down how the step ended and, with the last or a failed one, the publication."""

        def edit(recording: Recording, run: Publication) -> Publication:
            step = step_of(run, name)
            if StepState(step.state) in OVER:
                return run
            step = msgspec.structs.replace(
                step,
                state=ending.state,
                ended_at=recording.now,
                reason=ending.reason,
                detail=ending.detail,
            )
            run = msgspec.structs.replace(with_step(run, step), **ending.fields)
            if ending.version is not None:
                recording.current_version = ending.version
            return _concluded(run, recording)

        await self._edit(publication, edit)

    async def abandon(self, publication: str) -> None:
        """Fail a publication that nothing carries out any more; one that ended stays as it is."""

        def edit(recording: Recording, run: Publication) -> Publication:
            if run.ended:
                return run
            step = next(s for s in run.steps if StepState(s.state) not in OVER)
            step = msgspec.structs.replace(
                step,
                state=StepState.FAILED.value,
                ended_at=recording.now,
                reason="interrupted",
            )
            return _concluded(with_step(run, step), recording)

        await self._edit(publication, edit)

    async def _edit(self, publication: str, edit: Edit) -> None:
        environment, _ = await self.read(publication)
        async with self._recorder.recording(environment) as recording:
            found = await reads.publication(recording.connection, publication)
            if found is not None and (changed := edit(recording, found[1])) != found[1]:
                await recording.publication(changed)
                if changed.ended:
                    await activities.conclude_of(recording, publication, _came_of(changed))
                    await owe(recording, changed)


def step_of(run: Publication, name: str) -> Step:
    return next(step for step in run.steps if step.name == name)


def with_step(run: Publication, changed: Step) -> Publication:
    steps = [changed if step.name == changed.name else step for step in run.steps]
    return msgspec.structs.replace(run, steps=steps)


def _came_of(run: Publication) -> activities.Ending:
    if run.state == PublicationState.SUCCEEDED:
        return activities.DONE
    failed = next((step for step in run.steps if step.state == StepState.FAILED), None)
    return activities.Ending(
        outcome=Outcome.FAILED.value,
        reason=failed.reason if failed else run.state,
        detail=(failed.detail if failed else None) or "",
    )


def _concluded(run: Publication, recording: Recording) -> Publication:
    states = [StepState(step.state) for step in run.steps]
    if StepState.FAILED in states:
        end = PublicationState.FAILED
    elif OVER.issuperset(states):
        end = PublicationState.SUCCEEDED
    else:
        return msgspec.structs.replace(run, state=PublicationState.RUNNING.value)
    return msgspec.structs.replace(run, state=end.value, ended_at=recording.now)
