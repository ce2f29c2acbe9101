"""The secrets while they are needed: a password that is wiped when it has served, the keychains
that remember one, and this program's memory, out of which none may get.
"""

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # the control plane's process is started before what messages are made of
    from autosky_desktop.domain.secrets import KeychainState


class Secret:
    """A secret in bytes that do not print, compare, pickle or travel; `forget` overwrites them.

    Not a promise against somebody who reads this process's memory: Qt and the system keep copies
    of what was typed. It keeps the secret out of tracebacks, logs and whatever outlives its use.
    """

    __slots__ = ("_bytes",)

    def __init__(self, text: str) -> None:
        # half a character is in no password; an error about it would quote all of it
        self._bytes = bytearray(text.encode(errors="replace"))

    def reveal(self) -> bytes:
        """Return the secret in UTF-8, for the one call that hands it over. Keep no name for it."""
        return bytes(self._bytes)

    def forget(self) -> None:
        self._bytes[:] = bytes(len(self._bytes))
        self._bytes.clear()

    def __bool__(self) -> bool:
        return bool(self._bytes)

    def __enter__(self) -> "Secret":
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        self.forget()

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> str:
        raise TypeError("a secret does not travel")


class Keychain(Protocol):
    """A keychain: secrets by the id of an entry. Everything but `state` raises KeychainFailed.

    One that does not answer is given up soon, and one that asks the person later. What comes then
    is dropped, and what is kept then is deleted.
    """

    async def state(self) -> "KeychainState":
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


def keep_private() -> None:
    """Have a crash write no memory to the disk: passwords pass through it. The programs that are
    started inherit that.
    """
    if sys.platform == "win32":
        return
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
