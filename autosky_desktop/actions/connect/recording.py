"""The record of connections: told before a client starts and when it ended, later if need be."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol
from uuid import uuid4

from msgspec.structs import replace

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.errors import AutoskyError, Refused
from autosky_desktop.system.plane_files import Owed

log = logging.getLogger(__name__)

MOST = 200
"""Reports that wait for the control plane; beyond that the oldest is given up, into the log."""


class OwedStore(Protocol):
    """The storage in which reports outlive this program."""

    def load(self) -> list[Owed]: ...
    def save(self, owed: Sequence[Owed]) -> None: ...


class Report:
    """The report of one connection. `owed`: the control plane has yet to hear some of it."""

    def __init__(self, intents: Intents, content: Owed) -> None:
        self.content = content
        begin: Callable[..., Order[Connection]] = intents.connection_begun
        if content.to_instance:
            begin = intents.connection_to_instance_begun
        self._begin = begin(content.server, content.begun, key=content.begin_key)
        self._intents = intents
        self._told = False

    @property
    def owed(self) -> bool:
        return not self.content.known or (self._has_ended and not self._told)

    @property
    def open(self) -> bool:
        """Return whether the session goes on, as far as is known."""
        return bool(self.content.known) and not self._has_ended

    def ended(self, outcome: ConnectionOutcome) -> None:
        """Note how the connection ended; only the first call counts."""
        if not self._has_ended:
            self.content = replace(self.content, outcome=outcome)

    async def send(self) -> None:
        """Send what is not heard yet; sending again records nothing twice. Raises AutoskyError."""
        if not self.content.known:
            known = (await self._begin.send()).id
            self.content = replace(self.content, known=known)
        if self._has_ended and not self._told:
            known, outcome = self.content.known, self.content.outcome
            key = self.content.end_key
            await self._intents.connection_ended(known, outcome, key=key).send()
            self._told = True

    @property
    def _has_ended(self) -> bool:
        return self.content.outcome is not ConnectionOutcome.OPEN


class ConnectionRecords:
    """The reports of connections. `send_waiting` sends those `waiting`, once the line is back.

    They are kept where the next start finds them, and so are those of sessions that are open: who
    ends without a word leaves none of them open in the record. `me` says who tells.
    """

    def __init__(self, intents: Intents, keeping: OwedStore, me: Callable[[], Me | None]) -> None:
        self._intents, self._keeping, self._me = intents, keeping, me
        kept = [Report(intents, it) for it in keeping.load()[-MOST:]]
        for report in kept:
            report.ended(ConnectionOutcome.LEFT)  # whoever could have seen how is gone
        self.waiting: deque[Report] = deque(kept)
        self._open: list[Report] = []

    async def begin(
        self, server: str, begun: ConnectionBegun, *, to_instance: bool = False
    ) -> Report:
        """Report a connection that begins. Raises Refused, and then nothing may be opened; if
        nobody hears it, it is told later.
        """
        content = Owed(
            operator=self._operator(),
            server=server,
            begun=begun,
            begin_key=str(uuid4()),
            end_key=str(uuid4()),
            to_instance=to_instance,
        )
        report = Report(self._intents, content)
        self._open.append(report)
        self._save()
        try:
            await self._send(report)
        except Refused:
            self._close(report)
            raise
        except asyncio.CancelledError:  # it may have been heard
            report.ended(ConnectionOutcome.CANCELLED)
            self._keep(report)
            raise
        return report  # what is kept may stay: told again with its key, it is the same one

    async def end(self, report: Report, outcome: ConnectionOutcome) -> None:
        report.ended(outcome)
        if report in self.waiting:
            self._save()
            return
        try:
            await self._send(report)
        except Refused as cause:
            log.warning("The end of a connection was not recorded: %s", cause)
        except asyncio.CancelledError:  # the program ends before the answer comes
            self._keep(report)
            raise
        self._close(report)

    @property
    def sendable(self) -> list[Report]:
        """Return the reports of this operator; none while it is not known who that is."""
        operator = self._operator()
        return [it for it in self.waiting if operator and it.content.operator == operator]

    async def send_waiting(self) -> None:
        """Send every report that is owed, in order; stops where the line is lost again."""
        while owed := self.sendable:
            report = owed[0]
            try:
                await report.send()
            except Refused as cause:
                log.warning("A connection was not recorded: %s", cause)
            except AutoskyError:
                return
            if report in self.waiting:
                self.waiting.remove(report)
                if report.open:
                    self._open.append(report)
                self._save()

    async def _send(self, report: Report) -> None:
        try:
            await report.send()
        except Refused:
            raise
        except AutoskyError as cause:
            log.warning("A connection to %s is recorded later: %r", report.content.server, cause)
            self._keep(report)

    def _keep(self, report: Report) -> None:
        if len(self.waiting) >= MOST:
            lost = self.waiting.popleft()
            log.error("A connection to %s could not be recorded", lost.content.server)
        self.waiting.append(report)
        self._close(report)

    def _close(self, report: Report) -> None:
        if report in self._open:
            self._open.remove(report)
        self._save()

    def _save(self) -> None:
        self._keeping.save([it.content for it in (*self.waiting, *self._open)])

    def _operator(self) -> str:
        me = self._me()
        return me.operator if me else ""
