"""Handing a letter to a mail server (SMTP), in a thread: the library for it waits.

A server that offers TLS is spoken to in it, and one that does not never hears a password.
"""

import asyncio
import smtplib
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from email.message import EmailMessage
from threading import Thread
from typing import Any

from autosky_desktop.server.mail.post import NotSent, Smtp

SECONDS = 30.0
"""A server that says nothing for so long does not answer."""


class SmtpPostman:
    def __init__(self, smtp: Smtp, trust: ssl.SSLContext | None = None) -> None:
        """`trust` None: whom this computer trusts."""
        self._smtp = smtp
        self._trust = trust

    @property
    def sender(self) -> str:
        return self._smtp.sender

    async def send(self, letter: EmailMessage) -> list[str]:
        return await _in_thread(lambda: self._send(letter))

    def _send(self, letter: EmailMessage) -> list[str]:
        try:
            return self._sent(letter)
        except smtplib.SMTPRecipientsRefused as error:
            for_good = all(code >= 500 for code, _ in error.recipients.values())
            raise NotSent(_refusals(error.recipients), for_good=for_good) from error
        except smtplib.SMTPResponseException as error:
            detail = f"{error.smtp_code} {_text(error.smtp_error)}"
            raise NotSent(detail, for_good=error.smtp_code >= 500) from error
        except (smtplib.SMTPNotSupportedError, ValueError) as error:
            raise NotSent(str(error), for_good=True) from error
        except OSError as error:  # smtplib's other errors are some, too
            raise NotSent(str(error), for_good=False) from error

    def _sent(self, letter: EmailMessage) -> list[str]:
        server = smtplib.SMTP(self._smtp.host, self._smtp.port, timeout=SECONDS)
        try:
            self._enter(server)
            refused = server.send_message(letter)
            with suppress(OSError):  # it has the letter: how the goodbye goes changes nothing
                server.quit()
            return list(refused)
        finally:
            server.close()

    def _enter(self, server: smtplib.SMTP) -> None:
        server.ehlo()
        if self._smtp.user or server.has_extn("starttls"):
            server.starttls(context=self._trust or ssl.create_default_context())
            server.ehlo()
        if self._smtp.user:
            server.login(self._smtp.user, self._smtp.password)


def _refusals(refused: Mapping[str, tuple[int, bytes]]) -> str:
    return "; ".join(f"{who}: {code} {_text(why)}" for who, (code, why) in refused.items())


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


async def _in_thread(work: Callable[[], list[str]]) -> list[str]:
    """In a thread that ends with the process: a server that hangs must not keep it alive."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def tell(give: Callable[[Any], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if answer.done() else give(what))

    def run() -> None:
        try:
            tell(answer.set_result, work())
        except NotSent as error:
            tell(answer.set_exception, error)

    Thread(target=run, name="post", daemon=True).start()
    return await answer
