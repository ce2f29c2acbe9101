"""Email addresses, by one rule for whoever types, accepts and sends them, and mail servers."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta

from autosky_desktop.domain.wire import Intent, Statement, Word

LONGEST = 254
LONGEST_NAME = 64
SUBMISSION = 587

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_NAME = re.compile(rf"{_ATOM}(\.{_ATOM})*")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"({_LABEL}\.)+(?![0-9]+$){_LABEL}")
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""What an address that is copied from a page or another letter may bring along."""
_WITH_PORT = re.compile(r"([^\s:/]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")


def written_out(text: str) -> str:
    """Return the address as mail servers know it, its host by IDNA; empty for what is no address.

    Before the @ only ASCII is taken: a server that would deliver more (SMTPUTF8) is rare, and the
    person who types the address cannot know whether it is one. Whether anybody is there, only the
    last server knows.
    """
    name, at, host = text.rpartition("@")
    if not at or len(name) > LONGEST_NAME or not _NAME.fullmatch(name):
        return ""
    if not host.isprintable():
        return ""  # IDNA passes over what is not seen, but nothing of it can be kept
    known = _host(host)
    whole = f"{name}@{known}"
    return whole if known and len(whole) <= LONGEST else ""


def is_address(text: str) -> bool:
    return bool(written_out(text))


def compared(text: str) -> str:
    """Return the address as it is compared with others: however it is typed, and whichever way its
    host is written, it is one. Of one that looks like another, the host tells it.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    return (written_out(plain) or plain).casefold()


def each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    """Return each address once, whether its letters are large or small, with nothing unseen."""
    kept: dict[str, str] = {}
    for text in (_UNSEEN.sub("", each) for each in addresses):
        kept.setdefault((written_out(text) or text).casefold(), text)
    return tuple(kept.values())


class Encryption(StrEnum):
    """The encryption of the connection to the mail server. `auto` takes what it offers, and never
    sends a password in the clear.
    """

    AUTO = "auto"
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


USUAL_PORTS: Mapping[Encryption, int] = MappingProxyType({
    Encryption.STARTTLS: SUBMISSION,
    Encryption.TLS: 465,
    Encryption.NONE: 25,
})  # fmt: skip
"""Where mail servers usually listen for each."""


class MailTrouble(Word):
    """A reason why a letter did not leave, or did not reach everybody."""

    NO_SERVER = "no-mail"
    UNREACHABLE = "mail-unreachable"
    NO_ENCRYPTION = "mail-no-encryption"
    CERTIFICATE = "mail-certificate"
    SIGN_IN = "mail-sign-in"
    SENDER = "mail-sender"
    RECIPIENTS = "mail-refused"
    FAILED = "mail-failed"
    UNKNOWN = "unknown"


class MailServer(Intent, frozen=True, kw_only=True):
    """The mail server to which letters are handed over; without an `account` nobody signs in."""

    host: Annotated[str, Meta(min_length=1, max_length=253)]
    port: Annotated[int, Meta(ge=1, le=65535)] = SUBMISSION
    encryption: Encryption = Encryption.AUTO
    sender: Annotated[str, Meta(max_length=LONGEST)]
    account: Annotated[str, Meta(max_length=320)] = ""
    password: Annotated[str, Meta(max_length=1024)] = ""

    def __repr__(self) -> str:
        return f"MailServer({self.host}:{self.port})"


class MailSetting(Intent, frozen=True, kw_only=True):
    """The mail server to use from now on, None for none. The control plane keeps it in memory."""

    server: MailServer | None = None


class MailTest(Intent, frozen=True, kw_only=True):
    """Send a letter to one address by a server that need not be the one that is set."""

    server: MailServer
    to: Annotated[str, Meta(max_length=LONGEST)]


class MailState(Statement, frozen=True, kw_only=True):
    """The state of mail: whether letters are sent, and the last trouble. `trouble` is a
    MailTrouble, `detail` the mail server's words.
    """

    sends: bool
    trouble: str | None = None
    detail: str = ""


def host_of(text: str) -> str:
    """Return the mail server as it is looked up: its name by IDNA, or its bare address."""
    return _host(text.strip()) or text.strip().strip("[]")


def host_and_port(text: str) -> tuple[str, int] | None:
    """Return host and port of "mail.example.com:587", as people paste it; None for other texts."""
    found = _WITH_PORT.fullmatch(text.strip())
    if found is None or not 0 < (port := int(found[2])) < 65536:
        return None
    return found[1], port


def _host(text: str) -> str:
    if text.isascii():
        host = text.lower()
    else:
        import idna  # its tables cost, and few need them

        try:
            host = idna.encode(text, uts46=True).decode().lower()
        except (UnicodeError, IndexError):
            return ""
    return host if len(host) <= 253 and _HOST.fullmatch(host) else ""
