"""A server that says exactly the bytes it is given: for answers no control plane would give."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager, suppress

from tests.support.listening import listening


def answer(status: int, body: bytes, kind: str = "application/json") -> bytes:
    """Return a whole HTTP answer."""
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body


@asynccontextmanager
async def saying(*answers: bytes | None, heard: list[bytes] | None = None) -> AsyncIterator[str]:
    """Yield the url of a server whose n-th connection gets the n-th answer, the last one for ever.

    An empty answer breaks the connection, None leaves it without one. What is asked is `heard`.
    """
    left = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said = left.pop(0) if len(left) > 1 else left[0]
        if said == b"":
            writer.transport.abort()
            return
        with closing(writer), suppress(OSError, asyncio.IncompleteReadError):
            asked = await reader.readuntil(b"\r\n\r\n")
            if heard is not None:
                heard.append(asked)
            if said is None:
                await reader.read()  # until the other end gives up
                return
            writer.write(said)
            await writer.drain()

    async with listening(serve) as port:
        yield f"http://127.0.0.1:{port}"


@contextmanager
def greeting(said: bytes, *, closes: bool) -> Iterator[int]:
    """Yield the port of a server that greets everyone, hears a little, and closes or stays."""
    kept = []

    def serve() -> None:
        with suppress(OSError):  # it is over
            while True:
                caller, _ = place.accept()
                with suppress(OSError):
                    caller.sendall(said)
                    caller.recv(8 if closes else 0)
                kept.append(caller)
                if closes:
                    kept.pop().close()

    with socket.create_server(("127.0.0.1", 0)) as place:
        threading.Thread(target=serve, daemon=True).start()
        try:
            yield place.getsockname()[1]
        finally:
            place.shutdown(socket.SHUT_RDWR)
            for caller in kept:
                caller.close()
