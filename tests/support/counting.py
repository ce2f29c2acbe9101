"""A line to a server of this computer that counts the connections on it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.support.listening import listening

SECONDS = 10.0


class Line:
    """A counting line whose own end is at `port`."""

    port = 0
    connections = 0

    def __init__(self, there: int) -> None:
        self._there = there
        self._serving: set[asyncio.Task[None]] = set()

    async def over(self) -> None:
        """Wait until both ends of every connection have gone."""
        if self._serving:
            await asyncio.wait(self._serving, timeout=SECONDS)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.current_task()
        assert task
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        try:
            on, back = await asyncio.open_connection("127.0.0.1", self._there)
            await asyncio.gather(_copy(reader, back), _copy(on, writer))
        except OSError:
            return  # nobody answers there
        finally:
            writer.close()


@asynccontextmanager
async def counting(there: int) -> AsyncIterator[Line]:
    line = Line(there)
    async with listening(line.serve) as line.port:
        yield line
        await line.over()


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):  # one end has gone
        while said := await reader.read(65536):
            writer.write(said)
            await writer.drain()
    writer.close()
