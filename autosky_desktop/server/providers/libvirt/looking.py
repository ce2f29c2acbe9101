"""Looks at what is on a libvirt, and tries what the settings of an environment are good for.
Nothing is changed by it.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import libvirt
import libvirt_qemu

from autosky_desktop.domain.environment_settings import (
    Capability,
    CheckLine,
    CheckState,
    Found,
    FoundGroup,
    FoundMachine,
    Values,
)
from autosky_desktop.server.providers.libvirt.connection import LibvirtConnection
from autosky_desktop.server.providers.libvirt.definitions import Agent, Definition
from autosky_desktop.server.providers.libvirt.images import preparation_of
from autosky_desktop.server.providers.libvirt.machines import (
    address_of,
    all_of,
    definition,
    platform_of,
)
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from autosky_desktop.server.providers.libvirt.volumes import (
    Space,
    enough,
    one_disk,
    size,
    space,
)
from autosky_desktop.server.providers.provider import ProviderError, ProviderRefused
from autosky_desktop.words import libvirt as words
from autosky_desktop.words.language import _, ngettext

STATES = {
    libvirt.VIR_DOMAIN_RUNNING: "running",
    libvirt.VIR_DOMAIN_SHUTOFF: "stopped",
    libvirt.VIR_DOMAIN_SHUTDOWN: "stopping",
}
PREPARES = ("prep", "golden", "template", "master")
"""How the names of servers begin on which versions are prepared."""


async def find(settings: LibvirtSettings) -> Found:
    """Return all machines but those that we made, and all storage pools."""
    async with _connected(settings) as connection:
        return await connection.ask(partial(_found, uri=settings.uri))


async def check(settings: LibvirtSettings) -> AsyncIterator[CheckLine]:
    """Yield a line for each thing that an environment does."""
    async with _connected(settings) as connection:
        for capability, look in LOOKS:
            try:
                line = await connection.ask(partial(look, settings=settings))
            except ProviderError as error:
                remedy = error.remedy if isinstance(error, ProviderRefused) else ""
                line = CheckState.FAILED, error.detail, remedy
            state, detail, remedy = line
            yield CheckLine(
                capability=capability.value, state=state.value, detail=detail, remedy=remedy
            )


Line = tuple[CheckState, str, str]


def _read(connection: Any, *, settings: LibvirtSettings) -> Line:
    preparation_of(connection, settings)
    there = {it.UUIDString() for it in connection.listAllDomains()}
    if missing := [it for it in settings.support if it not in there]:
        return (
            CheckState.FAILED,
            ngettext(words.SUPPORT_MISSING, words.SUPPORT_MISSING_MANY, len(missing)).format(
                n=len(missing)
            ),
            _(words.CHOOSE_AGAIN),
        )
    n = 1 + len(settings.support)
    return CheckState.OK, ngettext(words.CHECK_READ_ONE, words.CHECK_READ, n).format(n=n), ""


def _power(connection: Any, *, settings: LibvirtSettings) -> Line:
    preparation_of(connection, settings).XMLDesc(libvirt.VIR_DOMAIN_XML_SECURE)
    return CheckState.OK, _(words.CHECK_POWER), ""


def _image(connection: Any, *, settings: LibvirtSettings) -> Line:
    room = _room(connection, settings)
    enough(room, keep_free=settings.reserved)
    found = _(words.CHECK_IMAGE).format(
        needed=size(room.needed), free=size(room.free), pool=room.pool
    )
    return CheckState.OK, found, ""


def _replace(connection: Any, *, settings: LibvirtSettings) -> Line:
    room = _room(connection, settings)
    return CheckState.OK, _(words.CHECK_REPLACE).format(pool=room.pool), ""


def _room(connection: Any, settings: LibvirtSettings) -> Space:
    server = definition(preparation_of(connection, settings))
    return space(connection, one_disk(connection, server, settings.pool), server.disks[0])


def _people(connection: Any, *, settings: LibvirtSettings) -> Line:
    """Tell whether the preparation server's guest agent runs scripts; instances are copies."""
    server = preparation_of(connection, settings)
    told = definition(server)
    if told.agent is Agent.NONE:
        return CheckState.FAILED, _(words.NO_AGENT), _(words.INSTALL_AGENT)
    if not server.isActive():
        return CheckState.UNTOLD, _(words.CHECK_AGENT_OFF).format(name=told.name), ""
    if told.agent is Agent.AWAITED:
        return CheckState.FAILED, _(words.AGENT_NOT_READY), _(words.INSTALL_AGENT)
    answer = libvirt_qemu.qemuAgentCommand(server, '{"execute": "guest-info"}', 5, 0)
    commands = json.loads(answer)["return"]["supported_commands"]
    if not any(it["name"] == "guest-exec" and it["enabled"] for it in commands):
        return CheckState.FAILED, _(words.NO_EXEC).format(name=told.name), _(words.ALLOW_EXEC)
    return CheckState.OK, _(words.CHECK_AGENT).format(name=told.name), ""


