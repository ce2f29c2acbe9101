"""Whether this computer is in a server's network, found out without a word to anybody."""

import pytest

from autosky_desktop.system.connect.probe import has_address_in


@pytest.mark.parametrize(
    ("network", "inside"),
    [
        ("127.0.0.0/8", True),
        ("203.0.113.0/24", False),
        ("::1/128", True),
        ("", False),
        (None, False),
        ("10.20.0.0/99", False),
        ("-oProxyCommand=x", False),
    ],
)
def test_it_is_in_a_network_with_an_address_of_it(network: str | None, inside: bool) -> None:
    assert has_address_in(network) is inside
