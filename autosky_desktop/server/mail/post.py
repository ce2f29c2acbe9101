"""What sends letters, as seen by those who have one to send."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol

from autosky_desktop.domain.mail import MailServer, MailTrouble

if TYPE_CHECKING:
    from email.message import EmailMessage


class NotSent(Exception):
    """Nobody got the letter. `for_good`: trying again changes nothing."""

    def __init__(
        self, detail: str, *, for_good: bool, trouble: MailTrouble = MailTrouble.FAILED
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.for_good = for_good
        self.trouble = trouble


class Postman(Protocol):
    """Takes letters to a mail server."""

    @property
    def sender(self) -> str:
        """The address they come from."""

    async def send(self, letter: "EmailMessage") -> Mapping[str, str]:
        """The addresses that were refused and the server's words; the others have got it.

        Raises NotSent.
        """


class Mail:
    """How letters leave this control plane, which may change while it runs.

    `told` False: nobody has said yet whether there is a mail server, and what is owed waits.
    """

    def __init__(self, postman: Postman | None = None, *, told: bool = True) -> None:
        self.postman = postman
        self.told = told

    def sends(self) -> bool:
        return self.postman is not None

    def use(self, server: MailServer | None) -> None:
        """From now on; None: none are sent."""
        self.postman = postman(server) if server else None
        self.told = True


def postman(server: MailServer) -> Postman:
    from autosky_desktop.server.mail.postman import SmtpPostman  # costs, and few send mail

    return SmtpPostman(server)
