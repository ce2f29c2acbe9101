"""The endpoint of a server: where and how to connect to it, as the control plane knows it, and
which of its addresses a route leads to.
"""

from enum import StrEnum

from autosky_desktop.domain.bounds import within_bounds
from autosky_desktop.domain.wire import Instant, Port, Seconds, Statement, Word


class Protocol(Word):
    RDP = "rdp"
    SSH = "ssh"
    UNKNOWN = "unknown"


class Gateway(Statement, frozen=True, kw_only=True):
    """The host between this network and the servers: an RD Gateway, or an SSH jump host.

    `fingerprint` as in `Endpoint`; `account` empty: the one of the server.
    """

    host: str
    port: Port
    account: str = ""
    fingerprint: str | None = None

    def __post_init__(self) -> None:
        within_bounds(self, texts=False)  # system/connect/target refuses what they must not be


class Presence(Statement, frozen=True, kw_only=True):
    """A person who is signed in on a server."""

    account: str
    since: Instant


class TunnelKind(Word):
    """The program that leads through a tunnel: the plug-in of AWS Systems Manager."""

    SESSION_MANAGER = "session-manager"
    UNKNOWN = "unknown"


class Tunnel(Statement, frozen=True, kw_only=True):
    """A tunnel that waits for this computer's end of it: a session of Systems Manager, by its id,
    the machine it leads to, and the service that keeps it. `token` opens it once, within a short
    time: it is kept nowhere. `profile` names the credentials that take it up again after AWS has
    closed the line, as it does about every hour; empty: none do.
    """

    kind: str
    session: str
    machine: str
    region: str
    url: str
    service: str
    token: str
    profile: str = ""

    def __post_init__(self) -> None:
        within_bounds(self, texts=False)  # system/connect/tunnel refuses what they must not be

    def __repr__(self) -> str:
        return f"Tunnel({self.session!r})"


class Console(Statement, frozen=True, kw_only=True):
    """The machine's own screen or serial line at a hypervisor: where its libvirt is, and which
    machine there. `graphical`: it is a screen.
    """

    uri: str
    machine: str
    graphical: bool = False

    def __post_init__(self) -> None:
        within_bounds(self, texts=False)  # system/connect/console refuses what they must not be


class Endpoint(Statement, frozen=True, kw_only=True):
    """The way to reach one server. All of it came from elsewhere, so nothing in it is trusted.

    `account` is whom to sign in as unless the operator says otherwise. `fingerprint` is the
    SHA-256 of the host key ("SHA256:" and base64, as OpenSSH prints it) or of the RDP certificate
    ("sha256:" and hexadecimal pairs with colons); None: it is pinned at first use. `network`
    ("10.20.0.0/16") is the one of the private address. `present` None: not reported.
    `usual_start_seconds` is how long starting took lately, None when it is not known. `simulated`:
    there is no machine, and nobody will ever answer. `tunnel` is a TunnelKind word where the
    control plane can begin one to this server, empty where it cannot. `console` is told as a last
    resort, where nobody knows an address.
    """

    server: str
    protocol: str
    port: Port
    private_ip: str | None = None
    public_ip: str | None = None
    account: str = ""
    gateway: Gateway | None = None
    fingerprint: str | None = None
    network: str | None = None
    present: list[Presence] | None = None
    usual_start_seconds: Seconds | None = None
    simulated: bool = False
    tunnel: str = ""
    console: Console | None = None

    def __post_init__(self) -> None:
        within_bounds(self, texts=False)  # system/connect/target refuses what they must not be


class Route(StrEnum):
    """The routes to a server. `gateway` leads to its private address through another host, `tunnel`
    through the cloud, from a port of this computer.
    """

    PRIVATE = "private"
    PUBLIC = "public"
    GATEWAY = "gateway"
    TUNNEL = "tunnel"


def address(endpoint: Endpoint, way: Route) -> str:
    """Return the server's own address on that route; empty when it has none."""
    if way is Route.GATEWAY and endpoint.gateway is None:
        return ""
    if way is Route.TUNNEL and TunnelKind(endpoint.tunnel or "unknown") is TunnelKind.UNKNOWN:
        return ""
    return (endpoint.public_ip if way is Route.PUBLIC else endpoint.private_ip) or ""
