"""A server of a test's own, of which nothing is left open when the test is over."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

TURNS = 3
"""Of the loop: who is being taken has been taken then, and who was hung up on has gone."""


@asynccontextmanager
async def listening(serve: Serve) -> AsyncIterator[int]:
    """Yield the port of one that serves until the block ends. Then nobody is taken any more, and
    who is there is hung up on: connections of a server of asyncio's would live on, to be found by
    the garbage collector in the middle of another test.
    """
    there: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def begin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        there[task] = writer
        with suppress(asyncio.CancelledError):  # asyncio's streams would tell of it as a fault
            await serve(reader, writer)

    server = await asyncio.start_server(begin, "127.0.0.1", 0)
    (place,) = server.sockets
    try:
        yield place.getsockname()[1]
    finally:
        asyncio.get_running_loop().remove_reader(place.fileno())
        await _turns()
        server.close()
        for task, writer in there.items():
            task.cancel()
            writer.transport.abort()
        await asyncio.gather(*there, return_exceptions=True)
        await _turns()


async def _turns() -> None:
    for _ in range(TURNS):
        await asyncio.sleep(0)
