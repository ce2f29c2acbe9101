"""A control plane at which people sign in, through its real application."""

from collections.abc import Iterator

import pytest

from tests.support.signing_in import Team, team


@pytest.fixture
def plane(tmp_path) -> Iterator[Team]:
    with team(tmp_path) as plane:
        yield plane
