"""One connection to the control plane, and how long and how many of them are waited for.

Every user of this computer can open connections to a loopback port, and whoever opens a thousand
and says nothing would take all the files that this process may open. So who has shown no token is
a stranger: there is room for a few, a new one takes the oldest one's place, and a request that is
not said in time is not waited for. Who has shown it stays.
"""

import asyncio
from typing import Any

import h11
from litestar.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

STRANGERS = 64
HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
LET_IN = "let_in"
"""The name in a request's state of what is called when the token was the right one."""


class LimitedConnection(H11Protocol):
    """A connection, closed when it says too little in time. There are at most `most` of them,
    strangers included.
    """

    def __init__(self, *args: Any, most: int, **more: Any) -> None:
        super().__init__(*args, **more)
        self._most = most
        self.app = self._answered
        self.stranger = True
        self.arrived = self.loop.time()
        self._phase: object = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()
        self._make_room()

    def arrive(self, transport: asyncio.Transport) -> None:
        """Count as a stranger before there is anything to be heard."""
        self.transport = transport
        self.connections.add(self)
        self._make_room()

    def _make_room(self) -> None:
        callers = [each for each in self.connections if isinstance(each, LimitedConnection)]
        strangers = [each for each in callers if each.stranger]
        if len(strangers) > STRANGERS or len(callers) > self._most:
            min(strangers, key=lambda each: each.arrived).hang_up()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._expect()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._phase = None
        if self.conn.trailing_data[0]:  # of a next request, said too early
            self._expect()

    def hang_up(self) -> None:
        """Close the connection without an answer: whoever has said nothing reads nothing."""
        self.connections.discard(self)
        self.transport.abort()

    def _let_in(self) -> None:
        self.stranger = False

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"][LET_IN] = self._let_in
        await self.config.loaded_app(scope, receive, send)

    def _expect(self) -> None:
        """Limit the time for the rest of a head or body, but not while a request is answered."""
        if (phase := self.conn.their_state) is self._phase:
            return
        self._stop_waiting()
        self._phase = phase
        if phase in (h11.IDLE, h11.SEND_BODY):
            seconds = HEAD_SECONDS if phase is h11.IDLE else BODY_SECONDS
            self._deadline = self.loop.call_later(seconds, self.hang_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
