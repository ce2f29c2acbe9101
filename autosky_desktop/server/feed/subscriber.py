"""Asks again and again who listens to a stream.

A stream lasts longer than a role or a sign-in: what may be told by it is decided while it goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable

from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.people.principal import Principal

ASKED_EVERY_SECONDS = 15.0
"""How long it takes at most until a role that was taken through another worker is missed."""


class Subscriber:
    """The caller who listens to one stream, with the environments that they may hear of. `ask`
    finds out who they are now, and raises NotSignedIn and StorageError.
    """

    def __init__(
        self, principal: Principal, ask: Callable[[], Awaitable[Principal]], bus: Bus
    ) -> None:
        self.audience = principal.audience
        self._ask, self._bus = ask, bus
        self._rights = bus.rights
        self._asked_at: float | None = None

    async def differs(self) -> bool:
        """Return whether they may hear of other environments than a moment ago. Raises what `ask`
        does.
        """
        now = asyncio.get_running_loop().time()
        if self._asked_at is None:
            self._asked_at = now  # they have just been let in
        if self._rights == self._bus.rights and now - self._asked_at < ASKED_EVERY_SECONDS:
            return False
        self._rights, self._asked_at = self._bus.rights, now
        before, self.audience = self.audience, (await self._ask()).audience
        return before != self.audience
