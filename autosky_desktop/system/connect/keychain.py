"""What a keychain does for us, whichever it is."""

from enum import StrEnum
from typing import Protocol

from autosky_desktop.domain.errors import AutoskyError
from autosky_desktop.system.connect.secret import Secret


class KeychainState(StrEnum):
    """`locked` includes one that has yet to be made: both are asked of the person at first use.

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
    """Nothing was read, kept or deleted. `state` says why and is never `ready`."""

    def __init__(self, state: KeychainState) -> None:
        super().__init__(state.value)
        self.state = state


class Keychain(Protocol):
    """Secrets by the id of an entry. Everything but `state` raises KeychainFailed.

    One that does not answer is given up soon, and one that asks the person later. What comes then
    is dropped, and what is kept then is deleted.
    """

    async def state(self) -> KeychainState:
        """How it is, without asking the person anything."""

    async def get(self, entry: str) -> Secret | None:
        """The secret of that entry, None without one."""

    async def put(self, entry: str, secret: Secret) -> None:
        """Keep it, in the place of an older one."""

    async def delete(self, entry: str) -> None:
        """Nothing happens where there is none."""


class Turn(Protocol):
    """What a keychain is told and asked while it works on one question."""

    @property
    def given_up(self) -> bool:
        """Whether nobody waits for the answer any more."""

    def asks(self) -> None:
        """Say that the person is asked from now on."""
