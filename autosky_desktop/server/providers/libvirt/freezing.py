"""A running server's disk, held still while it is copied.

Each function waits for libvirt, and is called in a thread of the connection.
"""

import time
from typing import Any

import libvirt

from autosky_desktop.server.providers.libvirt.definitions import mirrored
from autosky_desktop.server.providers.libvirt.machines import definition
from autosky_desktop.server.providers.libvirt.volumes import delete

FROZEN = ".autosky-frozen"
"""The end of the file that a running server writes to while its disk is copied."""
SECONDS_A_LOOK = 0.05


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
