"""The people on an environment's instances, and ending their sessions."""

import logging

from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import ActivityKind, Outcome
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.session import EndSessions, SessionList, SessionsEnded
from autosky_desktop.server.db import reads
from autosky_desktop.server.db.activities import Ending
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.provider import Provider, ProviderError
from autosky_desktop.server.usecases.observing import Observer
from autosky_desktop.server.usecases.patience import patiently
from autosky_desktop.server.usecases.refusal import Refusal, of_provider
from autosky_desktop.server.usecases.register import Register

TRIES = 4
PAUSE_SECONDS = 0.2

log = logging.getLogger(__name__)


class Sessions:
    def __init__(
        self,
        engine: AsyncEngine,
        provider: Provider,
        observer: Observer,
        register: Register,
        now: Now,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._observer = observer
        self._register = register
        self._now = now

    async def everybody(self, environment: str) -> SessionList:
        """Asked of the provider now. Raises Refusal."""
        await self._must_be(environment)
        try:
            found = await patiently(
                lambda: self._provider.sessions(environment), tries=TRIES, pause=PAUSE_SECONDS
            )
        except ProviderError as error:
            raise of_provider(error) from error
        return SessionList(sessions=found, read_at=self._now())

    async def end(
        self, environment: str, request: EndSessions, *, operator: str, key: str
    ) -> SessionsEnded:
        """Raises Refusal. With the same key it is the same request."""
        await self._must_be(environment)
        wanted = list(dict.fromkeys(request.sessions))
        entry = self._register.entry(
            ActivityKind.END_SESSIONS.value, by=operator, key=key, count=len(wanted)
        )
        async with self._register.asking(environment, entry) as asking:
            await asking.begin()
            ended = set(await self._end(environment, wanted, key))
            await asking.end(Ending(outcome=Outcome.DONE.value, count=len(ended)))
        await self._look(environment)
        return SessionsEnded(
            ended=[one for one in wanted if one in ended],
            gone=[one for one in wanted if one not in ended],
        )

    async def _end(self, environment: str, sessions: list[str], key: str) -> list[str]:
        try:
            return await patiently(
                lambda: self._provider.end_sessions(environment, sessions, key=key),
                tries=TRIES,
                pause=PAUSE_SECONDS,
            )
        except ProviderError as error:
            raise of_provider(error) from error

    async def _look(self, environment: str) -> None:
        """They have ended: when that cannot be looked at now, the next reading will tell."""
        try:
            await self._observer.read(environment)
        except ProviderError as error:
            log.warning("%s could not be read: %s", environment, error.detail)

    async def _must_be(self, environment: str) -> None:
        async with self._engine.connect() as connection:
            if await reads.environment(connection, environment) is None:
                raise Refusal(Code.NOT_FOUND, f"no environment {environment}")
