"""Who is still connected when the control plane ends is hung up on, and nothing is left open."""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from contextlib import closing
from typing import Any

import pytest
from litestar.types import Receive, Scope, Send

from autosky_desktop.server.api.sockets import bind
from autosky_desktop.server.api.uvicorn_server import EmbeddedUvicorn

MORE_THAN_FITS = 64_000_000
"""Bytes: more than the two ends of a connection keep for one that does not read."""
LONGEST = 30.0
"""Seconds, for what comes at once on a machine with nothing else to do."""


ASKED = asyncio.Event()


async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
    ASKED.set()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": bytes(MORE_THAN_FITS), "more_body": False})


def ends_with(caller: Callable[[int], Coroutine[Any, Any, socket.socket]]) -> bytes:
    """Listen until `caller`, who is given the port, has come; returns what he reads at the end."""

    async def main() -> socket.socket:
        with bind("127.0.0.1", 0) as listener:
            listening = EmbeddedUvicorn(endless, listener)
            running = asyncio.create_task(listening.run_until_stopped())
            await listening.answers.wait()
            came = await caller(listener.getsockname()[1])
            listening.stop()
            await running
            assert not listening.server_state.connections
            return came

    # a transport that is left open would fail this test, as a warning of asyncio's
    with closing(asyncio.run(main())) as came:
        came.settimeout(LONGEST)
        try:
            return came.recv(100)
        except ConnectionResetError:
            return b""


@pytest.mark.parametrize("turns", range(6))
def test_who_comes_in_the_turn_it_ends_is_hung_up_on(turns: int) -> None:
    async def come(port: int) -> socket.socket:
        came = socket.create_connection(("127.0.0.1", port))
        for _ in range(turns):
            await asyncio.sleep(0)
        return came

    assert ends_with(come) == b""


def test_who_does_not_read_is_hung_up_on() -> None:
    async def ask(port: int) -> socket.socket:
        asks = socket.create_connection(("127.0.0.1", port))
        asks.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        async with asyncio.timeout(LONGEST):
            await ASKED.wait()
        return asks

    assert ends_with(ask).startswith(b"HTTP/1.1 200")
