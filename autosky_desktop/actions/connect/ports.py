"""The parts of this computer that a connection needs, and why it may not come about."""

from typing import Protocol as Port

from autosky_desktop.domain.connecting import CannotConnect, Look
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.system.connect.launcher import Launcher, Running
from autosky_desktop.system.connect.secret import Secret
from autosky_desktop.system.connect.target import Target


class Means(Port):
    """The services of this computer that a connection needs."""

    async def answers(self, target: Target) -> bool: ...

    async def look(self, target: Target, named: str | None) -> Look:
        """Return a look at who answers. Raises CannotConnect."""

    def pin(self, target: Target, look: Look) -> None: ...

    def launcher(self, protocol: Protocol) -> Launcher | None:
        """Return the client for the protocol; None if this computer has none."""

    def missing(self, protocol: Protocol) -> CannotConnect:
        """Return the error that there is no client, with what to install."""

    async def open(self, launcher: Launcher, target: Target, secret: Secret | None) -> Running:
        """Open a session. Raises CannotConnect."""


class Source(Port):
    """The source of the secret, which is asked when the secret is needed, and not before."""

    async def take(self) -> Secret | None:
        """Return the secret; None if none is handed over. Raises CannotConnect."""

    def forget(self) -> None: ...
