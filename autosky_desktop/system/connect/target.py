"""The gate: what a control plane or a person says becomes a target here, or is refused.

Launchers take nothing but a `Target`, so that a hostile name is caught once and for all clients.
"""

import ipaddress
import re
import unicodedata

from msgspec import Struct

from autosky_desktop.domain.connection import LONGEST_NAME
from autosky_desktop.domain.endpoint import Protocol

HOST = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?", re.ASCII)
LONGEST_HOST = 253
ACCOUNT = re.compile(r"[\w.@\\$+ -]+")
LONGEST_TITLE = 120


class Hostile(ValueError):
    """A value that no server, address or account has. `field` says which one it was."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class Hop(Struct, frozen=True, kw_only=True):
    """A gateway or jump host. `fingerprint` as in `Target`."""

    host: str
    port: int
    account: str = ""
    fingerprint: str = ""


class Target(Struct, frozen=True, kw_only=True):
    """One server to connect to, each field safe as one argument of a command line.

    `domain` is the part of an RDP account before the backslash. `fingerprint` is what the server
    must show, in the form of `Endpoint`; empty until it is settled. `signs_in_first` is an RDP
    server's that signs in before there is a session (NLA). `title` is for window titles.
    """

    server: str
    title: str
    protocol: Protocol
    host: str
    port: int
    account: str
    domain: str = ""
    fingerprint: str = ""
    signs_in_first: bool = True
    gateway: Hop | None = None


def host(text: str, field: str = "address") -> str:
    """An address or a host name as it may stand on a command line. Raises Hostile."""
    try:
        return str(ipaddress.ip_address(text)) if "%" not in text else _no(field)
    except ValueError:
        if len(text) <= LONGEST_HOST and HOST.fullmatch(text):
            return text
    return _no(field)


def port(number: int, field: str = "port") -> int:
    return number if 0 < number < 65536 else _no_number(field)


def account(text: str, field: str = "account") -> tuple[str, str]:
    """Domain (or empty) and name of "DOMAIN\\name" or "name". Raises Hostile."""
    domain, _, name = text.rpartition("\\")
    for part in (domain, name):
        if part.startswith("-") or (part and not ACCOUNT.fullmatch(part)) or "\\" in part:
            _no(field)
    if not name.strip() or len(text) > LONGEST_NAME:
        _no(field)
    return domain, name


def title(text: str) -> str:
    """A name for people: one line, nothing that turns or hides text, and not too long."""
    shown = (c if unicodedata.category(c)[0] != "C" else " " for c in text)
    return " ".join("".join(shown).split())[:LONGEST_TITLE]


def _no(field: str) -> str:
    raise Hostile(field)


def _no_number(field: str) -> int:
    raise Hostile(field)
