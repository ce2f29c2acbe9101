"""A connection that is to be secured by TLS, until it is.

The event loop itself would make the connection only then, and whoever opens a thousand and says
nothing would be in nobody's count.
"""

import asyncio
from typing import Any

from autosky_desktop.server.api import connection_limits
from autosky_desktop.server.api.connection_limits import LimitedConnection
from autosky_desktop.server.process.certificate import Certificate


class TlsArrival(asyncio.Protocol):
    """Does the handshake within the time for a head, and then hands over to the connection."""

    def __init__(self, *args: Any, certificate: Certificate, **more: Any) -> None:
        self._certificate = certificate
        self._connection = LimitedConnection(*args, **more)
        self._early: list[bytes] = []

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.pause_reading()  # what comes now is for the handshake
        self._connection.arrive(transport)
        tasks = self._connection.tasks
        shaking = self._connection.loop.create_task(self._shake_hands(transport))
        tasks.add(shaking)
        shaking.add_done_callback(tasks.discard)

    def data_received(self, data: bytes) -> None:
        """Keep what came right behind the handshake."""
        self._early.append(data)

    def connection_lost(self, _: Exception | None) -> None:
        self._connection.hang_up()

    async def _shake_hands(self, transport: asyncio.Transport) -> None:
        try:
            secured = await self._connection.loop.start_tls(
                transport,
                self,
                self._certificate.context(),
                server_side=True,
                ssl_handshake_timeout=connection_limits.HEAD_SECONDS,
            )
        except OSError:  # of strangers who speak otherwise there is nothing to be logged
            secured = None
        if secured is None or secured.is_closing():
            self._connection.hang_up()
            return
        secured.set_protocol(self._connection)
        self._connection.connection_made(secured)
        for data in self._early:
            self._connection.data_received(data)
