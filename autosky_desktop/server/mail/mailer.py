"""The interface of what sends letters, for those who have one to send."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from autosky_desktop.domain.mail import MailTrouble

if TYPE_CHECKING:
    from email.message import EmailMessage


class NotSent(Exception):
    """Raised when nobody got the letter. `for_good`: trying again changes nothing."""

    def __init__(
        self, detail: str, *, for_good: bool, trouble: MailTrouble = MailTrouble.FAILED
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.for_good = for_good
        self.trouble = trouble


class Mailer(Protocol):
    """Takes letters to a mail server."""

    @property
    def sender(self) -> str:
        """Return the address that letters come from."""

    async def send(self, letter: "EmailMessage") -> Mapping[str, str]:
        """Send the letter and return the addresses that were refused with the server's words; the
        others have got it.

        Raises NotSent.
        """
