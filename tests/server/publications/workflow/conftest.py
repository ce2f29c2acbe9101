"""A driver of publications that hold."""

from collections.abc import Iterator

import pytest

from tests.support.holding import SESSIONS, Holding


@pytest.fixture
def plane() -> Iterator[Holding]:
    driver = Holding()
    driver.begin(sessions=SESSIONS)
    try:
        yield driver
    finally:
        driver.close()
