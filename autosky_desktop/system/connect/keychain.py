"""The interface of a keychain, whichever it is."""

from typing import Protocol

from autosky_desktop.domain.secrets import KeychainState
from autosky_desktop.system.connect.secret import Secret


class Keychain(Protocol):
    """A keychain: secrets by the id of an entry. Everything but `state` raises KeychainFailed.

    One that does not answer is given up soon, and one that asks the person later. What comes then
    is dropped, and what is kept then is deleted.
    """

    async def state(self) -> KeychainState:
        """Return the keychain's state, without asking the person anything."""

    async def get(self, entry: str) -> Secret | None:
        """Return the secret of that entry; None if there is none."""

    async def put(self, entry: str, secret: Secret) -> None:
        """Keep the secret, in the place of an older one."""

    async def delete(self, entry: str) -> None:
        """Delete the entry; nothing happens where there is none."""


class Turn(Protocol):
    """The exchange with a keychain while it works on one question."""

    @property
    def given_up(self) -> bool:
        """Return whether nobody waits for the answer any more."""

    def asks(self) -> None:
        """Say that the person is asked from now on."""
