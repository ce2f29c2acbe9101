"""A wire between the desktop and a control plane that can be cut and mended, and can lie.

It reads requests only as far as to tell one from the next; answers are bytes to it.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.support.listening import listening

FOR_EVER = 1_000_000


@dataclass(frozen=True)
class Fault:
    """A fault in one request. With nothing set, nothing goes wrong.

    `wait`: seconds before it goes on. `say`: answered so, and not passed on. `silent`: passed on,
    and the answer held back for ever. `after`: so many bytes of the answer, then the line breaks;
    0 loses the whole answer to something that was done.
    """

    wait: float = 0.0
    say: bytes | None = None
    silent: bool = False
    after: int | None = None


FINE = Fault()
SILENT = Fault(silent=True)
LOST = Fault(after=0)


def said(status: int, body: bytes = b"", **headers: object) -> Fault:
    """Return an answer that the control plane never gave; `retry_after=2` is a header."""
    named = {"Content-Type": "application/problem+json", "Content-Length": len(body)}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return Fault(say=f"HTTP/1.1 {status} Said\r\n{lines}\r\n".encode() + body)


@dataclass
class _Armed:
    wanted: str
    fault: Fault
    left: int


@dataclass
class _Line:
    """A connection: both ends, and what is asked on it at the moment."""

    here: asyncio.StreamWriter
    there: asyncio.StreamWriter
    request: str = ""
    fault: Fault = FINE
    told: int = 0

    def cut(self) -> None:
        self.here.transport.abort()
        self.there.transport.abort()


@dataclass(frozen=True)
class Asked:
    """A request that came: its method and path, its key, and when (by the loop's clock)."""

    request: str
    key: str
    at: float


@dataclass
class Wire:
    """A wire that passes bytes on to `target` while it is whole, and does the wrong it is told."""

    target: str
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _lines: list[_Line] = field(default_factory=list)
    _armed: list[_Armed] = field(default_factory=list)
    _whole: bool = True

    def cut(self) -> None:
        """Break every connection, and let none come about."""
        self._whole = False
        self._cut(self._lines)

    def mend(self) -> None:
        """Mend the wire: from now on nothing is wrong; answers that were held back are lost."""
        self._whole = True
        self._armed.clear()
        self._cut([line for line in self._lines if line.fault.silent])

    def wrong(self, wanted: str, fault: Fault, times: int = FOR_EVER) -> None:
        """Have this go wrong with the next requests that have `wanted` in their first line."""
        self._armed.append(_Armed(wanted, fault, times))

    def hush(self, wanted: str) -> None:
        """Hold back what is still to come of answers that are being given, as of the feed."""
        for line in self._lines:
            if wanted in line.request:
                line.fault = SILENT

    def came(self, wanted: str) -> list[Asked]:
        return [it for it in self.asked if wanted in it.request]

    async def serve(self, reader: asyncio.StreamReader, here: asyncio.StreamWriter) -> None:
        if not self._whole:
            here.transport.abort()
            return
        where = urlsplit(self.target)
        answers, there = await asyncio.open_connection(where.hostname, where.port)
        line = _Line(here, there)
        self._lines.append(line)
        try:
            await asyncio.gather(self._ask(reader, line), _answer(answers, line))
        finally:
            self._lines.remove(line)

    async def _ask(self, reader: asyncio.StreamReader, line: _Line) -> None:
        """Pass requests on, one after the other."""
        try:
            while request := await _request(reader):
                line.request, line.told = request.split(b" HTTP/", 1)[0].decode(), 0
                self._note(line.request, request)
                line.fault = self._fault(line.request)
                await asyncio.sleep(line.fault.wait)
                if line.fault.say is None:
                    line.there.write(request)
                else:
                    line.here.write(line.fault.say)
        except OSError:
            pass
        finally:
            line.there.close()

    def _note(self, request: str, whole: bytes) -> None:
        key = re.search(rb"\r\nidempotency-key: ([^\r]*)", whole, re.IGNORECASE)
        now = asyncio.get_running_loop().time()
        self.asked.append(Asked(request, key[1].decode() if key else "", now))

    def _fault(self, request: str) -> Fault:
        for armed in self._armed:
            if armed.wanted in request and armed.left:
                armed.left -= 1
                return armed.fault
        return FINE

    def _cut(self, lines: list[_Line]) -> None:
        for line in list(lines):
            line.cut()


async def _request(reader: asyncio.StreamReader) -> bytes:
    """Return the next request, whole; nothing when there is none."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        return head + (await reader.readexactly(int(length[1])) if length else b"")
    except asyncio.IncompleteReadError:
        return b""


async def _answer(answers: asyncio.StreamReader, line: _Line) -> None:
    """Give the answers back, as far as the fault of the moment lets them."""
    try:
        while data := await answers.read(65536):
            if line.fault.silent:
                continue
            if line.fault.after is not None:
                line.here.write(data[: line.fault.after - line.told])
                if line.told + len(data) >= line.fault.after:
                    await line.here.drain()
                    break
            else:
                line.here.write(data)
            line.told += len(data)
            await line.here.drain()
    except OSError:
        pass
    finally:
        line.here.close()


@asynccontextmanager
async def wire_to(target: str) -> AsyncIterator[Wire]:
    """Yield a wire to the control plane at `target`; `wire.url` is this end of it."""
    wire = Wire(target)
    async with listening(wire.serve) as port:
        wire.url = f"http://127.0.0.1:{port}"
        try:
            yield wire
        finally:
            wire.cut()
