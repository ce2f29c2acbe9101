"""Reads the file that names a company's provider of identities."""

import os
import stat
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

SCOPES = ("openid", "email", "profile")
LOOPBACKS = frozenset({"127.0.0.1", "::1", "localhost"})


class OpenIdSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A provider of identities. `groups` says which group of people here each of its groups stands
    for: what people may follows from the roles of these. Whoever is in one of them is let in, and
    whoever is a person here already; nobody else is.
    """

    issuer: str
    client_id: str
    client_secret: str = ""
    name: str = "OpenID Connect"
    scopes: tuple[str, ...] = SCOPES
    groups_claim: str = "groups"
    groups: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"OpenIdSettings({self.issuer!r})"


class InvalidOpenIdFile(Exception):
    """Raised for a file that cannot be read as what it should be."""


def read(file: Path) -> OpenIdSettings:
    """Read the file. Raises InvalidOpenIdFile, with a sentence."""
    try:
        if os.name == "posix" and stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise InvalidOpenIdFile(f"{file} can be read by others, and may hold a secret")
        settings = msgspec.convert(tomllib.loads(file.read_text("utf-8")), OpenIdSettings)
    except (OSError, ValueError) as error:  # what no TOML is, no UTF-8 or not as it should be
        raise InvalidOpenIdFile(f"{file}: {error}") from error
    if not is_safe(settings.issuer):
        raise InvalidOpenIdFile(f"{file}: the issuer has to begin with https://")
    return settings


def is_safe(url: str) -> bool:
    """Return whether nobody on the way can read what is sent there."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACKS)
