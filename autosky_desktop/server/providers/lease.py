"""The lease by which one control plane alone changes an environment.

It is noted at the environment's preparation server, where every control plane finds it. Whoever
changes something takes it, and it is renewed while changes go on and while a publication does,
also one that waits: half of its instances are replaced. After that it runs out, so that a desktop
that merely stays open keeps nobody out, and costs no calls. Reading needs none.

A note is no lock: who takes it looks a second time, in case that two took it together. The clocks
of two computers may differ by less than `SPARE` for it to hold.
"""

import asyncio
import getpass
import logging
import platform
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from autosky_desktop.domain.guard import guarded
from autosky_desktop.domain.text import title
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.providers.cloud import Cloud, Holder
from autosky_desktop.server.providers.provider import (
    ProviderError,
    ProviderRefused,
    RefusalKind,
)
from autosky_desktop.words import machines as words
from autosky_desktop.words.language import _

LASTS = timedelta(minutes=2)
RENEW_SECONDS = 60.0
UNUSED = timedelta(seconds=90)
"""How long after it was last needed it is renewed no more."""
SPARE = timedelta(seconds=20)
"""How long before its end a lease counts as lost."""
SETTLE_SECONDS = 1.0
"""How long another may take from looking to noting."""

Sleep = Callable[[float], Awaitable[None]]

log = logging.getLogger(__name__)


def this_computer() -> str:
    """Return the name by which people know who holds an environment."""
    try:
        person = getpass.getuser()
    except (KeyError, OSError):  # an account without a name
        return title(platform.node())
    return title(f"{person}@{platform.node()}")


class Lease:
    """The lease of one control plane on one environment."""

    def __init__(
        self, cloud: Cloud, id_: str, name: str, now: Now, sleep: Sleep = asyncio.sleep
    ) -> None:
        self._cloud, self._id, self._name = cloud, id_, name
        self._now, self._sleep = now, sleep
        self._until: datetime | None = None
        self._used_at = now()
        self._turn = asyncio.Lock()
        self._renewing: asyncio.Task[None] | None = None

    async def take(self) -> None:
        """Make sure that the environment is ours to change.

        Raises ProviderRefused of the kind HELD, with who holds it, if it is another's.
        """
        self._used_at = self._now()
        async with self._turn:
            if self._is_ours():
                return
            noted = await self._other()
            await self._note()
            if noted:  # whoever came between our look and our note is seen now
                await self._sleep(SETTLE_SECONDS)
                await self._other()
        if self._renewing is None or self._renewing.done():
            self._renewing = asyncio.create_task(self._renew())

    async def let_go(self) -> None:
        """Leave the environment to whoever wants it."""
        if self._renewing:
            self._renewing.cancel()
            with suppress(asyncio.CancelledError):
                await self._renewing
            self._renewing = None
        if self._is_ours():
            with suppress(ProviderError):
                await self._cloud.hold(None)
        self._until = None

    def _is_ours(self) -> bool:
        return self._until is not None and self._now() < self._until - SPARE

    async def _other(self) -> bool:
        """Return whether anybody but us was noted last. Raises ProviderRefused while they hold."""
        noted = await self._cloud.holder()
        if noted is None or noted.id == self._id:
            return noted is None
        if noted.until > self._now():
            self._until = None
            detail = _(words.HELD).format(name=title(noted.name))
            raise ProviderRefused(detail, kind=RefusalKind.HELD, remedy=_(words.CLOSE_THERE))
        return True

    async def _note(self) -> None:
        until = self._now() + LASTS
        await self._cloud.hold(Holder(id=self._id, name=self._name, until=until))
        self._until = until

    async def _renew(self) -> None:
        """Renew it for as long as it is ours and used. After that it has to be taken anew."""
        while True:
            await self._sleep(RENEW_SECONDS)
            async with self._turn:
                if not self._is_ours() or self._now() - self._used_at > UNUSED:
                    return
                with guarded(log, "renewing the lease on an environment"):
                    await self._note()
