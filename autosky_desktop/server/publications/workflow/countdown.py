"""Counts down for users who are asked to reconnect: the message is repeated meanwhile."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from autosky_desktop.domain.local_time import clock_in
from autosky_desktop.domain.pause import begun_anew
from autosky_desktop.domain.plan import Reconnection, rendered
from autosky_desktop.domain.publication import Publication
from autosky_desktop.server.publications.workflow.rollout import outdated
from autosky_desktop.server.publications.workflow.step_context import StepRun, StepTools


class Countdown:
    """Sends the message to those on the instances `only`, or on all that are outdated, until
    `disconnect_at`.

    Each message has a key of its own: after a crash nobody sees one of them twice.
    """

    def __init__(
        self,
        tools: StepTools,
        run: StepRun,
        publication: Publication,
        reconnection: Reconnection,
        part: str,
        only: Sequence[str] | None,
    ) -> None:
        assert publication.disconnect_at is not None
        self._tools = tools
        self._run = run
        self._version = publication.version
        self._reconnection = reconnection
        self._part = part
        self._only = only
        self._until = publication.disconnect_at
        self._told = -1

    async def tell(self) -> datetime:
        """Send the message whose turn it is, if it is new; return when users are disconnected."""
        now, known = self._tools.now(), self._until
        lasts = self._tools.pace.lasting(minutes=self._reconnection.minutes)
        self._until = begun_anew(known, lasts, now)
        if self._until != known:
            journal, identity = self._tools.journal, self._run.publication.id
            await journal.change(identity, disconnect_at=self._until)
        await self._send(self._until - now)
        return self._until

    async def _send(self, left: timedelta) -> None:
        lasting, given = self._tools.pace.lasting, self._reconnection
        again = lasting(minutes=given.again_minutes)
        number = (lasting(minutes=given.minutes) - left) // again if again else 0
        minutes = ceil(left / lasting(minutes=1))
        if number <= self._told or minutes < 1:
            return
        self._told = number
        ids, text = await self._sessions(), await self._text(minutes)
        environment = self._run.environment
        key = f"{self._run.key}:{self._part}:message:{number}"
        await self._tools.ask(lambda: self._tools.provider.message(environment, ids, text, key=key))

    async def _text(self, minutes: int) -> str:
        zone = await self._tools.journal.time_zone(self._run.publication.id)
        return rendered(
            self._reconnection.message,
            minutes=minutes,
            version=self._version,
            time=clock_in(self._until, zone),
        )

    async def _sessions(self) -> list[str]:
        """Return the sessions of those who are on what is to be replaced."""
        environment, model = self._run.environment, self._run.found["model"]
        ask, provider = self._tools.ask, self._tools.provider
        members = await ask(lambda: provider.members(environment))
        found = [it.instance.id for it in outdated(members, model)]
        old = {id_ for id_ in found if self._only is None or id_ in self._only}
        there = await ask(lambda: provider.sessions(environment))
        return [session.id for session in there if session.instance in old]
