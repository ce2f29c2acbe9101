"""Several terminals, of which the first that starts is taken: one may be here and start nowhere."""

import asyncio
import logging
from collections.abc import Callable, Sequence

from autosky_desktop.system.connect.process import ClientFailed, ClientMissing
from autosky_desktop.system.connect.secret import Secret
from autosky_desktop.system.connect.ssh import Ssh, SshSession
from autosky_desktop.system.connect.target import Target

log = logging.getLogger(__name__)


class FirstThatStarts:
    """`instead` is called with the name of the one that started, where it is not the first."""

    takes_password = True

    def __init__(
        self, terminals: Sequence[tuple[str, Ssh]], instead: Callable[[str], None]
    ) -> None:
        self._terminals, self._instead = terminals, instead

    async def open(self, target: Target, secret: Secret | None) -> SshSession:
        """As a launcher's; the last one's failure where none starts."""
        *others, (last, last_one) = self._terminals
        for name, terminal in others:
            if session := await _begun(terminal, target, secret):
                self._tell(name)
                return session
            log.warning("%s did not start, so the next terminal is tried", name)
        session = await last_one.open(target, secret)
        if await _waited(session):
            self._tell(last)
        return session

    def _tell(self, name: str) -> None:
        if name != self._terminals[0][0]:
            self._instead(name)


async def _begun(terminal: Ssh, target: Target, secret: Secret | None) -> SshSession | None:
    try:
        session = await terminal.open(target, secret)
    except (ClientMissing, ClientFailed):
        return None
    if await _waited(session):
        return session
    await session.ended()  # takes away what was made for it
    return None


async def _waited(session: SshSession) -> bool:
    try:
        return await session.begun()
    except asyncio.CancelledError:
        session.close()
        raise
