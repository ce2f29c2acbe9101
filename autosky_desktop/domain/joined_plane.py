"""The control planes of teams that were joined from this computer: their names and addresses."""

from urllib.parse import urlsplit

from msgspec import Struct

HERE = "this-computer"
"""The name by which commands know the control plane of this computer; no other has it."""
LONGEST = 60
LOOPBACK = ("localhost", "127.0.0.1", "::1")
"""The hosts that are spoken to without TLS: nobody can listen on the way there."""


class JoinedPlane(Struct, frozen=True, kw_only=True):
    """A control plane that was joined. `id` is the one that it told then. `entry` is where the
    keychain has its token, or the tokens of a `sign_in`; empty where a token is not kept. `used`:
    commands speak to it unless they name another one.
    """

    name: str
    address: str
    id: str
    entry: str = ""
    sign_in: bool = False
    used: bool = False


def is_name(text: str) -> bool:
    """Return whether a control plane may be called so."""
    written = text.isprintable() and text == text.strip()
    return written and 0 < len(text) <= LONGEST and not is_same(text, HERE)


def is_same(one: str, another: str) -> bool:
    """Return whether two names mean the same control plane."""
    return one.casefold() == another.casefold()


def address_of(text: str) -> str | None:
    """Return the address as it is kept, of what somebody typed or pasted; None where it is none.

    One that leads to another computer begins with https, for a token is sent there.
    """
    text = text.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    plain = text.isprintable() and not {" ", "\\", "?", "#"} & {*text}
    if not plain or not host or parts.username is not None or parts.password is not None:
        return None
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        return None
    named = f"[{host}]" if ":" in host else host
    usual = 443 if parts.scheme == "https" else 80
    at = "" if port in (None, usual) else f":{port}"
    return f"{parts.scheme}://{named}{at}{parts.path.rstrip('/')}"
