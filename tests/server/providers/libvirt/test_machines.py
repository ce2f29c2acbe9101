"""The address of a machine, of those that its guest tells."""

import libvirt
import pytest

from autosky_desktop.server.providers.libvirt.machines import first_address

OWN, OTHER = "52:54:00:00:00:01", "02:42:AC:00:00:01"
V4, V6 = libvirt.VIR_IP_ADDR_TYPE_IPV4, libvirt.VIR_IP_ADDR_TYPE_IPV6


def interface(card: str, *addresses: tuple[str, int]):
    told = [{"addr": address, "type": kind, "prefix": 24} for address, kind in addresses]
    return {"hwaddr": card, "addrs": told or None}


@pytest.mark.parametrize(
    ("interfaces", "address"),
    [
        ({}, None),
        ({"eth0": interface(OWN)}, None),
        ({"lo": interface("00:00:00:00:00:00", ("127.0.0.1", V4))}, None),
        ({"eth0": interface(OWN.upper(), ("169.254.7.7", V4), ("10.0.0.7", V4))}, "10.0.0.7"),
        ({"eth0": interface(OWN, ("fe80::1", V6), ("10.0.0.7", V4))}, "10.0.0.7"),
        (
            {
                "docker0": interface(OTHER, ("172.17.0.1", V4)),
                "eth0": interface(OWN, ("10.0.0.7", V4)),
            },
            "10.0.0.7",
        ),
    ],
)
def test_the_address_is_one_of_the_machine_s_own_cards(interfaces, address):
    assert first_address(interfaces, frozenset([OWN])) == address


def test_a_machine_without_known_cards_is_taken_at_its_guest_s_word():
    there = {"eth0": interface(OTHER, ("10.0.0.8", V4))}
    assert first_address(there, frozenset()) == "10.0.0.8"
