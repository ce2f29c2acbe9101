"""Tells where a machine is reached, and what system it seems to run."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import libvirt

from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.libvirt.definitions import PORTS, Agent, Definition

EVERYWHERE = ("", "0.0.0.0")  # noqa: S104  it is read here, and not listened on


def address_of(found: Any, told: Definition, uri: str) -> tuple[str | None, int | None]:
    """Return where the machine is reached, and the port if that is another than usual: by a port
    that leads to it, or at its own address, as its network or its guest agent tells.
    """
    if told.forward is not None:
        host = told.forward.host
        if host in EVERYWHERE:
            host = urlsplit(uri).hostname or "127.0.0.1"
        return host, told.forward.port
    if not found.isActive():
        return None, None
    sources = [libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE]
    if told.agent is Agent.CONNECTED:
        sources.append(libvirt.VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT)
    told_by = (first_address(_interfaces(found, it), told.cards) for it in sources)
    return next(filter(None, told_by), None), None


def platform_of(told: Definition) -> Platform:
    """Return its system, as its definition tells or as the port that leads to it suggests."""
    if told.platform is Platform.UNKNOWN and told.forward is not None:
        return PORTS[told.forward.guest]
    return told.platform


def first_address(interfaces: Mapping[str, Any], cards: frozenset[str]) -> str | None:
    """Return the first IPv4 address that others can reach, of one of the machine's own network
    cards: what a guest made for itself (bridges of containers, tunnels) leads nobody there.
    """
    for each in interfaces.values():
        if cards and str(each["hwaddr"]).lower() not in cards:
            continue
        for address in each["addrs"] or ():
            own = address["addr"].startswith(("127.", "169.254."))
            if address["type"] == libvirt.VIR_IP_ADDR_TYPE_IPV4 and not own:
                return str(address["addr"])
    return None


def _interfaces(found: Any, source: int) -> Mapping[str, Any]:
    try:
        interfaces: Mapping[str, Any] = found.interfaceAddresses(source)
    except libvirt.libvirtError:  # the source knows none: no network of libvirt's, no agent
        return {}
    return interfaces
