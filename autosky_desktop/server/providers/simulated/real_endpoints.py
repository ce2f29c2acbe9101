"""Lets real machines stand in for servers of the simulated cloud: a file says which.

Nothing answers at the addresses of a simulated server. With such a file the few that somebody
wants to connect to point elsewhere, by the name they are shown under:

    {
      "PREP-ERP-STG-01": {"publicIp": "192.0.2.7", "account": "LAB\\ana"},
      "WEB-ERP-PROD-01": {"privateIp": "127.0.0.1", "port": 2222, "protocol": "ssh",
                          "gateway": {"host": "jump.lab.example", "port": 22}}
    }

What an entry leaves out stays as it was simulated, except the gateway, the fingerprint and the
network, which the machine does not have unless they are given.
"""

import re
from collections.abc import Mapping, Set
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

from autosky_desktop.domain.endpoint import Gateway

Host = Annotated[str, Meta(min_length=1, max_length=64)]
Port = Annotated[int, Meta(ge=1, le=65535)]
PLACE = re.compile(r" - at `\$\.(.+)`$")
UNKNOWN = re.compile(r"unknown field `(.+?)`")
"""How msgspec tells the field that a value is wrong in, and one that there is none of."""
TOLD = 8
"""The most names of servers in a sentence about one that is not there."""


_HOST, _PORT = "text of 1 to 64 letters", "a whole number from 1 to 65535"
FIELDS = {
    "": "an object",
    "publicIp": _HOST,
    "privateIp": _HOST,
    "port": _PORT,
    "protocol": '"rdp" or "ssh"',
    "account": "text",
    "fingerprint": "text",
    "gateway": "an object with a host and a port",
    "gateway.host": _HOST,
    "gateway.port": _PORT,
    "gateway.account": "text",
    "gateway.fingerprint": "text",
}
"""What each field of a server must be, as it is told."""


class RealGateway(Gateway, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway in the file, where a field that we do not know is a mistake."""

    host: Host
    port: Port


class RealEndpoint(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The machine that stands in for a server. None: nothing is said of it."""

    public_ip: Host | None = None
    private_ip: Host | None = None
    port: Port | None = None
    protocol: Literal["rdp", "ssh"] | None = None
    account: str | None = None
    gateway: RealGateway | None = None
    fingerprint: str | None = None


class InvalidEndpoints(Exception):
    """Raised when the file is no such file; its text is a sentence for whoever wrote it. `word` is
    what the desktop is told.
    """

    word: ClassVar[str] = "endpoints-refused"


def read(file: Path) -> Mapping[str, RealEndpoint]:
    """Return what the file says, by the names of servers. Raises InvalidEndpoints."""
    try:
        found = msgspec.json.decode(file.read_bytes(), type=dict[str, msgspec.Raw])
        return {name: _machine(file, name, raw) for name, raw in found.items()}
    except OSError as error:
        raise InvalidEndpoints(f"{file} cannot be read: {error.strerror}.") from error
    except msgspec.ValidationError as error:
        raise InvalidEndpoints(
            f"{file} must hold an object, with servers by their names."
        ) from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InvalidEndpoints(f"{file} does not say where servers are: {error}.") from error


def _machine(file: Path, name: str, raw: msgspec.Raw) -> RealEndpoint:
    """Return what is said of one server. Raises InvalidEndpoints with the name of the field."""
    try:
        return msgspec.json.decode(raw, type=RealEndpoint)
    except msgspec.ValidationError as error:
        field = _field(error)
        owner = f"{field} of {name!r}" if field else repr(name)
        if unknown := UNKNOWN.search(str(error)):
            told = f"{owner} has a field {unknown[1]!r}, which is not known"
        else:
            told = f"{owner} must be {FIELDS[field]}"
        raise InvalidEndpoints(f"in {file}, {told}.") from error


def _field(error: msgspec.ValidationError) -> str:
    """Return the name of the field that the error is about; empty for the whole."""
    place = PLACE.search(str(error))
    return place[1] if place else ""


def must_be_there(real_endpoints: Mapping[str, RealEndpoint], names: Set[str]) -> None:
    """Raise InvalidEndpoints for an unknown name: one mistyped would point nothing anywhere."""
    if unknown := sorted(real_endpoints.keys() - names):
        known = ", ".join(sorted(names)[:TOLD])
        raise InvalidEndpoints(
            f"no server is called {unknown[0]!r}; among those there are: {known}."
        )
