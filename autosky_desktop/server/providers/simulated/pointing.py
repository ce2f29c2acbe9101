"""Lets real machines stand in for servers of the simulated cloud: a file says which.

Nothing answers at the addresses of a simulated server. With such a file the few that somebody
wants to connect to point elsewhere, by the name they are shown under:

    {
      "PREP-ERP-STG-01": {"publicIp": "192.0.2.7", "account": "LAB\\\\ana"},
      "WEB-ERP-PROD-01": {"privateIp": "127.0.0.1", "port": 2222, "protocol": "ssh",
                          "gateway": {"host": "jump.lab.example", "port": 22}}
    }

What an entry leaves out stays as it was simulated, except the gateway, the fingerprint and the
network, which the machine does not have unless they are given.
"""

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta, Struct

from autosky_desktop.domain.endpoint import Gateway

Host = Annotated[str, Meta(min_length=1, max_length=64)]
Port = Annotated[int, Meta(ge=1, le=65535)]
TOLD = 8
"""The most names of servers in a sentence about one that is not there."""


class PointedGateway(Gateway, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A gateway in the file, where a field that we do not know is a mistake."""

    host: Host
    port: Port


class Pointed(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """The machine that stands in for a server. None: nothing is said of it."""

    public_ip: Host | None = None
    private_ip: Host | None = None
    port: Port | None = None
    protocol: Literal["rdp", "ssh"] | None = None
    account: str | None = None
    gateway: PointedGateway | None = None
    fingerprint: str | None = None


class CannotPoint(Exception):
    """Raised when the file is no such file; its text is a sentence for whoever wrote it. `word` is
    what the desktop is told.
    """

    word: ClassVar[str] = "endpoints-refused"


def read(file: Path) -> Mapping[str, Pointed]:
    """Return what the file says, by the names of servers. Raises CannotPoint."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Pointed])
    except OSError as error:
        raise CannotPoint(f"{file} cannot be read: {error.strerror}.") from error
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise CannotPoint(f"{file} does not say where servers are: {error}.") from error


def must_be_there(pointed: Mapping[str, Pointed], names: Set[str]) -> None:
    """Raise CannotPoint for an unknown name: one mistyped would point nothing anywhere."""
    if unknown := sorted(pointed.keys() - names):
        known = ", ".join(sorted(names)[:TOLD])
        raise CannotPoint(f"no server is called {unknown[0]!r}; among those there are: {known}.")
