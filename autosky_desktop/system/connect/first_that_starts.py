"""A launcher that tries several clients until one starts: one may be here and start nowhere."""

import asyncio
import logging
from collections.abc import Callable, Mapping

from autosky_desktop.system.connect.launcher import Launcher, Running
from autosky_desktop.system.connect.process import ClientMissing, ClientNotStarted
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

log = logging.getLogger(__name__)


class FirstThatStarts:
    """A launcher of several, in `launchers` by their names; `instead` is called with the name of
    the one that started, where it is not the first. Where the first one asks for the password
    itself, none is there to hand over, and those that need one are left out.
    """

    def __init__(self, launchers: Mapping[str, Launcher], instead: Callable[[str], None]) -> None:
        self.takes_password = next(iter(launchers.values())).takes_password
        self._launchers = {
            name: it
            for name, it in launchers.items()
            if self.takes_password or not it.takes_password
        }
        self._instead = instead

    async def open(self, target: Target, secret: Secret | None) -> Running:
        """Open a session as a launcher does. Raises what the last one raised if none starts."""
        *others, last = self._launchers
        for name in others:
            if session := await self._started(name, target, secret):
                return session
            log.warning("%s did not start, so the next client is tried", name)
        session = await self._launchers[last].open(target, secret)
        if others and await _begun(session):
            self._instead(last)
        return session

    async def _started(self, name: str, target: Target, secret: Secret | None) -> Running | None:
        try:
            session = await self._launchers[name].open(target, secret)
        except (ClientMissing, ClientNotStarted):
            return None
        if not await _begun(session):
            await session.ended()  # takes away what was made for it
            return None
        if name != next(iter(self._launchers)):
            self._instead(name)
        return session


async def _begun(session: Running) -> bool:
    try:
        return await session.begun()
    except asyncio.CancelledError:
        session.close()
        raise
