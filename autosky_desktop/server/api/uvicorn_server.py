"""Runs uvicorn inside a process and an event loop that belong to somebody else."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, cast

import uvicorn
from litestar.types import ASGIApp

from autosky_desktop.server.api.connection_limits import LimitedConnection
from autosky_desktop.server.api.sockets import BACKLOG, left_for_callers
from autosky_desktop.server.api.tls_arrival import TlsArrival
from autosky_desktop.server.process.certificate import Certificate

GRACE_SECONDS = 1
AT_A_TIME = 16
"""So many connections are taken in one turn of the loop: some turns pass before one can be closed,
and asyncio tells of each that it could not take.
"""
TURNS_TO_TAKE_ONE = 2
OUT_OF_FILES = "socket.accept() out of system resource"
TOLD_EVERY_SECONDS = 60.0

log = logging.getLogger(__name__)


class EmbeddedUvicorn(uvicorn.Server):
    """A uvicorn server that takes no signals, tells when it is ready, and never polls. With a
    certificate it speaks TLS alone.
    """

    def __init__(
        self, app: ASGIApp, listener: socket.socket, certificate: Certificate | None = None
    ) -> None:
        most = left_for_callers()
        arrival = (
            partial(TlsArrival, certificate=certificate, most=most)
            if certificate
            else partial(LimitedConnection, most=most)
        )
        config = uvicorn.Config(
            app,
            http=cast(type[asyncio.Protocol], arrival),
            backlog=AT_A_TIME,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        super().__init__(config)
        self._listener = listener
        self._stopping = asyncio.Event()
        self.answers = asyncio.Event()
        self._told_at = -TOLD_EVERY_SECONDS

    async def run_until_stopped(self) -> None:
        await self.serve([self._listener])

    def stop(self) -> None:
        self.should_exit = True
        self._stopping.set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().set_exception_handler(self._on_loop_error)
        await super().startup(sockets)
        self._listener.listen(BACKLOG)  # uvicorn has made it as short as a turn
        self.answers.set()

    async def main_loop(self) -> None:
        """Run until `stop` is called. A connection that is being accepted just then is accepted
        first: asyncio (Python 3.11) fails in the middle of it when the listener is closed, and
        leaves the connection open.
        """
        await self._stopping.wait()
        with suppress(NotImplementedError):  # Windows' loop takes them another way
            asyncio.get_running_loop().remove_reader(self._listener)
        for _ in range(TURNS_TO_TAKE_ONE):
            await asyncio.sleep(0)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what uvicorn leaves open: connections that came this very turn or do not read."""
        await super().shutdown(sockets)
        for caller in cast(set[LimitedConnection], set(self.server_state.connections)):
            caller.hang_up()
        await asyncio.sleep(0)  # they are closed in the next turn

    def _on_loop_error(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log seldom that no files are left: asyncio would drive all older lines out of the log."""
        if context["message"] != OUT_OF_FILES:
            loop.default_exception_handler(context)
        elif loop.time() - self._told_at >= TOLD_EVERY_SECONDS:
            self._told_at = loop.time()
            log.warning("nobody new can call: %s", context.get("exception"))

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
