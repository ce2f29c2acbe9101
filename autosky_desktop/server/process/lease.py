"""Lets a second desktop find the control plane that already runs on the folder.

The first control plane listens on a socket in the folder, which only the same user can reach.
Whoever connects says so, is told address and token, and holds a lease by staying connected.
"""

import hashlib
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from sys import platform

GREETING = b"autosky"
GREETING_SECONDS = 5.0
ANSWER_SECONDS = 10.0
PAUSE_SECONDS = 0.1
RUNTIME = "runtime"


def address(folder: Path) -> str:
    """Return the socket's address relative to `folder`, which is the working directory of both
    processes: the whole path may be longer than such an address can be.
    """
    if platform == "win32":
        return rf"\\.\pipe\autosky-{hashlib.sha256(str(folder).encode()).hexdigest()[:32]}"
    return f"{RUNTIME}/control-plane.sock"


class Leases:
    """Answers other desktops in threads of its own; `changed` is called from those."""

    def __init__(self, where: str, message: bytes, changed: Callable[[], None]) -> None:
        self._message = message
        self._changed = changed
        self._held: set[Connection] = set()
        if platform != "win32":
            Path(where).unlink(missing_ok=True)  # of one that was killed: the lock is ours
        self._listener = Listener(where, backlog=16)
        threading.Thread(target=self._accept, name="leases", daemon=True).start()

    @property
    def any(self) -> bool:
        return bool(self._held)

    def _accept(self) -> None:
        while True:
            try:
                connection = self._listener.accept()
            except OSError:  # it left before it was answered, or no more files may be open
                time.sleep(PAUSE_SECONDS)
                continue
            threading.Thread(target=self._hold, args=(connection,), daemon=True).start()

    def _hold(self, connection: Connection) -> None:
        try:
            # On Windows anybody may read from the pipe, but only the same user may write.
            if not connection.poll(GREETING_SECONDS) or connection.recv_bytes() != GREETING:
                return
            self._held.add(connection)
            connection.send_bytes(self._message)
            connection.recv_bytes()
        except (EOFError, OSError):
            pass
        finally:
            self._held.discard(connection)
            connection.close()
            self._changed()


def lease(where: str) -> tuple[bytes, Connection]:
    """Return the message of the control plane at `where` and a lease. Raises OSError, EOFError."""
    connection = Client(where)
    connection.send_bytes(GREETING)
    if not connection.poll(ANSWER_SECONDS):
        connection.close()
        raise TimeoutError(f"{where} does not answer")
    return connection.recv_bytes(), connection
