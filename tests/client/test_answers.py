"""Whatever comes back, the desktop gets a value or one of its own errors."""

import asyncio
import contextlib
from contextlib import AsyncExitStack

import httpx
import pytest

from autosky_desktop.actions.intents import Intents
from autosky_desktop.client import transport
from autosky_desktop.client.control_plane import ControlPlane, connected
from autosky_desktop.client.feed import LARGEST_EVENT, Heard
from autosky_desktop.domain.errors import (
    AnswerLost,
    AutoskyError,
    Busy,
    NotUnderstood,
    Offline,
    Refused,
    SignedOut,
    may_be_done,
)
from autosky_desktop.domain.plan import PreviewRequest
from autosky_desktop.domain.server import Power, ShutdownMove, ShutdownRequest
from tests.support.listening import listening
from tests.support.raw_server import answer, saying

pytestmark = pytest.mark.anyio

ME = (
    b'{"operator": "ana", "controlPlane": "Test", "version": "1", '
    b'"controlPlaneId": "5f0c0d4be1f94f0e9d3a6a6f9a7b2c11"}'
)
PROBLEM = b'{"type": "about:blank", "title": "No", "status": 409, "code": "not-allowed-now"}'


async def listen(plane: ControlPlane, heard: list[Heard | None]) -> None:
    async for event in plane.events(after=0):
        heard.append(event)  # noqa: PERF401  what was heard before it broke counts


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between tries are policy, not what is tested here."""
    monkeypatch.setattr(transport, "PAUSES", (0.0, 0.0))


async def test_a_field_from_the_future_is_ignored() -> None:
    later = ME[:-1] + b', "mood": "sunny"}'
    async with saying(answer(200, later)) as url, connected(url, "token") as plane:
        assert (await plane.me()).operator == "ana"


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (answer(200, b'{"operator": '), NotUnderstood),
        (answer(200, b"[]"), NotUnderstood),
        (answer(500, b"<h1>Oops</h1>", "text/html"), NotUnderstood),
        (answer(409, PROBLEM), Refused),
        (answer(429, PROBLEM), Busy),
        (answer(429, b"", "text/html\r\nRetry-After: 30"), Busy),
        (answer(503, b"<h1>Later</h1>", "text/html\r\nRetry-After: 30"), Busy),
        (answer(503, PROBLEM), Refused),
        (answer(401, PROBLEM.replace(b"409", b"401")), SignedOut),
        (answer(200, b'{"operator": ' + b"[" * 100_000), NotUnderstood),
        (answer(500, b"[" * 100_000), NotUnderstood),
        (answer(200, ME, "application/json\r\nContent-Encoding: gzip"), NotUnderstood),
        (answer(409, PROBLEM, "application/json\r\nContent-Encoding: br"), NotUnderstood),
        (answer(200, ME.replace(b"ana", b"\xff")), NotUnderstood),
        (answer(409, PROBLEM.replace(b"No", b"\xff")), NotUnderstood),
        (answer(429, b"", "text/html\r\nRetry-After: " + "9" * 400), Busy),
        (answer(503, b"", "text/html\r\nRetry-After: 99999999999"), Busy),
        (answer(200, b"[" + b" " * transport.LARGEST + b"]"), NotUnderstood),
        (answer(500, b"[" + b" " * transport.LARGEST + b"]"), NotUnderstood),
        (answer(302, b"", "text/html\r\nLocation: http://127.0.0.1:1/"), NotUnderstood),
        (b"nothing like HTTP\r\n\r\n", Offline),
        (b"", Offline),
    ],
    ids=[
        "half",
        "wrong-shape",
        "html-500",
        "problem",
        "too-many",
        "too-many-30",
        "away",
        "problem-503",
        "signed-out",
        "deep",
        "deep-500",
        "not-gzip",
        "packed-500",
        "bad-utf-8",
        "bad-utf-8-409",
        "for-ever",
        "for-3000-years",
        "huge",
        "huge-500",
        "elsewhere",
        "garbage",
        "cut",
    ],
)
async def test_an_answer_that_is_none_is_an_error_of_ours(
    said: bytes, error: type[AutoskyError]
) -> None:
    async with saying(said) as url, connected(url, "token") as plane:
        with pytest.raises(error):
            await plane.me()


@pytest.mark.parametrize(
    ("identity", "path"),
    [
        ("erp-production", "erp-production"),
        ("a/b", "a%2Fb"),
        ("..", "%2E%2E"),
        ("x?y#z", "x%3Fy%23z"),
        ("a\r\nb", "a%0D%0Ab"),
    ],
)
async def test_an_id_stays_one_part_of_the_path(identity: str, path: str) -> None:
    asked: list[bytes] = []
    async with saying(answer(404, b""), heard=asked) as url, connected(url, "token") as plane:
        with pytest.raises(NotUnderstood):
            await plane.snapshot(identity)
    assert asked[0].startswith(f"GET /v1/environments/{path} HTTP/1.1\r\n".encode())


async def test_a_control_plane_that_is_silent_is_asked_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "WAIT", httpx.Timeout(0.05, connect=5.0))
    asked: list[bytes] = []
    async with saying(None, heard=asked) as url, connected(url, "token") as plane:
        with pytest.raises(Offline):
            await plane.me()
    assert len(asked) == 1


async def test_a_short_wait_that_is_asked_for_is_kept_and_then_it_is_asked_again() -> None:
    asked: list[bytes] = []
    busy = answer(429, b"", "text/html\r\nRetry-After: 1")
    async with saying(busy, answer(200, ME), heard=asked) as url, connected(url, "x") as plane:
        began = asyncio.get_running_loop().time()
        assert (await plane.me()).operator == "ana"
        assert asyncio.get_running_loop().time() - began >= 1
    assert len(asked) == 2


async def test_a_long_wait_that_is_asked_for_is_told_and_nothing_more_is_asked() -> None:
    asked: list[bytes] = []
    busy = answer(429, b"", "text/html\r\nRetry-After: 30")
    async with saying(busy, heard=asked) as url, connected(url, "x") as plane:
        with pytest.raises(Busy) as told:
            await plane.me()
    assert told.value.seconds == 30
    assert len(asked) == 1


async def test_a_request_that_broke_is_sent_again_with_the_same_key() -> None:
    server = (
        b'{"id": "db", "name": "DB", "role": "support", "status": "starting", '
        b'"since": "2026-11-22T22:00:00Z"}'
    )
    async with saying(b"", b"", answer(202, server)) as url, connected(url, "token") as plane:
        assert (await plane.power("db", Power.START, key="one")).status == "starting"


async def test_a_request_that_was_sent_and_never_answered_may_still_be_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "WAIT", httpx.Timeout(0.3))
    heard: list[bytes] = []
    async with saying(None, heard=heard) as url, connected(url, "token") as plane:
        with pytest.raises(AnswerLost):
            await plane.power("db", Power.STOP, key="one")
        with pytest.raises(Offline) as cause:
            await plane.preview("erp", PreviewRequest())
        assert not may_be_done(cause.value)  # it changes nothing
    assert heard[0].startswith(b"POST /v1/servers/db/stop")


async def test_a_request_whose_line_breaks_each_time_may_still_be_done() -> None:
    async with saying(b"") as url, connected(url, "token") as plane:
        with pytest.raises(AnswerLost):
            await plane.power("db", Power.STOP, key="one")


async def test_a_request_that_found_nobody_is_not_done() -> None:
    async with saying(b"") as url:
        pass
    async with connected(url, "token") as plane:
        with pytest.raises(Offline) as cause:
            await plane.power("db", Power.STOP, key="one")
    assert not may_be_done(cause.value)


async def test_a_request_that_broke_and_then_found_nobody_may_still_be_done() -> None:
    over = asyncio.Event()

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        over.set()
        await asyncio.Event().wait()

    async with AsyncExitStack() as stack:
        async with listening(hang_up) as port:
            plane = await stack.enter_async_context(connected(f"http://127.0.0.1:{port}", "x"))
            asks = asyncio.create_task(plane.power("db", Power.STOP, key="one"))
            await over.wait()
        with pytest.raises(AnswerLost):
            await asks


async def test_a_shutdown_that_was_accepted_and_not_read_again_may_be_moved() -> None:
    server = b'{"id": "p", "name": "P", "role": "preparation", "status": "running", '
    server += b'"since": "2026-11-22T22:00:00Z"}'
    async with saying(answer(202, server), b"") as url, connected(url, "token") as plane:

        class Here:
            pass

        Here.plane = plane  # type: ignore[attr-defined]
        request = ShutdownRequest(move=ShutdownMove.CANCEL, expected=None)
        with pytest.raises(AnswerLost):
            await Intents(Here()).move_shutdown("p", request).send()  # type: ignore[arg-type]


async def test_a_feed_that_ends_is_offline() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    async with saying(head + b": hello\n\n") as url, connected(url, "token") as plane:
        heard: list[Heard | None] = []
        with pytest.raises(Offline):
            await listen(plane, heard)
        assert heard == [None]


@pytest.mark.parametrize(
    "event",
    [
        b"id: 7\nevent: change\ndata: {nonsense\n\n",
        b"id: seven\nevent: reset\ndata: {}\n\n",
        b"id: " + b"9" * 5_000 + b"\nevent: reset\ndata: {}\n\n",
        b"id: -1\nevent: reset\ndata: {}\n\n",
        b"event: change\ndata: {}\n\n",
        b"data: " + b"x" * (LARGEST_EVENT + 1),
        b"data: x\n" * (LARGEST_EVENT // 8 + 1),
    ],
    ids=["json", "word", "digits", "negative", "nowhere", "endless-line", "endless-event"],
)
async def test_a_feed_that_talks_nonsense_is_not_understood(event: bytes) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    async with saying(head + event) as url, connected(url, "token") as plane:
        with pytest.raises(NotUnderstood):
            await listen(plane, [])


@pytest.mark.parametrize(
    "head",
    [
        b"200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n",
        b"200 OK\r\nContent-Type: text/html\r\n",
        b"200 OK\r\n",
        b"204 No Content\r\n",
        b"206 Partial Content\r\nContent-Type: application/json\r\n",
    ],
    ids=["packed", "a page", "no kind", "nothing", "a part"],
)
async def test_an_answer_that_is_no_feed_is_not_taken_for_an_open_one(head: bytes) -> None:
    said = b"HTTP/1.1 " + head + b"Connection: close\r\n\r\n: hello\n\n"
    async with saying(said) as url, connected(url, "token") as plane:
        heard: list[Heard | None] = []
        with pytest.raises(NotUnderstood):
            await listen(plane, heard)
        assert heard == []


async def test_a_long_feed_of_short_events_is_heard_to_its_end() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    noise = b": still here\r\n\r\n" * (LARGEST_EVENT // 8)
    async with saying(head + noise + b"event: reset\n\n") as url, connected(url, "t") as plane:
        heard: list[Heard | None] = []
        with pytest.raises(Offline):
            await listen(plane, heard)
        assert heard == [None, Heard(0, None)]


async def test_nothing_is_asked_for_packed() -> None:
    asked: list[bytes] = []
    async with saying(answer(200, ME), heard=asked) as url, connected(url, "token") as plane:
        await plane.me()
    assert b"accept-encoding: identity\r\n" in asked[0].lower()


async def test_an_answer_that_comes_a_byte_at_a_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(transport, "WHOLE", 0.1)
    over = asyncio.Event()

    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n")
        with contextlib.suppress(OSError), contextlib.closing(writer):
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.01)
        over.set()

    async with listening(drip) as port:
        async with connected(f"http://127.0.0.1:{port}", "token") as plane:
            with pytest.raises(Offline):
                await plane.me()
        await over.wait()


async def test_who_asks_once_the_line_was_given_up_is_told_that_it_is_lost() -> None:
    async with saying(answer(200, b"{}")) as url:
        async with connected(url, "token") as plane:
            pass
        with pytest.raises(Offline):
            await plane.me()


async def test_who_waits_to_ask_again_when_the_line_is_given_up_is_told_that_it_is_lost() -> None:
    came = asyncio.Event()

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()
        came.set()

    async with listening(hang_up) as port:
        async with connected(f"http://127.0.0.1:{port}", "token") as plane:
            asks = asyncio.create_task(plane.me())
            await came.wait()
        with pytest.raises(Offline):
            await asks


async def test_an_option_from_the_future_is_no_obstacle() -> None:
    run = b"""{"id": "r", "version": 42,
        "plan": {"model": "gentle", "options": {"warnUsers": true}, "webhook": "x"},
        "state": "running", "publisher": "ana", "requestedBy": "ana",
        "requestedAt": "2026-11-22T22:00:00Z", "steps": []}"""
    page = b'{"publications": [' + run + b"]}"
    async with saying(answer(200, page)) as url, connected(url, "token") as plane:
        plan = (await plane.history("erp")).publications[0].plan
        assert (plan.model, plan.options.block_instances) == ("gentle", True)


async def test_an_event_of_a_kind_from_the_future_is_passed_over() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"
    change = b'{"kind": "weather", "environment": "erp", "revision": 8, "body": {"sun": true}}'
    unknown = b"event: greeting\ndata: hi\n\n"
    event = b"id: 7\nevent: change\ndata: " + change + b"\n\n"
    async with saying(head + unknown + event) as url, connected(url, "token") as plane:
        heard: list[Heard | None] = []
        with pytest.raises(Offline):
            await listen(plane, heard)
        assert [it.change.kind for it in heard if it and it.change] == ["weather"]
