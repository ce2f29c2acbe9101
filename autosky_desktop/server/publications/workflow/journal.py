"""Records the progress of a publication in its rows. Every write may be repeated after a crash."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.publication import (
    Publication,
    PublicationState,
    Step,
    StepState,
    WaitingFor,
    switches_at,
)
from autosky_desktop.domain.reasons import Reason
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.publications import allowance
from autosky_desktop.server.publications import queries as publications
from autosky_desktop.server.publications.queries import VersionImage
from autosky_desktop.server.publications.rules import passed, switched, waiting_for_switch
from autosky_desktop.server.publications.workflow.batcher import Batcher
from autosky_desktop.server.publications.workflow.writes import PublicationWrites
from autosky_desktop.server.transactions.transaction import Transaction
from autosky_desktop.server.transactions.unit_of_work import UnitOfWork

OVER = frozenset({StepState.SUCCEEDED, StepState.SKIPPED, StepState.FAILED, StepState.CANCELLED})


class StepCancelled(Exception):
    """Raised when somebody asked the publication to stop: there is no next step."""


class StepEnding(msgspec.Struct, frozen=True, kw_only=True):
    """The end of a step. `fields` is what it knows of the publication, `version` the environment's
    new one, `made` the id of what it made.
    """

    state: str = StepState.SUCCEEDED.value
    reason: str | None = None
    detail: str | None = None
    fields: dict[str, Any] = {}
    version: int | None = None
    made: str | None = None


class Journal:
    """Records how publications go. `accepted` is called when one's end is another's beginning."""

    def __init__(
        self,
        engine: AsyncEngine,
        unit_of_work: UnitOfWork,
        accepted: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._unit_of_work = unit_of_work
        self._edits = PublicationWrites(unit_of_work, accepted)
        self._looks = Batcher(self._look)

    async def read(self, publication: str) -> tuple[str, Publication]:
        """Return the publication with its environment's id. Raises LookupError."""
        return await self._looks.ask(publication)

    async def _look(self, identities: Sequence[str]) -> list[tuple[str, Publication]]:
        async with self._engine.connect() as connection:
            found = await publications.placed(connection, identities)
        return [found[identity] for identity in identities]

    async def time_zone(self, publication: str) -> str:
        """Return the time zone of the publication's environment."""
        environment, _ = await self.read(publication)
        async with self._engine.connect() as connection:
            return await environments.time_zone(connection, environment)

    async def version_image(self, environment: str, version: int) -> VersionImage | None:
        """Return the image of a version that was published, or ran before anything was."""
        async with self._engine.connect() as connection:
            return await publications.version_image(connection, environment, version)

    async def begin(self, publication: str, name: str) -> Publication:
        """Begin the step and return the publication. Raises StepCancelled if asked to stop."""

        def edit(transaction: Transaction, run: Publication) -> Publication:
            step = step_of(run, name)
            if run.ended or StepState(step.state) in OVER:
                return run  # done, and the process died before the workflow engine noted it
            if run.cancel_asked_by is not None:
                raise StepCancelled
            step = msgspec.structs.replace(
                step,
                state=StepState.RUNNING.value,
                started_at=step.started_at or transaction.now,
                attempts=step.attempts + 1,
            )
            return msgspec.structs.replace(
                with_step(run, step),
                state=PublicationState.RUNNING.value,
                started_at=run.started_at or transaction.now,
                waiting_for=None if run.waiting_for == WaitingFor.STORAGE else run.waiting_for,
            )

        return await self._edits.edit(publication, edit)

    async def change(self, publication: str, **fields: object) -> Publication:
        """Change fields of the publication, unless it has ended."""

        def edit(_: Transaction, run: Publication) -> Publication:
            return run if run.ended else msgspec.structs.replace(run, **fields)

        return await self._edits.edit(publication, edit)

    async def wait_for_storage(self, publication: str) -> None:
        """Record that it waits for storage until its next step, unless it waits already."""

        def edit(_: Transaction, run: Publication) -> Publication:
            if run.ended or run.waiting_for:
                return run
            return msgspec.structs.replace(run, waiting_for=WaitingFor.STORAGE.value)

        await self._edits.edit(publication, edit)

    async def pass_hold(self, publication: str) -> None:
        """Let the publication go on, as its time is up, unless somebody said where to before."""

        def edit(_: Transaction, run: Publication) -> Publication:
            return run if run.cancel_asked_by is not None else passed(run, by="")

        await self._edits.edit(publication, edit)

    async def wait_for_switch(self, publication: str) -> Publication:
        """Record that all is prepared and it waits for the moment of its switch."""
        return await self._edits.edit(publication, lambda _, run: waiting_for_switch(run))

    async def pass_switch(self, publication: str, now: datetime) -> Publication:
        """Let the publication begin to replace, as its moment has come, unless it was stopped or
        moved before.
        """

        def edit(_: Transaction, run: Publication) -> Publication:
            moment = switches_at(run)
            if run.cancel_asked_by is not None:
                raise StepCancelled
            if moment is None or moment > now:
                return run
            return switched(run, by="", now=now)

        return await self._edits.edit(publication, edit)

    async def ask_users(
        self, publication: str, name: str, until: datetime, *, users: int
    ) -> Publication:
        """Record that the step asks so many users now, who are disconnected at `until`.

        Raises Refusal when nothing is left this month.
        """
        environment, _ = await self.read(publication)
        async with self._unit_of_work.transaction(environment) as transaction:
            await allowance.use(transaction, publication)
            found = await publications.find(transaction.connection, publication)
            assert found is not None
            step = step_of(found[1], name)
            step = msgspec.structs.replace(step, users_asked=step.users_asked + users)
            run = msgspec.structs.replace(
                with_step(found[1], step), asked_at=transaction.now, disconnect_at=until
            )
            await transaction.publication(run)
            return run

    async def cancelled(self, publication: str) -> None:
        """Record that it stopped where it was; what was done so far stays done."""
        await self._edits.edit(
            publication, lambda transaction, run: run if run.ended else _cancelled(run, transaction)
        )

    async def progress(
        self, known: Publication, name: str, done: int, total: int, **fields: object
    ) -> Publication:
        """Record `done` of `total` of the step, and `fields` of the publication besides.

        What the publication already held when it was last `known` is not written, and does not wait
        for whoever writes.
        """

        def edit(run: Publication) -> Publication:
            step = msgspec.structs.replace(step_of(run, name), done=done, total=total)
            return msgspec.structs.replace(with_step(run, step), **fields)

        if edit(known) == known:
            return known
        return await self._edits.edit(known.id, lambda _, run: edit(run))

    async def note(
        self, publication: str, name: str, noted: Mapping[str, object], **fields: object
    ) -> None:
        """Keep `noted` with the step for whoever goes on, and `fields` with the publication."""

        def edit(_: Transaction, run: Publication) -> Publication:
            step = msgspec.structs.replace(step_of(run, name), **noted)
            return msgspec.structs.replace(with_step(run, step), **fields)

        await self._edits.edit(publication, edit)

    async def end(self, publication: str, name: str, ending: StepEnding) -> None:
        """Write down how the step ended and, with the last or a failed one, the publication."""

        def edit(transaction: Transaction, run: Publication) -> Publication:
            step = step_of(run, name)
            if StepState(step.state) in OVER:
                return run
            step = msgspec.structs.replace(
                step,
                state=ending.state,
                ended_at=transaction.now,
                reason=ending.reason,
                detail=ending.detail,
                made=ending.made,
            )
            run = msgspec.structs.replace(with_step(run, step), **ending.fields)
            if run.image is not None:
                transaction.takes_version(run.version)
            if ending.version is not None:
                transaction.current_version = ending.version
            return _concluded(run, transaction)

        await self._edits.edit(publication, edit)

    async def abandon(self, publication: str) -> None:
        """Fail a publication that nothing carries out any more; one that ended stays as it is."""

        def edit(transaction: Transaction, run: Publication) -> Publication:
            if run.ended:
                return run
            step = next(s for s in run.steps if StepState(s.state) not in OVER)
            step = msgspec.structs.replace(
                step,
                state=StepState.FAILED.value,
                ended_at=transaction.now,
                reason=Reason.INTERRUPTED.value,
            )
            return _concluded(with_step(run, step), transaction)

        await self._edits.edit(publication, edit)


