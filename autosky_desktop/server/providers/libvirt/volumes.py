"""The disks in a storage pool: overlays, whole copies, what must not be deleted, and a running
server's disk that is held still while it is copied.

Each function waits for libvirt, and is called in a thread of the connection.
"""

import time
from contextlib import suppress
from typing import Any
from xml.etree import ElementTree

import libvirt
from msgspec import Struct

from autosky_desktop.server.providers.libvirt.definitions import Definition, mirrored, parsed
from autosky_desktop.server.providers.libvirt.machines import definition
from autosky_desktop.server.providers.provider import ProviderRefused, RefusalKind
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

GIB = 1024**3
FROZEN = ".autosky-frozen"
"""The end of the file that a running server writes to while its disk is copied."""
SECONDS_A_LOOK = 0.05


class Space(Struct, frozen=True, kw_only=True):
    """The room in a pool, in bytes."""

    pool: str
    free: int
    needed: int = 0


def pool_of(connection: Any, name: str, disk: str) -> Any:
    """Return the pool of that name, or the one that the disk is in if there is no name."""
    if name:
        return connection.storagePoolLookupByName(name)
    return volume_at(connection, disk).storagePoolLookupByVolume()


def volume_at(connection: Any, path: str) -> Any:
    """Return the volume of that file. One that somebody else made is looked for once more."""
    try:
        return connection.storageVolLookupByPath(path)
    except libvirt.libvirtError:
        for pool in connection.listAllStoragePools(libvirt.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE):
            with suppress(libvirt.libvirtError):  # one that copies something cannot look just now
                pool.refresh()
    return connection.storageVolLookupByPath(path)


def one_disk(connection: Any, server: Definition, pool: str) -> Any:
    """Return the pool for images of this server. Raises ProviderRefused if it has another number of
    disks than one, or one that is in no pool.
    """
    if len(server.disks) > 1:
        raise ProviderRefused(
            _(words.MANY_DISKS).format(name=server.name),
            kind=RefusalKind.WRONG_STATE,
            remedy=_(words.ONE_DISK),
        )
    try:
        if server.disks:
            volume_at(connection, server.disks[0])
            return pool_of(connection, pool, server.disks[0])
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_STORAGE_VOL:
            raise
    raise ProviderRefused(
        _(words.NO_DISK).format(name=server.name),
        kind=RefusalKind.WRONG_STATE,
        remedy=_(words.ADD_POOL),
    )


def path_in(pool: Any, name: str) -> str:
    """Return the path that a volume of that name has or will have."""
    found = ElementTree.fromstring(pool.XMLDesc())  # noqa: S314  it is libvirt's own
    return f"{found.findtext('target/path', '')}/{name}"


def volume_named(pool: Any, name: str) -> Any | None:
    """Return the volume, or None: what exists is always looked for before it is made."""
    try:
        return pool.storageVolLookupByName(name)
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_STORAGE_VOL:
            raise
        return None


def overlay(pool: Any, name: str, backing: Any) -> str:
    """Return the path of a disk that holds what differs from another; make it if there is none."""
    if (found := volume_named(pool, name)) is None:
        found = pool.createXML(_described(name, backing.info()[1], rests_on=backing.path()))
    return str(found.path())


def copy(pool: Any, name: str, source: Any, *, of: str) -> str:
    """Make a whole copy, which rests on nothing, for that machine, and return its path. Half a copy
    is made anew.
    """
    if (half := volume_named(pool, name)) is not None:
        delete(pool.connect(), half.path(), of=of)
    made = pool.createXMLFrom(_described(name, source.info()[1]), source)
    return str(made.path())


def delete(connection: Any, path: str, *, of: str = "") -> None:
    """Delete a disk that no machine but `of` uses and no other disk rests on; gone already, nothing
    happens. libvirt itself would delete it in silence, and all that rests on it would be lost.
    """
    if users := users_of(connection, path, but=of):
        raise ProviderRefused(
            _(words.DISK_IN_USE).format(path=path, users=", ".join(sorted(users))),
            kind=RefusalKind.IN_USE,
        )
    try:
        volume_at(connection, path).delete()
    except libvirt.libvirtError as error:
        if error.get_error_code() != libvirt.VIR_ERR_NO_STORAGE_VOL:
            raise


