"""A real mail server on a loopback port (aiosmtpd), and what it got."""

import ssl
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"


@dataclass
class Letterbox:
    """The letters a server got. `answers` are what it says to the next letters instead of taking
    them, `refuses` the addresses it knows nobody at, `account` whom it lets in (None: everybody).
    """

    port: int = 0
    answers: list[str] = field(default_factory=list)
    refuses: set[str] = field(default_factory=set)
    account: tuple[str, str] | None = None
    letters: list[EmailMessage] = field(default_factory=list)
    reached: list[list[str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return "550 nobody here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        message = message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        self.reached.append(list(envelope.rcpt_tos))
        self.encrypted.append(session.ssl is not None)
        return "250 taken"

    def lets_in(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        known = (given.login.decode(), given.password.decode()) == self.account
        return AuthResult(success=known, handled=False)


class _OnAFreePort(Controller):
    """A controller that may take port 0, as aiosmtpd's own knocks at the port it was told."""

    def _trigger_server(self) -> None:
        assert self.server
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(
    *,
    certificate: Path | None = None,
    account: tuple[str, str] | None = None,
    at_once: bool = False,
    without: Sequence[str] = (),
) -> Iterator[Letterbox]:
    """Yield a mail server. With `certificate` (and its key in the same file) it offers TLS, with
    which `account` goes.

    `at_once`: TLS comes before the first word. `without`: ways to sign in that it does not know.
    """
    box = Letterbox(account=account)
    tls = None
    if certificate:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(certificate)
    more: dict[str, Any] = {}
    if account:
        more = {"authenticator": box.lets_in, "auth_required": True}
        more["auth_exclude_mechanism"] = without
    more["ssl_context" if at_once else "tls_context"] = tls
    controller = _OnAFreePort(box, hostname=HOST, port=0, **more)
    controller.start()
    try:
        box.port = controller.port
        yield box
    finally:
        controller.stop()


def self_signed(folder: Path) -> Path:
    """Write a certificate of its own for 127.0.0.1, with its key."""
    made = folder / "mail.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-subj", "/CN=mail", "-addext", f"subjectAltName=IP:{HOST}"]
    command += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(command, check=True, capture_output=True)
    made.write_text((folder / "cert.pem").read_text() + (folder / "key.pem").read_text())
    return made
