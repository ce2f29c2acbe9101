"""Knows how letters leave this control plane, if they can."""

from autosky_desktop.domain.mail import MailServer
from autosky_desktop.server.mail.post import Postman


class Mail:
    """The way that letters leave this control plane, which may change while it runs.

    `told` False: nobody has said yet whether there is a mail server, and what is owed waits.
    """

    def __init__(self, postman: Postman | None = None, *, told: bool = True) -> None:
        self.postman = postman
        self.told = told

    def sends(self) -> bool:
        return self.postman is not None

    def use(self, server: MailServer | None) -> None:
        """Send letters by this server from now on; with None, none are sent."""
        self.postman = postman(server) if server else None
        self.told = True


def postman(server: MailServer) -> Postman:
    from autosky_desktop.server.mail.postman import SmtpPostman  # costs, and few send mail

    return SmtpPostman(server)
