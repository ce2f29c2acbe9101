"""The interface of every client of this computer, and of a session that it opens; and a launcher
that tries several clients until one starts: one may be here and start nowhere.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect.process import ClientMissing, ClientNotStarted
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

log = logging.getLogger(__name__)


class Ended(Struct, frozen=True, kw_only=True):
    """The end of a client. `code` is its exit code, None when it left none; no output of it.
    `reason` is a launcher's word for more, where there are words for it.
    """

    outcome: ConnectionOutcome
    code: int | None = None
    reason: str = ""


class Running(Protocol):
    """A session in a client's own window. It outlives this program."""

    @property
    def pid(self) -> int: ...

    async def begun(self) -> bool:
        """Wait until the client has started; False when it could not, and another one may."""

    async def shown(self) -> bool:
        """Wait until the session is seen to be up; False when it ended before.

        Where that cannot be seen, the client's process being there is what counts.
        """

    async def ended(self) -> Ended:
        """Wait for the end, and return how it came."""

    def close(self) -> None:
        """Ask the client to end: for a person's Cancel, never for our own leaving."""

    def leave(self) -> None:
        """Follow it no longer, and take away what was made for it; the session goes on."""


class Launcher(Protocol):
    """A client that opens sessions by one protocol."""

    @property
    def takes_password(self) -> bool:
        """Return whether a secret can be handed over; if not, the person types it in the client."""

    async def open(self, target: Target, secret: Secret | None) -> Running:
        """Start the client; the target's fingerprint was settled before. Raises ClientMissing or
        ClientFailed (a sentence's worth of reason, never what was typed).
        """


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
