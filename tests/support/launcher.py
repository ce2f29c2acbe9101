"""A client that shows nothing: it writes down what it was given, and ends as a test says."""

import asyncio
from dataclasses import dataclass, field

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target


class PretendedSession:
    """A session without a client. `is_seen` is whether it comes up, None while nobody knows."""

    def __init__(self, pid: int, shows: bool | None) -> None:
        self.pid = pid
        self.closed = self.left = False
        self._seen = asyncio.Event()
        self._over = asyncio.Event()
        self._ended = Ended(outcome=ConnectionOutcome.CLOSED, code=0)
        self._shows = shows
        if shows is not None:
            self._seen.set()

    async def begun(self) -> bool:
        return True

    async def shown(self) -> bool:
        await self._seen.wait()
        return bool(self._shows)

    async def ended(self) -> Ended:
        await self._over.wait()
        return self._ended

    def close(self) -> None:
        self.closed = True
        self.ends(ConnectionOutcome.CANCELLED)

    def leave(self) -> None:
        self.left = True

    def ends(self, outcome: ConnectionOutcome, code: int | None = 0) -> None:
        self._ended = Ended(outcome=outcome, code=code)
        self._shows = bool(self._shows)
        self._seen.set()
        self._over.set()


@dataclass
class PretendedLauncher:
    """A launcher without a client. `fails_with`: it ends so before a session is seen. `silent`: it
    says nothing.
    """

    takes_password: bool = True
    fails_with: ConnectionOutcome | None = None
    silent: bool = False
    targets: list[Target] = field(default_factory=list)
    passwords: list[str] = field(default_factory=list)
    secrets: list[Secret | None] = field(default_factory=list)
    sessions: list[PretendedSession] = field(default_factory=list)

    async def open(self, target: Target, secret: Secret | None) -> PretendedSession:
        self.targets.append(target)
        self.secrets.append(secret)
        self.passwords.append(secret.reveal().decode() if secret else "")
        session = PretendedSession(4000 + len(self.sessions), None if self.silent else True)
        if self.fails_with:
            session = PretendedSession(session.pid, shows=False)
            session.ends(self.fails_with, 1)
        self.sessions.append(session)
        return session
