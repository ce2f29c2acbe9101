"""The instances of one environment: linked clones, which hold only what differs from their image.

Each method waits for libvirt, and is called in a thread of the connection.
"""

import threading
from typing import Any

import libvirt

from autosky_desktop.server.providers.cloud import numbered
from autosky_desktop.server.providers.libvirt.definitions import Definition, Tag, copied
from autosky_desktop.server.providers.libvirt.machines import (
    MadeAs,
    all_of,
    definition,
    free_name,
    machine,
    made_id,
    tag,
    without_suffix,
)
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.libvirt.volumes import (
    Space,
    delete,
    enough,
    overlay,
    pool_of,
    volume_at,
)
from autosky_desktop.server.providers.provider import Admission, ProviderRefused, RefusalKind
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _

FIRST_LOCAL_PORT = 32768
"""What leads to a guest is below: from here on computers take ports for their own connections, and
one that tries to reach a guest that is off could reach itself.
"""
_making = threading.Lock()
"""Held from looking for a machine, or for a free port, until there is one."""


class LinkedClones:
    """Starts, marks and removes instances, one at a time."""

    def __init__(self, environment: str, settings: LibvirtSettings) -> None:
        self._environment = environment
        self._settings = settings

    def is_ours(self, told: Definition) -> bool:
        """Return whether it is an instance of this environment."""
        return (told.tag.get("environment"), told.tag.get("role")) == (
            self._environment,
            MadeAs.INSTANCE,
        )

    def start(self, connection: Any, *, model: str, name: str, replaces: str, key: str) -> str:
        """Make and start an instance, or go on where an earlier call of this key was cut off."""
        id_ = made_id(self._environment, MadeAs.INSTANCE, key)
        with _making:
            found = machine(connection, id_)
            if found is None:
                noted = {"key": key, "model": model, "replaces": replaces}
                found = self._define(connection, id_, noted, name=name)
        told = definition(found)
        if not told.tag.get("started"):
            _switch_on(found)
            tag(found, {**told.tag, "started": "yes"})
        return id_

    def retire(self, connection: Any, *, id_: str) -> None:
        """Remove an instance and its own disk. It goes from the list last, so that a call that was
        cut off is finished by the next one.
        """
        found = machine(connection, id_)
        if found is None:
            return
        told = definition(found, kept=True)
        if not self.is_ours(told):
            raise ProviderRefused(_(words.NOT_OURS).format(name=told.name))
        if found.isActive():  # without this it would go on, and nobody would find it
            found.destroy()
        for disk in told.disks:
            delete(connection, disk, of=id_)
        found.undefineFlags(
            libvirt.VIR_DOMAIN_UNDEFINE_NVRAM
            | libvirt.VIR_DOMAIN_UNDEFINE_MANAGED_SAVE
            | libvirt.VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA
        )

    def mark(self, connection: Any, *, id_: str, admission: Admission) -> None:
        """Note whether an instance lets people on."""
        found = machine(connection, id_)
        if found is not None:
            tag(found, {**definition(found).tag, "admission": admission.value})

    def _define(self, connection: Any, id_: str, noted: Tag, *, name: str) -> Any:
        source = machine(connection, noted["model"])
        if source is None:
            raise ProviderRefused(_(words.NO_MODEL), kind=RefusalKind.NOT_FOUND)
        told = definition(source)
        pool = pool_of(connection, self._settings.pool, told.disks[0])
        room = Space(pool=pool.name(), free=pool.info()[3])
        enough(room, keep_free=self._settings.reserved)
        base = self._settings.base or self._environment
        taken = {each.name for _found, each in all_of(connection)}
        called = free_name(connection, without_suffix(name) or numbered(base, taken), id_)
        words_of_it: Tag = {
            **noted,
            "environment": self._environment,
            "role": MadeAs.INSTANCE,
            "version": told.tag.get("version", ""),
            "image": told.tag.get("image", ""),
            "admission": Admission.OPEN.value,
        }
        file = f"{self._environment}-instance-{id_}.qcow2"
        disk = overlay(pool, file, volume_at(connection, told.disks[0]))
        xml = source.XMLDesc(libvirt.VIR_DOMAIN_XML_INACTIVE)
        port = _free_port(connection, told)
        return connection.defineXML(
            copied(xml, id_=id_, name=called, tag=words_of_it, disk=disk, port=port)
        )


def _switch_on(found: Any) -> None:
    """Start the machine, unless it runs; it may do so since we looked."""
    if found.isActive():
        return
    try:
        found.create()
    except libvirt.libvirtError:
        if not found.isActive():
            raise


def _free_port(connection: Any, model: Definition) -> int | None:
    """Return a port for an instance of a model that others lead to; None if none does."""
    if model.forward is None:
        return None
    taken = {told.forward.port for _found, told in all_of(connection) if told.forward}
    for port in range(model.forward.port + 1, FIRST_LOCAL_PORT):
        if port not in taken:
            return port
    raise ProviderRefused(
        _(words.NO_PORT).format(limit=FIRST_LOCAL_PORT), kind=RefusalKind.NO_CAPACITY
    )
