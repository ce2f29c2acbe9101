"""A Linux guest with logind is asked by the real loginctl."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from autosky_desktop.server.providers.guests.linux import LinuxGuest
from autosky_desktop.server.providers.provider import ProviderRefused
from tests.support.bus import session_bus
from tests.support.logind import LocalChannel, Logind

pytestmark = [
    pytest.mark.skipif(
        bool(os.getuid()) or shutil.which("loginctl") is None, reason="root and loginctl"
    ),
    pytest.mark.anyio,
]

GUEST = LinuxGuest()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def bus(folder: Path) -> Iterator[str]:
    with session_bus(folder) as address:
        yield address


@pytest.fixture
async def logind(bus: str) -> AsyncIterator[Logind]:
    made = Logind({
        "3": ("ana", "pts/0", "user", "active"),
        "c1": ("gdm", "tty1", "greeter", "online"),
        "7": ("root", "", "user", "active"),
        "8": ("bo", "", "user", "online"),
        "9": ("eve", "pts/3", "user", "closing"),
    })  # fmt: skip
    connection = await made.serve(bus)
    yield made
    connection.disconnect()


async def test_people_are_told_as_logind_has_them(bus: str, logind: Logind) -> None:
    found = (await GUEST.read(LocalChannel(bus))).sessions
    assert [(it.account, it.id.partition(".")[2]) for it in found] == [("ana", "3"), ("bo", "8")]
    assert {it.since for it in found} == {datetime(2026, 11, 30, 9, 15, 2, tzinfo=UTC)}
    logind.sessions.clear()
    assert (await GUEST.read(LocalChannel(bus))).sessions == []


async def test_sessions_are_ended_by_logind(bus: str, logind: Logind) -> None:
    ana, bo = [it.id for it in (await GUEST.read(LocalChannel(bus))).sessions]
    gone = ana.replace(".3", ".99")
    assert await GUEST.end_sessions(LocalChannel(bus), [bo, gone, "00000000.3"]) == [bo]
    assert "3" in logind.sessions
    assert "8" not in logind.sessions


async def test_a_logind_that_does_not_answer_is_not_nobody(bus: str) -> None:
    with pytest.raises(ProviderRefused):
        await GUEST.read(LocalChannel(bus))
