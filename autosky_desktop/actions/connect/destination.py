"""The choice of a target: which routes lead to an endpoint, and what is dialled on each."""

from msgspec.structs import replace

from autosky_desktop.domain.connecting import HostCheck
from autosky_desktop.domain.endpoint import Endpoint, Gateway, Protocol, Route, address
from autosky_desktop.domain.text import title
from autosky_desktop.system.connect import target as gate
from autosky_desktop.system.connect.target import Hop, Target


def ways(endpoint: Endpoint) -> tuple[Route, ...]:
    """Return the routes that there are, the shortest first."""
    return tuple(way for way in Route if address(endpoint, way))


def target(endpoint: Endpoint, name: str, account: str, way: Route) -> Target:
    """Return the target; `name` is the server's, for people. Raises Hostile for a value that no
    server and no account has.
    """
    domain, user = gate.account(account)
    through = endpoint.gateway if way is Route.GATEWAY else None
    return Target(
        server=endpoint.server,
        title=title(name),
        protocol=_protocol(endpoint.protocol),
        host=gate.host(address(endpoint, way)),
        port=gate.port(endpoint.port),
        account=user,
        domain=domain,
        gateway=_hop(through) if through else None,
    )


def settled(target: Target, look: HostCheck) -> Target:
    """Return the target with what the server showed, which it and its gateway must show again."""
    hop, shown = target.gateway, {"signs_in_first": look.signs_in_first, "fingerprint": look.seen}
    if hop is None:
        return replace(target, host_key=look.host_key, **shown)
    judged = look.gateway or hop.fingerprint
    return replace(
        target, gateway=replace(hop, fingerprint=judged, host_key=look.host_key), **shown
    )


def _protocol(word: str) -> Protocol:
    protocol = Protocol(word)
    if protocol is Protocol.UNKNOWN:
        raise gate.Hostile("protocol")
    return protocol


def _hop(gateway: Gateway) -> Hop:
    return Hop(
        host=gate.host(gateway.host, "gateway"),
        port=gate.port(gateway.port, "gateway"),
        account="\\".join(filter(None, gate.account(gateway.account, "gateway")))
        if gateway.account
        else "",
        fingerprint=gateway.fingerprint or "",
    )
