"""Hands a letter to a mail server (SMTP), in a thread: the library for it waits.

No server hears a password unless it is spoken to in TLS.
"""

import asyncio
import base64
import logging
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from threading import Thread
from typing import Any

from autosky_desktop.domain.mail import USUAL_PORTS, Encryption, MailServer, MailTrouble, host_of
from autosky_desktop.server.mail.mailer import NotSent

log = logging.getLogger(__name__)

SECONDS = 30.0
"""A server that says nothing for so long does not answer."""

LONGEST_SECONDS = 120.0
"""What a letter may take, for a server that says a letter at a time: others wait behind it."""

SIGNED_IN, GO_ON = 235, 334


class SmtpMailer:
    """Sends letters by one SMTP server."""

    def __init__(self, server: MailServer, trust: ssl.SSLContext | None = None) -> None:
        """Take letters to `server`. `trust`: the certificates to trust; None: this computer's."""
        self._server = server
        self._trust = trust

    @property
    def sender(self) -> str:
        return self._server.sender

    async def send(self, letter: EmailMessage) -> Mapping[str, str]:
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await _in_thread(lambda: self._send(letter))
        except TimeoutError:
            trouble = MailTrouble.UNREACHABLE
            detail = f"it took over {LONGEST_SECONDS:.0f} seconds"
            raise NotSent(detail, for_good=False, trouble=trouble) from None

    def _send(self, letter: EmailMessage) -> Mapping[str, str]:
        try:
            return self._sent(letter)
        except smtplib.SMTPRecipientsRefused as error:
            for_good = all(code >= 500 for code, _ in error.recipients.values())
            refused = ", ".join(f"{who} ({why})" for who, why in _words(error.recipients).items())
            raise NotSent(refused, for_good=for_good, trouble=MailTrouble.RECIPIENTS) from None
        except smtplib.SMTPResponseException as error:
            detail = f"{error.smtp_code} {_text(error.smtp_error)}"
            for_good = error.smtp_code >= 500
            raise NotSent(detail, for_good=for_good, trouble=_trouble(error)) from None
        except ssl.SSLCertVerificationError as error:
            trouble = MailTrouble.CERTIFICATE
            raise NotSent(error.verify_message, for_good=True, trouble=trouble) from None
        except (smtplib.SMTPNotSupportedError, ssl.SSLError) as error:
            raise NotSent(str(error), for_good=True, trouble=MailTrouble.NO_ENCRYPTION) from None
        except ValueError as error:
            raise NotSent(str(error), for_good=True) from None
        except smtplib.SMTPServerDisconnected as error:
            raise NotSent(str(error), for_good=False) from None
        except OSError as error:  # smtplib's other errors are some, too
            trouble = MailTrouble.UNREACHABLE
            raise NotSent(_of_system(error), for_good=False, trouble=trouble) from None

    def _sent(self, letter: EmailMessage) -> Mapping[str, str]:
        server = self._connected()
        try:
            self._enter(server)
            refused = server.send_message(letter)
            with suppress(OSError):  # it has the letter: how the goodbye goes changes nothing
                server.quit()
            return _words(refused)
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        host, port, name = host_of(self._server.host), self._server.port, _our_name()
        if self._in_tls_at_once():
            context = self._context()
            return smtplib.SMTP_SSL(host, port, name, timeout=SECONDS, context=context)
        return smtplib.SMTP(host, port, name, timeout=SECONDS)

    def _in_tls_at_once(self) -> bool:
        encryption = self._server.encryption
        by_port = encryption is Encryption.AUTO and self._server.port == USUAL_PORTS[Encryption.TLS]
        return by_port or encryption is Encryption.TLS

    def _context(self) -> ssl.SSLContext:
        return self._trust or ssl.create_default_context()

    def _enter(self, server: smtplib.SMTP) -> None:
        encryption, account = self._server.encryption, self._server.account
        server.ehlo()
        if not self._in_tls_at_once() and encryption is not Encryption.NONE:
            offered = server.has_extn("starttls")
            if encryption is Encryption.STARTTLS or account or offered:
                server.starttls(context=self._context())
                server.ehlo()
        if account and encryption is Encryption.NONE:
            raise smtplib.SMTPNotSupportedError("a password is not sent without encryption")
        if account:
            _sign_in(server, account, self._server.password)


def _our_name() -> str:
    """Return the name this computer greets the server with: its own, unless none would take it."""
    name = socket.getfqdn()
    return name if name.isascii() and "." in name else "[127.0.0.1]"


def _sign_in(server: smtplib.SMTP, account: str, password: str) -> None:
    try:
        if account.isascii() and password.isascii():
            server.login(account, password)
            return
    except smtplib.SMTPNotSupportedError as error:
        raise NotSent(str(error), for_good=True, trouble=MailTrouble.SIGN_IN) from None
    # smtplib's own speaks only ASCII
    if "PLAIN" in server.esmtp_features.get("auth", "").upper().split():
        code, said = server.docmd("AUTH", f"PLAIN {_coded(chr(0), account, chr(0), password)}")
    else:
        code, said = server.docmd("AUTH", f"LOGIN {_coded(account)}")
        if code == GO_ON:
            code, said = server.docmd(_coded(password))
    if code != SIGNED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


def _coded(*parts: str) -> str:
    return base64.b64encode("".join(parts).encode()).decode()


def _trouble(error: smtplib.SMTPResponseException) -> MailTrouble:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return MailTrouble.SIGN_IN
    if isinstance(error, smtplib.SMTPSenderRefused):
        return MailTrouble.SENDER
    if isinstance(error, smtplib.SMTPConnectError):
        return MailTrouble.UNREACHABLE
    return MailTrouble.FAILED


def _of_system(error: OSError) -> str:
    return error.strerror or str(error) or type(error).__name__


def _words(refused: Mapping[str, tuple[int, bytes]]) -> dict[str, str]:
    return {who: f"{code} {_text(why)}" for who, (code, why) in refused.items()}


def _text(said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return " ".join(text.split())


async def _in_thread(work: Callable[[], Mapping[str, str]]) -> Mapping[str, str]:
    """Work in a thread that ends with the process: a server that hangs must not keep it alive."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Mapping[str, str]] = loop.create_future()

    def tell(give: Callable[[Any], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if answer.done() else give(what))

    def run() -> None:
        try:
            tell(answer.set_result, work())
        except NotSent as error:
            tell(answer.set_exception, error)
        except Exception as error:  # whoever waits has to hear of it
            log.exception("a letter was not sent")
            tell(answer.set_exception, NotSent(repr(error), for_good=False))

    Thread(target=run, name="post", daemon=True).start()
    return await answer
