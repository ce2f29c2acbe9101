"""The interface of a keychain, whichever it is."""

from enum import StrEnum
from typing import Protocol

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.system.connect.secret import Secret


class KeychainState(StrEnum):
    """The state of a keychain. `locked` includes one that has yet to be made: the person is asked
    for both at first use.

    The last two are said of one that was configured for all Python programs: `plain` keeps what
    it is given where everybody can read it, or nowhere, and `unusable` cannot be loaded here.
    """

    READY = "ready"
    LOCKED = "locked"
    NONE = "none"
    BROKEN = "broken"
    PLAIN = "plain"
    UNUSABLE = "unusable"


class KeychainFailed(AutoskyError):
    """The keychain read, kept or deleted nothing. `state` says why and is never `ready`."""

    def __init__(self, state: KeychainState) -> None:
        super().__init__(state.value)
        self.state = state


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
