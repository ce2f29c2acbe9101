"""A line is given up as soon as a request finds it silent, and not because one request is slow."""

import asyncio
from pathlib import Path

import pytest

from autosky_desktop.client import transport
from autosky_desktop.domain.errors import AnswerLost, Offline
from autosky_desktop.domain.server import Power
from autosky_desktop.flows import line
from autosky_desktop.store.store import Line
from tests.flows.test_resume import SERVER, following, until
from tests.support.control_plane import running_control_plane
from tests.support.proxy import SILENT

pytestmark = pytest.mark.anyio

ME = "GET /v1/me"
STOP = f"POST /v1/servers/{SERVER}/stop"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "SLOW", 0.2)
    monkeypatch.setattr(line, "ANSWERS_WITHIN", 0.5)


async def test_a_request_that_nobody_answers_ends_with_the_line(tmp_path: Path) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            for wanted in (STOP, ME):
                it.wire.wrong(wanted, SILENT)
            assert it.follow.plane
            with pytest.raises(AnswerLost):
                await it.follow.plane.power(SERVER, Power.STOP, key="one")
            await until(lambda: it.store.connection.line is Line.OFFLINE, "a lost line")
            assert isinstance(it.store.connection.cause, Offline)
            await it.come_back()


async def test_a_slow_request_to_a_control_plane_that_is_there_loses_no_line(
    tmp_path: Path,
) -> None:
    with running_control_plane(tmp_path) as plane:
        async with following(plane) as it:
            it.wire.wrong(STOP, SILENT)
            known = len(it.wire.came(ME))
            assert it.follow.plane
            asks = asyncio.create_task(it.follow.plane.power(SERVER, Power.STOP, key="one"))
            await until(lambda: len(it.wire.came(ME)) > known, "a look")
            await until(lambda: it.status == "stopped", "what the feed says")
            assert it.store.connection.live
            assert not asks.done()
            assert len(it.asked.feeds) == 1
            asks.cancel()
            await asyncio.gather(asks, return_exceptions=True)
