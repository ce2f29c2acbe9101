"""Accepts publications, and tells before what they would touch. The work is a workflow's."""

import asyncio
import uuid
from collections.abc import Callable

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from autosky_desktop.domain.activity import ActivityKind
from autosky_desktop.domain.plan import Model, PreviewRequest, PublishRequest
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.publication import Preview, Publication, PublicationState
from autosky_desktop.server.db import activities, publications, reads
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.recording import Recording
from autosky_desktop.server.usecases import allowance, finding, planning, previewing
from autosky_desktop.server.usecases.refusal import Refusal
from autosky_desktop.server.usecases.register import Register

_OURS = uuid.UUID("6f7b4b0e-6f0e-4a57-9d3d-0f6c1f1c9a51")


class Publisher:
    """Previews and accepts publications. `accepted` is called so that each is carried out."""

    def __init__(
        self,
        engine: AsyncEngine,
        recorder: Recorder,
        register: Register,
        now: Now,
        accepted: Callable[[], None],
        *,
        sends_mail: Callable[[], bool],
    ) -> None:
        self._engine = engine
        self._recorder = recorder
        self._register = register
        self._now = now
        self._accepted = accepted
        self._sends_mail = sends_mail
        # Of a hundred that are asked for at once, one waits to write: what is under way already
        # waits behind that one, not behind them all.
        self._accepting = asyncio.Lock()

    async def preview(self, environment: str, request: PreviewRequest) -> Preview:
        if Model(request.plan.model) is Model.UNKNOWN:
            raise Refusal(Code.INVALID_REQUEST, "no such model")
        async with self._engine.connect() as connection:
            return await previewing.preview(
                connection,
                environment,
                request.plan,
                now=self._now(),
                at=request.at,
                beside=request.editing,
                rest_of=request.rest_of,
                sends_mail=self._sends_mail(),
            )

    async def publish(
        self, environment: str, request: PublishRequest, *, operator: str, key: str
    ) -> Publication:
        """Record the publication as queued and return it, once for the same key. Raises Refusal."""
        planning.refuse_senseless(request, self._now())
        identity = str(uuid.uuid5(_OURS, f"{operator}\n{key}"))
        entry = self._register.entry(ActivityKind.PUBLISH.value, by=operator, key=key)
        entry = msgspec.structs.replace(entry, version=request.expected_version)
        async with self._engine.connect() as connection:
            if (known := await reads.publication(connection, identity)) is not None:
                return known[1]
        async with self._register.asking(environment, entry) as asking:
            async with self._engine.connect() as connection:
                await finding.environment(connection, environment)
            async with self._accepting, self._recorder.recording(environment) as recording:
                publication = await self._accept(recording, request, operator, identity)
                await activities.write(recording, asking.entry, subject=identity)
        self._accepted()
        return publication

    async def _accept(
        self, recording: Recording, request: PublishRequest, operator: str, identity: str
    ) -> Publication:
        connection, environment = recording.connection, recording.identity
        plan, estimated = request.plan, request.plan.deadline is not None
        preview = await previewing.preview(
            connection, environment, plan, now=self._now(), estimated=estimated
        )
        await refuse_second(connection, environment)
        _refuse_moved(request, preview)
        previewing.refuse_reasons(preview)
        publication = Publication(
            id=identity,
            version=preview.version,
            state=PublicationState.QUEUED.value,
            requested_by=operator,
            requested_at=recording.now,
            steps=reads.blank_steps(),
            replaces=preview.replaces,
            **planning.fields(request, operator),
        )
        await recording.publication(publication)
        if allowance.asks_at_once(publication.plan):
            await allowance.use(recording, identity)
        return publication


async def refuse_second(connection: AsyncConnection, environment: str) -> None:
    running = await publications.running_in(connection, environment)
    if running is not None:
        raise Refusal(
            Code.PUBLICATION_RUNNING,
            f"version {running.version} is being published",
            by=running.publisher,
            since=running.started_at or running.requested_at,
            version=running.version,
            state=running.state,
        )


def _refuse_moved(request: PublishRequest, preview: Preview) -> None:
    if request.expected_version != preview.version:
        raise Refusal(
            Code.VERSION_MOVED, f"the next version is {preview.version}", version=preview.version
        )
