"""The record of connections: told before a client starts and when it ended, later if need be."""

import logging
from collections import deque

from autosky_desktop.actions.intents import Intents, Order
from autosky_desktop.domain.connection import Connection, ConnectionBegun, ConnectionOutcome
from autosky_desktop.domain.errors import AutoskyError, Refused

log = logging.getLogger(__name__)

MOST = 200
"""Reports that wait for the control plane; beyond that the oldest is given up, into the log."""


class Report:
    """What is told of one connection. `owed`: the control plane has yet to hear some of it."""

    def __init__(self, intents: Intents, server: str, begun: ConnectionBegun) -> None:
        self._intents = intents
        self.server = server
        self._begin: Order[Connection] = intents.connection_begun(server, begun)
        self._known: Connection | None = None
        self._end: Order[Connection] | None = None
        self._outcome: ConnectionOutcome | None = None
        self._told = False

    @property
    def owed(self) -> bool:
        return self._known is None or (self._outcome is not None and not self._told)

    def ended(self, outcome: ConnectionOutcome) -> None:
        """Only the first end counts."""
        self._outcome = self._outcome or outcome

    async def send(self) -> None:
        """Tell what has not been heard yet. Raises AutoskyError; telling again is no second one."""
        self._known = self._known or await self._begin.send()
        if self._outcome and not self._told:
            known, outcome = self._known.id, self._outcome
            self._end = self._end or self._intents.connection_ended(known, outcome)
            await self._end.send()
            self._told = True


class Records:
    """`waiting` are reports that could not be sent; `send_waiting` is for when the line is back."""

    def __init__(self, intents: Intents) -> None:
        self._intents = intents
        self.waiting: deque[Report] = deque()

    async def begin(self, server: str, begun: ConnectionBegun) -> Report:
        """Raises Refused: then nothing may be opened. Not heard at all, it is told later."""
        report = Report(self._intents, server, begun)
        await self._send(report)
        return report

    async def end(self, report: Report, outcome: ConnectionOutcome) -> None:
        report.ended(outcome)
        if report not in self.waiting:
            try:
                await self._send(report)
            except Refused as cause:
                log.warning("The end of a connection was not recorded: %s", cause)

    async def send_waiting(self) -> None:
        """Everything that is owed, in its order; stops where the line is lost again."""
        while self.waiting:
            report = self.waiting[0]
            try:
                await report.send()
            except Refused as cause:
                log.warning("A connection was not recorded: %s", cause)
            except AutoskyError:
                return
            if report in self.waiting:
                self.waiting.remove(report)

    async def _send(self, report: Report) -> None:
        try:
            await report.send()
        except Refused:
            raise
        except AutoskyError as cause:
            log.warning("A connection to %s is recorded later: %r", report.server, cause)
            self._keep(report)

    def _keep(self, report: Report) -> None:
        if len(self.waiting) >= MOST:
            lost = self.waiting.popleft()
            log.error("A connection to %s could not be recorded", lost.server)
        self.waiting.append(report)