def users_of(connection: Any, path: str, *, but: str = "") -> set[str]:
    """Return the names of the machines and disks that need this one."""
    users: set[str] = set()
    for machine in connection.listAllDomains():
        if machine.UUIDString() != but:
            for flags in (0, libvirt.VIR_DOMAIN_XML_INACTIVE):
                if path in parsed(machine.XMLDesc(flags)).chain:
                    users.add(machine.name())
    for pool in connection.listAllStoragePools(libvirt.VIR_CONNECT_LIST_STORAGE_POOLS_ACTIVE):
        for volume in pool.listAllVolumes():
            if backing_of(volume) == path:
                users.add(volume.name())
    return users


def backing_of(volume: Any) -> str:
    """Return the path of the disk that this one rests on; empty if it stands alone."""
    found = ElementTree.fromstring(volume.XMLDesc())  # noqa: S314  it is libvirt's own
    return found.findtext("backingStore/path", "")


def space(connection: Any, pool: Any, disk: str) -> Space:
    """Return the room in the pool, and how much a whole copy of the disk takes at most."""
    needed = 0
    while disk:
        volume = volume_at(connection, disk)
        needed += volume.info()[2]
        disk = backing_of(volume)
    return Space(pool=pool.name(), free=pool.info()[3], needed=needed)


def enough(found: Space, *, keep_free: int) -> None:
    """Raise ProviderRefused if less than `keep_free` bytes would be left."""
    if found.free - found.needed < keep_free:
        raise ProviderRefused(
            _(words.NO_SPACE).format(
                pool=found.pool, free=size(found.free), needed=size(found.needed + keep_free)
            ),
            kind=RefusalKind.NO_SPACE,
            remedy=_(words.FREE_SPACE),
        )


def size(number: int) -> str:
    """Return bytes as people say them."""
    return f"{number / GIB:.1f} GiB" if number >= GIB else f"{number / 1024**2:.0f} MiB"


def _described(name: str, capacity: int, *, rests_on: str = "") -> str:
    described = ElementTree.Element("volume")
    ElementTree.SubElement(described, "name").text = name
    ElementTree.SubElement(described, "capacity").text = str(capacity)
    target = ElementTree.SubElement(described, "target")
    ElementTree.SubElement(target, "format", {"type": "qcow2"})
    if rests_on:
        backing = ElementTree.SubElement(described, "backingStore")
        ElementTree.SubElement(backing, "path").text = rests_on
        ElementTree.SubElement(backing, "format", {"type": "qcow2"})
    return ElementTree.tostring(described, encoding="unicode")


def freeze(server: Any, own: str) -> None:
    """Have a running server write to another file, so that its own disk stays as it is now."""
    target = definition(server).targets[0]
    xml = (
        f"<domainsnapshot><disks><disk name='{target}' snapshot='external'>"
        f"<source file='{own}{FROZEN}'/></disk></disks></domainsnapshot>"
    )
    flags = (
        libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_DISK_ONLY
        | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_ATOMIC
        | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA
    )
    try:
        server.snapshotCreateXML(xml, flags | libvirt.VIR_DOMAIN_SNAPSHOT_CREATE_QUIESCE)
    except libvirt.libvirtError:  # no agent that holds its file systems still: as after a power cut
        server.snapshotCreateXML(xml, flags)


def settle(connection: Any, server: Any) -> None:
    """Bring what a server wrote meanwhile back into its own disk. The base of it is that disk and
    never what is beneath: without one, all would be written into what others rest on.
    """
    told = definition(server)
    if not (server.isActive() and told.disks and told.disks[0].endswith(FROZEN)):
        return
    target, own = told.targets[0], told.disks[0].removesuffix(FROZEN)
    if mirrored(server.XMLDesc()) is None:  # else it was begun before a crash
        server.blockCommit(target, own, None, 0, libvirt.VIR_DOMAIN_BLOCK_COMMIT_ACTIVE)
    while not mirrored(server.XMLDesc()):
        time.sleep(SECONDS_A_LOOK)
    server.blockJobAbort(target, libvirt.VIR_DOMAIN_BLOCK_JOB_ABORT_PIVOT)
    delete(connection, told.disks[0])
