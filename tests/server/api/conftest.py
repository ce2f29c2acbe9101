"""A control plane and somebody who calls it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.control_plane import Running, running_control_plane


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with running_control_plane(tmp_path) as running:
        yield running


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    with running.client() as client:
        yield client
