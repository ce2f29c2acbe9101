"""Sets the mail server by which letters leave, and tries one."""

import asyncio

from autosky_desktop.domain.mail import MailServer, MailState, MailTest, MailTrouble, is_address
from autosky_desktop.domain.problem import Code
from autosky_desktop.server.db.bus import Bus
from autosky_desktop.server.db.clock import Now
from autosky_desktop.server.mail.mailer import Mailer, NotSent
from autosky_desktop.server.refusal import Refusal

TRIAL_SECONDS = 12.0
"""Whoever tries it waits for the answer, and no longer than callers wait."""


class CurrentMailer:
    """The way that letters leave this control plane, which may change while it runs.

    `known` False: nobody has said yet whether there is a mail server, and what is owed waits.
    """

    def __init__(self, mailer: Mailer | None = None, *, known: bool = True) -> None:
        self.mailer = mailer
        self.known = known

    def sends(self) -> bool:
        return self.mailer is not None

    def use(self, server: MailServer | None) -> None:
        """Send letters by this server from now on; with None, none are sent."""
        self.mailer = mailer(server) if server else None
        self.known = True


def mailer(server: MailServer) -> Mailer:
    from autosky_desktop.server.mail.smtp import SmtpMailer  # costs, and few send mail

    return SmtpMailer(server)


class MailCommands:
    """Sets and tries mail servers. `settable` False: one was given at the start, and stays."""

    def __init__(self, mail: CurrentMailer, bus: Bus, now: Now, *, settable: bool) -> None:
        self._mail = mail
        self._bus = bus
        self._now = now
        self._settable = settable

    def use(self, server: MailServer | None) -> MailState:
        """Send letters by this server from now on. It is kept in memory only. Raises Refusal."""
        self._refuse(*((server.sender,) if server else ()))
        self._mail.use(server)
        self._bus.wake()
        return MailState(sends=self._mail.sends())

    async def send_test_email(self, asked: MailTest) -> MailState:
        """Send a letter by that server and return whether it left. Raises Refusal."""
        self._refuse(asked.server.sender, asked.to)
        from autosky_desktop.server.mail.letter import mail_test

        message = mail_test(asked.server.sender, asked.to, self._now())
        sends = self._mail.sends()
        try:
            async with asyncio.timeout(TRIAL_SECONDS):
                await mailer(asked.server).send(message)
        except TimeoutError:
            return MailState(sends=sends, trouble=MailTrouble.UNREACHABLE.value)
        except NotSent as error:
            return MailState(sends=sends, trouble=error.trouble.value, detail=error.detail)
        return MailState(sends=sends)

    def _refuse(self, *addresses: str) -> None:
        if not self._settable:
            raise Refusal(
                Code.NOT_ALLOWED_NOW, "the mail server of this control plane is set at its start"
            )
        for address in addresses:
            if not is_address(address):
                raise Refusal(Code.INVALID_REQUEST, f"{address} is no address")
