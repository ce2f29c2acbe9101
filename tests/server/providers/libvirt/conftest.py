"""A libvirt with real guests, shared by the tests of a file."""

from collections.abc import Iterator

import pytest

from tests.support.guests.guest import missing
from tests.support.guests.hypervisor import Hypervisor, hypervisor


@pytest.fixture(scope="module")
def host() -> Iterator[Hypervisor]:
    if why := missing():
        pytest.skip(why)
    with hypervisor() as made:
        yield made
