"""A control plane that speaks the contract, but for what a test makes it say."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.listening import listening
from tests.support.planes import A_PLANE

ERP = "erp"
DB = "DB-ERP-PROD-01"
STREAM = "text/event-stream"

Json = dict[str, Any]
Documents = dict[str, Json]

PATHS = {
    "/v1/me": "me",
    "/v1/environments": "list",
    f"/v1/environments/{ERP}": "snapshot",
    f"/v1/environments/{ERP}/publications": "history",
    f"/v1/environments/{ERP}/publications/preview": "preview",
    f"/v1/environments/{ERP}/activity": "activity",
    f"/v1/environments/{ERP}/sessions": "sessions",
    f"/v1/environments/{ERP}/provider-update": "update",
    "/v1/events": "feed",
}


def moment(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


def _a_run() -> Json:
    names = ("initial-validation", "stop-preparation-server", "image-creation", "model-creation",
             "instance-replacement", "finalization")  # fmt: skip
    steps = [
        {"name": name, "state": "succeeded", "startedAt": moment(hours=3, minutes=-number),
         "endedAt": moment(hours=3, minutes=-number - 1)}
        for number, name in enumerate(names)
    ]  # fmt: skip
    return {
        "id": "run", "version": 41, "plan": {"model": "optimized", "options": {}},
        "state": "succeeded",
        "publisher": "ana", "requestedBy": "ana", "requestedAt": moment(hours=3), "steps": steps,
        "startedAt": moment(hours=3), "endedAt": moment(hours=2.9), "replaces": 40,
    }  # fmt: skip


def usual() -> Documents:
    """Return what a sane control plane says of one environment, by what is asked for."""
    environment: Json = {
        "id": ERP, "name": "ERP Production", "label": "production", "kind": "scaling",
        "provider": "simulated", "timeZone": "America/Sao_Paulo", "runHours": 4, "revision": 1,
        "confirmedAt": moment(), "currentVersion": 41, "sessions": 37, "instances": 1,
        "dailyStop": "19:00",
        "preparation": {"id": "prep", "name": "PREP-ERP-PROD-01", "status": "running",
                        "shutdown": {"at": moment(hours=-2), "reason": "daily"}},
    }  # fmt: skip
    prep: Json = {
        "id": "prep", "name": "PREP-ERP-PROD-01", "role": "preparation", "status": "running",
        "since": moment(hours=1), "publicIp": "203.0.113.24", "privateIp": "10.20.0.11",
        "platformVersion": "12.4.1", "imageStatus": "available", "imageSince": moment(days=1),
        "shutdown": {"at": moment(hours=-2), "reason": "daily", "skipsTo": moment(hours=-26)},
    }  # fmt: skip
    db: Json = {
        "id": "db", "name": DB, "role": "support", "status": "running", "since": moment(hours=1),
        "publicIp": "203.0.113.31", "privateIp": "10.20.0.21", "type": "Database",
    }  # fmt: skip
    entry: Json = {
        "id": "a1", "at": moment(minutes=3), "kind": "restart-server", "outcome": "done",
        "by": "ana", "target": DB,
    }  # fmt: skip
    return {
        "me": {
            "operator": "ana", "controlPlane": "Test", "controlPlaneId": A_PLANE, "version": "1",
        },
        "list": {"environments": [environment], "lastEvent": 1, "readAt": moment()},
        "snapshot": {
            "environment": environment, "servers": [prep, db], "publications": [_a_run()],
            "instances": [{"id": "i", "name": "INST-01", "status": "available", "version": 41,
                           "sessions": 37}],
            "operations": [], "activity": [entry], "lastEvent": 1,
        },
        "history": {"publications": [_a_run()]},
        "preview": {
            "version": 42, "replaces": 41, "instances": 1, "sessionsEnd": 0, "sessionsStay": 37,
            "preparation": "running", "checks": [], "checkedAt": moment(),
        },
        "activity": {"entries": [entry], "people": ["ana"]},
        "sessions": {"sessions": [], "readAt": moment()},
        "update": {"id": "u", "environment": ERP, "kind": "provider-update", "state": "succeeded",
                   "by": "ana", "startedAt": moment(), "endedAt": moment()},
    }  # fmt: skip


def answer(body: bytes, status: int = 200, kind: str = "application/json", more: str = "") -> bytes:
    """Return a whole HTTP answer; `more` are further header lines."""
    head = f"HTTP/1.1 {status} Said\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{more}Connection: close\r\n\r\n".encode() + body


@dataclass
class OddPlane:
    """A control plane that says what it is told. `said` are whole answers, by what is asked for;
    `feed` is what follows when it opens, and when what it `waits` for has come.
    """

    url: str = ""
    said: dict[str, bytes] = field(default_factory=dict)
    feed: bytes = b""
    feed_ends: bool = False
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[str] = field(default_factory=list)
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    def speak(self, change: Callable[[Documents], object] | None = None, **said: bytes) -> None:
        """Say the usual from now on, changed so, with these answers in the place of documents."""
        documents = usual()
        if change:
            change(documents)
        self.said = {name: answer(json.dumps(it).encode()) for name, it in documents.items()}
        self.said |= said
        self.feed, self.feed_ends = b"", False
        self.waits.set()
        self.asked.clear()

    def hang_up(self) -> None:
        for writer in tuple(self._open):
            writer.transport.abort()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ")[1].decode().split("?")[0]
            name = PATHS.get(path, "")
            self.asked.append(name or path)
            if name == "feed" and "feed" not in self.said:
                kind = f"Content-Type: {STREAM}\r\nConnection: close"
                writer.write(f"HTTP/1.1 200 OK\r\n{kind}\r\n\r\n: connected\n\n".encode())
                await self.waits.wait()
                writer.write(self.feed)
                await writer.drain()
                if not self.feed_ends:
                    await reader.read()
            else:
                writer.write(self.said.get(name, answer(b"{}", 404)))
                await writer.drain()
        self._open.discard(writer)
        writer.close()


@asynccontextmanager
async def odd_plane() -> AsyncIterator[OddPlane]:
    """Yield one that is in its right mind until it is told to `speak` otherwise."""
    plane = OddPlane()
    plane.speak()
    async with listening(plane.serve) as port:
        plane.url = f"http://127.0.0.1:{port}"
        yield plane
