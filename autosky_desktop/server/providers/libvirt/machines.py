"""Machines as libvirt has them: looked up, found by our tag, and tagged.

Each function waits for libvirt, and is called in a thread of the connection.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

import libvirt

from autosky_desktop.server.providers.libvirt.definitions import (
    NAMESPACE,
    Definition,
    Tag,
    parsed,
    tagged,
)

OURS = UUID("6f0d7a52-5a3c-4f0c-9d7e-2f3c1f6f5a01")
"""What the ids of all we make begin from: the same call makes the same id, after a crash too."""


class Role(StrEnum):
    """The role of a machine that we made. An image and a model are machines that never run: libvirt
    keeps no words at a disk.
    """

    INSTANCE = "instance"
    IMAGE = "image"
    MODEL = "model"


def made_id(environment: str, role: Role, key: str) -> str:
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


def ours(connection: Any, environment: str, role: Role) -> list[tuple[Any, Definition]]:
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