def step_of(run: Publication, name: str) -> Step:
    return next(step for step in run.steps if step.name == name)


def with_step(run: Publication, changed: Step) -> Publication:
    steps = [changed if step.name == changed.name else step for step in run.steps]
    return msgspec.structs.replace(run, steps=steps)


def _cancelled(run: Publication, transaction: Transaction) -> Publication:
    steps = [
        step
        if StepState(step.state) in OVER
        else msgspec.structs.replace(
            step,
            state=StepState.CANCELLED.value,
            ended_at=transaction.now if step.started_at else None,
        )
        for step in run.steps
    ]
    return _ended(
        msgspec.structs.replace(run, steps=steps), PublicationState.CANCELLED, transaction.now
    )


def _ended(run: Publication, end: PublicationState, now: datetime) -> Publication:
    return msgspec.structs.replace(
        run,
        state=end.value,
        ended_at=now,
        waiting_for=None,
        waits_until=None,
        disconnect_at=None,
    )


def _concluded(run: Publication, transaction: Transaction) -> Publication:
    states = [StepState(step.state) for step in run.steps]
    if StepState.FAILED in states:
        end = PublicationState.FAILED
    elif OVER.issuperset(states):
        end = PublicationState.SUCCEEDED
    else:
        running = PublicationState.RUNNING.value
        return msgspec.structs.replace(run, state=running, waiting_for=None, waits_until=None)
    return _ended(run, end, transaction.now)
