"""Moves the moment at which a preparation server switches itself off, because somebody asked."""

from types import MappingProxyType

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Server, ShutdownMove, ShutdownRequest
from autosky_desktop.server.db import activities
from autosky_desktop.server.db.recorder import Recorder
from autosky_desktop.server.db.recording import Recording
from autosky_desktop.server.usecases import finding, shutdowns
from autosky_desktop.server.usecases.refusal import Refusal
from autosky_desktop.server.usecases.register import Register

KINDS = MappingProxyType(
    {
        ShutdownMove.EXTEND: ActivityKind.MOVE_SHUTDOWN,
        ShutdownMove.SET: ActivityKind.SET_SHUTDOWN,
        ShutdownMove.SKIP: ActivityKind.SKIP_SHUTDOWN,
        ShutdownMove.CANCEL: ActivityKind.CANCEL_SHUTDOWN,
    }
)


class ShutdownMover:
    """Moves scheduled shutdowns, and records who asked for it."""

    def __init__(self, engine: AsyncEngine, recorder: Recorder, register: Register) -> None:
        self._engine = engine
        self._recorder = recorder
        self._register = register

    async def move(
        self, identity: str, request: ShutdownRequest, *, operator: str, key: str
    ) -> Server:
        """Move the shutdown, once for the same key, and return the moved server. Raises Refusal."""
        environment, server = await finding.server(self._engine, identity)
        entry = self._register.entry(
            KINDS[request.move].value, by=operator, key=key, target=server.name
        )
        entry = replace(entry, moved_from=request.expected, moved_to=request.to)
        async with self._register.asking(environment, entry) as asking:
            if asking.done:
                return server
            async with self._recorder.recording(environment) as recording:
                return await _move(recording, identity, request, asking.entry)


async def _move(
    recording: Recording, identity: str, request: ShutdownRequest, entry: Activity
) -> Server:
    server = (await recording.servers()).get(identity)
    if server is None:
        raise Refusal(Code.NOT_FOUND, f"no server {identity}")
    await _refuse_while_it_stops(recording, server)
    assert entry.by is not None
    shutdown = shutdowns.moved(server, request, rules_of(recording), by=entry.by, now=recording.now)
    after = replace(server, shutdown=shutdown)
    await recording.server(after)
    done = replace(
        entry,
        outcome=Outcome.DONE.value,
        moved_to=shutdown.at if shutdown else None,
        ended_at=recording.now,
    )
    await activities.write(recording, done)
    return after


async def _refuse_while_it_stops(recording: Recording, server: Server) -> None:
    """Raise Refusal once the provider is told to stop it: a promise could not be kept."""
    unseen = await activities.unseen(recording.connection, recording.identity)
    kinds = {entry.kind for subject, entry in unseen if subject == server.id}
    if ActivityKind.SCHEDULED_SHUTDOWN in kinds:
        raise Refusal(
            Code.NOT_ALLOWED_NOW, f"{server.name} is being switched off", state=server.status
        )


def rules_of(recording: Recording) -> shutdowns.Rules:
    return shutdowns.Rules(
        run_hours=recording.run_hours,
        time_zone=recording.time_zone,
        daily_stop=recording.daily_stop,
    )
