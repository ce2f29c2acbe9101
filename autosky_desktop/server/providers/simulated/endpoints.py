"""Says how the servers of the simulated cloud would be connected to; pure.

Web servers run Linux, all others Windows. An environment's servers are behind one RD Gateway and
one jump host. Who is on the preparation server changes with the hours.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct, structs

from autosky_desktop.domain.endpoint import Endpoint, Gateway, Presence, Protocol
from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.server import Server, ServerRole, ServerState
from autosky_desktop.server.providers.simulated.accounts import domain
from autosky_desktop.server.providers.simulated.chance import BOOT
from autosky_desktop.server.providers.simulated.real_endpoints import RealEndpoint
from autosky_desktop.server.providers.simulated.state import SimulatedEnvironment

LINUX = frozenset({"Web"})
PORTS = {Protocol.RDP: 3389, Protocol.SSH: 22}
GATEWAYS = {Protocol.RDP: ("rdgw", 443), Protocol.SSH: ("jump", 22)}

DOWN = frozenset({ServerState.STOPPED, ServerState.STARTING})


class Visitor(Struct, frozen=True):
    """Somebody who signs in on a preparation server every so often, for a while."""

    name: str
    every: timedelta
    stays: timedelta


VISITORS = (
    Visitor("svc-backup", timedelta(hours=6), timedelta(minutes=50)),
    Visitor("l.moraes", timedelta(hours=3), timedelta(minutes=80)),
    Visitor("r.teixeira", timedelta(hours=5), timedelta(minutes=35)),
)


def with_real_addresses(server: Server, real: RealEndpoint | None) -> Server:
    """Return the server with the addresses of the machine that stands in for it, if one does."""
    if real is None:
        return server
    up = ServerState(server.status) not in DOWN
    public = real.public_ip if up and real.public_ip else server.public_ip
    return structs.replace(
        server, public_ip=public, private_ip=real.private_ip or server.private_ip
    )


def endpoint(
    state: SimulatedEnvironment,
    server: Server,
    real: RealEndpoint | None,
    *,
    now: datetime,
    present: bool,
) -> Endpoint:
    """Return how to connect to it. `present`: whether this cloud tells who is on its servers."""
    protocol = Protocol.SSH if server.type in LINUX else Protocol.RDP
    if real and real.protocol:
        protocol = Protocol(real.protocol)
    there = with_real_addresses(server, real)
    found = Endpoint(
        server=server.id,
        protocol=protocol.value,
        port=PORTS[protocol],
        private_ip=there.private_ip,
        public_ip=there.public_ip,
        account=_account(state, protocol),
        gateway=_gateway(state, protocol),
        network=_network(state),
        present=_present(state, server, now) if present else None,
        usual_start_seconds=sum(BOOT) / 2 / state.speed,
        simulated=real is None,
    )
    return _corrected(found, real) if real else found


def of_instance(state: SimulatedEnvironment, instance: Instance) -> Endpoint:
    """Return how to connect to an instance. Users work there, so it says nothing of who is on it
    to look after it.
    """
    return Endpoint(
        server=instance.id,
        protocol=Protocol.RDP.value,
        port=PORTS[Protocol.RDP],
        private_ip=instance.private_ip,
        public_ip=instance.public_ip,
        account=_account(state, Protocol.RDP),
        gateway=_gateway(state, Protocol.RDP),
        network=_network(state),
        simulated=True,
    )


def _network(state: SimulatedEnvironment) -> str:
    return f"{state.network}.0.0/16"


def _corrected(found: Endpoint, real: RealEndpoint) -> Endpoint:
    """Correct the endpoint: a stand-in for a server has no gateway and no network but its own."""
    return structs.replace(
        found,
        port=real.port or found.port,
        account=found.account if real.account is None else real.account,
        gateway=real.gateway and Gateway(**structs.asdict(real.gateway)),
        fingerprint=real.fingerprint,
        network=None,
    )


def _account(state: SimulatedEnvironment, protocol: Protocol) -> str:
    linux = protocol is Protocol.SSH
    return "maintenance" if linux else f"{domain(state)}\\svc-maintenance"


def _gateway(state: SimulatedEnvironment, protocol: Protocol) -> Gateway:
    name, port = GATEWAYS[protocol]
    return Gateway(host=f"{name}.{state.environment}.example", port=port)


def _present(state: SimulatedEnvironment, server: Server, now: datetime) -> list[Presence] | None:
    """Return who is on it: nobody stays on one that is down, and support servers do not tell."""
    if server.role != ServerRole.PREPARATION:
        return None
    if ServerState(server.status) is not ServerState.RUNNING:
        return []
    return sorted(_visits(state, server, now), key=lambda it: it.since)


def _visits(state: SimulatedEnvironment, server: Server, now: datetime) -> Iterator[Presence]:
    """Return who is there just now. Each visit begins with its period, a little apart in each
    environment.
    """
    apart = timedelta(minutes=state.seed)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for visitor in VISITORS:
        into = (now - midnight - apart) % visitor.every
        since = now - into
        if into < visitor.stays and since > server.since:
            yield Presence(account=f"{domain(state)}\\{visitor.name}", since=since)
