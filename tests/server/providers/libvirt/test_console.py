"""The console of a machine, told where neither its network nor an agent tells an address."""

import re

import pytest

from autosky_desktop.domain.endpoint import Route, address
from autosky_desktop.server.db.clock import now
from autosky_desktop.server.providers.libvirt.settings import LibvirtSettings
from tests.support.guests.hypervisor import Hypervisor, free_ports

pytest.importorskip("libvirt")

from autosky_desktop.server.providers.libvirt.cloud import LibvirtCloud
from autosky_desktop.server.providers.libvirt.definitions import parsed

pytestmark = pytest.mark.anyio


async def test_it_is_told_of_a_guest_that_nobody_knows_an_address_of(host: Hypervisor) -> None:
    [port] = free_ports(1)
    id_ = host.define("lonely", port, agent=False)
    cloud = LibvirtCloud("lonely", LibvirtSettings(uri=host.uri, preparation=id_), now)
    assert (await cloud.endpoint(id_)).console is None  # a port leads to it
    found = host.named("lonely")
    alone = re.sub(r"<qemu:commandline>.*</qemu:commandline>", "", found.XMLDesc(), flags=re.S)
    host.connect().defineXML(alone)
    host.named("lonely").create()
    try:
        endpoint = await cloud.endpoint(id_)
        assert not any(address(endpoint, way) for way in Route)
        assert endpoint.console
        assert (endpoint.console.uri, endpoint.console.machine) == (host.uri, id_)
        assert not endpoint.console.graphical
    finally:
        host.off("lonely")
        await cloud.close()


@pytest.mark.parametrize(
    ("devices", "screen", "serial"),
    [
        ("<graphics type='vnc' port='-1'/><serial type='pty'/>", True, True),
        ("<console type='pty'/>", False, True),
        ("", False, False),
    ],
)
def test_the_definition_says_which_consoles_there_are(
    devices: str, screen: bool, serial: bool
) -> None:
    told = parsed(f"<domain><name>a</name><devices>{devices}</devices></domain>")
    assert (told.screen, told.serial) == (screen, serial)
