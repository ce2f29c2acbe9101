"""What sends letters, as seen by those who have one to send."""

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

if TYPE_CHECKING:
    from email.message import EmailMessage


class NotSent(Exception):
    """Nobody got the letter. `for_good`: trying again changes nothing."""

    def __init__(self, detail: str, *, for_good: bool) -> None:
        super().__init__(detail)
        self.detail = detail
        self.for_good = for_good


class Postman(Protocol):
    """Takes letters to a mail server."""

    @property
    def sender(self) -> str:
        """The address they come from."""

    async def send(self, letter: "EmailMessage") -> list[str]:
        """The addresses that were refused; the others have got it. Raises NotSent."""


class Smtp(Struct, frozen=True, kw_only=True):
    """A mail server, and as whom letters are sent; without a `user` nobody signs in."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return f"Smtp({self.host}:{self.port})"
