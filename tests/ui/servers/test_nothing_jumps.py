"""What stands under the preparation server stays where it is, whatever happens to that server."""

import asyncio
from typing import Any, cast

import pytest

from autosky_desktop.domain.environment import Instance
from autosky_desktop.domain.errors import Offline
from autosky_desktop.domain.problem import Code
from autosky_desktop.domain.server import ScheduledShutdown
from autosky_desktop.store.store import Line, LineStatus
from autosky_desktop.ui.servers.page import ServersPage
from autosky_desktop.ui.theme import theme
from tests.support import looking
from tests.support.evening import (
    ERP,
    NOW,
    Evening,
    a_preparation_server,
    a_publication,
    ago,
    an_environment,
    an_evening,
)
from tests.support.person import Person
from tests.ui.servers.conftest import AT, DAILY, refused

STATES: dict[str, dict[str, Any]] = {
    "stopped": {"status": "stopped", "shutdown": None, "public_ip": None},
    "starting": {"status": "starting", "since": ago(42), "shutdown": None},
    "running": {"shutdown": DAILY},
    "about to stop": {"shutdown": ScheduledShutdown(at=ago(-240), reason="daily")},
    "held": {"shutdown": ScheduledShutdown(at=ago(60), reason="daily", held=True)},
    "without a shutdown": {"shutdown": None},
    "stopping": {"status": "stopping", "since": ago(3), "shutdown": None},
    "in a state nobody knows": {"status": "deallocated", "shutdown": None},
    "making an image": {"image_status": "creating", "image_since": ago(3), "shutdown": DAILY},
    "with an image that failed": {"image_status": "failed", "shutdown": DAILY},
    "of which little is known": {
        "public_ip": None, "private_ip": None, "platform_version": None, "shutdown": DAILY,
    },
}  # fmt: skip


def below(evening: Evening) -> int:
    """Where what stands under it begins."""
    looking.settle()
    page = evening.desktop.window.page
    assert page is not None
    return cast("ServersPage", page.tab("servers")).support.y()


@pytest.mark.parametrize("growth", [1.0, 1.5])
@pytest.mark.parametrize("width", [1024, 1280])
async def test_no_state_of_the_server_moves_what_is_below(
    qloop: object, me: Person, width: int, growth: float
) -> None:
    theme.current().use_text_size(growth)
    try:
        async with an_evening(width) as evening:
            evening.show(a_preparation_server(shutdown=DAILY))
            await me.sees("Scheduled shutdown: today 19:00")
            places = {"loaded": below(evening)}
            for name, state in STATES.items():
                evening.show(a_preparation_server(**state))
                places[name] = below(evening)
            evening.store.set_connection(LineStatus(Line.OFFLINE, NOW))
            evening.store.details(ERP).revision = None
            evening.store.details(ERP).servers.replace([])
            evening.store.tell()
            places["not read yet"] = below(evening)
            assert set(places.values()) == {places["loaded"]}, places
    finally:
        theme.current().use_text_size(None)


async def test_nothing_that_is_answered_about_a_shutdown_moves_what_is_below(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        running = a_publication("succeeded", "running", "pending", state="running",
                                started_at=AT, ended_at=None, version=42)  # fmt: skip
        record = an_environment(daily_stop="19:00", longest_extension_hours=12)
        evening.show(a_preparation_server(shutdown=DAILY), environment=record)
        before = below(evening)
        for error in (Offline("gone"), refused(Code.SHUTDOWN_LIMIT, at=AT)):
            evening.plane.move_error = error
            await me.presses("Extend execution")
            await me.chooses("Extend 1 h, to 20:00")
            await me.until(lambda: evening.desktop.shutdowns.moves.answer(ERP), "the answer")
            assert below(evening) == before
        evening.plane.move_waits = asyncio.Event()
        await me.presses("Extend execution")
        await me.chooses("Extend 1 h, to 20:00")
        await me.sees("Moving to 20:00…")
        assert below(evening) == before
        evening.plane.move_waits.set()
        evening.show(
            a_preparation_server(shutdown=DAILY), environment=record, publications=[running]
        )
        assert below(evening) == before


async def test_sessions_on_an_older_version_are_warned_of_without_a_jump(
    qloop: object, me: Person
) -> None:
    async with an_evening() as evening:
        evening.show(a_preparation_server(shutdown=DAILY))
        before = below(evening)

        def show(number: int, old: int) -> None:
            instances = [
                Instance(id=f"i{it}", name=f"INST-{it:02}", status="available", sessions=3,
                         version=40 if it < old else 41)
                for it in range(number)
            ]  # fmt: skip
            evening.store.details(ERP).instances.replace(instances)
            evening.store.tell()

        for number in (1, 4, 12):
            show(number, old=0)
            assert below(evening) == before
            show(number, old=1)
            await me.sees("3 sessions are still on version 40")
            assert below(evening) == before
        await me.sees("and 9 more")
