"""Lists the people on an environment's instances, and ends their sessions."""

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.activity import Activity, ActivityKind, Outcome
from autosky_desktop.domain.session import EndSessions, SessionList, SessionsEnded
from autosky_desktop.server.activity.entries import RequestEnding
from autosky_desktop.server.activity.log import ActivityLog
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.environments import queries as environments
from autosky_desktop.server.environments.poller import Poller
from autosky_desktop.server.people.principal import Principal
from autosky_desktop.server.providers.provider import Provider
from autosky_desktop.server.providers.retry import retry_or_refuse


class SessionCommands:
    """Lists and ends the sessions on an environment's instances."""

    def __init__(
        self,
        engine: AsyncEngine,
        provider: Provider,
        poller: Poller,
        activity_log: ActivityLog,
        now: Now,
    ) -> None:
        self._engine = engine
        self._provider = provider
        self._poller = poller
        self._activity_log = activity_log
        self._now = now

    async def everybody(self, environment: str) -> SessionList:
        """Read everybody's sessions from the provider now. Raises Refusal."""
        await self._must_be(environment)
        found = await retry_or_refuse(lambda: self._provider.sessions(environment))
        return SessionList(sessions=found, read_at=self._now())

    async def end(
        self, environment: str, request: EndSessions, *, principal: Principal, key: str
    ) -> SessionsEnded:
        """End these sessions, once for the same key. Raises Refusal."""
        await self._must_be(environment)
        wanted = list(dict.fromkeys(request.sessions))
        entry = self._activity_log.entry(
            ActivityKind.END_SESSIONS.value, principal=principal, key=key, count=len(wanted)
        )
        async with self._activity_log.request(environment, entry) as logged:
            logged.entry = await self._naming(environment, logged.entry, wanted)
            await logged.begin()
            ended = set(
                await retry_or_refuse(
                    lambda: self._provider.end_sessions(environment, wanted, key=key)
                )
            )
            await logged.end(RequestEnding(outcome=Outcome.DONE.value, count=len(ended)))
        await self._poller.look(environment)
        return SessionsEnded(
            ended=[one for one in wanted if one in ended],
            gone=[one for one in wanted if one not in ended],
        )

    async def _naming(self, environment: str, entry: Activity, wanted: list[str]) -> Activity:
        """Add to the entry whose sessions they are, and where: once they end, nobody can tell."""
        there = await retry_or_refuse(lambda: self._provider.sessions(environment))
        theirs = [session for session in there if session.id in set(wanted)]
        async with self._engine.connect() as connection:
            instances = await environments.instances(connection, environment)
        names = {instance.id: instance.name for instance in instances}
        places = {names.get(session.instance, session.instance) for session in theirs}
        return replace(
            entry,
            account=", ".join(sorted({session.account for session in theirs})),
            target=", ".join(sorted(places)),
        )

    async def _must_be(self, environment: str) -> None:
        async with self._engine.connect() as connection:
            await environments.get(connection, environment)
