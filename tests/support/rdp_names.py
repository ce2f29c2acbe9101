"""A proxy before RDP servers, which knows them by the name that is asked for."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from autosky_desktop.system.connect import certificate
from tests.support import rdp

CONFIRMED = bytes([3, 0, 0, 19, 14, 0xD0, 0, 0, 0, 0, 0, 2, 0, 8, 0, 2, 0, 0, 0])


class Proxy:
    """A proxy with a certificate for its name, whose `fingerprint` is known, and another one;
    `asked` are the names that it was asked for.
    """

    def __init__(self, folder: Path, name: str, *, negotiates: bool) -> None:
        self.asked: list[str | None] = []
        self._name, self._negotiates = name, negotiates
        self._usual, self._named = (_context(folder, it) for it in ("anybody", name))
        self._usual.sni_callback = self._choose
        shown = ssl.PEM_cert_to_DER_cert((folder / f"{name}.pem").read_text())
        self.fingerprint = certificate.printed(shown)

    def _choose(self, line: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        self.asked.append(name)
        if name == self._name:
            line.context = self._named

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                caller, _ = listening.accept()
            except OSError:  # it is over
                return
            with caller, suppress(OSError):
                if self._negotiates:
                    caller.recv(512)
                    caller.sendall(CONFIRMED)
                with self._usual.wrap_socket(caller, server_side=True) as line:
                    line.recv(512)


@contextmanager
def proxy(folder: Path, name: str, *, negotiates: bool = True) -> Iterator[tuple[int, Proxy]]:
    """Yield its port, and it. `negotiates`: as RDP does; a gateway speaks TLS at once."""
    it = Proxy(folder, name, negotiates=negotiates)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=it.serve, args=(listening,), daemon=True).start()
        yield listening.getsockname()[1], it
        listening.shutdown(socket.SHUT_RDWR)


def _context(folder: Path, name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*rdp.certificate(folder, name))
    return context
