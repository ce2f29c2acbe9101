"""The listener on Windows: a named pipe, which is its own lock. Only one process can begin a pipe
of a name, and Windows takes it away with the process.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path

import msgspec

from autosky_desktop.system.instance_listener import (
    LONGEST,
    PATIENCE,
    InstanceListener,
    SecondStart,
    Unanswered,
)

log = logging.getLogger(__name__)

PAUSE_SECONDS = 0.1
_HEARD = b"heard"


class PipeListener(InstanceListener):
    """Listens at a named pipe, in a thread from the start; what was said before `open` is handed
    over then.
    """

    def __init__(self, listener: Listener) -> None:
        super().__init__(Path())
        self._listener = listener
        self._tell: Callable[[SecondStart], object] | None = None
        self._waiting: list[SecondStart] = []
        self._turn = threading.Lock()
        self._closed = False
        threading.Thread(target=self._accept, name="second start", daemon=True).start()

    async def open(self, started_again: Callable[[SecondStart], None]) -> None:
        loop = asyncio.get_running_loop()
        with self._turn:
            self._tell = lambda second: loop.call_soon_threadsafe(started_again, second)
            waiting, self._waiting = self._waiting, []
        for second in waiting:
            started_again(second)

    def close(self) -> None:
        self._closed = True
        self._listener.close()

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection = self._listener.accept()
            except OSError:  # it left before it was heard, or this is the end
                time.sleep(PAUSE_SECONDS)
                continue
            threading.Thread(target=self._listen_to, args=(connection,), daemon=True).start()

    def _listen_to(self, connection: Connection) -> None:
        with connection:
            try:
                if connection.poll(PATIENCE):
                    message = connection.recv_bytes(LONGEST)
                    self._hand_over(msgspec.json.decode(message, type=SecondStart))
                    connection.send_bytes(_HEARD)
            except (EOFError, OSError, ValueError) as cause:
                log.info("A second start said nothing sensible: %s", cause)

    def _hand_over(self, second: SecondStart) -> None:
        with self._turn:
            if self._tell is None:
                self._waiting.append(second)
            else:
                self._tell(second)


def claim(address: str, second: SecondStart) -> InstanceListener | None:
    """Claim the pipe of this name, as `instance.claim` does. Raises Unanswered."""
    try:
        return PipeListener(Listener(address))
    except OSError:
        _tell_first(address, second)
        return None


def _tell_first(address: str, second: SecondStart) -> None:
    try:
        with Client(address) as calling:
            calling.send_bytes(msgspec.json.encode(second))
            if calling.poll(PATIENCE) and calling.recv_bytes(LONGEST) == _HEARD:
                return
    except (EOFError, OSError, ValueError) as cause:
        raise Unanswered from cause
    raise Unanswered
