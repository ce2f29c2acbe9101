"""The interface of every client of this computer, and of a session that it opens."""

from typing import Protocol

from msgspec import Struct

from autosky_desktop.domain.connection import ConnectionOutcome
from autosky_desktop.system.connect.secrets import Secret
from autosky_desktop.system.connect.target import Target


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
