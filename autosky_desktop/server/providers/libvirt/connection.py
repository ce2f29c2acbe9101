"""The connection to one libvirt. Its calls wait, so each is made in a thread of this connection's
own: one libvirt that hangs holds up nobody else's.
"""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import libvirt

from autosky_desktop.server.providers.libvirt.errors import meaning

THREADS = 4
"""Calls that are made at once; a copy of a disk takes one of them for minutes."""
ALIVE = (5, 3)
"""Seconds between two signs of life, and how many may be missing."""

T = TypeVar("T")
Told = Callable[[str, str, int], None]
"""Called with what happened (`lifecycle`, `reboot`, `agent`, `metadata`), the id of the machine and
a number of libvirt's.
"""


class LibvirtConnection:
    """A connection that is made when it is needed, and again when it broke. `told` is called in the
    loop that asked first.
    """

    def __init__(self, uri: str, told: Told) -> None:
        self.uri = uri
        self._told = told
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="libvirt")
        self._opening = threading.Lock()
        self._open: Any = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def ask(self, call: Callable[[Any], T]) -> T:
        """Return what the call returns; it is given the connection, and made in a thread."""
        self._loop = asyncio.get_running_loop()
        return await self._loop.run_in_executor(self._threads, self._ask, call)

    async def close(self) -> None:
        """Let go of it; what is being asked ends by itself."""
        self._loop = None
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._open is not None:
            with suppress(libvirt.libvirtError):
                await asyncio.to_thread(self._open.close)

    def _ask(self, call: Callable[[Any], T]) -> T:
        try:
            return call(self._connected())
        except libvirt.libvirtError as error:
            raise meaning(error) from error

    def _connected(self) -> Any:
        with self._opening:
            if self._open is None or not self._open.isAlive():
                _listen_for_events()
                self._open = libvirt.open(self.uri)
                with suppress(libvirt.libvirtError):  # not every driver has signs of life
                    self._open.setKeepAlive(*ALIVE)
                self._follow(self._open)
            return self._open

    def _follow(self, connection: Any) -> None:
        """Have every machine's changes told, those of machines yet to come as well."""
        for what, number in (
            ("lifecycle", libvirt.VIR_DOMAIN_EVENT_ID_LIFECYCLE),
            ("reboot", libvirt.VIR_DOMAIN_EVENT_ID_REBOOT),
            ("agent", libvirt.VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE),
            ("metadata", libvirt.VIR_DOMAIN_EVENT_ID_METADATA_CHANGE),
        ):
            connection.domainEventRegisterAny(None, number, partial(self._heard, what), None)

    def _heard(self, what: str, _connection: Any, machine: Any, *rest: Any) -> None:
        """Hand an event on to the loop. It comes in the thread that listens."""
        loop = self._loop
        detail = rest[0] if rest and isinstance(rest[0], int) else 0
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._told, what, machine.UUIDString(), detail)


_listening = threading.Lock()
_listener: threading.Thread | None = None


def _listen_for_events() -> None:
    """Run libvirt's own loop, once in this process and before the first connection is made."""
    global _listener
    with _listening:
        if _listener is None:
            libvirt.registerErrorHandler(lambda _context, _error: None, None)  # it would print them
            libvirt.virEventRegisterDefaultImpl()
            _listener = threading.Thread(target=_run_events, name="libvirt-events", daemon=True)
            _listener.start()


def _run_events() -> None:
    while True:
        libvirt.virEventRunDefaultImpl()
