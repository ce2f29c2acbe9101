"""A tunnel on the way to a server: the control plane begins it, this computer opens it, and it ends
with the session, or with the attempt that came to none.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from msgspec.structs import replace

from autosky_desktop.actions.intents import Intents
from autosky_desktop.domain.connecting import CannotConnect, Trouble
from autosky_desktop.domain.endpoint import Tunnel
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import AutoskyError, Busy, Refused
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import Server
from autosky_desktop.system.connect.launcher import Running
from autosky_desktop.system.connect.target import Target
from autosky_desktop.system.connect.tunnel import LOCAL, OpenTunnel, TunnelledSession

PAUSE = 3.0
"""Seconds until a tunnel is tried again to a server that is starting."""


class OpensTunnels(Protocol):
    """The part of this computer's services that tunnels need."""

    def opens_tunnels(self) -> bool:
        """Return whether this computer has what opens a tunnel."""

    async def tunnel(self, begin: Callable[[], Awaitable[Tunnel]]) -> OpenTunnel:
        """Open a tunnel, which is begun once it can be. Raises CannotConnect."""


class TunnelOnTheWay:
    """A connection's tunnel, where it has one. `waits`: the server was started, and its agent comes
    up later than it.
    """

    def __init__(
        self, server: Server | Instance, access: OpensTunnels, intents: Intents, *, waits: bool
    ) -> None:
        self._server, self._access, self._intents = server, access, intents
        self._waits = waits
        self._opened: OpenTunnel | None = None

    async def dialled(self, aim: Target) -> Target:
        """Open the tunnel, and return what is dialled: its end on this computer. Raises
        CannotConnect.
        """
        try:
            self._opened = await self._access.tunnel(self._begin)
        except AutoskyError as cause:
            raise CannotConnect(Trouble.NO_TUNNEL, cause=cause) from cause
        return replace(aim, host=LOCAL, port=self._opened.port)

    def handed_to(self, session: Running) -> Running:
        """Return the session, with which the tunnel ends from now on."""
        if self._opened is None:
            return session
        tunnel, self._opened = self._opened, None
        return TunnelledSession(session, tunnel)

    def end(self) -> None:
        """End the tunnel, unless a session has it."""
        if self._opened:
            self._opened.end()

    async def _begin(self) -> Tunnel:
        while True:
            try:
                return await self._intents.tunnel(self._server)
            except (Busy, Refused) as cause:
                if not (self._waits and _may_come(cause)):
                    raise
            await asyncio.sleep(PAUSE)


def _may_come(cause: Busy | Refused) -> bool:
    return isinstance(cause, Busy) or cause.problem.code == Code.PROVIDER_BUSY
