"""What goes wrong between the window and the control plane: it says so, and gets over it by itself.

Nothing is pressed to recover, and nothing is done twice.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from autosky_desktop.client import feed, transport
from autosky_desktop.flows import follow
from autosky_desktop.server.providers.simulated import ledger
from tests.support.control_plane import Running
from tests.support.desktop import At, desktop_at
from tests.support.person import Person
from tests.support.proxy import LOST, SILENT, Fault, Wire, said, wire_to

START = "POST /v1/servers/prep-erp-prod-01/start"
LIST = "GET /v1/environments"
WHOLE = "GET /v1/environments/erp-production"
FEED = "GET /v1/events"
INTERNAL = b'{"type": "about:blank", "title": "Internal", "status": 500, "code": "internal"}'
EXPIRED = b'{"type": "about:blank", "title": "No", "status": 401, "code": "unauthenticated"}'


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again after a second, not after a minute."""
    monkeypatch.setattr(follow, "LONGEST_PAUSE", 1.0)


@asynccontextmanager
async def a_window(plane: Running, *wrong: tuple[str, Fault, int]) -> AsyncIterator[Wire]:
    async with wire_to(plane.url) as wire:
        for wanted, fault, times in wrong:
            wire.wrong(wanted, fault, times)
        async with desktop_at(At(wire.url, plane.token)):
            yield wire


def starts_in(plane: Running) -> int:
    """How often the cloud was made to start the server."""
    return sum(it.count for it in ledger(plane.folder / "cloud") if it.kind == "start")


async def starts(me: Person) -> None:
    await me.presses("Start server PREP-ERP-PROD-01")
    await me.presses("Start server")


async def test_a_slow_line_is_waited_for(qloop: object, plane: Running, me: Person) -> None:
    async with a_window(plane, ("GET", Fault(wait=0.4), 4), (START, Fault(wait=1.0), 1)) as wire:
        await me.sees("Server status: Stopped")
        await starts(me)
        await me.sees("Starting…")
        await me.sees("Server status: Running")
        assert len(wire.came(START)) == 1


@pytest.mark.parametrize("after", [0, 40, 400], ids=["none", "in the head", "in the body"])
async def test_an_answer_cut_in_the_middle_is_asked_for_again(
    qloop: object, plane: Running, me: Person, after: int
) -> None:
    async with a_window(plane, (LIST, Fault(after=after), 2)) as wire:
        await me.sees("Server status: Stopped")
        await me.sees("Connection: Live")
        assert len(wire.came(WHOLE)) >= 1


async def test_a_start_whose_answer_is_lost_is_done_once(
    qloop: object, plane: Running, me: Person
) -> None:
    async with a_window(plane, (START, LOST, 2)) as wire:
        await me.sees("Server status: Stopped")
        await starts(me)
        await me.until(lambda: len(wire.came(START)) == 3, "a third try")
        await me.sees("Server status: Running")
        tries = wire.came(START)
        assert len({it.key for it in tries}) == 1
    assert starts_in(plane) == 1


async def test_a_control_plane_that_asks_to_wait_is_not_asked_before(
    qloop: object, plane: Running, me: Person
) -> None:
    async with a_window(plane, (START, said(429, retry_after=1), 2)) as wire:
        await me.sees("Server status: Stopped")
        await starts(me)
        await me.sees("Server status: Running")
        first, second, third = (it.at for it in wire.came(START))
        assert second - first >= 1
        assert third - second >= 1
    assert starts_in(plane) == 1


async def test_a_list_that_may_not_be_asked_for_yet_is_asked_for_when_it_may(
    qloop: object, plane: Running, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "PATIENCE", 0.5)
    async with a_window(plane, (LIST, said(429, retry_after=3), 1)) as wire:
        await me.sees("The control plane is too busy.")
        await me.sees("Server status: Stopped")
        first, second = (it.at for it in wire.came(LIST) if it.request == LIST)
        assert second - first >= 3


async def test_a_control_plane_that_fails_is_said_and_got_over(
    qloop: object, plane: Running, me: Person
) -> None:
    async with a_window(plane, (LIST, said(500, INTERNAL), 2)):
        await me.sees("The control plane ran into an error. Its log says why.")
        await me.sees("Server status: Stopped")
        await me.sees("Connection: Live")


async def test_an_environment_that_cannot_be_read_is_read_later(
    qloop: object, plane: Running, me: Person
) -> None:
    async with a_window(plane, (WHOLE, said(500, INTERNAL), 2)) as wire:
        await me.sees("Server status: Loading")
        await me.sees("Server status: Stopped")
        assert len(wire.came(WHOLE)) == 3


async def test_a_start_that_fails_says_so_and_can_be_tried_again(
    qloop: object, plane: Running, me: Person
) -> None:
    async with a_window(plane, (START, said(500, INTERNAL), 1)):
        await me.sees("Server status: Stopped")
        await starts(me)
        await me.sees("The control plane ran into an error. Its log says why.")
        await me.presses("Try again")
        await me.sees("Server status: Running")
    assert starts_in(plane) == 1


async def test_a_token_that_expires_is_said_and_one_that_is_good_again_taken(
    qloop: object, plane: Running, me: Person
) -> None:
    async with a_window(plane) as wire:
        await me.sees("Server status: Stopped")
        wire.cut()
        wire.mend()
        wire.wrong("/v1/", said(401, EXPIRED))
        await me.sees("The control plane does not accept the sign-in.")
        await me.sees("Server status: Was stopped")
        assert not me.offers("Start server PREP-ERP-PROD-01")
        wire.mend()
        await me.sees("Connection: Live")
        await me.sees("Server status: Stopped")


async def test_a_feed_that_falls_silent_is_a_lost_line(
    qloop: object, plane: Running, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "SILENCE", 0.7)
    async with a_window(plane) as wire:
        await me.sees("Server status: Stopped")
        wire.wrong(FEED, SILENT)
        wire.hush(FEED)
        await me.sees("Not connected since")
        await me.sees("Server status: Was stopped")
        with plane.client() as http:
            http.post("servers/prep-erp-prod-01/start", headers={"Idempotency-Key": "elsewhere"})
        monkeypatch.setattr(feed, "SILENCE", 40.0)
        wire.mend()
        await me.sees("Connection: Live")
        await me.sees("Server status: Running")


async def test_who_never_answers_is_not_waited_for_without_end(
    qloop: object, plane: Running, me: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "WAIT", httpx.Timeout(0.7, connect=5.0))
    async with a_window(plane, (START, SILENT, 1)) as wire:
        await me.sees("Server status: Stopped")
        await starts(me)
        await me.sees("Server status: Running")  # it was done, and the feed says so
        await me.no_longer_sees("Start PREP-ERP-PROD-01?")
        assert len(wire.came(START)) == 1
