"""The order of network addresses."""

from ipaddress import ip_address


def by_number(address: str | None) -> tuple[int, bytes] | None:
    """Return a sort key that puts 10.20.0.9 before 10.20.0.10. What is no address comes first."""
    if address is None:
        return None
    try:
        parsed = ip_address(address)
    except ValueError:
        return 0, address.encode()
    return parsed.version, parsed.packed
