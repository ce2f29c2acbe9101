"""Sessions that run in their clients' own windows. They outlive this program."""

import asyncio
import logging
from collections.abc import Callable

from autosky_desktop.actions.connect.connecting import OpenSession
from autosky_desktop.actions.connect.recording import ConnectionRecords
from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.domain.guard import guarded
from autosky_desktop.system.connect.launcher import Ended

log = logging.getLogger(__name__)


class OpenConnections:
    """The open sessions. `began` is called with each new one, `ended` with how one ended."""

    def __init__(
        self,
        records: ConnectionRecords,
        began: Callable[[OpenSession], None],
        ended: Callable[[OpenSession, Ended], None],
    ) -> None:
        self._records, self._began, self._ended = records, began, ended
        self._sessions: dict[str, OpenSession] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def on(self, server: str = "") -> list[OpenSession]:
        """Return the sessions on that server (an id), or all of them; the newest first."""
        every = reversed(self._sessions.values())
        return [it for it in every if server in ("", it.wish.server.id)]

    async def follow(self, session: OpenSession) -> None:
        """Follow the session until it has ended and that is recorded."""
        self._sessions[session.id] = session
        self._began(session)
        ended = Ended(outcome=ConnectionOutcome.LEFT)
        with guarded(log, "Following a session"):
            ended = await session.running.ended()
        if self._sessions.pop(session.id, None) is None:
            return  # it was left before
        await self._records.end(session.report, ended.outcome)
        self._ended(session, ended)

    async def leave(self) -> None:
        """Stop following all of them; they go on."""
        left, self._sessions = list(self._sessions.values()), {}
        for session in left:
            session.running.leave()
        outcome = ConnectionOutcome.LEFT
        await asyncio.gather(*(self._records.end(it.report, outcome) for it in left))
