"""The clients that prompt for the password themselves: it cannot be handed to them safely.

Whom they trust is their own affair too; our pins are looked at before they are started.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system import clock
from autosky_desktop.system.connect import process
from autosky_desktop.system.connect.launcher import Ended
from autosky_desktop.system.connect.process import Child, ClientFailed
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target

HANDED_OVER_SECONDS = 5.0
"""One that ends sooner has passed the session on to a window that was open already."""
BEGINS_SECONDS = 1.0
"""One that cannot start has ended by then."""

Build = Callable[[str, Target], list[str]]


def remmina(program: str, target: Target) -> list[str]:
    return [program, "--connect", address(target)]


def krdc(program: str, target: Target) -> list[str]:
    return [program, address(target)]


def address(target: Target) -> str:
    """Return rdp://DOMAIN\\name@host:port, with everything that means something in it escaped."""
    account = f"{target.domain}\\{target.account}" if target.domain else target.account
    host = f"[{target.host}]" if ":" in target.host else target.host
    return f"rdp://{quote(account, safe='')}@{host}:{target.port}"


class PromptingClient:
    takes_password = False

    def __init__(self, program: Path, build: Build) -> None:
        self._program = program
        self._build = build

    async def open(self, target: Target, _secret: Secret | None) -> "PromptingSession":
        if target.gateway:
            raise ClientFailed("gateway")
        return PromptingSession(process.start(self._build(str(self._program), target)))


class PromptingSession:
    """A session of such a client. `ended` is the client's end; of one passed on nobody hears."""

    def __init__(self, child: Child) -> None:
        self._child = child
        self._since = clock.steady()

    @property
    def pid(self) -> int:
        return self._child.pid

    async def begun(self) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(BEGINS_SECONDS):
                await self._child.ended()
        return await self.shown()

    async def shown(self) -> bool:
        return self._child.code in (None, 0)

    async def ended(self) -> Ended:
        code = await self._child.ended()
        if code:
            return Ended(outcome=ConnectionOutcome.CLIENT_FAILED, code=code)
        brief = clock.steady() - self._since < HANDED_OVER_SECONDS
        outcome = ConnectionOutcome.LEFT if brief else ConnectionOutcome.CLOSED
        return Ended(outcome=outcome, code=code)

    def close(self) -> None:
        self._child.end()

    def leave(self) -> None:
        """Do nothing: there is nothing of ours to take away."""
