"""A window, a control plane, and somebody who uses both."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from autosky_desktop.system.settings import Settings
from autosky_desktop.ui.desktop import Desktop
from autosky_desktop.ui.theme import theme
from tests.support.clock import HeldClock
from tests.support.control_plane import Running, running_control_plane
from tests.support.desktop import At, desktop_at
from tests.support.person import Person

Open = Callable[[], AbstractAsyncContextManager[Desktop]]


@pytest.fixture(scope="session", autouse=True)
def dressed(qapp: Any) -> None:
    theme.install(qapp)


@pytest.fixture
def cloud_clock() -> HeldClock:
    return HeldClock()


@pytest.fixture
def plane(tmp_path: Path, cloud_clock: HeldClock) -> Iterator[Running]:
    """The demo's control plane, 300 times as fast as life."""
    with running_control_plane(tmp_path, speed=300.0, cloud_clock=cloud_clock) as running:
        yield running


@pytest.fixture
def me() -> Person:
    return Person()


@pytest.fixture
def open_window(plane: Running) -> Open:
    """Open the window on that control plane, with the demo's first environment in it."""

    @asynccontextmanager
    async def open_window() -> AsyncIterator[Desktop]:
        async with desktop_at(At(plane.url, plane.token), Settings()) as desktop:
            await Person().sees("Server name: PREP-ERP-PROD-01")
            yield desktop

    return open_window


async def publish(me: Person) -> None:
    """Press the form's button and agree to the question."""
    await me.presses("Publish version 42")
    await me.sees("Publish version 42 to ERP Production?")
    await me.presses("Publish version 42")
