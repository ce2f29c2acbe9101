"""Answers Prometheus on a port of its own, which no token guards and nobody else need reach."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from prometheus_client import Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.ext.asyncio import AsyncEngine

from autosky_desktop.domain.publication import STEPS, PublicationState
from autosky_desktop.server.api.uvicorn_server import EmbeddedUvicorn
from autosky_desktop.server.db.errors import StorageError
from autosky_desktop.server.feed.broadcast import Broadcast
from autosky_desktop.server.metrics.meters import Meters
from autosky_desktop.server.metrics.queries import counts

PATH = "/metrics"
STATES = tuple(state for state in PublicationState if state is not PublicationState.UNKNOWN)
LONGEST_SECONDS = 5.0
"""How long a database may take: Prometheus waits for ten."""

log = logging.getLogger(__name__)


class MetricsPage:
    """The one page that Prometheus reads. What is in the database is counted when it does."""

    def __init__(self, meters: Meters, engine: AsyncEngine, broadcast: Broadcast) -> None:
        self._meters = meters
        self._engine = engine
        self._broadcast = broadcast

    async def __call__(self, scope: Scope, _: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        found = scope["path"] == PATH and scope["method"] == "GET"
        if found:
            await self._count()
        body = generate_latest(self._meters.registry) if found else b""
        headers = [
            (b"content-type", CONTENT_TYPE_LATEST.encode()),
            (b"content-length", str(len(body)).encode()),
        ]
        status = 200 if found else 404
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    async def _count(self) -> None:
        """Read what is in the database. While it cannot be read, its numbers are the last ones."""
        meters = self._meters
        positions = self._broadcast.positions()
        meters.readers.set(len(positions))
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                found = await counts(self._engine)
        except (StorageError, TimeoutError) as error:
            log.warning("the metrics are without the database: %r", error)
            meters.storage.set(0)
            return
        meters.storage.set(1)
        meters.behind.set(max(0, found.newest - min(positions, default=found.newest)))
        _set(meters.publications, dict.fromkeys(STATES, 0) | found.publications)
        _set(meters.steps, dict.fromkeys(STEPS, 0) | found.steps)
        _set(meters.owed, found.running)


def _set(gauge: Gauge, numbers: dict[str, int]) -> None:
    """Set the gauge to these numbers, by its only label; what is not among them is gone."""
    gauge.clear()
    for label, number in numbers.items():
        gauge.labels(label).set(number)


class ServedMeters(Meters):
    """The meters with the port on which they are read."""

    def __init__(self, listener: socket.socket) -> None:
        super().__init__()
        self._listener = listener

    @asynccontextmanager
    async def served(self, app: ASGIApp, parts: Mapping[str, Any]) -> AsyncIterator[ASGIApp]:
        """Answer Prometheus within the block. Yields the application, metered."""
        page = MetricsPage(self, parts["engine"], parts["broadcast"])
        with self._listener as listener:
            server = EmbeddedUvicorn(page, listener)
            answering = asyncio.create_task(server.run_until_stopped())
            await server.answers.wait()
            try:
                yield self.around(app)
            finally:
                server.stop()
                await answering
