"""The place of this computer in the network. Nothing is sent to find out."""

import ipaddress
import socket


def is_in(network: str | None) -> bool:
    """Return whether it has an address of its own in that network ("10.20.0.0/16")."""
    try:
        wanted = ipaddress.ip_network(network or "", strict=False)
        family = socket.AF_INET if wanted.version == 4 else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as looked:
            # chooses the address to send from, and sends nothing
            looked.connect((str(wanted[min(1, wanted.num_addresses - 1)]), 9))
            return ipaddress.ip_address(looked.getsockname()[0].partition("%")[0]) in wanted
    except (OSError, ValueError):
        return False
