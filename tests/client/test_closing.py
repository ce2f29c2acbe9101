"""Closing the client while requests are under way."""

import asyncio

import pytest

from autosky_desktop.client.control_plane import connected
from autosky_desktop.domain.environment import Me
from autosky_desktop.domain.errors import Offline
from tests.client.test_answers import ME
from tests.support.listening import listening
from tests.support.raw_server import answer, saying

pytestmark = pytest.mark.anyio

PATIENCE = 5.0
TURNS = range(40)
"""Of the loop. A request has its answer after fewer than twenty, on a machine that is quiet."""
LAST = answer(200, ME)
KEPT = LAST.replace(b"Connection: close\r\n", b"")


class Answering:
    """Answers each request with who we are, and counts the connections that are open. The first one
    ends with its answer.
    """

    def __init__(self) -> None:
        self.taken = 0
        self.open = 0
        self._changed = asyncio.Condition()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.taken += 1
        self.open += 1
        said = LAST if self.taken == 1 else KEPT
        try:
            while await reader.read(65536):
                writer.write(said)
        except ConnectionError:
            pass  # it was hung up on before the answer was read
        finally:
            self.open -= 1
            async with self._changed:
                self._changed.notify_all()

    async def left_alone(self) -> None:
        """Wait until no connection is open."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: self.open == 0)


@pytest.mark.parametrize("turns", TURNS)
async def test_a_request_under_way_ends_with_the_client_and_leaves_no_connection(
    turns: int,
) -> None:
    answering = Answering()
    async with listening(answering.serve) as port:
        async with connected(f"http://127.0.0.1:{port}", "token") as plane:
            await plane.me()
            request = asyncio.ensure_future(plane.me())
            for _ in range(turns):
                await asyncio.sleep(0)
        [said] = await asyncio.gather(request, return_exceptions=True)
        assert isinstance(said, Me | Offline)
        await answering.left_alone()


async def test_a_request_that_nobody_answers_does_not_keep_the_client_open() -> None:
    async with saying(None) as url, asyncio.timeout(PATIENCE):
        async with connected(url, "token") as plane:
            request = asyncio.ensure_future(plane.me())
            for _ in TURNS:
                await asyncio.sleep(0)
        with pytest.raises(Offline):
            await request


async def test_after_the_client_was_closed_nothing_is_asked() -> None:
    answering = Answering()
    async with listening(answering.serve) as port:
        async with connected(f"http://127.0.0.1:{port}", "token") as plane:
            await plane.me()
        with pytest.raises(Offline):
            await plane.me()
        await answering.left_alone()
    assert answering.taken == 1
