"""Providers are asked on asyncio, as the control plane does."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"