def _connect(connection: Any, *, settings: LibvirtSettings) -> Line:
    server = preparation_of(connection, settings)
    told = definition(server)
    address, port = address_of(server, told, settings.uri)
    if address:
        at = f"{address}:{port}" if port else address
        return CheckState.OK, _(words.CHECK_ADDRESS).format(name=told.name, address=at), ""
    if not server.isActive():
        return CheckState.UNTOLD, _(words.CHECK_ADDRESS_OFF).format(name=told.name), ""
    console = _(words.OPEN_CONSOLE).format(uri=settings.uri, name=told.name)
    return CheckState.FAILED, _(words.NO_ADDRESS).format(name=told.name), console


def _loads(_connection: Any, **_settings: LibvirtSettings) -> Line:
    return CheckState.OK, _(words.CHECK_LOADS), ""


def _shutdown(_connection: Any, **_settings: LibvirtSettings) -> Line:
    return CheckState.OK, _(words.CHECK_SHUTDOWN), ""


def _cost(_connection: Any, **_settings: LibvirtSettings) -> Line:
    return CheckState.OK, _(words.CHECK_COST), ""


LOOKS = (
    (Capability.READ, _read),
    (Capability.POWER, _power),
    (Capability.IMAGE, _image),
    (Capability.REPLACE, _replace),
    (Capability.SESSIONS, _people),
    (Capability.MESSAGES, _people),
    (Capability.CONNECT, _connect),
    (Capability.LOADS, _loads),
    (Capability.SHUTDOWN, _shutdown),
    (Capability.COST, _cost),
)


def _found(connection: Any, *, uri: str) -> Found:
    theirs = [it for it in all_of(connection) if not it[1].tag]
    machines = sorted(
        (_machine(found, told, uri) for found, told in theirs), key=lambda it: it.name
    )
    prepares = [it.id for it in machines if it.suggests]
    pools = sorted(it.name() for it in connection.listAllStoragePools())
    suggested: Values = {"preparation": prepares[0]} if len(prepares) == 1 else {}
    return Found(
        machines=machines,
        groups=[FoundGroup(id=it, name=it) for it in pools],
        suggested=suggested,
    )


def _machine(found: Any, told: Definition, uri: str) -> FoundMachine:
    address, _port = address_of(found, told, uri)
    return FoundMachine(
        id=told.id,
        name=told.name,
        status=STATES.get(found.state()[0], ""),
        address=address or "",
        system=platform_of(told).value,
        suggests="preparation" if told.name.lower().startswith(PREPARES) else "",
        taken_by=told.holder.get("name", ""),
    )


@asynccontextmanager
async def _connected(settings: LibvirtSettings) -> AsyncIterator[LibvirtConnection]:
    connection = LibvirtConnection(settings.uri, lambda _what, _machine, _detail: None)
    try:
        yield connection
    finally:
        await connection.close()
