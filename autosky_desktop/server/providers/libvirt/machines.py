"""Machines as libvirt has them: looked up, found by our tag, and tagged; where each is reached, and
what system it seems to run.

Each function waits for libvirt, and is called in a thread of the connection.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import libvirt

from autosky_desktop.server.providers.cloud import Platform
from autosky_desktop.server.providers.libvirt.definitions import (
    NAMESPACE,
    PORTS,
    Agent,
    Definition,
    Tag,
    parsed,
    tagged,
)

OURS = UUID("6f0d7a52-5a3c-4f0c-9d7e-2f3c1f6f5a01")
"""What the ids of all we make begin from: the same call makes the same id, after a crash too."""
EVERYWHERE = ("", "0.0.0.0")  # noqa: S104  it is read here, and not listened on


class MadeAs(StrEnum):
    """The role of a machine that we made. An image and a model are machines that never run: libvirt
    keeps no words at a disk.
    """

    INSTANCE = "instance"
    IMAGE = "image"
    MODEL = "model"


def made_id(environment: str, role: MadeAs, key: str) -> str:
    """Return the id of what is made in answer to that key."""
    return str(uuid5(OURS, f"{environment}/{role}/{key}"))


def machine(connection: Any, id_: str) -> Any | None:
    """Return the machine, or None if there is none of that id."""
    try:
        return connection.lookupByUUIDString(id_)
    except libvirt.libvirtError as error:
        if error.get_error_code() not in (libvirt.VIR_ERR_NO_DOMAIN, libvirt.VIR_ERR_INVALID_ARG):
            raise
        return None


def definition(found: Any, *, kept: bool = False) -> Definition:
    """Return what stands in its definition now; `kept`: in the one that it is started from."""
    return parsed(found.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE if kept else 0))


def all_of(connection: Any) -> Iterator[tuple[Any, Definition]]:
    """Yield all machines; one that goes while it is looked at is left out."""
    for found in connection.listAllDomains():
        try:
            told = definition(found)
        except libvirt.libvirtError as error:
            if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
                raise
            continue
        yield found, told


def ours(connection: Any, environment: str, role: MadeAs) -> list[tuple[Any, Definition]]:
    """Return what we made for the environment, by name."""
    found = [
        it
        for it in all_of(connection)
        if (it[1].tag.get("environment"), it[1].tag.get("role")) == (environment, role)
    ]
    return sorted(found, key=lambda it: it[1].name)


def tag(found: Any, words: Tag, *, namespace: str = NAMESPACE) -> None:
    """Write our words at the machine, in place of those of this kind that are there. None are
    taken away by an empty tag.
    """
    flags = libvirt.VIR_DOMAIN_AFFECT_CONFIG
    if found.isActive():
        flags |= libvirt.VIR_DOMAIN_AFFECT_LIVE
    prefix = "autosky" if namespace == NAMESPACE else "autosky-holder"
    text = tagged(words, namespace=namespace) if words else None
    found.setMetadata(libvirt.VIR_DOMAIN_METADATA_ELEMENT, text, prefix, namespace, flags)


def without_suffix(name: str) -> str:
    """Return the name that was wanted for a machine, from the one that it got by `free_name`."""
    return re.sub(r"-[0-9a-f]{8}$", "", name)


def free_name(connection: Any, wanted: str, id_: str) -> str:
    """Return a name that no other machine has."""
    try:
        other = connection.lookupByName(wanted)
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_DOMAIN:
            raise
        return wanted
    return wanted if other.UUIDString() == id_ else f"{wanted}-{id_[:8]}"


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
