"""The gate: it makes a target of what a control plane or a person says, or refuses it.

Launchers take nothing but a `Target`, so that a hostile name is caught once and for all clients.
"""

import ipaddress
import re
import unicodedata

from msgspec import Struct

from autosky_desktop.domain.connection import LONGEST_NAME
from autosky_desktop.domain.endpoint import Protocol
from autosky_desktop.domain.text import title

HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
LONGEST_HOST = 253
NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?", re.ASCII | re.IGNORECASE)
"""What a host name cannot end with: programs read 127.1, 0x7f.1 or 2130706433 as an address."""
JOINERS = "\u200c\u200d"
"""Of all letters that are not seen, the only ones that names of people have."""
REFUSED_BY_SSH = re.compile(r"""['`";&<>|(){}]|\s-""")
"""What OpenSSH takes in no account: a shell that its configuration names could read it."""
FINGERPRINT = re.compile(
    r"sha256:[0-9A-F]{2}(:[0-9A-F]{2}){31}|SHA256:[A-Za-z0-9+/]{43}", re.ASCII | re.IGNORECASE
)

HOST_KEY = re.compile(r"[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}", re.ASCII)


class Hostile(ValueError):
    """A value is one that no server, address or account has. `field` says which it was."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Hop(Struct, frozen=True, kw_only=True):
    """A gateway or jump host; its fingerprint and key as in `Target`, as free of hostile values."""

    host: str
    port: int
    account: str = ""
    fingerprint: str = ""
    host_key: str = ""

    def __post_init__(self) -> None:
        if host(self.host, "gateway") != self.host:
            raise Hostile("gateway")
        port(self.port, "gateway")
        if self.account:
            account(self.account, "gateway")
        fingerprint(self.fingerprint, "gateway")
        host_key(self.host_key, "gateway")


class Target(Struct, frozen=True, kw_only=True):
    """A server to connect to, each field safe as one argument of a command line, however it was
    made: one with a hostile value cannot be. Raises Hostile, of the field "ssh-account" for an
    account that is one elsewhere.

    `domain` is the part of an RDP account before the backslash. `fingerprint` is what the server
    must show, in the form of `Endpoint`; empty until it is settled. `host_key` is an SSH server's
    whole key ("ssh-ed25519 AAAA…"), where it was seen. `signs_in_first` is an RDP server's that
    signs in before there is a session (NLA). `title` is for window titles.
    """

    server: str
    title: str
    protocol: Protocol
    host: str
    port: int
    account: str
    domain: str = ""
    fingerprint: str = ""
    host_key: str = ""
    signs_in_first: bool = True
    gateway: Hop | None = None

    def __post_init__(self) -> None:
        if title(self.server) != self.server or not self.server:
            raise Hostile("server")
        if title(self.title) != self.title:
            raise Hostile("name")
        if host(self.host) != self.host:
            raise Hostile("address")
        port(self.port)
        whole = f"{self.domain}\\{self.account}" if self.domain else self.account
        if account(whole) != (self.domain, self.account):
            raise Hostile("account")
        through = self.gateway.account if self.gateway else ""
        if self.protocol is Protocol.SSH and REFUSED_BY_SSH.search(f"{whole}\n{through}"):
            raise Hostile("ssh-account")
        fingerprint(self.fingerprint)
        host_key(self.host_key)


def host(text: str, field: str = "address") -> str:
    """Return an address, or a host name in ASCII ("xn--..."), as it may stand on a command line.

    Raises Hostile, also for an address with a zone: that is another computer's business. What
    only some programs read as an address is refused as the number of that field.
    """
    if "%" in text or len(text) > LONGEST_HOST:
        raise Hostile(field)
    name = text if text.isascii() else _ascii(text, field)
    try:
        return str(ipaddress.ip_address(name))
    except ValueError:
        if not HOST.fullmatch(name) or len(name) > LONGEST_HOST:
            raise Hostile(field) from None
    if NUMBER.fullmatch(name.rstrip(".").rpartition(".")[2]):
        raise Hostile(f"{field}-number")
    return name


def port(number: int, field: str = "port") -> int:
    if not 0 < number < 65536:
        raise Hostile(field)
    return number


def account(text: str, field: str = "account") -> tuple[str, str]:
    """Return domain (or empty) and name, of "DOMAIN\\name", "name@domain" (all a name) or "name".

    Raises Hostile.
    """
    domain, _, name = text.rpartition("\\")
    for part in (domain, name):
        if part != part.strip() or part.startswith("-") or "\\" in part:
            raise Hostile(field)
        if any(unicodedata.category(c)[0] in "CZ" and c not in f" {JOINERS}" for c in part):
            raise Hostile(field)
    if not name or len(text) > LONGEST_NAME:
        raise Hostile(field)
    return domain, name


def fingerprint(text: str, field: str = "fingerprint") -> str:
    """Return a fingerprint as in `Endpoint`, or none. Raises Hostile."""
    if text and not FINGERPRINT.fullmatch(text):
        raise Hostile(field)
    return text


def host_key(text: str, field: str = "fingerprint") -> str:
    """Return the whole key of an SSH server, or none. Raises Hostile."""
    if text and not HOST_KEY.fullmatch(text):
        raise Hostile(field)
    return text


def _ascii(text: str, field: str) -> str:
    """Return the name by IDNA 2008: Python's own codec makes "faß" "fass", which is another host.

    Parts in ASCII stay as they are: names of Windows have underscores.
    """
    import idna

    try:
        parts = idna.uts46_remap(text, std3_rules=False).split(".")
        return ".".join(it if it.isascii() else idna.alabel(it).decode() for it in parts)
    except UnicodeError:
        raise Hostile(field) from None
